"""The program that a laser runs: dark on the way, true arcs, and nothing that a check refuses."""

import dataclasses
import re
from pathlib import Path as FilePath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fablab_hub.core.errors import FileError
from fablab_hub.core.materials import OperationKind
from jobs.checks.gcode import check_program
from jobs.geometry.path import bounds_of
from jobs.report import Severity
from jobs.toolpath.laser import make_program
from jobs.toolpath.operations import Operation
from jobs.toolpath.order import order
from tests.jobs.toolpath.conftest import circle, line, square

GOLDEN = FilePath(__file__).parents[2] / "data" / "golden"
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
    assert lines[:3] == [b"G21", b"G90", b"M4S0"]
    assert lines[-2:] == [b"M5S0", b"G0X0Y0"]


def test_more_passes_follow_the_same_line_again(lab, laser, plywood):
    thick = dataclasses.replace(plywood, cut=dataclasses.replace(plywood.cut, passes=3))
    once = _program([Operation(CUT, circle(25, 20, 5))], laser, plywood)
    thrice = _program([Operation(CUT, circle(25, 20, 5))], laser, thick)
    arcs = [sum(row.startswith((b"G2", b"G3")) for row in rows) for rows in (once, thrice)]
    assert arcs == [2, 6]


def test_an_operation_that_the_material_does_not_allow_is_refused(lab, laser):
    with pytest.raises(FileError):
        _program([Operation(CUT, square(5, 5, 40))], laser, lab.materials["pvc-3"])


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
    checked = check_program(
        make_program(operations, laser, plywood), laser, plywood, lambda _: None
    )
    assert [f for f in checked.findings if f.severity is not Severity.ADVISE] == []
    drawn = bounds_of(operation.path for operation in operations)
    assert checked.facts.bounds_mm.min_mm[:2] == pytest.approx(drawn.min_mm[:2], abs=0.01)
    assert checked.facts.bounds_mm.max_mm[:2] == pytest.approx(drawn.max_mm[:2], abs=0.01)
    length = sum(operation.path.length_mm for operation in operations)
    assert checked.facts.cut_mm == pytest.approx(length, rel=0.01, abs=0.05)
