"""Calls for help: somebody presses "call somebody", and the team sees who and where.

A call is open until it is closed by its caller or by staff. One that nobody closed is no longer
shown after `LONGEST_CALL_S`: nobody waits longer, and yesterday's calls must not hide today's.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database as Tables

from fablab_hub.core import journal
from fablab_hub.core.clock import read_utc, utc_text
from fablab_hub.core.db import Database, Row
from fablab_hub.core.errors import NotFoundError
from fablab_hub.core.ids import PersonId, new_id

LONGEST_CALL_S = 7200.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Somebody who asks for help.

    Attributes:
        person_id: who; None when a machine's tablet was used without signing in.
        machine_id: where; None for "at a table".
        answered_by: who is on their way; None while nobody is.
    """

    id: str
    person_id: PersonId | None
    machine_id: str | None
    at: datetime
    answered_by: PersonId | None


def open_call(
    tables: Tables, person_id: PersonId | None, machine_id: str | None, at: datetime
) -> str:
    """Call for help, inside the caller's transaction; gives the call's id.

    Pressing again does not call twice: somebody has one open call, which moves with them.
    """
    since = utc_text(at - timedelta(seconds=LONGEST_CALL_S))
    known = next(
        tables.query(
            "SELECT id, machine_id FROM help_calls WHERE closed_at IS NULL AND at > ?"
            " AND person_id IS ? AND (person_id IS NOT NULL OR machine_id IS ?)",
            [since, person_id, machine_id],
        ),
        None,
    )
    if known is not None and known["machine_id"] == machine_id:
        return str(known["id"])
    id_ = known["id"] if known is not None else new_id(at)
    tables.conn.execute(
        "INSERT INTO help_calls (id, person_id, machine_id, at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET machine_id = excluded.machine_id",
        (id_, person_id, machine_id, utc_text(at)),
    )
    actor = journal.person(person_id) if person_id else journal.kiosk(machine_id or "")
    journal.append(tables, at, actor, "call.open", f"call:{id_}", {"machine": machine_id or ""})
    return str(id_)


def answer_call(tables: Tables, call_id: str, by: PersonId, at: datetime) -> None:
    """Say that somebody is on their way; the first one who says so is remembered.

    Raises:
        NotFoundError: there is no such call.
    """
    call = _row(tables, call_id)
    if call["answered_by"] is None and call["closed_at"] is None:
        tables.conn.execute(
            "UPDATE help_calls SET answered_by = ?, answered_at = ? WHERE id = ?",
            (by, utc_text(at), call_id),
        )
        journal.append(tables, at, journal.person(by), "call.answer", f"call:{call_id}", {})


def close_call(tables: Tables, call_id: str, by: PersonId | None, at: datetime) -> None:
    """End a call: somebody helped, or it is no longer needed. Twice is once.

    Raises:
        NotFoundError: there is no such call.
    """
    call = _row(tables, call_id)
    if call["closed_at"] is None:
        tables.conn.execute(
            "UPDATE help_calls SET closed_at = ? WHERE id = ?", (utc_text(at), call_id)
        )
        actor = journal.person(by) if by else journal.kiosk(str(call["machine_id"] or ""))
        journal.append(tables, at, actor, "call.close", f"call:{call_id}", {})


def open_calls(database: Database, now: datetime) -> tuple[Call, ...]:
    """List the open calls, the longest wait first."""
    rows = database.read(
        "SELECT * FROM help_calls WHERE closed_at IS NULL AND at > ? ORDER BY at, id",
        (utc_text(now - timedelta(seconds=LONGEST_CALL_S)),),
    )
    return tuple(_call(row) for row in rows)


def read_call(database: Database, call_id: str) -> Call:
    """Read one call.

    Raises:
        NotFoundError: there is no such call.
    """
    row = database.read_one("SELECT * FROM help_calls WHERE id = ?", (call_id,))
    if row is None:
        raise NotFoundError("found.nothing")
    return _call(row)


def _row(tables: Tables, call_id: str) -> dict[str, object]:
    row = next(tables.query("SELECT * FROM help_calls WHERE id = ?", [call_id]), None)
    if row is None:
        raise NotFoundError("found.nothing")
    return row


def _call(row: Row) -> Call:
    return Call(
        id=row["id"],
        person_id=PersonId(row["person_id"]) if row["person_id"] else None,
        machine_id=row["machine_id"],
        at=read_utc(row["at"]),
        answered_by=PersonId(row["answered_by"]) if row["answered_by"] else None,
    )
