"""What one drawing unit is: said by a person, by the file, or by what is drawn, with the evidence.

Sources: sizes as written in 820 drawings of makers' projects (unitless ones of 25 or more are
millimetres in nine of ten); holes for screws M2 to M10 (ISO 273) and for buttons and cables.
"""

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from jobs.geometry.drawing import Evidence, Unit, UnitFacts, UnitSource
from jobs.geometry.path import Arc, Line, Path

LARGEST: Mapping[Unit, float] = MappingProxyType(
    {
        Unit.MM: math.inf,
        Unit.INCH: 48.0,
        Unit.M: 1.3,
        Unit.CM: 130.0,
        Unit.MIL: 51_000.0,
        Unit.PX_96: 11_500.0,
        Unit.PX_90: 10_800.0,
        Unit.PX_72: 8_600.0,
    }
)
"""A drawing larger than this, in a unit, was not drawn in it: experience; for pixels three metres,
which no sheet of a workshop is. Who declares millimetres means them."""

_SMALL = 25.0
"""A drawing without a unit is millimetres from here on; below, it may be inches: ask."""

_HOLES_MM = (1.4, 60.0)
_NOT_A_HOLE_MM = 0.6
_GRAIN_MM: Mapping[Unit, float] = MappingProxyType({Unit.INCH: 25.4 / 32})
"""People draw in steps of a thirty-second of an inch, or of half a millimetre."""

_STEP_MM = 0.5
_ENOUGH_SIDES = 4


@dataclass(frozen=True, slots=True)
class Sizes:
    """What is looked at of a drawing, in its own units.

    Attributes:
        largest: longer side of all.
        holes: diameters of whole circles.
        sides: lengths of straight lines.
    """

    largest: float
    holes: tuple[float, ...] = ()
    sides: tuple[float, ...] = ()


def sizes_of(paths: Iterable[Path], largest: float, most: int = 500) -> Sizes:
    """Measure the first holes and sides of a drawing."""
    holes: list[float] = []
    sides: list[float] = []
    for path in paths:
        if len(holes) >= most and len(sides) >= most:
            break
        segments = path.segments
        if len(segments) == 2 and all(isinstance(each, Arc) for each in segments):
            if path.is_closed:
                holes.append(path.length_mm / math.pi)
        elif len(sides) < most:
            sides += [each.length_mm for each in segments if isinstance(each, Line)][:8]
    return Sizes(largest, tuple(holes[:most]), tuple(sides[:most]))


def declared_facts(sizes: Sizes, declared: Unit, source: UnitSource) -> UnitFacts:
    """Take the file's word, unless what it says is too large for any workshop."""
    if sizes.largest <= LARGEST[declared]:
        return UnitFacts(unit=declared, source=source, declared=declared, scale_mm=declared.mm)
    return UnitFacts(
        unit=Unit.MM,
        source=UnitSource.SIZE,
        declared=declared,
        scale_mm=Unit.MM.mm,
        is_doubtful=True,
        width_as_declared_mm=sizes.largest * declared.mm,
    )


def answered_facts(answered: Unit, declared: Unit | None) -> UnitFacts:
    """Take a person's word: nothing beats it."""
    return UnitFacts(
        unit=answered, source=UnitSource.PERSON, declared=declared, scale_mm=answered.mm
    )


def guessed_facts(sizes: Sizes, *, is_metric: bool | None) -> UnitFacts:
    """Guess the unit of a DXF that names none: millimetres or inches.

    Args:
        sizes: of the drawing.
        is_metric: what `$MEASUREMENT` hints at, weakly.
    """
    votes = {unit: evidence_for(sizes, unit) for unit in (Unit.MM, Unit.INCH)}
    hint = (Evidence.MEASUREMENT,)
    if sizes.largest >= _SMALL or sizes.largest == 0:
        evidence = (*votes[Unit.MM], Evidence.SIZE)
        is_odd = Evidence.HOLES in votes[Unit.INCH] and Evidence.HOLES not in votes[Unit.MM]
        is_inch = is_odd and sizes.largest <= LARGEST[Unit.INCH]
        return _guess(Unit.MM, evidence, is_doubtful=is_inch)
    mm, inch = (len(votes[unit]) for unit in (Unit.MM, Unit.INCH))
    if mm != inch:
        unit = Unit.MM if mm > inch else Unit.INCH
        return _guess(unit, votes[unit], is_doubtful=True)
    unit = Unit.MM if is_metric else Unit.INCH
    return _guess(unit, () if is_metric is None else hint, is_doubtful=True)


def _guess(unit: Unit, evidence: Sequence[Evidence], *, is_doubtful: bool) -> UnitFacts:
    return UnitFacts(
        unit=unit,
        source=UnitSource.SIZE,
        declared=None,
        scale_mm=unit.mm,
        is_doubtful=is_doubtful,
        evidence=tuple(evidence),
    )


def evidence_for(sizes: Sizes, unit: Unit) -> tuple[Evidence, ...]:
    """Say what speaks for a unit: holes as wide as holes are, and sides in round numbers."""
    found: list[Evidence] = []
    holes_mm = [hole * unit.mm for hole in sizes.holes]
    low, high = _HOLES_MM
    if holes_mm and min(holes_mm) >= _NOT_A_HOLE_MM and low <= statistics.median(holes_mm) <= high:
        found.append(Evidence.HOLES)
    sides_mm = [side * unit.mm for side in sizes.sides if side > 0]
    if len(sides_mm) >= _ENOUGH_SIDES:
        grain_mm = _GRAIN_MM.get(unit, _STEP_MM)
        share = sum(_is_round(side, grain_mm) for side in sides_mm) / len(sides_mm)
        if share >= 0.5:
            found.append(Evidence.SIDES)
    return tuple(found)


def _is_round(side_mm: float, grain_mm: float) -> bool:
    steps = side_mm / grain_mm
    return round(steps) > 0 and abs(steps - round(steps)) < 0.01
