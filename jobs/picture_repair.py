"""A repair before and after: two small pictures of the same spot, side by side on the page."""

from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np

from fablab_hub.core.geometry import Point
from jobs.geometry.path import points_of
from jobs.picture import PENS
from jobs.picture_inset import box_around, clipped, thinned
from jobs.picture_shapes import RING, data_of, ground, number_text, path
from jobs.repairs.repair import Mended
from jobs.toolpath.operations import Operation

_MOST_POINTS = 1_500
_LEAST_MM, _MOST_MM = 4.0, 60.0
_SIDE_PX = 140


def spot_pictures(
    before: Sequence[Operation], mended: Mended, at_mm: Point | None
) -> tuple[str, str] | None:
    """Draw a spot before and after a repair; None where nothing changes.

    Args:
        before: operations as they are; bed coordinates.
        mended: after the repair.
        at_mm: the spot; None takes the first thing that changes.
    """
    old = {id(each) for each in before}
    new = {id(each) for each in mended.operations}
    gone = [each for each in before if id(each) not in new]
    come = [each for each in mended.operations if id(each) not in old]
    changed = [*mended.gone, *mended.added] or [*gone, *come]
    if not changed:
        return None
    if at_mm is None:
        at_mm = changed[0].path.start_mm
    near = min(changed, key=lambda each: _distance(each, at_mm))
    size = max(_LEAST_MM, min(_MOST_MM, _extent(near) * 1.3))
    x, y = at_mm
    view = (x - size / 2, y - size / 2, x + size / 2, y + size / 2)
    # What is new is shown; what is only left of a line that was there twice needs no mark.
    return _picture(before, gone, view), _picture(mended.operations, mended.added, view)


def _distance(operation: Operation, at_mm: Point) -> float:
    points = np.array(points_of(operation.path, 1.0)) - np.array(at_mm)
    return float(np.hypot(points[:, 0], points[:, 1]).min())


def _extent(operation: Operation) -> float:
    points = np.array(points_of(operation.path, 1.0))
    return float((points.max(axis=0) - points.min(axis=0)).max())


def _picture(
    operations: Iterable[Operation],
    marked: Sequence[Operation],
    view: tuple[float, float, float, float],
) -> str:
    """Draw what lies in a view, y up; what changes is orange and wide."""
    low_x, low_y, high_x, high_y = view
    flipped = (low_x, -high_y, high_x, -low_y)
    marks = {id(each) for each in marked}
    lines = [
        (
            "marked" if id(each) in marks else str(each.kind),
            np.array(points_of(each.path, 0.05)) * np.array([1.0, -1.0]),
        )
        for each in operations
    ]
    lines = [line for line in lines if box_around([line])]
    shown = thinned(list(clipped(lines, flipped)), (high_x - low_x) / 600, _MOST_POINTS)
    body = [ground((flipped[0], flipped[1], high_x - low_x, high_y - low_y))]
    kinds = chain((kind for kind in PENS), ("marked",))
    for kind in kinds:
        data = "".join(data_of(points) for each, points in shown if each == kind)
        if data:
            pen = PENS.get(kind)
            colour, width = (RING, 3.0) if pen is None else (pen.colour, pen.width_px)
            body.append(path(data, colour, width))
    box = " ".join(
        number_text(value) for value in (flipped[0], flipped[1], high_x - low_x, high_y - low_y)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{_SIDE_PX}" '
        f'height="{_SIDE_PX}" viewBox="{box}">' + "".join(body) + "</svg>"
    )
