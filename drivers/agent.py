"""The agent: the process that owns one machine, and speaks with the hub about it.

A hub may come and go; the agent stays as long as there is something to do. Every command runs in
a task of its own, so that a stop never waits behind a hold, and the hub's heartbeat is heard
whatever else is under way.
"""

import asyncio
import contextlib
import fcntl
import logging
import os
import signal
from collections.abc import AsyncIterator, Coroutine, Iterator
from pathlib import Path
from typing import Any

from drivers.agent_link import HubLink
from drivers.agent_port import Port
from drivers.agent_runs import ENDED, Runs
from drivers.agent_story import Story
from drivers.protocol import Driver
from drivers.spool import Spool
from fablab_hub.core.clock import Clock
from fablab_hub.core.errors import DriverError, FablabError
from fablab_hub.core.ids import MachineId, RunId
from fablab_hub.core.machines import Machine, MachineState, MachineStatus
from fablab_hub.core.messages import (
    PROTOCOL,
    Acknowledge,
    Hold,
    HubMessage,
    Quit,
    Refused,
    Resume,
    StartRun,
    StatusReport,
    Stop,
    Welcome,
)

log = logging.getLogger(__name__)

_REPORT_S = 0.2
_IDLE_REPORT_S = 1.0


async def serve_agent(
    machine: Machine,
    driver: Driver,
    socket_path: Path,
    spool_folder: Path,
    clock: Clock,
    idle_exit_s: float = 60.0,
) -> None:
    """Own a machine until told to end, or until idle without a hub for some time.

    Args:
        machine: as `fablab.toml` describes it; its port is a real path.
        driver: speaks to it; not open yet.
        socket_path: where the hub finds this agent.
        spool_folder: where the story of its runs is kept.
        clock: for the heartbeat and the events.
        idle_exit_s: how long it stays with no hub and nothing to do.

    Raises:
        DriverError: another agent owns this machine.
        StorageError: the spool's folder cannot be written.
    """
    with _only_agent(machine, socket_path):
        agent = _Agent(machine, driver, Spool(spool_folder), spool_folder, clock)
        reason = ENDED
        try:
            await agent.serve(socket_path, idle_exit_s)
        except Exception:
            log.exception("machine=%s: the agent failed", machine.id)
            reason = "internal"
            raise
        finally:
            await agent.end(reason)


