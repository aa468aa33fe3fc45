"""What the commands that lasers and printers share do: motion, units, distances, pauses."""

from collections.abc import Mapping

from fablab_hub.core.machines import MachineKind
from fablab_hub.gcode.commands import Command
from fablab_hub.gcode.dialects.table import Dialect, Policy
from fablab_hub.gcode.measured import MoveFlag
from fablab_hub.gcode.motion import Arc, ArcFlaw, arc_way, centre_from_radius, plane_axes
from jobs.checks.gcode_habits import Habits
from jobs.checks.gcode_reading import Handler, Reading

_LETTERS = "XYZ"
_OFFSETS = "IJK"
_LONG_PAUSE_S = 600.0


def _needs_positive(reading: Reading, command: Command, letter: str) -> bool:
    """Tell whether a word is usable; a bare or negative one is noted."""
    value = command.value(letter)
    if command.has(letter) and (value is None or value < 0):
        reading.remarks.note("missing-value", reading.line, name=f"{command.code} {letter}")
        return False
    return True


def take_feed_and_power(reading: Reading, command: Command) -> bool:
    """Obey the `F` and `S` of a command; False when one of them cannot be."""
    if not (_needs_positive(reading, command, "F") and _needs_positive(reading, command, "S")):
        return False
    modal = reading.modal
    if (feed := command.value("F")) is not None:
        modal.feed_mm_min = feed * modal.scale
    if (power := command.value("S")) is not None:
        modal.power_s = power
    return True


def has_all_numbers(reading: Reading, command: Command) -> bool:
    """Tell whether every word of a motion has its number; notes it when not."""
    bare = [word.letter for word in command.words if word.value is None]
    if bare:
        reading.remarks.note("missing-value", reading.line, name=f"{command.code} {bare[0]}")
    return not bare


def move_straight(reading: Reading, command: Command) -> bool:
    """Obey `G0` and `G1`."""
    if not (has_all_numbers(reading, command) and take_feed_and_power(reading, command)):
        return False
    reading.modal.motion = command.code
    x, y, z, e = (command.value(letter) for letter in "XYZE")
    is_laser = reading.machine.kind is MachineKind.LASER
    if not (x is y is z is e is None):
        reading.move(x, y, z, e, MoveFlag.RAPID if is_laser and command.code == "G0" else 0)
        return True
    # A bare `G1` only matters for the lines that follow, and each of those is written with its own.
    return bool(command.words)


def move_along_arc(reading: Reading, command: Command) -> bool:
    """Obey `G2` and `G3`."""
    if not (has_all_numbers(reading, command) and take_feed_and_power(reading, command)):
        return False
    if reading.dialect.runs_blocks and command.has("R") and any(map(command.has, _OFFSETS)):
        name = f"{command.code} R"
        reading.remarks.note("unknown-word", reading.line, name=name)  # error 36 of GRBL
        return False
    modal = reading.modal
    modal.motion = command.code
    start = modal.at_mm
    x, y, z, e = (command.value(letter) for letter in "XYZE")
    fed_mm = modal.go(x, y, z, e)
    end = modal.at_mm
    arc = _arc(reading, command, start, end)
    if command.has("P") and (command.has("X") or command.has("Y")):
        # Some firmwares turn P more times, which only for a full circle stays in the same place.
        reading.remarks.note("unfamiliar-word", reading.line, name=f"{command.code} P")
    if isinstance(arc, ArcFlaw):
        reading.remarks.note("bad-arc", reading.line)
        return False
    reading.move_along(arc, fed_mm)
    return True


