"""The picture of a part on the bed, seen from above: plain SVG that holds nothing but shapes.

Strokes come from a drawing or from a canonical program; both are thinned to what an eye can see,
so that the picture of the largest file stays small.
"""

import math
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from fablab_hub.core.geometry import Point, Point3
from fablab_hub.core.machines import Machine, MachineKind
from fablab_hub.gcode.commands import MOTIONS, Command
from fablab_hub.gcode.dialects.registry import dialect_named
from fablab_hub.gcode.motion import ArcFlaw, arc_points, centre_from_radius, plane_axes
from fablab_hub.gcode.state import Modal
from fablab_hub.gcode.words import Word
from jobs.geometry.path import points_of
from jobs.picture_inset import (
    Inset,
    Line,
    Points,
    Rect,
    box_around,
    clipped,
    coarsened,
    inset_for,
    thinned,
    view_of,
)
from jobs.report import Finding
from jobs.toolpath.operations import Operation

__all__ = ["Stroke", "draw_picture", "strokes_of", "strokes_of_program"]

_LASER_POINTS = 60_000
_PRINT_POINTS = 20_000
_LOOKED_AT_POINTS = 40_000
_DRAWN_POINTS = 20_000
"""How many points are read, looked at one by one, and drawn; each takes up to 20 bytes."""

_NUMBERED = re.compile(r"([A-Z]) ?(-?[0-9]*\.?[0-9]*)")
_BEGINNINGS = frozenset(b"GMXYZEIJRS")
_FIGURES = frozenset(b"0123456789.-")

_PAPER, _PLATE, _EDGE, _GRID, _INK = "#F4EEDF", "#FBF8F1", "#CDBF9E", "#E6DCC4", "#5B6170"
_GROUND, _RING = "#FFFDF9", "#E4572E"
_COLOURS = {"engrave": "#8A5A00", "print": "#0A6C74", "score": "#0A6C74", "cut": "#1D2433"}
"""By kind, in the order of drawing: what is cut lies on top."""

_WIDTHS_PX = {"engrave": 1.0, "print": 0.6, "score": 1.3, "cut": 1.5}
_NARROW_PX = 360
_FARTHEST_MM = 1e6
_RINGS_EACH = 3
_MOST_RINGS = 40


@dataclass(frozen=True, slots=True)
class Stroke:
    """One line that the machine draws without lifting.

    Attributes:
        kind: `cut`, `score`, `engrave` or `print`.
        points_mm: on the bed, y away from the front.
    """

    kind: str
    points_mm: tuple[Point, ...]


def strokes_of(operations: Sequence[Operation]) -> tuple[Stroke, ...]:
    """Give the strokes of a drawing that was laid on the bed."""
    return tuple(Stroke(str(each.kind), tuple(points_of(each.path))) for each in operations)


def strokes_of_program(lines: Iterable[bytes], machine: Machine) -> tuple[Stroke, ...]:
    """Give the working strokes of a canonical program, from its beginning.

    Reading stops once there are enough points for a picture, so a print shows its first layers.

    Args:
        lines: of the program, without their ends.
        machine: a laser works while its beam is on, a printer while it feeds filament.
    """
    tracer = _Tracer(machine)
    for line in lines:
        tracer.read(line)
        if tracer.is_full:
            break
    return tracer.finish()


class _Tracer:
    """Follows a program and keeps the strokes in which the machine works."""

    def __init__(self, machine: Machine) -> None:
        self._is_laser = machine.kind is MachineKind.LASER
        self._kind = "cut" if self._is_laser else "print"
        self._budget = _LASER_POINTS if self._is_laser else _PRINT_POINTS
        self._covers_extruder = dialect_named(machine.dialect).distance_covers_extruder
        self._modal = Modal()
        self._strokes: list[Stroke] = []
        self._points: list[Point] = []
        self._count = 0

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
            self._modal.power_s = power
        if any(word.letter in "XYZEIJ" for word in rest):
            self._move(command)

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

    def _move(self, command: Command) -> None:
        modal, start = self._modal, self._modal.at_mm
        fed_mm = modal.go(*(command.value(letter) for letter in "XYZE"))
        if self._is_laser:
            works = modal.spindle != "M5" and modal.power_s > 0 and command.code != "G0"
        else:
            works = fed_mm > 0
        end = modal.at_mm
        is_arc = command.code in ("G2", "G3")
        if not works or (start == end and not is_arc):
            if start[:2] != end[:2]:
                self._lift()
            return
        if not self._points:
            self._points.append(start[:2])
        points = self._arc(command, start) if is_arc else (end,)
        self._points += [point[:2] for point in points]
        self._count += len(points)

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
        if len(self._points) > 1:
            self._strokes.append(Stroke(self._kind, tuple(self._points)))
        self._points = []


