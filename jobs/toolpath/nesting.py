"""Lay several parts close together on what is left of a sheet.

A part is an outer cut with everything inside it. Sparrow (through spyrrow) packs their outlines
into the largest free rectangle of the sheet; what does not fit goes into the next one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import shapely

from fablab_hub.core.geometry import Point
from fablab_hub.core.materials import OperationKind
from jobs.geometry.containment import holders_of, shapes_of
from jobs.geometry.path import Path, points_of
from jobs.toolpath.operations import Operation
from jobs.toolpath.used_up import fewer

Rectangle = tuple[float, float, float, float]
"""Left, front, right and back edge, in mm."""

_OUTLINE_MM = 0.3
_QUARTERS_DEG = (0.0, 90.0, 180.0, 270.0)
_SEED = 1
_MOST_TAKEN = 12


@dataclass(frozen=True, slots=True)
class Part:
    """An outer contour and all that lies inside it, or what belongs to no contour."""

    operations: tuple[Operation, ...]

    @property
    def outline(self) -> shapely.Polygon:
        """Its edge: of everything it holds."""
        shapes = []
        for operation in self.operations:
            points = points_of(operation.path, _OUTLINE_MM / 3)
            if operation.path.is_closed and len(points) > 3:
                shapes.append(shapely.Polygon(points).buffer(0))
            else:
                shapes.append(shapely.LineString(points).buffer(_OUTLINE_MM / 2))
        whole = shapely.unary_union(shapes)
        if not isinstance(whole, shapely.Polygon):
            whole = shapely.convex_hull(whole)
        return shapely.Polygon(shapely.get_exterior_ring(whole))


@dataclass(frozen=True, slots=True)
class Nested:
    """Parts on the sheet.

    Attributes:
        operations: of all copies that found a place.
        missing: how many copies found none.
    """

    operations: tuple[Operation, ...]
    missing: int


def parts_of(operations: Sequence[Operation]) -> list[Part]:
    """Group operations by the outermost cut around them; what has none is a part of its own."""
    paths = [operation.path for operation in operations]
    shapes = shapes_of(paths)
    holders = holders_of(shapes)
    is_edge = [
        shape.outline is not None and operations[shape.members[0]].kind is OperationKind.CUT
        for shape in shapes
    ]
    groups: dict[int, list[int]] = {}
    for number, shape in enumerate(shapes):
        outer = [holder for holder in holders[number] if is_edge[holder]]
        root = outer[-1] if outer else number if is_edge[number] else -1
        groups.setdefault(root, []).extend(shape.members)
    loose = groups.pop(-1, [])
    parts = [Part(tuple(operations[index] for index in own)) for own in groups.values()]
    if loose:
        parts.append(Part(tuple(operations[index] for index in loose)))
    return parts


def nest(
    parts: Sequence[Part],
    copies: int,
    sheet: Rectangle,
    taken: Sequence[Rectangle],
    gap_mm: float,
    budget_s: int = 2,
) -> Nested:
    """Lay copies of parts on a sheet.

    Args:
        parts: anywhere.
        copies: of each.
        sheet: bed coordinates.
        taken: what is used up of it.
        gap_mm: that stays between two parts, and between a part and the edge.
        budget_s: processor time for one rectangle.
    """
    left = {str(index): copies for index in range(len(parts))}
    outlines = [shapely.simplify(part.outline, _OUTLINE_MM / 2) for part in parts]
    placed: list[Operation] = []
    for room in free_rectangles(sheet, taken):
        if not any(left.values()):
            break
        for index, angle_deg, by_mm in _pack(outlines, left, room, gap_mm, budget_s):
            left[str(index)] -= 1
            placed += [_laid(each, angle_deg, by_mm) for each in parts[index].operations]
    return Nested(tuple(placed), sum(left.values()))


def free_rectangles(sheet: Rectangle, taken: Sequence[Rectangle]) -> list[Rectangle]:
    """Cut what is left of a sheet into rectangles that do not touch, the largest first."""
    found: list[Rectangle] = []
    blocked = fewer(taken, _MOST_TAKEN)
    while (best := _largest_free(sheet, blocked)) is not None and len(found) < _MOST_TAKEN:
        found.append(best)
        blocked.append(best)
    return found


def _largest_free(sheet: Rectangle, blocked: Sequence[Rectangle]) -> Rectangle | None:
    """Try every rectangle between edges: their number is small."""
    xs = sorted({sheet[0], sheet[2], *(x for box in blocked for x in (box[0], box[2]))})
    ys = sorted({sheet[1], sheet[3], *(y for box in blocked for y in (box[1], box[3]))})
    xs = [x for x in xs if sheet[0] <= x <= sheet[2]]
    ys = [y for y in ys if sheet[1] <= y <= sheet[3]]
    best: Rectangle | None = None
    best_mm2 = 1.0
    for i, left in enumerate(xs):
        for right in xs[i + 1 :]:
            for j, front in enumerate(ys):
                for back in ys[j + 1 :]:
                    size_mm2 = (right - left) * (back - front)
                    box = (left, front, right, back)
                    if size_mm2 > best_mm2 and not any(meet(box, other) for other in blocked):
                        best, best_mm2 = box, size_mm2
    return best


def meet(one: Rectangle, other: Rectangle) -> bool:
    """Tell whether two rectangles share more than an edge."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _pack(
    outlines: Sequence[shapely.Polygon],
    left: dict[str, int],
    room: Rectangle,
    gap_mm: float,
    budget_s: int,
) -> list[tuple[int, float, Point]]:
    """Pack outlines into one rectangle; gives index, turn and way of those that fit."""
    import spyrrow  # noqa: PLC0415 - slow to load, and rarely needed

    width, depth = room[2] - room[0] - 2 * gap_mm, room[3] - room[1] - 2 * gap_mm
    items = []
    for index, outline in enumerate(outlines):
        sizes = outline.bounds[2] - outline.bounds[0], outline.bounds[3] - outline.bounds[1]
        fits = min(sizes) <= min(width, depth) and max(sizes) <= max(width, depth)
        if left[str(index)] and fits and width > 0 and depth > 0:
            corners = [(float(x), float(y)) for x, y in outline.exterior.coords[:-1]]
            angles = [angle for angle in _QUARTERS_DEG if _turned_fits(sizes, angle, width, depth)]
            items.append(spyrrow.Item(str(index), corners, left[str(index)], angles))
    if not items:
        return []
    instance = spyrrow.StripPackingInstance("sheet", depth, items)
    config = spyrrow.StripPackingConfig(
        total_computation_time=budget_s, min_items_separation=gap_mm, num_workers=1, seed=_SEED
    )
    found = []
    for each in instance.solve(config).placed_items:
        index = int(each.id)
        turned = shapely.affinity.rotate(outlines[index], each.rotation, origin=(0, 0))
        x, y = each.translation
        if turned.bounds[2] + x <= width + 1e-6:
            by_mm = (room[0] + gap_mm + x, room[1] + gap_mm + y)
            found.append((index, float(each.rotation), by_mm))
    return found


def _turned_fits(sizes: tuple[float, float], angle_deg: float, width: float, depth: float) -> bool:
    across, up = sizes if angle_deg % 180 == 0 else sizes[::-1]
    return across <= width and up <= depth


def _laid(operation: Operation, angle_deg: float, by_mm: Point) -> Operation:
    path: Path = operation.path.turned(round(angle_deg, 6)).moved(by_mm)
    return replace(operation, path=path)
