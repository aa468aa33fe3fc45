"""Letters along a path: each stands with its middle on it, turned as the path runs there.

Source: SVG 2, section 11.8.3 (text on a path). Letters whose middle falls beyond an end of the path
are not shown, on closed ones neither: so browsers do, and authors see it.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from fablab_hub.core.geometry import Point
from jobs.geometry.letters import outline_of


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter of a text on a path.

    Attributes:
        size: height of its font, in the text's own unit.
        spacing: added between it and the next.
        shift: away from the path, to the left of its way (`dy` of spans, summed up, turned over).
    """

    text: str
    size: float
    is_bold: bool
    spacing: float = 0.0
    shift: float = 0.0


@dataclass(frozen=True, slots=True)
class Way:
    """A path that letters follow, as straight pieces; y grows downwards, as in SVG."""

    points: Sequence[Point]

    @property
    def length(self) -> float:
        """How long it is."""
        return sum(math.dist(a, b) for a, b in pairwise(self.points))

    def reversed(self) -> "Way":
        """Give the same path from its end: its other side is up."""
        return Way(self.points[::-1])


def stood_on(
    letters: Sequence[Letter], way: Way, start: float, share: float, tolerance: float
) -> Iterator[list[Point]]:
    """Give the closed edges of letters that stand on a path.

    Args:
        letters: in reading order.
        way: what they stand on.
        start: how far along it the text is anchored.
        share: of the text that lies before the anchor: 0, 0.5 or 1.
        tolerance: of curves.
    """
    outlines = [
        outline_of(each.text, each.size, tolerance, is_bold=each.is_bold) for each in letters
    ]
    widths = [outline.width + each.spacing for outline, each in zip(outlines, letters, strict=True)]
    starts = accumulate(widths, initial=start - share * sum(widths))
    along = list(accumulate((math.dist(a, b) for a, b in pairwise(way.points)), initial=0.0))
    for letter, outline, at in zip(letters, outlines, starts, strict=False):
        half = outline.width / 2
        spot = _spot(way.points, along, at + half)
        if spot is None:
            continue
        (x0, y0), angle_rad = spot
        cos, sin = math.cos(angle_rad), math.sin(angle_rad)
        for edge in outline.edges:
            yield [
                (
                    x0 + (x - half) * cos + (y + letter.shift) * sin,
                    y0 + (x - half) * sin - (y + letter.shift) * cos,
                )
                for x, y in edge
            ]


def _spot(points: Sequence[Point], along: Sequence[float], at: float) -> tuple[Point, float] | None:
    """Give a place on a path and the way that it runs there; None beyond its ends."""
    if not 0 <= at <= along[-1]:
        return None
    number = 0
    while number < len(along) - 2 and along[number + 1] < at:
        number += 1
    (x0, y0), (x1, y1) = points[number], points[number + 1]
    length = along[number + 1] - along[number]
    part = (at - along[number]) / length if length else 0.0
    return (x0 + (x1 - x0) * part, y0 + (y1 - y0) * part), math.atan2(y1 - y0, x1 - x0)
