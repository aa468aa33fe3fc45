"""What of a picture is shown, where and how finely: clipping, thinning, and the inset.

A part that is small on its bed is shown again, larger, where the bed is free.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from fablab_hub.core.geometry import Point

Rect = tuple[float, float, float, float]
"""Left, top, right, bottom in millimetres of the picture: y grows downwards."""

Points = NDArray[np.float64]
"""Places of one line, n by 2."""

Line = tuple[str, Points]
"""What is done along it, and its places."""

_SMALL = 1 / 3
_LARGEST = 0.62
_LEAST_ZOOM = 1.4
_MOST_ZOOM = 60.0


@dataclass(frozen=True, slots=True)
class Inset:
    """A part, framed, and the frame that shows it larger.

    Attributes:
        part: frame around the part itself.
        frame: where it is shown again.
        zoom: how much larger.
    """

    part: Rect
    frame: Rect
    zoom: float

    @property
    def shift(self) -> Point:
        """What is added to the zoomed coordinates."""
        return (
            (self.frame[0] + self.frame[2] - (self.part[0] + self.part[2]) * self.zoom) / 2,
            (self.frame[1] + self.frame[3] - (self.part[1] + self.part[3]) * self.zoom) / 2,
        )

    def shown_at(self, point: Point) -> Point:
        """Give the place in the frame of a place on the part."""
        return (point[0] * self.zoom + self.shift[0], point[1] * self.zoom + self.shift[1])

    def holds(self, point: Point) -> bool:
        """Tell whether a place belongs to the part."""
        left, top, right, bottom = self.part
        return left <= point[0] <= right and top <= point[1] <= bottom

    def leaders(self) -> tuple[tuple[Point, Point], ...]:
        """Give the two lines that lead from the part to its frame; they do not cross."""
        a, b = self.part, self.frame
        if b[0] >= a[2]:
            return ((a[2], a[1]), (b[0], b[1])), ((a[2], a[3]), (b[0], b[3]))
        if b[2] <= a[0]:
            return ((a[0], a[1]), (b[2], b[1])), ((a[0], a[3]), (b[2], b[3]))
        if b[3] <= a[1]:
            return ((a[0], a[1]), (b[0], b[3])), ((a[2], a[1]), (b[2], b[3]))
        return ((a[0], a[3]), (b[0], b[1])), ((a[2], a[3]), (b[2], b[1]))


def inset_for(part: Rect, bed: Rect, gap_mm: float) -> Inset | None:
    """Find the place where a small part can be shown largest.

    Args:
        part: the box around everything that is drawn.
        bed: the box of the bed.
        gap_mm: kept free around the frame, and around the part inside it.

    Returns:
        None where the part is large enough, lies off the bed, or leaves no place.
    """
    left, top, right, bottom = bed
    width, height = part[2] - part[0], part[3] - part[1]
    bed_width, bed_height = right - left, bottom - top
    if width >= bed_width * _SMALL or height >= bed_height * _SMALL:
        return None
    if part[0] < left or part[1] < top or part[2] > right or part[3] > bottom:
        return None
    edge = gap_mm / 3
    framed = (
        max(left, part[0] - edge), max(top, part[1] - edge),
        min(right, part[2] + edge), min(bottom, part[3] + edge),
    )  # fmt: skip
    free = (
        (framed[2], top, right, bottom),
        (left, top, framed[0], bottom),
        (left, top, right, framed[1]),
        (left, framed[3], right, bottom),
    )
    found = [_fit(framed, area, bed, gap_mm) for area in free]
    best = max(found, key=lambda inset: inset.zoom)
    return best if best.zoom >= _LEAST_ZOOM else None


def _fit(part: Rect, area: Rect, bed: Rect, gap_mm: float) -> Inset:
    """Show a part in the middle of a free area, as large as it goes."""
    width, height = part[2] - part[0], part[3] - part[1]
    most_width = min(area[2] - area[0] - 2 * gap_mm, (bed[2] - bed[0]) * _LARGEST)
    most_height = min(area[3] - area[1] - 2 * gap_mm, (bed[3] - bed[1]) * _LARGEST)
    zoom = min(most_width / max(width, 1e-6), most_height / max(height, 1e-6), _MOST_ZOOM)
    across, down = width * zoom / 2, height * zoom / 2
    x, y = (area[0] + area[2]) / 2, (area[1] + area[3]) / 2
    return Inset(part, (x - across, y - down, x + across, y + down), zoom)


def box_around(lines: Sequence[Line]) -> Rect | None:
    """Give the box around lines that have points; None for no lines."""
    if not lines:
        return None
    low = np.min([points.min(axis=0) for _, points in lines], axis=0).tolist()
    high = np.max([points.max(axis=0) for _, points in lines], axis=0).tolist()
    return (low[0], low[1], high[0], high[1])


def view_of(bed: Rect, part: Rect | None) -> Rect:
    """Give the bed, widened towards what lies off it by at most half a bed."""
    if part is None:
        return bed
    across, down = bed[2] / 2, bed[3] / 2
    gap = bed[2] / 40
    return (
        max(-across, min(0.0, part[0] - gap)) if part[0] < 0 else 0.0,
        max(-down, part[1] - gap) if part[1] < 0 else 0.0,
        min(bed[2] + across, part[2] + gap) if part[2] > bed[2] else bed[2],
        min(bed[3] + down, part[3] + gap) if part[3] > bed[3] else bed[3],
    )


def clipped(lines: Iterable[Line], view: Rect) -> Iterator[Line]:
    """Cut away what lies outside the view."""
    low, high = np.array(view[:2]), np.array(view[2:])
    for kind, points in lines:
        inside = ((points >= low) & (points <= high)).all(axis=1)
        if inside.all():
            yield kind, points
            continue
        piece: list[Point] = []
        for start, end in zip(points[:-1].tolist(), points[1:].tolist(), strict=True):
            kept = _clip(start, end, view)
            if piece and (kept is None or kept[0] != piece[-1]):
                yield kind, np.array(piece)
                piece = []
            if kept is not None:
                piece += kept if not piece else kept[1:]
        if piece:
            yield kind, np.array(piece)


def _clip(start: Sequence[float], end: Sequence[float], view: Rect) -> list[Point] | None:
    """Give the part of a straight line that lies in a box (Liang and Barsky, 1984)."""
    enter, leave = 0.0, 1.0
    for axis in (0, 1):
        way = end[axis] - start[axis]
        for sign, edge in ((-1, view[axis]), (1, view[axis + 2])):
            room, step = sign * (edge - start[axis]), sign * way
            if step == 0:
                if room < 0:
                    return None
            elif step < 0:
                enter = max(enter, room / step)
            else:
                leave = min(leave, room / step)
    if enter > leave:
        return None
    dx, dy = end[0] - start[0], end[1] - start[1]

    def at(part: float) -> Point:
        return (start[0] + dx * part, start[1] + dy * part)

    first = (start[0], start[1]) if enter == 0 else at(enter)
    return [first, (end[0], end[1]) if leave == 1 else at(leave)]


def coarsened(lines: list[Line], tolerance_mm: float, most: int) -> list[Line]:
    """Leave out points next to the one before, and then lines, until few enough are left.

    Takes time in proportion to the points, so that `thinned` need not look at all of them.

    Args:
        lines: of any length.
        tolerance_mm: how near is next; up to eight times as near when there are too many.
        most: points that are left at the most.
    """
    for factor in (1, 2, 4, 8):
        if _count(lines) <= most:
            return lines
        lines = [(kind, _spread(points, tolerance_mm * factor)) for kind, points in lines]
    return _largest(lines, most)


def thinned(lines: list[Line], tolerance_mm: float, most: int) -> list[Line]:
    """Leave out points that no eye misses; then, where there are too many, the smallest lines.

    Args:
        lines: of some ten thousand points together.
        tolerance_mm: how far a point left out may lie off the line.
        most: points that are left at the most.
    """
    for factor in (1, 3):
        lines = [(kind, _thin(points, tolerance_mm * factor)) for kind, points in lines]
        if _count(lines) <= most:
            return lines
    return _largest(lines, most)


def _count(lines: list[Line]) -> int:
    return sum(len(points) for _, points in lines)


def _spread(points: Points, tolerance_mm: float) -> Points:
    """Keep one point of each run within a square of the tolerance's size, and the ends."""
    if len(points) < 3:
        return points
    squares = np.floor(points / tolerance_mm)
    keep = np.ones(len(points), dtype=bool)
    keep[1:-1] = (squares[1:-1] != squares[:-2]).any(axis=1)
    return points[keep]


