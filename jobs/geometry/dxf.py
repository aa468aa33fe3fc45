"""Read a DXF of any version, whole or broken, into plain paths in millimetres.

What a unit is, is read from the file itself: ezdxf answers metres for a file without a header.
Nothing is rescaled in silence: the drawing says which unit was taken and why.
"""

import io
import re
import struct
from pathlib import Path as FilePath

from ezdxf import recover
from ezdxf.document import Drawing as Document
from ezdxf.filemanagement import readfile
from ezdxf.layouts.layout import Layout
from ezdxf.lldxf.const import DXFError

from fablab_hub.core.errors import LimitExceededError, UnreadableFileError
from jobs.geometry.drawing import (
    Drawing,
    DrawingLimits,
    LeftOut,
    Seen,
    Unit,
    UnitFacts,
    UnitSource,
)
from jobs.geometry.dxf_entities import EntityReader
from jobs.geometry.dxf_mending import mended
from jobs.geometry.dxf_sniff import BINARY_MARK, HEAD_BYTES, looks_like_dxf
from jobs.geometry.path import bounds_of
from jobs.geometry.units import Sizes, answered_facts, declared_facts, guessed_facts, sizes_of

_UNITS = {1: Unit.INCH, 4: Unit.MM, 5: Unit.CM, 6: Unit.M, 9: Unit.MIL}
"""`$INSUNITS`, as the DXF reference numbers them; the others are no unit of a workshop."""

_HOSTILE = (
    DXFError, ValueError, KeyError, IndexError, TypeError, AttributeError, AssertionError,
    ArithmeticError, RecursionError, struct.error, EOFError, StopIteration,
)  # fmt: skip
"""What a broken file makes the library raise; all of it means that the file cannot be read."""


def read_dxf(
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
    units = unit_facts(sizes_of(paths, largest), declared, unit, is_metric=is_metric)
    scaled = tuple(path.scaled(units.scale_mm) for path in paths)
    reader.seen[Seen.LAYOUT] += layouts
    return Drawing(
        paths=scaled,
        units=units,
        left_out={reason: reader.left_out[reason] for reason in LeftOut if reader.left_out[reason]},
        seen={what: reader.seen[what] for what in Seen if reader.seen[what]},
        was_recovered=was_recovered,
        writer=writer_of(head),
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
    sizes: Sizes, declared: Unit | None, answered: Unit | None, *, is_metric: bool | None
) -> UnitFacts:
    """Decide what one drawing unit is, with the evidence.

    Args:
        sizes: of what is drawn, in its units.
        declared: what the file says.
        answered: what a person said; nothing beats it.
        is_metric: what `$MEASUREMENT` hints at, weakly.
    """
    if answered is not None:
        return answered_facts(answered, declared)
    if declared is not None:
        return declared_facts(sizes, declared, UnitSource.FILE)
    return guessed_facts(sizes, is_metric=is_metric)


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
        return recover.readfile(str(path))[0], True
    except (*_HOSTILE, OSError) as error:
        mended_data = mended(path.read_bytes())
        if mended_data is None:
            raise UnreadableFileError("drawing.broken") from error
    try:
        return recover.read(io.BytesIO(mended_data))[0], True
    except (*_HOSTILE, OSError) as error:
        raise UnreadableFileError("drawing.broken") from error


_WRITERS = (
    (b"LibreCAD", "LibreCAD"), (b"QCAD", "QCAD"), (b"OpenSCAD", "OpenSCAD"), (b"Rhino", "Rhino"),
    (b"MakerCase", "MakerCase"), (b"KiCad", "KiCad"), (b"FreeCAD", "FreeCAD"),
    (b"Inkscape", "Inkscape"), (b"Onshape", "Onshape"), (b"Autodesk", "Autodesk"),
    (b"dxflib", "LibreCAD"), (b"ezdxf", "ezdxf"), (b"$ACADMAINTVER", "AutoCAD"),
)  # fmt: skip


def writer_of(head: bytes) -> str:
    """Name the program that wrote a file, where its header says so."""
    return next((name for mark, name in _WRITERS if mark in head), "")


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
