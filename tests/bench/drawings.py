"""Drawings of sheets to cut: small contours, parts with holes in them, and open lines."""

import math
import random
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_CELL_MM = 600 / math.sqrt(2000)
"""The side of the square that a path has for itself, on average."""


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """A path of a drawing.

    Attributes:
        points: n by 2, in mm; a closed one does not come back to its first.
        is_closed: whether it ends where it begins.
        holders: numbers of the paths around it.
    """

    points: Floats
    is_closed: bool
    holders: tuple[int, ...] = ()


def cut_drawing(paths: int, seed: int = 1) -> list[Outline]:
    """Draw a square sheet: of four paths one is a line, one a small contour, one a hole in a part.

    All lie as they fall, in no order; some cross each other.
    """
    draw = random.Random(seed)
    side_mm = _CELL_MM * math.sqrt(paths)
    made: list[tuple[Floats, bool, int | None]] = []
    while len(made) < paths:
        middle = (draw.uniform(0, side_mm), draw.uniform(0, side_mm))
        kind = draw.random()
        if kind < 1 / 3:
            made.append((_line(draw, middle), False, None))
        elif kind < 5 / 6:
            made.append((_ring(draw, middle, draw.uniform(0.5, 5)), True, None))
        else:
            holes = min(draw.choice((1, 1, 2, 4)), paths - len(made) - 1)
            _add_part(draw, made, middle, holes)
    numbers = list(range(paths))
    draw.shuffle(numbers)
    place = {number: at for at, number in enumerate(numbers)}
    return [
        Outline(points, is_closed, () if part is None else (place[part],))
        for points, is_closed, part in (made[number] for number in numbers)
    ]


def _add_part(
    draw: random.Random,
    made: list[tuple[Floats, bool, int | None]],
    middle: tuple[float, float],
    holes: int,
) -> None:
    """Add a part with holes side by side inside it."""
    part = len(made)
    radius_mm = draw.uniform(6, 16)
    made.append((_ring(draw, middle, radius_mm), True, None))
    first = draw.uniform(0, 2 * math.pi)
    for hole in range(holes):
        angle = first + hole * 2 * math.pi / holes
        away = 0.0 if holes == 1 else radius_mm * 0.4
        at = (middle[0] + away * math.cos(angle), middle[1] + away * math.sin(angle))
        made.append((_ring(draw, at, radius_mm * draw.uniform(0.1, 0.2)), True, part))


def _ring(draw: random.Random, middle: tuple[float, float], radius_mm: float) -> Floats:
    """Make a closed path: a circle in short lines, or a polygon of few corners."""
    corners = draw.choice((4, 4, 6, 8, 16, 32, 64))
    angles = draw.uniform(0, 2 * math.pi) + np.arange(corners) * (2 * math.pi / corners)
    return np.array(middle) + radius_mm * np.stack((np.cos(angles), np.sin(angles)), axis=1)


def _line(draw: random.Random, start: tuple[float, float]) -> Floats:
    """Make an open path: one to eight straight lines, turning a little."""
    at, angle = np.array(start), draw.uniform(0, 2 * math.pi)
    points = [at]
    for _ in range(draw.randint(1, 8)):
        step_mm = draw.uniform(1, 6)
        at = at + step_mm * np.array((math.cos(angle), math.sin(angle)))
        points.append(at)
        angle += draw.uniform(-0.6, 0.6)
    return np.array(points)


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """Paths as the kernel takes them.

    Attributes:
        points: of all paths, in mm: both ends of an open one, all vertices of a closed one.
        first: where the points of each path begin; one more at the end.
        is_closed: 1 or 0 for each.
        shape: the number of the shape to which each belongs.
        holders: for each shape those around it.
        start_mm: where the head is at first.
    """

    points: Floats
    first: NDArray[np.int32]
    is_closed: NDArray[np.uint8]
    shape: NDArray[np.int32]
    holders: list[list[int]]
    start_mm: tuple[float, float] = (0.0, 0.0)

    def arrays(self) -> tuple[Any, ...]:
        """Give what `best_order` is called with, but for the kicks."""
        holder_first = np.cumsum([0, *map(len, self.holders)]).astype(np.int32)
        holders = np.array([each for own in self.holders for each in own], dtype=np.int32)
        return (self.points, self.first, self.is_closed, self.shape, holder_first, holders,
                *self.start_mm)  # fmt: skip


def paths_of(drawing: list[Outline], *, is_inside_first: bool) -> Paths:
    """Prepare a drawing for the kernel; every path is a shape of its own."""
    points = [each.points if each.is_closed else each.points[[0, -1]] for each in drawing]
    return Paths(
        points=np.concatenate(points),
        first=np.cumsum([0, *map(len, points)]).astype(np.int32),
        is_closed=np.array([each.is_closed for each in drawing], dtype=np.uint8),
        shape=np.arange(len(drawing), dtype=np.int32),
        holders=[list(each.holders) if is_inside_first else [] for each in drawing],
    )


def travel_mm(paths: Paths, order: NDArray[np.int32], begins: NDArray[np.int32]) -> float:
    """Measure how far the head goes between paths, from its start on."""
    starts = paths.first[order] + begins
    ends = np.where(paths.is_closed[order] == 1, starts, paths.first[order] + 1 - begins)
    return way_mm(paths.start_mm, paths.points[starts], paths.points[ends])


def way_mm(start_mm: tuple[float, float], starts: Floats, ends: Floats) -> float:
    """Measure from the start to the first path, and from each one's end to the next."""
    left = np.concatenate((np.array([start_mm]), ends))[:-1]
    return float(np.hypot(*(starts - left).T).sum())
