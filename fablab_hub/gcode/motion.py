"""The geometry of `G2` and `G3`: arcs, helices and full circles as points."""

import math
from dataclasses import dataclass
from enum import StrEnum

from fablab_hub.core.geometry import Point3

CHORD_ERROR_MM = 0.01
"""How far the straight pieces may lie inside the true arc."""

MAX_PIECES = 256

_PLANES = {"G17": (0, 1, 2), "G18": (2, 0, 1), "G19": (1, 2, 0)}
_QUARTER = math.pi / 2
_CIRCLE = 2 * math.pi


class ArcFlaw(StrEnum):
    """Why an arc cannot be driven."""

    NO_CENTRE = "no-centre"
    RADIUS = "radius"
    NO_END = "no-end"


@dataclass(frozen=True, slots=True)
class Arc:
    """The way of a `G2` or `G3` as a planner sees it.

    Attributes:
        length_mm: along the arc, its climb included.
        radius_mm: in its plane.
        entry, leave: unit vectors of the directions at start and end.
        low_mm, high_mm: corners of the box that holds every point of it.
    """

    length_mm: float
    radius_mm: float
    entry: Point3
    leave: Point3
    low_mm: Point3
    high_mm: Point3


def plane_axes(plane: str) -> tuple[int, int, int]:
    """Give the two axes that an arc turns in, and the one it climbs along (0 is X)."""
    return _PLANES[plane]


def centre_from_radius(
    start: tuple[float, float], end: tuple[float, float], radius_mm: float, *, is_clockwise: bool
) -> tuple[float, float] | ArcFlaw:
    """Find the centre of an arc that is written with `R`.

    A negative radius means the longer way round (NIST RS274/NGC, 3.5.3.1).
    """
    a, b = end[0] - start[0], end[1] - start[1]
    chord = math.sqrt(a * a + b * b)
    if chord == 0.0:
        return ArcFlaw.NO_END
    square = radius_mm * radius_mm - chord * chord / 4
    if square < -1e-9:
        return ArcFlaw.RADIUS
    side = math.sqrt(max(0.0, square)) / chord
    if is_clockwise != (radius_mm < 0):
        side = -side
    return (start[0] + a / 2 - b * side, start[1] + b / 2 + a * side)


def arc_way(
    start: Point3, end: Point3, centre: tuple[float, float], *, is_clockwise: bool, plane: str
) -> Arc | ArcFlaw:
    """Measure an arc; takes what `arc_points` takes, and refuses what it refuses."""
    first, second, third = _PLANES[plane]
    a0, b0 = start[first] - centre[0], start[second] - centre[1]
    a1, b1 = end[first] - centre[0], end[second] - centre[1]
    radius, end_radius = math.sqrt(a0 * a0 + b0 * b0), math.sqrt(a1 * a1 + b1 * b1)
    if (flaw := _misfit(radius, end_radius)) is not None:
        return flaw
    from_rad, sweep = math.atan2(b0, a0), _sweep_rad(a0, b0, a1, b1, is_clockwise=is_clockwise)
    turn, climb = (-1.0 if is_clockwise else 1.0), end[third] - start[third]
    bow = radius * abs(sweep)
    length = math.sqrt(bow * bow + climb * climb)
    level = turn * bow / length
    box = [list(map(min, start, end)), list(map(max, start, end))]
    for quarter in range(4):
        ahead = (quarter * _QUARTER - from_rad) * turn
        ahead -= _CIRCLE * math.floor(ahead / _CIRCLE)
        if ahead < abs(sweep):
            axis, sign = (first, second)[quarter % 2], (1.0 if quarter < 2 else -1.0)
            outermost = centre[quarter % 2] + sign * radius
            box[0][axis] = min(box[0][axis], outermost)
            box[1][axis] = max(box[1][axis], outermost)

    def direction(a: float, b: float, reach: float) -> Point3:
        parts = [0.0, 0.0, 0.0]
        parts[first], parts[second] = -b / reach * level, a / reach * level
        parts[third] = climb / length
        return (parts[0], parts[1], parts[2])

    return Arc(
        length_mm=length,
        radius_mm=radius,
        entry=direction(a0, b0, radius),
        leave=direction(a1, b1, end_radius),
        low_mm=(box[0][0], box[0][1], box[0][2]),
        high_mm=(box[1][0], box[1][1], box[1][2]),
    )


