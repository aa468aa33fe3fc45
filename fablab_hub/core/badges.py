"""Badges: a QR code that says who somebody is, so that nobody must find their name in a list.

A badge is never enough to come in: a photograph of it is as good as the badge, so the PIN is asked
all the same. Only its SHA-256 is stored, and a new badge makes the old one worthless.
"""

import secrets
from datetime import datetime

from sqlite_utils import Database as Tables

from fablab_hub.core import journal
from fablab_hub.core.clock import Clock, read_utc, utc_text
from fablab_hub.core.db import Database
from fablab_hub.core.hashes import digest
from fablab_hub.core.people import Person, read_person

LETTERS = "BCDEFGHIJKLNOPRSTUVX"
"""The keys that give the same letter on AZERTY, QWERTY and QWERTZ keyboards.

A hand scanner is a keyboard for the computer, and most are set to the American one; digits,
A, M, Q, W, Y and Z would come out as something else on a French computer.
"""

LENGTH = 30
"""Thirty of twenty letters are 129 bits."""


def draw_badge() -> str:
    """Draw what a new badge says."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def read_badge(typed: str) -> str:
    """Give what a badge says from what a scanner typed: caps lock and blanks do not matter."""
    return "".join(typed.split()).upper()


class Badges:
    """Makes and finds badges; each person has one, or none."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def make(self, person: Person, by: Person) -> str:
        """Make somebody's badge; the one before is worthless from now on.

        Returns:
            What the badge says; it is shown once and never again.
        """
        badge, now = draw_badge(), self._clock.now()

        def act(tables: Tables) -> None:
            tables.conn.execute(
                "INSERT INTO badges (person_id, badge_hash, made_by, made_at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (person_id) DO UPDATE SET badge_hash = excluded.badge_hash,"
                " made_by = excluded.made_by, made_at = excluded.made_at",
                (person.id, digest(badge), by.id, utc_text(now)),
            )
            journal.append(
                tables, now, journal.person(by.id), "badge.make", journal.person(person.id), {}
            )

        await self._database.write(act)
        return badge

    async def revoke(self, person: Person, by: Person) -> None:
        """Make somebody's badge worthless; it was lost."""
        now = self._clock.now()

        def act(tables: Tables) -> None:
            tables.conn.execute("DELETE FROM badges WHERE person_id = ?", (person.id,))
            journal.append(
                tables, now, journal.person(by.id), "badge.revoke", journal.person(person.id), {}
            )

        await self._database.write(act)

    def holder(self, typed: str) -> Person | None:
        """Give whose badge this is; None when it is nobody's."""
        row = self._database.read_one(
            "SELECT person_id FROM badges JOIN people ON people.id = person_id"
            " WHERE badge_hash = ? AND is_active = 1",
            (digest(read_badge(typed)),),
        )
        return read_person(self._database, row["person_id"]) if row else None

    def made_at(self, person_id: str) -> datetime | None:
        """Tell when somebody's badge was made; None when they have none."""
        row = self._database.read_one(
            "SELECT made_at FROM badges WHERE person_id = ?", (person_id,)
        )
        return read_utc(row["made_at"]) if row else None
