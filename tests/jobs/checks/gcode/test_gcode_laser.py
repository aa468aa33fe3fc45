"""Programs for a GRBL laser."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fablab_hub.core.machines import Machine
from fablab_hub.core.materials import Material
from jobs.report import Severity, Verdict

Check = Any

START = "G21\nG90\nM4 S0\n"


def test_a_plain_square_and_circle_are_accepted_and_measured(
    check: Check, laser: Machine, plywood: Material, gcode_files: Path
) -> None:
    found = check((gcode_files / "laser_square.gcode").read_bytes(), laser, plywood)
    assert found.verdict is Verdict.ACCEPTED, found.rules
    facts = found.check.facts
    assert facts.bounds_mm.min_mm == pytest.approx((10, 10, 0))
    assert facts.bounds_mm.max_mm == pytest.approx((50, 50, 0))
    assert facts.travel_bounds_mm.min_mm == pytest.approx((0, 0, 0))
    assert facts.cut_mm == pytest.approx(160 + 2 * 3.14159265 * 5, abs=0.1)
    assert facts.max_power == pytest.approx(0.6)
    assert facts.max_feed_mm_min == 1200
    assert 9.5 < facts.duration_s < 14


def test_the_program_is_ascii_one_command_a_line_and_ends_dark(
    check: Check, laser: Machine, gcode_files: Path
) -> None:
    found = check((gcode_files / "laser_engraving.nc").read_bytes(), laser)
    assert found.program.isascii() and found.program.endswith(b"\nM5 S0\n")
    assert found.check.program_lines == len(found.lines)
    assert found.lines == [
        "G21", "G17", "G90", "G94", "G54", "M5 S0",
        "G0X10Y10", "M4", "G91", "G1X0.1S120F3000", "G1X0.1S340", "G1X0.1S0", "G1X0.1S340",
        "G1Y0.1S0", "G1X-0.4S200", "G90", "M5", "M5 S0",
    ]  # fmt: skip


def test_the_real_time_bytes_of_an_accented_comment_never_reach_the_program(
    check: Check, laser: Machine
) -> None:
    found = check("G1 X1 F100 (déjà prêt ? oui ! ~) ; À bientôt\n", laser)
    assert not set(found.program) & (set(range(0x80, 0x100)) | set(b"?!~\x18$"))


@pytest.mark.parametrize(
    ("x_mm", "is_inside"), [(600.0, True), (600.001, False), (0.0, True), (-0.001, False)]
)
def test_touching_the_edge_is_inside_and_a_micron_more_is_not(
    check: Check, laser: Machine, x_mm: float, is_inside: bool
) -> None:
    found = check(f"{START}G1 X{x_mm} Y10 F600 S300\nM5\n", laser)
    assert ("out-of-bounds" not in found.rules) == is_inside


def test_work_outside_names_its_lines_and_how_far(check: Check, laser: Machine) -> None:
    found = check(f"{START}G1 X10 F600 S300\nG1 X650\nG1 X10\nM5", laser)
    (finding,) = [f for f in found.check.findings if f.rule == "gcode.out-of-bounds"]
    assert [where.line for where in finding.where] == [5, 6]
    assert finding.count == 2 and finding.facts["over_mm"] == 50.0


def test_an_arc_that_bulges_out_of_the_bed_is_outside(check: Check, laser: Machine) -> None:
    found = check(f"{START}G0 X590 Y100\nG2 X590 Y60 I0 J-20 F600 S300\nM5", laser)
    assert "out-of-bounds" in found.rules
    assert found.check.facts.bounds_mm.max_mm[0] == pytest.approx(610)
    inside = check(f"{START}G0 X590 Y100\nG3 X590 Y60 I0 J-20 F600 S300\nM5", laser)
    assert "out-of-bounds" not in inside.rules


def test_inches_are_measured_in_millimetres(check: Check, laser: Machine) -> None:
    facts = check("G20\nM4 S100\nG1 X1 F10\nM5", laser).check.facts
    assert facts.bounds_mm.max_mm[0] == pytest.approx(25.4)
    assert facts.max_feed_mm_min == pytest.approx(254)


def test_a_shifted_origin_is_followed_and_asked_about(check: Check, laser: Machine) -> None:
    found = check("G21\nG0 X100\nG92 X0\nM4 S100\nG1 X550 F600\nM5", laser)
    assert {"shifted-origin", "out-of-bounds"} <= found.rules


@pytest.mark.parametrize(("s", "is_fine"), [(900, True), (900.5, False), (1000, False)])
def test_power_stops_at_the_machine_s_cap(
    check: Check, laser: Machine, s: float, is_fine: bool
) -> None:
    found = check(f"{START}G1 X10 F600 S{s}\nM5", laser)
    assert ("power-over-max" not in found.rules) == is_fine
    assert found.check.facts.max_power == pytest.approx(min(1, s / 1000))


def test_a_pause_with_the_beam_on_is_refused(check: Check, laser: Machine) -> None:
    lit = "G21\nG90\nM3 S300\nG1 X10 F600\nG4 P1\nM5"
    assert "beam-while-still" in check(lit, laser).rules
    assert "beam-while-still" not in check(lit.replace("M3", "M4"), laser).rules
    assert "beam-while-still" not in check(lit.replace("G4", "M5\nG4"), laser).rules


@pytest.mark.parametrize(("pause_s", "is_long"), [(5, False), (5.1, True)])
def test_a_pause_longer_than_the_machine_s_limit_is_asked_about(
    check: Check, laser: Machine, pause_s: float, is_long: bool
) -> None:
    found = check(f"G21\nG0 X1\nG4 P{pause_s}", laser)
    assert ("long-dwell" in found.rules) == is_long
    assert found.check.facts.duration_s > pause_s


def test_a_file_that_ends_with_the_beam_on_is_ended_for_it(check: Check, laser: Machine) -> None:
    found = check(f"{START}G1 X10 F600 S300", laser)
    assert "ends-with-beam-on" in found.rules
    assert found.lines[-1] == "M5 S0"
    assert "ends-with-beam-on" not in check(f"{START}G1 X10 F600 S300\nM2", laser).rules


def test_nothing_after_the_end_is_run(check: Check, laser: Machine) -> None:
    found = check(f"{START}G1 X10 F600 S300\nM2\n(bye)\nG1 X9999\n", laser)
    assert "after-end" in found.rules and "out-of-bounds" not in found.rules
    assert "9999" not in found.program.decode()


def test_the_state_that_another_program_left_is_set_back_first(
    check: Check, laser: Machine
) -> None:
    assert check("G0 X1", laser).lines[:6] == ["G21", "G17", "G90", "G94", "G54", "M5 S0"]


def test_a_refused_command_is_not_in_the_program(check: Check, laser: Machine) -> None:
    found = check("G21\n$120=9000\nG10 L2 P1 X5\nG53 G0 X1\nG0 X1", laser)
    assert {"settings", "origin-stored", "machine-position"} <= found.rules
    assert found.lines[6:] == ["G0X1", "M5 S0"]


def test_a_forbidden_or_unknown_material_is_never_accepted(
    check: Check, laser: Machine, plywood: Material
) -> None:
    program = f"{START}G1 X10 F900 S300\nM5"
    assert check(program, laser, plywood).verdict is Verdict.ACCEPTED
    assert check(program, laser, None).verdict is Verdict.NEEDS_APPROVAL
    staff = check(program, laser, replace(plywood, needs_staff=True))
    assert staff.rules == {"material-staff"}
    forbidden = check(program, laser, replace(plywood, is_forbidden=True))
    assert forbidden.verdict is Verdict.REFUSED


def test_the_wire_sets_a_floor_under_the_time(check: Check, laser: Machine) -> None:
    raster = START + "".join(f"G1 X{i / 1000:.3f} S{i % 900} F12000\n" for i in range(2000))
    quick = check(raster, laser).check.facts.duration_s
    slow = check(raster, replace(laser, baud=9600)).check.facts.duration_s
    assert slow > quick and slow > 2000 * 10 * 15 / 9600


def test_findings_come_in_file_order_and_count_every_line(check: Check, laser: Machine) -> None:
    found = check("G21\nM6\nT1\nG1 X5\nM6\n" + "M77\n" * 30, laser)
    order = [f.where[0].line for f in found.check.findings if f.where]
    assert order == sorted(order)
    (unknown,) = [f for f in found.check.findings if f.rule == "gcode.unknown-command"]
    assert unknown.count == 30 and len(unknown.where) == 20
    assert unknown.severity is Severity.REFUSE


def test_the_line_that_burns_is_named_with_its_joules(
    check: Check, laser: Machine, plywood: Material
) -> None:
    """60 W at 90 % are 54 W; at 600 mm/min, 10 mm/s, that is 5.4 J for each millimetre."""
    found = check("G21\nM4 S900\nG1 X9 F6000\nG1 X20 F600\nM5", laser, plywood)
    (burnt,) = [each for each in found.check.findings if each.rule == "gcode.material-power"]
    assert [where.line for where in burnt.where] == [4]
    assert found.check.facts.line_energy_j_mm == pytest.approx(5.4)
