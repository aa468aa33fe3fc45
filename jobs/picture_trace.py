"""What a program draws, followed line by line: where the machine works, and where it only travels.

Plain moves, nearly all of a file, are read by one expression; the rest goes word by word.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from fablab_hub.core.geometry import Point, Point3
from fablab_hub.core.machines import Machine, MachineKind
from fablab_hub.gcode.commands import MOTIONS, Command
from fablab_hub.gcode.dialects.registry import dialect_named
from fablab_hub.gcode.motion import ArcFlaw, arc_points, centre_from_radius, plane_axes
from fablab_hub.gcode.state import Modal
from fablab_hub.gcode.words import Word

_LASER_POINTS = 60_000
_PRINT_POINTS = 20_000
_TRAVELS = 3_000
"""How many working points are read, and how many travels are kept."""

_LEAST_RUN_MM = 5.0
"""A line as long as this, along X and Y, keeps its strength: pixels are no lines of their own."""
_SAME_LAYER_MM = 0.05

_N = rb"(-?(?:\d{1,9}(?:\.\d{0,16})?|\.\d{1,16}))"
_F = rb"(?:F[\d.]{1,20} ?)?"
_S = rb"(?:S(\d{1,9}(?:\.\d{0,16})?) ?)?"
_PLAIN = re.compile(
    rb"(?:G([01]) ?)?%b(?:Z%b ?)?(?:X%b ?)?(?:Y%b ?)?(?:Z%b ?)?%b(?:E%b ?)?%b%b"
    % (_F, _N, _N, _N, _N, _F, _N, _S, _F)
)
_NUMBERED = re.compile(r"([A-Z]) ?(-?[0-9]*\.?[0-9]*)")
_BEGINNINGS = frozenset(b"GMXYZEIJRS")
_FIGURES = frozenset(b"0123456789.-")


class Trait(StrEnum):
    """What is done along a stroke; the pictures show each in its own way."""

    TRAVEL = "travel"
    IMAGE = "image"
    FILL = "fill"
    ENGRAVE = "engrave"
    SCORE = "score"
    CUT = "cut"
    WAY = "way"
    WEAK = "weak"
    MEDIUM = "medium"
    STRONG = "strong"
    FIRST_LAYER = "first-layer"
    PRINT = "print"


_STRENGTHS = (Trait.WEAK, Trait.MEDIUM, Trait.STRONG)


@dataclass(frozen=True, slots=True)
class Stroke:
    """One line that the machine draws without lifting.

    Attributes:
        kind: a `Trait`: of a drawing `cut`, `score` or `engrave`; of a laser's program by its
            power `weak` (up to a third), `medium` or `strong`; of a print `first-layer` or
            `print`; and `travel`.
        points_mm: on the bed, y away from the front.
        lines: of the program: where it begins, and its last one, counted from 1.
    """

    kind: str
    points_mm: tuple[Point, ...]
    lines: tuple[int, int] = (0, 0)


class Trace(NamedTuple):
    """What was followed of a program.

    Attributes:
        strokes: travels and work, in the order of the program.
        is_whole: False when only its beginning is there.
    """

    strokes: tuple[Stroke, ...]
    is_whole: bool


def trace_program(lines: Iterable[bytes], machine: Machine) -> Trace:
    """Follow a canonical program from its beginning, until there is enough for a picture.

    Args:
        lines: of the program, without their ends.
        machine: a laser works while its beam is on, a printer while it feeds filament.
    """
    tracer = _Tracer(machine)
    for line in lines:
        tracer.read(line)
        if tracer.is_full:
            return Trace(tracer.finish(), is_whole=False)
    return Trace(tracer.finish(), is_whole=True)


class _Tracer:
    """Follows a program and keeps its strokes."""

    def __init__(self, machine: Machine) -> None:
        self._is_laser = machine.kind is MachineKind.LASER
        self._full_s = machine.laser.full_power_s if machine.laser else 1.0
        self._budget = _LASER_POINTS if self._is_laser else _PRINT_POINTS
        self._covers_extruder = dialect_named(machine.dialect).distance_covers_extruder
        self._modal = Modal()
        self._strokes: list[Stroke] = []
        self._points: list[Point] = []
        self._kind: Trait = Trait.TRAVEL
        self._strength = Trait.WEAK
        self._run_mm = 0.0
        self._first_z_mm: float | None = None
        self._count = self._travels = 0
        self._line = self._first_line = self._last_line = 0

    @property
    def is_full(self) -> bool:
        """Tell whether there are enough points."""
        return self._count >= self._budget

    def finish(self) -> tuple[Stroke, ...]:
        """End the last stroke and give them all."""
        self._lift()
        return tuple(self._strokes)

    def read(self, line: bytes) -> None:
        """Follow one line; what draws nothing is passed over."""
        self._line += 1
        modal = self._modal
        found = _PLAIN.fullmatch(line)
        if found is None or (found[1] is None and modal.motion not in ("G0", "G1")):
            self._read_words(line)
            return
        motion, early_z, x, y, z, e, s = found.groups()
        if motion is not None:
            modal.motion = "G1" if motion == b"1" else "G0"
        if s is not None:
            self._use_power(float(s))
        start = (modal.x_mm, modal.y_mm)
        fed_mm = modal.go(
            float(x) if x else None,
            float(y) if y else None,
            float(early_z or z) if early_z or z else None,
            float(e) if e else None,
        )
        self._drive_straight(start, fed_mm)

    def _read_words(self, line: bytes) -> None:
        if len(line) < 2 or line[0] not in _BEGINNINGS or line[1] not in _FIGURES:
            return
        words = [Word(*found) for found in _NUMBERED.findall(line.decode("ascii", "replace"))]
        codes = [word.code for word in words if word.letter in "GM"]
        rest = tuple(w for w in words if w.letter not in "GM" and w.text.strip("-."))
        if codes and codes[0] not in MOTIONS and not self._obey(codes[0], rest):
            return
        for code in codes[1:]:
            if code not in MOTIONS:
                self._obey(code, rest)
        self._modal.motion = next((code for code in codes if code in MOTIONS), self._modal.motion)
        command = Command(self._modal.motion, rest)
        if (power := command.value("S")) is not None:
            self._use_power(power)
        if any(word.letter in "XYZEIJ" for word in rest):
            start = self._modal.at_mm
            fed_mm = self._modal.go(*(command.value(letter) for letter in "XYZE"))
            if command.code in ("G2", "G3"):
                self._drive_arc(start, fed_mm, command)
            else:
                self._drive_straight(start[:2], fed_mm)

    def _obey(self, code: str, rest: tuple[Word, ...]) -> bool:
        """Obey a command that is no motion; False when its line says no more than that."""
        modal = self._modal
        match code:
            case "G90" | "G91":
                modal.use_distance(code, covers_extruder=self._covers_extruder)
            case "G20" | "G21":
                modal.use_units(code)
            case "G17" | "G18" | "G19":
                modal.plane = code
            case "M3" | "M4" | "M5":
                modal.spindle = code
            case "M82" | "M83":
                modal.is_e_relative = code == "M83"
            case "G92":
                modal.rename_position(Command(code, rest))
                return False
            case "G92.1":
                modal.forget_shift()
            case "G28" | "G30":
                modal.home("".join(word.letter for word in rest) or "XYZ")
                self._lift()
                return False
            case _:
                return False
        return True

    def _use_power(self, power_s: float) -> None:
        self._modal.power_s = power_s
        third = math.ceil(min(1.0, power_s / self._full_s) * 3) - 1
        self._strength = _STRENGTHS[max(0, third)]

    def _drive_straight(self, start: Point, fed_mm: float) -> None:
        """Take a straight move that the modal state has made already."""
        end = (self._modal.x_mm, self._modal.y_mm)
        if start == end:
            return
        kind = self._trait(fed_mm)
        if kind is not self._kind or not self._points:
            self._begin(kind, start)
        self._points.append(end)
        self._last_line = self._line
        if kind is not Trait.TRAVEL:
            self._count += 1
            self._run_mm += abs(end[0] - start[0]) + abs(end[1] - start[1])

    def _drive_arc(self, start: Point3, fed_mm: float, command: Command) -> None:
        """Take an arc that the modal state has made already; a full circle ends where it began."""
        kind = self._trait(fed_mm)
        if kind is Trait.TRAVEL and start[:2] == self._modal.at_mm[:2]:
            return
        points = self._arc(command, start)
        self._begin(kind, start[:2])
        self._points += [point[:2] for point in points]
        self._last_line = self._line
        if kind is not Trait.TRAVEL:
            self._count += len(points)
            self._run_mm = math.inf

    def _begin(self, kind: Trait, start: Point) -> None:
        """Go on with the stroke under way, or begin another one."""
        if self._points and kind is not self._kind:
            blends = kind in _STRENGTHS and self._kind in _STRENGTHS
            if blends and self._run_mm < _LEAST_RUN_MM:
                self._kind = max(kind, self._kind, key=_STRENGTHS.index)
                return
            self._lift()
        if not self._points:
            self._kind, self._run_mm = kind, 0.0
            self._first_line = self._line
            self._points.append(start)

    def _trait(self, fed_mm: float) -> Trait:
        """Tell what the move under way is."""
        modal = self._modal
        if self._is_laser:
            works = modal.power_s > 0 and modal.motion != "G0" and modal.spindle != "M5"
            return self._strength if works else Trait.TRAVEL
        if fed_mm <= 0:
            return Trait.TRAVEL
        if self._first_z_mm is None:
            self._first_z_mm = modal.z_mm
        is_first = modal.z_mm <= self._first_z_mm + _SAME_LAYER_MM
        return Trait.FIRST_LAYER if is_first else Trait.PRINT

    def _arc(self, command: Command, start: Point3) -> tuple[Point3, ...]:
        """Cut an arc into pieces; one that cannot be driven is drawn straight."""
        modal, end = self._modal, self._modal.at_mm
        first, second, _ = plane_axes(modal.plane)
        is_clockwise = command.code == "G2"
        radius = command.value("R")
        if radius is not None:
            from_, to = (start[first], start[second]), (end[first], end[second])
            centre = centre_from_radius(from_, to, radius * modal.scale, is_clockwise=is_clockwise)
            if isinstance(centre, ArcFlaw):
                return (end,)
        else:
            a, b = (command.value("IJK"[axis]) or 0.0 for axis in (first, second))
            centre = (start[first] + a * modal.scale, start[second] + b * modal.scale)
        points = arc_points(start, end, centre, is_clockwise=is_clockwise, plane=modal.plane)
        return (end,) if isinstance(points, ArcFlaw) else points

    def _lift(self) -> None:
        """End the stroke under way; of travels only so many are kept."""
        if len(self._points) > 1:
            self._travels += self._kind is Trait.TRAVEL
            if self._kind is not Trait.TRAVEL or self._travels <= _TRAVELS:
                lines = (self._first_line - 1, self._last_line)
                self._strokes.append(Stroke(self._kind, tuple(self._points), lines))
        self._points = []
