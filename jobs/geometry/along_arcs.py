"""Which pieces of other paths run along an arc: a circle drawn again as a chain of chords. Pure.

A piece runs along an arc where it stays within a hair of its circle. A line that only touches or
crosses a circle does so too, for a little; only longer runs count, and how long that is follows
from the radius.
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from fablab_hub.core.geometry import Point
from jobs.geometry.path import Arc, Path, Segment, box_of, points_along

_BAND_MM = 0.03
"""Pieces no farther than this from a circle lie on it; chords sag by that much."""

_CHORD_MM = 0.005
_SAME_RING_MM = 0.02
_SHORTEST_MM = 0.5
_JOINED_MM = 0.05
_MOST_PAIRS = 2_000_000

Floats = NDArray[np.float64]
Span = tuple[float, float]
Place = tuple[int, int]
"""A path, and a segment of it, by their indexes."""


@dataclass(frozen=True, slots=True)
class Run:
    """Where the pieces of one path run along an arc of another.

    Attributes:
        arc: the arc.
        along: the part of the arc, 0..1.
        pieces: of the other path, with the parts that run along, 0..1.
        at_mm: the middle of the run.
        length_mm: of it.
    """

    arc: Place
    along: Span
    pieces: tuple[tuple[Place, Span], ...]
    at_mm: Point
    length_mm: float


@dataclass(frozen=True, slots=True)
class _Chord:
    """A straight piece of a segment.

    Attributes:
        of: its segment.
        part: of that segment, 0..1.
    """

    of: Place
    part: Span
    start_mm: Point
    end_mm: Point
    ring: tuple[float, float, float] | None


def runs_along_arcs(paths: Sequence[Path]) -> list[Run]:
    """Find what runs along the arcs of some paths, other than arcs of the same circle.

    Of two arcs the one of the later path is followed, so that each run is given once.

    Args:
        paths: of one kind of work.
    """
    arcs = [
        ((index, place), segment)
        for index, path in enumerate(paths)
        for place, segment in enumerate(path.segments)
        if isinstance(segment, Arc)
    ]
    if not arcs or len(paths) < 2:
        return []
    chords = list(_chords(paths, arcs))
    if not chords:
        return []
    ends = np.array([(*chord.start_mm, *chord.end_mm) for chord in chords])
    lines = np.asarray(shapely.linestrings(np.stack([ends[:, :2], ends[:, 2:]], axis=1)))
    tree = shapely.STRtree(lines)
    boxes = [shapely.box(*_box(arc)) for _, arc in arcs]
    which, other = tree.query(boxes)
    if len(which) > _MOST_PAIRS:
        return []
    lows, highs = _in_band(ends[other], np.array([_ring(arc) for _, arc in arcs])[which])
    found: dict[tuple[int, int], list[tuple[Span, Place, Span]]] = defaultdict(list)
    for pair in np.flatnonzero(highs > lows).tolist():
        (owner, arc), chord = arcs[int(which[pair])], chords[int(other[pair])]
        if chord.of[0] == owner[0] or _is_same(chord.ring, arc):
            continue
        if chord.ring is not None and chord.of[0] > owner[0]:
            continue
        span = _part_of_arc(arc, chord, float(lows[pair]), float(highs[pair]))
        if span is not None:
            first, last = chord.part
            part = tuple(first + (last - first) * float(at) for at in (lows[pair], highs[pair]))
            found[int(which[pair]), chord.of[0]].append((span, chord.of, (part[0], part[1])))
    return [
        run
        for (number, _), spans in found.items()
        for run in _long_runs(*arcs[number], sorted(spans))
    ]


def _chords(paths: Sequence[Path], arcs: Sequence[tuple[Place, Arc]]) -> Iterator[_Chord]:
    """Give the straight pieces of the paths that come near any arc."""
    tree = shapely.STRtree([shapely.box(*_box(arc)) for _, arc in arcs])
    boxes = shapely.box(*np.array([box_of(path) for path in paths]).T)
    for index in np.unique(tree.query(boxes)[0]).tolist():
        for place, segment in enumerate(paths[index].segments):
            points = _points(segment)
            count = len(points) - 1
            ring = _ring(segment) if isinstance(segment, Arc) else None
            for number, (a, b) in enumerate(pairwise(points)):
                part = (number / count, (number + 1) / count)
                yield _Chord((index, place), part, a, b, ring)


def _points(segment: Segment) -> Sequence[Point]:
    if isinstance(segment, Arc):
        return points_along(segment, _CHORD_MM)
    return (segment.start_mm, segment.end_mm)


def _in_band(ends: Floats, rings: Floats) -> tuple[Floats, Floats]:
    """Give the part of each piece (0..1) that stays within the band around a circle, as one span.

    Of a piece that dips through the band's inner edge only the longer side counts.
    """
    start, way = ends[:, :2] - rings[:, :2], ends[:, 2:] - ends[:, :2]
    radius = rings[:, 2]
    a = (way**2).sum(axis=1)
    b = (start * way).sum(axis=1)
    safe = np.where(a > 1e-18, a, 1.0)

    def inside(reach: Floats) -> tuple[Floats, Floats]:
        """Give where a piece is no farther from the centre than that; an empty span for never."""
        root = b**2 - a * ((start**2).sum(axis=1) - reach**2)
        half = np.sqrt(np.maximum(root, 0.0)) / safe
        middle = -b / safe
        never = root <= 0
        return np.where(never, 2.0, middle - half), np.where(never, -2.0, middle + half)

    low, high = inside(radius + _BAND_MM)
    low, high = np.maximum(low, 0.0), np.minimum(high, 1.0)
    hole_low, hole_high = inside(np.maximum(radius - _BAND_MM, 0.0))
    before = np.minimum(high, hole_low) - low
    after = high - np.maximum(low, hole_high)
    has_hole = hole_high > hole_low
    takes_before = has_hole & (before >= after)
    takes_after = has_hole & (before < after)
    high = np.where(takes_before, np.minimum(high, hole_low), high)
    low = np.where(takes_after, np.maximum(low, hole_high), low)
    return low, np.where(a > 1e-18, high, low)


def _part_of_arc(arc: Arc, chord: _Chord, low: float, high: float) -> Span | None:
    """Give the part of an arc (0..1) beside a part of a chord; None where the arc is not there."""
    (x0, y0), (x1, y1) = chord.start_mm, chord.end_mm
    cx, cy = arc.centre_mm
    turn = 2 * math.pi
    sweep, sign = abs(arc.sweep_rad), math.copysign(1.0, arc.sweep_rad)

    def turned(share: float) -> float:
        angle = math.atan2(y0 + (y1 - y0) * share - cy, x0 + (x1 - x0) * share - cx)
        return ((angle - arc.start_rad) * sign) % turn

    middle = turned((low + high) / 2)
    # Seen from its middle a chord never reaches half around.
    ends = [middle + (turned(at) - middle + math.pi) % turn - math.pi for at in (low, high)]
    best: Span | None = None
    for shift in (0.0, -turn):
        first, last = (min(max(end + shift, 0.0), sweep) for end in sorted(ends))
        if last > first and (best is None or last - first > best[1] - best[0]):
            best = (first, last)
    return (best[0] / sweep, best[1] / sweep) if best else None


def _long_runs(owner: Place, arc: Arc, spans: Sequence[tuple[Span, Place, Span]]) -> Iterator[Run]:
    """Join what lies one after the other along an arc, and give what is long."""
    length_mm = arc.length_mm
    # A line at the band's inner edge stays in it for 4 sqrt(radius * band).
    least_mm = max(_SHORTEST_MM, 5 * math.sqrt(arc.radius_mm * _BAND_MM))
    least_mm = min(least_mm, 0.9 * length_mm)
    group: list[tuple[Span, Place, Span]] = []
    end = 0.0
    for each in [*spans, None]:
        if each is None or (group and (each[0][0] - end) * length_mm > _JOINED_MM):
            first = group[0][0][0] if group else 0.0
            run_mm = (end - first) * length_mm
            if group and run_mm >= least_mm:
                at = arc.at((first + end) / 2)
                pieces = tuple((place, span) for _, place, span in group)
                yield Run(owner, (first, end), pieces, at, run_mm)
            group, end = [], 0.0
        if each is not None:
            group.append(each)
            end = max(end, each[0][1])


def _is_same(ring: tuple[float, float, float] | None, arc: Arc) -> bool:
    """Tell whether two arcs lie on one circle: those are compared by their angles elsewhere."""
    return ring is not None and all(
        abs(a - b) <= _SAME_RING_MM for a, b in zip(ring, _ring(arc), strict=True)
    )


def _ring(arc: Arc) -> tuple[float, float, float]:
    return (*arc.centre_mm, arc.radius_mm)


def _box(arc: Arc) -> tuple[float, float, float, float]:
    left, front, right, back = box_of(Path(segments=(arc,), layer=""))
    return (left - _BAND_MM, front - _BAND_MM, right + _BAND_MM, back + _BAND_MM)
