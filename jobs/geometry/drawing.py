"""A drawing once it was read: paths in millimetres, and what was left out."""

from dataclasses import dataclass
from enum import StrEnum

from fablab_hub.core.geometry import Box
from jobs.geometry.path import Path


class Unit(StrEnum):
    """What one drawing unit is."""

    MM = "mm"
    CM = "cm"
    M = "m"
    INCH = "inch"
    MIL = "mil"

    @property
    def mm(self) -> float:
        """Millimetres in one of it."""
        return {"mm": 1.0, "cm": 10.0, "m": 1000.0, "inch": 25.4, "mil": 0.0254}[self.value]


class UnitSource(StrEnum):
    """How the unit is known."""

    FILE = "file"
    PERSON = "person"
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
    OTHER = "other"
    NO_LENGTH = "no-length"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFacts:
    """What one drawing unit is taken to be, and why.

    Attributes:
        unit: the one that was used.
        source: who says so.
        declared: as the file itself writes it; None where it writes none.
        is_doubtful: somebody should be asked (`unit` is the likeliest).
        width_as_declared_mm: largest side under the declared unit, where that is the doubt.
    """

    unit: Unit
    source: UnitSource
    declared: Unit | None
    is_doubtful: bool = False
    width_as_declared_mm: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A drawing in millimetres, where its author drew it.

    Attributes:
        paths: in file order.
        units: what a unit was taken to be.
        left_out: how many entities were not read, by reason.
        flattened_3d: how many entities lay off the plane and were laid flat.
        layouts: paper layouts with something on them; they are ignored.
        was_recovered: the file was broken, and was read as far as it goes.
        bounds_mm: box around the paths; None for none.
    """

    paths: tuple[Path, ...]
    units: UnitFacts
    left_out: dict[LeftOut, int]
    flattened_3d: int = 0
    layouts: int = 0
    was_recovered: bool = False
    bounds_mm: Box | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawingLimits:
    """How much of a drawing is read.

    Attributes:
        max_bytes: of the file.
        max_entities: after blocks were opened.
        max_points: of all paths, flattened curves included.
        tolerance_mm: how far a flattened curve may be from the true one.
    """

    max_bytes: int = 50_000_000
    max_entities: int = 200_000
    max_points: int = 2_000_000
    tolerance_mm: float = 0.03
