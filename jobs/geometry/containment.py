"""Find out which shape lies inside which: what falls out must be cut last."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jobs.geometry.duplicates import middle_of
from jobs.geometry.joining import cluster
from jobs.geometry.path import CLOSED_WITHIN_MM, Path, box_of, points_of

_OUTLINE_MM = 0.1
_AT_ONCE = 2_000_000
"""Pairs of a point and an edge that are compared at once; bounds the memory."""

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
    inside it when its box is inside and its `inner` point is. All holders are given, not only
    the nearest: where shapes cross, the holder of a holder need not be one.
    """
    holders: list[list[int]] = [[] for _ in shapes]
    if not shapes:
        return holders
    boxes = np.array([shape.box for shape in shapes])
    inner = np.array([shape.inner for shape in shapes])
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    by_left = np.argsort(boxes[:, 0], kind="stable")
    lefts = boxes[by_left, 0]
    held = np.zeros(len(shapes), dtype=np.int64)
    for index in np.argsort(areas, kind="stable").tolist():
        left, low, right, high = shapes[index].box
        first, last = np.searchsorted(lefts, left, "left"), np.searchsorted(lefts, right, "right")
        near = by_left[first:last]
        is_in = (
            (boxes[near, 2] <= right)
            & (boxes[near, 1] >= low)
            & (boxes[near, 3] <= high)
            & (areas[near] < areas[index])
            & (held[near] < MOST_HOLDERS)
        )
        near = near[is_in]
        outline = shapes[index].outline
        if len(near) and outline is not None:
            near = near[_are_inside(inner[near], outline)]
        held[near] += 1
        for inside in near.tolist():
            holders[inside].append(index)
    return holders


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


def _are_inside(points: Floats, outline: Floats) -> NDArray[np.bool_]:
    """Tell for each point whether it lies inside a closed outline (even-odd rule)."""
    following = np.roll(outline, -1, axis=0)
    (x0, y0), (x1, y1) = outline.T, following.T
    is_flat = y0 == y1
    slope = (x1 - x0) / np.where(is_flat, 1.0, y1 - y0)
    inside = np.empty(len(points), dtype=bool)
    step = max(1, _AT_ONCE // len(outline))
    for at in range(0, len(points), step):
        x, y = points[at : at + step, :1], points[at : at + step, 1:]
        crosses = ((y0 > y) != (y1 > y)) & (x < x0 + (y - y0) * slope)
        inside[at : at + step] = crosses.sum(axis=1) % 2 == 1
    return inside
