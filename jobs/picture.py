"""The picture of a part on the bed, seen from above: plain SVG that holds nothing but shapes.

Strokes come from a drawing or from a canonical program; both are thinned to what an eye can see,
so that the picture of the largest file stays small. What is done along a line shows in its colour,
and again in its width or its dashes, for eyes and printers without colours.
"""

import math
import zlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from fablab_hub.core.geometry import Box, Point
from fablab_hub.core.machines import Machine
from jobs.geometry.path import box_of, part_of, points_of
from jobs.picture_inset import (
    Inset,
    Line,
    Points,
    Rect,
    box_around,
    clipped,
    coarsened,
    inset_for,
    thinned,
    view_of,
)
from jobs.picture_marks import rings
from jobs.picture_shapes import (
    EDGE,
    FONT,
    GRID,
    INK,
    PAPER,
    PLATE,
    data_of,
    frame,
    ground,
    number_text,
    pair_text,
    path,
    shared_path,
)
from jobs.picture_trace import Stroke, Trait
from jobs.report import Finding
from jobs.toolpath.operations import Operation
from jobs.toolpath.plan import Step
from jobs.toolpath.scans import Scan

_LOOKED_AT_POINTS = 40_000
_DRAWN_POINTS = 20_000
_DRAWN_TRAVEL_POINTS = 2_000
"""How many points are looked at one by one, and drawn; each takes up to 20 bytes."""

_ROWS_SHOWN = 120
_STEPS_SHOWN = 5_000
_ARROWS = 40
_ARROW_MM = 3.0
_TRAVELS_SHOWN = 1_000
_NARROW_PX = 360
_FARTHEST_MM = 1e6
_NO_SPOTS: Mapping[int, Point] = MappingProxyType({})


class Pen(NamedTuple):
    """How one kind of stroke is drawn.

    Attributes:
        colour: `#RRGGBB`.
        width_px: on the screen, however large the picture is.
        dashes: lengths of dashes and gaps in px, for `stroke-dasharray`; empty for a whole line.
    """

    colour: str
    width_px: float
    dashes: str = ""


PENS: Mapping[str, Pen] = MappingProxyType(
    {
        Trait.TRAVEL: Pen("#7D8494", 0.8, "1 4"),
        Trait.FIRST_LAYER: Pen("#9CCBC9", 3.2),
        Trait.IMAGE: Pen("#B08A4A", 0.8),
        Trait.FILL: Pen("#B08A4A", 0.8),
        Trait.ENGRAVE: Pen("#8A5A00", 1.0),
        Trait.WEAK: Pen("#B9781A", 0.7),
        Trait.PRINT: Pen("#0A6C74", 0.6),
        Trait.SCORE: Pen("#0A6C74", 1.3),
        Trait.MEDIUM: Pen("#0A6C74", 1.4),
        Trait.CUT: Pen("#1D2433", 1.5),
        Trait.WAY: Pen("#E4572E", 1.2),
        Trait.STRONG: Pen("#1D2433", 2.2),
    }
)
"""By kind, in the order of drawing: what is cut lies on top. The stronger the beam, the darker:
where lines lie so close that they fill an area, their widths cannot be seen any more."""

FRAME_PEN = Pen("#7D8494", 1.2, "8 4")
"""Of the frame around all work, where only its beginning is drawn."""


