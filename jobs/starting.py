"""Starting a job at its machine: who may, when, and in which order it is written and sent."""

import contextlib
from collections.abc import Callable
from datetime import datetime

from sqlite_utils import Database as Tables

from fablab_hub.core import journal
from fablab_hub.core.blobs import BlobStore
from fablab_hub.core.clock import Clock, utc_text
from fablab_hub.core.db import Database
from fablab_hub.core.errors import ForbiddenMoveError, NotAllowedError, TransportError
from fablab_hub.core.ids import RunId
from fablab_hub.core.machines import CheckItem, Label, Machine
from fablab_hub.core.messages import Refused, StartRun
from fablab_hub.core.people import Person, Right, authorised_machines, require
from jobs import run_story
from jobs.agents import AgentLink
from jobs.conditions import MachineView, require_ready
from jobs.queue import next_to_call
from jobs.states import WAITING, Actor, State, Verb
from jobs.store import Job, JobStore, Run, add_run, capacity, move


def require_starter(database: Database, machine: Machine, person: Person) -> None:
    """Let through only somebody who may start this machine.

    Raises:
        NotAllowedError: no right to start, or no authorisation for the machine.
    """
    require(person, Right.START)
    if machine.id not in authorised_machines(database, person.id):
        raise NotAllowedError("rights.no-authorisation", person=person.name)


_TEST_CUT = CheckItem(
    id="test-cut",
    label=Label(fr="J’ai d’abord fait un petit essai", en="I made a small test cut first"),
)
_UNTRIED = "drawing.preset-untried"


def checklist_of(machine: Machine, job: Job) -> tuple[CheckItem, ...]:
    """List what is looked at before a job starts; a test cut where nobody tried the setting."""
    findings = job.report.findings if job.report else ()
    if any(finding.rule == _UNTRIED for finding in findings):
        return (*machine.checklist, _TEST_CUT)
    return machine.checklist


def require_ticked(machine: Machine, job: Job, ticked: frozenset[str], language: str) -> None:
    """Let a start through only when every item of the job's list is ticked.

    Raises:
        ForbiddenMoveError: names the first that is not, in the starter's language.
    """
    for item in checklist_of(machine, job):
        if item.id not in ticked:
            raise ForbiddenMoveError("job.checklist", item=item.label.text(language))


def call(tables: Tables, job: Job, at: datetime) -> None:
    """Call a job's owner to the machine, inside the caller's transaction."""
    move(
        tables,
        job.id,
        Verb.CALL,
        Actor.SCHEDULER,
        who=journal.HUB,
        at=at,
        changes={"called_at": utc_text(at)},
    )


class Starting:
    """Writes a start down, then tells the agent; the caller holds the machine's lock."""

    def __init__(
        self,
        database: Database,
        jobs: JobStore,
        blobs: BlobStore,
        watch: Callable[[RunId], None],
        clock: Clock,
    ) -> None:
        self._database = database
        self._jobs = jobs
        self._blobs = blobs
        self._watch = watch
        self._clock = clock

    async def start(self, job: Job, starter: Person, view: MachineView, link: AgentLink) -> Run:
        """Start a job whose turn it is on a machine that is ready.

        Args:
            job: as it is now.
            starter: proved, authorised, and with every item ticked.
            view: its machine now.
            link: to its agent.

        Raises:
            ForbiddenMoveError: not its turn, or the machine is not ready.
            NotAllowedError: it is neither theirs nor theirs to supervise.
            StorageError: it could not be written down; nothing was started.
            TransportError: the agent cannot be reached; nothing was started.
        """
        must_call = self._require_turn(job, view)
        program_path = str(self._blobs.path(job.program_sha256 or ""))
        run_id = await self._write(job, starter, must_call=must_call)
        self._watch(run_id)
        if not link.is_connected:
            await self._take_back(job)
            raise TransportError("agent.not-reachable")
        # A line that breaks now leaves STARTING: the agent's next Welcome tells whether it heard.
        with contextlib.suppress(TransportError):
            await link.send(_command(job, run_id, program_path))
        return self._jobs.read_run(run_id)

    def _require_turn(self, job: Job, view: MachineView) -> bool:
        """Make sure that a job may start now; tells whether it must be called first."""
        if job.state not in WAITING:
            raise ForbiddenMoveError("job.wrong-state", state=job.state, verb=Verb.START)
        require_ready(view)
        if job.state is State.CALLED:
            return False
        if next_to_call(self._jobs.queue(job.machine_id), view) != job.id:
            raise ForbiddenMoveError("job.not-its-turn")
        return True

    async def _write(self, job: Job, starter: Person, *, must_call: bool) -> RunId:
        actor, now = capacity(starter, job), self._clock.now()

        def act(tables: Tables) -> RunId:
            if must_call:
                call(tables, job, now)
            run_id = add_run(tables, job, starter.id, now)
            facts = {"run": run_id, "machine": job.machine_id}
            who = journal.person(starter.id)
            move(tables, job.id, Verb.START, actor, who=who, at=now, facts=facts)
            return run_id

        return await self._database.write(act)

    async def _take_back(self, job: Job) -> None:
        unsent = Refused(command=StartRun.__name__, code="agent.not-reachable")
        now = self._clock.now()
        await self._database.write(
            lambda tables: run_story.give_back(tables, job.machine_id, Actor.HUB, unsent, now)
        )


def _command(job: Job, run_id: RunId, program_path: str) -> StartRun:
    report = job.report
    return StartRun(
        run_id=run_id,
        job_id=job.id,
        program_path=program_path,
        program_sha256=job.program_sha256 or "",
        lines=report.program_lines if report else 0,
        duration_s=report.facts.duration_s if report else 0.0,
        marks=report.program_marks if report else (),
    )
