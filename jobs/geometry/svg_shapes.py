"""The shapes of an SVG, one by one, in pixels of the outermost page, y upwards.

Source: SVG 1.1 (second edition), chapters 5 (structure), 7 (coordinates) and 9 (shapes).
svgelements does the arithmetic of paths, transforms, lengths and colours; the walk has bounds.
"""

import base64
import binascii
import math
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import svgelements as svg

from fablab_hub.core.errors import LimitExceededError
from fablab_hub.core.geometry import Point
from jobs.geometry.drawing import DrawingLimits, LeftOut, PlacedImage, Seen
from jobs.geometry.path import Drawn, Path, Segment, points_of
from jobs.geometry.svg_curves import chain_through, chains_of
from jobs.geometry.svg_looks import Look, Rgb
from jobs.geometry.svg_text import TextPage, text_edges
from jobs.geometry.svg_text_path import Way
from jobs.geometry.svg_tree import SVG, Declarations, SvgTree, href_of

_INKSCAPE = "{http://www.inkscape.org/namespaces/inkscape}"
_DEEPEST = 64
_SHORTEST = 1e-6
_SMOOTHER = 100
_SHAPES = {
    "path": svg.Path,
    "rect": svg.Rect,
    "circle": svg.Circle,
    "ellipse": svg.Ellipse,
    "line": svg.SimpleLine,
    "polyline": svg.Polyline,
    "polygon": svg.Polygon,
}
_LENGTHS = ("x", "y", "cx", "cy", "x1", "y1", "x2", "y2", "width", "height", "rx", "ry", "r")
_NEVER_DRAWN = frozenset(
    {"defs", "symbol", "clipPath", "mask", "marker", "pattern", "linearGradient", "filter",
     "radialGradient", "style", "script", "metadata", "title", "desc", "namedview"}
)  # fmt: skip
_GROUPS = frozenset({"g", "a", "svg", "switch"})
_DATA = re.compile(r"data:image/(png|jpe?g|webp|gif|bmp)[^,]*;base64,", re.IGNORECASE)
_NUMBERED = re.compile(
    r"(g|svg|group|layer|path|surface|use|_x[0-9A-F]+_)?[-_ ]?[\d_-]*", re.IGNORECASE
)
"""Names that a program gave, not a person."""


