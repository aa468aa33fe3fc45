"""Drives a GRBL laser through its own buffer, and stops it for sure or says that it could not.

A clean stop is feed hold, wait for `Hold:0`, soft reset: a reset in motion would raise ALARM:3 and
lose the position. The beam counts as off only when a later status says so. Nothing is unlocked,
homed or resumed by this driver itself.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable

from drivers.grbl import codec
from drivers.grbl.codec import (
    Alarm,
    Banner,
    Decoder,
    ErrorLine,
    Event,
    Message,
    Ok,
    Setting,
    Status,
)
from drivers.grbl.dialogue import DEFAULT_BUFFER_BYTES, POLL_S, Phase, Streaming
from drivers.grbl.view import machine_status, require_settings, trouble_code
from drivers.protocol import Capabilities, Identity
from drivers.transport import SerialTransport, Transport
from fablab_hub.core.clock import Clock
from fablab_hub.core.errors import (
    AlarmError,
    DriverError,
    LineRefusedError,
    RunStoppedError,
    TransportError,
)
from fablab_hub.core.machines import Machine, MachineState, MachineStatus
from fablab_hub.core.programs import Program

log = logging.getLogger(__name__)

GREETING_S = 4.0
"""A bootloader eats what is sent in the first two seconds; the banner comes after it."""

ANSWER_S = 3.0
SILENCE_S = 2.5
STANDSTILL_S = 5.0
LOST_ANSWER_S = 12.0
"""Idle for this long with a line unanswered: longer than any dwell that a check lets through."""

_RECENT_LINES = 500
_READ_S = 0.5
_QUIET = frozenset({"Idle", "Alarm", "Check", "Sleep"})


class GrblDriver:
    """One GRBL board on a transport; see `drivers.protocol.Driver`."""

    capabilities = Capabilities(holds=True, reports_position=True, holds_without_hub=True)

    def __init__(self, machine: Machine, transport: Transport, clock: Clock) -> None:
        self._machine = machine
        self._transport = transport
        self._clock = clock
        self._decoder = Decoder()
        self._recent: deque[str] = deque(maxlen=_RECENT_LINES)
        self._tasks: list[asyncio.Task[None]] = []
        self._changed = asyncio.Event()
        self._opened = 0
        self._forget()

    def _forget(self) -> None:
        """Know nothing: the port was just opened, or is closed."""
        self._report: Status | None = None
        self._reports = 0
        self._heard_s = self._clock.now_s()
        self._offset_mm: tuple[float, ...] = (0.0, 0.0, 0.0)
        self._lost: TransportError | None = None
        self._alarm: Alarm | None = None
        self._banner: Banner | None = None
        self._answers: list[Event] | None = None
        self._streaming: Streaming | None = None
        self._program_lines = 0
        self._is_stopping = False
        self._is_position_known = False
        self._buffer_bytes = DEFAULT_BUFFER_BYTES

    # --- the Driver protocol --------------------------------------------------------------

    async def open(self) -> Identity:
        """Open the port and ask the board who it is; what it may still be doing is stopped.

        Raises:
            TransportError: no port, taken by somebody else, or no answer in time.
            FirmwareMismatchError: laser mode is off, or full power is another number.
        """
        await self._transport.open()
        self._forget()
        self._decoder.reset()
        self._opened += 1
        self._tasks = [
            asyncio.create_task(self._listen(), name=f"grbl:{self._machine.id}:listen"),
            asyncio.create_task(self._poll(), name=f"grbl:{self._machine.id}:poll"),
        ]
        try:
            return await self._meet()
        except BaseException:
            await self.close()
            raise

    def status(self) -> MachineStatus:
        """Give what was last known, at once."""
        if self._lost is not None:
            return MachineStatus(state=MachineState.OFFLINE, error_code=self._lost.code)
        if not self._tasks or self._report is None:
            return MachineStatus(state=MachineState.OFFLINE)
        if self._is_silent():
            return MachineStatus(state=MachineState.OFFLINE, error_code="driver.silent")
        streaming = self._streaming
        return machine_status(
            self._report,
            self._machine,
            alarm=self._alarm,
            is_running=streaming is not None,
            is_position_known=self._is_position_known,
            lines=streaming.acknowledged if streaming else 0,
            program_lines=self._program_lines,
        )

    async def run(self, program: Program) -> None:
        """Stream a program and wait until the board stands idle after it.

        Raises:
            AlarmError: locked, an alarm, or a reset in the middle (`grbl.rebooted`).
            LineRefusedError: names the line; the machine was stopped.
            TransportError: the line is gone or silent, or an answer was lost.
            RunStoppedError: `stop` was called.
        """
        status = self.status()
        if status.state is not MachineState.IDLE:
            raise AlarmError(status.error_code or "grbl.not-idle", state=status.detail)
        self._is_stopping = False
        self._program_lines = program.lines
        streaming = Streaming(program.read_lines(), self._buffer_bytes)
        self._streaming = streaming
        try:
            await self._stream(streaming)
            await self._conclude(streaming)
        finally:
            self._streaming = None

    async def hold(self) -> None:
        """Feed hold; returns when the head stands still and the beam is off.

        Raises:
            TransportError: it could not be seen to stand still with its beam off.
        """
        self._transport.write(codec.HOLD)
        if not await self._wait(self._stands_dark, STANDSTILL_S):
            raise TransportError("driver.beam-unknown", machine=self._machine.id)

    async def resume(self) -> None:
        """Go on after a hold.

        Raises:
            TransportError: the board did not say that it goes on.
        """
        self._transport.write(codec.RESUME)
        if not await self._wait(lambda: not self._is_held(), ANSWER_S):
            raise TransportError("driver.silent")

    async def stop(self) -> None:
        """Hold, reset, and see that the beam is off; works in every state.

        Raises:
            TransportError: `driver.beam-unknown`: use the emergency stop.
        """
        # SAFETY: never behind a lock, test_stop_turns_the_beam_off_in_every_state.
        self._is_stopping = True
        self._changed.set()
        try:
            was_moving = not self._stands_still()
            if was_moving:
                self._transport.write(codec.HOLD)
                was_moving = not await self._wait(self._stands_still, STANDSTILL_S)
            if was_moving:
                self._is_position_known = False
            self._banner = None
            self._transport.write(codec.SOFT_RESET)
            seen = self._reports
            is_reset = await self._wait(lambda: self._banner is not None, ANSWER_S)
            is_dark = await self._wait(lambda: self._reports > seen and self._is_dark(), ANSWER_S)
        except TransportError as error:
            raise TransportError("driver.beam-unknown", machine=self._machine.id) from error
        if not (is_reset and is_dark):
            raise TransportError("driver.beam-unknown", machine=self._machine.id)
        self._alarm = None if self._report and self._report.state != "Alarm" else self._alarm

    async def close(self) -> None:
        """Let go of the port; never raises."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
        await self._transport.close()
        self._changed.set()

    def recent_lines(self) -> list[str]:
        """Give the last lines that the board said, for the log of a failed run."""
        return list(self._recent)

    # --- meeting the board ----------------------------------------------------------------

    async def _meet(self) -> Identity:
        """Wait for the board, stop what nobody asked for, and read who it is.

        Only status questions are sent before it has spoken: they cannot do harm.
        """
        if not await self._wait(lambda: self._report is not None, GREETING_S):
            raise TransportError("driver.silent", port=self._machine.port)
        if self._report is not None and self._report.state not in _QUIET:
            log.warning("machine=%s was at work when it was opened; stopping it", self._machine.id)
            await self.stop()
        identity = await self._identify()
        settings = {
            event.number: event.value
            for event in await self._ask(codec.READ_SETTINGS)
            if isinstance(event, Setting)
        }
        require_settings(self._machine, settings)
        # Without homing, zero is where the head stands when it is first met; never again after.
        self._is_position_known = self._opened == 1 and not settings.get(22)
        return identity

    async def _identify(self) -> Identity:
        said = {
            event.kind: event.text
            for event in await self._ask(codec.IDENTIFY)
            if isinstance(event, Message)
        }
        options = said.get("OPT", "")
        told = codec.buffer_bytes(options)
        if told is not None:
            self._buffer_bytes = max(told - 1, 1)
        firmware = said.get("FIRMWARE") or (self._banner.firmware if self._banner else "Grbl")
        return Identity(firmware=firmware, version=said.get("VER", "?"), options=options)

    async def _ask(self, question: bytes) -> list[Event]:
        """Send a system command while nothing runs; gives what came before its `ok`.

        Raises:
            TransportError: no answer in time.
            DriverError: the board refused to answer.
        """
        self._answers = []
        self._transport.write(question)

        def is_answered() -> bool:
            return any(isinstance(event, Ok | ErrorLine) for event in self._answers or ())

        try:
            if not await self._wait(is_answered, ANSWER_S):
                raise TransportError("driver.silent", port=self._machine.port)
            answers = self._answers
        finally:
            self._answers = None
        if any(isinstance(event, ErrorLine) for event in answers):
            raise DriverError("grbl.no-answer", question=question.decode().strip())
        return answers

    # --- a run ----------------------------------------------------------------------------

    async def _stream(self, streaming: Streaming) -> None:
        """Feed the board until the run is over, one way or another."""
        stuck_since_s: float | None = None
        while not streaming.is_over:
            if self._is_stopping:
                raise RunStoppedError("driver.stopped")
            self._require_line()
            if data := streaming.take():
                self._transport.write(data)
            await self._wait_for_change(POLL_S)
            if streaming.awaits_answer and self._report and self._report.state == "Idle":
                stuck_since_s = stuck_since_s or self._clock.now_s()
                if self._clock.now_s() - stuck_since_s > LOST_ANSWER_S:
                    raise TransportError("grbl.lost-answer")
            else:
                stuck_since_s = None

    async def _conclude(self, streaming: Streaming) -> None:
        """Turn the end of a run into a return or an error."""
        if self._is_stopping:
            raise RunStoppedError("driver.stopped")
        match streaming.phase:
            case Phase.REFUSED:
                # SAFETY: GRBL goes on with what it holds: test_a_refused_line_stops_the_machine.
                await self.stop()
                sent = streaming.troubled_line
                raise LineRefusedError(
                    trouble_code(streaming.trouble),
                    line=sent.number if sent else 0,
                    text=sent.text.decode("ascii", "replace") if sent else "",
                )
            case Phase.ALARM:
                self._is_position_known = False
                raise AlarmError(trouble_code(streaming.trouble or self._alarm))
            case Phase.LOST:
                self._is_position_known = False
                raise AlarmError("grbl.rebooted")
            case _:
                return

    # --- listening ------------------------------------------------------------------------

    async def _listen(self) -> None:
        try:
            while True:
                for event in self._decoder.feed(await self._transport.read(_READ_S)):
                    self._heed(event)
        except TransportError as error:
            self._lose(error)

    async def _poll(self) -> None:
        """Ask for the status a few times a second; real-time bytes bypass the program."""
        try:
            while True:
                self._transport.write(codec.STATUS)
                await asyncio.sleep(POLL_S)
        except TransportError as error:
            self._lose(error)

    def _heed(self, event: Event) -> None:
        self._heard_s = self._clock.now_s()
        if isinstance(event, Status):
            self._report = event
            self._reports += 1
        else:
            self._recent.append(repr(event))
        if isinstance(event, Alarm):
            self._alarm = event
        elif isinstance(event, Banner):
            self._banner = event
        if self._answers is not None:
            self._answers.append(event)
        if self._streaming is not None:
            self._streaming.heed(event)
        self._changed.set()

    def _lose(self, error: TransportError) -> None:
        self._lost = error
        self._is_position_known = False
        self._changed.set()

    # --- seeing ---------------------------------------------------------------------------

    def _is_silent(self) -> bool:
        return self._clock.now_s() - self._heard_s > SILENCE_S

    def _is_held(self) -> bool:
        return self._report is not None and self._report.state in ("Hold", "Door")

    def _stands_still(self) -> bool:
        """Tell whether the last report is of a machine that does not move."""
        report = self._report
        if report is None:
            return False
        return report.state in _QUIET or (self._is_held() and report.detail in ("", "0"))

    def _is_dark(self) -> bool:
        return self._report is not None and not self._report.power_s

    def _stands_dark(self) -> bool:
        return self._stands_still() and self._is_dark()

    def _require_line(self) -> None:
        if self._lost is not None:
            raise self._lost
        if self._is_silent():
            raise TransportError("driver.silent", port=self._machine.port)

    async def _wait(self, is_so: Callable[[], bool], timeout_s: float) -> bool:
        """Wait until something is seen on a report that comes from now on; tells whether it was.

        Raises:
            TransportError: the line was lost meanwhile.
        """
        seen = self._reports
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while self._reports == seen or not is_so():
                    if self._lost is not None:
                        raise self._lost
                    await self._wait_for_change(timeout_s)
        return self._reports > seen and is_so()

    async def _wait_for_change(self, timeout_s: float) -> None:
        self._changed.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._changed.wait()


def make(machine: Machine, clock: Clock) -> GrblDriver:
    """Make the driver of a machine of `fablab.toml`; opens nothing."""
    return GrblDriver(machine, SerialTransport(machine.port, machine.baud), clock)
