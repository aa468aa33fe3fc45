"""How a shape of an SVG looks: what it inherits, its colours, and whether it shows at all."""

import re
from dataclasses import dataclass, replace

import svgelements as svg

from jobs.geometry.svg_tree import Declarations

Rgb = tuple[int, int, int]

_FAINT = 0.02
"""Less opaque than this, nobody sees it."""

_WHITE_FROM = 250
_REFERENCE = re.compile(r"url\([^)]*\)\s*(.*)", re.DOTALL)
_HIDES_PARTS = ("clip-path", "mask")
_INHERITED = ("stroke", "fill", "color", "visibility", "stroke-dasharray", "stroke-opacity",
              "fill-opacity", "stroke-width", "font-size", "font-weight",
              "text-anchor", "letter-spacing")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """What an element hands on to those inside it.

    Attributes:
        layer: name of the layer that it is on.
        properties: inherited ones, as written.
        opacity: 0..1, of all groups around it.
        is_clipped: a clip or a mask hides part of it, perhaps.
    """

    layer: str
    properties: Declarations
    opacity: float = 1.0
    is_clipped: bool = False

    def inside(self, own: Declarations, layer: str | None) -> "Look":
        """Give the look inside an element.

        Args:
            own: the element's properties.
            layer: its name, where it is a layer.
        """
        properties = dict(self.properties)
        for name in _INHERITED:
            value = own.get(name)
            if value is not None and value.strip() != "inherit":
                properties[name] = value.strip()
        is_clipped = any(
            own.get(name, "none") not in ("none", "") for name in ("clip-path", "mask")
        )
        return replace(
            self,
            layer=self.layer if layer is None else layer,
            properties=properties,
            opacity=self.opacity * _part(own.get("opacity"), 1.0),
            is_clipped=self.is_clipped or is_clipped,
        )

    @property
    def is_hidden(self) -> bool:
        """Tell whether nobody is meant to see it."""
        return self.properties.get("visibility") in ("hidden", "collapse") or self.opacity < _FAINT

    @property
    def stroke(self) -> Rgb | None:
        """Colour of the line; None where there is none, or a white one on white."""
        width = self.properties.get("stroke-width", "1").strip()
        if re.fullmatch(r"0*\.?0*[a-z%]*", width) and any(c == "0" for c in width):
            return None
        return self._colour("stroke", "none")

    @property
    def fill(self) -> Rgb | None:
        """Colour of the area; None where there is none, or a white one on white."""
        return self._colour("fill", "black")

    @property
    def is_dashed(self) -> bool:
        """Tell whether the line has gaps."""
        return self.properties.get("stroke-dasharray", "none").strip() not in ("none", "", "0")

    def _colour(self, name: str, default: str) -> Rgb | None:
        text = self.properties.get(name, default)
        if match := _REFERENCE.match(text):
            text = match[1] or "black"  # a gradient or a pattern: somebody painted it
        if text.lower() in ("currentcolor", "context-stroke", "context-fill"):
            text = self.properties.get("color", "black")
        if text in ("none", "transparent") or _part(self.properties.get(f"{name}-opacity"), 1) < (
            _FAINT
        ):
            return None
        colour = svg.Color(text)
        if colour.value is None or colour.alpha < 255 * _FAINT:
            return None
        rgb = (colour.red, colour.green, colour.blue)
        return None if min(rgb) >= _WHITE_FROM else rgb


def _part(text: str | None, default: float) -> float:
    try:
        value = default if text is None else float(text.rstrip("% "))
    except ValueError:
        return default
    return value / 100 if text is not None and "%" in text else value
