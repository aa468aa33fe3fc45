"""From operations to the G-code of a GRBL laser.

Arcs stay arcs where that is exact: GRBL compares radii within 0.005 mm and takes an arc whose
ends round to the same place for a full circle (grbl 1.1h, `gcode.c` and `motion_control.c`), so
tiny, nearly straight and very large ones become lines, and more than half a turn becomes two.
"""

import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from fablab_hub.core.errors import FileError
from fablab_hub.core.geometry import Point
from fablab_hub.core.machines import LaserLimits, Machine
from fablab_hub.core.materials import Material, Preset
from jobs.geometry.path import Arc, Line, Path, Segment, points_of
from jobs.toolpath.plan import Step
from jobs.toolpath.scans import Scan

_SHORTEST_ARC_MM = 0.01
_FLATTEST_MM = 0.005
_LARGEST_RADIUS_MM = 5_000.0
"""Beyond it GRBL's 32-bit floats are coarser than the arc is exact."""

_CHORD_MM = 0.01
_GAP_MM = 0.001


def make_program(steps: Sequence[Step], machine: Machine, material: Material) -> Iterator[bytes]:
    """Write steps as a program, each as its material wants it, see `write_program`.

    Args:
        steps: in the order in which they are done; bed coordinates.
        machine: a laser; its limits cap power and speed.
        material: with a preset for every kind of operation.

    Raises:
        ValueError: the machine is no laser.
        FileError: the material has no preset for an operation (`drawing.no-preset`).
    """
    presets = {kind: material.preset(kind) for kind in {step.kind for step in steps}}
    if not all(presets.values()):
        raise FileError("drawing.no-preset")
    known = {kind: preset for kind, preset in presets.items() if preset}
    return write_program(((step, known[step.kind]) for step in steps), machine)


def write_program(steps: Iterable[tuple[Step, Preset]], machine: Machine) -> Iterator[bytes]:
    """Write steps as a program, line by line, without line ends.

    Absolute millimetres from machine zero, power that follows the speed (`M4`), words only where
    they change: the serial line is what limits a picture. Paths with arcs have three decimals, as
    GRBL compares their radii; straight ones have two. A step is done as often as its preset says;
    an open path is then followed back and forth.

    Args:
        steps: in the order in which they are done, and how; bed coordinates.
        machine: a laser; its limits cap power and speed.

    Raises:
        ValueError: the machine is no laser.
    """
    if machine.laser is None:
        raise ValueError(machine.id)
    writer = _Writer(has_arcs=machine.laser.arcs)
    blows = False
    yield from (b"G21", b"G90", b"M4 S0")
    for step, preset in steps:
        if machine.laser.air and preset.air != blows:
            blows = preset.air
            yield b"M8" if blows else b"M9"
        feed = min(preset.feed_mm_min, machine.max_feed_mm_min)
        yield from writer.step(step, preset.passes, _power_s(preset, machine.laser), feed)
    if blows:
        yield b"M9"
    yield b"M5 S0"
    yield b"G0X0Y0"


def _power_s(preset: Preset, laser: LaserLimits) -> float:
    """Give the S number of a power, never above what the laser may be asked for."""
    most = math.floor(laser.max_power * laser.full_power_s * 1000 + 1e-6) / 1000
    return min(round(preset.power * laser.full_power_s, 3), most)


