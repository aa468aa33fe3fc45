"""Where the machine is at a line: found by the check's own reading, however the file is cut."""

import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fablab_hub.gcode.kernel import SWITCH
from jobs.checks.gcode_reading import Limits
from jobs.line_chunks import line_chunks
from jobs.picture_marks import lines_to_mark
from jobs.picture_spots import spots_of_lines
from jobs.report import Finding, Severity, Where
from tests.jobs.test_picture import LASER, PRINTER


def spots(text, *lines, machine=LASER, piece=1 << 20, limits=None):
    chunks = line_chunks(io.BytesIO(text.encode()), piece)
    return spots_of_lines(chunks, lines, machine, limits or Limits())


def test_the_place_of_a_line_is_where_its_move_ends():
    assert spots("G90\nG0 X10 Y20\nM4 S300\nG1 X30 F600\n", 2, 3, 4) == {
        2: (10, 20),
        3: (10, 20),
        4: (30, 20),
    }


def test_places_follow_inches_relative_moves_renamed_positions_and_arcs():
    text = "G20\nG0 X1\nG21\nG91\nG0 Y5\nG90\nG92 X0\nG0 X10\nM4 S9\nG2 X10 Y15 I0 J5 F600"
    assert spots(text, 2, 5, 8, 10) == {
        2: (25.4, 0),
        5: (25.4, 5),
        8: (35.4, 5),
        10: (35.4, 15),
    }


def test_a_line_that_the_machine_refuses_moves_nothing():
    assert spots("G0 X10\nG999 X50\nG0 X20", 2) == {2: (10, 0)}


def test_lines_past_the_end_have_no_place_and_a_last_line_needs_no_end():
    assert spots("G0 X10\r\nG0 X20", 2, 3, 900) == {2: (20, 0)}
    assert spots("", 1) == {}


def test_a_printer_is_at_home_before_it_moves():
    text = "M104 S500\nG28\nG1 X30 Y40 F600\nM84"
    assert spots(text, 1, 4, machine=PRINTER) == {1: (0, 0), 4: (30, 40)}


def test_reading_stops_where_the_check_stopped_and_keeps_what_it_found():
    text = "G0 X10\nG0 X20\nG0 X30\n"
    assert spots(text, 1, 3, limits=Limits(max_lines=2)) == {1: (10, 0)}


def test_the_rest_of_a_long_file_is_not_read():
    def chunks():
        yield b"G0 X10\nG0 X20\n"
        raise AssertionError("the only line wanted was found already")

    assert spots_of_lines(chunks(), [2], LASER, Limits()) == {2: (20, 0)}


def test_only_the_first_places_of_a_finding_are_looked_for():
    many = Finding(
        rule="gcode.any",
        severity=Severity.ASK,
        where=tuple(Where(line=line) for line in range(1, 20)),
    )
    placed = Finding(rule="any", severity=Severity.ASK, where=(Where(line=50, at_mm=(1.0, 1.0)),))
    assert lines_to_mark([many, placed]) == {1, 2, 3}


LINES = st.sampled_from([
    "G0 X10 Y5", "G1 X3.5 S100 F600", "X7", "G91", "G90", "G2 X5 Y5 I1 J1", "G92 X1", "G20", "G21",
    "(note)", "", "M4 S10", "M5", "G28", "g0x1y2", "N5 G1 Y9", "G54", "M2", "$H", "G0 X1e3",
])  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(
    lines=st.lists(LINES, max_size=14),
    wanted=st.lists(st.integers(1, 16), max_size=5),
    piece=st.integers(1, 30),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
@example(lines=["G0 X10 Y5", "X7"], wanted=[1, 2], piece=1, end="\r\n")
def test_neither_the_cuts_nor_the_compiled_scan_change_a_place(lines, wanted, piece, end):
    text = end.join(lines)
    whole = spots(text, *wanted)
    assert spots(text, *wanted, piece=piece) == whole
    assert set(whole) == {line for line in wanted if line <= len(text.splitlines())}
    for line, at_mm in whole.items():
        assert spots(end.join(lines[:line]) + end, line) == {line: at_mm}, "what follows is nothing"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SWITCH, "python")
        assert spots(text, *wanted) == whole
