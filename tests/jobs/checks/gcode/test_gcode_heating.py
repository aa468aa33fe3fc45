"""How long a print waits for its heaters: all of them climb at once, and from where they are."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.checks.gcode import check_program
from jobs.checks.gcode_heating import ROOM_C, Heaters
from tests.jobs.checks.gcode.machines import DUET, LASER, PRUSA, VORON

PRINTER = replace(
    PRUSA.printer,
    nozzle_heats_c_s=2.0, nozzle_cools_c_s=1.0, bed_heats_c_s=0.5, bed_cools_c_s=0.1,
)  # fmt: skip


def heating_s(program: str, machine=PRUSA) -> float | None:
    machine = replace(machine, printer=PRINTER) if machine.printer else machine
    lines = program.encode().splitlines()
    return check_program(lines, machine, None, lambda _: None).facts.heating_s


@pytest.mark.parametrize(
    ("program", "expected_s"),
    [
        ("M109 S220", 100),
        ("M104 S220\nM109 S220", 100),
        ("M104 S220\nG4 S40\nM109 S220", 60),
        ("M140 S60\nM104 S220\nM190 S60\nM109 S220", 80 + 20),
        ("M190 S60\nM109 S220", 80 + 100),
        ("M109 S220\nM109 S200", 0),
        ("M109 S220\nM109 R200", 20),
        ("M109 S220\nM104 S0\nG4 S50\nM109 S220", 25),
        ("M104 S220", 0),
        ("M109 S0", 0),
    ],
)
def test_a_print_waits_as_long_as_its_heaters_climb(program, expected_s):
    waited_s = sum(float(line[4:]) for line in program.splitlines() if line.startswith("G4"))
    first_s = 100 if program.startswith("M109 S220\n") else 0
    assert heating_s(program) == pytest.approx(first_s + expected_s)
    lines = program.encode().splitlines()
    machine = replace(PRUSA, printer=PRINTER)
    facts = check_program(lines, machine, None, lambda _: None).facts
    assert facts.duration_s == pytest.approx(first_s + expected_s + waited_s)


def test_a_labs_own_macro_heats_what_it_is_told():
    assert heating_s("START_PRINT EXTRUDER_TEMP=220 BED_TEMP=60", VORON) == pytest.approx(100)
    assert heating_s("SET_HEATER_TEMPERATURE HEATER=heater_bed TARGET=60", VORON) == 0
    assert heating_s(
        "SET_HEATER_TEMPERATURE HEATER=heater_bed TARGET=60\n"
        "TEMPERATURE_WAIT SENSOR=heater_bed MINIMUM=60",
        VORON,
    ) == pytest.approx(80)  # fmt: skip


def test_a_duet_waits_for_all_at_once():
    assert heating_s("M140 S60\nG10 P0 S220\nM116", DUET) == pytest.approx(100)


def test_a_laser_has_nothing_to_heat():
    assert heating_s("M4 S0\nG1 X5 F600 S100\nM5", LASER) is None


_ACTS = st.lists(
    st.tuples(
        st.sampled_from(["nozzle", "bed"]), st.floats(0, 300), st.sampled_from(["aim", "wait"]),
        st.floats(0, 500),
    ),
    max_size=20,
)  # fmt: skip


@given(_ACTS)
def test_nobody_waits_less_than_nothing_or_longer_than_from_cold(acts):
    heaters = Heaters(PRINTER)
    for heater, target_c, act, passed_s in acts:
        heaters.aim(heater, target_c)
        if act == "wait":
            slowest = PRINTER.nozzle_heats_c_s if heater == "nozzle" else PRINTER.bed_heats_c_s
            waited_s = heaters.wait_s(heater)
            assert 0 <= waited_s <= max(0.0, target_c - ROOM_C) / slowest + 1e-9
            assert heaters.wait_s(heater) == pytest.approx(0, abs=1e-9)
        heaters.pass_time(passed_s)
