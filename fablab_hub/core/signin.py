"""The door: a name or a badge, then a PIN; sessions and tokens for whoever came in.

A PIN is short, so every try is counted, see `core.guards`. A session is 256 random bits; only its
SHA-256 is stored.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlite_utils import Database as Tables

from fablab_hub.core import journal
from fablab_hub.core.badges import Badges
from fablab_hub.core.clock import Clock, utc_text
from fablab_hub.core.db import Database, Row
from fablab_hub.core.errors import SignInError
from fablab_hub.core.guards import Guards, of_address, of_person, wait_after
from fablab_hub.core.hashes import NOBODYS, digest, matches
from fablab_hub.core.ids import PersonId
from fablab_hub.core.people import Person, read_person
from fablab_hub.core.pins import hash_pin
from fablab_hub.core.settings import SignInSettings
from fablab_hub.core.tokens import ApiTokens

__all__ = ["Session", "SignIn", "hash_pin", "wait_after"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody who is signed in.

    Attributes:
        person: who.
        form_key: must come back with each form, so that another site cannot send one.
    """

    person: Person
    form_key: str


class SignIn:
    """The door: checks PINs, opens and ends sessions."""

    def __init__(self, database: Database, settings: SignInSettings, clock: Clock) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self.guards = Guards(database, settings, clock)
        self.badges = Badges(database, clock)
        self.tokens = ApiTokens(database, clock)

    async def prove(self, person_id: str, pin: str, address: str) -> Person:
        """Make sure that it is really this person; used to sign in and at a machine.

        Args:
            person_id: who they say they are.
            pin: what they typed.
            address: where from; counted apart from the name.

        Raises:
            SignInError: wrong (`signin.wrong`), too early (`signin.wait`) or `signin.blocked`.
        """
        subjects = (of_person(person_id), of_address(address))
        await self.guards.count(*subjects)
        row = self._database.read_one(
            "SELECT pin_hash FROM people WHERE id = ? AND is_active = 1", (person_id,)
        )
        pin_hash = row["pin_hash"] if row else NOBODYS
        if not await matches(pin_hash, pin) or row is None:
            raise SignInError("signin.wrong")
        await self.guards.forget(*subjects)
        return read_person(self._database, person_id)

    async def find_badge(self, typed: str, address: str) -> Person:
        """Give whose badge this is; their PIN is asked next.

        A badge that nobody has costs what a wrong PIN costs, in time and in patience.

        Raises:
            SignInError: nobody's badge (`signin.wrong`), or too early (`signin.wait`).
        """
        subject = of_address(address)
        await self.guards.count(subject)
        person = self.badges.holder(typed)
        await matches(NOBODYS, typed)
        if person is None:
            raise SignInError("signin.wrong")
        # Not `forget`: somebody with a badge of their own could guess others' PINs between.
        await self.guards.give_back(subject)
        return person

    async def open_session(self, person: Person) -> str:
        """Sign somebody in; gives the secret for their cookie."""
        token, now = secrets.token_urlsafe(32), self._clock.now()
        ends = now + timedelta(hours=self._settings.session_hours)

        def act(tables: Tables) -> None:
            tables.conn.execute("DELETE FROM sessions WHERE expires_at < ?", (utc_text(now),))
            tables.conn.execute(
                "INSERT INTO sessions (token_hash, person_id, form_key, created_at, expires_at)"
                " VALUES (?, ?, ?, ?, ?)",
                (digest(token), person.id, secrets.token_urlsafe(18), utc_text(now),
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
            (digest(token), utc_text(self._clock.now())),
        )
        return _session(self._database, row) if row else None

    async def close_session(self, token: str) -> None:
        """Sign out."""
        hashed = digest(token)
        await self._database.write(
            lambda tables: tables.conn.execute(
                "DELETE FROM sessions WHERE token_hash = ?", (hashed,)
            )
        )

    async def make_token(self, person: Person, name: str) -> str:
        """Make an API token for somebody; it is shown once and never again."""
        return await self.tokens.make(person, name)

    def token_person(self, token: str) -> Person | None:
        """Give whose API token this is; None when it is nobody's, or was revoked."""
        return self.tokens.owner(token)

    async def unblock(self, person_id: PersonId, by: Person, reason: str) -> None:
        """Open a name again after too many wrong PINs; a trainer does it, in person."""
        await self.guards.unblock(person_id, by, reason)

    def blocked_people(self) -> frozenset[str]:
        """Give the ids of the people whom a trainer must let in again."""
        return self.guards.blocked_people()


def _session(database: Database, row: Row) -> Session:
    return Session(person=read_person(database, row["person_id"]), form_key=row["form_key"])
