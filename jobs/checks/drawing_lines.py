"""Checks of a drawing's lines: what may burn, hang on, fall out or take very long."""

import math
from collections.abc import Iterator, Sequence

from fablab_hub.core.geometry import Point
from fablab_hub.core.materials import OperationKind
from jobs.checks.drawing_rules import BY_ID
from jobs.checks.drawing_view import View, place
from jobs.geometry.duplicates import find_duplicates
from jobs.geometry.joining import cluster
from jobs.geometry.path import CLOSED_WITHIN_MM, Path, bounds_of
from jobs.report import Finding, Where

_GAP_MM = 0.1
_SMALLEST_MM = 1.0
_TINY_MM = 0.05
_MANY_TINY = 1000
_LONG_CUT_MIN = 30.0
_MM_PER_M = 1000


def line_findings(view: View) -> Iterator[Finding]:
    """Check the lines, in the order of the rules."""
    yield from _duplicates("duplicate-lines", view.cut)
    yield from _duplicates("duplicate-marks", view.marks)
    yield from _open_ends(view)
    yield from _small_shapes(view)
    yield from _tiny_segments(view)
    yield from _long_cut(view)
    if view.assigned.by_colour:
        yield BY_ID["by-colour"].found()


def _duplicates(rule: str, paths: Sequence[Path]) -> Iterator[Finding]:
    found = find_duplicates(paths)
    if found:
        length_mm = math.ceil(sum(length_mm for _, length_mm in found.values()))
        where = [place(paths[index], at_mm) for index, (at_mm, _) in found.items()]
        yield BY_ID[rule].found(where, length=length_mm)


def _open_ends(view: View) -> Iterator[Finding]:
    """Look for contours that do not close, and for ends that nearly meet.

    An end that another line also has is a fork, not an open end.
    """
    loose = [path for path in view.cut if not path.is_closed]
    ends = [(path, end) for path in loose for end in (path.start_mm, path.end_mm)]
    numbers = cluster([end for _, end in ends], CLOSED_WITHIN_MM)
    meeting = [0] * len(ends)
    for number in numbers:
        meeting[number] += 1
    open_ends = [
        (path, end)
        for (path, end), number in zip(ends, numbers, strict=True)
        if meeting[number] == 1
    ]
    gaps = _gaps([end for _, end in open_ends])
    nearly = {end for pair in gaps for end in pair}
    apart = [(path, end) for i, (path, end) in enumerate(open_ends) if i not in nearly]
    if apart:
        lines = {id(path) for path, _ in apart}
        yield BY_ID["open-contour"].found(
            [place(path, end) for path, end in apart], count=len(lines)
        )
    if gaps:
        where = [place(*open_ends[first]) for first, _ in gaps]
        yield BY_ID["tiny-gap"].found(where)


def _gaps(ends: Sequence[Point]) -> list[tuple[int, int]]:
    """Pair open ends that are no farther apart than a tiny gap; each is in one pair at most."""
    first_at: dict[int, int] = {}
    pairs: list[tuple[int, int]] = []
    for index, number in enumerate(cluster(ends, _GAP_MM)):
        if number in first_at:
            pairs.append((first_at.pop(number), index))
        else:
            first_at[number] = index
    return pairs


def _small_shapes(view: View) -> Iterator[Finding]:
    """Look for closed contours too small for the material.

    Smaller than half the thickness, or a millimetre: the beam's width and heat eat the rest.
    """
    thickness_mm = view.material.thickness_mm if view.material else 0.0
    smallest_mm = max(_SMALLEST_MM, thickness_mm / 2)
    where: list[Where] = []
    for path in view.cut:
        bounds = bounds_of((path,))
        if path.is_closed and bounds is not None and min(bounds.size_mm[:2]) < smallest_mm:
            where.append(place(path))
    if where:
        yield BY_ID["too-small"].found(where, least=smallest_mm)


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
