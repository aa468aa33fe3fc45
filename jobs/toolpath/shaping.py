"""What is done to cuts before and after their order is known: kerf, bridges, lead-in, overcut."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from fablab_hub.core.geometry import Point
from fablab_hub.core.materials import Material, OperationKind
from jobs.geometry.path import Line, Path, Segment, part_of
from jobs.toolpath.arc_fitting import curved_paths, with_arcs
from jobs.toolpath.kerf import depths_of, moved_out
from jobs.toolpath.operations import Operation, Side
from jobs.toolpath.shading import Shading

_CURVE_MM = 0.03
"""As far as flattened curves are from the true ones already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shaping:
    """How cuts and pictures are made.

    Attributes:
        shading: of pictures.
        keeps_size: cuts are moved by half the beam's width.
        tabs: bridges in each part, of `tab_mm` each; 0 for none.
        tab_mm: how long a bridge is.
        overcut_mm: how far a closed cut goes on past its start.
        lead_in_mm: how far beside a closed cut, on the waste, the beam begins.
        has_arcs: the machine runs true arcs.
    """

    shading: Shading = Shading.DOTS
    keeps_size: bool = False
    tabs: int = 0
    tab_mm: float = 0.6
    overcut_mm: float = 0.0
    lead_in_mm: float = 0.0
    has_arcs: bool = True


def shaped(operations: Sequence[Operation], material: Material, wish: Shaping) -> list[Operation]:
    """Give operations with their cuts moved, bridged, and their curves as arcs.

    Args:
        operations: along lines.
        material: gives the beam's width.
        wish: what of it is done.
    """
    cuts = [each for each in operations if each.kind is OperationKind.CUT]
    needs_sides = wish.keeps_size or wish.tabs or wish.lead_in_mm
    depths = depths_of([each.path for each in cuts]) if needs_sides else [None] * len(cuts)
    result = [each for each in operations if each.kind is not OperationKind.CUT]
    for each, depth in zip(cuts, depths, strict=True):
        side = Side.ON if depth is None else Side.OUTSIDE if depth % 2 == 0 else Side.INSIDE
        paths = [each.path]
        if wish.keeps_size and depth is not None:
            half_mm = material.kerf_mm / 2
            paths = moved_out(each.path, half_mm if side is Side.OUTSIDE else -half_mm)
        if wish.tabs and side is Side.OUTSIDE:
            paths = [piece for path in paths for piece in _bridged(path, wish)]
        result += [Operation(each.kind, path, side) for path in paths]
    if not wish.has_arcs:
        return result
    curved = curved_paths([each.path for each in result], _CURVE_MM)
    for index in curved:
        each = result[index]
        result[index] = replace(each, path=with_arcs(each.path, _CURVE_MM))
    return result


def begun(operation: Operation, wish: Shaping) -> Operation:
    """Give a closed cut with its lead-in and its overcut, from where it begins."""
    path = operation.path
    if operation.kind is not OperationKind.CUT or not path.is_closed:
        return operation
    segments = list(path.segments)
    if wish.overcut_mm > 0:
        segments += _first_mm(path, min(wish.overcut_mm, path.length_mm / 2))
    if wish.lead_in_mm > 0 and operation.side is not Side.ON:
        beside = _beside(path, wish.lead_in_mm, outside=operation.side is Side.OUTSIDE)
        segments.insert(0, Line(beside, path.start_mm))
    if len(segments) == len(path.segments):
        return operation
    return replace(operation, path=replace(path, segments=tuple(segments)))


def _bridged(path: Path, wish: Shaping) -> Iterator[Path]:
    """Cut a closed path into pieces with bridges between, evenly spaced; too short ones stay."""
    length_mm = path.length_mm
    if length_mm < wish.tabs * (wish.tab_mm + 2.0):
        yield path
        return
    step_mm = length_mm / wish.tabs
    for number in range(wish.tabs):
        first = number * step_mm + step_mm / 2 + wish.tab_mm / 2
        last = first + step_mm - wish.tab_mm
        yield replace(path, segments=tuple(_between(path, first, last)))


def _between(path: Path, first_mm: float, last_mm: float) -> Iterator[Segment]:
    """Give what lies between two distances along a closed path; the second may be past its end."""
    total_mm = path.length_mm
    at_mm = 0.0
    for turn in range(2):
        for segment in path.segments:
            length_mm = segment.length_mm
            low, high = max(first_mm, at_mm), min(last_mm, at_mm + length_mm)
            if high - low > 1e-6:
                yield part_of(segment, (low - at_mm) / length_mm, (high - at_mm) / length_mm)
            at_mm += length_mm
        if turn == 0 and last_mm <= total_mm:
            return


def _first_mm(path: Path, length_mm: float) -> list[Segment]:
    return list(_between(path, 0.0, length_mm))


def _beside(path: Path, by_mm: float, *, outside: bool) -> Point:
    """Give a place beside the start of a closed path, square to it, on the waste."""
    first = path.segments[0]
    ahead = part_of(first, 0.0, min(1.0, 0.01 / max(first.length_mm, 1e-9))).end_mm
    x, y = first.start_mm
    way = (ahead[0] - x, ahead[1] - y)
    size = math.hypot(*way) or 1.0
    left = (-way[1] / size, way[0] / size)
    # Counter-clockwise paths have their inside on the left.
    sign = -1.0 if (_is_counter_clockwise(path) == outside) else 1.0
    return (x + left[0] * sign * by_mm, y + left[1] * sign * by_mm)


def _is_counter_clockwise(path: Path) -> bool:
    corners = [piece for segment in path.segments for piece in _corners(segment)]
    area = sum(
        x * v - u * y for (x, y), (u, v) in zip(corners, corners[1:] + corners[:1], strict=True)
    )
    return area > 0


def _corners(segment: Segment) -> list[Point]:
    if isinstance(segment, Line):
        return [segment.start_mm]
    return [segment.start_mm, segment.at(1 / 3), segment.at(2 / 3)]
