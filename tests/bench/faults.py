"""Faults planted in a clean program, each on a line that is known, and undone right after it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_PLACE = {
    letter: re.compile(rb"(?:G[0-3]|G92)\b[^;\n]*?%b(-?[\d.]+)" % letter.encode())
    for letter in "XYZE"
}
_LOOK_BACK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Fault:
    """A few lines with one that is wrong.

    Attributes:
        rule: what must be found, without its `gcode.`.
        lines: to put in; `{x} {y} {z} {e}` stand for where the program is.
        guilty: index in `lines` of the wrong one.
    """

    rule: str
    lines: tuple[str, ...]
    guilty: int = 0


@dataclass(frozen=True, slots=True)
class Planted:
    """Where a fault went.

    Attributes:
        rule: as in `Fault`.
        line: of the guilty line, 1-based.
        first_line, last_line: of all lines put in; what lies in no fault's lines is clean.
    """

    rule: str
    line: int
    first_line: int
    last_line: int


PRINT_FAULTS = (
    Fault("travel-out-of-bounds", ("G1 X612.5 Y104", "G1 X{x} Y{y}")),
    Fault(
        "out-of-bounds",
        ("G92 E0", "G1 X-31.5 Y104 E2", "G1 X{x} Y{y}", "G92 E{e}"),
        guilty=1,
    ),
    Fault("below-bed", ("G1 Z-1.5", "G1 Z{z}")),
    Fault("nozzle-too-hot", ("M104 S320", "M104 S210")),
    Fault("bed-too-hot", ("M140 S150", "M140 S60")),
    Fault("protection", ("M211 S0",)),
    Fault("settings", ("M500",)),
    Fault("files", ("M30 other.gco",)),
    Fault("firmware", ("M997",)),
    Fault("pins", ("M42 P4 S255",)),
    Fault("calibration", ("G33",)),
    Fault("inches", ("G20", "G21")),
    Fault("not-ascii", ("G1 X1\u00e0",)),
    Fault("checksum", ("N10 G1 X100*99",)),
    Fault("repeated-word", ("G1 X10 X20",)),
    Fault("unfamiliar-command", ("M9876",)),
    Fault("unfamiliar-word", ("M106 Q3",)),
    Fault("override", ("M221 S300", "M221 S100")),
    Fault("negative-dwell", ("G4 P-1000",)),
    Fault("long-dwell", ("G4 S900",)),
    Fault("bad-arc", ("G2 X{x} Y100 I0.1 J0.1", "G1 X{x} Y{y}")),
)
"""For a Marlin printer; the print counts filament absolutely."""

LASER_FAULTS = (
    Fault("settings", ("$32=0",)),
    Fault("origin-stored", ("G10 L2 P1 X0",)),
    Fault("machine-position", ("G53 G0 X1",)),
    Fault("probe", ("G38.2 Z-1 F100",)),
    Fault("feed-mode", ("G93",)),
    Fault("milling", ("M6 T1",)),
    Fault("unknown-command", ("M106 S1",)),
    Fault("constant-power", ("M3 S0", "M4 S0")),
    Fault("beam-while-still", ("M3 S300", "G4 P1", "M4 S0"), guilty=1),
    Fault("exponent", ("G1 X1e2",)),
    Fault("not-ascii", ("G1 X1\u00e0",)),
    Fault("realtime", ("G1 X1?",)),
    Fault("repeated-word", ("G1 X10 X20",)),
    Fault("negative-dwell", ("G4 P-1",)),
    Fault("long-dwell", ("M5", "G4 P30", "M4 S0"), guilty=1),
)
_ABSOLUTE_FAULTS = (
    Fault("power-over-max", ("G1 X100 Y100 S999",)),
    Fault("out-of-bounds", ("G1 X700.5 Y100 S300", "G0 X100 Y100")),
    Fault("travel-out-of-bounds", ("G0 X-40.5 Y100", "G0 X100 Y100")),
    Fault("bad-arc", ("G2 X100 Y100 I0.1 J0.1 S0", "G0 X100 Y100")),
)
_COMPACT_FAULTS = (
    Fault("power-over-max", ("G1X5S999", "G0X-5")),
    Fault("out-of-bounds", ("G1X650.5S300", "G0X-650.5")),
    Fault("travel-out-of-bounds", ("G0X-400.5", "G0X400.5")),
    Fault("bad-arc", ("G2X20Y20I0.1J0.1S0", "G0X-20Y-20")),
)
ABSOLUTE_FAULTS = (*LASER_FAULTS, *_ABSOLUTE_FAULTS)
"""For a GRBL laser, put in before a row that begins with `G0 X Y`."""
COMPACT_FAULTS = (*LASER_FAULTS, *_COMPACT_FAULTS)
"""The same in relative coordinates, put in before a `G0Y0.1` that ends a row."""

LAYER = b";LAYER_CHANGE\n"
ROW = b"G0 X"
COMPACT_ROW = b"G0Y0.1\n"


def plant(clean: bytes, faults: Sequence[Fault], seam: bytes) -> tuple[bytes, list[Planted]]:
    """Put faults into a program, evenly spread.

    Args:
        clean: the program.
        faults: one after the other, in this order.
        seam: beginning of the lines before which faults may be put in: after them the program
            says anew where it goes.

    Raises:
        ValueError: the program has too few seams, or says nothing of an axis before a fault.
    """
    pattern = re.compile(b"^" + re.escape(seam), re.MULTILINE)
    seams = [found.start() for found in pattern.finditer(clean)]
    # The first seam is left alone: before it the program has gone nowhere yet.
    if len(seams) <= len(faults):
        raise ValueError(f"{len(faults)} faults need more than {len(seams)} seams")
    pieces: list[bytes] = []
    planted: list[Planted] = []
    done, line = 0, 0
    for number, fault in enumerate(faults, start=1):
        at = seams[len(seams) * number // (len(faults) + 1)]
        pieces.append(clean[done:at])
        line += pieces[-1].count(b"\n")
        block = _filled(fault, clean[max(0, at - _LOOK_BACK_BYTES) : at])
        pieces.append(block)
        planted.append(
            Planted(fault.rule, line + 1 + fault.guilty, line + 1, line + len(fault.lines))
        )
        done, line = at, line + len(fault.lines)
    pieces.append(clean[done:])
    return b"".join(pieces), planted


def _filled(fault: Fault, before: bytes) -> bytes:
    text = "".join(f"{line}\n" for line in fault.lines)
    places = {letter.lower(): _last(before, letter) for letter in "XYZE" if f"{{{letter.lower()}}}"
              in text}  # fmt: skip
    return text.format(**places).encode("utf-8")


def _last(before: bytes, letter: str) -> str:
    """Give what a program said last of an axis."""
    found = _PLACE[letter].findall(before)
    if not found:
        raise ValueError(f"the program says nothing of {letter} before a fault")
    return bytes(found[-1]).decode("ascii")


def plant_file(clean: Path, target: Path, faults: Sequence[Fault], seam: bytes) -> list[Planted]:
    """Do the same from file to file; gives where each fault went."""
    content, planted = plant(clean.read_bytes(), faults, seam)
    target.write_bytes(content)
    return planted
