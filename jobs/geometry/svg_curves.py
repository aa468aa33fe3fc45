"""Curves of an SVG to lines and arcs, once every transform is done. Pure."""

import math
from collections.abc import Iterator
from itertools import pairwise

import svgelements as svg

from fablab_hub.core.geometry import Point
from jobs.geometry.bezier import bezier_points
from jobs.geometry.path import MAX_PIECES, Arc, Line, Segment

_ROUND_WITHIN = 1e-4
"""Radii that differ by less than this share make a circle: programs round what they write."""


def chains_of(path: svg.Path, tolerance: float) -> Iterator[list[Segment]]:
    """Give each sub-path as a chain of lines and arcs, in the path's own units.

    Args:
        path: with its transforms already applied.
        tolerance: how far a flattened curve may be from the true one.
    """
    chain: list[Segment] = []
    for segment in path:
        if not isinstance(segment, svg.Move):
            if segment.start is not None and segment.end is not None:
                chain += _segments(segment, tolerance)
            if not isinstance(segment, svg.Close):
                continue
        if chain:
            yield chain
        chain = []
    if chain:
        yield chain


def chain_through(points: list[Point]) -> list[Segment]:
    """Give the straight lines from point to point; equal neighbours make none."""
    return [Line(a, b) for a, b in pairwise(points) if a != b]


def _segments(segment: svg.PathSegment, tolerance: float) -> list[Segment]:
    start, end = _point(segment.start), _point(segment.end)
    if isinstance(segment, svg.CubicBezier):
        corners = [start, _point(segment.control1), _point(segment.control2), end]
        return chain_through([start, *bezier_points(corners, tolerance)])
    if isinstance(segment, svg.QuadraticBezier):
        corners = [start, _point(segment.control), end]
        return chain_through([start, *bezier_points(corners, tolerance)])
    if isinstance(segment, svg.Arc) and segment.sweep:
        return _elliptic(segment, start, end, tolerance)
    return chain_through([start, end])


def _elliptic(arc: svg.Arc, start: Point, end: Point, tolerance: float) -> list[Segment]:
    """Keep an arc of a circle, and flatten one of an ellipse; a full turn becomes two halves."""
    radius_x, radius_y = float(arc.rx), float(arc.ry)
    larger = max(radius_x, radius_y)
    if not math.isfinite(larger) or larger <= 0:
        return chain_through([start, end])
    if abs(radius_x - radius_y) <= _ROUND_WITHIN * larger:
        centre, is_clockwise = _point(arc.center), arc.sweep < 0
        if abs(arc.sweep) <= math.pi:
            return [Arc(start, end, centre, is_clockwise)]
        middle = _point(arc.point(0.5))
        return [Arc(start, middle, centre, is_clockwise), Arc(middle, end, centre, is_clockwise)]
    # 1 - cos(step / 2) = 2 sin²(step / 4), as for circles; an ellipse bends most as its larger.
    step = 4 * math.asin(math.sqrt(min(1.0, tolerance / (2 * larger))))
    count = max(4, min(MAX_PIECES, math.ceil(abs(arc.sweep) / step)))
    inner = [_point(arc.point(index / count)) for index in range(1, count)]
    return chain_through([start, *inner, end])


def _point(point: svg.Point) -> Point:
    return (float(point.x), float(point.y))
