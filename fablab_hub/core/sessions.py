"""Sessions: who is signed in where; they end by themselves, after hours or when nobody is there.

A session is 256 random bits in a cookie; only its SHA-256 is stored. At a machine's own screen, its
kiosk, one that nobody touches ends within minutes: the next person stands there already.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database as Tables

from fablab_hub.core import journal
from fablab_hub.core.clock import Clock, read_utc, utc_text
from fablab_hub.core.db import Database
from fablab_hub.core.hashes import digest
from fablab_hub.core.people import Person, read_person
from fablab_hub.core.settings import SignInSettings

_TOUCH_S = 60.0
"""A sign of life is written at most that often: flash memory wears, and disks are slow."""

_LATE = 1 / 24
"""How much of its idle time a session may lose by that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody who is signed in.

    Attributes:
        person: who.
        form_key: must come back with each form, so that another site cannot send one.
        kiosk_id: where, if it is at a machine's own screen.
        seen_at: the last sign of life that was written down.
    """

    person: Person
    form_key: str
    kiosk_id: str | None
    seen_at: datetime


class Sessions:
    """Opens sessions, finds whose they are, and ends them."""

    def __init__(self, database: Database, settings: SignInSettings, clock: Clock) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock

    async def open(self, person: Person, kiosk_id: str | None = None) -> str:
        """Sign somebody in; gives the secret for their cookie."""
        token, now = secrets.token_urlsafe(32), self._clock.now()
        ends = now + timedelta(hours=self._settings.session_hours)

        def act(tables: Tables) -> None:
            tables.conn.execute("DELETE FROM sessions WHERE expires_at < ?", (utc_text(now),))
            tables.conn.execute(
                "INSERT INTO sessions (token_hash, person_id, form_key, created_at, expires_at,"
                " seen_at, kiosk_id) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (digest(token), person.id, secrets.token_urlsafe(18), utc_text(now),
                 utc_text(ends), utc_text(now), kiosk_id),
            )  # fmt: skip
            who = journal.person(person.id)
            journal.append(tables, now, who, "session.open", who, {})

        await self._database.write(act)
        return token

    def find(self, token: str) -> Session | None:
        """Give the session of a cookie; None when there is none, or it has ended."""
        now = self._clock.now()
        row = self._database.read_one(
            "SELECT person_id, form_key, seen_at, kiosk_id FROM sessions"
            " JOIN people ON people.id = person_id"
            " WHERE token_hash = ? AND expires_at > ? AND is_active = 1",
            (digest(token), utc_text(now)),
        )
        if row is None:
            return None
        session = Session(
            person=read_person(self._database, row["person_id"]),
            form_key=row["form_key"],
            kiosk_id=row["kiosk_id"],
            seen_at=read_utc(row["seen_at"]),
        )
        is_over = now >= session.seen_at + timedelta(seconds=self.idle_s(session))
        return None if is_over else session

    def idle_s(self, session: Session) -> float:
        """Give how long a session lasts without a sign of life, in seconds."""
        is_kiosk = session.kiosk_id is not None
        return self._settings.kiosk_s if is_kiosk else self._settings.idle_minutes * 60

    async def touch(self, token: str, session: Session) -> None:
        """Note that somebody is there; written only where it changes something."""
        now = self._clock.now()
        pause_s = min(_TOUCH_S, self.idle_s(session) * _LATE)
        if now < session.seen_at + timedelta(seconds=pause_s):
            return
        hashed = digest(token)
        await self._database.write(
            lambda tables: tables.conn.execute(
                "UPDATE sessions SET seen_at = ? WHERE token_hash = ?", (utc_text(now), hashed)
            )
        )

    async def close(self, token: str) -> None:
        """Sign out."""
        hashed = digest(token)
        await self._database.write(
            lambda tables: tables.conn.execute(
                "DELETE FROM sessions WHERE token_hash = ?", (hashed,)
            )
        )


def close_all(tables: Tables, person_id: str, but_token: str = "") -> None:
    """Sign somebody out everywhere, inside the caller's transaction; `but_token` stays."""
    tables.conn.execute(
        "DELETE FROM sessions WHERE person_id = ? AND token_hash <> ?",
        (person_id, digest(but_token)),
    )
