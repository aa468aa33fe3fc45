"""Names and PINs: hashing, slowing down and blocking wrong tries, sessions, API tokens.

A PIN is short, so tries are counted for each name and each address they come from: three are
free, then the wait doubles up to an hour, and after ten in a row only a trainer opens the name
again (CNIL 2022 recommendation; NIST SP 800-63B-4 section 5.2.2). Counts are kept on disk: a
restart forgives nothing. A session or token is 256 random bits; only its SHA-256 is stored.
"""

import asyncio
import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlite_utils import Database as Tables

from fablab_hub.core import journal
from fablab_hub.core.clock import Clock, read_utc, utc_text
from fablab_hub.core.db import Database, Row
from fablab_hub.core.errors import SignInError
from fablab_hub.core.ids import PersonId, new_id
from fablab_hub.core.people import Person, read_person
from fablab_hub.core.settings import SignInSettings

_FIRST_WAIT_S = 30.0
_LONGEST_WAIT_S = 3600.0
_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash("nobody")
"""Checked for an unknown name, so that the answer takes as long as for a known one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody who is signed in.

    Attributes:
        person: who.
        form_key: must come back with each form, so that another site cannot send one.
    """

    person: Person
    form_key: str


def hash_pin(pin: str, digits: int) -> str:
    """Turn a new PIN into what may be stored (Argon2id).

    Raises:
        SignInError: the PIN is not that many digits, or is among the first anybody tries.
    """
    is_run = pin in "01234567890123456789" or pin in "98765432109876543210"
    if not re.fullmatch(rf"[0-9]{{{digits}}}", pin) or len(set(pin)) < 3 or is_run:
        raise SignInError("signin.weak-pin", digits=digits)
    return _HASHER.hash(pin)


def wait_after(failures: int, free_tries: int) -> float:
    """Give how many seconds must pass after that many wrong PINs in a row."""
    if failures < free_tries:
        return 0.0
    return float(min(_FIRST_WAIT_S * 2 ** (failures - free_tries), _LONGEST_WAIT_S))


