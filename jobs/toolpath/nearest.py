"""The nearest path next: the order of work where no kernel is compiled.

Everything inside a contour is done before the contour itself.
"""

import math
from collections.abc import Iterator, Sequence

from fablab_hub.core.geometry import Point
from jobs.geometry.containment import holders_of, shapes_of
from jobs.geometry.path import Path

_STARTS = 8
"""So many corners of a closed path are known to the search; the nearest of all is taken then."""

_SPOTS_A_CELL = 2.0


def nearest_first(
    paths: Sequence[Path], at_mm: Point, *, is_nested: bool
) -> Iterator[tuple[int, Path]]:
    """Give paths in their order, each with its index, as it is followed.

    Args:
        paths: of one kind of work.
        at_mm: where the head stands.
        is_nested: what lies inside a contour comes before it.
    """
    nesting = _Nesting(paths) if is_nested else None
    spots = _Spots(paths)
    for index in range(len(paths)) if nesting is None else nesting.free():
        spots.add(index)
    while (found := spots.nearest(at_mm)) is not None:
        index, is_at_end = found
        spots.remove(index)
        path = _begun(paths[index], at_mm, is_at_end=is_at_end)
        yield index, path
        at_mm = path.end_mm
        for freed in nesting.finish(index) if nesting else ():
            spots.add(freed)


def _begun(path: Path, at_mm: Point, *, is_at_end: bool) -> Path:
    """Follow a path from the nearest place at which it can begin."""
    if path.is_closed:
        starts = [math.dist(segment.start_mm, at_mm) for segment in path.segments]
        return path.started_at(starts.index(min(starts)))
    return path.reversed() if is_at_end else path


class _Nesting:
    """Who waits for whom: a shape is free once every shape inside it is done."""

    def __init__(self, paths: Sequence[Path]) -> None:
        shapes = shapes_of(paths)
        self._holders = holders_of(shapes)
        self._members = [shape.members for shape in shapes]
        self._shape_of = {index: n for n, own in enumerate(self._members) for index in own}
        self._paths_left = [len(own) for own in self._members]
        self._shapes_inside = [0] * len(shapes)
        for holders in self._holders:
            for holder in holders:
                self._shapes_inside[holder] += 1

    def free(self) -> list[int]:
        """List the paths with nothing inside their shape."""
        return [
            index
            for own, inside in zip(self._members, self._shapes_inside, strict=True)
            if inside == 0
            for index in own
        ]

    def finish(self, index: int) -> Iterator[int]:
        """Note that a path is done; gives the paths that this sets free."""
        shape = self._shape_of[index]
        self._paths_left[shape] -= 1
        if self._paths_left[shape]:
            return
        for holder in self._holders[shape]:
            self._shapes_inside[holder] -= 1
            if self._shapes_inside[holder] == 0:
                yield from self._members[holder]


class _Spots:
    """The places at which paths can begin, in a grid that is made anew as it empties."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths
        self._cells: dict[tuple[int, int], set[tuple[int, int]]] = {}
        self._size_mm = 1.0
        self._waiting: set[int] = set()
        self._most = 0

    def add(self, index: int) -> None:
        """Put a path's places into the grid."""
        self._waiting.add(index)
        if len(self._waiting) > 2 * self._most:
            self._rebuild()
        else:
            self._place(index)

    def remove(self, index: int) -> None:
        """Take a path's places out."""
        self._waiting.discard(index)
        for number, spot in enumerate(_starts_of(self._paths[index])):
            cell = self._cell(spot)
            own = self._cells[cell]
            own.discard((index, number))
            if not own:
                del self._cells[cell]
        if len(self._waiting) * 4 < self._most:
            self._rebuild()

    def nearest(self, at_mm: Point) -> tuple[int, bool] | None:
        """Give the path that begins nearest, and whether that is its end; None when all are done.

        Of equally near ones the first in the drawing is given, so that the answer never varies.
        """
        x, y = self._cell(at_mm)
        best: tuple[float, int, int] | None = None
        for reach in range(math.isqrt(len(self._cells)) + 1):
            for cell in _ring(x, y, reach):
                if cell in self._cells:
                    best = self._better(cell, at_mm, best)
            if best is not None and best[0] <= reach * self._size_mm:
                return best[1], best[2] == 1
        for cell in self._cells:
            best = self._better(cell, at_mm, best)
        return (best[1], best[2] == 1) if best is not None else None

    def _better(
        self, cell: tuple[int, int], at_mm: Point, best: tuple[float, int, int] | None
    ) -> tuple[float, int, int] | None:
        for index, number in self._cells[cell]:
            spot = _starts_of(self._paths[index])[number]
            candidate = (math.dist(spot, at_mm), index, number)
            if best is None or candidate < best:
                best = candidate
        return best

    def _rebuild(self) -> None:
        """Choose cells of the size that holds a few places each, and fill them."""
        self._most = len(self._waiting)
        self._cells = {}
        spots = [spot for index in self._waiting for spot in _starts_of(self._paths[index])]
        if not spots:
            return
        width = max(x for x, _ in spots) - min(x for x, _ in spots)
        depth = max(y for _, y in spots) - min(y for _, y in spots)
        a_cell = _SPOTS_A_CELL / len(spots)
        self._size_mm = max(math.sqrt(width * depth * a_cell), (width + depth) * a_cell, 0.01)
        for index in self._waiting:
            self._place(index)

    def _place(self, index: int) -> None:
        for number, spot in enumerate(_starts_of(self._paths[index])):
            self._cells.setdefault(self._cell(spot), set()).add((index, number))

    def _cell(self, spot: Point) -> tuple[int, int]:
        return (math.floor(spot[0] / self._size_mm), math.floor(spot[1] / self._size_mm))


def _starts_of(path: Path) -> list[Point]:
    """Give both ends of an open path, some corners of a closed one."""
    if not path.is_closed:
        return [path.start_mm, path.end_mm]
    step = max(1, len(path.segments) // _STARTS)
    return [segment.start_mm for segment in path.segments[::step]]


def _ring(x: int, y: int, reach: int) -> Iterator[tuple[int, int]]:
    if reach == 0:
        yield (x, y)
        return
    for offset in range(-reach, reach + 1):
        yield (x + offset, y - reach)
        yield (x + offset, y + reach)
    for offset in range(1 - reach, reach):
        yield (x - reach, y + offset)
        yield (x + reach, y + offset)
