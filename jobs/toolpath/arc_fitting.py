"""Many short lines along a curve to few arcs, within a tolerance. Pure.

Machines run an arc better than the chords of a flattened spline: it is one move to plan ahead, and
one line to send. A run of lines becomes an arc when every point of it, and every chord's middle,
lies within the tolerance of one circle, and it turns one way by half a turn at the most.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from fablab_hub.core.geometry import Point
from jobs.geometry.path import Arc, Line, Path, Segment

_FEWEST = 5
"""Lines that are worth an arc: with fewer, corners would become round."""

_SHARPEST_RAD = math.radians(30)
_LARGEST_MM = 2_000.0
_MOST_SWEEP_RAD = math.radians(175)


def with_arcs(path: Path, tolerance_mm: float) -> Path:
    """Give a path with arcs where its lines follow circles."""
    if len(path.segments) < _FEWEST:
        return path
    segments = tuple(_fitted(path.segments, tolerance_mm))
    return path if len(segments) == len(path.segments) else replace(path, segments=segments)


def curved_paths(paths: Sequence[Path], tolerance_mm: float) -> list[int]:
    """Give the indexes of paths that may have lines along a circle, by one look at all corners.

    A chord's height is about an eighth of its length times the angle to the next one; where that is
    more than the tolerance, the line is a side of a polygon.
    """
    corners: list[Point] = []
    owner: list[int] = []
    for index, path in enumerate(paths):
        if len(path.segments) < _FEWEST:
            continue
        lines = [segment.start_mm for segment in path.segments if isinstance(segment, Line)]
        corners += lines
        owner += [index] * len(lines)
    if len(corners) < _FEWEST:
        return []
    points, owners = np.array(corners), np.array(owner)
    ways = np.diff(points, axis=0)
    turns = np.abs(
        np.arctan2(
            ways[:-1, 0] * ways[1:, 1] - ways[:-1, 1] * ways[1:, 0],
            (ways[:-1] * ways[1:]).sum(axis=1),
        )
    )
    lengths = np.hypot(ways[:, 0], ways[:, 1])
    flat = (turns > 0) & (turns < _SHARPEST_RAD)
    flat &= np.maximum(lengths[:-1], lengths[1:]) * turns / 8 <= tolerance_mm
    same = (owners[:-2] == owners[2:]) & flat
    run = np.convolve(same, np.ones(_FEWEST - 2), "valid") >= _FEWEST - 2
    found: list[int] = np.unique(owners[:-2][: len(run)][run]).tolist()
    return found


def _fitted(segments: Sequence[Segment], tolerance_mm: float) -> Iterator[Segment]:
    run: list[Line] = []
    for segment in segments:
        if isinstance(segment, Line):
            run.append(segment)
            continue
        yield from _fit_run(run, tolerance_mm)
        run = []
        yield segment
    yield from _fit_run(run, tolerance_mm)


def _fit_run(run: list[Line], tolerance_mm: float) -> Iterator[Segment]:
    if len(run) < _FEWEST:
        yield from run
        return
    points = [run[0].start_mm, *(line.end_mm for line in run)]
    ways = [(u - x, v - y) for (x, y), (u, v) in pairwise(points)]
    turns = [math.atan2(a * d - b * c, a * c + b * d) for (a, b), (c, d) in pairwise(ways)]
    at, last = 0, len(points) - 1
    while at < last:
        end = _smooth_end(turns, at, last)
        end, centre = _longest(points, at, end, tolerance_mm)
        if centre is None:
            yield run[at]
            at += 1
            continue
        yield Arc(points[at], points[end], centre, is_clockwise=turns[at] < 0)
        at = end


def _smooth_end(turns: Sequence[float], at: int, last: int) -> int:
    """Give how far a curve goes on turning the same way, without a corner."""
    sign = turns[at] > 0 if at < len(turns) else True
    swept = 0.0
    end = at
    while end < last - 1:
        turn = turns[end]
        swept += abs(turn)
        if (turn > 0) != sign or abs(turn) > _SHARPEST_RAD or swept > _MOST_SWEEP_RAD:
            break
        end += 1
    return end + 1


def _longest(
    points: Sequence[Point], at: int, end: int, tolerance_mm: float
) -> tuple[int, Point | None]:
    """Find the farthest point to which one circle fits, by halving."""
    low, best = at + _FEWEST, None
    high = end
    if high < low:
        return at, None
    if (centre := _circle(points, at, low, tolerance_mm)) is None:
        return at, None
    best = (low, centre)
    while low < high:
        middle = (low + high + 1) // 2
        centre = _circle(points, at, middle, tolerance_mm)
        if centre is None:
            high = middle - 1
        else:
            low, best = middle, (middle, centre)
    return best


def _circle(points: Sequence[Point], at: int, end: int, tolerance_mm: float) -> Point | None:
    """Give the centre of a circle through both ends that fits all points between; None for none.

    Runs are short: to look at their points one by one takes less time than to set up arrays.
    """
    (x0, y0), (xm, ym), (x1, y1) = points[at], points[(at + end) // 2], points[end]
    ax, ay, bx, by = xm - x0, ym - y0, x1 - x0, y1 - y0
    area = 2 * (ax * by - ay * bx)
    if abs(area) < 1e-9:
        return None
    aa, bb = ax * ax + ay * ay, bx * bx + by * by
    x, y = (by * aa - ay * bb) / area, (ax * bb - bx * aa) / area
    radius = math.hypot(x, y)
    if radius > _LARGEST_MM:
        return None
    cx, cy = x0 + x, y0 + y
    u, v = x0, y0
    for number in range(at + 1, end + 1):
        p, q = points[number]
        off = math.hypot(p - cx, q - cy) - radius
        sagging = math.hypot((u + p) / 2 - cx, (v + q) / 2 - cy) - radius
        if abs(off) > tolerance_mm or abs(sagging) > tolerance_mm:
            return None
        u, v = p, q
    return (cx, cy)
