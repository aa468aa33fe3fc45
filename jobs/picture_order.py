"""In which order a machine will work: a film of the beam that draws, or a still with its times.

Both follow the checked program, at the times that the check estimated. A film is SVG that moves by
itself (SMIL), so that it also plays where no script may run.
"""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from fablab_hub.core.geometry import Point
from fablab_hub.core.programs import Mark
from jobs.picture import PENS
from jobs.picture_inset import Line, Points, Rect, box_around, thinned
from jobs.picture_shapes import FONT, INK, PAPER, data_of, ground, number_text, pair_text, path
from jobs.picture_trace import Stroke, Trait

_FILM_S = 15.0
"""How long a film plays, however long the work takes."""

_SCENES = 75
_HEAD_PLACES = 300
_STOPS = 8
_WIDE_PX = 360
_POINTS = 12_000
_PALE, _HEAD = "#CFC6B0", "#E4572E"


class Timed(NamedTuple):
    """A stroke, and from when to when it is drawn; y downwards."""

    kind: str
    points: Points
    start_s: float
    end_s: float


def draw_order(strokes: Sequence[Stroke], marks: Sequence[Mark], *, is_moving: bool) -> str | None:
    """Draw in which order a program works.

    Args:
        strokes: of a program, in its order, with their lines.
        marks: of its report, see `core.programs.Mark`.
        is_moving: a film; otherwise a still with places of the head and their times.

    Returns:
        SVG without scripts or styles; None where there is nothing to draw.
    """
    timed = list(_timed(strokes, marks))
    box = box_around([(each.kind, each.points) for each in timed if each.kind != Trait.TRAVEL])
    if box is None:
        return None
    view, px = _view(box)
    end_s = max(each.end_s for each in timed)
    body = [ground((*view[:2], *_size(view))), *_pale(timed, px)]
    if is_moving:
        body += [*_scenes(timed, end_s, px), *_head(timed, end_s, px)]
        body += _clock(view, end_s, px)
    else:
        body += [*_whole(timed, px), *_stops(timed, end_s, px)]
    view_box = " ".join(number_text(value) for value in (*view[:2], *_size(view)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="{view_box}">'
        + "".join(body)
        + "</svg>\n"
    )


def clock_text(seconds: float) -> str:
    """Write a time as a clock does that counts from zero: `1:05`, `2:00:10`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _timed(strokes: Sequence[Stroke], marks: Sequence[Mark]) -> Iterator[Timed]:
    """Give each stroke its time: by its lines between two marks, by its length without marks."""
    lines = [mark.line for mark in marks]
    seconds = [mark.after_s for mark in marks]
    gone_mm = 0.0
    for stroke in strokes:
        points = np.array(stroke.points_mm, dtype=np.float64).reshape(-1, 2) * (1.0, -1.0)
        if not np.isfinite(points).all():
            continue
        first, last = stroke.lines
        start, end = gone_mm, gone_mm + float(np.hypot(*np.diff(points, axis=0).T).sum())
        gone_mm = end
        if len(marks) > 1:
            start, end = np.interp((first, last), lines, seconds).tolist()
        yield Timed(stroke.kind, points, start, end)


def _view(box: Rect) -> tuple[Rect, float]:
    """Give what is shown, with a margin and room for the clock, and the mm of one pixel."""
    width = max(box[2] - box[0], (box[3] - box[1]) / 2, 1.0)
    px = width / (_WIDE_PX - 40)
    left = (box[0] + box[2] - width) / 2
    return (left - 20 * px, box[1] - 20 * px, left + width + 20 * px, box[3] + 44 * px), px


def _size(view: Rect) -> Point:
    return (view[2] - view[0], view[3] - view[1])


def _lines(pieces: Sequence[Timed], px: float, most: int = _POINTS) -> list[Line]:
    return thinned([(piece.kind, piece.points) for piece in pieces], px / 3, most)


def _pale(timed: Sequence[Timed], px: float) -> Iterator[str]:
    """Draw all the work faintly, so that one sees what is still to come."""
    work = [each for each in timed if each.kind != Trait.TRAVEL]
    yield path("".join(data_of(points) for _, points in _lines(work, px)), _PALE, 1)


def _whole(timed: Sequence[Timed], px: float) -> Iterator[str]:
    for kind, pen in PENS.items():
        lines = _lines([each for each in timed if each.kind == kind], px)
        if lines:
            dashes = f' stroke-dasharray="{pen.dashes}"' if pen.dashes else ""
            data = "".join(data_of(points) for _, points in lines)
            yield path(data, pen.colour, pen.width_px, dashes)


def _scenes(timed: Sequence[Timed], end_s: float, px: float) -> Iterator[str]:
    """Draw what is done in each part of the time, hidden until the film comes to it."""
    work = [each for each in timed if each.kind != Trait.TRAVEL]
    step_s = end_s / _SCENES or 1.0
    scenes: list[list[Timed]] = [[] for _ in range(_SCENES)]
    for each in work:
        for number in range(_scene_of(each.start_s, step_s), _scene_of(each.end_s, step_s) + 1):
            piece = _between(each, number * step_s, (number + 1) * step_s)
            if piece is not None:
                scenes[number].append(piece)
    most = max(2, _POINTS // _SCENES)
    for number, pieces in enumerate(scenes):
        begin = number_text((number + 1) * _FILM_S / _SCENES)
        appear = f'<set attributeName="opacity" to="1" begin="{begin}s" fill="freeze"/>'
        for kind in dict.fromkeys(piece.kind for piece in pieces):
            pen = PENS[kind]
            own = [piece for piece in pieces if piece.kind == kind]
            data = "".join(data_of(points) for _, points in _lines(own, px, most))
            yield (
                f'<path d="{data}" fill="none" stroke="{pen.colour}" opacity="0" '
                f'stroke-width="{number_text(pen.width_px)}" stroke-linecap="round" '
                f'vector-effect="non-scaling-stroke">{appear}</path>'
            )


def _scene_of(at_s: float, step_s: float) -> int:
    return min(max(int(at_s / step_s), 0), _SCENES - 1)


def _between(each: Timed, from_s: float, to_s: float) -> Timed | None:
    """Cut out what is drawn of a stroke in some part of the time; the last part is the rest."""
    length_s = each.end_s - each.start_s
    if length_s <= 0:
        return each
    first = max(0.0, (from_s - each.start_s) / length_s)
    last = min(1.0, (to_s - each.start_s) / length_s)
    if first >= 1.0 or last <= 0.0 or first >= last:
        return None
    along = _along(each.points)
    whole_mm = along[-1]
    inside = each.points[(along > first * whole_mm) & (along < last * whole_mm)]
    ends = [_at(each.points, along, share * whole_mm) for share in (first, last)]
    return each._replace(points=np.vstack([ends[0], inside, ends[1]]))


def _along(points: Points) -> Points:
    """Give how far along a line each of its points lies."""
    steps = np.hypot(*np.diff(points, axis=0).T)
    return np.concatenate([[0.0], np.cumsum(steps)])


def _at(points: Points, along: Points, length_mm: float) -> Points:
    return np.array([np.interp(length_mm, along, points[:, axis]) for axis in (0, 1)])


def _places(timed: Sequence[Timed], times_s: Sequence[float]) -> Iterator[Points]:
    """Give where the head is at some times, which grow."""
    number, along = 0, _along(timed[0].points)
    for at_s in times_s:
        while number < len(timed) - 1 and timed[number].end_s < at_s:
            number += 1
            along = _along(timed[number].points)
        each = timed[number]
        length_s = each.end_s - each.start_s
        share = min(max((at_s - each.start_s) / length_s, 0.0), 1.0) if length_s > 0 else 1.0
        yield _at(each.points, along, share * along[-1])


def _head(timed: Sequence[Timed], end_s: float, px: float) -> Iterator[str]:
    times = [end_s * step / _HEAD_PLACES for step in range(_HEAD_PLACES + 1)]
    places = list(_places(timed, times))
    moves = "".join(
        f'<animate attributeName="{name}" dur="{_FILM_S:.0f}s" fill="freeze" '
        f'values="{";".join(number_text(place[axis]) for place in places)}"/>'
        for axis, name in enumerate(("cx", "cy"))
    )
    x, y = (number_text(value) for value in places[0])
    yield f'<circle cx="{x}" cy="{y}" r="{number_text(5 * px)}" fill="{_HEAD}">{moves}</circle>'


def _clock(view: Rect, end_s: float, px: float) -> Iterator[str]:
    """Show how late it is in the work, below the picture."""
    for number in range(_SCENES + 1):
        begin, step = number * _FILM_S / _SCENES, _FILM_S / _SCENES
        last = 'fill="freeze"' if number == _SCENES else f'dur="{number_text(step)}s"'
        words = clock_text(end_s * number / _SCENES)
        yield (
            f"{_words((view[0] + 20 * px, view[3] - 14 * px), words, px, 'hidden')}"
            f'<set attributeName="visibility" to="visible" begin="{number_text(begin)}s" {last}/>'
            "</text>"
        )
    whole = f"/ {clock_text(end_s)}"
    yield _words((view[0] + 100 * px, view[3] - 14 * px), whole, px) + "</text>"


def _stops(timed: Sequence[Timed], end_s: float, px: float) -> Iterator[str]:
    """Mark where the head is after each part of the time; marks that would meet are left out."""
    right = max(float(each.points[:, 0].max()) for each in timed)
    times = [end_s * step / _STOPS for step in range(_STOPS + 1)]
    shown: list[Points] = []
    for place, at_s in zip(_places(timed, times), times, strict=True):
        if any(math.dist(place, other) < 40 * px for other in shown):
            continue
        shown.append(place)
        x, y = number_text(place[0]), number_text(place[1])
        yield f'<circle cx="{x}" cy="{y}" r="{number_text(4 * px)}" fill="{_HEAD}"/>'
        words = clock_text(at_s)
        wide = (8 * len(words) + 6) * px
        fits = place[0] + 6 * px + wide < right + 20 * px
        left, top = place[0] + (6 * px if fits else -6 * px - wide), place[1] - 12 * px
        yield (
            f'<rect x="{number_text(left)}" y="{number_text(top)}" rx="{number_text(3 * px)}" '
            f'width="{number_text(wide)}" height="{number_text(17 * px)}" '
            f'fill="{PAPER}"/>'
        )
        yield _words((left + 3 * px, top + 13 * px), words, px) + "</text>"


def _words(at: Sequence[float], words: str, px: float, visibility: str = "") -> str:
    """Begin a text, which the caller ends."""
    x, y = pair_text(at).split()
    hidden = f' visibility="{visibility}"' if visibility else ""
    return (
        f'<text x="{x}" y="{y}" font-family="{FONT}" font-size="{number_text(14 * px)}" '
        f'font-weight="700" fill="{INK}"{hidden}>{words}'
    )
