"""The check of a G-code program: findings, facts, and the canonical program that may run."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType

from fablab_hub.core.errors import ConfigError
from fablab_hub.core.geometry import Box, Point
from fablab_hub.core.machines import LaserLimits, Machine, MachineKind
from fablab_hub.core.materials import Material
from fablab_hub.core.programs import Mark, thinned
from fablab_hub.gcode.dialects.registry import dialect_named
from fablab_hub.gcode.dialects.slicer_table import with_profile
from fablab_hub.gcode.dialects.slicers import slicer_of
from fablab_hub.gcode.dialects.table import Dialect
from fablab_hub.gcode.kernel import compiled_scan
from fablab_hub.gcode.measured import EDGE_MM, Slip, filament_mm2
from jobs.checks.gcode_compiled import CompiledReading
from jobs.checks.gcode_laser import LaserRun
from jobs.checks.gcode_materials import heat_limit, note_material
from jobs.checks.gcode_printer import PrinterRun
from jobs.checks.gcode_reading import Handlers, Limits, Reading
from jobs.report import Facts, Finding

_H = 3600.0
_LASER_RUN_S = 2 * _H
_PRINTER_RUN_S = 12 * _H
_BITS_A_BYTE = 10
_USUAL_FULL_S = 255.0
_LINES_AT_ONCE = 4096
_THIN_LINE_MM2 = 0.01
_THIN_WORK_MM = 1000.0
"""Lines thinner than 0.1 x 0.1 mm in the mean of a metre are no print: E was counted wrongly."""

_SLIP_RULES = MappingProxyType({
    Slip.WORK_OUTSIDE: ("out-of-bounds", "over_mm"),
    Slip.TRAVEL_OUTSIDE: ("travel-out-of-bounds", "over_mm"),
    Slip.BELOW_BED: ("below-bed", ""),
    Slip.NO_FEED: ("no-feed", ""),
    Slip.FEED_OVER_MAX: ("feed-over-max", "found"),
    Slip.POWER_OVER_MAX: ("power-over-max", ""),
    Slip.BEAM_ON_RAPID: ("beam-on-rapid", ""),
    Slip.COLD_EXTRUSION: ("cold-extrusion", ""),
    Slip.MOTORS_OFF: ("motors-off", ""),
    Slip.NOT_HOMED: ("not-homed", ""),
    Slip.TOO_MUCH_HEAT: ("material-power", ""),
    Slip.THICK_LINE: ("thick-line", "found"),
    Slip.LONG_FEED: ("long-feed", "found"),
    Slip.IN_THE_AIR: ("in-the-air", "found"),
})  # fmt: skip
"""The rule of each slip, and the fact that its worst value is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramCheck:
    """What a check found out.

    Attributes:
        findings: in file order; those about the whole file come last.
        facts: what was measured; `lines` counts the lines of the file.
        program_lines: lines of the canonical program.
        program_marks: where it stands after how long.
    """

    findings: tuple[Finding, ...]
    facts: Facts
    program_lines: int
    program_marks: tuple[Mark, ...] = ()


