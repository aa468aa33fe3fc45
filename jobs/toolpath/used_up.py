"""What of a sheet a job uses up: a few rectangles, so that the next one can lie beside them."""

from collections.abc import Iterable, Sequence

import shapely

from jobs.geometry.path import bounds_of
from jobs.toolpath.operations import Assigned, corners_of

Rectangle = tuple[float, float, float, float]
"""Left, front, right and back edge, in mm."""

MOST_BOXES = 12
_MOST_LOOKED_AT = 3_000
_TOUCH_MM = 1.0


def used_boxes(assigned: Assigned) -> tuple[Rectangle, ...]:
    """Give rectangles around everything that the beam does on the bed; they do not overlap.

    Args:
        assigned: laid on the bed.
    """
    boxes = [
        (*box.min_mm[:2], *box.max_mm[:2])
        for operation in assigned.operations
        if (box := bounds_of([operation.path])) is not None
    ]
    for image in assigned.images:
        xs, ys = zip(*corners_of(image), strict=True)
        boxes.append((min(xs), min(ys), max(xs), max(ys)))
    if len(boxes) > _MOST_LOOKED_AT:
        boxes = [_around(boxes)]
    return tuple(fewer(boxes, MOST_BOXES))


def fewer(boxes: Sequence[Rectangle], most: int) -> list[Rectangle]:
    """Cover boxes with at most so many, which do not overlap; as little more as may be.

    Args:
        boxes: left, front, right and back edge each.
        most: at least 1.
    """
    apart = _apart(boxes)
    while len(apart) > most:
        pairs = [(one, other) for i, one in enumerate(apart) for other in apart[i + 1 :]]
        one, other = min(pairs, key=lambda pair: _added_mm2(*pair))
        rest = [box for box in apart if box not in (one, other)]
        apart = _apart([*rest, _around((one, other))])
    return sorted(apart)


def _apart(boxes: Iterable[Rectangle]) -> list[Rectangle]:
    """Join what touches until nothing touches any more."""
    found = list(boxes)
    while True:
        grown = [shapely.box(*box).buffer(_TOUCH_MM / 2, join_style="mitre") for box in found]
        joined = shapely.get_parts(shapely.unary_union(grown))
        if len(joined) == len(found):
            return found
        members: dict[int, list[Rectangle]] = {}
        for number, part in zip(*shapely.STRtree(joined).query(grown, "intersects"), strict=True):
            members.setdefault(int(part), []).append(found[int(number)])
        found = [_around(own) for own in members.values()]


def _around(boxes: Sequence[Rectangle]) -> Rectangle:
    lefts, fronts, rights, backs = zip(*boxes, strict=True)
    return (min(lefts), min(fronts), max(rights), max(backs))


def _added_mm2(one: Rectangle, other: Rectangle) -> float:
    """Tell how much more is covered once two boxes are one."""
    return _area_mm2(_around((one, other))) - _area_mm2(one) - _area_mm2(other)


def _area_mm2(box: Rectangle) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
