"""Kiosks: browsers that stand at a machine for everybody, made so by staff.

A kiosk's browser keeps 256 random bits; only their SHA-256 is stored.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database as Tables

from fablab_hub.core import journal
from fablab_hub.core.clock import Clock, read_utc, utc_text
from fablab_hub.core.db import Database, Row
from fablab_hub.core.errors import NotFoundError
from fablab_hub.core.hashes import digest
from fablab_hub.core.ids import new_id
from fablab_hub.core.people import Person

_SELECT = (
    "SELECT kiosks.id, machine_id, made_at, name FROM kiosks"
    " JOIN people ON people.id = made_by WHERE revoked_at IS NULL"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kiosk:
    """One browser at one machine.

    Attributes:
        made_by: the name of whoever set it up.
    """

    id: str
    machine_id: str
    made_by: str
    made_at: datetime


class Kiosks:
    """Makes, finds and revokes kiosks."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def make(self, machine_id: str, by: Person) -> str:
        """Make a browser the kiosk of a machine; gives the secret for its cookie."""
        token, now = secrets.token_urlsafe(32), self._clock.now()

        def act(tables: Tables) -> None:
            id_ = new_id(now)
            tables.conn.execute(
                "INSERT INTO kiosks (id, machine_id, token_hash, made_by, made_at)"
                " VALUES (?, ?, ?, ?, ?)",
                (id_, machine_id, digest(token), by.id, utc_text(now)),
            )
            journal.append(
                tables, now, journal.person(by.id), "kiosk.make", f"machine:{machine_id}",
                {"kiosk": id_},
            )  # fmt: skip

        await self._database.write(act)
        return token

    def find(self, token: str) -> Kiosk | None:
        """Give the kiosk of a cookie; None when there is none, or it was revoked."""
        row = self._database.read_one(f"{_SELECT} AND token_hash = ?", (digest(token),))
        return _kiosk(row) if row else None

    def all(self) -> list[Kiosk]:
        """List the kiosks that work, by machine."""
        return [
            _kiosk(row) for row in self._database.read(f"{_SELECT} ORDER BY machine_id, made_at")
        ]

    async def revoke(self, kiosk_id: str, by: Person) -> None:
        """Make a kiosk an ordinary browser again, and end whatever session is open at it.

        Raises:
            NotFoundError: there is no such kiosk.
        """
        now = self._clock.now()

        def act(tables: Tables) -> None:
            row = tables.conn.execute(
                "UPDATE kiosks SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL"
                " RETURNING machine_id",
                (utc_text(now), kiosk_id),
            ).fetchone()
            if row is None:
                raise NotFoundError("found.nothing")
            tables.conn.execute("DELETE FROM sessions WHERE kiosk_id = ?", (kiosk_id,))
            journal.append(
                tables, now, journal.person(by.id), "kiosk.revoke", f"machine:{row[0]}",
                {"kiosk": kiosk_id},
            )  # fmt: skip

        await self._database.write(act)


def _kiosk(row: Row) -> Kiosk:
    return Kiosk(
        id=row["id"],
        machine_id=row["machine_id"],
        made_by=row["name"],
        made_at=read_utc(row["made_at"]),
    )
