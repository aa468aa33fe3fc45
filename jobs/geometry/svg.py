"""Read an SVG into plain paths in millimetres.

How large a pixel is depends on who wrote the file: 1/96 inch by the standard, 1/90 in Inkscape
before 0.92, 1/72 in Illustrator. A page with a size in millimetres or inches needs no guess.
"""

import re
from pathlib import Path as FilePath

import svgelements as svg

from fablab_hub.core.errors import LimitExceededError, UnreadableFileError
from fablab_hub.core.units import MM_PER_INCH
from jobs.geometry.drawing import (
    Drawing,
    DrawingLimits,
    LeftOut,
    PlacedImage,
    Seen,
    Unit,
    UnitFacts,
    UnitSource,
)
from jobs.geometry.path import bounds_of
from jobs.geometry.svg_shapes import ShapeReader, fitted, length_px, view_box_of
from jobs.geometry.svg_sniff import looks_like_svg
from jobs.geometry.svg_tree import SvgTree, read_tree
from jobs.geometry.units import Sizes, answered_facts, declared_facts

_HEAD_BYTES = 1 << 16
_INKSCAPE_VERSION = "{http://www.inkscape.org/namespaces/inkscape}version"
_WRITERS = (
    (b"Inkscape", "Inkscape"), (b"Illustrator", "Illustrator"), (b"OpenSCAD", "OpenSCAD"),
    (b"KiCad", "KiCad"), (b"CorelDRAW", "CorelDRAW"), (b"Affinity", "Affinity"),
    (b"Figma", "Figma"), (b"Fusion", "Fusion"), (b"boxes.py", "boxes.py"),
    (b"MeerK40t", "MeerK40t"), (b"LightBurn", "LightBurn"), (b"Onshape", "Onshape"),
    (b"inkscape", "Inkscape"), (b"serif.com", "Affinity"), (b"ns_ai", "Illustrator"),
)  # fmt: skip
_PHYSICAL = re.compile(r"[\d.]\s*(mm|cm|in|pt|pc|q)\s*$", re.IGNORECASE)
_HOSTILE = (ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError,
            RecursionError, AssertionError)  # fmt: skip
"""What a broken file makes the libraries raise; all of it means that the file cannot be read."""


def read_svg(
    path: FilePath, limits: DrawingLimits | None = None, unit: Unit | None = None
) -> Drawing:
    """Read an SVG; takes and raises what `read_drawing` does."""
    limits = limits or DrawingLimits()
    if path.stat().st_size > limits.max_bytes:
        raise LimitExceededError("drawing.too-large", max_mb=limits.max_bytes // 1_000_000)
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    if not head.strip(b"\0 \t\r\n"):
        raise UnreadableFileError("drawing.empty")
    if not looks_like_svg(head):
        raise UnreadableFileError("drawing.not-an-svg")
    tree = read_tree(path, limits.max_entities)
    writer = next((name for mark, name in _WRITERS if mark in head), "")
    try:
        return _Page(tree, writer, limits, unit).read()
    except _HOSTILE as error:
        raise UnreadableFileError("drawing.broken-svg") from error


class _Page:
    """The outermost page of an SVG: what its pixels measure, and everything on it."""

    def __init__(
        self, tree: SvgTree, writer: str, limits: DrawingLimits, answered: Unit | None
    ) -> None:
        self._tree, self._limits, self._answered = tree, limits, answered
        self._writer = writer
        self._own = tree.style_of(tree.root)
        self._pixel, self._is_known = _pixel_of(tree, writer)

    def read(self) -> Drawing:
        ppi = MM_PER_INCH / self._pixel.mm
        matrix, is_physical = self._viewport(ppi)
        page = matrix * svg.Matrix.scale(1, -1)
        tolerance = self._limits.tolerance_mm / (self._answered or self._pixel).mm
        reader = ShapeReader(self._tree, self._limits, ppi, tolerance)
        paths = list(reader.read(page))
        bounds = bounds_of(paths)
        largest = max(bounds.size_mm[:2]) if bounds else 0.0
        units = self._units(Sizes(largest), is_physical=is_physical)
        scaled = tuple(path.scaled(units.scale_mm) for path in paths)
        seen = self._tree.seen + reader.seen
        return Drawing(
            paths=scaled,
            units=units,
            images=tuple(_scaled_image(image, units.scale_mm) for image in reader.images),
            left_out={what: reader.left_out[what] for what in LeftOut if reader.left_out[what]},
            seen={what: seen[what] for what in Seen if seen[what]},
            writer=self._writer,
            bounds_mm=bounds_of(scaled),
        )

    def _viewport(self, ppi: float) -> tuple[svg.Matrix, bool]:
        """Give what the page does to its coordinates, and whether it says its size in lengths.

        A person who says what a unit is means those of the drawing, not those of the page.
        """
        view = view_box_of(self._own)
        width, height = self._own.get("width", ""), self._own.get("height", "")
        is_physical = bool(_PHYSICAL.search(width) or _PHYSICAL.search(height))
        if view is None:
            return svg.Matrix(), False
        if self._answered is not None:
            return svg.Matrix.translate(-view[0], -view[1]), is_physical
        ratio = view[3] / view[2]
        width_px, height_px = length_px(width, ppi, 0.0), length_px(height, ppi, 0.0)
        if width_px <= 0 and height_px <= 0:
            width_px, height_px, is_physical = view[2], view[3], False
        elif width_px <= 0 or height_px <= 0:
            width_px = width_px or height_px / ratio
            height_px = height_px or width_px * ratio
        room = (0.0, 0.0, width_px, height_px)
        return fitted(view, room, self._own.get("preserveAspectRatio")), is_physical

    def _units(self, sizes: Sizes, *, is_physical: bool) -> UnitFacts:
        pixel = self._pixel
        if self._answered is not None:
            return answered_facts(self._answered, None)
        if is_physical:
            return UnitFacts(unit=None, source=UnitSource.FILE, declared=None, scale_mm=pixel.mm)
        return declared_facts(
            sizes, pixel, UnitSource.WRITER if self._is_known else UnitSource.SIZE
        )


def _pixel_of(tree: SvgTree, writer: str) -> tuple[Unit, bool]:
    """Say how large a pixel is, and whether the writer of the file is known to mean it."""
    version = re.match(r"(\d+)\.(\d+)", tree.root.get(_INKSCAPE_VERSION, ""))
    if version:
        is_old = (int(version[1]), int(version[2])) < (0, 92)
        return (Unit.PX_90 if is_old else Unit.PX_96), True
    if writer == "Illustrator":
        return Unit.PX_72, True
    return Unit.PX_96, False


def _scaled_image(image: PlacedImage, factor: float) -> PlacedImage:
    def scaled(point: tuple[float, float]) -> tuple[float, float]:
        return (point[0] * factor, point[1] * factor)

    return PlacedImage(
        data=image.data,
        corner_mm=scaled(image.corner_mm),
        across_mm=scaled(image.across_mm),
        down_mm=scaled(image.down_mm),
        layer=image.layer,
        handle=image.handle,
    )
