"""Checks of a drawing's lines: what may burn, hang on, fall out or take very long."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from fablab_hub.core.geometry import Point
from fablab_hub.core.materials import OperationKind
from jobs.checks.drawing_rules import BY_ID
from jobs.checks.drawing_view import View, place
from jobs.geometry.duplicates import find_duplicates
from jobs.geometry.joining import cluster
from jobs.geometry.neighbours import Meeting, Neighbours
from jobs.geometry.path import CLOSED_WITHIN_MM, Arc, Path
from jobs.report import Finding, Where
from jobs.toolpath.groups import DecidedBy

_TINY_GAP_MM = 0.1
_SMALL_GAP_MM = 1.0
_TINY_MM = 0.05
_MANY_TINY = 1000
_LONG_CUT_MIN = 30.0
_MM_PER_M = 1000
_CELL_MM = 10.0
_MOST_STEPS = 1_000
_DENSE_MM = 150.0
"""Of cut in a square centimetre: fifteen lines side by side. Ten are a fine living hinge."""
_LEAST_OVERLAP_MM = 1.0


def line_findings(view: View) -> Iterator[Finding]:
    """Check the lines, in the order of the rules."""
    yield from _repeated(view)
    yield from _open_ends(view)
    yield from _crossings(view)
    yield from _small_parts(view)
    yield from _dense(view)
    yield from _meanings(view)
    yield from _tiny_segments(view)
    yield from _long_cut(view)


def _repeated(view: View) -> Iterator[Finding]:
    """Look for the same piece twice, and for pieces that lie over part of another."""
    for rule, over, paths, neighbours in (
        ("duplicate-lines", "overlapping-lines", view.cut, view.cut_neighbours),
        ("duplicate-marks", "", view.marks, view.mark_neighbours),
    ):
        # The same piece twice lies over itself: nothing else need be looked at.
        found = find_duplicates(paths, sorted(neighbours.over))
        twice_mm = sum(length_mm for _, length_mm in found.values())
        if found:
            where = [place(paths[index], at_mm) for index, (at_mm, _) in found.items()]
            yield BY_ID[rule].found(where, length=math.ceil(twice_mm))
        overlap_mm = sum(meeting.length_mm for meeting in neighbours.overlaps) - twice_mm
        if over and overlap_mm > _LEAST_OVERLAP_MM:
            spots = [at_mm for at_mm, _ in found.values()]
            others = [each for each in neighbours.overlaps if not _is_at(each, spots)]
            where = _first_places(paths, others or neighbours.overlaps)
            yield BY_ID[over].found(where, length=math.ceil(overlap_mm))
    if not view.cut_neighbours.is_whole:
        yield BY_ID["not-compared"].found()


def _is_at(meeting: Meeting, spots: Sequence[Point]) -> bool:
    return any(math.dist(meeting.at_mm, spot) < _SMALL_GAP_MM for spot in spots[:100])


def _first_places(paths: Sequence[Path], meetings: Sequence[Meeting]) -> list[Where]:
    """Name one place for each two paths."""
    seen: dict[tuple[int, int], Where] = {}
    for each in meetings:
        seen.setdefault((each.first, each.second), place(paths[each.second], each.at_mm))
    return list(seen.values())


def _open_ends(view: View) -> Iterator[Finding]:
    """Look for contours that do not close, and for ends that nearly meet.

    An end that another line also has is a fork, not an open end.
    """
    loose = [path for path in view.cut if not path.is_closed]
    ends = [(path, end) for path in loose for end in (path.start_mm, path.end_mm)]
    numbers = cluster([end for _, end in ends], CLOSED_WITHIN_MM)
    meeting = Counter(numbers)
    open_ends = [end for end, number in zip(ends, numbers, strict=True) if meeting[number] == 1]
    tiny = _gaps([end for _, end in open_ends], _TINY_GAP_MM)
    nearly = {index for pair in tiny for index in pair}
    rest = [index for index in range(len(open_ends)) if index not in nearly]
    small = [
        (rest[first], rest[second])
        for first, second in _gaps([open_ends[index][1] for index in rest], _SMALL_GAP_MM)
    ]
    nearly |= {index for pair in small for index in pair}
    apart = [end for index, end in enumerate(open_ends) if index not in nearly]
    if apart:
        lines = {id(path) for path, _ in apart}
        yield BY_ID["open-contour"].found(
            [place(path, end) for path, end in apart], count=len(lines)
        )
    for rule, pairs in (("tiny-gap", tiny), ("small-gap", small)):
        if pairs:
            yield BY_ID[rule].found([place(*open_ends[first]) for first, _ in pairs])


def _gaps(ends: Sequence[Point], within_mm: float) -> list[tuple[int, int]]:
    """Pair open ends that are no farther apart than a gap; each is in one pair at most."""
    first_at: dict[int, int] = {}
    pairs: list[tuple[int, int]] = []
    for index, number in enumerate(cluster(ends, within_mm)):
        if number in first_at:
            pairs.append((first_at.pop(number), index))
        else:
            first_at[number] = index
    return pairs


def _crossings(view: View) -> Iterator[Finding]:
    found: Neighbours = view.cut_neighbours
    own = [each for each in found.crossings if each.first == each.second]
    others = [each for each in found.crossings if each.first != each.second]
    if own:
        yield BY_ID["crosses-itself"].found([place(view.cut[e.first], e.at_mm) for e in own])
    if others:
        yield BY_ID["lines-cross"].found([place(view.cut[e.second], e.at_mm) for e in others])
    if found.narrow:
        least = view.material.kerf_mm if view.material else 0.15
        where = [place(view.cut[each.second], each.at_mm) for each in found.narrow]
        yield BY_ID["too-close"].found(where, least=least)


def _small_parts(view: View) -> Iterator[Finding]:
    """Look for closed contours too small for the material, or for the grid below it.

    Smaller than half the thickness, or a millimetre: the beam's width and heat eat the rest.
    """
    laser = view.machine.laser
    grid_mm = laser.grid_mm if laser else 0.0
    burnt: list[Where] = []
    fallen: list[Where] = []
    small: list[int] = []
    for index, (path, box) in enumerate(zip(view.cut, view.boxes, strict=True)):
        if not path.is_closed:
            continue
        if min(box.size_mm[:2]) < view.smallest_mm:
            burnt.append(place(path))
        elif max(box.size_mm[:2]) < grid_mm:
            small.append(index)
    if small and not view.holds_parts:
        # What falls out of a hole is waste; what has nothing around it is somebody's part.
        fallen = [place(view.cut[index]) for index in small if view.depths[index] == 0]
    if fallen:
        yield BY_ID["falls-through"].found(fallen, grid=f"{grid_mm:g}")
    if burnt:
        yield BY_ID["too-small"].found(burnt, least=view.smallest_mm)


def _dense(view: View) -> Iterator[Finding]:
    """Add up the cut in each square centimetre; heat has nowhere to go where it is dense."""
    segments = [segment for path in view.cut for segment in path.segments]
    if not segments:
        return
    found = np.array([(*segment[0], *segment[1]) for segment in segments])
    lengths = np.hypot(found[:, 2] - found[:, 0], found[:, 3] - found[:, 1])
    for index, segment in enumerate(segments):
        if isinstance(segment, Arc):
            lengths[index] = segment.length_mm
    steps = np.maximum(1, np.ceil(lengths / _CELL_MM)).astype(np.int64).clip(max=_MOST_STEPS)
    which = np.repeat(np.arange(len(steps)), steps)
    step = np.arange(len(which)) - np.repeat(np.cumsum(steps) - steps, steps)
    part = ((step + 0.5) / steps[which])[:, None]
    spots = found[which, 0:2] * (1 - part) + found[which, 2:4] * part
    cells = np.floor(spots / _CELL_MM)
    _, firsts, cell = np.unique(cells, axis=0, return_index=True, return_inverse=True)
    sums = np.bincount(cell.ravel(), weights=(lengths / steps)[which])
    hot = firsts[sums > _DENSE_MM]
    if len(hot):
        owners = [path for path in view.cut for _ in path.segments]
        where = [place(owners[which[at]], (float(x), float(y))) for at, (x, y) in
                 zip(hot.tolist(), spots[hot], strict=True)]  # fmt: skip
        yield BY_ID["dense-cuts"].found(where)


def _meanings(view: View) -> Iterator[Finding]:
    """Look at what lines are taken for."""
    outside = view.marks_outside()
    if outside:
        yield BY_ID["marks-outside"].found([place(path) for path in outside])
    # Who sends a picture alone knows that nothing of it is cut.
    if (view.marks or view.areas) and not view.cut:
        yield BY_ID["nothing-cut"].found()
    if view.assigned.by_colour:
        yield BY_ID["by-colour"].found()
        odd = [
            group
            for group in view.assigned.groups
            if group.by is DecidedBy.COLOUR and group.is_odd and group.operation is not None
        ]
        if odd:
            yield BY_ID["odd-colour"].found(count=len(odd), colour=odd[0].colour)


def _tiny_segments(view: View) -> Iterator[Finding]:
    where: list[Where] = []
    count = 0
    for path in view.paths():
        tiny = [segment for segment in path.segments if segment.length_mm < _TINY_MM]
        count += len(tiny)
        if tiny:
            where.append(place(path, tiny[0].start_mm))
    if count > _MANY_TINY:
        yield BY_ID["many-tiny-lines"].found(where, count=count, pieces=count)


def _long_cut(view: View) -> Iterator[Finding]:
    preset = view.material.preset(OperationKind.CUT) if view.material else None
    if preset is None:
        return
    length_mm = sum(path.length_mm for path in view.cut) * preset.passes
    minutes = length_mm / min(preset.feed_mm_min, view.machine.max_feed_mm_min)
    if minutes > _LONG_CUT_MIN:
        yield BY_ID["long-cut"].found(
            length_m=round(length_mm / _MM_PER_M), minutes=math.floor(minutes)
        )