def _misfit(radius: float, end_radius: float) -> ArcFlaw | None:
    error = abs(radius - end_radius)
    if radius == 0.0 or end_radius == 0.0:
        return ArcFlaw.NO_CENTRE
    if error > 0.5 or (error > 0.005 and error > 0.001 * radius):
        return ArcFlaw.RADIUS
    return None


def _sweep_rad(a0: float, b0: float, a1: float, b1: float, *, is_clockwise: bool) -> float:
    """Give the angle that an arc turns by; a whole circle where it ends where it began."""
    sweep = math.atan2(a0 * b1 - b0 * a1, a0 * a1 + b0 * b1)
    if is_clockwise:
        return sweep - _CIRCLE if sweep >= -5e-7 else sweep
    return sweep + _CIRCLE if sweep <= 5e-7 else sweep


def arc_points(
    start: Point3, end: Point3, centre: tuple[float, float], *, is_clockwise: bool, plane: str
) -> tuple[Point3, ...] | ArcFlaw:
    """Cut an arc into straight pieces; every outermost point of the arc is one of the points.

    The rules for a centre that does not fit are those of grbl 1.1h (`gcode.c`): off by more than
    0.5 mm, or by more than 0.005 mm and a thousandth of the radius.

    Args:
        start: where the arc begins, machine coordinates in mm.
        end: where it ends; the same place in the plane means a full circle.
        centre: in the plane's two axes.
        is_clockwise: seen from the positive end of the third axis.
        plane: `G17`, `G18` or `G19`.

    Returns:
        The points after the start, the end included.
    """
    first, second, third = _PLANES[plane]
    a0, b0 = start[first] - centre[0], start[second] - centre[1]
    a1, b1 = end[first] - centre[0], end[second] - centre[1]
    radius, end_radius = math.sqrt(a0 * a0 + b0 * b0), math.sqrt(a1 * a1 + b1 * b1)
    if (flaw := _misfit(radius, end_radius)) is not None:
        return flaw
    from_rad, sweep = math.atan2(b0, a0), _sweep_rad(a0, b0, a1, b1, is_clockwise=is_clockwise)
    points: list[Point3] = []
    for angle in _angles(from_rad, sweep, radius):
        point = [0.0, 0.0, 0.0]
        point[first] = centre[0] + radius * math.cos(angle)
        point[second] = centre[1] + radius * math.sin(angle)
        point[third] = start[third] + (end[third] - start[third]) * (angle - from_rad) / sweep
        points.append((point[0], point[1], point[2]))
    return (*points, end)


def _angles(from_rad: float, sweep: float, radius: float) -> list[float]:
    """Give the angles between start and end: evenly spread, and the quarters of the compass."""
    step = 2 * math.acos(max(0.0, 1 - CHORD_ERROR_MM / radius))
    pieces = max(1, min(MAX_PIECES, math.ceil(abs(sweep) / max(step, 1e-4))))
    angles = [from_rad + sweep * i / pieces for i in range(1, pieces)]
    low, high = sorted((from_rad, from_rad + sweep))
    quarter = math.floor(low / _QUARTER) + 1
    while quarter * _QUARTER < high:
        angles.append(quarter * _QUARTER)
        quarter += 1
    return sorted(angles, reverse=sweep < 0)


_CURVE_PIECES = 64
_SHORTEST_PIECE_MM = 0.05
"""Shorter pieces of a curve are joined: they show nothing, and their times are mere rounding."""


def curve_points(
    start: Point3, first: tuple[float, float], second: tuple[float, float], end: Point3
) -> tuple[Point3, ...]:
    """Cut a Bézier curve of the XY plane (`G5`) into pieces; the start is not among the points.

    Args:
        start: where it begins, mm.
        first: X and Y of its first control point.
        second: X and Y of its second one.
        end: where it ends; Z goes evenly from the one to the other.
    """
    corners = (start[:2], first, second, end[:2])
    points: list[Point3] = []
    before = start
    for piece in range(1, _CURVE_PIECES):
        t = piece / _CURVE_PIECES
        u = 1 - t
        shares = (u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t)
        x = sum(share * corner[0] for share, corner in zip(shares, corners, strict=True))
        y = sum(share * corner[1] for share, corner in zip(shares, corners, strict=True))
        point = (x, y, u * start[2] + t * end[2])
        if min(math.dist(before, point), math.dist(point, end)) >= _SHORTEST_PIECE_MM:
            points.append(point)
            before = point
    return (*points, end)
