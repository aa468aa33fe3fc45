"""A simulated GRBL 1.1h board in laser mode, to the byte and to the beam.

It takes bytes and time and gives bytes: 128 bytes of receive buffer that really overflow, 15
blocks of planner, `ok` when a line is planned, silence while it homes. What the real firmware was
seen to do is the reference; this imports nothing of the driver that it tests.
"""

from collections import deque
from enum import StrEnum
from typing import Any

from drivers.grbl.firmware_faults import Faults
from drivers.grbl.firmware_gcode import (
    Dwell,
    Modal,
    Move,
    Order,
    Pause,
    Say,
    Sync,
    interpret,
    jog,
)
from drivers.grbl.firmware_motion import Motion
from drivers.grbl.firmware_report import Reporter, answers
from drivers.grbl.firmware_settings import SETTINGS, set_setting
from drivers.grbl.firmware_words import (
    BAD_STATEMENT,
    LOCKED,
    NOT_IDLE,
    OVERFLOW,
    SETTING_OFF,
    TRAVEL_EXCEEDED,
    UNSUPPORTED,
    LineError,
    LineReader,
    parse,
)
from drivers.grbl.firmware_work import Work

RX_BYTES = 128
_HOMING_S = 4.0
_LOCK = "[MSG:'$H'|'$X' to unlock]"


class State(StrEnum):
    """What the board does, in its own words."""

    IDLE = "Idle"
    RUN = "Run"
    HOLD = "Hold"
    JOG = "Jog"
    HOME = "Home"
    DOOR = "Door"
    ALARM = "Alarm"
    CHECK = "Check"
    SLEEP = "Sleep"


_SUSPENDED = frozenset({State.HOLD, State.DOOR, State.SLEEP})
_MOVING = frozenset({State.RUN, State.JOG})


