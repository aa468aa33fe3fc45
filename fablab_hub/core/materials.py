"""What the lab has on its shelves, and what a laser may do to it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from fablab_hub.core.bounds import Ge, Gt, Le, MinLen
from fablab_hub.core.machines import Label


class OperationKind(StrEnum):
    """What the beam does to the material."""

    CUT = "cut"
    SCORE = "score"
    ENGRAVE = "engrave"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """How one operation is done on one material.

    Attributes:
        power: 0..1 of the tube.
        feed_mm_min: speed while the beam is on.
        passes: how often the same line is followed.
    """

    power: Annotated[float, Gt(0), Le(1)]
    feed_mm_min: Annotated[float, Gt(0), Le(200_000)]
    passes: Annotated[int, Ge(1), Le(20)] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """One material of the lab.

    Attributes:
        id: short name (`plywood-3`).
        name: what people call it, thickness included.
        thickness_mm: of the sheet.
        is_forbidden: never on the laser; `reason` says why.
        needs_staff: a manager looks at each job on it.
        reason: why it is forbidden or doubtful, in words for a beginner.
        aliases: other names that people use for it.
        sheet_mm: usual sheet, width and depth.
        kerf_mm: width the beam eats.
        cut, score, engrave: presets; an operation without one cannot be asked for.
    """

    id: Annotated[str, MinLen(1)] = ""
    name: Label
    thickness_mm: Annotated[float, Ge(0), Le(100)]
    is_forbidden: bool = False
    needs_staff: bool = False
    reason: Label | None = None
    aliases: tuple[str, ...] = ()
    sheet_mm: tuple[Annotated[float, Gt(0)], Annotated[float, Gt(0)]] | None = None
    kerf_mm: Annotated[float, Ge(0), Le(2)] = 0.15
    cut: Preset | None = None
    score: Preset | None = None
    engrave: Preset | None = None

    def preset(self, kind: OperationKind) -> Preset | None:
        """Give how an operation is done on this material; None where it is not."""
        match kind:
            case OperationKind.CUT:
                return self.cut
            case OperationKind.SCORE:
                return self.score
            case OperationKind.ENGRAVE:
                return self.engrave
