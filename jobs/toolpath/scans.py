"""Areas and pictures as rows of lines, engraved one after the other, back and forth.

Rows lie along X, the axis that lasers move fastest. A row is a run after a run of one power; with
power that follows the speed (`M4`), nothing burns in where the head turns.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fablab_hub.core.geometry import Box, Point
from fablab_hub.core.materials import OperationKind
from jobs.geometry.path import Path, points_of

Floats = NDArray[np.float64]

_OUTLINE_MM = 0.03
_MOST_ROWS = 20_000
_MOST_RUNS = 4_000_000
_SHORTEST_RUN_MM = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One row of a scan, in the direction in which it is done.

    Attributes:
        y_mm: where it lies.
        starts_mm, ends_mm: X where each run begins and ends.
        powers: of each run, 0..1 of the preset's power; what lies between runs stays dark.
    """

    y_mm: float
    starts_mm: Floats
    ends_mm: Floats
    powers: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """An area or a picture.

    Attributes:
        kind: `FILL` or `IMAGE`.
        rows: in the order in which they are done; never empty, and no row is.
    """

    kind: OperationKind
    rows: tuple[Row, ...]

    @property
    def start_mm(self) -> Point:
        """Where it begins."""
        return (float(self.rows[0].starts_mm[0]), self.rows[0].y_mm)

    @property
    def end_mm(self) -> Point:
        """Where it ends."""
        return (float(self.rows[-1].ends_mm[-1]), self.rows[-1].y_mm)

    @property
    def length_mm(self) -> float:
        """How far the head goes with the beam on."""
        return float(sum(np.abs(row.ends_mm - row.starts_mm).sum() for row in self.rows))

    @property
    def bounds_mm(self) -> Box:
        """The box around all runs."""
        xs = [(row.starts_mm.min(), row.ends_mm.min(), row.starts_mm.max(), row.ends_mm.max())
              for row in self.rows]  # fmt: skip
        left, right = min(min(x[:2]) for x in xs), max(max(x[2:]) for x in xs)
        ys = (self.rows[0].y_mm, self.rows[-1].y_mm)
        return Box((float(left), min(ys), 0.0), (float(right), max(ys), 0.0))


class TooManyRowsError(Exception):
    """An area needs more rows or runs than any laser would run."""


def fill(paths: Sequence[Path], line_mm: float) -> list[Scan]:
    """Fill the closed ones of some paths, even-odd: a shape in a shape is a hole.

    Shapes whose boxes touch are filled together, the others one after the other.

    Args:
        paths: bed coordinates; open ones are closed by a straight line.
        line_mm: from row to row.

    Raises:
        TooManyRowsError: the area is too large for such fine rows.
    """
    outlines = [np.array(points_of(path, _OUTLINE_MM)) for path in paths]
    outlines = [outline for outline in outlines if len(outline) > 2]
    scans: list[Scan] = []
    for cluster in _clusters(outlines):
        rows = tuple(_rows([outlines[index] for index in cluster], line_mm))
        if rows:
            scans.append(Scan(OperationKind.FILL, rows))
    return scans


def rows_of_pixels(
    powers: Floats, left_mm: float, top_mm: float, pixel_mm: float, line_mm: float
) -> Iterator[Row]:
    """Turn a picture into rows: from the bottom up, white left out, equal neighbours in one run.

    Args:
        powers: rows by columns, 0 (stays dark) to 1, the first row on top.
        left_mm: where its left edge lies on the bed.
        top_mm: where its upper edge lies.
        pixel_mm: width of a pixel.
        line_mm: its height.
    """
    count, is_forwards = 0, True
    for index in range(len(powers) - 1, -1, -1):
        line = powers[index]
        changes = np.flatnonzero(np.diff(line)) + 1
        starts = np.concatenate(([0], changes))
        ends = np.concatenate((changes, [len(line)]))
        values = line[starts]
        lit = values > 0
        if not lit.any():
            continue
        count += int(lit.sum())
        if count > _MOST_RUNS:
            raise TooManyRowsError
        y_mm = top_mm - (index + 0.5) * line_mm
        row = Row(
            y_mm, left_mm + starts[lit] * pixel_mm, left_mm + ends[lit] * pixel_mm, values[lit]
        )
        yield row if is_forwards else _turned(row)
        is_forwards = not is_forwards


def _turned(row: Row) -> Row:
    return Row(row.y_mm, row.ends_mm[::-1], row.starts_mm[::-1], row.powers[::-1])


def _rows(outlines: list[Floats], line_mm: float) -> Iterator[Row]:
    """Cut outlines by rows, and pair the cuts (even-odd)."""
    starts = np.concatenate(outlines)
    ends = np.concatenate([np.roll(outline, -1, axis=0) for outline in outlines])
    low, high = float(starts[:, 1].min()), float(starts[:, 1].max())
    count = int((high - low) / line_mm)
    if count > _MOST_ROWS:
        raise TooManyRowsError
    # Rows lie halfway, so that none runs along an edge.
    first = low + (high - low - (count - 1) * line_mm) / 2 if count else (low + high) / 2
    count = max(count, 1)
    rises = starts[:, 1] < ends[:, 1]
    lower = np.where(rises[:, None], starts, ends)
    upper = np.where(rises[:, None], ends, starts)
    from_row = np.ceil((lower[:, 1] - first) / line_mm).astype(np.int64).clip(0, count)
    to_row = np.ceil((upper[:, 1] - first) / line_mm).astype(np.int64).clip(0, count)
    crossings = to_row - from_row
    if int(crossings.sum()) > _MOST_RUNS:
        raise TooManyRowsError
    edge = np.repeat(np.arange(len(starts)), crossings)
    within = np.arange(len(edge)) - np.repeat(np.cumsum(crossings) - crossings, crossings)
    row = from_row[edge] + within
    y = first + row * line_mm
    rise = upper[edge] - lower[edge]
    x = lower[edge, 0] + (y - lower[edge, 1]) / rise[:, 1] * rise[:, 0]
    by_row = np.lexsort((x, row))
    row, x = row[by_row], x[by_row]
    bounds = np.searchsorted(row, np.arange(count + 1))
    is_forwards = True
    for index in range(count):
        cuts = x[bounds[index] : bounds[index + 1]]
        left, right = cuts[0 : len(cuts) // 2 * 2 : 2], cuts[1::2]
        keep = right - left > _SHORTEST_RUN_MM
        if not keep.any():
            continue
        done = Row(first + index * line_mm, left[keep], right[keep], np.ones(int(keep.sum())))
        yield done if is_forwards else _turned(done)
        is_forwards = not is_forwards


def _clusters(outlines: list[Floats]) -> list[list[int]]:
    """Group outlines whose boxes overlap, in the order of their first."""
    boxes = [(*outline.min(axis=0), *outline.max(axis=0)) for outline in outlines]
    root = list(range(len(boxes)))

    def find(at: int) -> int:
        while root[at] != at:
            root[at] = root[root[at]]
            at = root[at]
        return at

    by_left = sorted(range(len(boxes)), key=lambda index: boxes[index][0])
    open_: list[int] = []
    for index in by_left:
        left, low, _, high = boxes[index]
        open_ = [other for other in open_ if boxes[other][2] >= left]
        for other in open_:
            if boxes[other][1] <= high and boxes[other][3] >= low:
                root[find(index)] = find(other)
        open_.append(index)
    groups: dict[int, list[int]] = {}
    for index in range(len(boxes)):
        groups.setdefault(find(index), []).append(index)
    return list(groups.values())
