"""The program that a laser runs: dark on the way, true arcs, and nothing that a check refuses."""

import dataclasses
import math
import re
from pathlib import Path as FilePath

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fablab_hub.core.errors import FileError
from fablab_hub.core.materials import OperationKind, Preset
from jobs.checks.gcode import check_program
from jobs.geometry.path import Arc, Path, bounds_of
from jobs.geometry.reading import read_drawing
from jobs.report import Severity
from jobs.toolpath.laser import make_program
from jobs.toolpath.operations import Operation, assign
from jobs.toolpath.order import order
from jobs.toolpath.placing import Placing, place
from tests.jobs.toolpath.conftest import circle, line, square

GOLDEN = FilePath(__file__).parents[2] / "data" / "golden"
KEYRING = FilePath(__file__).parents[3] / "fablab_hub/cli/demo_files/porte-cles-phare.dxf"
CUT, SCORE = OperationKind.CUT, OperationKind.SCORE


def _program(operations, laser, plywood) -> list[bytes]:
    return list(make_program(operations, laser, plywood))


def test_the_program_is_the_one_that_was_read_by_a_person(laser, plywood, update_golden):
    operations = [
        Operation(SCORE, line((10, 20), (40, 20))),
        Operation(CUT, circle(25, 20, 5)),
        Operation(CUT, square(5, 5, 40)),
    ]
    text = b"\n".join(_program(operations, laser, plywood)).decode() + "\n"
    golden = GOLDEN / "laser-square.gcode"
    if update_golden:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(text)
    assert text == golden.read_text()


def test_power_and_feed_are_the_materials_and_never_over_the_machines(laser, plywood):
    lines = _program([Operation(CUT, square(5, 5, 40))], laser, plywood)
    text = b"".join(lines).decode()
    assert "F900" in text
    powers = [float(s) for s in re.findall(r"S([\d.]+)", text)]
    assert max(powers) == pytest.approx(0.75 * 1000)
    assert max(powers) <= laser.laser.max_power * laser.laser.full_power_s


def test_it_begins_and_ends_dark(laser, plywood):
    lines = _program([Operation(CUT, square(5, 5, 40))], laser, plywood)
    assert lines[:3] == [b"G21", b"G90", b"M4 S0"]
    assert lines[-2:] == [b"M5 S0", b"G0X0Y0"]


def test_more_passes_follow_the_same_line_again_without_travel(laser, plywood):
    thick = dataclasses.replace(plywood, cut=dataclasses.replace(plywood.cut, passes=3))
    round_, straight = Operation(CUT, circle(25, 20, 5)), Operation(CUT, line((9, 9), (20, 9)))
    lines = _program([round_], laser, thick)
    assert sum(b"I" in row for row in lines) == 6
    lines = _program([straight], laser, thick)
    assert [row for row in lines if b"X" in row] == [
        b"G0X9Y9", b"G1X20S750F900", b"X9", b"X20", b"G0X0Y0",
    ]  # fmt: skip


def test_the_beam_is_off_while_travelling(laser, plywood):
    operations = [Operation(CUT, square(n * 30, 5, 20)) for n in range(4)]
    power = "S0"
    for row in _program(operations, laser, plywood):
        if found := re.search(r"S[\d.]+", row.decode()):
            power = found[0]
        if row.startswith(b"G0"):
            assert power == "S0", row


def test_a_preset_over_the_machine_is_capped(laser, plywood):
    hot = Preset(power=1.0, feed_mm_min=90_000)
    small = dataclasses.replace(
        laser, laser=dataclasses.replace(laser.laser, max_power=0.333, full_power_s=255)
    )
    (row,) = [
        row
        for row in _program(
            [Operation(CUT, line((0, 0), (9, 0)))], small, dataclasses.replace(plywood, cut=hot)
        )
        if b"F" in row
    ]
    assert row == b"G1X9S84.915F15000"


@pytest.mark.parametrize(
    ("arc", "words"),
    [
        (Arc((10, 10), (10.005, 10.005), (10.005, 10), True), b"G1"),  # tiny
        (Arc((10, 10), (20, 10), (15, -5000), True), b"G1"),  # nearly straight
        (Arc((10, 10), (30, 10), (20, 10), False), b"G3"),
        (Arc((10, 10), (30, 10), (20, 10), True), b"G2"),
        (Arc((20, 0), (20, 0.0004), (10, 0), True), b"G2"),
        (Arc((10, 10), (9_000, 10), (4_505, -9_000), True), b"G1"),  # many short lines
    ],
)
def test_an_arc_is_written_as_what_the_firmware_draws_well(laser, plywood, arc, words):
    rows = _program([Operation(CUT, Path(segments=(arc,), layer="0"))], laser, plywood)
    assert next(row for row in rows if b"F" in row).startswith(words)


@pytest.mark.parametrize(("end", "count"), [((40, 30), 2), ((30, 20), 2), ((20, 30), 1)])
def test_more_than_half_a_turn_is_two_arcs(laser, plywood, end, count):
    arc = Arc((40, 30), end, (30, 30), False)
    rows = _program([Operation(CUT, Path(segments=(arc,), layer="0"))], laser, plywood)
    assert sum(b"I" in row for row in rows) == count