class Checker:
    """Checks a program while it arrives, in memory that does not grow with it.

    Work zero is taken to be machine zero. The time leaves out heating, homing and levelling, and
    for a laser is never shorter than the bytes take on the wire.
    """

    def __init__(
        self,
        machine: Machine,
        material: Material | None,
        write: Callable[[bytes], None],
        limits: Limits | None = None,
        head: bytes = b"",
    ) -> None:
        """Begin a check.

        Args:
            machine: that shall run it.
            material: the sheet or the filament; None when nobody chose one.
            write: takes the canonical program piece by piece. What was written for a program with
                refusals is worth nothing.
            limits: how much is read.
            head: the file's first bytes, which say who wrote it; nothing of it is read otherwise.

        Raises:
            ConfigError: the machine's dialect is unknown, or is not for its kind.
        """
        dialect = dialect_named(machine.dialect)
        if dialect.kind is not machine.kind:
            raise ConfigError("check.wrong-kind", machine=machine.id)
        dialect = with_profile(dialect, slicer_of(head))
        is_laser = machine.kind is MachineKind.LASER
        self._family = LaserRun(dialect) if is_laser else PrinterRun(dialect)
        handlers = self._family.handlers
        self._material = material
        heat = heat_limit(machine, material)
        self._reading = _open_reading(machine, dialect, write, limits or Limits(), handlers, heat)
        self._family.begin(self._reading)

    def feed(self, chunk: bytes) -> None:
        """Read what came of the file; where it is cut means nothing.

        Raises:
            LimitExceededError: the file is larger than `limits` allows.
        """
        self._reading.feed(chunk)

    def at_mm(self) -> Point:
        """Give X and Y after the lines fed so far; a line that was cut counts as a whole one."""
        self._reading.finish_lines()
        return self._reading.modal.at_mm[:2]

    def finish(self) -> ProgramCheck:
        """Say what the whole file is."""
        reading = self._reading
        reading.finish_lines()
        self._family.end(reading)
        reading.program.flush()
        facts = _facts(reading)
        _note_slips(reading)
        note_material(reading, self._material)
        _note_whole(reading, facts)
        return ProgramCheck(
            findings=reading.remarks.findings(),
            facts=facts,
            program_lines=reading.program.lines,
            program_marks=thinned(reading.marks()),
        )


def _open_reading(
    machine: Machine,
    dialect: Dialect,
    write: Callable[[bytes], None],
    limits: Limits,
    handlers: Handlers,
    max_heat: float,
) -> Reading:
    if compiled_scan() is not None:
        return CompiledReading(machine, dialect, write, limits, handlers, max_heat)
    # NumPy takes longer to load than a small file to check, so only the fallback asks for it.
    from jobs.checks.gcode_plain import PlainReading  # noqa: PLC0415

    return PlainReading(machine, dialect, write, limits, handlers, max_heat)


def check_program(
    lines: Iterable[bytes],
    machine: Machine,
    material: Material | None,
    write: Callable[[bytes], None],
    *,
    limits: Limits | None = None,
    head: bytes = b"",
) -> ProgramCheck:
    """Check a program that is there line by line, with or without their ends.

    Takes and raises what `Checker` does.
    """
    checker = Checker(machine, material, write, limits, head)
    for chunk in in_chunks(lines):
        checker.feed(chunk)
    return checker.finish()


