"""The reading of a program where nothing is compiled: plain moves by two patterns, and columns.

It is the fallback of `gcode_compiled`, and its judge in the tests.
"""

import re
from array import array
from collections.abc import Callable, Sequence

import numpy as np

from fablab_hub.core.machines import Machine
from fablab_hub.core.programs import Mark
from fablab_hub.gcode.dialects.table import Dialect
from fablab_hub.gcode.measured import COLUMNS, Measured, MoveFlag
from fablab_hub.gcode.moves import MoveTable
from fablab_hub.gcode.pace import Pace
from fablab_hub.gcode.reading import LineSplitter
from jobs.checks.gcode_columns import Row, drive, others, read_rows
from jobs.checks.gcode_reading import Handlers, Limits, Reading

_BATCH = 8192 * COLUMNS
_LINES_AT_ONCE = 4096

_N = rb"(-?(?:\d{1,9}(?:\.\d{0,16})?|\.\d{1,16}))"
_U = rb"(\d{1,9}(?:\.\d{0,16})?)"
_LASER_MOVE = re.compile(
    rb"(?:G0?([01]) ?)?((?:X%b ?)?(?:Y%b ?)?(?:F%b ?)?(?:S%b ?)?(?:F%b)?)[ \t]*(?:;[^\n]*)?[\r\n]*"
    % (_N, _N, _U, _U, _U)
)


class ProgramWriter:
    """Collects the lines of the canonical program and hands them on in large pieces."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write
        self._waiting: list[bytes] = []
        self.last = b""
        self.lines = self.size_bytes = 0

    def add(self, line: bytes) -> None:
        """Add one line, given without its end."""
        self.last = line
        self._waiting.append(line)
        self.lines += 1
        self.size_bytes += len(line) + 1
        if len(self._waiting) >= _LINES_AT_ONCE:
            self.flush()

    def add_all(self, lines: Sequence[bytes]) -> None:
        """Add some lines, given without their ends."""
        self.last = lines[-1]
        self._waiting += lines
        self.lines += len(lines)
        self.size_bytes += sum(map(len, lines)) + len(lines)
        if len(self._waiting) >= _LINES_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Hand on what waits."""
        if self._waiting:
            self._write(b"\n".join(self._waiting) + b"\n")
            self._waiting.clear()


class PlainReading(Reading):
    """A reading line by line."""

    def __init__(
        self,
        machine: Machine,
        dialect: Dialect,
        write: Callable[[bytes], None],
        limits: Limits,
        handlers: Handlers,
        max_heat: float,
    ) -> None:
        self._program = ProgramWriter(write)
        super().__init__(machine, dialect, self._program, limits, handlers)
        self._moves = MoveTable(machine, Pace.of(machine), max_heat)
        self._splitter = LineSplitter()
        self._marks: list[Mark] = []

    @property
    def measured(self) -> Measured:
        """What was measured of the moves so far."""
        return self._moves.measured

    def read(self, chunk: bytes) -> None:
        """Read the lines that are whole now."""
        self._read_lines(self._splitter.feed(chunk))

    def finish_lines(self) -> None:
        """Read the last line, if it has no end, and measure what waits."""
        self._read_lines(self._splitter.finish())
        self._measure()

    def marks(self) -> list[Mark]:
        """Give where the program stands after how long: once for each batch of moves."""
        return self._marks

    def finish_s(self) -> float:
        """Give the time of all moves, in seconds."""
        return self._moves.planner.finish()

    def _read_lines(self, lines: list[bytes]) -> None:
        if self._is_laser:
            self._read_one_by_one(lines, self._fast_laser)
        else:
            self._read_print(lines)

    def _read_one_by_one(self, lines: list[bytes], fast: Callable[[bytes], bool]) -> None:
        for line in lines:
            self._count(1)
            if not fast(line):
                self.read_line(line)
            self._measure_batch()

    def _read_print(self, lines: list[bytes]) -> None:
        """Read long runs of plain moves as columns, and everything between them line by line."""
        rows, start = read_rows(lines), 0
        for other in (*others(rows, self.dialect.max_line_chars), len(lines)):
            self._drive(rows, start, other)
            if other < len(lines):
                self._count(1)
                self.read_line(lines[other])
                self._measure_batch()
            start = other + 1

    def _drive(self, rows: list[Row], start: int, stop: int) -> None:
        """Drive plain moves; a batch ends where it would end one by one."""
        while start < stop:
            room = (_BATCH - len(self._columns)) // COLUMNS
            some = rows[start : min(stop, start + room)]
            self._count(len(some))
            first_line = self.line - len(some) + 1
            driven = drive(some, self.modal, self.flags, first_line)
            self.flags &= ~int(MoveFlag.FROM_STILL)
            self._columns.frombytes(driven.columns.tobytes())
            self._program.add_all(driven.codes)
            self._measure_batch()
            start += len(some)

    def _count(self, lines: int) -> None:
        self.line += lines
        self.limits.check_lines(self.line)

    def _measure_batch(self) -> None:
        if len(self._columns) >= _BATCH:
            self._measure()

    def _measure(self) -> None:
        if not self._columns:
            return
        self.driven += len(self._columns) // COLUMNS
        self.limits.check_moves(self.driven)
        self._moves.add(np.frombuffer(self._columns).reshape(-1, COLUMNS), self._arcs)
        self._columns = array("d")
        self._arcs = []
        program, moves = self._program, self._moves
        layers = len(moves.measured.layers_mm)
        mark = Mark(program.lines, program.size_bytes, moves.planner.settled_s, layers)
        self._marks.append(mark)

    def _fast_laser(self, line: bytes) -> bool:
        """Read `G1 X1 Y2 S3 F4` or `X1Y2`; False when the line is anything else."""
        found = _LASER_MOVE.fullmatch(line)
        if found is None or self.has_ended:
            return False
        kind, words, x, y, f, s, late_f = found.groups()
        modal = self.modal
        code = (b"G" + kind) if kind else modal.motion.encode()
        text = code + words.replace(b" ", b"")
        is_plain = code in (b"G0", b"G1") and (x is not None or y is not None)
        if not is_plain or (f and late_f) or len(text) > self.dialect.max_line_chars:
            return False
        modal.motion = "G1" if code == b"G1" else "G0"
        if f or late_f:
            modal.feed_mm_min = float(f or late_f) * modal.scale
        if s is not None:
            modal.power_s = float(s)
        self.move(
            None if x is None else float(x),
            None if y is None else float(y),
            None,
            None,
            1 if code == b"G0" else 0,  # MoveFlag.RAPID
        )
        self.program.add(text)
        return True