class GrblBoard:
    """The board; see `drivers.simulation.board.Board`.

    Attributes:
        settings: `$` settings by number.
        lines: lines of G-code that it read since it was made.
        overflows: bytes that found the receive buffer full, and are lost without a word.
    """

    def __init__(
        self,
        settings: dict[int, float] | None = None,
        faults: Faults | None = None,
        banner: str = "Grbl 1.1h ['$' for help]",
        *,
        boot_s: float = 0.0,
        junk: bytes = b"",
    ) -> None:
        """Make a board that is switched off.

        Args:
            settings: those that differ from the demo's laser.
            faults: what goes wrong.
            banner: its first words.
            boot_s: how long a boot loader eats what is sent, before the banner.
            junk: what a boot loader puts on the line.
        """
        self.settings = SETTINGS | (settings or {})
        self.faults = faults or Faults()
        self.overflows = 0
        self.lines = 0
        self._banner = banner
        self._boot_s = boot_s
        self._junk = junk
        self._now_s = 0.0
        self._is_mute = False
        self._boots_until_s: float | None = None
        self._work = Work(self.settings)
        self._start(State.IDLE)

    # --- the Board protocol ---------------------------------------------------------------

    def power_on(self, now_s: float) -> bytes:
        """Start anew: the position is lost, and zero; locked if it can home."""
        self._now_s = now_s
        self._work = Work(self.settings)
        self._is_mute = False
        self._start(State.ALARM if self.settings[22] else State.IDLE)
        if self._boot_s:
            self._boots_until_s = now_s + self._boot_s
            return self._junk
        return self._junk + self._greeting()

    def receive(self, data: bytes, now_s: float) -> bytes:
        """Take bytes; real-time ones act at once, wherever they stand."""
        said = self.tick(now_s)
        for byte in data:
            said += self._unless_mute(self._take(byte))
        return said

    def tick(self, now_s: float) -> bytes:
        """Let time pass in steps that a beam or a hold would notice."""
        said = b""
        while self._now_s < now_s:
            step_s = self._step_s(now_s - self._now_s)
            self._work.advance(step_s, is_suspended=self._is_suspended)
            self._now_s = min(now_s, self._now_s + step_s)
            said += self._unless_mute(self._settle())
        return said

    def next_event_s(self) -> float | None:
        """Give the moment when something changes by itself."""
        if self._boots_until_s is not None:
            return self._boots_until_s
        rest_s = self._work.next_event_s(is_suspended=self._is_suspended)
        return None if rest_s is None else self._now_s + rest_s

    def state(self) -> dict[str, Any]:
        """Show position, speed, beam and what went wrong."""
        return {
            "state": self._word(),
            "beam": round(self.beam(), 3),
            "position_mm": [round(value, 3) for value in self._motion.position_mm],
            "is_moving": not self._motion.is_still,
            "overflows": self.overflows,
            "lines": self.lines,
        }

    def beam(self) -> float:
        """Give the beam's power, 0..1, as a meter at the tube would show it."""
        return min(1.0, self._power_s() / self.settings[30])

    # --- time -----------------------------------------------------------------------------

    def _start(self, state: State) -> None:
        """Forget everything but the settings and the position, as a soft reset does."""
        self._state = state
        self._work.forget()
        self._modal = Modal()
        self._reader = LineReader()
        self._buffer: deque[int] = deque()
        self._owed: bytes | None = None
        self._is_home_asked = False
        self._needs_reset = False
        self._boots_until_s = None
        self._reporter = Reporter(self.settings)

    @property
    def _is_suspended(self) -> bool:
        return self._state in _SUSPENDED

    @property
    def _motion(self) -> Motion:
        return self._work.motion

    def _step_s(self, at_most_s: float) -> float:
        if self._boots_until_s is not None:
            return min(at_most_s, max(1e-5, self._boots_until_s - self._now_s))
        return self._work.step_s(at_most_s, is_suspended=self._is_suspended)

    def _settle(self) -> bytes:
        """Do what waited for this moment, then read on."""
        if self._boots_until_s is not None:
            if self._now_s < self._boots_until_s:
                return b""
            self._boots_until_s = None
            return self._greeting()
        if self._state is State.JOG and self._motion.is_holding and self._motion.is_still:
            self._motion.drop_jogs()
            self._motion.is_holding = False
        if self._state in _MOVING and self._motion.is_empty:
            self._state = State.IDLE
        return self._go_on()

    def _unless_mute(self, said: bytes) -> bytes:
        return b"" if self._is_mute else said

    # --- bytes ----------------------------------------------------------------------------

    def _take(self, byte: int) -> bytes:
        if self._boots_until_s is not None:
            return b""
        realtime = {
            0x3F: self._status_asked,
            0x18: self._soft_reset,
            0x21: self._hold,
            0x7E: self._cycle_start,
            0x84: self._door,
            0x85: self._cancel_jog,
        }
        if byte in realtime:
            return realtime[byte]()
        if byte >= 0x80:
            self._reporter.override(byte)  # these never reach the line, not even in a comment
            return b""
        if len(self._buffer) >= RX_BYTES:
            self.overflows += 1
            return b""
        self._buffer.append(byte)
        return self._go_on()

    def _go_on(self) -> bytes:
        """Carry out orders and read lines until something makes the board wait."""
        said = b""
        while not (self._is_suspended or self._needs_reset):
            if self._state is State.HOME:
                if not self._work.has_waited:
                    break
                said += self._end_homing()
            elif (order := self._work.take()) is not None:
                said += self._obey(order)
            elif not self._work.is_done:
                break
            elif self._owed is not None:
                said += self._owed
                self._owed = None
            elif (line := self._next_line()) is not None:
                said += self._read(line)
            else:
                break
        return said

    def _next_line(self) -> str | None:
        while self._buffer:
            line = self._reader.take(self._buffer.popleft())
            if line is not None:
                return line
        return None

    def _read(self, text: str) -> bytes:
        """Read one line: refuse it, or turn it into orders."""
        try:
            if self._reader.is_long:
                raise LineError(OVERFLOW)
            if not text:
                return b"ok\r\n"
            return self._system(text) if text.startswith("$") else self._gcode(text)
        except LineError as error:
            return f"error:{error.number}\r\n".encode()

    # --- G-code ---------------------------------------------------------------------------

    def _gcode(self, text: str) -> bytes:
        self.lines += 1
        if (said := self._fail()) is not None:
            return said
        if self._state in (State.ALARM, State.JOG):
            raise LineError(LOCKED)
        before = self._modal
        self._modal, orders = interpret(parse(text), before, self._motion.planned_mm)
        if self._modal.g92_mm != before.g92_mm:
            self._reporter.shift_changed()
        if self._state is State.CHECK:
            orders = [order for order in orders if isinstance(order, Say)]
        self._work.add(orders)
        self._owed = self.faults.answer(self.lines)
        return b""

    def _fail(self) -> bytes | None:
        """Play the fault of this line, if it has one that is not about its `ok`."""
        faults = self.faults
        if self.lines == faults.silent_from_line:
            self._is_mute = True
        if self.lines == faults.reboot_at_line:
            return self.power_on(self._now_s)
        if self.lines == faults.limit_unannounced_at:
            self._start(State.ALARM)
            return self._greeting("[MSG:Check Limits]")
        if self.lines == faults.alarm_at_line:
            return self._alarm(1)
        if self.lines == faults.refuse_line:
            raise LineError(UNSUPPORTED)
        return None

    def _obey(self, order: Order) -> bytes:
        match order:
            case Move():
                return self._move(order)
            case Sync(lamp_s=lamp_s):
                self._motion.lamp_s = self._motion.lamp_s if lamp_s is None else lamp_s
            case Dwell():
                pass
            case Pause():
                self._state = State.HOLD
            case Say(text=text):
                return f"{text}\r\n".encode()
        return b""

    def _move(self, move: Move) -> bytes:
        if not move.is_jog and self._work.leaves_travel(move):
            return self._alarm(2)
        self._work.plan(move)
        if self._state is State.IDLE and not self._motion.is_empty:
            self._state = State.JOG if move.is_jog else State.RUN
        return b""

    def _power_s(self) -> float:
        """Give the `S` at the beam right now.

        M3 stays on while a hold slows down, is dark in the hold, and stays on, standing still,
        when the motion ends without M5; M4 follows the speed.
        """
        stands_in_hold = self._is_suspended and self._motion.is_still
        if stands_in_hold or self._state in (State.ALARM, State.HOME, State.CHECK):
            return 0.0
        return self._motion.power_s()

    # --- real-time commands ---------------------------------------------------------------

    def _word(self) -> str:
        """Give the state as a report names it."""
        match self._state:
            case State.HOLD:
                return "Hold:0" if self._motion.is_still else "Hold:1"
            case State.DOOR:
                return "Door:0" if self._motion.is_still else "Door:2"
            case _:
                return self._state

    def _status_asked(self) -> bytes:
        if self._state is State.HOME:
            self._is_home_asked = True  # answered once, when homing has ended
            return b""
        return b"" if self._needs_reset else self._report()

    def _report(self) -> bytes:
        return self._reporter.write(
            self._word(),
            self._motion,
            power_s=self._power_s(),
            shift_mm=self._modal.g92_mm,
            free_bytes=RX_BYTES - len(self._buffer),
        )

    def _greeting(self, remark: str = "") -> bytes:
        lines = ["", self._banner, *([remark] if remark else [])]
        if self._state is State.ALARM:
            lines.append(_LOCK)
        return ("\r\n".join(lines) + "\r\n").encode()

    def _soft_reset(self) -> bytes:
        """Drop everything; in motion the position is lost, and that is an alarm."""
        state, was_moving = self._state, not self._motion.is_still
        said = b""
        if state is State.HOME:
            said = b"ALARM:6\r\n"
        elif state in _MOVING or was_moving:
            said = b"ALARM:3\r\n"
        is_locked = bool(said) or state in (State.ALARM, State.SLEEP)
        self._start(State.ALARM if is_locked else State.IDLE)
        return said + self._greeting()

    def _hold(self) -> bytes:
        if self._state in (State.RUN, State.IDLE):
            self._state = State.HOLD
            self._motion.is_holding = True
        self._motion.is_holding |= self._state is State.JOG
        return b""

    def _cancel_jog(self) -> bytes:
        self._motion.is_holding |= self._state is State.JOG
        return b""

    def _cycle_start(self) -> bytes:
        if self._state in (State.HOLD, State.DOOR) and self._motion.is_still:
            self._motion.is_holding = False
            self._state = State.IDLE if self._motion.is_empty else State.RUN
            return self._go_on()
        return b""

    def _door(self) -> bytes:
        if self._state in (State.ALARM, State.CHECK, State.HOME):
            return b""
        if self._state is not State.SLEEP:
            self._state = State.DOOR
            self._motion.is_holding = True
        return b"[MSG:Check Door]\r\n"

    def _alarm(self, number: int) -> bytes:
        """Stop dead; only a reset is heard from now on."""
        self._work.forget()
        self._owed = None
        self._state = State.ALARM
        self._needs_reset = True
        return f"ALARM:{number}\r\n[MSG:Reset to continue]\r\n".encode()

    # --- system commands ------------------------------------------------------------------

    def _system(self, text: str) -> bytes:
        match text:
            case "$X":
                return self._unlock()
            case "$C":
                return self._check_mode()
            case _ if text.startswith("$J"):
                return self._jog(text)
        if self._state not in (State.IDLE, State.ALARM) and text not in ("$", "$G"):
            raise LineError(NOT_IDLE)
        match text:
            case "$H":
                return self._home()
            case "$SLP":
                self._state = State.SLEEP
                return b"ok\r\n[MSG:Sleeping]\r\n"
        answer = answers(text, self.settings, self._modal)
        if answer is None:
            set_setting(self.settings, text)
        return (answer or b"") + b"ok\r\n"

    def _unlock(self) -> bytes:
        if self._state is not State.ALARM:
            return b"ok\r\n"
        self._state = State.IDLE
        return b"[MSG:Caution: Unlocked]\r\nok\r\n"

    def _check_mode(self) -> bytes:
        if self._state is State.CHECK:
            self._start(State.IDLE)
            return b"[MSG:Disabled]\r\nok\r\n" + self._greeting()
        if self._state is not State.IDLE:
            raise LineError(NOT_IDLE)
        self._state = State.CHECK
        return b"[MSG:Enabled]\r\nok\r\n"

    def _home(self) -> bytes:
        """Look for zero: deaf and dumb meanwhile, but for the real-time reset."""
        if not self.settings[22]:
            raise LineError(SETTING_OFF)
        self._state = State.HOME
        self._work.wait_left_s = _HOMING_S
        return b""

    def _end_homing(self) -> bytes:
        self._motion.position_mm = self._motion.planned_mm = (0.0, 0.0, 0.0)
        said = self._report() if self._is_home_asked else b""
        self._is_home_asked = False
        self._work.wait_left_s = None
        self._state = State.IDLE
        return said + b"ok\r\n"

    def _jog(self, text: str) -> bytes:
        if self._state not in (State.IDLE, State.JOG):
            raise LineError(NOT_IDLE)
        if not text.startswith("$J="):
            raise LineError(BAD_STATEMENT)
        move = jog(parse(text[3:]), self._modal, self._motion.planned_mm)
        if self._work.leaves_travel(move):
            raise LineError(TRAVEL_EXCEEDED)
        self._work.add([move])
        self._owed = b"ok\r\n"
        return b""