def _arc(
    reading: Reading,
    command: Command,
    start: tuple[float, float, float],
    end: tuple[float, float, float],
) -> Arc | ArcFlaw:
    modal = reading.modal
    first, second, _ = plane_axes(modal.plane)
    is_clockwise = command.code == "G2"
    ends = command.has(_LETTERS[first]) or command.has(_LETTERS[second])
    if not ends and reading.machine.kind is MachineKind.LASER:
        return ArcFlaw.NO_END
    centre: tuple[float, float] | ArcFlaw
    if (radius := command.value("R")) is not None:
        centre = centre_from_radius(
            (start[first], start[second]),
            (end[first], end[second]),
            radius * modal.scale,
            is_clockwise=is_clockwise,
        )
    else:
        i, j = (command.value(_OFFSETS[axis]) for axis in (first, second))
        if i is j is None:
            return ArcFlaw.NO_CENTRE
        centre = (
            start[first] + (i or 0.0) * modal.scale,
            start[second] + (j or 0.0) * modal.scale,
        )
    if isinstance(centre, ArcFlaw):
        return centre
    return arc_way(start, end, centre, is_clockwise=is_clockwise, plane=modal.plane)


def wait(reading: Reading, command: Command, habits: Habits) -> bool:
    """Obey `G4`; pauses in a row count as one, or a long one could be written as many."""
    if not has_all_numbers(reading, command):
        return False
    if reading.dialect.runs_blocks and not command.has("P"):
        reading.remarks.note("missing-value", reading.line, name="G4 P")  # error 28 of GRBL
        return False
    pause_s = (command.value("P") or 0.0) * reading.dialect.dwell_p_s + (command.value("S") or 0.0)
    modal, laser = reading.modal, reading.machine.laser
    if min(command.value("P") or 0.0, command.value("S") or 0.0) < 0:
        reading.remarks.note("negative-dwell", reading.line)
        return False
    standing_s = habits.pause(reading, pause_s)
    if standing_s > (laser.max_dwell_s if laser else _LONG_PAUSE_S):
        reading.remarks.note("long-dwell", reading.line)
        reading.remarks.raise_fact("long-dwell", "found", standing_s)
    # SAFETY: with M3 the beam stays lit while nothing moves, once a G1, G2 or G3 was driven
    # (test_a_pause_with_the_beam_on_is_refused).
    is_lit = modal.spindle == "M3" and modal.power_s > 0 and modal.motion != "G0"
    if is_lit and pause_s > 0:
        reading.remarks.note("beam-while-still", reading.line)
    reading.stand(pause_s)
    reading.stop_first()
    return True


def use_units(reading: Reading, command: Command) -> bool:
    """Obey `G20` and `G21`."""
    before = reading.modal.scale
    reading.has_units = True
    reading.modal.use_units(command.code)
    return reading.modal.scale != before


def use_distance(reading: Reading, command: Command) -> bool:
    """Obey `G90` and `G91`."""
    modal = reading.modal
    before = (modal.is_relative, modal.is_e_relative)
    covers = reading.dialect.distance_covers_extruder
    modal.use_distance(command.code, covers_extruder=covers)
    return (modal.is_relative, modal.is_e_relative) != before


def use_plane(reading: Reading, command: Command) -> bool:
    """Obey `G17`, `G18` and `G19`."""
    before, reading.modal.plane = reading.modal.plane, command.code
    return before != command.code


def pass_on(reading: Reading, command: Command) -> bool:  # noqa: ARG001 - a handler
    """Write a command as it is; nothing that follows depends on it."""
    return True


def watched(
    handlers: Mapping[str, Handler], dialect: Dialect, habits: Habits
) -> dict[str, Handler]:
    """Give a handler to every command that a table lets through; each asks `habits` first."""

    def with_habits(handler: Handler) -> Handler:
        def obey(reading: Reading, command: Command) -> bool:
            habits.see(reading, command)
            return handler(reading, command)

        return obey

    passed = {
        code: pass_on
        for code, row in dialect.commands.items()
        if row.policy in (Policy.ALLOW, Policy.ASK)
    }
    own: dict[str, Handler] = {"G4": lambda reading, command: wait(reading, command, habits)}
    every = {**passed, **SHARED, **own, **handlers}
    return {code: with_habits(handler) for code, handler in every.items()}


SHARED: dict[str, Handler] = {
    "G0": move_straight,
    "G1": move_straight,
    "G2": move_along_arc,
    "G3": move_along_arc,
    "G17": use_plane,
    "G18": use_plane,
    "G19": use_plane,
    "G20": use_units,
    "G21": use_units,
    "G90": use_distance,
    "G91": use_distance,
}
