"""The marks of findings on a picture: a ring at each place, with the finding's number."""

import math
from collections.abc import Iterator, Mapping, Sequence

from fablab_hub.core.geometry import Point
from jobs.picture_inset import Inset, Rect
from jobs.picture_shapes import FONT, PAPER, RING, number_text
from jobs.report import Finding

PLACES_EACH = 3
"""A finding is marked at its first few places: more would hide the part."""

_MOST_RINGS = 40
_NUMBERS_IN_A_ROW = 8


def lines_to_mark(findings: Sequence[Finding]) -> frozenset[int]:
    """Give the lines of a program whose places are needed for its marks."""
    return frozenset(
        where.line
        for finding in findings
        for where in finding.where[:PLACES_EACH]
        if where.line is not None and where.at_mm is None
    )


def rings(
    findings: Sequence[Finding],
    spots_mm: Mapping[int, Point],
    depth: float,
    view: Rect,
    inset: Inset | None,
    px: float,
) -> Iterator[str]:
    """Mark the first few places of each finding; rings that meet have their numbers apart.

    Args:
        findings: numbered from 1, in their order.
        spots_mm: where the machine is at a line of a program, for findings that only name lines.
        depth: of the bed, in mm.
        view: what the picture shows; a place outside it is marked at its edge.
        inset: where the part is shown again, larger: its marks go there.
        px: millimetres of one pixel of a narrow screen.
    """
    radius = 9 * px
    drawn: list[tuple[int, Point]] = []
    for number, finding in enumerate(findings, 1):
        for x, y in _places(finding, spots_mm)[:PLACES_EACH]:
            at = (min(max(x, view[0]), view[2]), min(max(depth - y, view[1]), view[3]))
            if inset is not None and inset.holds(at):
                at = inset.shown_at(at)
            near = [other for other, spot in drawn if math.dist(spot, at) < 2 * radius]
            if number in near or len(drawn) >= _MOST_RINGS:
                continue
            drawn.append((number, at))
            yield _ring(number, at, radius, _corner(at, radius, view), len(near))


def _places(finding: Finding, spots_mm: Mapping[int, Point]) -> list[Point]:
    found = [
        where.at_mm if where.at_mm is not None or where.line is None else spots_mm.get(where.line)
        for where in finding.where
    ]
    return [spot for spot in found if spot is not None and all(map(math.isfinite, spot))]


def _corner(at: Point, radius: float, view: Rect) -> tuple[int, int]:
    """Choose the corner of a ring for its number: one that stays in the view."""

    def leaves(corner: tuple[int, int]) -> bool:
        x, y = at[0] + corner[0] * 2 * radius, at[1] + corner[1] * 2 * radius
        return not (view[0] <= x <= view[2] and view[1] <= y <= view[3])

    return min(((1, -1), (-1, -1), (1, 1), (-1, 1)), key=leaves)


def _ring(number: int, at: Point, radius: float, corner: tuple[int, int], turn: int) -> str:
    """Draw one ring, and its number beside the numbers of the rings that it meets."""
    across, down = corner
    row, place = divmod(turn, _NUMBERS_IN_A_ROW)
    x = at[0] + across * radius * (1.25 + 1.7 * place)
    y = at[1] + down * radius * (1.25 + 1.5 * row) + radius * 0.45
    return (
        f'<circle cx="{number_text(at[0])}" cy="{number_text(at[1])}" r="{number_text(radius)}" '
        f'fill="none" stroke="{RING}" stroke-width="2" vector-effect="non-scaling-stroke"/>'
        f'<text x="{number_text(x)}" y="{number_text(y)}" font-family="{FONT}" font-weight="700" '
        f'font-size="{number_text(radius * 1.4)}" text-anchor="middle" fill="{RING}" '
        f'stroke="{PAPER}" stroke-width="{number_text(radius * 0.3)}" paint-order="stroke">'
        f"{number}</text>"
    )
