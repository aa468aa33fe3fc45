"""What the lab has on its shelves, and what a laser may do to it."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Annotated

from fablab_hub.core.bounds import Ge, Gt, Le, MinLen
from fablab_hub.core.machines import Label


class OperationKind(StrEnum):
    """What the beam does to the material."""

    CUT = "cut"
    SCORE = "score"
    ENGRAVE = "engrave"
    FILL = "fill"
    IMAGE = "image"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """How one operation is done on one material.

    Attributes:
        power: 0..1 of the tube.
        feed_mm_min: speed while the beam is on.
        passes: how often the same line is followed.
        air: the air assist blows, where the machine can switch it.
        line_mm: from one line to the next, where an area is filled or a picture engraved.
        least_power: of the lightest grey of a picture, 0..1.
        version: goes up with each calibration.
        calibrated_by: who tried it on this machine; nobody yet where it is empty.
        calibrated_on: the day of it, as 2026-11-23.
    """

    power: Annotated[float, Gt(0), Le(1)]
    feed_mm_min: Annotated[float, Gt(0), Le(200_000)]
    passes: Annotated[int, Ge(1), Le(20)] = 1
    air: bool = False
    line_mm: Annotated[float, Ge(0.03), Le(5)] = 0.12
    least_power: Annotated[float, Ge(0), Le(1)] = 0.0
    version: Annotated[int, Ge(1), Le(10_000)] = 1
    calibrated_by: str = ""
    calibrated_on: str = ""

    @property
    def is_proven(self) -> bool:
        """Tell whether somebody tried it."""
        return bool(self.calibrated_by and self.calibrated_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnMachine:
    """What one machine does otherwise than the material says for all.

    Attributes:
        kerf_mm: width its beam eats.
        cut, score, engrave, fill, image: its own presets.
    """

    kerf_mm: Annotated[float, Ge(0), Le(2)] | None = None
    cut: Preset | None = None
    score: Preset | None = None
    engrave: Preset | None = None
    fill: Preset | None = None
    image: Preset | None = None


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
        fill, image: presets of areas and of pictures; as `engrave` where there is none.
        on: what single machines do otherwise, by their id.
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
    fill: Preset | None = None
    image: Preset | None = None
    on: dict[str, OnMachine] = field(default_factory=dict)

    def preset(self, kind: OperationKind) -> Preset | None:
        """Give how an operation is done on this material; None where it is not."""
        match kind:
            case OperationKind.CUT:
                return self.cut
            case OperationKind.SCORE:
                return self.score
            case OperationKind.ENGRAVE:
                return self.engrave
            case OperationKind.FILL:
                return self.fill or self.engrave
            case OperationKind.IMAGE:
                return self.image or self.fill or self.engrave

    def on_machine(self, machine_id: str) -> "Material":
        """Give the same material with what one machine does otherwise."""
        own = self.on.get(machine_id)
        if own is None:
            return self
        return replace(
            self,
            kerf_mm=self.kerf_mm if own.kerf_mm is None else own.kerf_mm,
            **{kind: getattr(own, kind) or getattr(self, kind) for kind in OperationKind},
        )

    def tried_on(self, machine_id: str, tried: OnMachine) -> "Material":
        """Give the same material with what was tried on one machine.

        An operation of the settings stays where its version is higher: somebody wrote it there
        after the trial.
        """
        before = self.on.get(machine_id, OnMachine())
        usual = self.on_machine(machine_id)
        newest = {
            kind: _newer(getattr(tried, kind), getattr(usual, kind)) or getattr(before, kind)
            for kind in OperationKind
        }
        kerf_mm = before.kerf_mm if tried.kerf_mm is None else tried.kerf_mm
        return replace(self, on={**self.on, machine_id: OnMachine(kerf_mm=kerf_mm, **newest)})


def _newer(tried: Preset | None, usual: Preset | None) -> Preset | None:
    """Give what was tried, unless the settings know better since."""
    if tried is not None and (usual is None or tried.version >= usual.version):
        return tried
    return None
