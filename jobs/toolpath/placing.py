"""Where the work lies on the bed: turned, moved, copied, or packed onto what is left of a sheet."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from fablab_hub.core.geometry import Box, Point
from jobs.geometry.drawing import PlacedImage
from jobs.geometry.path import bounds_of
from jobs.toolpath.nesting import Rectangle, meet, nest, parts_of
from jobs.toolpath.operations import Assigned, Operation, corners_of, moved_image

_CORNER_MM: Point = (5.0, 5.0)
_BETWEEN_MM = 2.0
"""Between two copies: less, and the wood between them burns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """How somebody wants it.

    Attributes:
        at_mm: where the lower left corner comes to lie; None: near the bed's corner.
        turn_deg: to the left.
        copies: of all of it.
        is_nested: parts are packed one by one.
        taken_mm: of the sheet, that cannot be used.
    """

    at_mm: Point | None = None
    turn_deg: float = 0.0
    copies: int = 1
    is_nested: bool = False
    taken_mm: tuple[Rectangle, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """The work on the bed, and how many copies found no place."""

    assigned: Assigned
    missing: int = 0


def place(assigned: Assigned, sheet: Rectangle, wish: Placing) -> Placed:
    """Lay the work on a sheet.

    A drawing that would leave the sheet only because of the margin is moved nearer to its corner,
    so that one as large as the sheet fits.

    Args:
        assigned: where its author drew it.
        sheet: that it may lie on, bed coordinates.
        wish: how.
    """
    turned = _turned(assigned, wish.turn_deg)
    # A picture belongs to no contour: parts that leave it behind would be another drawing.
    if wish.is_nested and turned.operations and not turned.images:
        nested = nest(parts_of(turned.operations), wish.copies, sheet, wish.taken_mm, _BETWEEN_MM)
        if nested.operations:
            return Placed(replace(turned, operations=nested.operations), nested.missing)
    box = _box(turned)
    if box is None:
        return Placed(turned)
    spots = list(_spots(box, sheet, wish))
    copies = [_moved(turned, (x - box.min_mm[0], y - box.min_mm[1])) for x, y in spots]
    first = copies[0]
    return Placed(
        replace(
            first,
            operations=tuple(each for copy in copies for each in copy.operations),
            images=tuple(each for copy in copies for each in copy.images),
        ),
        wish.copies - len(copies),
    )


def _spots(box: Box, sheet: Rectangle, wish: Placing) -> Iterator[Point]:
    """Give the corner of each copy: row after row, past what is taken. The first always has one."""
    width, depth, _ = box.size_mm
    left, front, right, back = sheet
    if wish.at_mm is not None:
        start = wish.at_mm
    else:
        margin_x = max(0.0, min(_CORNER_MM[0], right - left - width))
        margin_y = max(0.0, min(_CORNER_MM[1], back - front - depth))
        start = (left + margin_x, front + margin_y)
    found = 0
    y = start[1]
    while True:
        x = start[0]
        while True:
            here = (x, y, x + width, y + depth)
            blocked = [each for each in wish.taken_mm if meet(here, each)]
            if not blocked:
                yield (x, y)
                found += 1
                if found == wish.copies:
                    return
            step = max((each[2] for each in blocked), default=here[2]) + _BETWEEN_MM
            x = max(step, x + 1.0)
            if x + width > right + 1e-6 or not math.isfinite(x):
                break
        y += depth + _BETWEEN_MM if not wish.taken_mm else max(5.0, min(depth, 10.0))
        if y + depth > back + 1e-6:
            break
    if not found:
        yield start


def _turned(assigned: Assigned, angle_deg: float) -> Assigned:
    if angle_deg % 360 == 0:
        return assigned
    cos, sin = math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))

    def turned(at: Point) -> Point:
        return (at[0] * cos - at[1] * sin, at[0] * sin + at[1] * cos)

    def image(each: PlacedImage) -> PlacedImage:
        return replace(
            each,
            corner_mm=turned(each.corner_mm),
            across_mm=turned(each.across_mm),
            down_mm=turned(each.down_mm),
        )

    return replace(
        assigned,
        operations=tuple(
            Operation(each.kind, each.path.turned(angle_deg)) for each in assigned.operations
        ),
        images=tuple(image(each) for each in assigned.images),
    )


def _moved(assigned: Assigned, by_mm: Point) -> Assigned:
    return replace(
        assigned,
        operations=tuple(
            Operation(each.kind, each.path.moved(by_mm)) for each in assigned.operations
        ),
        images=tuple(moved_image(image, by_mm) for image in assigned.images),
        offset_mm=by_mm,
    )


def _box(assigned: Assigned) -> Box | None:
    box = bounds_of([operation.path for operation in assigned.operations])
    corners = Box.around([corner for image in assigned.images for corner in corners_of(image)])
    return corners.union(box) if corners else box