class SignIn:
    """The door: checks PINs, opens and ends sessions."""

    def __init__(self, database: Database, settings: SignInSettings, clock: Clock) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock

    async def prove(self, person_id: str, pin: str, address: str) -> Person:
        """Make sure that it is really this person; used to sign in and at a machine.

        Args:
            person_id: who they say they are.
            pin: what they typed.
            address: where from; counted apart from the name.

        Raises:
            SignInError: wrong (`signin.wrong`), too early (`signin.wait`) or `signin.blocked`.
        """
        subjects = (f"person:{person_id}", f"address:{address}")
        # A try is counted before it is judged: guesses sent side by side cannot slip through.
        await self._database.write(lambda tables: self._count(tables, subjects))
        row = self._database.read_one(
            "SELECT pin_hash FROM people WHERE id = ? AND is_active = 1", (person_id,)
        )
        pin_hash = row["pin_hash"] if row else _NOBODY
        if not await asyncio.to_thread(_matches, pin_hash, pin) or row is None:
            raise SignInError("signin.wrong")
        await self._database.write(_forget(subjects))
        return read_person(self._database, person_id)

    async def open_session(self, person: Person) -> str:
        """Sign somebody in; gives the secret for their cookie."""
        token, now = secrets.token_urlsafe(32), self._clock.now()
        ends = now + timedelta(hours=self._settings.session_hours)

        def act(tables: Tables) -> None:
            tables.conn.execute("DELETE FROM sessions WHERE expires_at < ?", (utc_text(now),))
            tables.conn.execute(
                "INSERT INTO sessions (token_hash, person_id, form_key, created_at, expires_at)"
                " VALUES (?, ?, ?, ?, ?)",
                (_digest(token), person.id, secrets.token_urlsafe(18), utc_text(now),
                 utc_text(ends)),
            )  # fmt: skip
            who = journal.person(person.id)
            journal.append(tables, now, who, "session.open", who, {})

        await self._database.write(act)
        return token

    def session(self, token: str) -> Session | None:
        """Give the session of a cookie; None when there is none, or it has ended."""
        row = self._database.read_one(
            "SELECT person_id, form_key FROM sessions JOIN people ON people.id = person_id"
            " WHERE token_hash = ? AND expires_at > ? AND is_active = 1",
            (_digest(token), utc_text(self._clock.now())),
        )
        return _session(self._database, row) if row else None

    async def close_session(self, token: str) -> None:
        """Sign out."""
        digest = _digest(token)
        await self._database.write(
            lambda tables: tables.conn.execute(
                "DELETE FROM sessions WHERE token_hash = ?", (digest,)
            )
        )

    async def make_token(self, person: Person, name: str) -> str:
        """Make an API token for somebody; it is shown once and never again."""
        token, now = "fab_" + secrets.token_urlsafe(32), self._clock.now()

        def act(tables: Tables) -> None:
            id_ = new_id(now)
            tables.conn.execute(
                "INSERT INTO api_tokens (id, person_id, name, token_hash, created_at)"
                " VALUES (?, ?, ?, ?, ?)",
                (id_, person.id, name, _digest(token), utc_text(now)),
            )
            who = journal.person(person.id)
            journal.append(tables, now, who, "token.make", who, {"token": id_})

        await self._database.write(act)
        return token

    def token_person(self, token: str) -> Person | None:
        """Give whose API token this is; None when it is nobody's, or was revoked."""
        row = self._database.read_one(
            "SELECT person_id FROM api_tokens WHERE token_hash = ? AND revoked_at IS NULL",
            (_digest(token),),
        )
        return read_person(self._database, row["person_id"]) if row else None

    async def unblock(self, person_id: PersonId, by: Person, reason: str) -> None:
        """Open a name again after too many wrong PINs; a trainer does it, in person."""
        now = self._clock.now()

        def act(tables: Tables) -> None:
            _forget((f"person:{person_id}",))(tables)
            journal.append(
                tables, now, journal.person(by.id), "person.unblock",
                journal.person(person_id), {"reason": reason},
            )  # fmt: skip

        await self._database.write(act)

    def blocked_people(self) -> frozenset[str]:
        """Give the ids of the people whom a trainer must let in again."""
        rows = self._database.read(
            "SELECT subject FROM signin_guards WHERE is_blocked = 1 AND subject LIKE 'person:%'"
        )
        return frozenset(row["subject"].removeprefix("person:") for row in rows)

    def _count(self, tables: Tables, subjects: tuple[str, ...]) -> None:
        """Count one more try for each subject, or refuse it.

        Raises:
            SignInError: too early, or blocked; nothing is counted then.
        """
        now = self._clock.now()
        for subject in subjects:
            self._refuse_early(tables, subject, now)
            tables.conn.execute(
                "INSERT INTO signin_guards (subject, failures, last_at) VALUES (?, 1, ?)"
                " ON CONFLICT (subject) DO UPDATE SET failures = failures + 1,"
                " last_at = excluded.last_at",
                (subject, utc_text(now)),
            )
        tables.conn.execute(
            "UPDATE signin_guards SET is_blocked = 1"
            " WHERE failures >= ? AND subject LIKE 'person:%'",
            (self._settings.block_after,),
        )

    def _refuse_early(self, tables: Tables, subject: str, now: datetime) -> None:
        guard = next(tables.query("SELECT * FROM signin_guards WHERE subject = ?", [subject]), None)
        if guard is None:
            return
        if guard["is_blocked"]:
            raise SignInError("signin.blocked")
        wait_s = wait_after(guard["failures"], self._free_tries(subject))
        until = read_utc(guard["last_at"]) + timedelta(seconds=wait_s)
        if now < until:
            raise SignInError("signin.wait", wait_s=int((until - now).total_seconds()) + 1)

    def _free_tries(self, subject: str) -> int:
        """A shared computer is many people: its address gets ten times a name's patience."""
        return self._settings.free_tries * (10 if subject.startswith("address:") else 1)


def _forget(subjects: tuple[str, ...]) -> Callable[[Tables], None]:
    def act(tables: Tables) -> None:
        for subject in subjects:
            tables.conn.execute("DELETE FROM signin_guards WHERE subject = ?", (subject,))

    return act


def _matches(pin_hash: str, pin: str) -> bool:
    try:
        return _HASHER.verify(pin_hash, pin)
    except VerificationError:
        return False


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _session(database: Database, row: Row) -> Session:
    return Session(person=read_person(database, row["person_id"]), form_key=row["form_key"])
