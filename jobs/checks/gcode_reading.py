"""One pass over a program: every line is read, judged by the dialect's table, and written again.

What is here takes any line, through `words`, `commands` and the tables. The plain moves that make
up nearly all of a file are read faster, by one of two: `gcode_compiled`, or `gcode_plain` where
nothing is compiled. All must agree (a test says so).
"""

import math
from abc import ABC, abstractmethod
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from fablab_hub.core.errors import LimitExceededError
from fablab_hub.core.geometry import Point3
from fablab_hub.core.machines import Machine, MachineKind
from fablab_hub.core.programs import Mark
from fablab_hub.gcode.commands import Command, commands_of
from fablab_hub.gcode.dialects.table import Dialect, Policy, Reason
from fablab_hub.gcode.measured import COLUMNS, Measured, MoveFlag
from fablab_hub.gcode.motion import Arc
from fablab_hub.gcode.pace import Pace
from fablab_hub.gcode.state import Modal
from fablab_hub.gcode.words import Named, Unparsed, Word, decode
from jobs.checks.gcode_heating import Heaters
from jobs.checks.gcode_remarks import Remarks
from jobs.checks.gcode_rules import BY_ID

_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much of a file is read, and how long a run may be without asking.

    Attributes:
        max_bytes: of the file.
        max_lines: of the file.
        max_commands: lines that are neither plain moves nor comments; these take longest to read.
        max_moves: straight pieces, arcs cut into theirs.
        max_run_s: of the run; None takes 2 h for a laser, which a person must watch, and 12 h
            for a printer.
    """

    max_bytes: int = 256 << 20
    max_lines: int = 12_000_000
    max_commands: int = 1_000_000
    max_moves: int = 12_000_000
    max_run_s: float | None = None

    def check_lines(self, lines: int) -> None:
        """Raise LimitExceededError for more lines than are read."""
        if lines > self.max_lines:
            raise LimitExceededError("check.too-many-lines", max=self.max_lines)

    def check_moves(self, moves: int) -> None:
        """Raise LimitExceededError for more moves than are read."""
        if moves > self.max_moves:
            raise LimitExceededError("check.too-many-lines", max=self.max_moves)


class Program(Protocol):
    """The canonical program while it grows."""

    @property
    def last(self) -> bytes:
        """The newest line, without its end."""

    @property
    def lines(self) -> int:
        """How many lines there are."""

    @property
    def size_bytes(self) -> int:
        """How long it is."""

    def add(self, line: bytes) -> None:
        """Add one line, given without its end."""

    def flush(self) -> None:
        """Hand on what waits."""


class Reading(ABC):
    """What is known after the lines read so far. Handlers of commands change it.

    Attributes:
        flags: of the moves that follow, `MoveFlag` bits.
        line: number of the line under way.
        has_ended: the program said so (`M2`, `M30`).
    """

    def __init__(
        self,
        machine: Machine,
        dialect: Dialect,
        program: Program,
        limits: Limits,
        handlers: "Handlers",
    ) -> None:
        self.machine, self.dialect, self.limits = machine, dialect, limits
        pace = Pace.of(machine)
        self.modal = Modal(
            print_accel_mm_s2=pace.print_accel_mm_s2,
            travel_accel_mm_s2=pace.travel_accel_mm_s2,
            retract_accel_mm_s2=pace.retract_accel_mm_s2,
        )
        self.remarks = Remarks(BY_ID)
        self.program = program
        self.flags = 0
        self.line = self.commands = self.size_bytes = self.driven = 0
        self.has_units = self.has_ended = self.is_heated_by_macro = False
        self.work_offset = "G54"
        self.nozzle_c = self.bed_c = self.waiting_s = self.heating_s = 0.0
        self.heaters = Heaters(machine.printer) if machine.printer else None
        self.max_nozzle_c: float | None = None
        self.max_bed_c: float | None = None
        self._columns = array("d")
        self._arcs: list[tuple[int, Arc]] = []
        self._handlers = handlers
        self._is_laser = machine.kind is MachineKind.LASER

    def feed(self, chunk: bytes) -> None:
        """Read what came of the file; where it is cut means nothing.

        Raises:
            LimitExceededError: there are more bytes, lines or moves than `Limits` allows.
        """
        self.size_bytes += len(chunk)
        if self.size_bytes > self.limits.max_bytes:
            raise LimitExceededError("check.too-large", max_mb=self.limits.max_bytes >> 20)
        self.read(chunk)

    @abstractmethod
    def read(self, chunk: bytes) -> None:
        """Read the lines that are whole now."""

    @abstractmethod
    def finish_lines(self) -> None:
        """Read the last line, if it has no end."""

    @abstractmethod
    def finish_s(self) -> float:
        """Give the time of all moves, in seconds."""

    @abstractmethod
    def marks(self) -> list[Mark]:
        """Give where the program stands after how long."""

    @property
    @abstractmethod
    def measured(self) -> Measured:
        """What was measured of the moves so far."""

    def move(
        self, x: float | None, y: float | None, z: float | None, e: float | None, rapid: int = 0
    ) -> None:
        """Drive a straight line with the modal state as it is; `rapid` is `MoveFlag.RAPID` or 0."""
        fed_mm = self.modal.go(x, y, z, e)
        self._add(fed_mm, self.flags | rapid)

    def move_along(self, arc: Arc, fed_mm: float) -> None:
        """Drive an arc to where the modal state already is."""
        self._arcs.append((len(self._columns) // COLUMNS, arc))
        self._add(fed_mm, self.flags)

    def move_through(self, points_mm: Sequence[Point3], fed_mm: float) -> None:
        """Drive a line of many corners, from where the modal state is; filament goes by length.

        A line that leads nowhere has one corner, and feeds its filament there.
        """
        modal = self.modal
        ways_mm = [math.dist(a, b) for a, b in pairwise((modal.at_mm, *points_mm))]
        length_mm = sum(ways_mm)
        for point, way_mm in zip(points_mm, ways_mm, strict=True):
            modal.x_mm, modal.y_mm, modal.z_mm = point
            self._add(fed_mm * way_mm / length_mm if length_mm else fed_mm, self.flags)

    def _add(self, fed_mm: float, flags: int) -> None:
        modal = self.modal
        self._columns.extend((
            modal.x_mm, modal.y_mm, modal.z_mm, fed_mm, modal.feed_mm_min, modal.power_s,
            modal.print_accel_mm_s2, modal.travel_accel_mm_s2, modal.retract_accel_mm_s2,
            flags, self.line,
        ))  # fmt: skip
        self.flags &= ~16  # MoveFlag.FROM_STILL, as a number: this line runs millions of times

    def stand(self, pause_s: float) -> None:
        """Let time pass without a move."""
        self.waiting_s += pause_s
        if self.heaters:
            self.heaters.pass_time(pause_s)

    def wait_for_heat(self, *heaters: str, also_to_cool: bool = False) -> None:
        """Wait until heaters (`nozzle`, `bed`) are as hot as was asked, one after the other."""
        if self.heaters is None:
            return
        for heater in heaters:
            self.heating_s += self.heaters.wait_s(heater, also_to_cool=also_to_cool)

    def stop_first(self) -> None:
        """Let the next move begin at a standstill."""
        self.set_flag(MoveFlag.FROM_STILL, is_on=True)

    def set_flag(self, flag: MoveFlag, *, is_on: bool) -> None:
        """Switch a flag for the moves that follow."""
        # A plain number again: an enumeration's own operators are slow where millions of moves go.
        self.flags = int(self.flags | flag if is_on else self.flags & ~flag)

    def read_line(self, line: bytes) -> None:
        """Read one line, whatever it is, through the tables."""
        if line[:1] == b";":
            return
        if self.line == 1:
            line = line.removeprefix(_BOM)
        words = decode(line, self.dialect.syntax)
        if not words:
            return
        self.commands += 1
        if self.commands > self.limits.max_commands:
            raise LimitExceededError("check.too-many-lines", max=self.limits.max_commands)
        if self.has_ended:
            if words[0] not in (Word("M", "2"), Word("M", "02"), Word("M", "30")):
                self.remarks.note("after-end", self.line)
            return
        if isinstance(words, Named):
            self._handlers.named(self, words)
            return
        commands = (
            words
            if isinstance(words, Unparsed)
            else commands_of(words, self.modal.motion, self.dialect)
        )
        if isinstance(commands, Unparsed):
            self.remarks.note(commands.flaw, self.line, name=commands.text)
            return
        for command in commands:
            self._obey(command)

    def _obey(self, command: Command) -> None:
        """Judge one command by its row, act on it, and write it again."""
        row = self.dialect.row(command.code)
        if row.reason is not Reason.NONE:
            self.remarks.note(row.reason, self.line, name=command.code)
        if row.policy in (Policy.REFUSE, Policy.DROP):
            return
        for word in command.words:
            if word.letter not in row.takes:
                rule = "unknown-word" if self.dialect.runs_blocks else "unfamiliar-word"
                self.remarks.note(rule, self.line, name=f"{command.code} {word.letter}{word.text}")
        handler = self._handlers.commands.get(command.code)
        if handler is not None and not handler(self, command):
            return
        is_compact = self.dialect.runs_blocks and command.code in {"G0", "G1", "G2", "G3"}
        self.write(command.text(is_compact=is_compact))

    def write(self, text: bytes) -> None:
        """Write one line of the program, unless the machine could not hold it."""
        if len(text) > self.dialect.max_line_chars:
            self.remarks.note("line-too-long", self.line)
            return
        self.program.add(text)


Handler = Callable[[Reading, Command], bool]
"""Acts on a command; False when it need not be written."""


@dataclass(frozen=True, slots=True)
class Handlers:
    """What the commands of one kind of machine do to a `Reading`."""

    commands: Mapping[str, Handler]
    named: Callable[[Reading, Named], None]
