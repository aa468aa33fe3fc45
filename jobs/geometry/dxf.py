"""Read a DXF of any version, whole or broken, into plain paths in millimetres.

What a unit is, is read from the file itself: ezdxf answers metres for a file without a header.
Nothing is rescaled in silence: the drawing says which unit was taken and why.
"""

import dataclasses
import re
import struct
from pathlib import Path as FilePath

from ezdxf import recover
from ezdxf.document import Drawing as Document
from ezdxf.filemanagement import readfile
from ezdxf.layouts.layout import Layout
from ezdxf.lldxf.const import DXFError

from fablab_hub.core.errors import LimitExceededError, UnreadableFileError
from fablab_hub.core.geometry import Point
from jobs.geometry.drawing import Drawing, DrawingLimits, LeftOut, Unit, UnitFacts, UnitSource
from jobs.geometry.dxf_entities import EntityReader
from jobs.geometry.dxf_sniff import BINARY_MARK, HEAD_BYTES, looks_like_dxf
from jobs.geometry.path import Arc, Line, Path, Segment, bounds_of

_UNITS = {1: Unit.INCH, 4: Unit.MM, 5: Unit.CM, 6: Unit.M, 9: Unit.MIL}
"""`$INSUNITS`, as the DXF reference numbers them; the others are no unit of a workshop."""

_LARGEST = {Unit.INCH: 48.0, Unit.M: 1.3, Unit.CM: 130.0, Unit.MIL: 51_000.0}
"""A declared drawing larger than this (in its units) was drawn in millimetres, by experience."""

_SMALL = 25.0
"""A drawing without a unit is millimetres from here on; below, it may be inches: ask."""

_HOSTILE = (
    DXFError, ValueError, KeyError, IndexError, TypeError, AttributeError, AssertionError,
    ArithmeticError, RecursionError, struct.error, EOFError, StopIteration,
)  # fmt: skip
"""What a broken file makes the library raise; all of it means that the file cannot be read."""


