"""A drawing once it was read: paths in millimetres, and what was left out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from fablab_hub.core.geometry import Box, Point
from fablab_hub.core.units import MM_PER_INCH
from jobs.geometry.path import Path


class Unit(StrEnum):
    """What one drawing unit is."""

    MM = "mm"
    CM = "cm"
    M = "m"
    INCH = "inch"
    MIL = "mil"
    PX_96 = "px96"
    PX_90 = "px90"
    PX_72 = "px72"

    @property
    def mm(self) -> float:
        """Millimetres in one of it."""
        return _UNIT_MM[self.value]


_UNIT_MM: Mapping[str, float] = MappingProxyType(
    {
        "mm": 1.0,
        "cm": 10.0,
        "m": 1000.0,
        "inch": MM_PER_INCH,
        "mil": MM_PER_INCH / 1000,
        "px96": MM_PER_INCH / 96,
        "px90": MM_PER_INCH / 90,
        "px72": MM_PER_INCH / 72,
    }
)


class UnitSource(StrEnum):
    """How the unit is known."""

    FILE = "file"
    PERSON = "person"
    WRITER = "writer"
    SIZE = "size"


class LeftOut(StrEnum):
    """Why an entity is not among the paths."""

    HIDDEN_LAYER = "hidden-layer"
    TEXT = "text"
    DIMENSION = "dimension"
    IMAGE = "image"
    POINT = "point"
    ENDLESS = "endless"
    SOLID_3D = "solid-3d"
    INVISIBLE = "invisible"
    OTHER = "other"
    NO_LENGTH = "no-length"


class Seen(StrEnum):
    """What was met on the way, and does not show in the paths."""

    LAID_FLAT = "laid-flat"
    LAYOUT = "layout"
    TEXT_OUTLINED = "text-outlined"
    CLIPPED = "clipped"
    ACTIVE = "active"
    OUTSIDE = "outside"


class Evidence(StrEnum):
    """What speaks for a unit that the file does not name."""

    HOLES = "holes"
    SIDES = "sides"
    SIZE = "size"
    MEASUREMENT = "measurement"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFacts:
    """What one drawing unit is taken to be, and why.

    Attributes:
        unit: the one that was used; None where the size of the page gives a scale of its own.
        source: who says so.
        declared: as the file itself writes it; None where it writes none.
        scale_mm: millimetres in a drawing unit.
        is_doubtful: somebody should be asked (`unit` is the likeliest).
        width_as_declared_mm: largest side under the declared unit, where that is the doubt.
        evidence: what speaks for the unit, where the file does not name it.
    """

    unit: Unit | None
    source: UnitSource
    declared: Unit | None
    scale_mm: float = 1.0
    is_doubtful: bool = False
    width_as_declared_mm: float | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedImage:
    """A picture made of pixels, and where it lies.

    Attributes:
        data: the bytes of a PNG, a JPEG or another picture that OpenCV reads.
        corner_mm: where the picture's upper left corner lies.
        across_mm: from there to its upper right corner.
        down_mm: from there to its lower left corner.
        layer, handle: as of a path.
    """

    data: bytes = field(repr=False)
    corner_mm: Point
    across_mm: Point
    down_mm: Point
    layer: str
    handle: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A drawing in millimetres, where its author drew it.

    Attributes:
        paths: in file order.
        units: what a unit was taken to be.
        images: pictures that came with it.
        left_out: how many entities were not read, by reason.
        seen: how often something was met that a person should know of.
        was_recovered: the file was broken, and was read as far as it goes.
        writer: the program that made it, as far as the file tells; `""` where it does not.
        bounds_mm: box around the paths; None for none.
    """

    paths: tuple[Path, ...]
    units: UnitFacts
    images: tuple[PlacedImage, ...] = ()
    left_out: dict[LeftOut, int] = field(default_factory=dict)
    seen: dict[Seen, int] = field(default_factory=dict)
    was_recovered: bool = False
    writer: str = ""
    bounds_mm: Box | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawingLimits:
    """How much of a drawing is read.

    Attributes:
        max_bytes: of the file.
        max_entities: after blocks were opened.
        max_points: of all paths, flattened curves included.
        max_image_bytes: of all pictures, packed.
        tolerance_mm: how far a flattened curve may be from the true one.
    """

    max_bytes: int = 50_000_000
    max_entities: int = 200_000
    max_points: int = 2_000_000
    max_image_bytes: int = 20_000_000
    tolerance_mm: float = 0.03
