"""A simulated GRBL 1.1h board in laser mode, to the byte and to the beam.

It takes bytes and time and gives bytes: 128 bytes of receive buffer that really overflow, 15
blocks of planner, `ok` when a line is planned, silence while it homes. What the real firmware was
seen to do is the reference; this imports nothing of the driver that it tests.
"""

import math
from dataclasses import dataclass
from typing import Any

from drivers.grbl.firmware_motion import Block, Motion, Vector, arc_points
from drivers.grbl.firmware_settings import SETTINGS, setting_text
from drivers.grbl.firmware_words import (
    MOTION,
    NO_AXES,
    NO_FEED,
    Line,
    LineError,
    Modal,
    arc_centre,
    clean,
    parse,
)

RX_BYTES = 128
LINE_CHARS = 80
_STEP_S = 0.02
_HOMING_S = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What goes wrong, counted in lines that the board accepted; 0 means never."""

    refuse_line: int = 0
    alarm_at_line: int = 0
    lose_ok_at: int = 0
    double_ok_at: int = 0
    garbage_at: int = 0
    reboot_at: int = 0
    silent_from: int = 0


class GrblBoard:
    """The board; see `drivers.simulation.board.Board`."""

    def __init__(
        self,
        settings: dict[int, float] | None = None,
        faults: Faults | None = None,
        banner: str = "Grbl 1.1h ['$' for help]",
    ) -> None:
        self.settings = SETTINGS | (settings or {})
        self.faults = faults or Faults()
        self.overflows = 0
        self.lines = 0
        self._banner = banner
        self._motion = Motion(self.settings[11])
        self._now_s = 0.0
        self._is_homed = False
        self._start()

    # --- the Board protocol ---------------------------------------------------------------

    def power_on(self, now_s: float) -> bytes:
        """Start anew: the position is lost, and zero."""
        self._now_s = now_s
        self._motion = Motion(self.settings[11])
        self._is_homed = False
        self.lines = 0
        self._start()
        self._state = "Alarm" if self.settings[22] else "Idle"
        return self._greeting()

    def receive(self, data: bytes, now_s: float) -> bytes:
        """Take bytes; real-time ones act at once, wherever they stand."""
        said = self.tick(now_s)
        for byte in data:
            said += self._take(byte)
        return said

    def tick(self, now_s: float) -> bytes:
        """Let time pass in steps that a beam or a hold would notice."""
        said = b""
        while self._now_s < now_s:
            due_s = self._due_s()
            step_s = min(now_s, self._now_s + _STEP_S if due_s is None else due_s)
            if due_s is None and self._motion.is_empty:
                step_s = now_s
            step_s = max(step_s, min(now_s, self._now_s + 1e-5))
            self._motion.advance(step_s - self._now_s)
            self._now_s = step_s
            said += self._after_motion()
        return said

    def next_event_s(self) -> float | None:
        """Give the moment when something changes by itself."""
        return self._due_s()

    def state(self) -> dict[str, Any]:
        """Show position, speed, beam and what went wrong."""
        return {
            "state": self._state,
            "beam": round(self.beam(), 3),
            "position_mm": [round(value, 3) for value in self._motion.position_mm],
            "is_moving": self._motion.speed_mm_s > 0,
            "overflows": self.overflows,
            "lines": self.lines,
        }

    # --- time -----------------------------------------------------------------------------

    def _start(self) -> None:
        """Forget everything but the settings and the position (a soft reset)."""
        self._motion.forget()
        self._modal = Modal()
        self._state = "Idle"
        self._needs_reset = False
        self._buffer = bytearray()
        self._line = bytearray()
        self._is_line_long = False
        self._waiting: list[Block] = []
        self._wait_until_s: float | None = None
        self._after_sync: list[Any] = []
        self._is_busy = False
        self._reports = 0
        self._is_silent = False
        self._is_lit = False

    def _due_s(self) -> float | None:
        if self._wait_until_s is not None and self._motion.is_empty:
            return self._wait_until_s
        rest_s = self._motion.next_event_s()
        return None if rest_s is None else self._now_s + rest_s

    def _after_motion(self) -> bytes:
        """Do what waited for the motion, then read on."""
        if self._state == "Hold:1" and self._motion.speed_mm_s <= 0:
            self._state = "Hold:0"
        if self._motion.is_holding and self._motion.speed_mm_s <= 0 and self._is_jogging():
            self._motion.drop_jogs()
            self._motion.is_holding = False
        if self._motion.is_empty and self._state in ("Run", "Jog"):
            self._state = "Idle"
        return self._resume_parser()

    def _is_jogging(self) -> bool:
        return self._state == "Jog"

    def _resume_parser(self) -> bytes:
        said = b""
        while self._waiting and not self._motion.is_full:
            self._add(self._waiting.pop(0))
        if not self._is_busy or self._waiting or self._state.startswith(("Hold", "Door")):
            return said
        if self._after_sync or self._wait_until_s is not None:
            if not self._motion.is_empty:
                return said
            if self._wait_until_s is not None and self._now_s < self._wait_until_s - 1e-9:
                return said
            said += self._finish_sync()
        self._is_busy = False
        return said + self._ok() + self._read_buffer()

    def _finish_sync(self) -> bytes:
        said = b""
        if self._state == "Home":
            self._motion.position_mm = self._motion.planned_mm = (0.0, 0.0, 0.0)
            self._is_homed = True
            said = self._report()
            self._state = "Idle"
        self._wait_until_s = None
        for act in self._after_sync:
            act()
        self._after_sync = []
        return said

    # --- bytes ----------------------------------------------------------------------------

    def _take(self, byte: int) -> bytes:
        realtime = {
            0x3F: self._status_asked,
            0x18: self._soft_reset,
            0x21: self._hold,
            0x7E: self._cycle_start,
            0x84: self._door,
            0x85: self._jog_cancel,
        }
        if byte in realtime:
            return realtime[byte]()
        if byte >= 0x80:
            return b""  # overrides and unknown real-time bytes never reach the line
        if len(self._buffer) >= RX_BYTES:
            self.overflows += 1
            return b""
        self._buffer.append(byte)
        return self._read_buffer()

    def _jog_cancel(self) -> bytes:
        self._motion.is_holding |= self._state == "Jog"
        return b""

    def _read_buffer(self) -> bytes:
        """Read characters until a line keeps the parser busy."""
        said = b""
        while self._buffer and not self._is_busy and not self._needs_reset:
            byte = self._buffer.pop(0)
            if byte not in b"\r\n":
                self._is_line_long |= len(self._line) >= LINE_CHARS
                if not self._is_line_long:
                    self._line.append(byte)
                continue
            text, is_long = self._line.decode("ascii", "replace"), self._is_line_long
            self._line.clear()
            self._is_line_long = False
            said += self._error(11) if is_long else self._obey(text)
        return said

    def _obey(self, text: str) -> bytes:
        """Run one line, played faults included."""
        self.lines += 1
        faults = self.faults
        if faults.silent_from and self.lines >= faults.silent_from:
            self._is_silent = True
        if self.lines == faults.reboot_at:
            return self.power_on(self._now_s)
        if self.lines == faults.alarm_at_line:
            return self._alarm(1, "[MSG:Reset to continue]")
        if self.lines == faults.refuse_line:
            return self._error(20)
        try:
            if text.strip().startswith("$"):
                return self._system(text.strip().upper())
            return self._gcode(text)
        except LineError as error:
            return self._error(error.number)

    def _ok(self) -> bytes:
        if self._is_silent or self.lines == self.faults.lose_ok_at:
            return b""
        if self.lines == self.faults.garbage_at:
            return b"o\xff\x13k\r\n"
        return b"ok\r\n" * (2 if self.lines == self.faults.double_ok_at else 1)

    def _error(self, number: int) -> bytes:
        return b"" if self._is_silent else f"error:{number}\r\n".encode()

    def _greeting(self) -> bytes:
        text = f"\r\n{self._banner}\r\n"
        if self._state == "Alarm":
            text += "[MSG:'$H'|'$X' to unlock]\r\n"
        return text.encode()

    # --- real-time commands ---------------------------------------------------------------

    def _status_asked(self) -> bytes:
        is_mute = self._state == "Home" or self._needs_reset or self._is_silent
        return b"" if is_mute else self._report()

    def _report(self) -> bytes:
        """Write a status line; WCO and Ov come only now and then."""
        x, y, z = self._motion.position_mm
        feed, power = self._motion.speed_mm_s * 60, self._shown_power()
        fields = [self._state, f"MPos:{x:.3f},{y:.3f},{z:.3f}"]
        if int(self.settings[10]) & 2:
            fields.append(f"Bf:{self._motion.room},{RX_BYTES - len(self._buffer)}")
        fields.append(f"FS:{feed:.0f},{power:.0f}")
        period = 10 if self._state in ("Idle", "Alarm") else 30
        if self._reports % period == 0:
            fields.append("WCO:" + ",".join(f"{value:.3f}" for value in self._modal.g92_mm))
        elif self._reports % period == 1:
            fields.append("Ov:100,100,100")
        self._reports += 1
        return f"<{'|'.join(fields)}>\r\n".encode()

    def _soft_reset(self) -> bytes:
        was_moving = self._motion.speed_mm_s > 0 or self._state == "Home"
        must_lock = was_moving or (self._state == "Alarm" and not self._needs_reset)
        was_alarm = self._needs_reset
        self._start()
        said = b""
        if was_moving:
            said = b"ALARM:3\r\n"
        if must_lock or was_alarm:
            self._state = "Alarm"
        return said + self._greeting()

    def _hold(self) -> bytes:
        if self._state in ("Run", "Jog"):
            self._motion.is_holding = True
            if self._state == "Run":
                self._state = "Hold:1" if self._motion.speed_mm_s > 0 else "Hold:0"
        return b""

    def _cycle_start(self) -> bytes:
        if self._state in ("Hold:0", "Hold:1", "Door:0"):
            self._motion.is_holding = False
            self._state = "Idle" if self._motion.is_empty else "Run"
            return self._resume_parser()
        return b""

    def _door(self) -> bytes:
        if self._state in ("Run", "Idle", "Hold:0", "Hold:1"):
            self._motion.is_holding = True
            self._state = "Door:0"
        return b"[MSG:Check Door]\r\n"

    def _alarm(self, number: int, message: str) -> bytes:
        """Stop dead; only a reset is heard from now on."""
        self._motion.forget()
        self._waiting.clear()
        self._is_busy = False
        self._state = "Alarm"
        self._needs_reset = True
        return f"ALARM:{number}\r\n{message}\r\n".encode()

    # --- system commands ------------------------------------------------------------------

    def _system(self, text: str) -> bytes:
        if text.startswith("$J="):
            return self._jog(text[3:])
        if text == "$X":
            said = b"[MSG:Caution: Unlocked]\r\n" if self._state == "Alarm" else b""
            self._state = "Idle" if self._state == "Alarm" else self._state
            return said + self._ok()
        if text == "$H":
            return self._home()
        if self._state not in ("Idle", "Alarm"):
            return self._error(8)
        known = {
            "$": "[HLP:$$ $# $G $I $N $x=val $Nx=line $J=line $SLP $C $X $H ~ ! ? ctrl-x]",
            "$$": "\r\n".join(setting_text(n, v) for n, v in sorted(self.settings.items())),
            "$I": "[VER:1.1h.20190830:]\r\n[OPT:V,15,128]",
            "$G": self._modes(),
            "$#": "[G54:0.000,0.000,0.000]\r\n[G92:0.000,0.000,0.000]\r\n[TLO:0.000]",
            "$N": "$N0=\r\n$N1=",
        }
        if text in known:
            return known[text].encode() + b"\r\n" + self._ok()
        return self._set(text)

    def _set(self, text: str) -> bytes:
        number, _, value = text[1:].partition("=")
        if not number.isdigit() or not value:
            return self._error(3)
        try:
            number_, value_ = int(number), float(value)
        except ValueError:
            return self._error(2)
        if number_ not in self.settings:
            return self._error(3)
        if number_ == 20 and value_ and not self.settings[22]:
            return self._error(10)
        self.settings[number_] = value_
        return self._ok()

    def _home(self) -> bytes:
        if not self.settings[22]:
            return self._error(5)
        self._state = "Home"
        self._is_busy = True
        self._wait_until_s = self._now_s + _HOMING_S
        return b""

    def _jog(self, text: str) -> bytes:
        if self._state not in ("Idle", "Jog"):
            return self._error(9 if self._state == "Alarm" else 8)
        line = parse(clean(text))
        feed = line.values.get("F", 0.0)
        if feed <= 0:
            raise LineError(NO_FEED)
        target = self._target(line, is_relative=91.0 in line.g.values())
        if self.settings[20] and self._leaves_travel(target):
            return self._error(15)
        self._move_to(target, feed, power_s=0.0, is_jog=True)
        self._state = "Jog"
        self._is_busy = bool(self._waiting)
        return b"" if self._is_busy else self._ok()

    def _modes(self) -> str:
        modal = self._modal
        return (
            f"[GC:G{modal.motion:.0f} G{modal.offset:.0f} G{modal.plane:.0f}"
            f" G{20 if modal.is_inch else 21} G{91 if modal.is_relative else 90} G94"
            f" M{modal.spindle:.0f} M{8 if modal.is_flood else 9} T0"
            f" F{modal.feed_mm_min:.0f} S{modal.power_s:.0f}]"
        )

    # --- G-code ---------------------------------------------------------------------------

    def _gcode(self, text: str) -> bytes:
        if self._state in ("Alarm", "Jog"):
            return self._error(9)
        cleaned = clean(text)
        if not cleaned:
            return self._ok()
        line = parse(cleaned)
        self._apply_modes(line)
        self._is_busy = True
        self._apply_outputs(line)
        said = self._act(line)
        return said + self._resume_parser()

    def _apply_modes(self, line: Line) -> None:
        modal = self._modal
        if "units" in line.g:
            modal.is_inch = line.g["units"] == 20.0
        if "distance" in line.g:
            modal.is_relative = line.g["distance"] == 91.0
        for name in ("plane", "offset"):
            if name in line.g:
                setattr(modal, name, line.g[name])
        if "F" in line.values:
            modal.feed_mm_min = line.values["F"] * self._scale()
        motion = line.g.get("motion", modal.motion)
        works = motion in (1.0, 2.0, 3.0) and line.has_axes and "once" not in line.g
        if works and modal.feed_mm_min <= 0:
            raise LineError(NO_FEED)
        if motion not in MOTION or (line.has_axes and motion == 80.0 and "once" not in line.g):
            raise LineError(NO_AXES)
        modal.motion = motion
        if "S" in line.values:
            modal.power_s = line.values["S"]

    def _apply_outputs(self, line: Line) -> None:
        """Spindle, coolant and program words wait until motion has ended."""
        if (spindle := line.m.get("spindle")) is not None and spindle != self._modal.spindle:
            self._modal.spindle = spindle
            self._after_sync.append(lambda: self._light(spindle))
        if (coolant := line.m.get("coolant")) is not None:
            self._modal.is_flood = coolant == 8.0
            self._after_sync.append(lambda: None)
        if line.m.get("program") in (2.0, 30.0):
            self._after_sync.append(self._end_program)

    def _light(self, spindle: float) -> None:
        self._is_lit = spindle == 3.0

    def _end_program(self) -> None:
        modal = self._modal
        self._modal = Modal(g92_mm=modal.g92_mm, feed_mm_min=modal.feed_mm_min)
        self._is_lit = False

    def _act(self, line: Line) -> bytes:
        once = line.g.get("once")
        if once == 4.0:
            self._wait_until_s = self._now_s + self._rest_s() + line.values.get("P", 0.0)
            self._after_sync.append(lambda: None)
        elif once == 92.0:
            scale, position = self._scale(), self._motion.planned_mm
            x, y, z = (
                at - line.values[axis] * scale if axis in line.values else held
                for axis, at, held in zip("XYZ", position, self._modal.g92_mm, strict=True)
            )
            self._modal.g92_mm = (x, y, z)
        elif once in (28.0, 30.0):
            self._move_to((0.0, 0.0, 0.0), self.settings[110], power_s=0.0)
        elif line.has_axes or (self._modal.motion in (2.0, 3.0) and "I" in line.values):
            return self._motion_of(line)
        return b""

    def _rest_s(self) -> float:
        """Estimate the time that the planner still needs; a dwell begins after it."""
        return sum(
            block.remaining_mm / max(block.feed_mm_s, 1e-6) for block in self._motion._blocks
        )

    def _motion_of(self, line: Line) -> bytes:
        modal = self._modal
        start = self._waiting[-1].target_mm if self._waiting else self._motion.planned_mm
        target = self._target(line, is_relative=modal.is_relative)
        if self.settings[20] and self._leaves_travel(target):
            return self._alarm(2, "[MSG:Reset to continue]")
        if modal.motion in (0.0, 1.0):
            is_rapid = modal.motion == 0.0
            feed = self.settings[110] if is_rapid else modal.feed_mm_min
            self._move_to(target, feed, power_s=0.0 if is_rapid else self._power())
            return b""
        is_clockwise = modal.motion == 2.0
        centre = arc_centre(line, start[:2], target[:2], self._scale(), is_clockwise=is_clockwise)
        for point in arc_points(start, target, centre, is_clockwise=is_clockwise):
            self._move_to(point, modal.feed_mm_min, power_s=self._power())
        return b""

    def _target(self, line: Line, *, is_relative: bool) -> Vector:
        scale = self._scale()
        held = self._waiting[-1].target_mm if self._waiting else self._motion.planned_mm
        values = [
            at if axis not in line.values
            else line.values[axis] * scale + (at if is_relative else offset)
            for axis, at, offset in zip("XYZ", held, self._modal.g92_mm, strict=True)
        ]  # fmt: skip
        return (values[0], values[1], values[2])

    def _move_to(
        self, target: Vector, feed_mm_min: float, *, power_s: float, is_jog: bool = False
    ) -> None:
        start = self._waiting[-1].target_mm if self._waiting else self._motion.planned_mm
        delta = [to - at for to, at in zip(target, start, strict=True)]
        length = math.hypot(*delta)
        if length <= 0:
            return
        unit = (delta[0] / length, delta[1] / length, delta[2] / length)
        feed = min(feed_mm_min, *(self._axis_limit(110, unit)))
        block = Block(
            target_mm=target,
            unit=unit,
            length_mm=length,
            feed_mm_s=feed / 60,
            acceleration_mm_s2=min(self._axis_limit(120, unit)),
            power_s=power_s,
            scales_power=self._modal.spindle == 4.0,
            is_jog=is_jog,
        )
        if self._motion.is_full or self._waiting:
            self._waiting.append(block)
        else:
            self._add(block)

    def _add(self, block: Block) -> None:
        self._motion.add(block)
        if self._state == "Idle":
            self._state = "Run"

    def _axis_limit(self, first: int, unit: Vector) -> list[float]:
        return [self.settings[first + axis] / abs(part) for axis, part in enumerate(unit) if part]

    def _leaves_travel(self, target: Vector) -> bool:
        return any(
            not -1e-6 <= value <= self.settings[130 + axis] + 1e-6
            for axis, value in enumerate(target[:2])
        )

    def _scale(self) -> float:
        return 25.4 if self._modal.is_inch else 1.0

    def _power(self) -> float:
        return self._modal.power_s if self._modal.spindle in (3.0, 4.0) else 0.0

    # --- the beam -------------------------------------------------------------------------

    def beam(self) -> float:
        """Give the beam's power, 0..1, as a meter at the tube would show it."""
        return min(1.0, self._shown_power() / self.settings[30])

    def _shown_power(self) -> float:
        """Give the `S` at the beam right now.

        Seen on the real board: M4 is off when it stands still; M3 is off in a hold, but on again,
        standing still, when the motion ends without M5.
        """
        if self._state.startswith(("Hold", "Door", "Alarm")) or self._motion.is_holding:
            return 0.0
        block = self._motion.current
        if block is None:
            return self._modal.power_s if self._is_lit and self._modal.motion != 0.0 else 0.0
        if block.scales_power:
            return block.power_s * min(1.0, self._motion.speed_mm_s / block.feed_mm_s)
        return block.power_s