def read_drawing(
    path: FilePath, limits: DrawingLimits | None = None, unit: Unit | None = None
) -> Drawing:
    """Read a DXF.

    Args:
        path: the file.
        limits: how much of it is read.
        unit: what a person said that one drawing unit is.

    Raises:
        UnreadableFileError: empty (`drawing.empty`), something else (`drawing.not-a-dxf`), or
            broken beyond repair (`drawing.broken`).
        LimitExceededError: too large, or too many entities or points.
    """
    limits = limits or DrawingLimits()
    size = path.stat().st_size
    if size > limits.max_bytes:
        raise LimitExceededError("drawing.too-large", max_mb=limits.max_bytes // 1_000_000)
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if not head.strip(b"\0 \t\r\n"):
        raise UnreadableFileError("drawing.empty")
    if not looks_like_dxf(head):
        raise UnreadableFileError("drawing.not-a-dxf")
    document, was_recovered = _load(path)
    declared, is_metric = declared_unit(head)
    # Tolerances need a unit before the size is known; the declared one is near enough.
    reader = EntityReader(document, limits, (unit or declared or Unit.MM).mm)
    try:
        paths = tuple(reader.read())
        layouts = sum(_is_drawn_paper(layout) for layout in document.layouts)
    except _HOSTILE as error:
        raise UnreadableFileError("drawing.broken") from error
    bounds = bounds_of(paths)
    largest = max(bounds.size_mm[:2]) if bounds else 0.0
    units = unit_facts(largest, declared, unit, is_metric=is_metric)
    scaled = tuple(_scaled(path, units.unit.mm) for path in paths)
    return Drawing(
        paths=scaled,
        units=units,
        left_out={reason: reader.left_out[reason] for reason in LeftOut if reader.left_out[reason]},
        flattened_3d=reader.flattened_3d,
        layouts=layouts,
        was_recovered=was_recovered,
        bounds_mm=bounds_of(scaled),
    )


def declared_unit(head: bytes) -> tuple[Unit | None, bool | None]:
    """Read `$INSUNITS` and `$MEASUREMENT` as the file itself writes them.

    Returns:
        The unit, None where there is none; and whether it calls itself metric, if it says so.
    """
    insunits, measurement = (
        _header_number(head, b"$INSUNITS"),
        _header_number(head, b"$MEASUREMENT"),
    )
    is_metric = None if measurement is None else measurement == 1
    return _UNITS.get(insunits or 0), is_metric


def unit_facts(
    largest: float, declared: Unit | None, answered: Unit | None, *, is_metric: bool | None
) -> UnitFacts:
    """Decide what one drawing unit is, with the evidence.

    Args:
        largest: the longer side of the drawing, in its units.
        declared: what the file says.
        answered: what a person said; nothing beats it.
        is_metric: what `$MEASUREMENT` hints at, weakly.
    """
    if answered is not None:
        return UnitFacts(unit=answered, source=UnitSource.PERSON, declared=declared)
    if declared is not None:
        if largest <= _LARGEST.get(declared, float("inf")):
            return UnitFacts(unit=declared, source=UnitSource.FILE, declared=declared)
        return UnitFacts(
            unit=Unit.MM,
            source=UnitSource.SIZE,
            declared=declared,
            is_doubtful=True,
            width_as_declared_mm=largest * declared.mm,
        )
    if largest >= _SMALL or largest == 0:
        return UnitFacts(unit=Unit.MM, source=UnitSource.SIZE, declared=None)
    likely = Unit.MM if is_metric else Unit.INCH
    return UnitFacts(unit=likely, source=UnitSource.SIZE, declared=None, is_doubtful=True)


def _load(path: FilePath) -> tuple[Document, bool]:
    """Load a file, in a forgiving way where the strict one fails; tells which it was.

    The audit mends what would break arithmetic later (extrusion vectors without a length).
    """
    try:
        document = readfile(str(path))
        document.audit()
        return document, False
    except (*_HOSTILE, OSError):
        pass
    try:
        document, _ = recover.readfile(str(path))
    except (*_HOSTILE, OSError) as error:
        raise UnreadableFileError("drawing.broken") from error
    return document, True


def _header_number(head: bytes, name: bytes) -> int | None:
    """Find a header variable's number in an ASCII or a binary DXF."""
    if head.startswith(BINARY_MARK):
        at = head.find(name + b"\0")
        # Group code 70: two bytes since R13, one before; then a 16-bit value.
        after = head[at + len(name) + 1 : at + len(name) + 5]
        if at < 0 or len(after) < 4 or after[0] != 70:
            return None
        return int(struct.unpack("<h", after[2:4] if after[1] == 0 else after[1:3])[0])
    match = re.search(re.escape(name) + rb"\s*[\r\n]+\s*70\s*[\r\n]+\s*(-?\d{1,5})", head)
    return int(match[1]) if match else None


def _is_drawn_paper(layout: Layout) -> bool:
    """Tell whether a layout is paper with something on it besides its window on the model."""
    is_drawn = any(entity.dxftype() != "VIEWPORT" for entity in layout)
    return is_drawn and not layout.is_modelspace


def _scaled(path: Path, factor: float) -> Path:
    if factor == 1.0:
        return path
    return dataclasses.replace(
        path, segments=tuple(_scaled_segment(segment, factor) for segment in path.segments)
    )


def _scaled_segment(segment: Segment, factor: float) -> Segment:
    def scaled(point: Point) -> Point:
        return (point[0] * factor, point[1] * factor)

    if isinstance(segment, Line):
        return Line(scaled(segment.start_mm), scaled(segment.end_mm))
    return Arc(
        scaled(segment.start_mm),
        scaled(segment.end_mm),
        scaled(segment.centre_mm),
        segment.is_clockwise,
    )
