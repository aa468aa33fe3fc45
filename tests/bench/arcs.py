"""Turn runs of short straight moves into arcs, as arc-fitting slicers do."""

import itertools
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_MOVE = re.compile(r"G1 X(-?[\d.]+) Y(-?[\d.]+) E(-?[\d.]+)\n")
_LEAST_POINTS = 4
_MOST_POINTS = 60
_MOST_RADIUS_MM = 500.0
_LEAST_RADIUS_MM = 0.5
_MOST_TURN = 1.5 * math.pi


@dataclass(frozen=True, slots=True)
class Point:
    """Where a move ends, in mm, and how far the filament is then."""

    x_mm: float
    y_mm: float
    e_text: str


@dataclass(frozen=True, slots=True)
class Arc:
    """An arc from the first to the last of some points.

    Attributes:
        centre_mm: of its circle.
        radius_mm: of its circle.
        is_clockwise: seen from above.
    """

    centre_mm: tuple[float, float]
    radius_mm: float
    is_clockwise: bool


def fit_arc(points: list[Point], tolerance_mm: float) -> Arc | None:
    """Find the circle through the first, middle and last point, if all others lie on it too.

    None where a point or the middle of a chord is farther from it than `tolerance_mm`, where the
    points turn back, or turn by more than three quarters of a circle.
    """
    first, middle, last = points[0], points[len(points) // 2], points[-1]
    centre = _centre(first, middle, last)
    if centre is None:
        return None
    cx, cy = centre
    radius = math.hypot(first.x_mm - cx, first.y_mm - cy)
    if not _LEAST_RADIUS_MM <= radius <= _MOST_RADIUS_MM:
        return None
    turned = 0.0
    sign = 0.0
    for a, b in itertools.pairwise(points):
        ax, ay, bx, by = a.x_mm - cx, a.y_mm - cy, b.x_mm - cx, b.y_mm - cy
        if abs(math.hypot(bx, by) - radius) > tolerance_mm:
            return None
        if radius - math.hypot((ax + bx) / 2, (ay + by) / 2) > tolerance_mm:
            return None
        turn = math.atan2(ax * by - ay * bx, ax * bx + ay * by)
        sign = sign or math.copysign(1.0, turn)
        turned += turn
        if turn * sign <= 0 or abs(turned) > _MOST_TURN:
            return None
    return Arc(centre, radius, is_clockwise=turned < 0)


def fit_program(lines: Iterable[str], tolerance_mm: float) -> Iterator[str]:
    """Write a program again with arcs where three moves or more lie on one.

    Only lines of the form `G1 X Y E` are touched; the filament of an arc is that of its moves, so
    the program must count filament absolutely.

    Args:
        lines: with their ends.
        tolerance_mm: how far the arc may be from the moves.
    """
    run: list[tuple[Point, str]] = []
    for line in lines:
        found = _MOVE.fullmatch(line)
        if found is None:
            yield from _settle(run, tolerance_mm)
            run.clear()
            yield line
            continue
        x, y, e = found.groups()
        run.append((Point(float(x), float(y), e), line))
    yield from _settle(run, tolerance_mm)


def _settle(run: list[tuple[Point, str]], tolerance_mm: float) -> Iterator[str]:
    """Write a run of moves; the first only brings the head to where an arc may begin."""
    if not run:
        return
    yield run[0][1]
    at = 0
    while at < len(run) - 1:
        arc, end = _longest(run, at, tolerance_mm)
        if arc is None:
            yield run[at + 1][1]
        else:
            yield _arc_line(run[at][0], run[end][0], arc)
        at = end


def _longest(
    run: list[tuple[Point, str]], start: int, tolerance_mm: float
) -> tuple[Arc | None, int]:
    best: Arc | None = None
    end = start + 1
    limit = min(len(run), start + _MOST_POINTS)
    for stop in range(start + _LEAST_POINTS, limit + 1, 2):
        arc = fit_arc([point for point, _ in run[start:stop]], tolerance_mm)
        if arc is None:
            break
        best, end = arc, stop - 1
    return best, end


def _arc_line(start: Point, end: Point, arc: Arc) -> str:
    i, j = arc.centre_mm[0] - start.x_mm, arc.centre_mm[1] - start.y_mm
    code = "G2" if arc.is_clockwise else "G3"
    return f"{code} X{end.x_mm:g} Y{end.y_mm:g} I{i:.3f} J{j:.3f} E{end.e_text}\n"


def _centre(a: Point, b: Point, c: Point) -> tuple[float, float] | None:
    """Give the centre of the circle through three points; None where they lie on a line."""
    bx, by, cx, cy = b.x_mm - a.x_mm, b.y_mm - a.y_mm, c.x_mm - a.x_mm, c.y_mm - a.y_mm
    twice_area = 2 * (bx * cy - by * cx)
    if abs(twice_area) < 1e-9:
        return None
    b_square, c_square = bx * bx + by * by, cx * cx + cy * cy
    return (
        a.x_mm + (cy * b_square - by * c_square) / twice_area,
        a.y_mm + (bx * c_square - cx * b_square) / twice_area,
    )
