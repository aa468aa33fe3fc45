"""Runs, the agents' cursors and the machines' conditions in the database: SQL only, no rule."""

from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database as Tables

from fablab_hub.core.clock import utc_text
from fablab_hub.core.db import Database, Row
from fablab_hub.core.ids import JobId, RunId


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What people said of a machine that the machine cannot know.

    Attributes:
        needs_clearing: a run ended, and nobody said yet that the bed is empty.
        is_out_of_service: staff took it out of service.
        reason: why.
    """

    needs_clearing: bool = False
    is_out_of_service: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """What a run's story needs to know of its run."""

    id: RunId
    job_id: JobId
    has_started: bool
    has_ended: bool


def read_condition(database: Database, machine_id: str) -> Condition:
    """Read a machine's condition; a machine that nobody spoke about is fine."""
    row = database.read_one("SELECT * FROM machine_conditions WHERE machine_id = ?", (machine_id,))
    if row is None:
        return Condition()
    return Condition(
        needs_clearing=bool(row["needs_clearing"]),
        is_out_of_service=bool(row["is_out_of_service"]),
        reason=row["reason"],
    )


def set_needs_clearing(tables: Tables, machine_id: str, at: datetime, *, needs_it: bool) -> None:
    """Note whether the bed must be emptied, inside the caller's transaction."""
    tables.conn.execute(
        "INSERT INTO machine_conditions (machine_id, needs_clearing, updated_at) VALUES (?, ?, ?)"
        " ON CONFLICT (machine_id) DO UPDATE SET needs_clearing = excluded.needs_clearing,"
        " updated_at = excluded.updated_at",
        (machine_id, int(needs_it), utc_text(at)),
    )


def set_service(tables: Tables, machine_id: str, at: datetime, reason: str | None) -> None:
    """Take a machine out of service for a reason, or back (None), inside the transaction."""
    tables.conn.execute(
        "INSERT INTO machine_conditions (machine_id, is_out_of_service, reason, updated_at)"
        " VALUES (?, ?, ?, ?) ON CONFLICT (machine_id) DO UPDATE SET"
        " is_out_of_service = excluded.is_out_of_service, reason = excluded.reason,"
        " updated_at = excluded.updated_at",
        (machine_id, int(reason is not None), reason or "", utc_text(at)),
    )


def advance_cursor(tables: Tables, machine_id: str, spool_id: str, seq: int) -> bool:
    """Note how far an agent's story was heard; False when that line was heard before."""
    row = next(tables.query("SELECT * FROM agent_cursors WHERE machine_id = ?", [machine_id]), None)
    if row is not None and row["spool_id"] == spool_id and seq <= row["seq"]:
        return False
    tables.conn.execute(
        "INSERT INTO agent_cursors (machine_id, spool_id, seq) VALUES (?, ?, ?)"
        " ON CONFLICT (machine_id) DO UPDATE SET spool_id = excluded.spool_id, seq = excluded.seq",
        (machine_id, spool_id, seq),
    )
    return True


def find_run(tables: Tables, run_id: str, machine_id: str) -> RunRow | None:
    """Find a machine's run, inside a transaction."""
    rows = tables.query("SELECT * FROM runs WHERE id = ? AND machine_id = ?", [run_id, machine_id])
    return next((_run_row(row) for row in rows), None)


def newest_open_run(tables: Tables, job_id: str) -> RunRow | None:
    """Find the run of a job that has not ended, inside a transaction."""
    rows = tables.query(
        "SELECT * FROM runs WHERE job_id = ? AND ended_at IS NULL ORDER BY id DESC", [job_id]
    )
    return next((_run_row(row) for row in rows), None)


def update_run(tables: Tables, run_id: str, changes: Row) -> None:
    """Write what changed of a run, inside the caller's transaction."""
    tables.table("runs").update(run_id, changes)


def end_run(tables: Tables, run_id: str, at: datetime, outcome: str, reason: str) -> None:
    """Close a run, inside the caller's transaction.

    Args:
        tables: the writer's.
        run_id: which.
        at: when the machine ended it, or when it was given up.
        outcome: `done`, `failed` or `stopped`.
        reason: an error's code, or why it was stopped.
    """
    update_run(
        tables, run_id, {"ended_at": utc_text(at), "outcome": outcome, "reason": reason}
    )  # fmt: skip


def forget_run(tables: Tables, run_id: str) -> None:
    """Remove a run that the machine never began; the journal keeps that it was asked for."""
    tables.conn.execute("DELETE FROM runs WHERE id = ? AND started_at IS NULL", (run_id,))


def _run_row(row: Row) -> RunRow:
    return RunRow(
        id=RunId(row["id"]),
        job_id=JobId(row["job_id"]),
        has_started=row["started_at"] is not None,
        has_ended=row["ended_at"] is not None,
    )
