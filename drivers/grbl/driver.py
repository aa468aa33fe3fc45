"""Drives a GRBL laser through its own buffer, and stops it for sure or says that it could not.

A clean stop is feed hold, wait for `Hold:0`, soft reset: a reset in motion would raise ALARM:3 and
lose the position. The beam counts as off only when a later status says so. Nothing is unlocked,
homed or resumed by this driver itself.
"""

import asyncio
import logging

from drivers.grbl import codec
from drivers.grbl.codec import Alarm, Banner, Event, Message, Setting
from drivers.grbl.conversation import ANSWER_S, Conversation
from drivers.grbl.dialogue import DEFAULT_BUFFER_BYTES, POLL_S, Phase, Streaming
from drivers.grbl.view import (
    is_at_rest,
    is_dark,
    is_held,
    machine_status,
    require_settings,
    stands_still,
    trouble_code,
)
from drivers.protocol import Capabilities, Identity
from drivers.transport import SerialTransport, Transport
from fablab_hub.core.clock import Clock
from fablab_hub.core.errors import (
    AlarmError,
    DriverError,
    FileError,
    LineRefusedError,
    RunStoppedError,
    TransportError,
)
from fablab_hub.core.machines import Machine, MachineState, MachineStatus
from fablab_hub.core.programs import Program

log = logging.getLogger(__name__)

GREETING_S = 4.0
"""A bootloader eats what is sent in the first two seconds; the banner comes after it."""

STANDSTILL_S = 5.0
"""How long a hold may slow down: 15 m/min with 50 mm/s²."""

LOST_ANSWER_S = 4.0
"""Idle for this long, after the longest dwell, with a line unanswered: its answer was lost.

Longer than `SILENCE_S`, so that a board that died while idle is called silent.
"""

_DUMB_S = 1.0
"""A board that reports nothing for this long after a hold is reset without waiting further."""

_RESET_S = 1.5
_RESETS = 2


