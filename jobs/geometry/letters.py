"""Texts to outlines, in the lab's own letters: the ones of their author are rarely at hand.

A text is drawn glyph after glyph from left to right, without kerning or ligatures.
"""

import functools
import math
from dataclasses import dataclass
from typing import Any

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

from fablab_hub.core.fonts import FONTS
from fablab_hub.core.geometry import Point
from jobs.geometry.bezier import bezier_points

_PLAIN, _BOLD = "AtkinsonHyperlegible_400Regular.ttf", "AtkinsonHyperlegible_700Bold.ttf"
_MOST_LETTERS = 2_000
"""Of one text: more is no sign on a box."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A text's edges, where its first letter stands at the origin; y upwards.

    Attributes:
        width: to where the next letter would stand.
        edges: closed corners, the first not repeated.
    """

    width: float
    edges: list[list[Point]]


def outline_of(text: str, size: float, tolerance: float, *, is_bold: bool = False) -> Outline:
    """Draw one line of text.

    Args:
        text: letters that the font does not have are left out.
        size: height of the font (its em).
        tolerance: how far edges may be from the true curves, in the unit of `size`.
        is_bold: heavier letters.
        is_bold: heavier letters.
    """
    font = _font(_BOLD if is_bold else _PLAIN)
    if font is None:
        return Outline(0.0, [])
    scale = size / font.em
    # Sizes that are nearly alike share their edges: by halves of the tolerance.
    fineness = math.floor(math.log2(max(tolerance / scale, 1e-3)))
    x = 0.0
    edges: list[list[Point]] = []
    for letter in text[:_MOST_LETTERS]:
        name = font.names.get(ord(letter))
        if name is None:
            continue
        width, glyph_edges = _glyph(_BOLD if is_bold else _PLAIN, name, fineness)
        edges += [[(x + u * scale, v * scale) for u, v in edge] for edge in glyph_edges]
        x += width * scale
    return Outline(x, edges)


def cap_height(size: float) -> float:
    """Give the height of capital letters of a font size."""
    font = _font(_PLAIN)
    return size * font.cap_height / font.em if font else size * 0.67


@functools.lru_cache(maxsize=4096)
def _glyph(font_name: str, name: str, fineness: int) -> tuple[float, list[list[Point]]]:
    """Give the width of a glyph and its edges, in units of the font, within 2 ** fineness."""
    font = _font(font_name)
    if font is None:  # pragma: no cover - asked only of a font that is there
        return 0.0, []
    pen = _EdgePen(font.glyphs, 2.0**fineness)
    glyph = font.glyphs[name]
    glyph.draw(pen)
    return float(glyph.width), pen.edges


@dataclass(frozen=True, slots=True)
class _Font:
    em: float
    cap_height: float
    names: dict[int, str]
    glyphs: Any


@functools.cache
def _font(name: str) -> _Font | None:
    """Open one of the lab's fonts; None where they were not installed."""
    path = FONTS / name
    if not path.is_file():
        return None
    font = TTFont(path, lazy=True)
    height = float(getattr(font["OS/2"], "sCapHeight", 0)) or 0.7 * font["head"].unitsPerEm
    return _Font(font["head"].unitsPerEm, height, font.getBestCmap(), font.getGlyphSet())


class _EdgePen(BasePen):  # type: ignore[misc]
    """Follows the edges of a glyph; curves become points."""

    def __init__(self, glyphs: Any, tolerance: float) -> None:
        super().__init__(glyphs)
        self.edges: list[list[Point]] = []
        self._tolerance = tolerance

    def _moveTo(self, at: Point) -> None:  # noqa: N802 - the pen's own names
        self.edges.append([at])

    def _lineTo(self, to: Point) -> None:  # noqa: N802
        self.edges[-1].append(to)

    def _qCurveToOne(self, control: Point, to: Point) -> None:  # noqa: N802
        self.edges[-1] += bezier_points([self._getCurrentPoint(), control, to], self._tolerance)

    def _curveToOne(self, first: Point, second: Point, to: Point) -> None:  # noqa: N802
        corners = [self._getCurrentPoint(), first, second, to]
        self.edges[-1] += bezier_points(corners, self._tolerance)
