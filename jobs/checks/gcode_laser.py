"""What the commands of a GRBL laser do, and what its programs begin and end with.

Every program begins with the same modal state, so that the one before it leaves nothing behind,
and ends with `M5 S0`: a file that leaves the beam on gets it, and a finding says so. `M2` and `M30`
end the file and are not written: the agent knows the end of the program.
"""

from types import MappingProxyType

from fablab_hub.gcode.commands import Command
from fablab_hub.gcode.dialects.table import Dialect
from fablab_hub.gcode.measured import MoveFlag
from fablab_hub.gcode.words import Named
from jobs.checks.gcode_habits import Habits
from jobs.checks.gcode_handlers import has_all_numbers, take_feed_and_power, watched
from jobs.checks.gcode_reading import Handler, Handlers, Reading

OPENING = (b"G21", b"G17", b"G90", b"G94", b"G54", b"M5 S0")
CLOSING = b"M5 S0"


def _switch_beam(reading: Reading, command: Command) -> bool:
    modal = reading.modal
    before = (modal.spindle, modal.power_s)
    if not take_feed_and_power(reading, command):
        return False
    modal.spindle = command.code
    reading.set_flag(MoveFlag.CONSTANT_BEAM, is_on=command.code == "M3")
    reading.set_flag(MoveFlag.DYNAMIC_BEAM, is_on=command.code == "M4")
    if (modal.spindle, modal.power_s) == before:
        return False
    reading.stop_first()
    return True


def _set_feed_or_power(reading: Reading, command: Command) -> bool:
    return has_all_numbers(reading, command) and take_feed_and_power(reading, command)


def _choose_offset(reading: Reading, command: Command) -> bool:
    before, reading.work_offset = reading.work_offset, command.code
    return before != command.code


def _go_to_stored_place(reading: Reading, command: Command) -> bool:
    reading.modal.home("".join(w.letter for w in command.words) or "XYZ")
    reading.stop_first()
    return True


def _rename_position(reading: Reading, command: Command) -> bool:
    if not command.words or not has_all_numbers(reading, command):
        reading.remarks.note("missing-value", reading.line, name="G92")
        return False
    reading.modal.rename_position(command)
    return True


def _forget_shift(reading: Reading, command: Command) -> bool:  # noqa: ARG001 - a handler
    reading.modal.forget_shift()
    return True


def _is_already_so(reading: Reading, command: Command) -> bool:  # noqa: ARG001 - a handler
    """Leave out what only says what always holds (`G94`, `G40`, `G49`, `G61`, `G91.1`)."""
    return False


def _cancel_motion(reading: Reading, command: Command) -> bool:
    reading.modal.motion = command.code
    return False


def _end_program(reading: Reading, command: Command) -> bool:  # noqa: ARG001 - a handler
    reading.has_ended = True
    return False


def _read_name(reading: Reading, named: Named) -> None:
    reading.remarks.note("unknown-command", reading.line, name=named.name)


_COMMANDS: dict[str, Handler] = {
    "F": _set_feed_or_power,
    "S": _set_feed_or_power,
    "M2": _end_program,
    "M3": _switch_beam,
    "M4": _switch_beam,
    "M5": _switch_beam,
    "M30": _end_program,
    "G28": _go_to_stored_place,
    "G30": _go_to_stored_place,
    "G40": _is_already_so,
    "G49": _is_already_so,
    **dict.fromkeys(("G54", "G55", "G56", "G57", "G58", "G59"), _choose_offset),
    "G61": _is_already_so,
    "G80": _cancel_motion,
    "G91.1": _is_already_so,
    "G92": _rename_position,
    "G92.1": _forget_shift,
    "G94": _is_already_so,
}


class LaserRun:
    """One check's way through a laser program.

    Attributes:
        handlers: of its commands.
    """

    def __init__(self, dialect: Dialect) -> None:
        commands = watched(_COMMANDS, dialect, Habits())
        self.handlers = Handlers(MappingProxyType(commands), _read_name)

    def begin(self, reading: Reading) -> None:
        """Write what every program begins with."""
        for line in OPENING:
            reading.program.add(line)

    def end(self, reading: Reading) -> None:
        """Write what every program ends with, and note what the file forgot."""
        if reading.modal.spindle != "M5" and not reading.has_ended:
            reading.remarks.note("ends-with-beam-on")
        if reading.program.last != CLOSING:
            reading.program.add(CLOSING)
