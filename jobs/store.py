"""Jobs and runs in the database; the only place where a job's state is written."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database as Tables

from fablab_hub.core import journal
from fablab_hub.core.clock import read_utc, utc_text
from fablab_hub.core.db import Database, Row
from fablab_hub.core.errors import NotAllowedError, NotFoundError
from fablab_hub.core.ids import JobId, MachineId, MaterialId, PersonId, ProjectId, RunId, new_id
from fablab_hub.core.people import Person, Right, Role
from jobs.report import Report
from jobs.report_json import report_from_json, report_to_stored
from jobs.run_times import NEWEST, SHORTEST_S, Habit, habit_of
from jobs.states import ON_MACHINE, WAITING, Actor, State, Verb, after


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A request to make one file on one machine.

    Attributes:
        reason: why it was refused, paused or ended, where somebody or something said so.
        revision: counts the files that its owner sent for it.
        options: the answers its owner gave about the file (`unit`, `operations`).
        report: None while the check is under way.
        queued_at: when it first got its place in the queue.
    """

    id: JobId
    owner_id: PersonId
    machine_id: MachineId
    material_id: MaterialId | None
    project_id: ProjectId | None
    title: str
    state: State
    reason: str
    revision: int
    file_name: str
    file_sha256: str
    options: dict[str, Any]
    report: Report | None
    program_sha256: str | None
    picture_sha256: str | None
    queued_at: datetime | None
    called_at: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One execution of a job's program.

    Attributes:
        started_by: who typed the PIN at the machine.
        outcome: `done`, `failed` or `stopped`; None while it is under way.
        reason: an error's code, or who stopped it.
    """

    id: RunId
    job_id: JobId
    machine_id: MachineId
    started_by: PersonId
    program_sha256: str
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    outcome: str | None
    reason: str
    elapsed_s: float
    lines_done: int


class JobStore:
    """Questions about jobs. What changes one is a function over the writer's tables, below."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, job_id: str) -> Job:
        """Read one job.

        Raises:
            NotFoundError: there is none.
        """
        row = self._database.read_one("SELECT * FROM jobs WHERE id = ?", (job_id,))
        if row is None:
            raise NotFoundError("found.nothing")
        return _job(row)

    def read_for(self, person: Person, job_id: str) -> Job:
        """Read one job for somebody; a trainee finds only their own.

        Raises:
            NotFoundError: there is none, or it is not theirs to see.
        """
        job = self.read(job_id)
        if job.owner_id != person.id and not person.may(Right.SEE_ALL):
            raise NotFoundError("found.nothing")
        return job

    def of_owner(self, person_id: str) -> list[Job]:
        """List somebody's jobs, newest first."""
        return self._list("owner_id = ? ORDER BY created_at DESC", (person_id,))

    def in_states(self, states: frozenset[State], machine_id: str | None = None) -> list[Job]:
        """List jobs in some states, in the order of their queue."""
        marks = ", ".join("?" for _ in states)
        where = f"state IN ({marks})"
        values: tuple[object, ...] = tuple(sorted(states))
        if machine_id is not None:
            where, values = where + " AND machine_id = ?", (*values, machine_id)
        return self._list(where + " ORDER BY coalesce(queued_at, created_at), id", values)

    def made_on(
        self, machine_id: str, material_id: str, since: datetime, owner_id: str | None = None
    ) -> list[Job]:
        """List jobs that a machine began on a material, newest first; of one owner, or of all."""
        begun = (State.RUNNING, State.PAUSED, State.DONE, State.FAILED, State.STOPPED)
        marks = ", ".join("?" for _ in begun)
        where = f"state IN ({marks}) AND machine_id = ? AND material_id = ? AND updated_at >= ?"
        values: list[object] = [*begun, machine_id, material_id, utc_text(since)]
        if owner_id is not None:
            where, values = where + " AND owner_id = ?", [*values, owner_id]
        return self._list(where + " ORDER BY updated_at DESC", tuple(values))

    def queue(self, machine_id: str) -> list[Job]:
        """List what waits for a machine, first come first."""
        return self.in_states(WAITING, machine_id)

    def on_machine(self, machine_id: str) -> Job | None:
        """Give the job that the machine is at; None when it is free."""
        return next(iter(self.in_states(ON_MACHINE, machine_id)), None)

    def read_run(self, run_id: str) -> Run:
        """Read one run.

        Raises:
            NotFoundError: there is none.
        """
        row = self._database.read_one("SELECT * FROM runs WHERE id = ?", (run_id,))
        if row is None:
            raise NotFoundError("found.nothing")
        return _run(row)

    def runs_of(self, job_id: str) -> list[Run]:
        """List the runs of a job, oldest first."""
        rows = self._database.read("SELECT * FROM runs WHERE job_id = ? ORDER BY id", (job_id,))
        return [_run(row) for row in rows]

    def open_run(self, machine_id: str) -> Run | None:
        """Give the run of a machine that has not ended; None when there is none."""
        row = self._database.read_one(
            "SELECT * FROM runs WHERE machine_id = ? AND ended_at IS NULL ORDER BY id DESC",
            (machine_id,),
        )
        return _run(row) if row else None

    def open_run_of(self, job_id: str) -> Run | None:
        """Give the run of a job that has not ended; None when there is none."""
        return next((run for run in self.runs_of(job_id) if run.ended_at is None), None)

    def open_runs(self) -> frozenset[RunId]:
        """Give the ids of the runs that have not ended, of every machine."""
        rows = self._database.read("SELECT id FROM runs WHERE ended_at IS NULL")
        return frozenset(RunId(row["id"]) for row in rows)

    def habit(self, machine_id: str) -> Habit:
        """Say how long a machine's newest runs took, beside what was estimated."""
        rows = self._database.read(
            "SELECT estimated_s, elapsed_s FROM runs WHERE machine_id = ? AND outcome = 'done'"
            " AND estimated_s >= ? AND elapsed_s > 0 ORDER BY ended_at DESC LIMIT ?",
            (machine_id, SHORTEST_S, NEWEST),
        )
        return habit_of([(row["estimated_s"], row["elapsed_s"]) for row in rows])

    def last_owner(self, machine_id: str) -> PersonId | None:
        """Give whose job the machine did last; None for a machine that never ran."""
        row = self._database.read_one(
            "SELECT owner_id FROM jobs JOIN runs ON runs.job_id = jobs.id"
            " WHERE runs.machine_id = ? ORDER BY runs.id DESC",
            (machine_id,),
        )
        return PersonId(row["owner_id"]) if row else None

    def owns_project(self, person_id: str, project_id: str) -> bool:
        """Tell whether a project exists and is somebody's."""
        found = self._database.read_one(
            "SELECT 1 FROM projects WHERE id = ? AND owner_id = ?", (project_id, person_id)
        )
        return found is not None

    def _list(self, where: str, values: tuple[object, ...]) -> list[Job]:
        rows = self._database.read(f"SELECT * FROM jobs WHERE {where}", values)  # noqa: S608 - ours
        return [_job(row) for row in rows]


