"""The simulated board's arcs: where their centre is, and the short lines that they are cut into.

Source: grbl 1.1h, `gcode.c` (offsets and radius) and `motion_control.c` (`mc_arc`).
"""

import math

from drivers.grbl.firmware_words import BAD_RADIUS, BAD_TARGET, LineError

Vector = tuple[float, float, float]
Flat = tuple[float, float]

TOLERANCE_MM = 0.002
"""`$12` as delivered: how far a short line may leave the arc."""

_FULL_CIRCLE_RAD = 5e-7


def centre_by_offset(start: Flat, target: Flat, offset: Flat) -> Flat:
    """Find the centre from its offset to the start.

    Raises:
        LineError: the radius at the end differs by 0.5 mm, or by 0.1 % beyond 0.005 mm.
    """
    centre = (start[0] + offset[0], start[1] + offset[1])
    radius = math.dist(start, centre)
    difference = abs(math.dist(target, centre) - radius)
    if difference > 0.5 or (difference > 0.005 and difference > 0.001 * radius):
        raise LineError(BAD_TARGET)
    return centre


def centre_by_radius(start: Flat, target: Flat, radius: float, *, is_clockwise: bool) -> Flat:
    """Find the centre from the radius; a negative one means the longer way round.

    Raises:
        LineError: start and target are the same, or further apart than the circle is wide.
    """
    dx, dy = target[0] - start[0], target[1] - start[1]
    span = math.hypot(dx, dy)
    rest = radius * radius - span * span / 4
    if span == 0:
        raise LineError(BAD_TARGET)
    if rest < 0:
        raise LineError(BAD_RADIUS)
    height = math.sqrt(rest) * (-1 if is_clockwise == (radius > 0) else 1)
    return (start[0] + dx / 2 - height * dy / span, start[1] + dy / 2 + height * dx / span)


def arc_points(
    start: Vector, target: Vector, centre: Flat, *, is_clockwise: bool, plane: tuple[int, int]
) -> list[Vector]:
    """Cut an arc into straight pieces; gives their ends, the target last.

    Args:
        start: machine coordinates, mm.
        target: where it ends; what is not in the plane moves evenly.
        centre: in the plane.
        is_clockwise: G2.
        plane: the two axes of the plane, by index.
    """
    a, b = plane
    radius = math.dist((start[a], start[b]), centre)
    begin = math.atan2(start[b] - centre[1], start[a] - centre[0])
    travel = math.atan2(target[b] - centre[1], target[a] - centre[0]) - begin
    if is_clockwise and travel >= -_FULL_CIRCLE_RAD:
        travel -= 2 * math.pi
    elif not is_clockwise and travel <= _FULL_CIRCLE_RAD:
        travel += 2 * math.pi
    tolerance = min(TOLERANCE_MM, radius)
    half_chord = math.sqrt(tolerance * (2 * radius - tolerance))
    pieces = int(abs(0.5 * travel * radius) / half_chord) if half_chord else 0
    points = []
    for index in range(1, pieces):
        part = index / pieces
        point = [at + (to - at) * part for at, to in zip(start, target, strict=True)]
        point[a] = centre[0] + radius * math.cos(begin + travel * part)
        point[b] = centre[1] + radius * math.sin(begin + travel * part)
        points.append((point[0], point[1], point[2]))
    return [*points, target]
