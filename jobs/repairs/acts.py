"""The repairs themselves. Pure: operations in, operations out."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import shapely

from fablab_hub.core.materials import OperationKind
from jobs.geometry.joining import join
from jobs.geometry.once import once
from jobs.geometry.path import Line, Path, Segment, bounds_of
from jobs.geometry.stray import stray_indexes
from jobs.repairs.repair import Bench, Mended
from jobs.toolpath.operations import Operation

_SIMPLER_MM = 0.02
"""Points that lie off the straight line by less are left out: a quarter of the beam's width."""

_LONG_GAPS = 2.0
"""A piece shorter than two gaps is no line with open ends, but a speck."""

_LINES = frozenset({OperationKind.CUT, OperationKind.SCORE, OperationKind.ENGRAVE})


def draw_once(operations: Sequence[Operation], bench: Bench) -> Mended:
    """Take away what lies over a line that is done in the same way already."""
    del bench
    result: list[Operation] = []
    gone_mm, gone = 0, []
    for kind in OperationKind:
        own = [each for each in operations if each.kind is kind]
        if kind not in _LINES or not own:
            result += own
            continue
        paths = [each.path for each in own]
        left = once(paths)
        before, after = (sum(path.length_mm for path in each) for each in (paths, left))
        if before - after < 1e-6:
            result += own
            continue
        kept = {id(path) for path in left}
        changed = [each for each in own if id(each.path) not in kept]
        gone += changed
        gone_mm += len(changed)
        result += [Operation(kind, path) for path in join(left)]
    return Mended(operations=tuple(result), count=gone_mm, gone=tuple(gone))


def close_gaps(operations: Sequence[Operation], bench: Bench) -> Mended:
    """Join the open ends of cuts that nearly meet."""
    cuts = [each for each in operations if _may_be_joined(each, bench.gap_mm)]
    joined = join([each.path for each in cuts], bench.gap_mm)
    known = {id(each.path) for each in cuts}
    made = [Operation(OperationKind.CUT, path) for path in joined]
    added = tuple(each for each in made if id(each.path) not in known)
    by_path = {id(each.path): each for each in cuts}
    result = _instead(operations, cuts, [by_path.get(id(each.path), each) for each in made])
    return Mended(operations=result, count=len(added), added=added)


def leave_out_tiny(operations: Sequence[Operation], bench: Bench) -> Mended:
    """Leave out closed cuts that are too small to become anything."""
    gone = tuple(each for each in operations if _is_tiny(each, bench.smallest_mm))
    ids = {id(each) for each in gone}
    return Mended(
        operations=tuple(each for each in operations if id(each) not in ids),
        count=len(gone),
        gone=gone,
    )


def leave_out_strays(operations: Sequence[Operation], bench: Bench) -> Mended:
    """Leave out the little that lies far away from all the rest."""
    del bench
    stray = set(stray_indexes([each.path for each in operations]))
    return Mended(
        operations=tuple(each for n, each in enumerate(operations) if n not in stray),
        count=len(stray),
        gone=tuple(each for n, each in enumerate(operations) if n in stray),
    )


def simplify(operations: Sequence[Operation], bench: Bench) -> Mended:
    """Leave out points that no eye and no beam misses; arcs stay as they are."""
    del bench
    result = []
    count = 0
    for each in operations:
        segments = tuple(_simpler(each.path))
        count += len(each.path.segments) - len(segments)
        changed = len(segments) != len(each.path.segments)
        result.append(
            Operation(each.kind, replace(each.path, segments=segments)) if changed else each
        )
    return Mended(operations=tuple(result), count=count)


def _may_be_joined(operation: Operation, gap_mm: float) -> bool:
    """Tell whether a cut is long enough to have a gap, rather than to be one."""
    is_cut = operation.kind is OperationKind.CUT and not operation.path.is_closed
    return is_cut and operation.length_mm > _LONG_GAPS * gap_mm


def _is_tiny(operation: Operation, smallest_mm: float) -> bool:
    if operation.kind is not OperationKind.CUT or not operation.path.is_closed:
        return False
    box = bounds_of((operation.path,))
    return box is not None and min(box.size_mm[:2]) < smallest_mm


def _simpler(path: Path) -> Iterator[Segment]:
    """Thin each run of straight pieces (Douglas and Peucker, in GEOS)."""
    run: list[Line] = []
    for segment in (*path.segments, None):
        if isinstance(segment, Line):
            run.append(segment)
            continue
        yield from _thinned(run)
        run = []
        if segment is not None:
            yield segment


def _thinned(run: list[Line]) -> Iterator[Line]:
    if len(run) < 3:
        yield from run
        return
    points = [run[0].start_mm, *(line.end_mm for line in run)]
    if math.dist(points[0], points[-1]) < _SIMPLER_MM:
        # A ring has no ends to draw a line between: its halves have.
        half = len(run) // 2
        yield from _thinned(run[:half])
        yield from _thinned(run[half:])
        return
    kept = shapely.get_coordinates(
        shapely.simplify(shapely.LineString(points), _SIMPLER_MM, preserve_topology=False)
    )
    corners = [(float(x), float(y)) for x, y in kept]
    for a, b in pairwise(corners):
        yield Line(a, b)


def _instead(
    operations: Sequence[Operation], old: Sequence[Operation], new: Sequence[Operation]
) -> tuple[Operation, ...]:
    """Put new operations where the first of the old ones stood."""
    ids = {id(each) for each in old}
    result: list[Operation] = []
    for each in operations:
        if id(each) not in ids:
            result.append(each)
        elif new:
            result += new
            new = ()
    return tuple(result)
