"""What holds for every program."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fablab_hub.core.errors import LimitExceededError
from fablab_hub.core.machines import Machine
from jobs.checks.gcode import check_program
from jobs.checks.gcode_reading import Limits
from jobs.report import Severity

Check = Any

bounded = settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)

number = st.integers(-800_000, 800_000).map(lambda n: f"{n / 1000:g}")
size = st.integers(0, 20_000).map(str)


def _line(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(" ".join).map(lambda line: " ".join(line.split()))


def _word(letter: str, value: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(st.just(""), value.map(lambda text: letter + text))


laser_line = st.one_of(
    _line(st.sampled_from(["G0", "G1", "G01", ""]), _word("X", number), _word("Y", number),
          _word("S", size), _word("F", size)),
    _line(st.sampled_from(["G2", "G3"]), _word("X", number), _word("Y", number),
          _word("I", number), _word("J", number), _word("R", number)),
    st.sampled_from(["G20", "G21", "G90", "G91", "G92 X0 Y0", "G17", "G18", "M3 S500", "M4", "M5",
                     "M7", "M8", "G4 P1", "G28", "G55", "G54", "M2", "M0", "S300", "F600",
                     "G21 G90 M4 S10 G1 X5", "G80", "(note)", "%", "$H", "M6", "G1", "N5 G0 X1"]),
)  # fmt: skip
printer_line = st.one_of(
    _line(st.sampled_from(["G0", "G1"]), _word("X", number), _word("Y", number),
          _word("Z", number), _word("E", number), _word("F", size)),
    _line(st.sampled_from(["G2", "G3"]), _word("X", number), _word("Y", number),
          _word("I", number), _word("J", number), _word("E", number)),
    _line(st.sampled_from(["M104", "M109", "M140", "M190"]), _word("S", size)),
    _line(st.just("G5"), *(_word(letter, number) for letter in "XYZIJPQE")),
    st.sampled_from(["M106 S-5", "M204 S0", "M204 P-1 T5", "G1 E250", "G1 Z0.2", "G1 Z2.5"]),
    st.sampled_from(["G28", "G28 X", "G92 E0", "G92", "G90", "G91", "M82", "M83", "M84", "M117 hi",
                     "M201 X5", "M204 P900", "G4 P500", "M600", "T1", "M4711 S3", "G29", "M106 S9",
                     "START_PRINT BED=60", "M221 S95", "X5 Y5", "G21", "; note", "M5"]),
)  # fmt: skip
laser_program = st.lists(laser_line, max_size=25).map("\n".join)
printer_program = st.lists(printer_line, max_size=25).map("\n".join)


def _refusals(found: Any) -> set[str]:
    return {f.rule for f in found.check.findings if f.severity is Severity.REFUSE}


def _agree(first: Any, again: Any) -> None:
    assert again.program == first.program
    a, b = first.check.facts, again.check.facts
    for name in type(a).__dataclass_fields__:
        if name == "lines":
            continue
        if name.endswith("bounds_mm") and getattr(a, name) is not None:
            assert getattr(a, name) == getattr(b, name)
        else:
            assert getattr(a, name) == pytest.approx(getattr(b, name)), name
    assert _refusals(again) - {"gcode.no-motion"} <= _refusals(first)


@bounded
@given(laser_program)
@example("G91\nM4 S5\nX1 F600")
@example("G80\nM2")
def test_a_laser_program_checked_again_is_the_same_program(
    check: Check, laser: Machine, program: str
) -> None:
    first = check(program, laser)
    if not _refusals(first):
        _agree(first, check(first.program, laser))


@bounded
@given(printer_program)
@example("M104 S200\nG1 X1 E1")
@example("G91\nM82\nG1 X1 E1")
def test_a_print_checked_again_is_the_same_program(
    check: Check, prusa: Machine, program: str
) -> None:
    first = check(program, prusa)
    if not _refusals(first):
        _agree(first, check(first.program, prusa))


@bounded
@given(laser_program, st.floats(0, 500), st.floats(0, 500))
def test_a_bed_that_contains_the_bed_refuses_no_more(
    check: Check, laser: Machine, program: str, wider_mm: float, deeper_mm: float
) -> None:
    larger = replace(laser, bed_mm=(600 + wider_mm, 400 + deeper_mm, 0.0))
    assert _refusals(check(program, larger)) <= _refusals(check(program, laser))


@bounded
@given(printer_program, st.floats(0, 10))
def test_a_wider_margin_refuses_no_more(
    check: Check, prusa: Machine, program: str, more_mm: float
) -> None:
    larger = replace(prusa, margin_mm=5 + more_mm)
    assert _refusals(check(program, larger)) <= _refusals(check(program, prusa))


@bounded
@given(laser_program, st.data())
def test_comments_case_and_spaces_change_nothing(
    check: Check, laser: Machine, program: str, data: st.DataObject
) -> None:
    noisy = [
        line.replace(" ", data.draw(st.sampled_from([" ", "  ", "\t"]))).lower()
        + data.draw(st.sampled_from(["", " ; é", "(à !)", "\r"]))
        for line in program.split("\n")
    ]
    first, again = check(program, laser), check("\n".join(noisy), laser)
    assert (again.program, again.check.facts) == (first.program, first.check.facts)
    assert again.rules == first.rules


@bounded
@given(printer_program)
def test_the_fast_way_and_the_slow_way_agree(check: Check, prusa: Machine, program: str) -> None:
    slowly = "\n".join(" " + line for line in program.split("\n"))
    first, again = check(program, prusa), check(slowly, prusa)
    assert (again.program, again.rules) == (first.program, first.rules)
    assert again.check.facts == first.check.facts


@bounded
@given(st.lists(st.binary(max_size=40), max_size=20))
def test_any_bytes_end_in_a_check_and_the_program_stays_clean(
    check: Check, laser: Machine, prusa: Machine, lines: list[bytes]
) -> None:
    for machine in (laser, prusa):
        found = check(b"\n".join(lines), machine)
        assert all(0x20 <= byte < 0x7F or byte == 0x0A for byte in found.program)
        assert b"$" not in found.program
        assert max(map(len, found.lines)) <= 80


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(max_bytes=1000), "check.too-large"),
        (Limits(max_lines=100), "check.too-many-lines"),
        (Limits(max_commands=20), "check.too-many-lines"),
        (Limits(max_moves=100), "check.too-many-lines"),
    ],
)
def test_a_file_beyond_a_limit_is_refused_early(prusa: Machine, limits: Limits, code: str) -> None:
    lines = iter([b"G1 X1", b"M221 S99", b"G1 X0"] * 5000)
    with pytest.raises(LimitExceededError) as caught:
        check_program(lines, prusa, None, lambda _: None, limits=limits)
    assert caught.value.code == code
