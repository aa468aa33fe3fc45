"""The reading of a program whose plain lines the compiled scan takes; the rest is done as always.

Between two lines, one of both owns the modal state: the scan, while it runs, and the `Modal` of the
reading for as long as a handler needs it.
"""

from collections.abc import Callable
from typing import Any

from fablab_hub.core.errors import LimitExceededError
from fablab_hub.core.geometry import Box
from fablab_hub.core.machines import Machine, MachineKind
from fablab_hub.core.programs import Mark
from fablab_hub.gcode.dialects.table import Dialect, Policy, Reason
from fablab_hub.gcode.kernel import compiled_scan
from fablab_hub.gcode.measured import (
    BELOW_BED_MM,
    COLUMNS,
    Measured,
    Rect,
    Slip,
    Slips,
    add_layer,
    allowed_power_s,
    filament_mm2,
)
from fablab_hub.gcode.pace import Pace
from fablab_hub.gcode.reading import MAX_LINE_BYTES
from jobs.checks.gcode_reading import Handlers, Limits, Reading

_MOTIONS = ("G0", "G1", "G2", "G3")
_OTHER_MOTION = 80


class ScanWriter:
    """The canonical program, whose lines mostly come from the scan itself."""

    def __init__(self, scan: Any, write: Callable[[bytes], None]) -> None:
        self._scan, self._write = scan, write

    @property
    def last(self) -> bytes:
        """The newest line."""
        return bytes(self._scan.last)

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return int(self._scan.program_lines)

    @property
    def size_bytes(self) -> int:
        """How long the program is."""
        return int(self._scan.program_bytes)

    def add(self, line: bytes) -> None:
        """Add one line, given without its end."""
        if taken := self._scan.write(line):
            self._write(taken)

    def flush(self) -> None:
        """Hand on what waits."""
        if taken := self._scan.take():
            self._write(taken)