class _Agent:
    """The parts of one agent, and the messages between them."""

    def __init__(
        self, machine: Machine, driver: Driver, spool: Spool, folder: Path, clock: Clock
    ) -> None:
        self._machine = machine
        self._clock = clock
        self._spool = spool
        self._story = Story(spool, folder, clock)
        self._port = Port(driver, must_stop_first=spool.open_run is not None)
        self._runs = Runs(self._port, self._story, clock, machine.heartbeat_s)
        self._link = HubLink(self._welcome, self._heed, self._lose_hub)
        self._story.tell = self._link.send
        self._must_end = asyncio.Event()
        self._tasks: asyncio.TaskGroup | None = None
        self._commands: set[asyncio.Task[None]] = set()
        self._reported: tuple[MachineStatus, RunId | None] | None = None
        self._alone_since_s = clock.now_s()

    async def serve(self, socket_path: Path, idle_exit_s: float) -> None:
        """Serve until it is time to end; an error that nobody foresaw comes out of here."""
        self._story.fail_lost_run()
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            lasting = [
                tasks.create_task(work)
                for work in (
                    self._port.keep_open(lambda: self._runs.is_busy),
                    self._runs.watch_heartbeat(),
                    self._report(),
                    self._watch_idleness(idle_exit_s),
                )
            ]
            async with _listening(self._link, socket_path):
                with _ended_by_signals(self._must_end):
                    await self._must_end.wait()
            await self._runs.make_safe(ENDED)
            for task in (*lasting, *self._commands):
                task.cancel()

    async def end(self, reason: str) -> None:
        """Leave the machine safe and let go of it."""
        await self._runs.make_safe(reason)
        await self._link.close()
        await self._port.driver.close()

    # what the hub says

    def _welcome(self) -> None:
        """Greet a hub: who this is, then everything that it may not have heard."""
        self._runs.heard_hub()
        events = self._spool.unacknowledged
        identity = self._port.identity
        self._link.send(
            Welcome(
                protocol=PROTOCOL,
                machine_id=MachineId(self._machine.id),
                identity=f"{identity.firmware} {identity.version}".strip() if identity else "",
                pid=os.getpid(),
                spool_id=self._spool.spool_id,
                run_id=self._runs.run_id or (events[-1].run_id if events else None),
            )
        )
        for event in events:
            self._link.send(event)
        self._reported = None
        self._port.changed.set()

    def _lose_hub(self) -> None:
        self._runs.lost_hub()
        self._alone_since_s = self._clock.now_s()

    def _heed(self, message: HubMessage) -> None:
        """Do what the hub says, without waiting for it to be done."""
        self._runs.heard_hub()
        match message:
            case StartRun():
                self._do(message, self._runs.start(message))
            case Hold(reason=reason):
                self._do(message, self._runs.hold(reason))
            case Resume():
                self._do(message, self._runs.resume())
            case Stop(reason=reason):
                self._do(message, self._runs.stop(reason))
            case Acknowledge(spool_id=spool_id, seq=seq):
                with contextlib.suppress(FablabError):
                    self._spool.acknowledge(spool_id, seq)
            case Quit():
                self._do(message, self._quit())
            case _:
                pass

    def _do(self, message: HubMessage, work: Coroutine[Any, Any, None]) -> None:
        if self._tasks is None or self._must_end.is_set():
            work.close()
            return
        task = self._tasks.create_task(self._obey(message, work))
        self._commands.add(task)
        task.add_done_callback(self._commands.discard)

    async def _obey(self, message: HubMessage, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except FablabError as error:
            self._refuse(message, error)

    def _refuse(self, message: HubMessage, error: FablabError) -> None:
        command = type(message).__name__
        log.warning("machine=%s refused %s: %s", self._machine.id, command, error)
        facts = {name: str(fact) for name, fact in error.fields.items()}
        self._link.send(Refused(command=command, code=error.code, fields=facts))

    async def _quit(self) -> None:
        if self._runs.is_busy:
            raise DriverError("agent.busy")
        self._must_end.set()

    # what lasts as long as the agent

    async def _report(self) -> None:
        """Tell how the machine is: on change, often while it works; for ever."""
        sent_s = self._clock.now_s()
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_REPORT_S):
                    await self._port.changed.wait()
            self._port.changed.clear()
            now = (self._port.status(), self._runs.run_id)
            if self._is_news(now, self._clock.now_s() - sent_s):
                self._reported, sent_s = now, self._clock.now_s()
                self._link.send(StatusReport(status=now[0], run_id=now[1]))

    def _is_news(self, now: tuple[MachineStatus, RunId | None], after_s: float) -> bool:
        """Tell whether a report is due: at once for another state, in turn for details."""
        if self._reported is None or not self._link.is_up:
            return self._link.is_up
        before, run_before = self._reported
        status, run_id = now
        if now == self._reported:
            return False
        has_turned = (before.state, before.error_code, run_before) != (
            status.state,
            status.error_code,
            run_id,
        )
        is_working = status.state in (MachineState.BUSY, MachineState.PAUSED)
        return has_turned or after_s >= (_REPORT_S if is_working else _IDLE_REPORT_S)

    async def _watch_idleness(self, idle_exit_s: float) -> None:
        """End the agent when there has been nothing to do and nobody to do it for."""
        while True:
            await asyncio.sleep(min(1.0, idle_exit_s / 4))
            if self._link.is_up or self._runs.is_busy:
                self._alone_since_s = self._clock.now_s()
            elif self._clock.now_s() - self._alone_since_s >= idle_exit_s:
                log.info("machine=%s: nothing to do and no hub; ending", self._machine.id)
                self._must_end.set()


@contextlib.contextmanager
def _only_agent(machine: Machine, socket_path: Path) -> Iterator[None]:
    """Make sure that no other agent owns this machine, for as long as this one lives."""
    socket_path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with socket_path.with_name(f"{socket_path.name}.lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DriverError("agent.already-runs", machine=machine.id) from error
        yield


@contextlib.asynccontextmanager
async def _listening(link: HubLink, socket_path: Path) -> AsyncIterator[None]:
    """Listen on a socket that only this user may use; one that was left behind is replaced."""
    _remove_socket(socket_path)
    mask = os.umask(0o177)
    try:
        server = await asyncio.start_unix_server(link.serve, str(socket_path))
    finally:
        os.umask(mask)
    try:
        yield
    finally:
        server.close()
        _remove_socket(socket_path)


def _remove_socket(socket_path: Path) -> None:
    socket_path.unlink(missing_ok=True)


@contextlib.contextmanager
def _ended_by_signals(must_end: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)
    for number in signals:
        loop.add_signal_handler(number, must_end.set)
    try:
        yield
    finally:
        for number in signals:
            loop.remove_signal_handler(number)