@dataclass(slots=True)
class ShapeReader:
    """Reads the shapes of one tree.

    Attributes:
        tree: as it was read.
        limits: how much is read.
        ppi: pixels in an inch, for lengths with a unit.
        tolerance: of flattened curves, in pixels.
        images: pictures, complete once `read` is exhausted; in pixels as the paths.
        left_out, seen: counts, complete then too.
    """

    tree: SvgTree
    limits: DrawingLimits
    ppi: float
    tolerance: float
    images: list[PlacedImage] = field(default_factory=list)
    left_out: Counter[LeftOut] = field(default_factory=Counter)
    seen: Counter[Seen] = field(default_factory=Counter)
    _elements: int = 0
    _points: int = 0
    _image_bytes: int = 0
    _has_layers: bool = False

    def read(self, page: svg.Matrix) -> Iterator[Path]:
        """Give the paths, in file order.

        Args:
            page: what the outermost `viewBox` does, the turn to y upwards included.

        Raises:
            LimitExceededError: too many elements, points, or bytes of pictures.
        """
        root = self.tree.root
        self._has_layers = any(each.get(f"{_INKSCAPE}groupmode") == "layer" for each in root.iter())
        look = Look("0", {}).inside(self.tree.style_of(root), None)
        yield from self._inside(root, look, page, 0, frozenset())

    def _inside(
        self, parent: ET.Element, look: Look, matrix: svg.Matrix, depth: int, used: frozenset[str]
    ) -> Iterator[Path]:
        for element in parent:
            yield from self._element(element, look, matrix, depth, used)

    def _element(
        self, element: ET.Element, look: Look, matrix: svg.Matrix, depth: int, used: frozenset[str]
    ) -> Iterator[Path]:
        if not isinstance(element.tag, str) or element.tag.startswith("{") != (
            element.tag.startswith(SVG)
        ):
            return  # a comment, or something of another name space
        tag = element.tag.rpartition("}")[2]
        if tag in _NEVER_DRAWN:
            return
        self._count_element()
        own = self.tree.style_of(element)
        if own.get("display", "").strip() == "none":
            self.left_out[LeftOut.HIDDEN_LAYER] += 1
            return
        look = look.inside(own, self._layer_of(element, depth))
        if transform := own.get("transform"):
            matrix = self._matrix(transform) * matrix
        if depth >= _DEEPEST:
            self.left_out[LeftOut.OTHER] += 1
        elif tag in _GROUPS:
            if tag == "svg":
                matrix = self._viewport(own, matrix)
            yield from self._inside(element, look, matrix, depth + 1, used)
        elif tag == "use":
            yield from self._use(element, own, look, matrix, depth, used)
        else:
            yield from self._drawn(element, tag, own, look, matrix)

    def _drawn(
        self, element: ET.Element, tag: str, own: Declarations, look: Look, matrix: svg.Matrix
    ) -> Iterator[Path]:
        """Give the paths of an element that holds no others."""
        if look.is_hidden:
            self.left_out[LeftOut.HIDDEN_LAYER] += 1
        elif tag in _SHAPES:
            yield from self._shape(element, tag, own, look, matrix)
        elif tag == "text":
            yield from self._text(element, look, matrix)
        elif tag == "image":
            self._image(element, own, look, matrix)
        elif tag == "foreignObject" or tag.startswith("flow"):
            self.left_out[LeftOut.TEXT] += 1

    def _use(
        self,
        element: ET.Element,
        own: Declarations,
        look: Look,
        matrix: svg.Matrix,
        depth: int,
        used: frozenset[str],
    ) -> Iterator[Path]:
        """Draw what another element shows again, never inside itself."""
        name = href_of(element).removeprefix("#")
        target = self.tree.by_id.get(name)
        if target is None or name in used:
            return
        matrix = svg.Matrix.translate(*self._lengths(own, "x", "y")) * matrix
        if target.tag.rpartition("}")[2] == "symbol":
            self._count_element()
            inner = self.tree.style_of(target)
            sized = {name: own[name] for name in ("width", "height") if name in own}
            matrix = self._viewport({**inner, **sized, "x": "0", "y": "0"}, matrix)
            look = look.inside(inner, None)
            yield from self._inside(target, look, matrix, depth + 1, used | {name})
        else:
            yield from self._element(target, look, matrix, depth + 1, used | {name})

    def _shape(
        self, element: ET.Element, tag: str, own: Declarations, look: Look, matrix: svg.Matrix
    ) -> Iterator[Path]:
        stroke, fill = look.stroke, look.fill
        colour = stroke or (None if tag == "line" else fill)
        if colour is None:
            self.left_out[LeftOut.INVISIBLE] += 1
            return
        path = self._geometry(tag, own)
        if path is None:
            self.left_out[LeftOut.OTHER] += 1
            return
        if look.is_clipped:
            self.seen[Seen.CLIPPED] += 1
        path *= matrix
        path.reify()
        drawn = Drawn.LINE if stroke else Drawn.FILL
        chains = chains_of(path, self.tolerance)
        yield from self._paths(chains, look, colour, drawn, element.get("id", ""))

    def _paths(
        self,
        chains: Iterator[list[Segment]],
        look: Look,
        colour: Rgb,
        drawn: Drawn,
        handle: str,
    ) -> Iterator[Path]:
        has_length = False
        for chain in chains:
            segments = tuple(each for each in chain if each.length_mm > _SHORTEST)
            self._count_points(len(segments))
            if segments:
                has_length = True
                yield Path(
                    segments=segments,
                    layer=look.layer,
                    colour=None,
                    rgb=colour,
                    linetype="DASHED" if look.is_dashed and drawn is Drawn.LINE else "CONTINUOUS",
                    handle=handle,
                    drawn=drawn,
                )
        if not has_length:
            self.left_out[LeftOut.NO_LENGTH] += 1

    def _geometry(self, tag: str, own: Declarations) -> svg.Path | None:
        """Give a shape's own path; None where its numbers make none."""
        values: dict[str, Any] = {
            key: value for key, value in own.items() if key not in ("transform", "style")
        }
        for name in _LENGTHS:
            if name in values and values[name] != "auto":
                values[name] = self._length(values[name], 0.0)
        if tag == "path":
            path = svg.Path(values.get("d", ""))
        elif tag in ("polyline", "polygon"):
            path = svg.Path(_SHAPES[tag](values.get("points", "")))
        else:
            path = svg.Path(_SHAPES[tag](values))
        return path if len(path) else None

    def _text(self, element: ET.Element, look: Look, matrix: svg.Matrix) -> Iterator[Path]:
        """Draw a text by the outlines of its letters."""
        colour = look.fill or look.stroke
        size = max(abs(matrix.a * matrix.d - matrix.b * matrix.c) ** 0.5, 1e-9)
        page = TextPage(self.tree, self._length, self._way, self.tolerance / size)
        edges = list(text_edges(element, page, look))
        if not edges or colour is None:
            self.left_out[LeftOut.TEXT] += 1
            return
        self.seen[Seen.TEXT_OUTLINED] += 1
        placed = [[_placed(matrix, point) for point in edge] for edge in edges]
        chains = (chain_through([*edge, edge[0]]) for edge in placed)
        yield from self._paths(chains, look, colour, Drawn.TEXT, element.get("id", ""))

    def _way(self, name: str) -> Way | None:
        """Give the path that letters follow; None where there is none, or it has no length."""
        target = self.tree.by_id.get(name)
        tag = target.tag.rpartition("}")[2] if target is not None else ""
        if target is None or tag not in _SHAPES:
            return None
        own = self.tree.style_of(target)
        path = self._geometry(tag, own)
        if path is None:
            return None
        if transform := own.get("transform"):
            path *= self._matrix(transform)
            path.reify()
        # Letters are turned as the path runs: its pieces must be short for that to be smooth.
        tolerance = self.tolerance / _SMOOTHER
        chain = next(chains_of(path, tolerance), None)
        if not chain:
            return None
        points = points_of(Path(segments=tuple(chain), layer=""), tolerance)
        self._count_points(len(points))
        return Way(points) if len(points) > 1 else None

    def _image(
        self, element: ET.Element, own: Declarations, look: Look, matrix: svg.Matrix
    ) -> None:
        """Keep a picture that is in the file itself; those elsewhere are never fetched."""
        href = href_of(element)
        match = _DATA.match(href)
        width, height = self._lengths(own, "width", "height")
        if match is None or width <= 0 or height <= 0:
            self.left_out[LeftOut.IMAGE] += 1
            return
        try:
            data = base64.b64decode(re.sub(r"\s+", "", href[match.end() :]))
        except (binascii.Error, ValueError):
            self.left_out[LeftOut.IMAGE] += 1
            return
        self._image_bytes += len(data)
        if self._image_bytes > self.limits.max_image_bytes:
            most = self.limits.max_image_bytes // 1_000_000
            raise LimitExceededError("drawing.too-large", max_mb=most)
        x, y = self._lengths(own, "x", "y")
        corners = ((x, y), (x + width, y), (x, y + height))
        corner, across, down = (_placed(matrix, point) for point in corners)
        self.images.append(
            PlacedImage(
                data=data,
                corner_mm=corner,
                across_mm=across,
                down_mm=down,
                layer=look.layer,
                handle=element.get("id", ""),
            )
        )

    def _layer_of(self, element: ET.Element, depth: int) -> str | None:
        """Name a layer: Inkscape says what is one; elsewhere it is a named group of the page."""
        if element.get(f"{_INKSCAPE}groupmode") == "layer":
            return element.get(f"{_INKSCAPE}label") or element.get("id") or "0"
        is_group = element.tag.endswith("}g") and depth == 0 and not self._has_layers
        name = element.get("id", "") if is_group else ""
        return None if _NUMBERED.fullmatch(name) else name

    def _viewport(self, own: Declarations, matrix: svg.Matrix) -> svg.Matrix:
        """Give what a nested `svg` or a `symbol` does to the coordinates inside it."""
        x, y = self._lengths(own, "x", "y")
        view = view_box_of(own)
        if view is None:
            return svg.Matrix.translate(x, y) * matrix
        width = self._length(own.get("width", ""), view[2]) or view[2]
        height = self._length(own.get("height", ""), view[3]) or view[3]
        return fitted(view, (x, y, width, height), own.get("preserveAspectRatio")) * matrix

    def _matrix(self, text: str) -> svg.Matrix:
        matrix = svg.Matrix(text, ppi=self.ppi)
        matrix.render(ppi=self.ppi, width=100, height=100)
        return matrix

    def _lengths(self, own: Declarations, first: str, second: str) -> tuple[float, float]:
        return (self._length(own.get(first, ""), 0.0), self._length(own.get(second, ""), 0.0))

    def _length(self, text: str, whole: float) -> float:
        return length_px(text, self.ppi, whole)

    def _count_element(self) -> None:
        self._elements += 1
        if self._elements > self.limits.max_entities:
            raise LimitExceededError("drawing.too-many-entities", max=self.limits.max_entities)

    def _count_points(self, count: int) -> None:
        self._points += count
        if self._points > self.limits.max_points:
            raise LimitExceededError("drawing.too-many-points", max=self.limits.max_points)


def length_px(text: str, ppi: float, whole: float) -> float:
    """Give a length in pixels; of a share, that of the whole; 0 for what is no length."""
    if not text.strip():
        return 0.0
    value = svg.Length(text.strip()).value(ppi=ppi, relative_length=whole, font_size=16)
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else 0.0


def view_box_of(own: Declarations) -> tuple[float, float, float, float] | None:
    """Read a `viewBox`; None where there is none that shows anything."""
    numbers = re.findall(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", own.get("viewBox", ""))
    if len(numbers) != 4:
        return None
    x, y, width, height = map(float, numbers)
    return (x, y, width, height) if width > 0 and height > 0 else None


def fitted(
    view: tuple[float, float, float, float],
    room: tuple[float, float, float, float],
    aspect: str | None,
) -> svg.Matrix:
    """Fit a view box into a viewport (x, y, width, height)."""
    return svg.Matrix(svg.Viewbox.viewbox_transform(*room, *view, aspect or "xMidYMid meet"))


def _placed(matrix: svg.Matrix, point: Point) -> Point:
    x, y = point
    return (matrix.a * x + matrix.c * y + matrix.e, matrix.b * x + matrix.d * y + matrix.f)
