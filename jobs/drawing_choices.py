"""What a person may say of a drawing: its unit, its repairs, what its lines mean, where it lies.

The answers travel and are kept as JSON (`options`); whatever does not fit is passed over, for a
check must never fail because of an old answer.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from fablab_hub.core.geometry import Point
from fablab_hub.core.materials import OperationKind
from jobs.geometry.drawing import Unit
from jobs.toolpath.shading import Shading

MOST_COPIES = 200
SKIP = "skip"
"""The answer that leaves a group of lines out."""

_NOTHING: Mapping[str, OperationKind | None] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawingChoices:
    """The answers, checked.

    Attributes:
        unit: of the drawing.
        width_mm: of a picture.
        repairs: ids of the repairs that were asked for.
        operations: what is done with groups of lines, by their key; None: nothing.
        remembered: the same, from the person's last drawing of the same program.
        shading: how pictures are engraved.
        keeps_size: the beam's width is made up for (kerf), so that parts measure what was drawn.
        tabs: bridges that hold each part, of `tab_mm` each.
        overcut_mm: how far closed cuts go on past their start.
        lead_in_mm: how far outside a part its cut begins.
        copies: how many of the whole drawing.
        is_nested: parts are packed one by one, as close as they can.
        turn_deg: turned to the left.
        at_mm: where its lower left corner lies on the bed; None: near the corner.
        taken_mm: parts of the sheet that are used up: left, front, right, back.
    """

    unit: Unit | None = None
    width_mm: float | None = None
    repairs: frozenset[str] = frozenset()
    operations: Mapping[str, OperationKind | None] = field(default_factory=lambda: _NOTHING)
    remembered: Mapping[str, Mapping[str, OperationKind | None]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    shading: Shading = Shading.DOTS
    keeps_size: bool = False
    tabs: int = 0
    tab_mm: float = 0.6
    overcut_mm: float = 0.0
    lead_in_mm: float = 0.0
    copies: int = 1
    is_nested: bool = False
    turn_deg: float = 0.0
    at_mm: Point | None = None
    taken_mm: tuple[tuple[float, float, float, float], ...] = ()


def choices_of(options: Mapping[str, Any]) -> DrawingChoices:
    """Read the answers."""
    remembered = options.get("remembered")
    return DrawingChoices(
        unit=_one_of(Unit, options.get("unit")),
        width_mm=_number(options.get("width_mm"), 1.0, 5_000.0),
        repairs=frozenset(str(name) for name in _list(options.get("repairs"))),
        operations=operations_of(options.get("operations")),
        remembered={
            str(writer): operations_of(groups)
            for writer, groups in (remembered if isinstance(remembered, dict) else {}).items()
        },
        shading=_one_of(Shading, options.get("shading")) or Shading.DOTS,
        keeps_size=_yes(options.get("keeps_size")),
        tabs=int(_number(options.get("tabs"), 0, 20) or 0),
        tab_mm=_number(options.get("tab_mm"), 0.1, 20.0) or 0.6,
        overcut_mm=_number(options.get("overcut_mm"), 0.0, 10.0) or 0.0,
        lead_in_mm=_number(options.get("lead_in_mm"), 0.0, 20.0) or 0.0,
        copies=int(_number(options.get("copies"), 1, MOST_COPIES) or 1),
        is_nested=_yes(options.get("is_nested")),
        turn_deg=_number(options.get("turn_deg"), -360.0, 360.0) or 0.0,
        at_mm=_point(options.get("at_mm")),
        taken_mm=tuple(
            box for each in _list(options.get("taken_mm")) if (box := _box(each)) is not None
        ),
    )


def operations_of(found: Any) -> dict[str, OperationKind | None]:
    """Read what is done with groups of lines."""
    if not isinstance(found, dict):
        return {}
    known = {str(kind): kind for kind in OperationKind}
    return {
        str(key): known.get(str(value))
        for key, value in found.items()
        if str(value) in known or value in (SKIP, None)
    }


def _yes(found: Any) -> bool:
    return found in (True, "true", "1", "yes", "on")


def _one_of(kind: Any, found: Any) -> Any:
    try:
        return kind(found)
    except ValueError:
        return None


def _list(found: Any) -> list[Any]:
    return list(found) if isinstance(found, list | tuple) else []


def _number(found: Any, least: float, most: float) -> float | None:
    try:
        value = float(found)
    except (TypeError, ValueError):
        return None
    return min(max(value, least), most) if math.isfinite(value) else None


def _point(found: Any) -> Point | None:
    numbers = [_number(each, -10_000, 10_000) for each in _list(found)]
    if len(numbers) != 2 or numbers[0] is None or numbers[1] is None:
        return None
    return (numbers[0], numbers[1])


def _box(found: Any) -> tuple[float, float, float, float] | None:
    numbers = [_number(each, -10_000, 10_000) for each in _list(found)]
    if len(numbers) != 4 or any(number is None for number in numbers):
        return None
    left, front, right, back = (number or 0.0 for number in numbers)
    return (left, front, right, back) if left < right and front < back else None