def in_chunks(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Give lines, with or without their ends, as a file in a few large pieces."""
    waiting = iter(lines)
    while some := list(islice(waiting, _LINES_AT_ONCE)):
        yield b"".join([line.rstrip(b"\r\n") + b"\n" for line in some])


def _facts(reading: Reading) -> Facts:
    measured, machine = reading.measured, reading.machine
    duration_s = reading.finish_s() + reading.waiting_s + reading.heating_s
    if machine.laser is not None:
        wire_s = reading.program.size_bytes * _BITS_A_BYTE / machine.baud
        power = measured.max_power_s / machine.laser.full_power_s
        return Facts(
            bounds_mm=measured.work_box,
            travel_bounds_mm=measured.move_box,
            duration_s=max(duration_s, wire_s),
            travel_mm=measured.travel_mm,
            cut_mm=measured.work_mm,
            lines=reading.line,
            max_feed_mm_min=measured.max_feed_mm_min,
            max_power=min(1.0, power),
            line_energy_j_mm=_line_energy_j_mm(measured.max_heat, machine.laser),
        )
    printer = machine.printer
    grams = (
        measured.filament_mm
        * filament_mm2(machine)
        / 1000
        * (printer.density_g_cm3 if printer else 0.0)
    )
    return Facts(
        bounds_mm=measured.work_box,
        travel_bounds_mm=measured.move_box,
        duration_s=duration_s,
        heating_s=reading.heating_s,
        travel_mm=measured.travel_mm,
        filament_mm=measured.filament_mm,
        filament_g=grams,
        layers=measured.layers or None,
        first_layer_mm=measured.first_layer_mm,
        lines=reading.line,
        max_feed_mm_min=measured.max_feed_mm_min,
        max_nozzle_c=reading.max_nozzle_c,
        max_bed_c=reading.max_bed_c,
    )


def _line_energy_j_mm(heat: float, laser: LaserLimits) -> float:
    """Turn the largest S for each mm/min into joules a millimetre: watts by mm/s."""
    return heat / laser.full_power_s * laser.tube_w * 60


def _note_slips(reading: Reading) -> None:
    """Turn what the moves did wrong into remarks."""
    is_laser = reading.machine.kind is MachineKind.LASER
    for slip, slips in sorted(reading.measured.slips.items()):
        rule, fact = _SLIP_RULES[slip]
        if slip is Slip.NO_FEED and not is_laser:
            rule = "no-feed-printer"
        for line in slips.lines:
            reading.remarks.note(rule, line)
        if slips.count > len(slips.lines):
            reading.remarks.note(rule, count=slips.count - len(slips.lines))
        if fact:
            reading.remarks.raise_fact(rule, fact, slips.worst)


def _note_place(reading: Reading, box_mm: Box) -> None:
    """Judge the size of a job that may lie anywhere; where it lies, a person sees to."""
    box_mm = box_mm.union(Box((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)))
    over_mm = max(
        side - bed for side, bed in zip(box_mm.size_mm, reading.machine.bed_mm, strict=True)
    )
    if over_mm > EDGE_MM:
        reading.remarks.note("out-of-bounds")
        reading.remarks.raise_fact("out-of-bounds", "over_mm", over_mm)
    reading.remarks.note("place-it", left=round(max(0.0, -box_mm.min_mm[0])))


def _line_mm2(reading: Reading) -> float:
    """Give the mean cross-section of a print's lines."""
    measured = reading.measured
    if measured.work_mm < _THIN_WORK_MM:
        return 0.0
    return measured.filament_mm * filament_mm2(reading.machine) / measured.work_mm


def _note_whole(reading: Reading, facts: Facts) -> None:
    """Note what only shows at the end, and complete the facts of earlier remarks."""
    remarks, measured, machine = reading.remarks, reading.measured, reading.machine
    if machine.laser is not None and machine.laser.starts_anywhere and measured.move_box:
        _note_place(reading, measured.move_box)
    if measured.moves == 0:
        remarks.note("no-motion")
    elif measured.work_box is None:
        remarks.note("no-work")
    if reading.modal.is_relative:
        remarks.note("ends-relative")
    if machine.printer is not None and 0 < _line_mm2(reading) < _THIN_LINE_MM2:
        remarks.note("thin-lines", found=round(_line_mm2(reading), 4))
    if remarks.has("feed-over-max"):
        remarks.note("feed-over-max", count=0, max=machine.max_feed_mm_min)
    if remarks.has("cold-extrusion") and machine.printer:
        remarks.note("cold-extrusion", count=0, min=machine.printer.min_extrude_c)
    is_laser = machine.kind is MachineKind.LASER
    longest_s = reading.limits.max_run_s or (_LASER_RUN_S if is_laser else _PRINTER_RUN_S)
    if facts.duration_s > longest_s:
        hours = round(facts.duration_s / _H, 1)
        remarks.note("too-long", hours=hours, max=round(longest_s / _H, 1))
    if machine.laser is not None:
        if not reading.has_units and measured.moves:
            remarks.note("no-units")
        if remarks.has("power-over-max"):
            remarks.note(
                "power-over-max", count=0, max_percent=round(machine.laser.max_power * 100)
            )
        full_s = machine.laser.full_power_s
        if measured.max_power_s == _USUAL_FULL_S and full_s > 1.5 * _USUAL_FULL_S:
            remarks.note("power-scale", full_s=round(full_s))