def _largest(lines: list[Line], most: int) -> list[Line]:
    """Keep the largest lines, in their order; one that is too long for all is cut to pieces."""
    if _count(lines) <= most:
        return lines
    step = max(1, most // 4)
    pieces = [
        (kind, points[at : at + step + 1])
        for kind, points in lines
        for at in range(0, max(1, len(points) - 1), step)
    ]
    sizes = np.array(
        [float((points.max(axis=0) - points.min(axis=0)).max()) for _, points in pieces]
    )
    order = np.argsort(-sizes, kind="stable")
    counts = np.cumsum([len(pieces[index][1]) for index in order.tolist()])
    return [pieces[index] for index in sorted(order[counts <= most].tolist())]


def _thin(points: Points, tolerance_mm: float) -> Points:
    """Keep the points that lie off the straight line between kept ones (Douglas and Peucker)."""
    if len(points) < 3:
        return points
    keep = np.zeros(len(points), dtype=bool)
    keep[0] = keep[-1] = True
    # Long lines go in pieces: the time grows with the square of a spiral's length.
    stops = [*range(0, len(points) - 1, 1000), len(points) - 1]
    pieces = list(pairwise(stops))
    while pieces:
        first, last = pieces.pop()
        keep[first] = keep[last] = True
        if last - first < 2:
            continue
        way = points[last] - points[first]
        offsets = points[first + 1 : last] - points[first]
        # Squared first: a way of 1e-189 mm has a length, but its square is zero.
        length_squared_mm2 = float(way @ way)
        if length_squared_mm2 > 0:
            along = np.clip(offsets @ way / length_squared_mm2, 0.0, 1.0)
            offsets = offsets - along[:, None] * way
        off = np.hypot(offsets[:, 0], offsets[:, 1])
        middle = int(off.argmax())
        if off[middle] > tolerance_mm:
            pieces += [(first, first + 1 + middle), (first + 1 + middle, last)]
    return points[keep]
