"""One run at a time, led from its start to its end, whichever that is.

The agent obeys the hub, and decides one thing alone: a laser whose hub is silent is held.
"""

import asyncio
import contextlib
import logging
from dataclasses import dataclass, field
from pathlib import Path

from drivers.agent_port import Port
from drivers.agent_story import Moment, Story
from fablab_hub.core.clock import Clock
from fablab_hub.core.errors import DriverError, FablabError, RunStoppedError, TransportError
from fablab_hub.core.ids import JobId, RunId
from fablab_hub.core.machines import MachineState
from fablab_hub.core.messages import RunEventKind, StartRun
from fablab_hub.core.programs import Program

log = logging.getLogger(__name__)

HEARTBEAT = "heartbeat"
"""Why a run is paused: the hub was silent."""
ENDED = "agent-ended"
"""Why a run failed: its agent was told to end."""

_WATCH_S = 0.05
_RUN_ENDS_WITHIN_S = 5.0


@dataclass(slots=True)
class _Run:
    """The run under way; it changes as it goes."""

    run_id: RunId
    job_id: JobId
    program: Program
    began_s: float
    lines_done: int = 0
    is_paused: bool = False
    stop_reason: str | None = None
    fault: FablabError | None = None
    task: asyncio.Task[None] | None = field(default=None, repr=False)

    @property
    def is_ending(self) -> bool:
        return self.stop_reason is not None or self.fault is not None


