"""What only shows over several commands: pauses that add up, heaters that nobody waits for.

A check holds one `Habits`, which sees every command before it is obeyed. Plain moves never come
here; a move is known by the flag that it takes away (`MoveFlag.FROM_STILL`).
"""

from dataclasses import dataclass

from fablab_hub.gcode.commands import Command
from fablab_hub.gcode.measured import MoveFlag
from jobs.checks.gcode_reading import Reading

HOT_STANDSTILL_S = 300.0
"""A hot nozzle that stands longer cooks its filament, which then clogs it."""

MANY_HEAT_CHANGES = 100
"""A temperature tower has some 20; a machine that heats up and down all day wears out."""

ABSURD = 1e6
"""No command of a finished program means a number beyond it."""

_SCANNED = frozenset({
    "G0", "G1", "G2", "G3", "G92", "M4", "M5", "M73", "M106", "M107", "M204",
})  # fmt: skip
"""What the compiled scan may read by itself; its numbers are measured, not judged here."""


@dataclass(slots=True)
class Habits:
    """What was seen so far.

    Attributes:
        standing_s: pauses since the last move, in seconds.
        heat_changes: how often the nozzle got another target.
        has_waited: for a nozzle to be hot.
        has_released: the motors.
    """

    standing_s: float = 0.0
    heat_changes: int = 0
    has_waited: bool = False
    has_released: bool = False
    _line: int = 0

    def see(self, reading: Reading, command: Command) -> None:
        """Judge a command by itself and by its place."""
        for word in () if command.code in _SCANNED else command.words:
            if word.value is not None and abs(word.value) > ABSURD:
                name = f"{command.code} {word.letter}{word.text}"
                reading.remarks.note("absurd-number", reading.line, name=name)
        if self._line == reading.line and reading.dialect.takes_one_command:
            reading.remarks.note("several-commands", reading.line, name=command.code)
        self._line = reading.line

    def pause(self, reading: Reading, pause_s: float) -> float:
        """Add a pause; gives how long nothing has moved, in seconds."""
        if not reading.flags & MoveFlag.FROM_STILL:
            self.standing_s = 0.0
        self.standing_s += pause_s
        printer = reading.machine.printer
        is_hot = printer is not None and reading.nozzle_c >= max(printer.min_extrude_c, 1.0)
        if is_hot and self.standing_s > HOT_STANDSTILL_S:
            reading.remarks.note("hot-standstill", reading.line)
            reading.remarks.raise_fact("hot-standstill", "found", self.standing_s / 60)
        return self.standing_s

    def note_end(self, reading: Reading) -> None:
        """Note what a print forgot from beginning to end."""
        if reading.is_heated_by_macro:
            return
        if not self.has_waited and reading.max_nozzle_c and reading.measured.filament_mm > 0:
            reading.remarks.note("not-waited")
        if not self.has_released and reading.measured.moves:
            reading.remarks.note("motors-stay-on")
        if self.heat_changes > MANY_HEAT_CHANGES:
            reading.remarks.note("heat-changes", found=self.heat_changes, max=MANY_HEAT_CHANGES)