@pytest.mark.parametrize("gap", [0.0, 0.0004, 0.001, 0.01])
@pytest.mark.parametrize("is_clockwise", [True, False])
def test_a_nearly_full_turn_stays_a_nearly_full_turn(laser, plywood, gap, is_clockwise):
    """An arc whose ends round to one place must neither vanish nor be driven twice."""
    angle = (1 if is_clockwise else -1) * gap / 10
    end = (30 + 10 * math.cos(angle), 30 + 10 * math.sin(angle))
    arc = Arc((40, 30), end, (30, 30), is_clockwise)
    operations = [Operation(CUT, Path(segments=(arc,), layer="0"))]
    checked = check_program(make_program(operations, laser, plywood), laser, plywood, _nowhere)
    assert checked.facts.cut_mm == pytest.approx(2 * math.pi * 10, rel=0.001)


def test_an_operation_that_the_material_does_not_allow_is_refused(lab, laser):
    with pytest.raises(FileError):
        _program([Operation(CUT, square(5, 5, 40))], laser, lab.materials["pvc-3"])


def _nowhere(_: bytes) -> None:
    """Throw a canonical program away."""


PLACES = st.tuples(st.floats(0, 300), st.floats(0, 300))
ARCS = st.builds(
    lambda centre, radius, start, sweep, is_clockwise: Arc(
        (centre[0] + radius * math.cos(start), centre[1] + radius * math.sin(start)),
        (
            centre[0] + radius * math.cos(start + sweep),
            centre[1] + radius * math.sin(start + sweep),
        ),
        centre,
        is_clockwise,
    ),
    PLACES,
    st.floats(0.001, 1e5),
    st.floats(0, 2 * math.pi),
    st.floats(0.0005, 6.28),
    st.booleans(),
)


@settings(deadline=None, max_examples=300)
@given(ARCS)
@example(Arc((0.0, 0.0), (0.0, 0.001), (0.0, 0.0005), True))
def test_any_arc_is_drawn_within_a_hundredth_of_a_millimetre(laser, plywood, arc):
    wide = dataclasses.replace(laser, bed_mm=(10_000, 10_000, 0))
    path = Path(segments=(arc,), layer="0")
    low = bounds_of([path]).min_mm
    path = path.moved((5 - low[0], 5 - low[1]))
    size = bounds_of([path]).size_mm
    if max(size) > 9_000:
        return
    program = list(make_program([Operation(CUT, path)], wide, plywood))
    checked = check_program(program, wide, plywood, _nowhere)
    assert {f.rule for f in checked.findings if f.severity is Severity.REFUSE} <= {"gcode.no-work"}
    if checked.facts.bounds_mm is None:
        assert max(size) < 0.01
        return
    # A loop smaller than a hundredth of a millimetre becomes a line.
    assert checked.facts.cut_mm == pytest.approx(path.length_mm, rel=0.001, abs=0.035)
    drawn = bounds_of([path])
    assert checked.facts.bounds_mm.min_mm[:2] == pytest.approx(drawn.min_mm[:2], abs=0.011)
    assert checked.facts.bounds_mm.max_mm[:2] == pytest.approx(drawn.max_mm[:2], abs=0.011)


SHAPES = st.lists(
    st.tuples(
        st.sampled_from([square, circle]),
        st.floats(70, 200),
        st.floats(70, 200),
        st.floats(0.5, 60),
        st.sampled_from(OperationKind),
    ),
    min_size=1,
    max_size=12,
)


@settings(deadline=None)
@given(SHAPES)
def test_the_check_finds_nothing_wrong_and_measures_the_same(laser, plywood, shapes):
    operations = order([Operation(kind, make(x, y, size)) for make, x, y, size, kind in shapes])
    checked = check_program(make_program(operations, laser, plywood), laser, plywood, _nowhere)
    assert [f for f in checked.findings if f.severity is not Severity.ADVISE] == []
    drawn = bounds_of(operation.path for operation in operations)
    assert checked.facts.bounds_mm.min_mm[:2] == pytest.approx(drawn.min_mm[:2], abs=0.01)
    assert checked.facts.bounds_mm.max_mm[:2] == pytest.approx(drawn.max_mm[:2], abs=0.01)
    length = sum(operation.path.length_mm for operation in operations)
    assert checked.facts.cut_mm == pytest.approx(length, rel=0.01, abs=0.05)


def test_the_demos_key_ring_becomes_the_program_that_was_read_by_a_person(
    laser, plywood, update_golden
):
    drawn = assign(read_drawing(KEYRING))
    assigned = place(drawn, (0, 0, *laser.bed_mm[:2]), Placing()).assigned
    rows = _program(order(assigned.operations), laser, plywood)
    golden = GOLDEN / "laser-keyring.gcode"
    text = b"\n".join(rows).decode() + "\n"
    if update_golden:
        golden.write_text(text)
    assert text == golden.read_text()
