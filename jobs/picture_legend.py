"""A picture with its legend below: what each kind of line means, and every remark by its number."""

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from xml.sax.saxutils import escape

from fablab_hub.core.i18n.words import N_, translate
from jobs.picture import FRAME_PEN, PENS
from jobs.picture_shapes import FONT, GROUND, INK, RING, number_text
from jobs.picture_trace import Trait

WIDTH_PX = 720
_MARGIN_PX = 16
_LINE_PX = 20
_SAMPLE_PX = 44
_INDENT_PX = 56
_LETTERS = 88
"""In one line of a remark: Atkinson Hyperlegible at 14 px is some 7 px a letter."""
_TEXT = "#1D2433"

WORDS: Mapping[str, str] = MappingProxyType(
    {
        Trait.TRAVEL: N_("The machine moves and makes nothing"),
        Trait.IMAGE: N_("Engrave a picture"),
        Trait.FILL: N_("Engrave an area"),
        Trait.ENGRAVE: N_("Engrave"),
        Trait.SCORE: N_("Score"),
        Trait.CUT: N_("Cut"),
        Trait.WAY: N_("The way that the beam goes"),
        Trait.WEAK: N_("Weak beam, up to a third"),
        Trait.MEDIUM: N_("Medium beam"),
        Trait.STRONG: N_("Strong beam"),
        Trait.FIRST_LAYER: N_("First layer"),
        Trait.PRINT: N_("Layers above"),
        "whole": N_("The room of all the work: only its beginning is drawn"),
    }
)
"""What each kind of stroke is called."""

_VIEW_BOX = re.compile(r'viewBox="([-\d.]+) ([-\d.]+) ([\d.]+) ([\d.]+)"')
_KIND = re.compile(r'data-kind="([a-z-]+)"')
_MARK = re.compile(r">(\d+)</text>")


def with_legend(picture: str, remarks: Sequence[str], language: str) -> str:
    """Put a picture's legend below it.

    Args:
        picture: what `draw_picture` made.
        remarks: the sentences of the findings, in their order: the first is number 1.
        language: of the reader.

    Returns:
        SVG of `WIDTH_PX` pixels, as tall as it needs.
    """
    _, _, width, height = map(float, _view_box(picture))
    inside_px = WIDTH_PX - 2 * _MARGIN_PX
    tall_px = inside_px * height / width
    rows: list[str] = []
    y = _MARGIN_PX + tall_px + _LINE_PX
    kinds = set(_KIND.findall(picture))
    for kind in WORDS:
        if kind in kinds:
            rows += _key(kind, y, language)
            y += _LINE_PX
    marked = {int(number) for number in _MARK.findall(picture)}
    for number, remark in enumerate(remarks, 1):
        lines = textwrap.wrap(remark, _LETTERS) or [""]
        y += _LINE_PX / 4
        rows += _remark(number, lines, y, is_marked=number in marked)
        y += _LINE_PX * len(lines)
    inner = picture.replace(
        '<svg xmlns="http://www.w3.org/2000/svg" role="img"',
        f'<svg x="{_MARGIN_PX}" y="{_MARGIN_PX}" width="{inside_px}" '
        f'height="{number_text(tall_px)}"',
        1,
    )
    bottom = number_text(y + _MARGIN_PX - _LINE_PX / 2)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{WIDTH_PX}" '
        f'height="{bottom}" viewBox="0 0 {WIDTH_PX} {bottom}">'
        f'<rect width="{WIDTH_PX}" height="{bottom}" fill="{GROUND}"/>'
        + inner.rstrip()
        + "".join(rows)
        + "</svg>\n"
    )


def mm_per_pixel(picture: str) -> float:
    """Give the millimetres of a picture that one pixel shows, once it has its legend."""
    return float(_view_box(picture)[2]) / (WIDTH_PX - 2 * _MARGIN_PX)


def _view_box(picture: str) -> tuple[str, ...]:
    found = _VIEW_BOX.search(picture)
    if found is None:
        raise ValueError("no picture of ours: it has no view box")
    return found.groups()


def _key(kind: str, y: float, language: str) -> Iterator[str]:
    """Show one kind of line, and say what it is."""
    pen = FRAME_PEN if kind == "whole" else PENS[kind]
    dashes = f' stroke-dasharray="{pen.dashes}"' if pen.dashes else ""
    yield (
        f'<path d="M{_MARGIN_PX} {number_text(y - 5)}h{_SAMPLE_PX}" fill="none" '
        f'stroke="{pen.colour}" stroke-width="{number_text(pen.width_px)}" '
        f'stroke-linecap="round"{dashes}/>'
    )
    yield _words(translate(WORDS[kind], language), y, INK)


def _remark(number: int, lines: Sequence[str], y: float, *, is_marked: bool) -> Iterator[str]:
    """Say one remark; its number has a ring where there are rings on the picture."""
    middle = _MARGIN_PX + _SAMPLE_PX / 2
    if is_marked:
        yield (
            f'<circle cx="{number_text(middle)}" cy="{number_text(y - 5)}" r="9" fill="none" '
            f'stroke="{RING}" stroke-width="2"/>'
        )
    yield (
        f'<text x="{number_text(middle)}" y="{number_text(y - 0.5)}" font-family="{FONT}" '
        f'font-weight="700" font-size="12" text-anchor="middle" fill="{RING}">{number}</text>'
    )
    for step, line in enumerate(lines):
        yield _words(line, y + step * _LINE_PX, _TEXT)


def _words(text: str, y: float, colour: str) -> str:
    return (
        f'<text x="{_MARGIN_PX + _INDENT_PX}" y="{number_text(y)}" font-family="{FONT}" '
        f'font-size="14" fill="{colour}">{escape(text)}</text>'
    )
