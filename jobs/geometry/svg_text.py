"""Where the letters of an SVG's text stand: `x`, `y`, `dx`, `dy` and anchors, span after span.

Letters on a path, turned letters and boxes that wrap their text are not laid out.
"""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fablab_hub.core.geometry import Point
from jobs.geometry.letters import outline_of
from jobs.geometry.svg_looks import Look
from jobs.geometry.svg_tree import SvgTree

_DEFAULT_SIZE = 16.0
_NAMED_SIZES = {"small": 13.0, "medium": 16.0, "large": 18.0, "x-large": 24.0}
_DEEPEST = 8


@dataclass(slots=True)
class _Pen:
    """Where the next letter stands."""

    x: float = 0.0
    y: float = 0.0


def text_edges(
    element: ET.Element,
    tree: SvgTree,
    look: Look,
    length: Callable[[str, float], float],
    tolerance: float,
) -> Iterator[list[Point]]:
    """Give the closed edges of a text's letters, in the element's own coordinates.

    Args:
        element: a `text`.
        tree: that it stands in.
        look: the element's own.
        length: reads a length in pixels.
        tolerance: of curves.
    """
    yield from _spans(element, tree, look, length, tolerance, _Pen(), 0)


def _spans(
    element: ET.Element,
    tree: SvgTree,
    look: Look,
    length: Callable[[str, float], float],
    tolerance: float,
    pen: _Pen,
    depth: int,
) -> Iterator[list[Point]]:
    own = tree.style_of(element)
    if own.get("x"):
        pen.x = length(own["x"].replace(",", " ").split()[0], 0.0)
    if own.get("y"):
        pen.y = length(own["y"].replace(",", " ").split()[0], 0.0)
    for name in ("dx", "dy"):
        if own.get(name):
            way = length(own[name].replace(",", " ").split()[0], 0.0)
            pen.x, pen.y = (pen.x + way, pen.y) if name == "dx" else (pen.x, pen.y + way)
    yield from _run(element.text or "", look, length, tolerance, pen)
    for child in element:
        tag = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if tag in ("tspan", "a") and depth < _DEEPEST:
            inner = look.inside(tree.style_of(child), None)
            yield from _spans(child, tree, inner, length, tolerance, pen, depth + 1)
        yield from _run(child.tail or "", look, length, tolerance, pen)


def _run(
    text: str, look: Look, length: Callable[[str, float], float], tolerance: float, pen: _Pen
) -> Iterator[list[Point]]:
    words = " ".join(text.split())
    if not words:
        return
    size_text = look.properties.get("font-size", "")
    size = _NAMED_SIZES.get(size_text) or length(size_text, _DEFAULT_SIZE) or _DEFAULT_SIZE
    weight = look.properties.get("font-weight", "")
    is_bold = weight in ("bold", "bolder") or (weight.isdigit() and int(weight) >= 600)
    outline = outline_of(words, size, tolerance, is_bold=is_bold)
    share = {"middle": 0.5, "end": 1.0}.get(look.properties.get("text-anchor", ""), 0.0)
    left = pen.x - share * outline.width
    for edge in outline.edges:
        yield [(left + x, pen.y - y) for x, y in edge]
    pen.x = left + outline.width