class Runs:
    """What a machine runs, and what may be done to it."""

    def __init__(self, port: Port, story: Story, clock: Clock, heartbeat_s: float) -> None:
        """Begin without a run.

        Args:
            port: the machine.
            story: takes what happens to each run.
            clock: measures runs and the hub's silence.
            heartbeat_s: how long the hub may be silent while a laser works.
        """
        self._port = port
        self._driver = port.driver
        self._story = story
        self._clock = clock
        self._heartbeat_s = heartbeat_s
        self._heard_s: float | None = None
        self._run: _Run | None = None
        self._is_starting = self._must_not_start = False
        self._pausing = asyncio.Lock()

    @property
    def run_id(self) -> RunId | None:
        """The run under way."""
        return self._run.run_id if self._run else None

    @property
    def is_busy(self) -> bool:
        """Tell whether a run is under way, or about to begin."""
        return self._run is not None or self._is_starting

    # the hub's life

    def heard_hub(self) -> None:
        """Note that the hub is alive."""
        self._heard_s = self._clock.now_s()

    def lost_hub(self) -> None:
        """Note that the hub hung up: as bad as silence, and known at once."""
        self._heard_s = None

    async def watch_heartbeat(self) -> None:
        """Hold the run of a laser whenever the hub is silent for too long; for ever."""
        # SAFETY: test_a_laser_is_held_within_a_second_of_the_hub_s_death
        while True:
            await asyncio.sleep(min(_WATCH_S, self._heartbeat_s / 4))
            run = self._run
            if run is None:
                continue
            run.lines_done = max(run.lines_done, self._driver.status().line)
            if run.is_paused or run.is_ending:
                continue
            if self._driver.capabilities.holds_without_hub and self._is_hub_silent():
                log.warning("run=%s: the hub is silent; holding", run.run_id)
                with contextlib.suppress(FablabError):
                    await self.hold(HEARTBEAT)

    def _is_hub_silent(self) -> bool:
        heard_s = self._heard_s
        return heard_s is None or self._clock.now_s() - heard_s > self._heartbeat_s

    # what the hub may ask

    async def start(self, asked: StartRun) -> None:
        """Verify the bytes, write STARTED, hand them to the driver, and lead the run to its end.

        Raises:
            FablabError: it did not begin, and why; once it began, its end is an event.
        """
        if self.is_busy:
            raise DriverError("agent.busy")
        self._refuse_unless_idle()
        self._is_starting, self._must_not_start = True, False
        try:
            run = await self._begin(asked)
        finally:
            self._is_starting = False
        await self._lead(run)

    async def _begin(self, asked: StartRun) -> _Run:
        program = Program(
            path=Path(asked.program_path),
            sha256=asked.program_sha256,
            lines=asked.lines,
            duration_s=asked.duration_s,
            marks=asked.marks,
        )
        await asyncio.to_thread(program.verify)
        if self._must_not_start:
            raise RunStoppedError("agent.stopped-early")
        self._refuse_unless_idle()
        run = _Run(asked.run_id, asked.job_id, program, self._clock.now_s())
        run.task = asyncio.current_task()
        self._story.write(run.run_id, run.job_id, RunEventKind.STARTED)
        self._run = run
        self._port.changed.set()
        return run

    def _refuse_unless_idle(self) -> None:
        status = self._port.status()
        if status.state is MachineState.IDLE:
            return
        if status.error_code is not None:
            raise DriverError(status.error_code, **status.error_fields)
        raise DriverError("agent.not-ready", state=status.state.value)

    async def hold(self, reason: str) -> None:
        """Hold the run, and tell when the machine stands still.

        Raises:
            DriverError: there is no run, or it could not be seen to stand still.
        """
        async with self._pausing:
            run = self._need_run()
            if run.is_paused:
                return
            try:
                await self._driver.hold()
            except TransportError as error:
                # SAFETY: what cannot be held is stopped (test_what_cannot_be_held_is_stopped).
                if self._run is run and not run.is_ending:
                    run.fault = error
                    await self._stop_driver(run)
                raise
            if self._run is run and not run.is_ending:
                run.is_paused = True
                self._write(run, RunEventKind.PAUSED, reason)

    async def resume(self) -> None:
        """Go on with the held run.

        Raises:
            DriverError: nothing is held, or the driver could not go on.
        """
        async with self._pausing:
            run = self._need_run()
            if not run.is_paused:
                raise DriverError("agent.not-paused")
            await self._driver.resume()
            if self._run is run:
                run.is_paused = False
                self._write(run, RunEventKind.RESUMED, "person")

    async def stop(self, reason: str) -> None:
        """End everything now; never waits behind a start, a hold or a lock.

        Raises:
            DriverError: the machine could not be seen to be safe.
        """
        self._must_not_start = True
        self._port.somebody_looked()
        run = self._run
        if run is not None and not run.is_ending:
            run.stop_reason = reason
        try:
            await self._stop_driver(run)
        except FablabError as error:
            if run is not None:
                run.fault = run.fault or error
            raise

    async def make_safe(self, reason: str) -> None:
        """End what is under way because this process ends: hold first, then everything off.

        Args:
            reason: why the run failed, an error's code.
        """
        self._must_not_start = True
        run = self._run
        if run is None:
            return
        fault = run.fault = run.fault or DriverError(reason)
        if self._driver.capabilities.holds_without_hub:
            with contextlib.suppress(FablabError):
                await self._driver.hold()
        with contextlib.suppress(FablabError):
            await self._stop_driver(run)
        if run.task is not None:
            await asyncio.gather(run.task, return_exceptions=True)
        if self._run is run:
            self._end(run, fault)

    async def _stop_driver(self, run: _Run | None) -> None:
        """Stop the driver; a run that does not end by that is ended here."""
        try:
            await self._driver.stop()
        finally:
            if run is not None and run.task is not None and self._run is run:
                await asyncio.wait({run.task}, timeout=_RUN_ENDS_WITHIN_S)
                run.task.cancel()

    def _need_run(self) -> _Run:
        if self._run is None:
            raise DriverError("agent.no-run")
        return self._run

    # a run's end

    async def _lead(self, run: _Run) -> None:
        """Lead a run to its end, whichever it is, and tell it."""
        try:
            await self._driver.run(run.program)
        except RunStoppedError as stopped:
            self._end(run, run.fault or stopped)
        except asyncio.CancelledError:
            if not run.is_ending:
                raise
            self._end(run, run.fault or RunStoppedError("driver.stopped"))
        except TransportError as error:
            with contextlib.suppress(FablabError):
                await self._driver.stop()
            self._end(run, run.fault or error)
        except FablabError as error:
            self._end(run, error)
        else:
            self._end(run, None)

    def _end(self, run: _Run, error: FablabError | None) -> None:
        if error is None:
            self._write(run, RunEventKind.DONE, lines_done=run.program.lines)
        elif isinstance(error, RunStoppedError):
            self._write(run, RunEventKind.STOPPED, run.stop_reason or error.code)
        else:
            log.error("run=%s failed: %s", run.run_id, error)
            facts = {name: str(fact) for name, fact in error.fields.items()}
            self._write(run, RunEventKind.FAILED, error.code, fields=facts)
            self._story.keep_last_lines(run.run_id, self._driver)
        self._run = None
        self._port.changed.set()

    def _write(
        self,
        run: _Run,
        kind: RunEventKind,
        reason: str = "",
        *,
        fields: dict[str, str] | None = None,
        lines_done: int = 0,
    ) -> None:
        moment = Moment(
            lines_done=max(lines_done, run.lines_done, self._driver.status().line),
            elapsed_s=self._clock.now_s() - run.began_s,
        )
        self._story.write(run.run_id, run.job_id, kind, reason, moment=moment, fields=fields)
        self._port.changed.set()
