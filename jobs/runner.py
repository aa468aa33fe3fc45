"""Runs jobs on machines: calls people, starts what they ask for, and writes down what happens.

Nothing starts itself. The runner calls the next person; a person with a PIN, a right and a
ticked list starts; the agent says what became of it. One lock for each machine keeps calls,
starts and reunions apart; hold and stop wait for none of them.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Any

from sqlite_utils import Database as Tables

from fablab_hub.core import journal
from fablab_hub.core.blobs import BlobStore
from fablab_hub.core.clock import Clock, utc_text
from fablab_hub.core.db import Database
from fablab_hub.core.errors import (
    ForbiddenMoveError,
    NotAllowedError,
    NotFoundError,
    StorageError,
)
from fablab_hub.core.ids import MachineId
from fablab_hub.core.machines import Machine, MachineState
from fablab_hub.core.messages import AgentMessage, Hold, Resume, StatusReport, Stop
from fablab_hub.core.people import Person, Right, require
from fablab_hub.core.settings import Settings
from jobs import run_store
from jobs.agent_inbox import AgentInbox
from jobs.agents import Agents
from jobs.conditions import MachineView, view_machine
from jobs.queue import is_no_show, next_to_call
from jobs.run_news import RunListener, RunNews
from jobs.starting import Starting, call, require_starter, require_ticked
from jobs.states import Actor, State, Verb
from jobs.store import Job, JobStore, Run, capacity, move

log = logging.getLogger(__name__)

NO_SHOW = "job.no-show"
"""Why a called job went back behind the others."""

_LOOK_S = 1.0
_RETRY_S = 1.0
_BY_PERSON = "person"


class Runner:
    """Every machine's runs."""

    def __init__(
        self,
        database: Database,
        jobs: JobStore,
        agents: Agents,
        settings: Settings,
        blobs: BlobStore,
        clock: Clock,
    ) -> None:
        self._database = database
        self._jobs = jobs
        self._agents = agents
        self._settings = settings
        self._clock = clock
        self._news = RunNews(jobs)
        self._starting = Starting(database, jobs, blobs, self._news.watch, clock)
        self._inboxes = {
            id_: AgentInbox(agents.link(id_), database, self._news.tell_start, clock)
            for id_ in settings.machines
        }
        self._wake = asyncio.Event()
        self._last_states: dict[str, MachineState] = {}
        self._loops: list[asyncio.Task[None]] = []
        self._leave = contextlib.ExitStack()

    async def start(self) -> None:
        """Begin to listen, to call and to connect; nothing moves by that."""
        loop = asyncio.get_running_loop()

        def wake() -> None:
            with contextlib.suppress(RuntimeError):  # the loop is gone, and this hub with it
                loop.call_soon_threadsafe(self._wake.set)

        self._news.watch_open()
        self._leave.callback(self._agents.listen(self._receive))
        self._leave.callback(self._database.on_commit(wake))
        self._keep_doing("calls", self._call_and_wait)
        for id_, inbox in self._inboxes.items():
            self._keep_doing(id_, inbox.heed_next)
        await self._agents.start()

    async def close(self) -> None:
        """Stop listening and calling. Machines go on; what they tell meanwhile is told again."""
        self._leave.close()
        for task in self._loops:
            task.cancel()
        if self._loops:
            await asyncio.wait(self._loops)
        await self._news.close()

    def on_run_started(self, listener: RunListener) -> None:
        """Tell somebody of each run that a machine began."""
        self._news.on_started(listener)

    def on_run_ended(self, listener: RunListener) -> None:
        """Tell somebody of each run that ended or was given up."""
        self._news.on_ended(listener)

    def view(self, machine_id: str) -> MachineView:
        """Show one machine as it is now.

        Raises:
            NotFoundError: the settings describe no such machine.
        """
        machine = self._machine(machine_id)
        job = self._jobs.on_machine(machine_id)
        return view_machine(
            machine,
            self._agents.link(machine_id).status,
            run_store.read_condition(self._database, machine_id),
            job,
            self._jobs.open_run_of(job.id) if job else None,
            self._jobs.habit(machine_id),
        )

    def views(self) -> list[MachineView]:
        """Show every machine, in the order of the settings."""
        return [self.view(id_) for id_ in self._settings.machines]

    async def start_job(self, job_id: str, starter: Person, ticked: frozenset[str]) -> Run:
        """Start a job for somebody who stands at the machine and has proved who they are.

        Returns once the run is on disk and its agent was told; the agent then begins, or refuses
        and the job is called again with its reason.

        Args:
            job_id: a called job, or the next in the queue.
            starter: who typed the PIN.
            ticked: ids of the checklist's items that they ticked.

        Raises:
            ForbiddenMoveError: not its turn, an item is not ticked (`job.checklist`), or the
                machine is not free, clear and well.
            NotAllowedError: no right, no authorisation for the machine, or not their job.
            NotFoundError: there is no such job.
            StorageError: it could not be written down; nothing was started.
            TransportError: the agent cannot be reached; nothing was started.
        """
        # A start is carried through even when the browser that asked for it hangs up half-way.
        return await asyncio.shield(asyncio.ensure_future(self._start(job_id, starter, ticked)))

    async def hold(self, person: Person | None, machine_id: str) -> None:
        """Ask a machine to hold: feed hold, beam off.

        Args:
            person: who asks; None for whoever stands at the machine's own tablet.
            machine_id: which one.

        Raises:
            NotAllowedError: nothing of theirs is on the machine.
            NotFoundError: the settings describe no such machine.
            TransportError: the agent cannot be reached.
        """
        self._require_theirs(person, machine_id)
        await self._agents.link(machine_id).send(Hold(reason=_BY_PERSON))
        await self._note_asked(person, machine_id, "machine.hold_asked")

    async def resume(self, person: Person, machine_id: str) -> None:
        """Ask a held machine to go on; written down first, for this one moves.

        Raises:
            NotAllowedError: nothing of theirs is on the machine.
            NotFoundError: the settings describe no such machine.
            StorageError: it could not be written down; nothing was sent.
            TransportError: the agent cannot be reached.
        """
        self._require_theirs(person, machine_id)
        await self._note(person, machine_id, "machine.resume_asked")
        await self._agents.link(machine_id).send(Resume())

    async def stop(self, person: Person | None, machine_id: str) -> None:
        """End whatever a machine does, now; works in every state.

        Args:
            person: who asks; None for whoever stands at the machine's own tablet: nobody has to
                say their name first to stop what they see going wrong.
            machine_id: which one.

        Raises:
            NotAllowedError: nothing of theirs is on the machine.
            NotFoundError: the settings describe no such machine.
            TransportError: the agent cannot be reached: use the machine's own stop.
        """
        self._require_theirs(person, machine_id)
        # SAFETY: sent before anything is written and without a lock, see
        # test_stop_reaches_the_agent_while_the_disk_is_full.
        await self._agents.link(machine_id).send(Stop(reason=_BY_PERSON))
        await self._note_asked(person, machine_id, "machine.stop_asked")

    async def clear_bed(self, person: Person, machine_id: str) -> None:
        """Note that somebody saw the empty bed: staff, who may start it, or whose job it was.

        Raises:
            ForbiddenMoveError: the machine is at work.
            NotAllowedError: none of those.
            NotFoundError: the settings describe no such machine.
        """
        machine = self._machine(machine_id)
        if self._jobs.last_owner(machine_id) != person.id and not person.may(Right.SUPERVISE):
            require_starter(self._database, machine, person)
        async with self._inboxes[machine_id].lock:
            view = self.view(machine_id)
            if view.job or view.state in (MachineState.BUSY, MachineState.PAUSED):
                raise ForbiddenMoveError("machine.busy")
            now = self._clock.now()

            def act(tables: Tables) -> None:
                run_store.set_needs_clearing(tables, machine_id, now, needs_it=False)
                _journal(tables, now, person, machine_id, "machine.clear")

            await self._database.write(act)

    async def set_out_of_service(self, person: Person, machine_id: str, reason: str | None) -> None:
        """Take a machine out of service for a reason, or back (None); a run goes on to its end.

        Raises:
            NotAllowedError: this person looks after nobody.
            NotFoundError: the settings describe no such machine.
        """
        require(person, Right.SUPERVISE)
        self._machine(machine_id)
        verb = "machine.in_service" if reason is None else "machine.out_of_service"
        async with self._inboxes[machine_id].lock:
            now = self._clock.now()

            def act(tables: Tables) -> None:
                run_store.set_service(tables, machine_id, now, reason)
                _journal(tables, now, person, machine_id, verb, reason=reason or "")

            await self._database.write(act)

    async def _start(self, job_id: str, starter: Person, ticked: frozenset[str]) -> Run:
        job = self._jobs.read(job_id)
        capacity(starter, job)
        machine = self._machine(job.machine_id)
        require_starter(self._database, machine, starter)
        require_ticked(machine, job, ticked, starter.language)
        async with self._inboxes[machine.id].lock:
            job = self._jobs.read(job_id)
            view, link = self.view(machine.id), self._agents.link(machine.id)
            return await self._starting.start(job, starter, view, link)

    async def _call_and_wait(self) -> None:
        """Call who is next everywhere, then sleep until something changed."""
        self._wake.clear()
        self._news.tell_ends()
        for id_, inbox in self._inboxes.items():
            async with inbox.lock:
                await self._call_next(id_)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LOOK_S):
                await self._wake.wait()

    async def _call_next(self, machine_id: str) -> None:
        waiting, view, now = self._jobs.queue(machine_id), self.view(machine_id), self._clock.now()
        patience_min = self._settings.queue.no_show_min
        next_id = next_to_call(waiting, view)
        for job in waiting:
            # Somebody may withdraw the job at this very moment; then there is nothing to do.
            with contextlib.suppress(ForbiddenMoveError):
                if job.id == next_id:
                    await self._database.write(partial(call, job=job, at=now))
                elif job.state is State.CALLED and is_no_show(job, waiting, now, patience_min):
                    await self._database.write(partial(_send_back, job=job, at=now))

    def _receive(self, machine_id: MachineId, message: AgentMessage) -> None:
        if not isinstance(message, StatusReport):
            self._inboxes[machine_id].put(message)
        elif self._last_states.get(machine_id) is not message.status.state:
            self._last_states[machine_id] = message.status.state
            self._wake.set()

    def _keep_doing(self, name: str, step: Callable[[], Awaitable[None]]) -> None:
        self._loops.append(asyncio.create_task(_forever(name, step), name=f"runner:{name}"))

    def _machine(self, machine_id: str) -> Machine:
        if machine_id not in self._settings.machines:
            raise NotFoundError("machine.unknown")
        return self._settings.machines[machine_id]

    def _require_theirs(self, person: Person | None, machine_id: str) -> None:
        self._machine(machine_id)
        if person is None or person.may(Right.SUPERVISE):
            return
        run = self._jobs.open_run(machine_id)
        if run is None or self._jobs.read(run.job_id).owner_id != person.id:
            raise NotAllowedError("job.not-yours")

    async def _note_asked(self, person: Person | None, machine_id: str, verb: str) -> None:
        """Journal what was asked and already sent; a full disk does not make it undone."""
        try:
            await self._note(person, machine_id, verb)
        except StorageError:
            who = person.id if person else "tablet"
            log.exception("%s by person=%s on machine=%s", verb, who, machine_id)

    async def _note(self, person: Person | None, machine_id: str, verb: str) -> None:
        now, run = self._clock.now(), self._jobs.open_run(machine_id)
        run_id = run.id if run else ""
        await self._database.write(
            lambda tables: _journal(tables, now, person, machine_id, verb, run=run_id)
        )


def _send_back(tables: Tables, job: Job, at: datetime) -> None:
    """Put a no-show behind everybody who waits now."""
    move(
        tables, job.id, Verb.RETURN, Actor.SCHEDULER, who=journal.HUB, at=at, reason=NO_SHOW,
        changes={"called_at": None, "queued_at": utc_text(at)},
    )  # fmt: skip


def _journal(
    tables: Tables, at: datetime, person: Person | None, machine_id: str, verb: str, **facts: Any
) -> None:
    who = journal.person(person.id) if person else journal.kiosk(machine_id)
    journal.append(tables, at, who, verb, f"machine:{machine_id}", facts)


async def _forever(name: str, step: Callable[[], Awaitable[None]]) -> None:
    """Do one thing again and again; an error is logged and the rest of the lab goes on."""
    while True:
        try:
            await step()
        except Exception:  # the outer loop of the hub's background work
            log.exception("%s", name)
            await asyncio.sleep(_RETRY_S)