def draw_picture(machine: Machine, strokes: Sequence[Stroke], findings: Sequence[Finding]) -> str:
    """Draw a part on the bed of a machine, seen from above, y up as on the machine.

    Args:
        machine: whose bed it is.
        strokes: on the bed, or off it; what lies farther off than half a bed is cut away.
        findings: the spots of each get rings with its number, counted from 1.

    Returns:
        SVG without scripts, styles or references to anything outside it; below 600 kB.
    """
    width, depth = machine.bed_mm[0], machine.bed_mm[1]
    flipped = [(s.kind, _flip(s.points_mm, depth)) for s in strokes if s.kind in _COLOURS]
    lines = [(kind, points) for kind, points in flipped if len(points)]
    bed = (0.0, 0.0, width, depth)
    part = box_around(lines)
    view = view_of(bed, part)
    px = (view[2] - view[0]) / _NARROW_PX
    inset = inset_for(part, bed, 9 * px) if part else None
    zoom = inset.zoom if inset else 1.0
    fine = px / 4 / zoom
    lines = coarsened(lines, fine, _LOOKED_AT_POINTS)
    drawn = thinned(list(clipped(lines, view)), fine, _DRAWN_POINTS)
    foot = 26 * px
    pad = 3 * px
    box = (view[0] - pad, view[1] - pad, view[2] - view[0] + 2 * pad, view[3] - view[1] + foot)
    body = [_ground(box), *_bed(bed, px), *_part(drawn, inset, px)]
    body += _rings(findings, depth, view, inset, px)
    body += _scale_bar(width, view, px)
    view_box = " ".join(_number(value) for value in box)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="{view_box}">'
        + "".join(body)
        + "</svg>\n"
    )


def _flip(points_mm: Sequence[Point], depth: float) -> Points:
    """Turn y over; places that are no numbers are left out."""
    points = np.array(points_mm, dtype=np.float64).reshape(-1, 2)
    points = points[np.isfinite(points).all(axis=1)].clip(-_FARTHEST_MM, _FARTHEST_MM)
    points[:, 1] = depth - points[:, 1]
    return points


def _ground(box: Rect) -> str:
    """Draw what lies around the bed, so that dark pages do not swallow lines off the bed."""
    x, y, width, height = (_number(value) for value in box)
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{_GROUND}"/>'


def _bed(bed: Rect, px: float) -> Iterator[str]:
    width, depth = bed[2], bed[3]
    step = 100 if max(width, depth) > 300 else 50
    frame = f'width="{_number(width)}" height="{_number(depth)}" rx="{_number(3 * px)}"'
    yield f'<rect {frame} fill="{_PAPER}"/>'
    upright = [f"M{x} 0V{_number(depth)}" for x in range(step, math.ceil(width), step)]
    level = [
        f"M0 {_number(depth - y)}H{_number(width)}" for y in range(step, math.ceil(depth), step)
    ]
    yield _path("".join(upright + level), _GRID, 1)
    yield (
        f'<rect {frame} fill="none" stroke="{_EDGE}" stroke-width="1.5" '
        'vector-effect="non-scaling-stroke"/>'
    )


def _part(lines: list[Line], inset: Inset | None, px: float) -> Iterator[str]:
    paths = []
    for kind, colour in _COLOURS.items():
        data = "".join(_data(points) for each, points in lines if each == kind)
        if data:
            paths.append(_path(data, colour, _WIDTHS_PX[kind]))
    drawing = "".join(paths)
    if inset is None or not drawing:
        yield drawing
        return
    # The name differs from picture to picture: a page may hold several.
    name = f"part-{zlib.crc32(drawing.encode()):08x}"
    leaders = "".join(f"M{_pair(start)}L{_pair(end)}" for start, end in inset.leaders())
    yield _frame(inset.part, 1.5 * px, "none")
    yield _path(leaders, _EDGE, 1)
    yield _frame(inset.frame, 3 * px, _PLATE)
    yield f'<g id="{name}">{drawing}</g>'
    x, y = inset.shift
    yield (f'<use href="#{name}" transform="translate({x:.3f} {y:.3f}) scale({inset.zoom:.4f})"/>')