def strokes_of(steps: Sequence[Step]) -> tuple[Stroke, ...]:
    """Give the strokes of a drawing that was laid on the bed, and the travels between them."""
    work: list[Stroke] = []
    for step in _largest(steps):
        if isinstance(step, Scan):
            work += _rows_shown(step)
        else:
            work.append(Stroke(str(step.kind), tuple(points_of(step.path))))
    every = max(1, len(steps) // _TRAVELS_SHOWN)
    ends = [(a.end_mm, b.start_mm) for a, b in list(pairwise(steps))[::every]]
    return (*(Stroke(Trait.TRAVEL, way) for way in ends if way[0] != way[1]), *work)


def ways_of(steps: Sequence[Step]) -> Iterator[Stroke]:
    """Give an arrow on each of the longest lines: which way the beam follows it."""
    lines = [step for step in steps if isinstance(step, Operation)]
    longest = sorted(lines, key=lambda each: -each.length_mm)[:_ARROWS]
    for each in longest:
        box = box_of(each.path)
        size_mm = min(_ARROW_MM, max(box[2] - box[0], box[3] - box[1]) / 5)
        first = each.path.segments[0]
        # Where arcs begin they point along themselves for a hair's breadth.
        tip = part_of(first, 0.0, 0.5).end_mm
        before = part_of(first, 0.0, 0.49).end_mm
        way = math.atan2(tip[1] - before[1], tip[0] - before[0])
        left, right = (
            (tip[0] - size_mm * math.cos(way + turn), tip[1] - size_mm * math.sin(way + turn))
            for turn in (0.45, -0.45)
        )
        yield Stroke(Trait.WAY, (left, tip, right))


def _largest(steps: Sequence[Step]) -> Sequence[Step]:
    """Leave out the smallest of very many: on a sheet so full they are dots at best."""
    if len(steps) <= _STEPS_SHOWN:
        return steps

    def size_mm(step: Step) -> float:
        if isinstance(step, Scan):
            return math.inf
        left, front, right, back = box_of(step.path)
        return max(right - left, back - front)

    sizes = [size_mm(step) for step in steps]
    least = sorted(sizes, reverse=True)[_STEPS_SHOWN]
    return [step for step, size in zip(steps, sizes, strict=True) if size > least]


def _rows_shown(scan: Scan) -> Iterator[Stroke]:
    """Give some of the rows of an area or a picture: as many as an eye tells apart."""
    every = max(1, len(scan.rows) // _ROWS_SHOWN)
    for row in scan.rows[::every]:
        runs = zip(row.starts_mm.tolist(), row.ends_mm.tolist(), row.powers.tolist(), strict=True)
        for start, end, power in runs:
            if power >= 0.4:
                yield Stroke(str(scan.kind), ((start, row.y_mm), (end, row.y_mm)))


def draw_picture(
    machine: Machine,
    strokes: Sequence[Stroke],
    findings: Sequence[Finding],
    spots_mm: Mapping[int, Point] = _NO_SPOTS,
    whole_mm: Box | None = None,
) -> str:
    """Draw a part on the bed of a machine, seen from above, y up as on the machine.

    Args:
        machine: whose bed it is.
        strokes: on the bed, or off it; what lies farther off than half a bed is cut away.
        findings: the places of each get rings with its number, counted from 1.
        spots_mm: where the machine is at a line of its program, for findings that name lines.
        whole_mm: the box around all work, where `strokes` are only its beginning; it is framed.

    Returns:
        SVG without scripts, styles or references to anything outside it; below 600 kB.
    """
    width, depth = machine.bed_mm[0], machine.bed_mm[1]
    corner = machine.corner_mm
    flipped = [(s.kind, _flip(s.points_mm, depth, corner)) for s in strokes if s.kind in PENS]
    lines = [(kind, points) for kind, points in flipped if len(points)]
    work = [line for line in lines if line[0] != Trait.TRAVEL]
    if whole_mm is not None:
        work.append(("whole", _flip(_corners(whole_mm), depth, corner)))
    bed = (0.0, 0.0, width, depth)
    part = box_around(work)
    view = view_of(bed, box_around([*lines, *work]))
    px = (view[2] - view[0]) / _NARROW_PX
    inset = inset_for(part, bed, 9 * px) if part else None
    fine = px / 4 / (inset.zoom if inset else 1.0)
    work = coarsened(work, fine, _LOOKED_AT_POINTS)
    drawn = thinned(list(clipped(work, view)), fine, _DRAWN_POINTS)
    travels = coarsened([line for line in lines if line[0] == Trait.TRAVEL], px, _LOOKED_AT_POINTS)
    travels = thinned(list(clipped(travels, view)), px / 4, _DRAWN_TRAVEL_POINTS)
    spots_mm = {line: (x - corner[0], y - corner[1]) for line, (x, y) in spots_mm.items()}
    marks = list(rings(findings, spots_mm, depth, view, inset, px))
    # Rings at the edge of the bed, where machines begin, are shown whole.
    pad = (11 if marks else 3) * px
    size = (view[2] - view[0] + 2 * pad, view[3] - view[1] + pad + 23 * px)
    box = (view[0] - pad, view[1] - pad, *size)
    body = [ground(box), *_bed(bed, px), *_travels(travels), *_part(drawn, inset, px)]
    body += [*marks, *_scale_bar(width, view, px)]
    view_box = " ".join(number_text(value) for value in box)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="{view_box}">'
        + "".join(body)
        + "</svg>\n"
    )


def _corners(box_mm: Box) -> tuple[Point, ...]:
    (left, front, _), (right, back, _) = box_mm.min_mm, box_mm.max_mm
    return ((left, front), (right, front), (right, back), (left, back), (left, front))


def _flip(points_mm: Sequence[Point], depth: float, corner: Point) -> Points:
    """Count from the bed's corner, and turn y over; places that are no numbers are left out."""
    points = np.array(points_mm, dtype=np.float64).reshape(-1, 2)
    points = points[np.isfinite(points).all(axis=1)].clip(-_FARTHEST_MM, _FARTHEST_MM)
    points[:, 0] -= corner[0]
    points[:, 1] = depth + corner[1] - points[:, 1]
    return points


def _bed(bed: Rect, px: float) -> Iterator[str]:
    width, depth = bed[2], bed[3]
    step = 100 if max(width, depth) > 300 else 50
    size = f'width="{number_text(width)}" height="{number_text(depth)}" rx="{number_text(3 * px)}"'
    yield f'<rect {size} fill="{PAPER}"/>'
    upright = [f"M{x} 0V{number_text(depth)}" for x in range(step, math.ceil(width), step)]
    level = [
        f"M0 {number_text(depth - y)}H{number_text(width)}"
        for y in range(step, math.ceil(depth), step)
    ]
    yield path("".join(upright + level), GRID, 1)
    yield (
        f'<rect {size} fill="none" stroke="{EDGE}" stroke-width="1.5" '
        'vector-effect="non-scaling-stroke"/>'
    )


def _travels(lines: list[Line]) -> Iterator[str]:
    """Draw the travels once: in an inset they would leave its frame."""
    data = "".join(data_of(points) for _, points in lines)
    if data:
        pen = PENS[Trait.TRAVEL]
        yield path(data, pen.colour, pen.width_px, _own(Trait.TRAVEL, pen))


def _part(lines: list[Line], inset: Inset | None, px: float) -> Iterator[str]:
    """Draw the work where it lies and, where that is small, again in an inset."""
    pens = [("whole", FRAME_PEN), *PENS.items()]
    kinds = [
        (kind, pen, data)
        for kind, pen in pens
        if (data := "".join(data_of(points) for each, points in lines if each == kind))
    ]
    if inset is None or not kinds:
        for kind, pen, data in kinds:
            yield path(data, pen.colour, pen.width_px, _own(kind, pen))
        return
    # The name differs from picture to picture: a page may hold several.
    name = f"part-{zlib.crc32(''.join(data for _, _, data in kinds).encode()):08x}"
    leaders = "".join(f"M{pair_text(start)}L{pair_text(end)}" for start, end in inset.leaders())
    yield frame(inset.part, 1.5 * px, "none")
    yield path(leaders, EDGE, 1)
    yield frame(inset.frame, 3 * px, PLATE)
    x, y = inset.shift
    again = f'transform="translate({x:.3f} {y:.3f}) scale({inset.zoom:.4f})"'
    for kind, pen, data in kinds:
        lines_of_kind = shared_path(f"{name}-{kind}", data, pen.colour, _own(kind, pen))
        width = f'stroke-width="{number_text(pen.width_px)}"'
        yield f"<g {width}>{lines_of_kind}</g>"
        yield f'<use href="#{name}-{kind}" {width} {again}/>'


def _own(kind: str, pen: Pen) -> str:
    """Write what a kind of stroke has beside its colour and its width."""
    dashes = f' stroke-dasharray="{pen.dashes}"' if pen.dashes else ""
    return f'{dashes} data-kind="{kind}"'


def _scale_bar(width: float, view: Rect, px: float) -> Iterator[str]:
    length, words = (100, "10 cm") if width >= 120 else (10, "1 cm")
    y = view[3] + 13 * px
    left = view[0] + 2 * px
    tick = 3 * px
    bar = (
        f"M{pair_text((left, y - tick))}v{number_text(2 * tick)}m0 {number_text(-tick)}h{length}"
        f"m0 {number_text(-tick)}v{number_text(2 * tick)}"
    )
    yield path(bar, INK, 1.5)
    yield (
        f'<text x="{number_text(left + length + 5 * px)}" y="{number_text(y + 4 * px)}" '
        f'font-family="{FONT}" font-size="{number_text(11 * px)}" fill="{INK}">{words}</text>'
    )
