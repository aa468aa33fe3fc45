"""One line, four firmwares: what it means on each, and what becomes of it."""

from dataclasses import replace
from typing import Any

import pytest

from fablab_hub.core.machines import Machine
from jobs.report import Verdict

Check = Any

PRINT = "G28\nM109 S200\nG1 Z0.2 F600\nG1 X10 E1\nM104 S0\nM84\n"


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ('M98 P"0:/sys/config.g"', "files"),
        ("M500", "settings"),
        ("M143 H1 S400", "protection"),
        ("M562", "protection"),
        ("M564 H0 S0", "protection"),
        ("G53 G0 X1", "machine-position"),
        ("G10 L2 P1 X0", "origin-stored"),
        ("G10 P0 S301", "nozzle-too-hot"),
        ("var x = 5", "meta-command"),
        ("set var.x = 6", "meta-command"),
        ("global x = 5", "meta-command"),
        ("abort", "meta-command"),
        ("if heat.heaters[1].current > 30", "unreadable-line"),
        ('echo >"0:/sys/config.g" "M564 S0"', "unreadable-line"),
        ("G1 X{move.axes[0].max}", "unreadable-line"),
        ('M291 P"hello" S3', "meta-command"),
    ],
)
def test_a_duet_board_runs_nothing_that_decides_writes_or_disarms(
    check: Check, duet: Machine, line: str, rule: str
) -> None:
    found = check(f"{line}\n{PRINT}", duet)
    assert found.verdict is Verdict.REFUSED
    assert rule in found.rules


def test_a_print_for_a_duet_board_passes(check: Check, duet: Machine) -> None:
    program = "M83\nG10 P0 S200 R150\nM116\nM204 P900 T1500\n" + PRINT.replace("M109 S200\n", "")
    found = check(program, duet)
    assert found.rules == set()
    assert "G10 P0 S200 R150" in found.lines and "M116" in found.lines


def test_g91_turns_the_filament_relative_on_marlin_only(
    check: Check, prusa: Machine, duet: Machine, voron: Machine
) -> None:
    program = "G28\nM109 S200\nG91\nG1 X5 E1 F600\nG1 X5 E1\nG90\nM104 S0\nM84"
    pushed_mm = [
        check(program, machine).check.facts.filament_mm for machine in (prusa, duet, voron)
    ]
    assert pushed_mm == pytest.approx([2, 1, 1])


@pytest.mark.parametrize(
    ("line", "rule", "verdict"),
    [
        ("BED_MESH_PROFILE LOAD=default", "unfamiliar-command", Verdict.NEEDS_APPROVAL),
        ("BED_MESH_PROFILE SAVE=default", "settings", Verdict.REFUSED),
        ("BED_MESH_PROFILE REMOVE=default", "settings", Verdict.REFUSED),
        (
            "SET_HEATER_TEMPERATURE HEATER=extruder TARGET=300",
            "unfamiliar-command",
            Verdict.NEEDS_APPROVAL,
        ),
        ("SET_HEATER_TEMPERATURE HEATER=extruder TARGET=301", "nozzle-too-hot", Verdict.REFUSED),
        ("SET_HEATER_TEMPERATURE HEATER=heater_bed TARGET=121", "bed-too-hot", Verdict.REFUSED),
        ("SAVE_CONFIG", "settings", Verdict.REFUSED),
        ("{% if printer.toolhead %}", "unreadable-line", Verdict.REFUSED),
        ("OTHER_MACRO", "unfamiliar-command", Verdict.NEEDS_APPROVAL),
    ],
)
def test_klipper_s_own_commands(
    check: Check, voron: Machine, line: str, rule: str, verdict: Verdict
) -> None:
    found = check(f"{line}\n{PRINT}", voron)
    assert rule in found.rules
    assert found.verdict is verdict


def test_a_macro_passes_where_the_lab_permits_it_and_nowhere_else(
    check: Check, voron: Machine, duet: Machine
) -> None:
    program = "START_PRINT EXTRUDER_TEMP=220 BED=60\nG1 X10 E1 F600\nEND_PRINT"
    assert check(program, voron).verdict is Verdict.ACCEPTED
    assert check(program, replace(voron, slicer_macros=())).verdict is Verdict.NEEDS_APPROVAL
    assert check(program, duet).verdict is Verdict.NEEDS_APPROVAL


def test_pauses_in_a_row_count_as_one(check: Check, laser: Machine, prusa: Machine) -> None:
    assert "long-dwell" in check("G4 P2\n" * 3, laser).rules
    assert "long-dwell" not in check("G0 X1\nG4 P2\nG0 X2\nG4 P2\nG0 X3\nG4 P2", laser).rules
    hot = "G28\nM109 S200\n"
    assert "hot-standstill" in check(hot + "G4 S100\n" * 4, prusa).rules
    assert "hot-standstill" not in check(hot + "G4 S100\nG1 X1 F600\nG1 X2\n" * 4, prusa).rules
    assert "hot-standstill" not in check("G28\nM109 S60\n" + "G4 S100\n" * 4, prusa).rules


def test_a_duet_board_takes_several_commands_on_a_line(
    check: Check, prusa: Machine, duet: Machine
) -> None:
    assert "several-commands" in check(PRINT + "G1 X1 G1 Y1", prusa).rules
    assert check(PRINT.replace("G28\n", "G90 G28\n"), duet).rules == set()
