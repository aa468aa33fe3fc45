"""The order of work: what moves the sheet comes last, and the head travels little in between.

Engraving and scoring come before cutting, because a part that is cut out may tilt or fall. For
the same reason everything inside a contour is cut before the contour itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

import numpy as np

from fablab_hub.core.geometry import Point
from fablab_hub.core.materials import OperationKind
from jobs.geometry.containment import holders_of, shapes_of
from jobs.geometry.path import Path
from jobs.toolpath.kernel import compiled_tour, quick_kicks
from jobs.toolpath.nearest import nearest_first
from jobs.toolpath.operations import Operation

KIND_ORDER = (
    OperationKind.IMAGE,
    OperationKind.FILL,
    OperationKind.ENGRAVE,
    OperationKind.SCORE,
    OperationKind.CUT,
)
"""What is done first, and what last."""


def order(operations: Sequence[Operation]) -> list[Operation]:
    """Put operations in the order in which they are done.

    Open paths may be followed backwards, and closed ones begin at any of their corners, so that the
    way between them is short. Every operation is there once, and no geometry changes.
    """
    done: list[Operation] = []
    at_mm = (0.0, 0.0)
    tour = compiled_tour()
    for kind in KIND_ORDER:
        own = [operation for operation in operations if operation.kind is kind]
        paths = [operation.path for operation in own]
        is_nested = kind is OperationKind.CUT
        if tour is None:
            found = nearest_first(paths, at_mm, is_nested=is_nested)
        else:
            found = _shortest(tour, paths, at_mm, is_nested=is_nested)
        for index, path in found:
            done.append(replace(own[index], path=path))
            at_mm = path.end_mm
    return done


def _shortest(
    tour: Any, paths: list[Path], at_mm: Point, *, is_nested: bool
) -> Iterator[tuple[int, Path]]:
    """Have the compiled kernel find a short way; it knows all corners of closed paths."""
    if not paths:
        return
    starts = [
        [segment.start_mm for segment in path.segments]
        if path.is_closed
        else [path.start_mm, path.end_mm]
        for path in paths
    ]
    first = np.zeros(len(paths) + 1, dtype=np.int32)
    np.cumsum([len(own) for own in starts], out=first[1:])
    shape, holder_first, holders = _nesting(paths, is_nested=is_nested)
    found, begins = tour.best_order(
        np.array(list(chain.from_iterable(starts)), dtype=np.float64),
        first,
        np.array([path.is_closed for path in paths], dtype=np.uint8),
        shape,
        holder_first,
        holders,
        *at_mm,
        quick_kicks(len(paths)),
    )
    for index, begin in zip(found.tolist(), begins.tolist(), strict=True):
        path = paths[index]
        if path.is_closed:
            yield index, path.started_at(begin) if begin else path
        else:
            yield index, path.reversed() if begin else path


def _nesting(paths: list[Path], *, is_nested: bool) -> tuple[Any, Any, Any]:
    """Say which path belongs to which shape, and which shapes hold which, row after row."""
    shape = np.arange(len(paths), dtype=np.int32)
    if not is_nested:
        return shape, np.zeros(len(paths) + 1, dtype=np.int32), np.zeros(0, dtype=np.int32)
    shapes = shapes_of(paths)
    held_by = holders_of(shapes)
    for number, each in enumerate(shapes):
        shape[list(each.members)] = number
    first = np.zeros(len(shapes) + 1, dtype=np.int32)
    np.cumsum([len(own) for own in held_by], out=first[1:])
    return shape, first, np.array(list(chain.from_iterable(held_by)), dtype=np.int32)