def _rings(
    findings: Sequence[Finding], depth: float, view: Rect, inset: Inset | None, px: float
) -> Iterator[str]:
    """Mark the first few spots of each finding; rings that meet have their numbers apart."""
    radius = 9 * px
    drawn: list[tuple[int, Point]] = []
    for number, finding in enumerate(findings, 1):
        spots = [where.at_mm for where in finding.where if where.at_mm is not None]
        for x, y in [spot for spot in spots if all(map(math.isfinite, spot))][:_RINGS_EACH]:
            at = (min(max(x, view[0]), view[2]), min(max(depth - y, view[1]), view[3]))
            if inset is not None and inset.holds(at):
                at = inset.shown_at(at)
            near = [other for other, spot in drawn if math.dist(spot, at) < 2 * radius]
            if number in near or len(drawn) >= _MOST_RINGS:
                continue
            drawn.append((number, at))
            yield _ring(number, at, radius, _corner(at, radius, view, len(near)))


def _corner(at: Point, radius: float, view: Rect, turn: int) -> tuple[int, int]:
    """Choose the corner of a ring for its number: those that stay in the view come first."""

    def leaves(corner: tuple[int, int]) -> bool:
        x, y = at[0] + corner[0] * 2 * radius, at[1] + corner[1] * 2 * radius
        return not (view[0] <= x <= view[2] and view[1] <= y <= view[3])

    return sorted(((1, -1), (-1, -1), (1, 1), (-1, 1)), key=leaves)[turn % 4]


def _ring(number: int, at: Point, radius: float, corner: tuple[int, int]) -> str:
    """Draw one ring, and its number at one of its corners."""
    across, down = corner
    x = at[0] + across * radius * 1.25
    y = at[1] + down * radius * 1.25 + radius * 0.45
    return (
        f'<circle cx="{_number(at[0])}" cy="{_number(at[1])}" r="{_number(radius)}" fill="none" '
        f'stroke="{_RING}" stroke-width="2" vector-effect="non-scaling-stroke"/>'
        f'<text x="{_number(x)}" y="{_number(y)}" font-family="sans-serif" font-weight="700" '
        f'font-size="{_number(radius * 1.4)}" text-anchor="middle" fill="{_RING}" '
        f'stroke="{_PAPER}" stroke-width="{_number(radius * 0.3)}" paint-order="stroke">'
        f"{number}</text>"
    )


def _scale_bar(width: float, view: Rect, px: float) -> Iterator[str]:
    length, words = (100, "10 cm") if width >= 120 else (10, "1 cm")
    y = view[3] + 13 * px
    left = view[0] + 2 * px
    tick = 3 * px
    bar = (
        f"M{_pair((left, y - tick))}v{_number(2 * tick)}m0 {_number(-tick)}h{length}"
        f"m0 {_number(-tick)}v{_number(2 * tick)}"
    )
    yield _path(bar, _INK, 1.5)
    yield (
        f'<text x="{_number(left + length + 5 * px)}" y="{_number(y + 4 * px)}" '
        f'font-family="sans-serif" font-size="{_number(11 * px)}" fill="{_INK}">{words}</text>'
    )


def _frame(rect: Rect, radius: float, fill: str) -> str:
    left, top, right, bottom = rect
    return (
        f'<rect x="{_number(left)}" y="{_number(top)}" width="{_number(right - left)}" '
        f'height="{_number(bottom - top)}" rx="{_number(radius)}" fill="{fill}" '
        f'stroke="{_EDGE}" stroke-width="1" vector-effect="non-scaling-stroke"/>'
    )


def _path(data: str, colour: str, width_px: float) -> str:
    return (
        f'<path d="{data}" fill="none" stroke="{colour}" stroke-width="{width_px}" '
        'stroke-linecap="round" stroke-linejoin="round" vector-effect="non-scaling-stroke"/>'
    )


def _data(points: Points) -> str:
    """Write one stroke; a single place becomes a dot."""
    places = points.tolist() if len(points) > 1 else points.tolist() * 2
    return "M" + " ".join(_pair(place) for place in places)


def _pair(point: Sequence[float]) -> str:
    return f"{_number(point[0])} {_number(point[1])}"


def _number(value: float) -> str:
    """Write millimetres, to a hundredth."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
