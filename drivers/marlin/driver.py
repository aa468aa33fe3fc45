"""The driver of a printer with Marlin: streams a program, pauses it, and ends it safely."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from drivers.marlin.codec import Event, Start
from drivers.marlin.conversation import Conversation
from drivers.marlin.dialogue import MILESTONE, Patience
from drivers.marlin.known import Known
from drivers.protocol import Capabilities, Driver, Identity
from drivers.transport import SerialTransport, Transport
from fablab_hub.core.clock import Clock
from fablab_hub.core.errors import (
    AlarmError,
    FablabError,
    FirmwareMismatchError,
    LineRefusedError,
    RunStoppedError,
    TransportError,
)
from fablab_hub.core.machines import Machine, MachineState, MachineStatus
from fablab_hub.core.programs import Program

OFF = b"\nM108\nM410\nM104 S0\nM140 S0\nM107\nM84 X Y E\n"
"""Ends a wait, ends motion, then heaters, fan and motors off; Z keeps the nozzle off the part.

Sent as it is, all at once: the first two act as they arrive (`EMERGENCY_PARSER`), and the rest
fits a Marlin's buffer, so that it is obeyed even if the hub's computer dies now.
"""


_DEAF_S = 1.2
"""After `M410` Marlin drops every move for a second (`cleaning_buffer_counter`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How long the driver waits.

    Attributes:
        greet_s: for a first answer; bootloaders and boot take some seconds.
        try_s: between two tries.
        busy_s: for a first answer of a board that says it is busy.
        stop_s: until a stop must be seen to have worked.
        ask_s: between two questions while all is well; also finds a line that died.
    """

    greet_s: float = 15.0
    try_s: float = 2.0
    busy_s: float = 120.0
    stop_s: float = 20.0
    ask_s: float = 10.0
    patience: Patience = field(default_factory=Patience)


def make(machine: Machine, clock: Clock) -> Driver:
    """Make the driver of a machine; opens nothing."""
    return MarlinDriver(machine, clock, SerialTransport(machine.port, machine.baud))


class MarlinDriver:
    """One printer. See `drivers.protocol.Driver`."""

    capabilities = Capabilities(holds=True, reports_position=True, holds_without_hub=False)

    def __init__(
        self, machine: Machine, clock: Clock, line: Transport, timing: Timing | None = None
    ) -> None:
        self._machine = machine
        self._clock = clock
        self._timing = timing or Timing()
        self._talk = Conversation(
            line, clock, self._heed, patience=self._timing.patience, ask_s=self._timing.ask_s
        )
        self._known = Known()
        self._is_open = False
        self._program: Program | None = None
        self._is_streaming = self._wants_hold = self._is_held = False
        self._lines_done = 0
        self._stops = 0
        self._deaf_until_s = clock.now_s()
        self._was_stopped = False
        self._run_fault: FablabError | None = None
        self._stop_fault: FablabError | None = None

    # opening and closing

    async def open(self) -> Identity:
        """Open the port and ask the board who it is; see `Driver.open`."""
        self._known = Known()
        await self._talk.open()
        try:
            await self._greet()
            await self._talk.ask(b"M115")
            firmware = self._known.firmware
            if firmware is None:
                raise FirmwareMismatchError("marlin.other-firmware")
            await self._prepare()
        except BaseException:
            await self._talk.close()
            raise
        self._is_open = True
        options = " ".join(sorted(self._known.abilities))
        return Identity(firmware=firmware.name, version=firmware.version, options=options)

    async def _greet(self) -> None:
        """Begin a dialogue with a board that may be asleep, starting, or in a long wait.

        Raises:
            TransportError: nothing answered.
            FirmwareMismatchError: something did, and it was no Marlin.
        """
        known, began_s = self._known, self._clock.now_s()
        limit_s = self._timing.greet_s
        while self._clock.now_s() - began_s < limit_s:
            known.has_started = known.is_waiting = False
            self._talk.renew()
            await self._wait_briefly(lambda: self._talk.dialogue.is_quiet or known.has_started)
            if self._talk.dialogue.is_quiet:
                return
            if known.is_waiting and not known.has_started:
                limit_s = self._timing.busy_s
                self._talk.write(b"\nM108\n")
        if known.alarm is not None:
            raise known.alarm
        if known.has_spoken and known.firmware is None:
            raise FirmwareMismatchError("marlin.other-firmware")
        raise TransportError("marlin.no-answer", port=self._machine.port)

    async def _wait_briefly(self, is_so: Callable[[], bool]) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._timing.try_s):
                await self._talk.wait_until(is_so)

    async def _prepare(self) -> None:
        if "AUTOREPORT_TEMP" in self._known.abilities:
            await self._talk.ask(b"M155 S2")
        await self._talk.ask(MILESTONE)

    async def close(self) -> None:
        """Let go of the port; see `Driver.close`."""
        self._is_open = False
        await self._talk.close()

    # what it knows

    def status(self) -> MachineStatus:
        """Give what was last known; see `Driver.status`."""
        self._note_progress()
        error = (self._talk.fault if self._is_open else None) or self._known.alarm
        return MachineStatus(
            state=self._state(),
            detail=self._known.detail,
            position_mm=self._known.position_mm,
            line=self._lines_done,
            fraction=self._fraction(),
            temperatures=self._known.temperatures,
            error_code=error.code if error else None,
            error_fields={n: str(fact) for n, fact in error.fields.items()} if error else {},
        )

    def _fraction(self) -> float:
        return min(self._program.fraction_at(self._lines_done), 0.999) if self._program else 0.0

    def _state(self) -> MachineState:
        if not self._is_open or self._talk.fault:
            return MachineState.OFFLINE
        if self._known.alarm:
            return MachineState.ALARM
        if self._program is None:
            return MachineState.IDLE
        return MachineState.PAUSED if self._is_held else MachineState.BUSY

    def _note_progress(self) -> None:
        if self._is_streaming:
            self._lines_done = self._talk.dialogue.acknowledged

    def recent_lines(self) -> tuple[str, ...]:
        """Give the last 500 raw lines, oldest first, `>` sent and `<` received."""
        return self._talk.recent_lines()

    def _heed(self, event: Event) -> None:
        """Learn from what the board says; the dialogue acts on it afterwards."""
        fault = self._known.heed(event, self._talk.dialogue.acknowledged + 1)
        if self._known.alarm is not None:
            self._talk.hush()
        if self._program is not None:
            self._run_fault = self._run_fault or fault
        elif isinstance(event, Start) and self._is_open and not self._stops:
            self._talk.renew()

    # a run

    async def run(self, program: Program) -> None:
        """Send a program and wait until the machine has finished it; see `Driver.run`."""
        if not self._is_open:
            raise TransportError("marlin.not-open")
        if self._known.alarm is not None:
            raise self._known.alarm
        self._program = program
        self._wants_hold = self._is_held = self._was_stopped = False
        self._stop_fault = self._known.position_mm = None
        self._lines_done = 0
        try:
            await asyncio.sleep(max(0.0, self._deaf_until_s - self._clock.now_s()))
            await self._greet()
            self._run_fault = None
            self._is_streaming = True
            await self._prepare()
            await self._stream(program)
        except RunStoppedError:
            await self._talk.wait_until(lambda: not self._stops)
            if self._stop_fault is not None:
                raise self._stop_fault from None
            raise
        except (AlarmError, LineRefusedError):
            with contextlib.suppress(FablabError):
                await self._switch_off()
            raise
        finally:
            self._note_progress()
            self._is_streaming = self._is_held = False
            self._program = self._run_fault = None
            self._talk.wake()

    async def _stream(self, program: Program) -> None:
        for line in program.read_lines():
            if self._wants_hold:
                await self._stand_held()
            await self._wait(partial(self._has_room, line))
            self._note_homing(line)
            self._talk.send(line, counts=True)
        await self._finish_motion()
        await self._ask(b"M114")

    def _has_room(self, line: bytes) -> bool:
        return self._talk.dialogue.may_send(line)

    def _note_homing(self, line: bytes) -> None:
        if line.startswith(b"G28"):
            self._known.is_homed = True
        elif line.startswith((b"M84", b"M18")):
            self._known.lose_position()

    async def _finish_motion(self) -> None:
        """Wait until motion has ended: what `M400` says, proven by the question after it."""
        await self._ask(b"M400")
        await self._ask(MILESTONE)

    async def _stand_held(self) -> None:
        """Let motion end, note where, and stay there with the heaters on until told to go on."""
        await self._finish_motion()
        await self._ask(b"M114")
        self._is_held = True
        self._talk.wake()
        await self._wait(lambda: not self._wants_hold)
        self._is_held, self._known.position_mm = False, None

    async def _ask(self, text: bytes) -> None:
        await self._wait(partial(self._has_room, text))
        self._talk.send(text)
        await self._wait(lambda: self._talk.dialogue.is_quiet)

    async def _wait(self, is_so: Callable[[], bool]) -> None:
        """Wait for the board, unless the run cannot go on."""

        def is_so_or_over() -> bool:
            if self._was_stopped:
                raise RunStoppedError("driver.stopped")
            if self._run_fault is not None:
                raise self._run_fault
            return is_so()

        await self._talk.wait_until(is_so_or_over)

    async def hold(self) -> None:
        """Let motion end and wait, heaters on; see `Driver.hold`."""
        if self._program is None:
            return
        self._wants_hold = True
        await self._wait(lambda: self._is_held or self._program is None)

    async def resume(self) -> None:
        """Go on after a hold; see `Driver.resume`."""
        self._wants_hold = False
        self._talk.wake()

    # the end

    async def stop(self) -> None:
        """End motion and heat now, whatever is under way; see `Driver.stop`."""
        # SAFETY: test_a_stop_ends_a_long_heating_at_once, test_a_stop_needs_no_lock
        self._note_progress()
        self._was_stopped, self._is_streaming = True, False
        self._stops += 1
        try:
            await self._switch_off()
        except FablabError as error:
            self._stop_fault = error
            raise
        finally:
            self._stops -= 1
            self._talk.wake()

    async def _switch_off(self) -> None:
        """Send `OFF` until the board says that both heaters aim at nothing.

        Raises:
            TransportError: it did not say so in time.
        """
        known, began_s = self._known, self._clock.now_s()
        known.lose_position()
        must_send = True
        while known.alarm is None:
            if must_send:
                self._talk.write(OFF)
                self._deaf_until_s = self._clock.now_s() + _DEAF_S
                self._talk.renew()
            known.is_waiting = False
            await self._wait_briefly(lambda: self._talk.dialogue.is_quiet)
            if self._talk.dialogue.is_quiet:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._timing.try_s):
                        await self._talk.ask(MILESTONE)
                if self._talk.dialogue.is_quiet and known.is_cold:
                    return
            if self._clock.now_s() - began_s > self._timing.stop_s:
                raise TransportError("marlin.stop-unseen")
            must_send = not known.is_waiting  # a busy board has it, and would only overflow
