"""Which pieces of lines run over each other, cross, or come too close: one look at all pairs.

GEOS (through shapely) finds the pairs by their boxes; what they do to each other is worked out
for all of them at once. Arcs count as short chords.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from fablab_hub.core.geometry import Point
from jobs.geometry.along_arcs import Run, runs_along_arcs
from jobs.geometry.path import CLOSED_WITHIN_MM, Line, Path, points_along

_CHORD_MM = 0.02
_ALONG_MM = 0.02
"""Pieces no farther apart than this lie on each other: the beam cannot tell them apart."""
_SHORTEST_OVERLAP_MM = 0.5
_LEAST_OVERLAP_MM = 0.005
"""Pieces in a row share their end; rounding makes that a hair of an overlap."""
_SAME_RING_MM = 0.05
_NO_RING = (0.0, 0.0, 0.0)
"""Lines lie on a circle of no size: they may run over each other, and not over arcs."""
_MOST_PIECES = 400_000
_MOST_PAIRS = 4_000_000

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Meeting:
    """Two pieces, and the spot where they meet.

    Attributes:
        first, second: indexes of their paths; the same where a path meets itself.
        at_mm: where.
        length_mm: how long they run over each other, or how far apart they are.
    """

    first: int
    second: int
    at_mm: Point
    length_mm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """What pieces of paths do to each other.

    Attributes:
        overlaps: they run over each other; `length_mm` says how long.
        crossings: they cross, each going on at both sides.
        narrow: they come closer than asked, and do not touch; `length_mm` says how close.
        is_whole: False where there were too many pieces to compare them all.
        over: indexes of paths of which any piece lies over another, however short.
    """

    overlaps: tuple[Meeting, ...] = ()
    crossings: tuple[Meeting, ...] = ()
    narrow: tuple[Meeting, ...] = ()
    is_whole: bool = True
    over: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Pieces:
    starts: Floats
    ends: Floats
    owner: Ints
    place: Ints
    count: Ints
    is_closed: NDArray[np.bool_]
    ring: Floats


def neighbours_of(paths: Sequence[Path], narrow_mm: float) -> Neighbours:
    """Compare all pieces of some paths.

    Args:
        paths: of one kind of work.
        narrow_mm: closer than this is too close.
    """
    pieces = _pieces_of(paths)
    if len(pieces.starts) < 2:
        return Neighbours()
    if len(pieces.starts) > _MOST_PIECES:
        return Neighbours(is_whole=False)
    # Boxes that are a little larger find all pairs within reach; GEOS need not measure them. A
    # line from corner to corner has the same box, and is made in half the time.
    half_mm = max(narrow_mm, _ALONG_MM) / 2
    low = np.minimum(pieces.starts, pieces.ends) - half_mm
    high = np.maximum(pieces.starts, pieces.ends) + half_mm
    boxes = np.asarray(shapely.linestrings(np.stack([low, high], axis=1)))
    first, second = shapely.STRtree(boxes).query(boxes)
    pairs = first < second
    first, second = first[pairs], second[pairs]
    if len(first) > _MOST_PAIRS:
        return Neighbours(is_whole=False)
    is_next = _are_next(pieces, first, second)
    along = _overlaps(pieces, first, second)
    lies_along = along > _SHORTEST_OVERLAP_MM
    over = along > _LEAST_OVERLAP_MM
    apart = ~is_next & ~lies_along
    first_apart, second_apart = first[apart], second[apart]
    crosses, where = _crossings(pieces, first_apart, second_apart)
    runs = [_meeting_of(run) for run in runs_along_arcs(paths)]
    # Chords cross the circle that they were drawn over, again and again.
    together = {_both(run) for run in runs}
    crossings = _meetings(
        pieces, first_apart[crosses], second_apart[crosses],
        np.zeros(int(crosses.sum())), where[crosses],
    )  # fmt: skip
    overlaps = _meetings(
        pieces, first[lies_along], second[lies_along], along[lies_along],
        (pieces.starts[second[lies_along]] + pieces.ends[second[lies_along]]) / 2,
    )  # fmt: skip
    return Neighbours(
        overlaps=(*overlaps, *runs),
        crossings=tuple(each for each in crossings if _both(each) not in together),
        narrow=_narrow(pieces, first, second, narrow_mm),
        over=frozenset(
            pieces.owner[first[over]].tolist() + pieces.owner[second[over]].tolist()
        ),
    )  # fmt: skip


def _meeting_of(run: Run) -> Meeting:
    first, second = sorted((run.arc[0], run.pieces[0][0][0]))
    return Meeting(first, second, run.at_mm, run.length_mm)


def _both(meeting: Meeting) -> tuple[int, int]:
    return (min(meeting.first, meeting.second), max(meeting.first, meeting.second))


def _pieces_of(paths: Sequence[Path]) -> _Pieces:
    starts: list[Point] = []
    ends: list[Point] = []
    owner: list[int] = []
    place: list[int] = []
    count: list[int] = []
    rings: list[tuple[float, float, float]] = []
    total = 0
    for index, path in enumerate(paths):
        number = 0
        for segment in path.segments:
            if isinstance(segment, Line):
                starts.append(segment.start_mm)
                ends.append(segment.end_mm)
                rings.append(_NO_RING)
                number += 1
                continue
            points = points_along(segment, _CHORD_MM)
            starts += points[:-1]
            ends += points[1:]
            rings += [(*segment.centre_mm, segment.radius_mm)] * (len(points) - 1)
            number += len(points) - 1
        owner += [index] * number
        place += range(number)
        count.append(number)
        total += number
        if total > _MOST_PIECES:
            break
    return _Pieces(
        np.array(starts, dtype=np.float64).reshape(-1, 2),
        np.array(ends, dtype=np.float64).reshape(-1, 2),
        np.array(owner, dtype=np.int64),
        np.array(place, dtype=np.int64),
        np.array(count, dtype=np.int64),
        np.array([path.is_closed for path in paths], dtype=bool),
        np.array(rings, dtype=np.float64).reshape(-1, 3),
    )


def _are_next(pieces: _Pieces, first: Ints, second: Ints) -> NDArray[np.bool_]:
    """Tell which pairs follow each other in their path; round the end of a closed one too."""
    owner = pieces.owner[first]
    same = owner == pieces.owner[second]
    step = np.abs(pieces.place[first] - pieces.place[second])
    wraps = pieces.is_closed[owner] & (step == pieces.count[owner] - 1)
    is_next: NDArray[np.bool_] = same & ((step <= 1) | wraps)
    return is_next


def _overlaps(pieces: _Pieces, first: Ints, second: Ints) -> Floats:
    """Give how long each pair runs over each other; 0 where it does not."""
    a, b = pieces.starts[first], pieces.ends[first]
    c, d = pieces.starts[second], pieces.ends[second]
    way = b - a
    length = np.hypot(way[:, 0], way[:, 1])
    unit = way / np.where(length > 0, length, 1.0)[:, None]
    to_c, to_d = c - a, d - a
    along_c = (to_c * unit).sum(axis=1)
    along_d = (to_d * unit).sum(axis=1)
    off_c = to_c[:, 0] * unit[:, 1] - to_c[:, 1] * unit[:, 0]
    off_d = to_d[:, 0] * unit[:, 1] - to_d[:, 1] * unit[:, 0]
    low = np.maximum(np.minimum(along_c, along_d), 0.0)
    high = np.minimum(np.maximum(along_c, along_d), length)
    span = along_d - along_c
    slope = (off_d - off_c) / np.where(np.abs(span) > 1e-12, span, 1.0)
    off_low = off_c + (low - along_c) * slope
    off_high = off_c + (high - along_c) * slope
    is_on = (
        (np.abs(off_low) <= _ALONG_MM) & (np.abs(off_high) <= _ALONG_MM) & (np.abs(span) > 1e-12)
    )
    # A line that only touches a circle, or a circle another, runs along it for a bit; all do.
    same_ring = (np.abs(pieces.ring[first] - pieces.ring[second]) <= _SAME_RING_MM).all(axis=1)
    return np.where(is_on & same_ring & (high > low), high - low, 0.0)


def _crossings(pieces: _Pieces, first: Ints, second: Ints) -> tuple[NDArray[np.bool_], Floats]:
    """Tell which pairs cross with both going on at both sides, and where."""
    a, b = pieces.starts[first], pieces.ends[first]
    c, d = pieces.starts[second], pieces.ends[second]
    r, s = b - a, d - c
    turn = r[:, 0] * s[:, 1] - r[:, 1] * s[:, 0]
    safe = np.where(np.abs(turn) > 1e-12, turn, 1.0)
    gap = c - a
    t = (gap[:, 0] * s[:, 1] - gap[:, 1] * s[:, 0]) / safe
    u = (gap[:, 0] * r[:, 1] - gap[:, 1] * r[:, 0]) / safe
    slack_t = CLOSED_WITHIN_MM / np.maximum(np.hypot(r[:, 0], r[:, 1]), 1e-9)
    slack_u = CLOSED_WITHIN_MM / np.maximum(np.hypot(s[:, 0], s[:, 1]), 1e-9)
    inside = (t > slack_t) & (t < 1 - slack_t) & (u > slack_u) & (u < 1 - slack_u)
    return inside & (np.abs(turn) > 1e-12), a + r * t[:, None]


def _narrow(pieces: _Pieces, first: Ints, second: Ints, narrow_mm: float) -> tuple[Meeting, ...]:
    """Find the narrowest place between paths that do not touch; one for each two of them."""
    differ = pieces.owner[first] != pieces.owner[second]
    first, second = first[differ], second[differ]
    apart = shapely.distance(_lines(pieces, first), _lines(pieces, second))
    near = apart < narrow_mm
    first, second, apart = first[near], second[near], apart[near]
    owners = pieces.owner[first] * len(pieces.count) + pieces.owner[second]
    order = np.lexsort((apart, owners))
    _, firsts = np.unique(owners[order], return_index=True)
    narrowest = order[firsts]
    narrowest = narrowest[apart[narrowest] > _ALONG_MM]
    first, second = first[narrowest], second[narrowest]
    where = (pieces.starts[second] + pieces.ends[second]) / 2
    return _meetings(pieces, first, second, apart[narrowest], where)


def _lines(pieces: _Pieces, indexes: Ints) -> NDArray[np.object_]:
    ends = np.stack([pieces.starts[indexes], pieces.ends[indexes]], axis=1)
    return np.asarray(shapely.linestrings(ends))


def _meetings(
    pieces: _Pieces, first: Ints, second: Ints, lengths: Floats, where: Floats
) -> tuple[Meeting, ...]:
    rows = zip(
        pieces.owner[first].tolist(), pieces.owner[second].tolist(),
        where.tolist(), lengths.tolist(), strict=True,
    )  # fmt: skip
    return tuple(
        Meeting(one, other, (x, y), length)
        for one, other, (x, y), length in rows
        if math.isfinite(x) and math.isfinite(y)
    )
