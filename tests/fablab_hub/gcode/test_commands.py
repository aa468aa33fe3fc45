"""From words to commands, in the order of the firmware."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fablab_hub.gcode.commands import commands_of
from fablab_hub.gcode.dialects.grbl import GRBL
from fablab_hub.gcode.dialects.marlin import MARLIN
from fablab_hub.gcode.dialects.table import Dialect
from fablab_hub.gcode.words import Flaw, Unparsed, decode


def said(line: str, dialect: Dialect, motion: str = "G1") -> list[str] | Flaw:
    words = decode(line.encode(), dialect.syntax)
    assert isinstance(words, tuple) and not isinstance(words, Unparsed)
    found = commands_of(words, motion, dialect)  # type: ignore[arg-type]  # a tuple of words
    if isinstance(found, Unparsed):
        return found.flaw
    return [command.text(is_compact=False).decode() for command in found]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("G1 X10 S500 G90 M4 F600", ["M4 S500", "G90", "G1 X10 F600"]),
        ("X10Y5", ["G1 X10 Y5"]),
        ("F600", ["F600"]),
        ("S200 F600", ["F600", "S200"]),
        ("G00 G17 G40 G21 G54", ["G21", "G17", "G40", "G54", "G0"]),
        ("G4 P0.5 M5", ["M5", "G4 P0.5"]),
        ("G91 G28 X0", ["G91", "G28 X0"]),
        ("G0 X1 M2", ["G0 X1", "M2"]),
    ],
)
def test_a_grbl_block_runs_in_the_firmware_s_order(line: str, expected: list[str]) -> None:
    assert said(line, GRBL) == expected


@pytest.mark.parametrize(
    ("line", "flaw"),
    [
        ("G0 G1 X1", Flaw.CONFLICT),
        ("M3 M5", Flaw.CONFLICT),
        ("G1 G28 X1", Flaw.CONFLICT),
        ("G1 X1 X2", Flaw.REPEATED),
        ("G1 X1 E2", Flaw.UNKNOWN_WORD),
        ("G21 P3", Flaw.UNKNOWN_WORD),
    ],
)
def test_a_grbl_block_that_contradicts_itself_is_named(line: str, flaw: Flaw) -> None:
    assert said(line, GRBL) == flaw


@given(st.permutations(["G1", "X10", "Y5", "M4", "S300", "F600", "G90", "G21"]))
def test_the_order_of_writing_means_nothing_on_grbl(parts: list[str]) -> None:
    assert said(" ".join(parts), GRBL) == ["G21", "M4 S300", "G90", "G1 " + " ".join(
        part for part in parts if part in ("X10", "Y5", "F600")
    )]  # fmt: skip


def test_a_printer_runs_commands_as_they_are_written() -> None:
    assert said("G90 G1 X1 E2 M104 T0 S200", MARLIN) == ["G90", "G1 X1 E2", "M104 T0 S200"]
    assert said("X5 E1", MARLIN, "G0") == ["G0 X5 E1"]
    assert said("T1", MARLIN) == ["T1"]
    assert said("G1 X1 X2", MARLIN) == Flaw.REPEATED
    assert said("S200", MARLIN) == Flaw.UNREADABLE
