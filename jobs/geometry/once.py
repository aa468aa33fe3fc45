"""Every piece of a line once: what lies over an earlier piece is taken away. Pure.

Straight pieces are compared along their common line, arcs around their common centre, and others
with arcs as `along_arcs` does; what is left of a path may be several paths.
"""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import shapely

from jobs.geometry.along_arcs import runs_along_arcs
from jobs.geometry.path import Arc, Line, Path, Segment, part_of

_ALONG_MM = 0.02
_SHORTEST_MM = 0.02
_ROUND_MM = 0.01

_Span = tuple[float, float]


def once(paths: Sequence[Path]) -> list[Path]:
    """Give paths without what an earlier one, or an earlier piece of the same, already covers."""
    covered = _covered(paths)
    result: list[Path] = []
    for index, path in enumerate(paths):
        own = covered.get(index)
        if not own:
            result.append(path)
            continue
        chain: list[Segment] = []
        for place, segment in enumerate(path.segments):
            for piece in _left_of(segment, own.get(place, [])):
                if chain and math.dist(chain[-1].end_mm, piece.start_mm) > _ROUND_MM:
                    result.append(replace(path, segments=tuple(chain)))
                    chain = []
                chain.append(piece)
        if chain:
            result.append(replace(path, segments=tuple(chain)))
    return result


def _covered(paths: Sequence[Path]) -> dict[int, dict[int, list[_Span]]]:
    """Give for each path and segment the parts of it (0..1) that something earlier covers."""
    found: dict[int, dict[int, list[_Span]]] = {}

    def note(owner: tuple[int, int], span: _Span) -> None:
        found.setdefault(owner[0], {}).setdefault(owner[1], []).append(span)

    lines: list[tuple[tuple[int, int], Line]] = []
    arcs: dict[tuple[int, int, int], list[tuple[tuple[int, int], Arc]]] = {}
    for index, path in enumerate(paths):
        for place, segment in enumerate(path.segments):
            if isinstance(segment, Line):
                lines.append(((index, place), segment))
            else:
                for key in _ring_keys(segment):
                    arcs.setdefault(key, []).append(((index, place), segment))
    for owner, span in _covered_lines(lines):
        note(owner, span)
    for run in runs_along_arcs(paths):
        if run.arc[0] > run.pieces[0][0][0]:
            note(run.arc, run.along)
        else:
            for piece, span in run.pieces:
                note(piece, span)
    for ring in arcs.values():
        for owner, span in _covered_arcs(ring):
            note(owner, span)
    return found


def _covered_lines(
    lines: list[tuple[tuple[int, int], Line]],
) -> Iterator[tuple[tuple[int, int], _Span]]:
    if len(lines) < 2:
        return
    ends = np.array([[line.start_mm, line.end_mm] for _, line in lines])
    tree = shapely.STRtree(list(np.asarray(shapely.linestrings(ends))))
    low, high = ends.min(axis=1) - _ALONG_MM, ends.max(axis=1) + _ALONG_MM
    later, earlier = tree.query(shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1]))
    is_pair = earlier < later
    later, earlier = later[is_pair], earlier[is_pair]
    a, way = ends[later, 0], ends[later, 1] - ends[later, 0]
    length = np.hypot(way[:, 0], way[:, 1])
    unit = way / np.where(length > 0, length, 1.0)[:, None]
    to_start, to_end = ends[earlier, 0] - a, ends[earlier, 1] - a
    offs = [each[:, 0] * unit[:, 1] - each[:, 1] * unit[:, 0] for each in (to_start, to_end)]
    along = [(each * unit).sum(axis=1) for each in (to_start, to_end)]
    first, last = np.minimum(*along), np.maximum(*along)
    is_on = (np.abs(offs[0]) <= _ALONG_MM) & (np.abs(offs[1]) <= _ALONG_MM)
    over = np.minimum(last, length) - np.maximum(first, 0.0)
    for at in np.flatnonzero(is_on & (over > _SHORTEST_MM)).tolist():
        span = (max(first[at], 0.0) / length[at], min(last[at], length[at]) / length[at])
        yield lines[int(later[at])][0], (float(span[0]), float(span[1]))


def _ring_keys(arc: Arc) -> Iterator[tuple[int, int, int]]:
    """Name the ring that an arc lies on, and its neighbours: rings within reach share a name."""
    cells = [math.floor(value / _ALONG_MM) for value in (*arc.centre_mm, arc.radius_mm)]
    for dx, dy, dr in itertools.product((0, 1), repeat=3):
        yield (cells[0] + dx, cells[1] + dy, cells[2] + dr)


def _covered_arcs(
    ring: list[tuple[tuple[int, int], Arc]],
) -> Iterator[tuple[tuple[int, int], _Span]]:
    for number, (owner, arc) in enumerate(ring):
        sweep = abs(arc.sweep_rad)
        for _, other in ring[:number]:
            for first, last in _angles_over(arc, other):
                if (last - first) * arc.radius_mm > _SHORTEST_MM:
                    yield owner, (first / sweep, last / sweep)


def _angles_over(arc: Arc, other: Arc) -> Iterator[_Span]:
    """Give the angles of an arc, from its start, at which another of its ring lies over it."""
    turn = 2 * math.pi
    sweep, other_sweep = abs(arc.sweep_rad), abs(other.sweep_rad)
    low = arc.start_rad if not arc.is_clockwise else arc.start_rad - sweep
    other_low = other.start_rad if not other.is_clockwise else other.start_rad - other_sweep
    shift = (other_low - low) % turn
    for begin in (shift, shift - turn):
        first, last = max(begin, 0.0), min(begin + other_sweep, sweep)
        if last > first:
            yield (sweep - last, sweep - first) if arc.is_clockwise else (first, last)


def _left_of(segment: Segment, spans: list[_Span]) -> Iterator[Segment]:
    """Give what is left of a segment outside some parts of it."""
    if not spans:
        yield segment
        return
    length = segment.length_mm
    at = 0.0
    for first, last in sorted(spans):
        if (first - at) * length > _SHORTEST_MM:
            yield part_of(segment, at, first)
        at = max(at, last)
    if (1.0 - at) * length > _SHORTEST_MM:
        yield part_of(segment, at, 1.0)
