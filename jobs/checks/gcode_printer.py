"""What the commands of a printer do, and what its programs begin and end with.

Every program begins in millimetres and absolute mode, so that the one before it leaves nothing
behind. A file that leaves a heater on gets the commands that switch it off; a finding says so.
"""

import re
from types import MappingProxyType

from fablab_hub.core.units import mm_min_from_mm_s
from fablab_hub.gcode.commands import Command
from fablab_hub.gcode.dialects.table import Dialect, Policy, Reason
from fablab_hub.gcode.measured import MoveFlag
from fablab_hub.gcode.motion import curve_points
from fablab_hub.gcode.words import Named, Word
from jobs.checks.gcode_habits import Habits
from jobs.checks.gcode_handlers import has_all_numbers, take_feed_and_power, watched
from jobs.checks.gcode_reading import Handler, Handlers, Reading

OPENING = (b"G21", b"G90", b"M82")

_ARGUMENT = re.compile(r"([A-Z_][A-Z0-9_]*)\s*=\s*(\d{1,6}(?:\.\d{1,6})?)(?![\w.])")
_ROUNDING = 1e-6
_WAITS_FOR = {"M109": "nozzle", "M190": "bed"}
_HEATERS = ("bed", "nozzle")
_NOZZLE_WORDS = ("EXTRUDER", "NOZZLE", "HOTEND", "TOOL")


def aim_nozzle(reading: Reading, target_c: float) -> None:
    """Note a nozzle target, and refuse it above the printer's cap."""
    printer = reading.machine.printer
    reading.nozzle_c = target_c
    _aim(reading, "nozzle", target_c)
    reading.max_nozzle_c = max(target_c, reading.max_nozzle_c or 0.0)
    cold_below_c = printer.min_extrude_c if printer else 0.0
    reading.set_flag(MoveFlag.COLD, is_on=target_c < cold_below_c)
    _cap_nozzle(reading, target_c)


def _cap_nozzle(reading: Reading, target_c: float) -> None:
    printer = reading.machine.printer
    if printer and target_c > printer.max_nozzle_c:
        reading.remarks.note("nozzle-too-hot", reading.line, max=printer.max_nozzle_c)
        reading.remarks.raise_fact("nozzle-too-hot", "found", target_c)


def aim_bed(reading: Reading, target_c: float) -> None:
    """Note a bed target, and refuse it above the printer's cap."""
    printer = reading.machine.printer
    reading.bed_c = target_c
    _aim(reading, "bed", target_c)
    reading.max_bed_c = max(target_c, reading.max_bed_c or 0.0)
    if printer and target_c > printer.max_bed_c:
        reading.remarks.note("bed-too-hot", reading.line, max=printer.max_bed_c)
        reading.remarks.raise_fact("bed-too-hot", "found", target_c)


def _aim(reading: Reading, heater: str, target_c: float) -> None:
    if reading.heaters:
        reading.heaters.aim(heater, target_c)


def _heat(reading: Reading, command: Command) -> bool:
    if not has_all_numbers(reading, command):
        return False
    if any(word.letter in "SR" and (word.value or 0.0) < 0 for word in command.words):
        reading.remarks.note("missing-value", reading.line, name=command.code)
        return False
    if command.code in ("M141", "M191"):
        _aim_chamber(reading, command)
    for letter in "SR":
        if (target_c := command.value(letter)) is not None:
            if command.code in ("M104", "M109"):
                aim_nozzle(reading, target_c)
            elif command.code in ("M140", "M190"):
                aim_bed(reading, target_c)
    if command.code in _WAITS_FOR:
        reading.wait_for_heat(_WAITS_FOR[command.code], also_to_cool=command.has("R"))
        reading.stop_first()
    return True


def _aim_chamber(reading: Reading, command: Command) -> None:
    printer = reading.machine.printer
    most_c = printer.max_chamber_c if printer else None
    target_c = max(command.value("S") or 0.0, command.value("R") or 0.0)
    if most_c is None and target_c > 0:
        reading.remarks.note("chamber-heater", reading.line, name=command.code)
    elif most_c is not None and target_c > most_c:
        reading.remarks.note("chamber-too-hot", reading.line, max=most_c)
        reading.remarks.raise_fact("chamber-too-hot", "found", target_c)


def _home(reading: Reading, command: Command) -> bool:
    axes = "".join(word.letter for word in command.words if word.letter in "XYZ")
    reading.modal.home(axes or "XYZ")
    reading.set_flag(MoveFlag.UNHOMED, is_on=False)
    reading.set_flag(MoveFlag.RELEASED, is_on=False)
    reading.stop_first()
    return True


def _rename_position(reading: Reading, command: Command) -> bool:
    if not has_all_numbers(reading, command):
        return False
    if not command.words or any(word.letter in "XYZ" for word in command.words):
        reading.remarks.note(Reason.SHIFTED_ORIGIN, reading.line, name="G92")
    if not command.words:
        command = Command("G92", tuple(Word(letter, "0") for letter in "XYZE"))
    reading.modal.rename_position(command)
    if any(word.letter in "XYZ" for word in command.words):
        reading.set_flag(MoveFlag.UNHOMED, is_on=False)
    reading.stop_first()
    return True


