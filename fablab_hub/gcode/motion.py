"""The geometry of `G2` and `G3`: arcs, helices and full circles as points."""

import math
from enum import StrEnum

from fablab_hub.core.geometry import Point3

CHORD_ERROR_MM = 0.01
"""How far the straight pieces may lie inside the true arc."""

MAX_PIECES = 256

_PLANES = {"G17": (0, 1, 2), "G18": (2, 0, 1), "G19": (1, 2, 0)}
_QUARTER = math.pi / 2


class ArcFlaw(StrEnum):
    """Why an arc cannot be driven."""

    NO_CENTRE = "no-centre"
    RADIUS = "radius"
    NO_END = "no-end"


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
    chord = math.hypot(a, b)
    if chord == 0.0:
        return ArcFlaw.NO_END
    square = radius_mm * radius_mm - chord * chord / 4
    if square < -1e-9:
        return ArcFlaw.RADIUS
    side = math.sqrt(max(0.0, square)) / chord
    if is_clockwise != (radius_mm < 0):
        side = -side
    return (start[0] + a / 2 - b * side, start[1] + b / 2 + a * side)


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
    radius, end_radius = math.hypot(a0, b0), math.hypot(a1, b1)
    error = abs(radius - end_radius)
    if radius == 0.0:
        return ArcFlaw.NO_CENTRE
    if error > 0.5 or (error > 0.005 and error > 0.001 * radius):
        return ArcFlaw.RADIUS
    from_rad = math.atan2(b0, a0)
    sweep = math.atan2(a0 * b1 - b0 * a1, a0 * a1 + b0 * b1)
    if is_clockwise:
        sweep = sweep - 2 * math.pi if sweep >= -5e-7 else sweep
    else:
        sweep = sweep + 2 * math.pi if sweep <= 5e-7 else sweep
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
