"""Where the letters of an SVG's text stand: `x`, `y`, `dx`, `dy` and anchors, span after span.

Letters on a path stand as `svg_text_path` says. Turned letters and boxes that wrap their text are
not laid out.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from fablab_hub.core.geometry import Point
from jobs.geometry.letters import outline_of
from jobs.geometry.svg_looks import Look
from jobs.geometry.svg_text_path import Letter, Way, stood_on
from jobs.geometry.svg_tree import SvgTree, href_of

_DEFAULT_SIZE = 16.0
_NAMED_SIZES = {"small": 13.0, "medium": 16.0, "large": 18.0, "x-large": 24.0}
_DEEPEST = 8
_SPACES = re.compile(r"\s+")


@dataclass(slots=True)
class _Pen:
    """Where the next letter stands."""

    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True, slots=True)
class TextPage:
    """What a text is laid out with.

    Attributes:
        tree: that it stands in.
        length: reads a length in pixels; of a share, that of its second argument.
        way: gives the path that an id names, in the text's own coordinates.
        tolerance: of curves.
    """

    tree: SvgTree
    length: Callable[[str, float], float]
    way: Callable[[str], Way | None]
    tolerance: float


def text_edges(element: ET.Element, page: TextPage, look: Look) -> Iterator[list[Point]]:
    """Give the closed edges of a text's letters, in the element's own coordinates.

    Args:
        element: a `text`.
        page: what it is laid out with.
        look: the element's own.
    """
    yield from _spans(element, page, look, _Pen(), 0)


def _spans(
    element: ET.Element, page: TextPage, look: Look, pen: _Pen, depth: int
) -> Iterator[list[Point]]:
    own = page.tree.style_of(element)
    if own.get("x"):
        pen.x = _first(own, "x", page)
    if own.get("y"):
        pen.y = _first(own, "y", page)
    pen.x += _first(own, "dx", page)
    pen.y += _first(own, "dy", page)
    yield from _run(element.text or "", page, look, pen)
    for child in element:
        tag = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if tag in ("tspan", "a", "textPath") and depth < _DEEPEST:
            inner = look.inside(page.tree.style_of(child), None)
            if tag == "textPath":
                yield from _on_path(child, page, inner)
            else:
                yield from _spans(child, page, inner, pen, depth + 1)
        yield from _run(child.tail or "", page, look, pen)


def _on_path(element: ET.Element, page: TextPage, look: Look) -> Iterator[list[Point]]:
    """Stand the letters of a `textPath` on what it names; on nothing where that is not there."""
    way = page.way(href_of(element).removeprefix("#"))
    letters = _trimmed(list(_letters(element, page, look, 0.0, 0)))
    if way is None or not letters:
        return
    own = page.tree.style_of(element)
    if own.get("side", "").strip() == "right":
        way = way.reversed()
    start = page.length(own.get("startOffset", ""), way.length)
    yield from stood_on(letters, way, start, _share(look), page.tolerance)


def _letters(
    element: ET.Element, page: TextPage, look: Look, shift: float, depth: int
) -> Iterator[Letter]:
    """Give the letters of an element and its spans; white space between them is one space."""
    shift -= _first(page.tree.style_of(element), "dy", page)
    yield from _cut(element.text or "", page, look, shift)
    for child in element:
        if isinstance(child.tag, str) and depth < _DEEPEST:
            inner = look.inside(page.tree.style_of(child), None)
            yield from _letters(child, page, inner, shift, depth + 1)
        yield from _cut(child.tail or "", page, look, shift)


def _cut(text: str, page: TextPage, look: Look, shift: float) -> Iterator[Letter]:
    size, is_bold = _font_of(look, page)
    spacing = page.length(look.properties.get("letter-spacing", ""), size)
    for letter in _SPACES.sub(" ", text):
        yield Letter(letter, size, is_bold, spacing, shift)


def _trimmed(letters: list[Letter]) -> list[Letter]:
    """Leave out the spaces before the first letter and after the last one."""
    seen = [number for number, letter in enumerate(letters) if letter.text != " "]
    return letters[seen[0] : seen[-1] + 1] if seen else []


def _run(text: str, page: TextPage, look: Look, pen: _Pen) -> Iterator[list[Point]]:
    words = " ".join(text.split())
    if not words:
        return
    size, is_bold = _font_of(look, page)
    outline = outline_of(words, size, page.tolerance, is_bold=is_bold)
    left = pen.x - _share(look) * outline.width
    for edge in outline.edges:
        yield [(left + x, pen.y - y) for x, y in edge]
    pen.x = left + outline.width


def _font_of(look: Look, page: TextPage) -> tuple[float, bool]:
    """Give the size of the font, and whether it is bold."""
    size_text = look.properties.get("font-size", "")
    size = _NAMED_SIZES.get(size_text) or page.length(size_text, _DEFAULT_SIZE) or _DEFAULT_SIZE
    weight = look.properties.get("font-weight", "")
    return size, weight in ("bold", "bolder") or (weight.isdigit() and int(weight) >= 600)


def _share(look: Look) -> float:
    """Give how much of a text lies before its anchor."""
    return {"middle": 0.5, "end": 1.0}.get(look.properties.get("text-anchor", ""), 0.0)


def _first(own: Mapping[str, str], name: str, page: TextPage) -> float:
    """Read the first of a list of lengths; 0 where there is none."""
    words = own.get(name, "").replace(",", " ").split()
    return page.length(words[0], 0.0) if words else 0.0