def _use_extruder_mode(reading: Reading, command: Command) -> bool:
    modal = reading.modal
    before, modal.is_e_relative = modal.is_e_relative, command.code == "M83"
    return modal.is_e_relative != before


def _set_acceleration(reading: Reading, command: Command) -> bool:
    if not has_all_numbers(reading, command):
        return False
    if any(word.letter in "PRTS" and (word.value or 0.0) <= 0 for word in command.words):
        reading.remarks.note("missing-value", reading.line, name=command.code)
        return False
    reading.modal.ask_for_acceleration(
        command.value("P"), command.value("T"), command.value("R"), command.value("S")
    )
    return True


def _move_along_curve(reading: Reading, command: Command) -> bool:
    """Obey `G5`, a Bézier curve: I and J lead from its start, P and Q from its end."""
    if not (has_all_numbers(reading, command) and take_feed_and_power(reading, command)):
        return False
    modal = reading.modal
    start = modal.at_mm
    fed_mm = modal.go(*(command.value(letter) for letter in "XYZE"))
    end = modal.at_mm
    i, j, p, q = ((command.value(letter) or 0.0) * modal.scale for letter in "IJPQ")
    points = curve_points(start, (start[0] + i, start[1] + j), (end[0] + p, end[1] + q), end)
    modal.x_mm, modal.y_mm, modal.z_mm = start
    reading.move_through(points, fed_mm)
    return True


def _blow(reading: Reading, command: Command) -> bool:
    if not has_all_numbers(reading, command):
        return False
    if (command.value("S") or 0.0) < 0:
        reading.remarks.note("missing-value", reading.line, name=command.code)
        return False
    return True


def _compare_limits(reading: Reading, command: Command) -> bool:
    """Compare the limits that a slicer sets with the machine's; the lab's own stay.

    Where the lab has not declared the limits of each axis, the machine's one speed and acceleration
    are a guess, and a file that wants more is only told so.
    """
    machine = reading.machine
    limits = machine.motion_limits
    is_speed = command.code == "M203"
    most = limits.max_feed_mm_min if is_speed else limits.max_accel_mm_s2
    factor = mm_min_from_mm_s(1.0) if is_speed and not reading.dialect.speed_limits_per_min else 1.0
    for axis, limit in zip("XYZE", most, strict=True):
        asked = command.value(axis)
        if asked is None or asked * factor <= limit + _ROUNDING:
            continue
        name = f"{command.code} {axis}{asked:g}"
        if machine.motion is not None:
            reading.remarks.note("motion-limits", reading.line, name=name)
        elif axis in "XY":
            reading.remarks.note(Reason.LEFT_OUT, reading.line, name=name)
    return False


def _retract_or_set_tool(reading: Reading, command: Command) -> bool:
    """Obey `G10`: a retraction, or on a Duet board the temperatures of a tool."""
    if reading.dialect.sets_tools_with_g10 and command.has("L"):
        reading.remarks.note(Reason.ORIGIN_STORED, reading.line, name="G10 L")
        return False
    if reading.dialect.sets_tools_with_g10 and has_all_numbers(reading, command):
        if (standby_c := command.value("R")) is not None:
            _cap_nozzle(reading, standby_c)
        if (target_c := command.value("S")) is not None:
            aim_nozzle(reading, target_c)
    reading.stop_first()
    return True


def _override(reading: Reading, command: Command) -> bool:
    percent = command.value("S")
    if percent is not None and not 50 <= percent <= 150:
        reading.remarks.note("override", reading.line, found=percent)
    return True


def _release_motors(reading: Reading, command: Command) -> bool:
    letters = {word.letter for word in command.words}
    if not letters or letters & set("XYZ"):
        reading.set_flag(MoveFlag.RELEASED, is_on=True)
    return True


def _stand_still(reading: Reading, command: Command) -> bool:  # noqa: ARG001 - a handler
    reading.stop_first()
    return True


_NEVER = MappingProxyType({"BED_MESH_PROFILE": ("SAVE", "REMOVE")})
"""Commands that may be asked for, but not with these words: they change the settings."""


def _read_name(reading: Reading, named: Named) -> None:
    """Judge a command with free text, or a macro."""
    known = reading.dialect.commands.get(named.name)
    is_permitted = known is None and named.name in {
        name.upper() for name in reading.machine.slicer_macros
    }
    row = known or reading.dialect.unknown
    if any(word in named.rest for word in _NEVER.get(named.name, ())):
        reading.remarks.note(Reason.SETTINGS, reading.line, name=named.name)
        return
    if row.reason is not Reason.NONE and not is_permitted:
        reading.remarks.note(row.reason, reading.line, name=named.name)
    if row.policy in (Policy.REFUSE, Policy.DROP):
        return
    if named.name[1:].isdigit():
        reading.write(named.name.encode("ascii"))
        return
    _read_arguments(reading, named, is_own_macro=known is None)
    reading.write(f"{named.name} {named.rest}".rstrip().encode("ascii"))


