"""Programs for printers."""

from pathlib import Path
from typing import Any

import pytest

from fablab_hub.core.geometry import Box
from fablab_hub.core.machines import Label, Machine
from fablab_hub.core.materials import Material
from jobs.report import Verdict

Check = Any

HOT = "M109 S210\nG28\nM83\nG1 F1800\n"
END = "M104 S0\nM140 S0\n"


def test_the_start_code_of_a_slicer_is_accepted_and_measured(
    check: Check, prusa: Machine, gcode_files: Path
) -> None:
    found = check((gcode_files / "printer_start.gcode").read_bytes(), prusa)
    assert found.verdict is Verdict.ACCEPTED, found.rules
    assert found.rules == {"left-out"}
    facts = found.check.facts
    assert facts.bounds_mm.min_mm == pytest.approx((0, -3, 0.2))
    assert facts.filament_mm == pytest.approx(9 + 12.5 + 6 * 0.62)
    assert facts.filament_g == pytest.approx(facts.filament_mm * 2.405 / 1000 * 1.24, rel=1e-3)
    assert (facts.layers, facts.max_nozzle_c, facts.max_bed_c) == (2, 215, 60)


def test_commands_that_are_left_out_are_not_in_the_program(
    check: Check, prusa: Machine, gcode_files: Path
) -> None:
    lines = check((gcode_files / "printer_start.gcode").read_bytes(), prusa).lines
    assert lines[:3] == ["G21", "G90", "M82"]
    assert "G28 W" in lines and "M204 S800" in lines and "G1 E-.8 F2100" in lines
    assert not [line for line in lines if line.startswith(("M201", "M203", "M862", "M115", "M117"))]


@pytest.mark.parametrize(
    ("program", "filament_mm"),
    [
        ("M83\nG1 X9 E5\nG1 E-1\nG1 E1\nG1 X0 E5\n", 10),
        ("M82\nG92 E0\nG1 X9 E5\nG1 E4\nG1 E5\nG92 E0\nG1 X0 E5\n", 10),
        ("M82\nG91\nG1 X9 E5\nG1 X-9 E5\nG90\n", 10),
        ("M82\nG1 X9 E5\nG1 E2", 5),
    ],
)
def test_filament_is_what_left_the_nozzle_for_good(
    check: Check, prusa: Machine, program: str, filament_mm: float
) -> None:
    facts = check("M109 S210\nG28\nG1 F1800\n" + program, prusa).check.facts
    assert facts.filament_mm == pytest.approx(filament_mm)


def test_relative_mode_covers_the_extruder_on_marlin_and_not_on_klipper(
    check: Check, prusa: Machine, voron: Machine
) -> None:
    program = "M109 S210\nG28\nM82\nG91\nG1 X1 E5\nG1 X1 E5\n"
    assert check(program, prusa).check.facts.filament_mm == 10
    assert check(program, voron).check.facts.filament_mm == 5


@pytest.mark.parametrize(
    ("y_mm", "is_inside"), [(-3, True), (-5, True), (-5.01, False), (215, True), (215.01, False)]
)
def test_a_prime_line_may_use_the_margin_of_the_bed(
    check: Check, prusa: Machine, y_mm: float, is_inside: bool
) -> None:
    found = check(f"{HOT}G1 Z0.2\nG1 X9 Y{y_mm} E1\n{END}", prusa)
    assert ("out-of-bounds" not in found.rules) == is_inside


@pytest.mark.parametrize(
    ("z_mm", "is_fine"), [(0, True), (-0.1, True), (-0.11, False), (-4, False)]
)
def test_the_margin_of_the_bed_does_not_let_the_nozzle_dip_into_it(
    check: Check, prusa: Machine, z_mm: float, is_fine: bool
) -> None:
    found = check(f"{HOT}G1 Z{z_mm}\nG1 X9 E1\n{END}", prusa)
    assert ("below-bed" not in found.rules) == is_fine


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("M104 S260", None),
        ("M104 S260.5", "nozzle-too-hot"),
        ("M109 R261", "nozzle-too-hot"),
        ("m109s261", "nozzle-too-hot"),
        ("N7 M104 S900*107", "nozzle-too-hot"),
        ("M140 S100", None),
        ("M190 S101", "bed-too-hot"),
    ],
)
def test_no_heater_is_asked_for_more_than_its_cap(
    check: Check, ender: Machine, line: str, rule: str | None
) -> None:
    found = check(f"{HOT}{line}\nG1 X9 E1\n{END}", ender)
    assert found.rules & {"nozzle-too-hot", "bed-too-hot"} == ({rule} if rule else set())


