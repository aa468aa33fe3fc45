"""What an agent says, turned into rows: each function is one act of one transaction.

An agent tells a run's story until it is acknowledged, so a line may come twice, or hours late,
or about a run that was given up meanwhile. The cursor moves in the same transaction as the
state: a line is applied once, or not at all.
"""

from datetime import datetime
from types import MappingProxyType

from sqlite_utils import Database as Tables

from fablab_hub.core import journal
from fablab_hub.core.clock import read_utc, utc_text
from fablab_hub.core.db import Row
from fablab_hub.core.messages import Refused, RunEvent, RunEventKind
from jobs import run_store
from jobs.run_store import RunRow
from jobs.states import ON_MACHINE, TABLE, Actor, State, Verb
from jobs.store import move

LOST_RUN = "agent.lost-run"
"""Why a run was interrupted: its agent is back and knows nothing of it."""

_VERBS: MappingProxyType[RunEventKind, Verb] = MappingProxyType(
    {
        RunEventKind.STARTED: Verb.BEGIN,
        RunEventKind.PAUSED: Verb.PAUSE,
        RunEventKind.RESUMED: Verb.RESUME,
        RunEventKind.DONE: Verb.FINISH,
        RunEventKind.FAILED: Verb.FAIL,
        RunEventKind.STOPPED: Verb.STOP,
    }
)


def verbs_for(state: State, kind: RunEventKind) -> tuple[Verb, ...]:
    """Give the moves that an event means for a job in a state.

    Two when the job's beginning was not heard; none when the event brings nothing new.
    """
    verb = _VERBS[kind]
    if (state, verb) in TABLE:
        return (verb,)
    if (state, Verb.BEGIN) not in TABLE:
        return ()
    return (Verb.BEGIN, verb) if (State.RUNNING, verb) in TABLE else (Verb.BEGIN,)


def agent(machine_id: str) -> str:
    """Name a machine's agent as the journal's actor."""
    return f"agent:{machine_id}"


def apply_event(tables: Tables, machine_id: str, event: RunEvent, at: datetime) -> bool:
    """Write one line of a run's story; False when it was written before.

    Args:
        tables: the writer's.
        machine_id: whose agent tells it.
        event: the line.
        at: now; the event's own time goes into the run.
    """
    if not run_store.advance_cursor(tables, machine_id, event.spool_id, event.seq):
        return False
    if event.kind.is_end:
        run_store.set_needs_clearing(tables, machine_id, at, needs_it=True)
    run = run_store.find_run(tables, event.run_id, machine_id)
    if run is None or run.has_ended:
        _note(tables, machine_id, "machine.late_event", at, _facts(event))
        return True
    _move_job(tables, machine_id, run, event, at)
    _write_run(tables, run, event, at)
    return True


def settle_run(tables: Tables, machine_id: str, run_id: str | None, at: datetime) -> None:
    """Compare what the hub believes with what an agent says when it comes (back).

    Args:
        tables: the writer's.
        machine_id: whose agent.
        run_id: the run that the agent is at, or has not been acknowledged for.
        at: now.
    """
    run = run_store.find_run(tables, run_id, machine_id) if run_id is not None else None
    for job_id, state in _jobs_on(tables, machine_id):
        open_run = run_store.newest_open_run(tables, job_id)
        is_known = run is not None and open_run is not None and run.id == open_run.id
        if state is State.INTERRUPTED and is_known:
            move(tables, job_id, Verb.BEGIN, Actor.AGENT, who=agent(machine_id), at=at)
        elif state in ON_MACHINE and not is_known:
            facts = {"run": open_run.id if open_run else None, "agent_run": run_id}
            move(
                tables, job_id, Verb.INTERRUPT, Actor.HUB,
                who=journal.HUB, at=at, reason=LOST_RUN, facts=facts,
            )  # fmt: skip
            run_store.set_needs_clearing(tables, machine_id, at, needs_it=True)


def give_back(
    tables: Tables, machine_id: str, actor: Actor, refused: Refused, at: datetime
) -> None:
    """Call the job again whose start was refused; its run never began, and is forgotten."""
    who = agent(machine_id) if actor is Actor.AGENT else journal.HUB
    for job_id, state in _jobs_on(tables, machine_id):
        run = run_store.newest_open_run(tables, job_id)
        if state is not State.STARTING or run is None:
            continue
        move(
            tables, job_id, Verb.RETURN, actor, who=who, at=at, reason=refused.code,
            changes={"called_at": utc_text(at)}, facts={"run": run.id, "fields": refused.fields},
        )  # fmt: skip
        run_store.forget_run(tables, run.id)


def note_refusal(tables: Tables, machine_id: str, refused: Refused, at: datetime) -> None:
    """Journal that an agent could not hold, go on or stop."""
    facts = {"command": refused.command, "code": refused.code, "fields": refused.fields}
    _note(tables, machine_id, "machine.refused", at, facts)


def _move_job(tables: Tables, machine_id: str, run: RunRow, event: RunEvent, at: datetime) -> None:
    row = next(tables.query("SELECT state FROM jobs WHERE id = ?", [run.job_id]))
    for verb in verbs_for(State(row["state"]), event.kind):
        move(
            tables, run.job_id, verb, Actor.AGENT, who=agent(machine_id), at=at,
            reason=event.reason, facts=_facts(event),
        )  # fmt: skip


def _write_run(tables: Tables, run: RunRow, event: RunEvent, at: datetime) -> None:
    moment = _moment(event, at)
    changes: Row = {"elapsed_s": event.elapsed_s, "lines_done": event.lines_done}
    if not run.has_started:
        changes["started_at"] = utc_text(moment)
    run_store.update_run(tables, run.id, changes)
    if event.kind.is_end:
        run_store.end_run(tables, run.id, moment, event.kind.value, event.reason)


def _jobs_on(tables: Tables, machine_id: str) -> list[tuple[str, State]]:
    rows = tables.query(
        "SELECT id, state FROM jobs WHERE machine_id = ?"
        " AND state IN ('starting', 'running', 'paused', 'interrupted')",
        [machine_id],
    )
    return [(row["id"], State(row["state"])) for row in rows]


def _facts(event: RunEvent) -> Row:
    return {"run": event.run_id, "kind": event.kind.value, "at": event.at, "fields": event.fields}


def _moment(event: RunEvent, at: datetime) -> datetime:
    """An agent's clock is the hub's own; a moment that cannot be read is worth no lost event."""
    try:
        return read_utc(event.at)
    except ValueError:
        return at


def _note(tables: Tables, machine_id: str, verb: str, at: datetime, facts: Row) -> None:
    journal.append(tables, at, agent(machine_id), verb, f"machine:{machine_id}", facts)
