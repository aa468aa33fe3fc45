"""API tokens: keys of programs that act for somebody (a slicer, a script)."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database as Tables

from fablab_hub.core import journal
from fablab_hub.core.clock import Clock, read_utc, utc_text
from fablab_hub.core.db import Database
from fablab_hub.core.errors import NotFoundError
from fablab_hub.core.hashes import digest
from fablab_hub.core.ids import new_id
from fablab_hub.core.people import Person, read_person


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenNote:
    """What is known of a token once it was made; the token itself is not."""

    id: str
    name: str
    created_at: datetime


class ApiTokens:
    """Makes, finds and revokes tokens of 256 random bits."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def make(self, person: Person, name: str) -> str:
        """Make a token for somebody; it is shown once and never again."""
        token, now = "fab_" + secrets.token_urlsafe(32), self._clock.now()

        def act(tables: Tables) -> None:
            id_ = new_id(now)
            tables.conn.execute(
                "INSERT INTO api_tokens (id, person_id, name, token_hash, created_at)"
                " VALUES (?, ?, ?, ?, ?)",
                (id_, person.id, name, digest(token), utc_text(now)),
            )
            who = journal.person(person.id)
            journal.append(tables, now, who, "token.make", who, {"token": id_})

        await self._database.write(act)
        return token

    def owner(self, token: str) -> Person | None:
        """Give whose token this is; None when it is nobody's, or was revoked."""
        row = self._database.read_one(
            "SELECT person_id FROM api_tokens WHERE token_hash = ? AND revoked_at IS NULL",
            (digest(token),),
        )
        return read_person(self._database, row["person_id"]) if row else None

    def of_person(self, person_id: str) -> list[TokenNote]:
        """List somebody's tokens that still work, newest first."""
        rows = self._database.read(
            "SELECT id, name, created_at FROM api_tokens"
            " WHERE person_id = ? AND revoked_at IS NULL ORDER BY created_at DESC",
            (person_id,),
        )
        return [
            TokenNote(id=row["id"], name=row["name"], created_at=read_utc(row["created_at"]))
            for row in rows
        ]

    async def revoke(self, person: Person, token_id: str) -> None:
        """Make one of somebody's tokens worthless.

        Raises:
            NotFoundError: they have no such token.
        """
        now = self._clock.now()

        def act(tables: Tables) -> None:
            changed = tables.conn.execute(
                "UPDATE api_tokens SET revoked_at = ?"
                " WHERE id = ? AND person_id = ? AND revoked_at IS NULL",
                (utc_text(now), token_id, person.id),
            ).rowcount
            if not changed:
                raise NotFoundError("found.nothing")
            who = journal.person(person.id)
            journal.append(tables, now, who, "token.revoke", who, {"token": token_id})

        await self._database.write(act)
