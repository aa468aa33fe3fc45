"""The append-only journal: who did what to what, and when, chained so that a change shows.

Each line's hash is SHA-256 over the previous line's hash and the line itself as canonical
JSON. A line is written in the same transaction as the row it explains. It names people by
their id only, so that erasing a person needs no change here.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database as Tables

from fablab_hub.core.clock import utc_text
from fablab_hub.core.db import Database, Row
from fablab_hub.core.errors import StorageError

GENESIS = "0" * 64
"""What stands before the first line."""

HUB = "hub"
"""The actor of what the hub does by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the journal.

    Attributes:
        seq: counts up by one, without a gap.
        at: UTC text.
        actor: `person:<id>`, `kiosk:<machine>`, `agent:<machine>` or `hub`.
        verb: what was done, `job.start`.
        subject: to what, `job:<id>`.
        data: the facts, JSON values only.
    """

    seq: int
    at: str
    actor: str
    verb: str
    subject: str
    data: dict[str, Any]
    previous_hash: str
    hash: str


def person(person_id: str) -> str:
    """Name a person as an actor or a subject."""
    return f"person:{person_id}"


def kiosk(machine_id: str) -> str:
    """Name whoever stands at a machine's own tablet, without a name, as an actor."""
    return f"kiosk:{machine_id}"


def append(
    tables: Tables, at: datetime, actor: str, verb: str, subject: str, data: dict[str, Any]
) -> Entry:
    """Write the next line, inside the caller's transaction."""
    last = next(iter(tables.query("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1")), None)
    seq, previous = (last["seq"] + 1, last["hash"]) if last else (1, GENESIS)
    moment = utc_text(at)
    text = _canonical(data)
    entry = Entry(
        seq=seq,
        at=moment,
        actor=actor,
        verb=verb,
        subject=subject,
        data=data,
        previous_hash=previous,
        hash=_hash(previous, seq, moment, actor, verb, subject, text),
    )
    tables.conn.execute(
        "INSERT INTO journal (seq, at, actor, verb, subject, data, previous_hash, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (seq, moment, actor, verb, subject, text, previous, entry.hash),
    )
    return entry


def read_after(database: Database, seq: int, limit: int = 500) -> list[Entry]:
    """Read the lines that follow a number, oldest first."""
    rows = database.read("SELECT * FROM journal WHERE seq > ? ORDER BY seq LIMIT ?", (seq, limit))
    return [_entry(row) for row in rows]


def read_about(database: Database, subject: str) -> list[Entry]:
    """Read everything that happened to one thing, oldest first."""
    rows = database.read("SELECT * FROM journal WHERE subject = ? ORDER BY seq", (subject,))
    return [_entry(row) for row in rows]


def last_seq(database: Database) -> int:
    """Give the number of the newest line; 0 for an empty journal."""
    row = database.read_one("SELECT max(seq) AS seq FROM journal")
    return int(row["seq"] or 0) if row else 0


def verify(database: Database) -> int:
    """Walk the whole chain.

    Returns:
        How many lines it holds.

    Raises:
        StorageError: a line was changed, removed or inserted; names its number.
    """
    seq, previous = 0, GENESIS
    for entry in _walk(database):
        expected = _hash(
            previous, seq + 1, entry.at, entry.actor, entry.verb, entry.subject,
            _canonical(entry.data),
        )  # fmt: skip
        if entry.seq != seq + 1 or entry.previous_hash != previous or entry.hash != expected:
            raise StorageError("journal.broken", seq=seq + 1)
        seq, previous = entry.seq, entry.hash
    return seq


def _walk(database: Database) -> Iterator[Entry]:
    seq = -1
    while entries := read_after(database, seq):
        yield from entries
        seq = entries[-1].seq


def _entry(row: Row) -> Entry:
    return Entry(**{**row, "data": json.loads(row["data"])})


def _canonical(data: dict[str, Any]) -> str:
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _hash(previous: str, seq: int, *texts: str) -> str:
    line = json.dumps([previous, seq, *texts], separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(line.encode()).hexdigest()
