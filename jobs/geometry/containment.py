"""Find out which shape lies inside which: what falls out must be cut last."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from jobs.geometry.duplicates import middle_of
from jobs.geometry.joining import cluster
from jobs.geometry.path import CLOSED_WITHIN_MM, Path, box_of, points_of

_OUTLINE_MM = 0.1
_AT_ONCE = 256
"""Shapes that are looked into at once; bounds the memory."""

MOST_HOLDERS = 8
"""More shapes around one shape are not named; it bounds the memory that a hostile nest takes."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """A closed path, or open paths that touch each other.

    Attributes:
        members: indexes of its paths.
        box: smallest x, smallest y, largest x, largest y.
        outline: corners, n by 2; None for an open shape, of which only the box is known.
        inner: a point on it, not on a corner.
    """

    members: tuple[int, ...]
    box: tuple[float, float, float, float]
    outline: Floats | None
    inner: tuple[float, float]


def shapes_of(paths: Sequence[Path]) -> list[Shape]:
    """Group paths into shapes, in the order of their first paths."""
    groups = _touching([i for i, path in enumerate(paths) if not path.is_closed], paths)
    grouped = {group[0]: group for group in groups}
    shapes = []
    for index, path in enumerate(paths):
        if path.is_closed:
            shapes.append(_shape(paths, (index,), np.array(points_of(path, _OUTLINE_MM))))
        elif index in grouped:
            shapes.append(_shape(paths, grouped[index], None))
    return shapes


def holders_of(shapes: Sequence[Shape]) -> list[list[int]]:
    """Give for each shape those that contain it, the smallest first, `MOST_HOLDERS` at most.

    An open shape contains what lies inside its box. A shape that crosses another counts as
    inside it when its box is inside and its `inner` point is; on the edge is inside, for what may
    be a hole is cut first. All holders are given, not only the nearest: where shapes cross, the
    holder of a holder need not be one.
    """
    holders: list[list[int]] = [[] for _ in shapes]
    if not shapes:
        return holders
    boxes = np.array([shape.box for shape in shapes])
    inner = np.array([shape.inner for shape in shapes])
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    outlines = _polygons(shapes)
    tree = shapely.STRtree(np.asarray(shapely.points(inner)))
    held = np.zeros(len(shapes), dtype=np.int64)
    by_area = np.argsort(areas, kind="stable")
    for start in range(0, len(by_area), _AT_ONCE):
        some = by_area[start : start + _AT_ONCE]
        which, inside = tree.query(shapely.box(*boxes[some].T))
        holder = some[which]
        is_in = (
            (boxes[inside, 0] >= boxes[holder, 0])
            & (boxes[inside, 1] >= boxes[holder, 1])
            & (boxes[inside, 2] <= boxes[holder, 2])
            & (boxes[inside, 3] <= boxes[holder, 3])
            & (areas[inside] < areas[holder])
            & (held[inside] < MOST_HOLDERS)
        )
        holder, inside = holder[is_in], inside[is_in]
        is_closed = ~shapely.is_empty(outlines[holder])
        is_in = ~is_closed
        at = inner[inside[is_closed]]
        is_in[is_closed] = shapely.intersects_xy(outlines[holder[is_closed]], at[:, 0], at[:, 1])
        for around, within in zip(holder[is_in].tolist(), inside[is_in].tolist(), strict=True):
            if held[within] < MOST_HOLDERS:
                held[within] += 1
                holders[within].append(around)
    return holders


def _polygons(shapes: Sequence[Shape]) -> NDArray[np.object_]:
    """Give the outlines of closed shapes; open ones have an empty one."""
    rings = [shape.outline for shape in shapes]
    polygons = np.full(len(shapes), shapely.Polygon(), dtype=object)
    closed = [number for number, ring in enumerate(rings) if ring is not None and len(ring) > 2]
    if closed:
        found = [ring for number in closed if (ring := rings[number]) is not None]
        owner = np.repeat(np.arange(len(found)), [len(ring) for ring in found])
        lines = shapely.linearrings(np.concatenate(found), indices=owner)
        polygons[closed] = shapely.polygons(lines)
    return polygons


def _touching(indexes: list[int], paths: Sequence[Path]) -> list[tuple[int, ...]]:
    """Group open paths whose ends meet; each group in ascending order."""
    ends = [end for i in indexes for end in (paths[i].start_mm, paths[i].end_mm)]
    numbers = cluster(ends, CLOSED_WITHIN_MM)
    root = list(range(len(ends)))

    def find(place: int) -> int:
        while root[place] != place:
            root[place] = root[root[place]]
            place = root[place]
        return place

    for start, end in zip(numbers[::2], numbers[1::2], strict=True):
        root[find(start)] = find(end)
    groups: dict[int, list[int]] = {}
    for index, number in zip(indexes, numbers[::2], strict=True):
        groups.setdefault(find(number), []).append(index)
    return [tuple(group) for group in groups.values()]


def _shape(paths: Sequence[Path], members: tuple[int, ...], outline: Floats | None) -> Shape:
    boxes = [box_of(paths[index]) for index in members]
    lefts, lows, rights, highs = zip(*boxes, strict=True)
    first = paths[members[0]].segments[0]
    return Shape(
        members, (min(lefts), min(lows), max(rights), max(highs)), outline, middle_of(first)
    )