def add_job(
    tables: Tables,
    *,
    owner_id: PersonId,
    machine_id: MachineId,
    material_id: MaterialId | None,
    project_id: ProjectId | None,
    title: str,
    file_name: str,
    file_sha256: str,
    options: dict[str, Any],
    at: datetime,
) -> JobId:
    """Write a new job in state CHECKING, inside the caller's transaction; gives its id."""
    id_ = JobId(new_id(at))
    moment = utc_text(at)
    tables.table("jobs").insert(
        {
            "id": id_,
            "owner_id": owner_id,
            "machine_id": machine_id,
            "material_id": material_id,
            "project_id": project_id,
            "title": title,
            "state": State.CHECKING.value,
            "file_name": file_name,
            "file_sha256": file_sha256,
            "options": json.dumps(options, sort_keys=True),
            "created_at": moment,
            "updated_at": moment,
        }
    )
    journal.append(
        tables, at, journal.person(owner_id), "job.submit", subject(id_),
        {"machine": machine_id, "material": material_id, "file": file_sha256},
    )  # fmt: skip
    return id_


def move(
    tables: Tables,
    job_id: str,
    verb: Verb,
    actor: Actor,
    *,
    who: str,
    at: datetime,
    reason: str = "",
    changes: Row | None = None,
    facts: Row | None = None,
) -> State:
    """Move a job on, and journal it, inside the caller's transaction.

    Args:
        tables: the writer's.
        job_id: which.
        verb: what happens.
        actor: in which capacity.
        who: the journal's actor (`person:<id>`, `agent:<machine>`, `hub`).
        at: when.
        reason: why; kept on the job.
        changes: other columns of the job that change with it.
        facts: what else the journal line should say.

    Returns:
        The new state.

    Raises:
        ForbiddenMoveError: not from this state, or not by this actor.
        NotFoundError: there is no such job.
    """
    row = next(tables.query("SELECT state FROM jobs WHERE id = ?", [job_id]), None)
    if row is None:
        raise NotFoundError("found.nothing")
    state = after(State(row["state"]), verb, actor)
    tables.table("jobs").update(
        job_id,
        {"state": state.value, "reason": reason, "updated_at": utc_text(at), **(changes or {})},
    )
    journal.append(
        tables, at, who, f"job.{verb.value}", subject(job_id),
        {"from": row["state"], "to": state.value, "reason": reason, **(facts or {})},
    )  # fmt: skip
    return state


def add_run(tables: Tables, job: Job, started_by: PersonId, at: datetime) -> RunId:
    """Write the run that somebody just asked for, inside the caller's transaction."""
    id_ = RunId(new_id(at))
    tables.table("runs").insert(
        {
            "id": id_,
            "job_id": job.id,
            "machine_id": job.machine_id,
            "started_by": started_by,
            "program_sha256": job.program_sha256,
            "asked_at": utc_text(at),
            "estimated_s": job.report.facts.duration_s if job.report else 0.0,
        }
    )
    return id_


def capacity(person: Person, job: Job) -> Actor:
    """Tell in which capacity somebody acts on a job: their own, or as staff on another's.

    Raises:
        NotAllowedError: it is neither theirs nor theirs to supervise.
    """
    if job.owner_id == person.id:
        return Actor.OWNER
    if not person.may(Right.SUPERVISE):
        raise NotAllowedError("job.not-yours")
    return Actor.STAFF if person.role is Role.TRAINER else Actor.MANAGER


def subject(job_id: str) -> str:
    """Name a job as the subject of a journal line."""
    return f"job:{job_id}"


def stored_report(report: Report) -> str:
    """Write a report for its column."""
    return json.dumps(report_to_stored(report), ensure_ascii=False, separators=(",", ":"))


def _job(row: Row) -> Job:
    body = {name: row[name] for name in Job.__dataclass_fields__}
    body["state"] = State(row["state"])
    body["options"] = json.loads(row["options"])
    body["report"] = report_from_json(json.loads(row["report"])) if row["report"] else None
    for name in ("queued_at", "called_at", "created_at", "updated_at"):
        body[name] = read_utc(row[name]) if row[name] else None
    return Job(**body)


def _run(row: Row) -> Run:
    body = {name: row[name] for name in Run.__dataclass_fields__}
    for name in ("asked_at", "started_at", "ended_at"):
        body[name] = read_utc(row[name]) if row[name] else None
    return Run(**body)