class _Writer:
    """Writes moves; a word is written when it changes."""

    def __init__(self, *, has_arcs: bool) -> None:
        self._at = (0.0, 0.0)
        self._motion = ""
        self._power, self._feed = "S0", ""
        self._has_arcs = has_arcs
        self._decimals = 3

    def step(self, step: Step, passes: int, power_s: float, feed_mm_min: float) -> Iterator[bytes]:
        """Do one step, as often as asked."""
        if isinstance(step, Scan):
            self._decimals = 2
            for _ in range(passes):
                yield from self._scan(step, power_s, feed_mm_min)
            return
        path = step.path
        is_straight = all(isinstance(segment, Line) for segment in path.segments)
        self._decimals = 2 if is_straight or not self._has_arcs else 3
        yield from self._travel(path.start_mm)
        for _ in range(passes):
            yield from self._work(path, power_s, feed_mm_min)
            path = path if path.is_closed else path.reversed()

    def _scan(self, scan: Scan, power_s: float, feed_mm_min: float) -> Iterator[bytes]:
        """Do a scan's rows; between its runs the head goes on with the beam off."""
        feed = "F" + _number(feed_mm_min)
        for row in scan.rows:
            yield from self._travel((float(row.starts_mm[0]), row.y_mm))
            powers = np.rint(row.powers * power_s).astype(int).tolist()
            x = row.starts_mm[0]
            for start, end, power in zip(
                row.starts_mm.tolist(), row.ends_mm.tolist(), powers, strict=True
            ):
                if abs(start - x) > _GAP_MM:
                    yield from self._straight((start, row.y_mm), "S0", feed)
                yield from self._straight((end, row.y_mm), f"S{power}", feed)
                x = end

    def _travel(self, to_mm: Point) -> Iterator[bytes]:
        """Go somewhere without working."""
        to = self._rounded(to_mm)
        if to == self._at:
            return
        # SAFETY: S0 keeps the beam off in travel even where laser mode ($32) was not switched on.
        # test_the_beam_is_off_while_travelling
        yield self._line("G0", self._ends(to), power="S0")
        self._at = to

    def _work(self, path: Path, power_s: float, feed_mm_min: float) -> Iterator[bytes]:
        """Follow a path with the beam on."""
        power, feed = "S" + _number(power_s), "F" + _number(feed_mm_min)
        for segment in path.segments:
            yield from self._straight(segment.start_mm, power, feed)
            for piece in _pieces(segment, has_arcs=self._has_arcs):
                if isinstance(piece, Arc):
                    yield self._curved(piece, power, feed)
                else:
                    yield from self._straight(piece, power, feed)

    def _straight(self, to_mm: Point, power: str, feed: str) -> Iterator[bytes]:
        to = self._rounded(to_mm)
        if to != self._at:
            yield self._line("G1", self._ends(to), power, feed)
            self._at = to

    def _curved(self, arc: Arc, power: str, feed: str) -> bytes:
        """Write an arc; both ends and both centre words, which GRBL wants with every arc."""
        end = self._rounded(arc.end_mm)
        i, j = arc.centre_mm[0] - self._at[0], arc.centre_mm[1] - self._at[1]
        words = f"X{_number(end[0])}Y{_number(end[1])}I{_number(i)}J{_number(j)}"
        self._at = end
        return self._line("G2" if arc.is_clockwise else "G3", words, power, feed)

    def _ends(self, to: Point) -> str:
        x = f"X{_number(to[0])}" if to[0] != self._at[0] else ""
        return x + (f"Y{_number(to[1])}" if to[1] != self._at[1] else "")

    def _rounded(self, point: Point) -> Point:
        # Adding 0.0 turns -0.0 into 0.0.
        return (round(point[0], self._decimals) + 0.0, round(point[1], self._decimals) + 0.0)

    def _line(self, motion: str, words: str, power: str = "", feed: str = "") -> bytes:
        line = (motion if motion != self._motion else "") + words
        if power and power != self._power:
            line, self._power = line + power, power
        if feed and feed != self._feed:
            line, self._feed = line + feed, feed
        self._motion = motion
        return line.encode("ascii")


def _pieces(segment: Segment, *, has_arcs: bool) -> Iterator[Arc | Point]:
    """Give what a segment becomes: arcs that GRBL draws well, or the ends of straight lines."""
    if not isinstance(segment, Arc):
        yield segment.end_mm
        return
    sweep, radius = abs(segment.sweep_rad), segment.radius_mm
    height = radius * (1 - math.cos(min(sweep, math.pi) / 2))
    if segment.length_mm < _SHORTEST_ARC_MM or height < _FLATTEST_MM:
        yield segment.end_mm
    elif radius > _LARGEST_RADIUS_MM or not has_arcs:
        yield from points_of(Path(segments=(segment,), layer=""), _CHORD_MM)[1:]
    elif sweep > math.pi + 1e-6:
        middle = _at_angle(segment, segment.start_rad + segment.sweep_rad / 2)
        yield Arc(segment.start_mm, middle, segment.centre_mm, segment.is_clockwise)
        yield Arc(middle, segment.end_mm, segment.centre_mm, segment.is_clockwise)
    else:
        yield segment


def _at_angle(arc: Arc, angle_rad: float) -> Point:
    x, y = arc.centre_mm
    radius = arc.radius_mm
    return (x + radius * math.cos(angle_rad), y + radius * math.sin(angle_rad))


def _number(value: float) -> str:
    """Write a number with three decimals at most, without needless zeros."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