class GrblDriver:
    """One GRBL board on a transport; see `drivers.protocol.Driver`."""

    capabilities = Capabilities(holds=True, reports_position=True, holds_without_hub=True)

    def __init__(
        self,
        machine: Machine,
        transport: Transport,
        clock: Clock,
        *,
        lost_answer_s: float = LOST_ANSWER_S,
    ) -> None:
        self._machine = machine
        self._lost_answer_s = lost_answer_s
        self._clock = clock
        self._line = Conversation(transport, clock, machine, self._heed)
        self._has_met = False
        self._is_position_known = False
        self._buffer_bytes = DEFAULT_BUFFER_BYTES
        self._streaming: Streaming | None = None
        self._stopping: asyncio.Task[None] | None = None
        self._lines_done = 0
        self._program: Program | None = None

    # --- the Driver protocol --------------------------------------------------------------

    async def open(self) -> Identity:
        """Open the port and ask the board who it is; what it may still be doing is stopped.

        Raises:
            TransportError: no port, taken by somebody else, or no answer in time.
            FirmwareMismatchError: laser mode is off, or full power is another number.
        """
        await self._line.open()
        try:
            return await self._meet()
        except BaseException:
            await self.close()
            raise

    def status(self) -> MachineStatus:
        """Give what was last known, at once."""
        line = self._line
        if not line.is_open:
            return MachineStatus(state=MachineState.OFFLINE)
        if line.fault is not None:
            return MachineStatus(state=MachineState.OFFLINE, error_code=line.fault.code)
        if line.report is None:
            return MachineStatus(state=MachineState.OFFLINE)
        if line.is_silent:
            return MachineStatus(state=MachineState.OFFLINE, error_code="driver.silent")
        lines = self._streaming.acknowledged if self._streaming else self._lines_done
        return machine_status(
            line.report,
            self._machine,
            alarm=line.alarm,
            is_deaf=line.is_deaf,
            is_running=self._streaming is not None,
            position_mm=line.position_mm if self._is_position_known else None,
            lines=lines,
            fraction=self._program.fraction_at(lines) if self._program else 0.0,
        )

    async def run(self, program: Program) -> None:
        """Stream a program and wait until the board stands idle after it.

        Raises:
            AlarmError: locked, an alarm, or a reset in the middle (`grbl.rebooted`).
            LineRefusedError: names the line; the machine was stopped.
            TransportError: the line is gone or silent, or the answers cannot be counted.
            RunStoppedError: `stop` was called; raised when the stop has ended.
            FileError: the program is gone; the machine was stopped.
        """
        self._require_ready()
        try:
            streaming = Streaming(program.read_lines(), self._buffer_bytes)
        except OSError as error:
            raise FileError("program.missing", sha256=program.sha256) from error
        self._streaming, self._program = streaming, program
        try:
            await self._stream(streaming)
            await self._conclude(streaming)
        except OSError as error:
            await self.stop()
            raise FileError("program.missing", sha256=program.sha256) from error
        finally:
            self._lines_done = streaming.acknowledged
            self._streaming = None

    async def hold(self) -> None:
        """Feed hold; returns when the head stands still and the beam is off.

        Raises:
            AlarmError: the board stopped by itself meanwhile.
            TransportError: it could not be seen to stand still with its beam off.
        """
        # SAFETY: test_a_hold_returns_only_when_the_beam_is_off_and_the_head_stands_still.
        is_still = await self._hold()
        if self._line.is_deaf:
            raise AlarmError(trouble_code(self._line.alarm))
        if not (is_still and await self._line.until(self._is_seen_dark, ANSWER_S)):
            raise TransportError("driver.beam-unknown", machine=self._machine.id)

    async def resume(self) -> None:
        """Go on after a hold.

        Raises:
            TransportError: the port is gone.
            DriverError: the board stays where it is (`grbl.still-held`), as with its door open.
        """
        line = self._line
        # The board does not heed a resume while it still slows down.
        await line.until(lambda: not self._is_held() or stands_still(line.report), STANDSTILL_S)
        seen = line.reports
        line.say(codec.RESUME)
        if not await line.until(lambda: line.reports > seen and not self._is_held(), ANSWER_S):
            raise DriverError("grbl.still-held", state=self.status().detail)

    async def stop(self) -> None:
        """Hold, reset, and see that the beam is off; works in every state.

        Two stops at once are one: the second waits for what the first one sees.

        Raises:
            TransportError: `driver.beam-unknown`: use the emergency stop.
        """
        # SAFETY: never behind a lock, test_stop_turns_the_beam_off_in_every_state.
        if self._streaming is not None:
            self._streaming.stop()
        if self._stopping is None or self._stopping.done():
            self._stopping = asyncio.create_task(self._make_safe(), name="grbl:stop")
            self._stopping.add_done_callback(_note_failure)
        self._line.wake()
        await asyncio.shield(self._stopping)

    async def close(self) -> None:
        """Let go of the port; never raises."""
        await self._line.close()
        if self._stopping is not None:
            await asyncio.gather(self._stopping, return_exceptions=True)

    def recent_lines(self) -> list[str]:
        """Give the last lines on the wire, for the log of a failed run."""
        return self._line.recent_lines()

    # --- meeting the board ----------------------------------------------------------------

    async def _meet(self) -> Identity:
        """Wait for the board, end what nobody asked for, and read who it is.

        Only status questions are sent before it has spoken: they cannot do harm. A board that
        did not start anew with the port may hold half a line, or a beam that stands still and
        burns (M3): it is reset. One that waits for a reset after an alarm says nothing before.
        """
        line = self._line
        if not await line.until(lambda: line.reports > 0, GREETING_S):
            line.say(codec.SOFT_RESET)
            if not await line.until(lambda: line.reports > 0, _RESET_S):
                raise TransportError("driver.silent", port=self._machine.port)
        is_fresh = line.banner is not None and is_dark(line.report)
        if not (is_fresh and is_at_rest(line.report)):
            await self._make_safe()
        identity = await self._identify()
        settings = {
            event.number: event.value
            for event in await line.ask(codec.READ_SETTINGS)
            if isinstance(event, Setting)
        }
        require_settings(self._machine, settings)
        # Without homing, zero is where the head stands when it is first met; never again after.
        self._is_position_known = not self._has_met and not settings.get(22)
        self._has_met = True
        return identity

    async def _identify(self) -> Identity:
        said = {
            event.kind: event.text
            for event in await self._line.ask(codec.IDENTIFY)
            if isinstance(event, Message)
        }
        options = said.get("OPT", "")
        told = codec.buffer_bytes(options)
        self._buffer_bytes = DEFAULT_BUFFER_BYTES if told is None else max(told - 1, 1)
        banner = self._line.banner
        firmware = said.get("FIRMWARE") or (banner.firmware if banner else "Grbl")
        return Identity(firmware=firmware, version=said.get("VER", "?"), options=options)

    # --- a run ----------------------------------------------------------------------------

    def _require_ready(self) -> None:
        if self._stopping is not None and not self._stopping.done():
            raise RunStoppedError("driver.stopped")
        self._line.require_line()
        status = self.status()
        if status.state is MachineState.OFFLINE:
            raise TransportError("driver.port-lost", port=self._machine.port)
        if status.state is not MachineState.IDLE:
            raise AlarmError(status.error_code or "grbl.not-idle", state=status.detail)

    async def _stream(self, streaming: Streaming) -> None:
        """Feed the board until the run is over, one way or another."""
        line = self._line
        limits = self._machine.laser
        patience_s = self._lost_answer_s + (limits.max_dwell_s if limits else 0.0)
        waits_since_s: float | None = None
        while not streaming.is_over:
            line.require_line()
            if data := streaming.take():
                line.say(data)
            await line.change(POLL_S)
            is_idle = line.report is not None and line.report.state == "Idle"
            if not (is_idle and streaming.awaits_answer):
                waits_since_s = None
                continue
            waits_since_s = self._clock.now_s() if waits_since_s is None else waits_since_s
            if self._clock.now_s() - waits_since_s > patience_s:
                await self.stop()
                raise TransportError("grbl.lost-answer")

    async def _conclude(self, streaming: Streaming) -> None:
        """Turn the end of a run into a return or an error."""
        match streaming.phase:
            case Phase.REFUSED:
                # SAFETY: GRBL goes on with what it holds: test_a_refused_line_stops_the_machine.
                await self.stop()
                self._is_position_known = False
                sent = streaming.troubled_line
                raise LineRefusedError(
                    trouble_code(streaming.trouble),
                    line=sent.number if sent else 0,
                    text=sent.text.decode("ascii", "replace") if sent else "",
                )
            case Phase.ALARM:
                self._is_position_known = False
                raise AlarmError(trouble_code(streaming.trouble or self._line.alarm))
            case Phase.LOST:
                self._is_position_known = False
                raise AlarmError("grbl.rebooted")
            case Phase.MISCOUNTED:
                await self.stop()
                self._is_position_known = False
                raise TransportError("grbl.extra-answer")
            case Phase.STOPPED:
                await self.stop()
                raise RunStoppedError("driver.stopped")
            case _:
                if not is_dark(self._line.report):
                    # M3 without M5 burns on, standing still (seen with grbl 1.1h).
                    log.warning("machine=%s ended with its beam on", self._machine.id)
                    await self.stop()

    def _heed(self, event: Event) -> None:
        if isinstance(event, Alarm | Banner):
            # A board that restarts says that it stands at zero, wherever its head is.
            self._is_position_known = False
        if self._streaming is not None:
            self._streaming.heed(event)

    # --- standing still, and dark ---------------------------------------------------------

    async def _hold(self) -> bool:
        """Send a feed hold, and wait until the head is seen to stand; tells whether it was.

        Raises:
            TransportError: the port is gone.
        """
        line = self._line
        line.count_idle_anew()
        seen = line.reports
        line.say(codec.HOLD)

        def is_still() -> bool:
            has_news = line.reports > seen
            return has_news and stands_still(line.report, idle_reports=line.idle_reports)

        if await line.until(lambda: line.reports > seen or line.is_deaf, _DUMB_S):
            await line.until(lambda: is_still() or line.is_deaf, STANDSTILL_S)
        return is_still()

    async def _make_safe(self) -> None:
        """Bring the machine to a standstill, reset the board, and see that the beam is off."""
        line = self._line
        try:
            is_clean = line.is_deaf or await self._hold()
            is_kept = is_clean and self._is_position_known
            for _ in range(_RESETS):
                self._is_position_known = False
                if await self._reset():
                    self._is_position_known = is_kept and line.alarm is None
                    return
                is_kept = False
        except TransportError as error:
            self._is_position_known = False
            raise TransportError("driver.beam-unknown", machine=self._machine.id) from error
        raise TransportError("driver.beam-unknown", machine=self._machine.id)

    async def _reset(self) -> bool:
        """Send a soft reset; tells whether the board was then seen to be at rest and dark."""
        line = self._line
        banner, seen = line.banner, line.reports
        line.say(codec.SOFT_RESET)
        was_held = self._is_held()

        def is_safe() -> bool:
            has_restarted = line.banner is not banner or was_held
            is_seen = line.reports > seen and is_at_rest(line.report) and is_dark(line.report)
            return is_seen and has_restarted

        return await line.until(is_safe, _RESET_S)

    def _is_held(self) -> bool:
        return is_held(self._line.report)

    def _is_seen_dark(self) -> bool:
        return is_dark(self._line.report)


def _note_failure(task: asyncio.Task[None]) -> None:
    """Take note of a stop that failed, for whoever asked for it may have gone."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("a stop failed: %s", error)


def make(machine: Machine, clock: Clock) -> GrblDriver:
    """Make the driver of a machine of `fablab.toml`; opens nothing."""
    return GrblDriver(machine, SerialTransport(machine.port, machine.baud), clock)
