"""Join open pieces end to end, so that a contour drawn as loose lines is one path again.

Only where exactly two ends meet: at a fork nobody can know which way its author would go on.
"""

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from fablab_hub.core.geometry import Point
from jobs.geometry.path import CLOSED_WITHIN_MM, Line, Path, Segment

_EXACT_MM = 1e-4
"""Ends that were drawn with a snap are this near; they are joined before nearly fitting ones."""

_Ends = tuple[int, bool]
"""A path's index, and whether its end (not its start) is meant."""


def join(paths: Sequence[Path], within_mm: float = CLOSED_WITHIN_MM) -> tuple[Path, ...]:
    """Join open paths into longer ones; closed paths stay as they are.

    A joined path has the layer, colour and handle of its first piece. A gap that nobody could see
    is closed by moving the end of a line, a wider one by a line across it; arcs never change.

    Args:
        paths: that are made in the same way.
        within_mm: ends no farther apart are one point.
    """
    joined = _join_within(list(paths), min(_EXACT_MM, within_mm))
    joined = _join_within(joined, min(CLOSED_WITHIN_MM, within_mm))
    return tuple(joined if within_mm <= CLOSED_WITHIN_MM else _join_within(joined, within_mm))


def cluster(points_mm: Sequence[Point], within_mm: float) -> list[int]:
    """Number points so that those at one place share a number.

    A place is where its first point lies; the others are no farther than `within_mm` from it.
    """
    places: dict[tuple[int, int], list[tuple[Point, int]]] = {}
    numbers: list[int] = []
    count = 0
    for point in points_mm:
        cell = (math.floor(point[0] / within_mm), math.floor(point[1] / within_mm))
        found = next(
            (
                number
                for dx in (0, -1, 1)
                for dy in (0, -1, 1)
                for place, number in places.get((cell[0] + dx, cell[1] + dy), ())
                if math.dist(place, point) <= within_mm
            ),
            None,
        )
        if found is None:
            found, count = count, count + 1
            places.setdefault(cell, []).append((point, found))
        numbers.append(found)
    return numbers


def _join_within(paths: list[Path], within_mm: float) -> list[Path]:
    closed_mm = min(within_mm, CLOSED_WITHIN_MM)
    pieces = [i for i, path in enumerate(paths) if _gap_mm(path.segments) > closed_mm]
    ends: list[_Ends] = [(i, is_end) for i in pieces for is_end in (False, True)]
    numbers = cluster(
        [paths[i].end_mm if is_end else paths[i].start_mm for i, is_end in ends], within_mm
    )
    meeting: dict[int, list[_Ends]] = {}
    for end, number in zip(ends, numbers, strict=True):
        meeting.setdefault(number, []).append(end)
    partner: dict[_Ends, _Ends] = {}
    for here in meeting.values():
        if len(here) == 2 and here[0][0] != here[1][0]:
            partner[here[0]], partner[here[1]] = here[1], here[0]
    nearly_closed = {
        here[0][0]
        for here in meeting.values()
        if len(here) == 2
        and here[0][0] == here[1][0]
        and _gap_mm(paths[here[0][0]].segments) > CLOSED_WITHIN_MM
    }
    used: set[int] = set()
    joined: list[Path] = []
    for index, path in enumerate(paths):
        if index not in used:
            chain = _chain(index, partner, used)
            is_whole = len(chain) == 1 and index not in nearly_closed
            joined.append(path if is_whole else _glue(paths, chain, within_mm))
    return joined


def _chain(first: int, partner: dict[_Ends, _Ends], used: set[int]) -> list[tuple[int, bool]]:
    """Follow partners both ways; gives indexes, each with whether it is followed backwards."""
    used.add(first)
    chain: deque[tuple[int, bool]] = deque([(first, False)])
    while (following := partner.get((chain[-1][0], not chain[-1][1]))) and (
        following[0] not in used
    ):
        used.add(following[0])
        chain.append(following)
    while (before := partner.get((chain[0][0], chain[0][1]))) and before[0] not in used:
        used.add(before[0])
        chain.appendleft((before[0], not before[1]))
    return list(chain)


def _glue(paths: list[Path], chain: list[tuple[int, bool]], within_mm: float) -> Path:
    segments: list[Segment] = []
    for index, is_backwards in chain:
        path = paths[index].reversed() if is_backwards else paths[index]
        more = list(path.segments)
        if segments:
            segments += _bridge(segments, more)
        segments += more
    if 0 < _gap_mm(segments) <= within_mm:
        segments += _bridge(segments, segments)
    return replace(paths[min(index for index, _ in chain)], segments=tuple(segments))


def _bridge(before: list[Segment], after: list[Segment]) -> list[Segment]:
    """Make one list end where the other begins; gives the line that is needed between."""
    end, start = before[-1].end_mm, after[0].start_mm
    if end == start:
        return []
    if math.dist(end, start) > CLOSED_WITHIN_MM:
        return [Line(end, start)]
    if isinstance(after[0], Line):
        after[0] = Line(end, after[0].end_mm)
    elif isinstance(before[-1], Line):
        before[-1] = Line(before[-1].start_mm, start)
    else:
        return [Line(end, start)]
    return []


def _gap_mm(segments: Sequence[Segment]) -> float:
    return math.dist(segments[0].start_mm, segments[-1].end_mm)
