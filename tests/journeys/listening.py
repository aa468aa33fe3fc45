"""People who listen to the hub's live stream, and come back by themselves when it breaks."""

import asyncio
import contextlib
import json
import random
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from tests.journeys.conftest import Lab, Visitor
from web.access import SESSION_COOKIE

Journal = list[dict[str, str]]
Told = tuple[int, str, str]
"""A line's number and verb, and the kind of its subject."""

_FIRST_WAIT_S = 0.1
_LONGEST_WAIT_S = 2.0


@dataclass
class Listener:
    """One open page: it remembers the number of the last line, as a browser does.

    Attributes:
        visitor: who listens.
        is_staff: whether they are told of everybody's things.
        last_id: what it sends as `Last-Event-ID`.
        lines: what it was told: each line's number and JSON, in order of arrival.
        connections: how often it was answered.
    """

    lab: Lab
    visitor: Visitor
    is_staff: bool
    last_id: int
    lines: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    connections: int = 0

    @property
    def told(self) -> list[Told]:
        """Give what arrived, without the facts."""
        return [
            (number, line["verb"], line["subject"].partition(":")[0]) for number, line in self.lines
        ]

    def should_be_told(self, journal: Journal) -> list[Told]:
        """Say what should arrive of some lines of the journal.

        Staff see all, people what is theirs, everybody the machines; of somebody else's job only
        that a queue has changed.
        """
        told: list[Told] = []
        for line in journal:
            kind = line["subject"].partition(":")[0]
            if self.is_staff or kind == "machine" or line["owner_id"] == self.visitor.id:
                told.append((int(line["seq"]), line["verb"], kind))
            elif kind == "job":
                told.append((int(line["seq"]), "queue.change", "machine"))
        return told

    async def listen(self) -> None:
        """Listen until cancelled; wait longer after each failure, and not all at once."""
        wait_s = _FIRST_WAIT_S
        while True:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                async for event in self._events():
                    wait_s = _FIRST_WAIT_S
                    self._note(event)
            await asyncio.sleep(wait_s * (0.5 + random.random()))
            wait_s = min(wait_s * 2, _LONGEST_WAIT_S)

    def _note(self, event: dict[str, str]) -> None:
        assert event.get("event") != "reload", "far fewer lines than that were missed"
        if "id" in event:
            self.last_id = int(event["id"])
            if "data" in event and "event" not in event:
                self.lines.append((self.last_id, json.loads(event["data"])))

    async def _events(self) -> AsyncIterator[dict[str, str]]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.lab.port)
        try:
            head = (
                "GET /live HTTP/1.1", f"Host: 127.0.0.1:{self.lab.port}",
                f"Cookie: {SESSION_COOKIE}={self.visitor.client.cookies[SESSION_COOKIE]}",
                f"Last-Event-ID: {self.last_id}",
            )  # fmt: skip
            writer.write(("\r\n".join(head) + "\r\n\r\n").encode())
            status = await reader.readuntil(b"\r\n")
            assert b" 200 " in status, status
            self.connections += 1
            await reader.readuntil(b"\r\n\r\n")
            event: dict[str, str] = {}
            async for line in _lines(reader):
                if line:
                    name, _, value = line.partition(": ")
                    event[name] = value
                else:
                    yield event
                    event = {}
        finally:
            writer.close()


async def _lines(reader: asyncio.StreamReader) -> AsyncIterator[str]:
    """Read the lines of a chunked answer (RFC 9112, 7.1) until it ends or breaks."""
    rest = b""
    while size := int(await reader.readuntil(b"\r\n"), 16):
        rest += (await reader.readexactly(size + 2))[:size]
        *whole, rest = rest.split(b"\n")
        for line in whole:
            yield line.decode()


def journal_lines(lab: Lab, after: int) -> Journal:
    """Read the journal from the lab's own file: number, verb, subject and the subject's owner."""
    path = lab.folder / "hub.db"
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        database.row_factory = sqlite3.Row
        rows = database.execute(
            """SELECT seq, verb, subject, COALESCE(
                 (SELECT owner_id FROM jobs WHERE 'job:' || id = subject),
                 (SELECT owner_id FROM runs JOIN jobs ON jobs.id = job_id
                   WHERE 'run:' || runs.id = subject),
                 (SELECT owner_id FROM projects WHERE 'project:' || id = subject),
                 (SELECT owner_id FROM fabrications WHERE 'fabrication:' || id = subject),
                 (SELECT id FROM people WHERE 'person:' || id = subject)) AS owner_id
               FROM journal WHERE seq > ? ORDER BY seq""",
            (after,),
        )
        return [dict(row) for row in rows]