def _read_arguments(reading: Reading, named: Named, *, is_own_macro: bool) -> None:
    """Take temperatures and limits out of `START_PRINT EXTRUDER_TEMP=220 BED=60`."""
    for key, text in _ARGUMENT.findall(named.rest):
        value = float(text)
        if named.name == "SET_VELOCITY_LIMIT":
            _limit_motion(reading, key, value)
        elif named.name == "SET_HEATER_TEMPERATURE" and key == "TARGET":
            # The word names the heater; one that is not the bed is judged as a nozzle.
            (aim_bed if "BED" in named.rest else aim_nozzle)(reading, value)
        elif is_own_macro and "BED" in key:
            aim_bed(reading, value)
        elif is_own_macro and any(word in key for word in _NOZZLE_WORDS):
            aim_nozzle(reading, value)
    if is_own_macro:
        # A lab's own macro homes and heats in a way that only the lab knows.
        reading.is_heated_by_macro = True
        reading.wait_for_heat(*_HEATERS)
        for flag in (MoveFlag.UNHOMED, MoveFlag.COLD, MoveFlag.RELEASED):
            reading.set_flag(flag, is_on=False)
    reading.stop_first()


def _limit_motion(reading: Reading, key: str, value: float) -> None:
    machine = reading.machine
    if key == "ACCEL":
        reading.modal.ask_for_acceleration(None, None, None, value)
    too_much = (key == "ACCEL" and value > machine.max_accel_mm_s2) or (
        key == "VELOCITY" and mm_min_from_mm_s(value) > machine.max_feed_mm_min
    )
    if too_much:
        reading.remarks.note("motion-limits", reading.line, name=f"{key}={value:g}")


_COMMANDS: dict[str, Handler] = {
    "G5": _move_along_curve,
    "G10": _retract_or_set_tool,
    "G28": _home,
    "G92": _rename_position,
    "M18": _release_motors,
    "M82": _use_extruder_mode,
    "M83": _use_extruder_mode,
    "M84": _release_motors,
    **dict.fromkeys(("M104", "M109", "M140", "M141", "M190", "M191"), _heat),
    "M201": _compare_limits,
    "M203": _compare_limits,
    "M106": _blow,
    "M204": _set_acceleration,
    "M220": _override,
    "M221": _override,
    **dict.fromkeys(("G11", "G29", "G80", "M0", "M1", "M116", "M400", "M600"), _stand_still),
}


class PrinterRun:
    """One check's way through a print.

    Attributes:
        handlers: of its commands.
    """

    def __init__(self, dialect: Dialect) -> None:
        self._habits = Habits()
        own = {
            **_COMMANDS,
            **dict.fromkeys(("M104", "M109", "M116"), self._heat_nozzle),
            **dict.fromkeys(("M18", "M84"), self._release_motors),
            "G28": self._home,
        }
        if not dialect.sets_tools_with_g10:
            del own["M116"]
        commands = watched(own, dialect, self._habits)
        self.handlers = Handlers(MappingProxyType(commands), self._read_name)

    def begin(self, reading: Reading) -> None:
        """Write what every program begins with."""
        for line in OPENING:
            reading.program.add(line)
        reading.set_flag(MoveFlag.COLD, is_on=True)
        reading.set_flag(MoveFlag.UNHOMED, is_on=True)

    def end(self, reading: Reading) -> None:
        """Switch off the heaters that the file leaves on, and note what it forgot."""
        self._habits.note_end(reading)
        if reading.is_heated_by_macro:
            return
        if reading.nozzle_c > 0 or reading.bed_c > 0:
            reading.remarks.note("ends-hot")
        if reading.nozzle_c > 0:
            reading.program.add(b"M104 S0")
        if reading.bed_c > 0:
            reading.program.add(b"M140 S0")

    def _heat_nozzle(self, reading: Reading, command: Command) -> bool:
        before_c = reading.nozzle_c
        is_done = _heat(reading, command)
        self._habits.heat_changes += reading.nozzle_c != before_c
        self._habits.has_waited |= command.code in ("M109", "M116")
        if command.code == "M116":
            reading.wait_for_heat(*_HEATERS)
        return is_done

    def _release_motors(self, reading: Reading, command: Command) -> bool:
        self._habits.has_released |= not command.has("S") or len(command.words) > 1
        return _release_motors(reading, command)

    def _home(self, reading: Reading, command: Command) -> bool:
        self._habits.standing_s = 0.0
        return _home(reading, command)

    def _read_name(self, reading: Reading, named: Named) -> None:
        if named.name == "TEMPERATURE_WAIT":
            self._habits.has_waited = True
            reading.wait_for_heat("bed" if "BED" in named.rest.upper() else "nozzle")
        _read_name(reading, named)