class CompiledReading(Reading):
    """A reading that leaves the plain lines to the compiled scan."""

    def __init__(
        self,
        machine: Machine,
        dialect: Dialect,
        write: Callable[[bytes], None],
        limits: Limits,
        handlers: Handlers,
        max_heat: float,
    ) -> None:
        self._module = compiled_scan()
        self._scan = _open_scan(self._module, machine, dialect, max_heat)
        super().__init__(machine, dialect, ScanWriter(self._scan, write), limits, handlers)
        self._rest = b""
        self._layers_mm: dict[float, Rect] = {}
        self._is_loaded = False

    def read(self, chunk: bytes) -> None:
        """Read the lines that are whole now."""
        self._scan_bytes(self._rest + chunk if self._rest else chunk, is_last=False)

    def finish_lines(self) -> None:
        """Read the last line, if it has no end."""
        self._scan_bytes(self._rest, is_last=True)
        self._store()

    def finish_s(self) -> float:
        """Give the time of all moves, in seconds."""
        return float(self._scan.finish())

    def marks(self) -> list[Mark]:
        """Give where the program stands after how long."""
        return [Mark(*mark) for mark in self._scan.index()]

    @property
    def measured(self) -> Measured:
        """What was measured of the moves so far."""
        scan = self._scan
        self._take_layers()
        box, work_box = scan.boxes()
        return Measured(
            moves=scan.moves,
            work_box=_box(work_box) if scan.has_work else None,
            move_box=_box(box) if scan.driven else None,
            work_mm=scan.work_mm,
            travel_mm=scan.travel_mm,
            climbing_mm=scan.climbing_mm,
            filament_mm=scan.filament_mm,
            max_feed_mm_min=scan.top_feed,
            max_power_s=scan.top_power,
            max_heat=scan.top_heat,
            layers_mm=self._layers_mm,
            slips={
                Slip(number): Slips(count, lines, worst)
                for number, (count, lines, worst) in enumerate(scan.slips())
                if count
            },
        )

    def _measure(self) -> None:
        """Let the scan measure the moves of the line that was just read."""
        columns, scan = self._columns, self._scan
        arcs = dict(self._arcs)
        for row in range(len(columns) // COLUMNS):
            x, y, z, fed, feed, power, printing, travel, retract, flags, _ = columns[
                row * COLUMNS : (row + 1) * COLUMNS
            ]
            scan.set_accels(printing, travel, retract)
            scan.drive(
                (x, y, z),
                fed,
                feed,
                power,
                int(flags),
                self.line,
                arcs.get(row),
                scan.program_bytes,
                scan.program_lines,
            )
        del columns[:]
        self._arcs = []

    def _scan_bytes(self, data: bytes, *, is_last: bool) -> None:
        scan, module, at = self._scan, self._module, 0
        if not self._is_loaded:
            self._load()
            self._is_loaded = True
        while True:
            at = scan.run(data, at, is_last)
            self.limits.check_lines(scan.line)
            self.limits.check_moves(scan.driven)
            if scan.why == module.FULL:
                self.program.flush()
                self._take_layers()
            elif scan.why == module.ODD:
                self._read_odd(data[scan.odd_start : scan.odd_end])
            elif scan.why == module.LONG:
                raise LimitExceededError("check.long-line", max_kb=MAX_LINE_BYTES // 1024)
            else:
                break
        self._rest = data[at:]
        self.line = scan.line

    def _take_layers(self) -> None:
        for height_mm, *room_mm in self._scan.take_layers():
            add_layer(self._layers_mm, height_mm, (room_mm[0], room_mm[1], room_mm[2], room_mm[3]))

    def _read_odd(self, line: bytes) -> None:
        self._store()
        self.read_line(line)
        self._measure()
        self._load()

    def _store(self) -> None:
        """Let the handlers see the state that the scan has reached."""
        scan, modal = self._scan, self.modal
        self.line, self.flags = scan.line, scan.flags
        if scan.motion <= 3:
            modal.motion = _MOTIONS[scan.motion]
        modal.feed_mm_min, modal.power_s = scan.feed, scan.power
        modal.spindle = f"M{scan.spindle}"
        modal.x_mm, modal.y_mm, modal.z_mm, modal.e_mm = scan.x, scan.y, scan.z, scan.e
        modal.print_accel_mm_s2, modal.travel_accel_mm_s2, modal.retract_accel_mm_s2 = scan.accels

    def _load(self) -> None:
        """Let the scan go on from where the handlers left the state."""
        scan, modal = self._scan, self.modal
        scan.flags, scan.has_ended = self.flags, self.has_ended
        is_plain = modal.motion in _MOTIONS
        scan.motion = _MOTIONS.index(modal.motion) if is_plain else _OTHER_MOTION
        scan.scale, scan.is_flat = modal.scale, modal.plane == "G17"
        scan.is_relative, scan.is_e_relative = modal.is_relative, modal.is_e_relative
        scan.feed, scan.power, scan.spindle = (
            modal.feed_mm_min,
            modal.power_s,
            int(modal.spindle[1:]),
        )
        scan.x, scan.y, scan.z, scan.e = modal.x_mm, modal.y_mm, modal.z_mm, modal.e_mm
        scan.shift_x, scan.shift_y = modal.shift_x_mm, modal.shift_y_mm
        scan.shift_z = modal.shift_z_mm
        scan.set_accels(
            modal.print_accel_mm_s2, modal.travel_accel_mm_s2, modal.retract_accel_mm_s2
        )


def _open_scan(module: Any, machine: Machine, dialect: Dialect, max_heat: float) -> Any:
    reach, is_laser = machine.reach_mm, machine.kind is MachineKind.LASER
    native = 0
    for code, bit in module.NATIVE.items():
        row = dialect.row(code)
        if row.policy is Policy.ALLOW and row.reason is Reason.NONE:
            native |= bit
    return module.Scan(
        Pace.of(machine),
        is_laser=is_laser,
        low=reach.min_mm if is_laser else (*reach.min_mm[:2], -BELOW_BED_MM),
        high=reach.max_mm,
        max_feed=machine.max_feed_mm_min,
        max_power=allowed_power_s(machine),
        max_heat=max_heat,
        filament_mm2=filament_mm2(machine),
        native=native,
        max_chars=dialect.max_line_chars,
    )


def _box(corners: list[float]) -> Box:
    x, y, z, right, back, top = corners
    return Box((x, y, z), (right, back, top))
