"""Lines that look alike belong together: the groups that a person gives an operation."""

from dataclasses import dataclass
from enum import StrEnum

from fablab_hub.core.materials import OperationKind
from jobs.geometry.path import Drawn, Path

_ACI = {
    1: "#ff0000", 2: "#ffff00", 3: "#00ff00", 4: "#00ffff", 5: "#0000ff", 6: "#ff00ff",
    7: "#000000", 8: "#808080", 9: "#c0c0c0",
}  # fmt: skip
"""The named colours of the AutoCAD index; 7 is the pen that is black on white paper."""


class DecidedBy(StrEnum):
    """Why a group has its operation."""

    PERSON = "person"
    REMEMBERED = "remembered"
    LAYER = "layer"
    DASHES = "dashes"
    SHAPE = "shape"
    COLOUR = "colour"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineGroup:
    """Lines of one layer, one colour and one way of drawing.

    Attributes:
        key: names it among the groups of a drawing, and in drawings of the same kind.
        layer: as its author called it.
        colour: `#rrggbb`.
        drawn: lines, filled areas or letters.
        count: how many paths it has.
        length_mm: of all of them.
        operation: what is done with it; None: nothing.
        by: why.
        is_odd: its colour means nothing in this lab.
    """

    key: str
    layer: str
    colour: str
    drawn: Drawn
    count: int
    length_mm: float
    operation: OperationKind | None
    by: DecidedBy
    is_odd: bool = False


def key_of(path: Path) -> str:
    """Name the group that a path belongs to."""
    dashes = "" if path.linetype in ("CONTINUOUS", "BYLAYER") else f"|{path.linetype.casefold()}"
    return f"{path.layer[:80]}|{hex_of(path)}|{path.drawn.value}{dashes}"


def hex_of(path: Path) -> str:
    """Give a path's colour as pages write it."""
    if path.rgb is not None:
        red, green, blue = path.rgb
        return f"#{red:02x}{green:02x}{blue:02x}"
    index = 7 if path.colour is None else path.colour
    return _ACI.get(index) or _hue_hex(index)


def _hue_hex(index: int) -> str:
    import colorsys  # noqa: PLC0415 - rarely needed

    if not 10 <= index <= 249:
        return "#404040"
    hue, shade = (index // 10 - 1) * 15 / 360, index % 10
    value = (1.0, 0.8, 0.6, 0.5, 0.3)[shade // 2]
    red, green, blue = colorsys.hsv_to_rgb(hue, 0.5 if shade % 2 else 1.0, value)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
