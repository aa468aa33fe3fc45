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


def test_every_tool_but_the_first_has_one_row() -> None:
    assert dialect_named("marlin").row("T0").policy is Policy.ALLOW
    assert dialect_named("marlin").row("T7").reason is Reason.OTHER_TOOL


def test_a_command_cannot_stand_in_a_table_twice() -> None:
    with pytest.raises(ValueError, match="G1"):
        table(allow("G0 G1"), allow("G1"))


def test_an_unknown_dialect_is_an_error_of_the_settings() -> None:
    with pytest.raises(ConfigError, match=r"check\.unknown-dialect"):
        dialect_named("fanuc")
