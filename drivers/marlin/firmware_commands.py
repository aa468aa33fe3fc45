"""What each command does on a simulated Marlin, and how long it takes.

A command is a generator: it yields whatever it has to wait for, so that time and the rest of the
board go on meanwhile. Sources: the G-code index of the Marlin documentation; texts as heard from
Marlin 2.0.9.7.
"""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from drivers.marlin.firmware_heat import Heater
from drivers.marlin.firmware_motion import Arc, Move, Planner, Vector, move_length

_WORD = re.compile(r"([A-Z])\s*(-?\d*\.?\d*)")
_CODE = re.compile(r"\s*([GMT]\d{1,5})(?:\.\d+)?(?!\d)", re.IGNORECASE)
_QUIET_CODES = (
    "G10 G11 G17 G21 G27 G80 M17 M73 M75 M76 M77 M108 M112 M117 M118 M141 M191 M201 M203 M204"
    " M205 M211 M220 M221 M300 M302 M355 M410 M412 M413 M420 M486 M500 M555 M900 T0"
)
_QUIET = frozenset(_QUIET_CODES.split())
"""Taken with an `ok` and no effect that can be seen from outside."""

_AXES = "XYZE"
_MIN_EXTRUDE_C = 170.0
_HOMING_MM_S = 50.0
_HOMING_BUMP_S = 1.8
_MESH_S = 12.0
_SETTLE_S = 1.5
_STEPS_MM = (80, 80, 400)
_DROPS_AFTER_STOP_S = 1.0
"""After `M410` no move is taken for a second (`cleaning_buffer_counter` in `planner.cpp`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """How this board was built.

    Attributes:
        has_emergency_parser: `M108`, `M112` and `M410` act as they arrive.
        has_advanced_ok: `ok` tells its line and the free places.
        has_auto_report: knows `M155`.
        time_to_warm: multiplies warming times; below 1 tests wait less.
    """

    machine: str = "FabLab simulated printer"
    accel_mm_s2: float = 500.0
    max_feed_mm_min: float = 12_000.0
    has_emergency_parser: bool = True
    has_advanced_ok: bool = False
    has_auto_report: bool = True
    time_to_warm: float = 1.0


@dataclass(frozen=True, slots=True)
class _Wait:
    """What a command waits for.

    Attributes:
        is_over: asked again whenever something happened.
        due_s: when time alone ends it, if it does.
    """

    is_over: Callable[[float], bool]
    due_s: float | None = None


Waits = Iterator[_Wait]


class Commands:
    """The part of the board that obeys: heaters, motion, reports."""

    def __init__(
        self,
        build: Build,
        say: Callable[[str], None],
        now_s: float,
    ) -> None:
        """Make a board that has just started.

        Args:
            build: how it was built.
            say: takes what it says, line ends included.
            now_s: the time of the start.
        """
        self._build = build
        self._say = say
        self._now_s = now_s
        self.planner = Planner(build.accel_mm_s2)
        slow = build.time_to_warm
        self.nozzle = Heater(3.0 / slow, 120.0 * slow)
        self.bed = Heater(1.0 / slow, 400.0 * slow)
        self.fan = 0
        self.moves = 0
        self.number_set: int | None = None
        self.is_mute = False
        self._aim: Vector = (0.0, 0.0, 0.0, 0.0)
        self._is_relative = self._is_e_relative = False
        self._feed_mm_min = 1500.0
        self._drops_until_s = -math.inf
        self._must_stop_waiting = False
        self._ok_tail = ""
        self._busy_every_s, self._busy_due_s = 2.0, math.inf
        self._report_every_s, self._report_due_s = 0.0, math.inf
        self._warming_due_s = math.inf
        self._work: Iterator[_Wait] | None = None
        self._wait: _Wait | None = None

    # for the board around it

    @property
    def next_event_s(self) -> float | None:
        """When something happens by itself."""
        times = [self._report_due_s, self._warming_due_s]
        if self._wait is not None:
            times += [self._busy_due_s]
            times += [self._wait.due_s] if self._wait.due_s is not None else []
        if (moves := self.planner.next_event_s) is not None:
            times.append(moves)
        return None if (first := min(times)) == math.inf else max(first, self._now_s)

    def state(self) -> dict[str, Any]:
        """Show position, heat and air as they are now."""
        now_s = self._now_s
        return {
            "position_mm": [round(at, 2) for at in self.planner.where(now_s)[:3]],
            "is_moving": self.planner.is_moving,
            "nozzle_c": round(self.nozzle.at(now_s)),
            "nozzle_target_c": self.nozzle.target_c,
            "bed_c": round(self.bed.at(now_s)),
            "bed_target_c": self.bed.target_c,
            "fan": self.fan,
            "moves": self.moves,
        }

    def pass_time(self, at_s: float) -> None:
        """Let time pass up to a moment that is not after `next_event_s`."""
        self._now_s = at_s
        self.planner.finish_due(at_s)
        if self._wait is not None and at_s >= self._busy_due_s:
            self._busy_due_s = at_s + self._busy_every_s
            if not self.is_mute:
                self._say("echo:busy: processing\n")
        if at_s >= self._report_due_s:
            self._report_due_s = at_s + self._report_every_s
            self._say(f"{self._heat_text(at_s)}\n")
        if at_s >= self._warming_due_s:
            self._warming_due_s = at_s + 1.0
            if not self.is_mute:
                self._say(f"{self._heat_text(at_s)} W:?\n")

    def begin(self, text: str, now_s: float) -> None:
        """Take the next command."""
        self._work = self._obey(text)
        self._busy_due_s = now_s + self._busy_every_s if self._busy_every_s else math.inf

    def proceed(self, now_s: float) -> bool:
        """Go on with the command; true when it is done and its `ok` may go out."""
        while self._work is not None:
            if self._wait is not None and not self._wait.is_over(now_s):
                return False
            self._wait = next(self._work, None)
            if self._wait is None:
                self._work = None
        return True

    def take_ok_tail(self) -> str:
        """Give what `M105` puts behind its `ok`; once."""
        tail, self._ok_tail = self._ok_tail, ""
        return tail

    def stop_waiting(self, now_s: float) -> None:
        """Act on `M108`: a command that waits for a heater waits no longer."""
        del now_s
        self._must_stop_waiting = True

    def quick_stop(self, now_s: float) -> None:
        """Act on `M410`: stand still at once and forget what was planned."""
        self._aim = self.planner.drop_all(now_s)
        self._drops_until_s = now_s + _DROPS_AFTER_STOP_S

    def cut_power(self) -> None:
        """Everything off, for ever."""
        self.quick_stop(self._now_s)
        self.nozzle.aim(0.0, self._now_s)
        self.bed.aim(0.0, self._now_s)
        self.fan, self._work, self._wait = 0, None, None

    # what commands do

    def _obey(self, text: str) -> Waits:
        found = _CODE.match(text)
        code = found[1].upper() if found else ""
        words = {
            letter: float(value) if value.strip("-.") else 0.0
            for letter, value in _WORD.findall(text[found.end() :].upper() if found else "")
        }
        act = getattr(self, f"_do_{code.lower()}", None) if code else None
        if act is not None:
            yield from act(words) or ()
        elif code not in _QUIET:
            self._say(f'echo:Unknown command: "{text}"\n')

    def _stand_still(self) -> _Wait:
        return _Wait(lambda _: not self.planner.is_moving)

    def _until(self, due_s: float) -> _Wait:
        return _Wait(lambda now_s: now_s >= due_s, due_s)

    def _do_g0(self, words: dict[str, float], arc: Arc | None = None) -> Waits:
        yield _Wait(lambda _: not self.planner.is_full)
        if self._now_s < self._drops_until_s:
            return
        self._feed_mm_min = words.get("F", self._feed_mm_min)
        end = self._end_of_move(words)
        if end[3] > self._aim[3] and self.nozzle.at(self._now_s) < _MIN_EXTRUDE_C:
            self._say("echo: cold extrusion prevented\n")
            self._aim = (*self._aim[:3], end[3])
        speed = min(self._feed_mm_min, self._build.max_feed_mm_min) / 60
        length = move_length(self._aim, end, arc)
        if speed > 0:
            self.planner.add(Move(self._aim, end, length, speed, arc), self._now_s)
            self.moves += 1
            self._aim = end

    _do_g1 = _do_g0

    def _end_of_move(self, words: dict[str, float]) -> Vector:
        is_relative = (*(self._is_relative,) * 3, self._is_e_relative)
        x, y, z, e = (
            now + words.get(axis, 0.0) if relative else words.get(axis, now)
            for axis, now, relative in zip(_AXES, self._aim, is_relative, strict=True)
        )
        return x, y, z, e

    def _do_g2(self, words: dict[str, float]) -> Waits:
        return self._do_g0(words, self._arc(words, -1))

    def _do_g3(self, words: dict[str, float]) -> Waits:
        return self._do_g0(words, self._arc(words, 1))

    def _arc(self, words: dict[str, float], turn: int) -> Arc:
        x, y = self._aim[0] + words.get("I", 0.0), self._aim[1] + words.get("J", 0.0)
        end = self._end_of_move(words)
        start_rad = math.atan2(self._aim[1] - y, self._aim[0] - x)
        sweep = (math.atan2(end[1] - y, end[0] - x) - start_rad) * turn % math.tau
        radius = math.hypot(self._aim[0] - x, self._aim[1] - y)
        return Arc((x, y), radius, start_rad, turn * (sweep or math.tau))

    def _do_g4(self, words: dict[str, float]) -> Waits:
        yield self._stand_still()
        yield self._until(self._now_s + words.get("P", 0.0) / 1000 + words.get("S", 0.0))

    def _do_g28(self, words: dict[str, float]) -> Waits:
        yield self._stand_still()
        axes = [i for i, axis in enumerate("XYZ") if axis in words] or [0, 1, 2]
        ways_s = (abs(self._aim[i]) / _HOMING_MM_S + _HOMING_BUMP_S for i in axes)
        yield self._until(self._now_s + sum(ways_s))
        x, y, z = (0.0 if i in axes else self._aim[i] for i in range(3))
        self._jump((x, y, z, self._aim[3]))

    def _do_g29(self, _words: dict[str, float]) -> Waits:
        yield self._stand_still()
        yield self._until(self._now_s + _MESH_S)

    def _do_g90(self, _words: dict[str, float]) -> None:
        self._is_relative = self._is_e_relative = False

    def _do_g91(self, _words: dict[str, float]) -> None:
        self._is_relative = self._is_e_relative = True

    def _do_g92(self, words: dict[str, float]) -> Waits:
        yield self._stand_still()
        x, y, z, e = (words.get(axis, now) for axis, now in zip(_AXES, self._aim, strict=True))
        self._jump((x, y, z, e))

    def _jump(self, at_mm: Vector) -> None:
        self._aim = at_mm
        self.planner.place(at_mm)

    def _do_m82(self, _words: dict[str, float]) -> None:
        self._is_e_relative = False

    def _do_m83(self, _words: dict[str, float]) -> None:
        self._is_e_relative = True

    def _do_m84(self, _words: dict[str, float]) -> Waits:
        yield self._stand_still()

    _do_m18 = _do_m400 = _do_m84

    def _do_m104(self, words: dict[str, float]) -> None:
        self.nozzle.aim(words.get("S", 0.0), self._now_s)

    def _do_m140(self, words: dict[str, float]) -> None:
        self.bed.aim(words.get("S", 0.0), self._now_s)

    def _do_m109(self, words: dict[str, float]) -> Waits:
        return self._warm(self.nozzle, words)

    def _do_m190(self, words: dict[str, float]) -> Waits:
        return self._warm(self.bed, words)

    def _warm(self, heater: Heater, words: dict[str, float]) -> Waits:
        """Wait for a heater; with `S` only while it warms, with `R` while it cools as well."""
        heater.aim(words.get("R", words.get("S", heater.target_c)), self._now_s)
        if heater.target_c <= 0 or ("R" not in words and heater.is_warm(self._now_s)):
            return
        self._must_stop_waiting = False
        due_s = heater.reaches_target_s() + _SETTLE_S * self._build.time_to_warm
        self._warming_due_s = self._now_s + 1.0
        yield _Wait(lambda now_s: now_s >= due_s or self._must_stop_waiting, due_s)
        self._warming_due_s = math.inf

    def _do_m105(self, _words: dict[str, float]) -> None:
        self._ok_tail = self._heat_text(self._now_s)

    def _do_m106(self, words: dict[str, float]) -> None:
        self.fan = int(words.get("S", 255.0))

    def _do_m107(self, _words: dict[str, float]) -> None:
        self.fan = 0

    def _do_m110(self, words: dict[str, float]) -> None:
        if "N" in words:
            self.number_set = int(words["N"])

    def _do_m113(self, words: dict[str, float]) -> None:
        if "S" in words:
            self._busy_every_s = words["S"]
        else:
            self._say(f"echo:M113 S{self._busy_every_s:.0f}\n")

    def _do_m114(self, _words: dict[str, float]) -> None:
        x, y, z, e = self._aim
        steppers = zip(self.planner.where(self._now_s), _STEPS_MM, strict=False)
        a, b, c = (round(at * steps) for at, steps in steppers)
        self._say(f"X:{x:.2f} Y:{y:.2f} Z:{z:.2f} E:{e:.2f} Count X:{a} Y:{b} Z:{c}\n")

    def _do_m115(self, _words: dict[str, float]) -> None:
        self._say(
            "FIRMWARE_NAME:Marlin 2.0.9.7 (Dec 24 2023 12:00:00) PROTOCOL_VERSION:1.0 "
            f"MACHINE_TYPE:{self._build.machine} EXTRUDER_COUNT:1\n"
        )
        for name, is_on in (
            ("SERIAL_XON_XOFF", False),
            ("EEPROM", False),
            ("AUTOREPORT_TEMP", self._build.has_auto_report),
            ("SDCARD", False),
            ("EMERGENCY_PARSER", self._build.has_emergency_parser),
            ("THERMAL_PROTECTION", True),
        ):
            self._say(f"Cap:{name}:{is_on:d}\n")

    def _do_m155(self, words: dict[str, float]) -> None:
        if not self._build.has_auto_report:
            self._say('echo:Unknown command: "M155"\n')
            return
        self._report_every_s = words.get("S", 0.0)
        is_on = self._report_every_s > 0
        self._report_due_s = self._now_s + self._report_every_s if is_on else math.inf

    def _heat_text(self, now_s: float) -> str:
        nozzle, bed = self.nozzle, self.bed
        return (
            f" T:{nozzle.at(now_s):.2f} /{nozzle.target_c:.2f}"
            f" B:{bed.at(now_s):.2f} /{bed.target_c:.2f}"
            f" @:{nozzle.output(now_s)} B@:{bed.output(now_s)}"
        )