def test_heaters_that_the_file_leaves_on_are_switched_off(check: Check, prusa: Machine) -> None:
    found = check(f"M190 S60\n{HOT}G1 X9 E1", prusa)
    assert "ends-hot" in found.rules
    assert found.lines[-2:] == ["M104 S0", "M140 S0"]
    assert "ends-hot" not in check(f"M190 S60\n{HOT}G1 X9 E1\n{END}", prusa).rules


@pytest.mark.parametrize(("nozzle_c", "is_cold"), [(170, False), (169, True)])
def test_pushing_cold_filament_is_asked_about(
    check: Check, prusa: Machine, nozzle_c: int, is_cold: bool
) -> None:
    found = check(f"M109 S{nozzle_c}\nG28\nM83\nG1 X9 E1 F600\n{END}", prusa)
    assert ("cold-extrusion" in found.rules) == is_cold


def test_a_macro_is_passed_on_when_the_lab_permits_it(
    check: Check, voron: Machine, prusa: Machine, gcode_files: Path
) -> None:
    program = (gcode_files / "klipper_macros.gcode").read_bytes()
    found = check(program, voron)
    assert found.verdict is Verdict.ACCEPTED, found.rules
    assert "START_PRINT EXTRUDER_TEMP=215 BED_TEMP=60" in found.lines
    assert found.check.facts.max_nozzle_c == 215
    assert "unfamiliar-command" in check(program, prusa).rules


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("START_PRINT EXTRUDER_TEMP=301", "nozzle-too-hot"),
        ("START_PRINT BED=121", "bed-too-hot"),
        ("SET_VELOCITY_LIMIT ACCEL=1501", "motion-limits"),
        ("SAVE_CONFIG", "settings"),
        ("RUN_SHELL_COMMAND CMD=x", "firmware"),
        ("FORCE_MOVE STEPPER=z", "protection"),
        ("MY_MACRO", "unfamiliar-command"),
    ],
)
def test_macros_cannot_smuggle_what_commands_may_not_say(
    check: Check, voron: Machine, line: str, rule: str
) -> None:
    assert rule in check(f"{line}\nG1 X1 Y1 E1 F600", voron).rules


def test_bare_axes_go_on_with_the_last_motion(check: Check, prusa: Machine) -> None:
    found = check(f"{HOT}G1 X5 E1\nX9 E1\n{END}", prusa)
    assert "G1 X9 E1" in found.lines


def test_a_printed_arc_counts_its_filament_and_its_way(check: Check, prusa: Machine) -> None:
    found = check(f"{HOT}G1 X100 Y100 Z.2\nG3 X100 Y100 I10 J0 E4 F1200\n{END}", prusa)
    facts = found.check.facts
    assert facts.filament_mm == pytest.approx(4)
    assert facts.bounds_mm.max_mm == pytest.approx((120, 110, 0.2))
    assert "G3 X100 Y100 I10 J0 E4 F1200" in found.lines


def test_an_unusual_temperature_for_the_filament_is_pointed_out(
    check: Check, prusa: Machine
) -> None:
    petg = Material(id="petg", name=Label("PETG", "PETG"), thickness_mm=1.75)
    program = f"{HOT}G1 X9 E1\n{END}"
    assert "filament-range" in check(program, prusa, petg).rules
    assert "filament-range" not in check(program.replace("210", "240"), prusa, petg).rules


def test_a_spiral_has_no_layers_to_count(check: Check, prusa: Machine) -> None:
    spiral = "".join(f"G1 X{10 + i % 50} Z{0.2 + i / 1000:.3f} E.1\n" for i in range(200))
    assert check(f"{HOT}{spiral}{END}", prusa).check.facts.layers is None


def test_a_curve_is_followed_where_it_bends_most(check: Check, prusa: Machine) -> None:
    """From (0, 0) to (100, 0), drawn 200 mm back by both control points: 150 mm deep at most."""
    found = check(HOT + "G5 X100 Y0 I0 J200 P0 Q200 E9", prusa)
    assert found.check.facts.bounds_mm.max_mm == pytest.approx((100, 150, 0))
    assert "unfamiliar-command" in found.rules, "not every board knows it"
    assert "out-of-bounds" not in found.rules
    assert "out-of-bounds" in check(HOT + "G5 X100 Y0 I0 J300 P0 Q300 E9", prusa).rules


def test_the_report_says_where_the_first_layer_lies(check: Check, prusa: Machine) -> None:
    layers = "G1 Z0.2\nG1 X20 Y10 E1\nG1 X90 Y60 E1\nG1 Z0.4\nG1 X200 E1"
    facts = check(HOT + layers, prusa).check.facts
    assert facts.first_layer_mm == Box((0, 0, 0.2), (90, 60, 0.2))
    assert facts.bounds_mm == Box((0, 0, 0.2), (200, 60, 0.4))
