"""The tables of commands."""

import pytest

from fablab_hub.core.errors import ConfigError
from fablab_hub.core.machines import MachineKind
from fablab_hub.gcode.dialects.registry import DIALECTS, dialect_named
from fablab_hub.gcode.dialects.table import Dialect, Policy, Reason, allow, table
from fablab_hub.gcode.words import Named, Word, decode

every_dialect = pytest.mark.parametrize("dialect", DIALECTS.values(), ids=list(DIALECTS))


@every_dialect
def test_every_row_that_is_not_allowed_says_why(dialect: Dialect) -> None:
    for code, row in (*dialect.commands.items(), ("unknown", dialect.unknown)):
        assert (row.policy is Policy.ALLOW) == (row.reason is Reason.NONE), code
        assert (row.policy is Policy.DROP) == (row.reason is Reason.LEFT_OUT), code


@every_dialect
def test_every_code_is_written_as_the_reader_of_lines_writes_it(dialect: Dialect) -> None:
    for code in dialect.commands:
        if code in ("F", "S", "T"):
            continue
        found = decode(code.encode(), dialect.syntax)
        name = found.name if isinstance(found, Named) else found[0]
        assert (name.code if isinstance(name, Word) else name) == code


def test_what_a_table_does_not_know_is_refused_on_a_laser_and_asked_about_on_a_printer() -> None:
    for dialect in DIALECTS.values():
        is_laser = dialect.kind is MachineKind.LASER
        assert dialect.row("M4711").policy is (Policy.REFUSE if is_laser else Policy.ASK)


@pytest.mark.parametrize(
    "code", ["M500", "M502", "M92", "M997", "M30", "M112", "M42", "M211", "G53"]
)
def test_no_printer_runs_what_outlives_the_print_or_disarms_it(code: str) -> None:
    assert dialect_named("marlin").row(code).policy is Policy.REFUSE
    assert dialect_named("klipper").row(code).policy is Policy.REFUSE


@pytest.mark.parametrize("code", ["M201", "M203", "M205", "M907", "M862.3", "M115", "M302", "M117"])
def test_what_slicers_write_into_every_file_is_left_out(code: str) -> None:
    assert dialect_named("marlin").row(code).policy is Policy.DROP


@pytest.mark.parametrize(
    ("dialect", "codes"),
    [
        ("grbl", "G10 G28.1 G30.1 G53 G38.2 G38.5 G43.1 M56"),
        (
            "marlin",
            "M500 M504 M92 M206 M211 M121 M301 M303 M304 M305 M306 M309 M350 M351 M421 M428 M665 "
            "M666 M851 M852 M871 M906 M908 M914 M919 M42 M43 M226 M260 M261 M280 M282 M20 M28 M29 "
            "M30 M32 M34 M928 M485 M510 M512 M524 M540 M552 M554 M575 M808 M810 M819 M860 M869 "
            "M936 M993 M995 M997 M999 M108 M112 M410 M876 M81 M111 G33 G34 G35 G425 G76 G20 M149",
        ),
        (
            "reprapfirmware",
            "M98 M500 M505 M550 M556 M559 M560 M562 M563 M564 M567 M570 M574 M143 M581 M589 M606 "
            "M470 M472 M28 M30 M36 M39 M92 M206 M301 M307 M350 M374 M376 M451 M453 M665 M674 M851 "
            "M905 M918 M929 M950 M957 M997 M999 M112 G53 G68 IF WHILE VAR GLOBAL SET ECHO ABORT",
        ),
        (
            "klipper",
            "SAVE_CONFIG RESTART FIRMWARE_RESTART FORCE_MOVE SET_KINEMATIC_POSITION STEPPER_BUZZ "
            "SET_STEPPER_ENABLE SET_PIN SET_SERVO SET_DIGIPOT SET_TMC_CURRENT SET_TMC_FIELD "
            "INIT_TMC DUMP_TMC ACCELEROMETER_DEBUG_WRITE ANGLE_DEBUG_WRITE PID_CALIBRATE "
            "PROBE_CALIBRATE Z_OFFSET_APPLY_PROBE SET_EXTRUDER_ROTATION_DISTANCE SAVE_VARIABLE "
            "SYNC_EXTRUDER_MOTION UPDATE_DELAYED_GCODE SDCARD_PRINT_FILE SDCARD_LOOP_BEGIN "
            "SET_IDLE_TIMEOUT SET_GCODE_VARIABLE RUN_SHELL_COMMAND M112",
        ),
    ],
)
def test_what_outlives_a_run_or_disarms_a_machine_is_refused(dialect: str, codes: str) -> None:
    table = dialect_named(dialect)
    passed = [code for code in codes.split() if table.row(code).policy is not Policy.REFUSE]
    assert not passed


@pytest.mark.parametrize(
    ("dialect", "codes"),
    [
        ("grbl", "G92 G55 G28 G30 M3 M7 M0 M1"),
        ("marlin", "M600 M0 M1 M25 M125 M701 M702 M3 M4 M5 G5"),
        ("reprapfirmware", "M226 M600 M601 M25"),
        ("klipper", "SET_GCODE_OFFSET SET_INPUT_SHAPER SET_HEATER_TEMPERATURE SET_FAN_SPEED PAUSE"),
    ],
)
def test_what_needs_a_look_is_asked_about(dialect: str, codes: str) -> None:
    table = dialect_named(dialect)
    assert {table.row(code).policy for code in codes.split()} == {Policy.ASK}


def test_every_tool_but_the_first_has_one_row() -> None:
    assert dialect_named("marlin").row("T0").policy is Policy.ALLOW
    assert dialect_named("marlin").row("T7").reason is Reason.OTHER_TOOL


def test_a_command_cannot_stand_in_a_table_twice() -> None:
    with pytest.raises(ValueError, match="G1"):
        table(allow("G0 G1"), allow("G1"))


def test_an_unknown_dialect_is_an_error_of_the_settings() -> None:
    with pytest.raises(ConfigError, match=r"check\.unknown-dialect"):
        dialect_named("fanuc")
