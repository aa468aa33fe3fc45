"""Plain moves of a print, many lines at once: what `gcode_plain` does line by line.

A line takes the time of one pattern; all else is columns of NumPy. Numbers are added in the same
order as one by one, so that both give the same to the last bit.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fablab_hub.gcode.measured import COLUMNS, MoveFlag
from fablab_hub.gcode.state import Modal

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Row = tuple[bytes, ...]

_N = rb"(-?(?:\d{1,9}(?:\.\d{0,16})?|\.\d{1,16}))"
_U = rb"(\d{1,9}(?:\.\d{0,16})?)"
PRINTER_MOVE = (
    rb"(G([01])(?: F%b)?(?: Z%b)?(?: X%b)?(?: Y%b)?(?: Z%b)?(?: F%b)?(?: E%b)?(?: F%b)?)"
    rb"[ \t]*(?:;[^\n]*)?" % (_U, _N, _N, _N, _N, _U, _N, _U)
)
"""Groups: the line without its comment, 0 or 1, F, Z, X, Y, Z, F, E, F."""

_LINE = re.compile(rb"(?m)^(?:%b|[^\n]*)$" % PRINTER_MOVE)
_CODE, _KIND, _F, _Z, _X, _Y, _LATE_Z, _LATE_F, _E, _LAST_F = range(10)


def read_rows(lines: Sequence[bytes]) -> list[Row]:
    """Give the groups of each line, all of them empty where a line is no plain move."""
    return _LINE.findall(b"\n".join(lines))


def others(rows: Sequence[Row], max_chars: int) -> list[int]:
    """Say which rows are no plain move: they lead nowhere, are too long, or say a word twice."""
    return [
        n
        for n, (code, _, f, z, x, y, late_z, late_f, e, last_f) in enumerate(rows)
        if not (x or y or e or z or late_z)
        or len(code) > max_chars
        or (z and late_z)
        or (f and (late_f or last_f))
        or (late_f and last_f)
    ]


@dataclass(frozen=True, slots=True)
class Drive:
    """What some lines do.

    Attributes:
        columns: n by `COLUMNS`, see `fablab_hub.gcode.moves`.
        codes: n lines of the canonical program.
    """

    columns: Floats
    codes: tuple[bytes, ...]


def drive(rows: Sequence[Row], modal: Modal, flags: int, first_line: int) -> Drive:
    """Drive plain moves one after the other, and leave the modal state behind the last.

    Args:
        rows: at least one, and none of `others`.
        modal: where they begin.
        flags: of the first move; only that one may begin from a standstill.
        first_line: its number in the file.
    """
    words = list(zip(*rows, strict=True))
    count, scale = len(rows), modal.scale
    columns = np.empty((count, COLUMNS))
    for column, (name, early, late) in enumerate(
        (("x_mm", _X, None), ("y_mm", _Y, None), ("z_mm", _Z, _LATE_Z))
    ):
        given, values = _numbers(words[early], *([words[late]] if late else []))
        at_mm: float = getattr(modal, name)
        if modal.is_relative:
            steps = np.where(given, values * scale, 0.0)
            columns[:, column] = np.cumsum(np.concatenate(([at_mm], steps)))[1:]
        else:
            shift_mm: float = getattr(modal, f"shift_{name}")
            columns[:, column] = _held(given, values * scale + shift_mm, at_mm)
        setattr(modal, name, float(columns[-1, column]))
    columns[:, 3] = _fed(modal, *_numbers(words[_E]))
    given, values = _numbers(words[_F], words[_LATE_F], words[_LAST_F])
    columns[:, 4] = _held(given, values * scale, modal.feed_mm_min)
    modal.feed_mm_min = float(columns[-1, 4])
    columns[:, 5:9] = (
        modal.power_s, modal.print_accel_mm_s2, modal.travel_accel_mm_s2, modal.retract_accel_mm_s2,
    )  # fmt: skip
    columns[:, 9] = flags & ~int(MoveFlag.FROM_STILL)
    columns[0, 9] = flags
    columns[:, 10] = np.arange(first_line, first_line + count)
    modal.motion = "G1" if words[_KIND][-1] == b"1" else "G0"
    return Drive(columns, words[_CODE])


def _numbers(*words: Sequence[bytes]) -> tuple[Flags, Floats]:
    """Read a word that stands in one of some places: which lines have it, and its numbers."""
    count = len(words[0])
    given, values = np.zeros(count, dtype=bool), np.zeros(count)
    for each in words:
        if any(each):
            text = np.array(each, dtype=bytes)
            has = text != b""
            values[has] = text[has].astype(np.float64)
            given |= has
    return given, values


def _held(given: Flags, values: Floats, before: float) -> Floats:
    """Keep a value until another is given."""
    newest = np.maximum.accumulate(np.where(given, np.arange(len(values)), -1))
    return np.asarray(np.where(newest >= 0, values[newest], before))


def _fed(modal: Modal, given: Flags, values: Floats) -> Floats:
    """Give the filament of each move, and note where the extruder stands."""
    scaled = values * modal.scale
    if modal.is_e_relative:
        return np.asarray(np.where(given, scaled, 0.0))
    stands = _held(given, scaled, modal.e_mm)
    before = np.concatenate(([modal.e_mm], stands[:-1]))
    modal.e_mm = float(stands[-1])
    return np.asarray(np.where(given, stands - before, 0.0))
