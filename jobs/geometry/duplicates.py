"""Find lines that were drawn twice: a beam that cuts twice burns."""

import math
from collections.abc import Sequence

from fablab_hub.core.geometry import Point
from jobs.geometry.path import Arc, Path, Segment

_DIGITS = 4
"""Copies have the same numbers; the tenth of a micrometre forgives what moving them rounds."""

_SHORTEST_MM = 0.01

_Key = tuple[Point, Point, Point]


def find_duplicates(
    paths: Sequence[Path], within: Sequence[int] | None = None
) -> dict[int, tuple[Point, float]]:
    """Find what is drawn a second time, whichever way round.

    Only the very same piece counts, not one that lies over part of another. The first of two
    is the original.

    Args:
        paths: of one kind of work.
        within: indexes of those that are looked at, ascending; None: all.

    Returns:
        For each path with a repeated piece, by its index: the middle of the first such piece,
        and the length of all of them in mm.
    """
    seen: set[_Key] = set()
    found: dict[int, tuple[Point, float]] = {}
    for index in range(len(paths)) if within is None else within:
        for segment in paths[index].segments:
            length_mm = segment.length_mm
            if length_mm < _SHORTEST_MM:
                continue
            middle = middle_of(segment)
            key = _key(segment, middle)
            if key in seen:
                at_mm, so_far_mm = found.get(index, (middle, 0.0))
                found[index] = (at_mm, so_far_mm + length_mm)
            seen.add(key)
    return found


def middle_of(segment: Segment) -> Point:
    """Give the point halfway along a segment."""
    if isinstance(segment, Arc):
        angle = segment.start_rad + segment.sweep_rad / 2
        x, y = segment.centre_mm
        radius = segment.radius_mm
        return (x + radius * math.cos(angle), y + radius * math.sin(angle))
    (x, y), (u, v) = segment.start_mm, segment.end_mm
    return ((x + u) / 2, (y + v) / 2)


def _key(segment: Segment, middle: Point) -> _Key:
    """Name a segment by its ends and its middle, which tells the halves of a circle apart."""
    start, end = sorted((_rounded(segment.start_mm), _rounded(segment.end_mm)))
    return (start, end, _rounded(middle))


def _rounded(point: Point) -> Point:
    # Adding 0.0 turns -0.0 into 0.0.
    return (round(point[0], _DIGITS) + 0.0, round(point[1], _DIGITS) + 0.0)
