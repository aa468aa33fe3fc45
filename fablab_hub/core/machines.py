"""What a machine is, what it can take, and what it says of itself.

An agent process imports this and must stay small: nothing heavy is imported here.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from fablab_hub.core.bounds import Ge, Gt, Le, MinLen
from fablab_hub.core.geometry import Box, Point, Point3


class MachineKind(StrEnum):
    """What the machine does to matter; rules are chosen by it."""

    LASER = "laser"
    PRINTER = "printer"


class MachineState(StrEnum):
    """What a machine is doing, as people and the queue see it."""

    OFFLINE = "offline"
    IDLE = "idle"
    BUSY = "busy"
    PAUSED = "paused"
    ALARM = "alarm"
    NEEDS_CLEARING = "needs_clearing"
    OUT_OF_SERVICE = "out_of_service"


@dataclass(frozen=True, slots=True)
class Label:
    """A lab's own words, in both languages of the lab."""

    fr: Annotated[str, MinLen(1)]
    en: Annotated[str, MinLen(1)]

    def text(self, language: str) -> str:
        """Give the words in a language; English where the lab wrote none in it."""
        return self.fr if language == "fr" else self.en


Rectangle = tuple[float, float, float, float]
"""Left, front, right and back edge on the bed, in mm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaserLimits:
    """What a laser cutter can take.

    Attributes:
        tube_w: optical power at full, in watts.
        full_power_s: the `S` number that means full power (`$30` on GRBL).
        max_power: the largest power a job may ask for, 0..1; tubes live longer below 1.
        max_dwell_s: the longest pause (`G4`) a file may ask for.
        starts_anywhere: jobs count from where the head stands when they start, as some software
            writes them ("current position"); without it, from the bed's own zero.
        air: a relay switches the air assist (`M8`, `M9`).
        arcs: the firmware runs true arcs (`G2`, `G3`); without it they become short lines.
        grid_mm: openings of the grid under the sheet; smaller parts fall through. 0: none.
        no_go_mm: where the head must not burn (clamps, stops): left, front, right, back.
    """

    tube_w: Annotated[float, Gt(0), Le(500)]
    full_power_s: Annotated[float, Gt(0), Le(100_000)] = 1000.0
    max_power: Annotated[float, Gt(0), Le(1)] = 0.9
    max_dwell_s: Annotated[float, Ge(0), Le(60)] = 5.0
    starts_anywhere: bool = False
    air: bool = False
    arcs: bool = True
    grid_mm: Annotated[float, Ge(0), Le(100)] = 0.0
    no_go_mm: tuple[Rectangle, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterLimits:
    """What a 3D printer can take.

    Attributes:
        max_nozzle_c: cap of the hotend (240 for a PTFE-lined one).
        max_bed_c: cap of the heated bed; 0 where there is none.
        filament_mm: filament diameter.
        density_g_cm3: of the usual filament; turns length into grams (PLA 1.24).
        min_extrude_c: below it extruding is cold extrusion (Marlin `EXTRUDE_MINTEMP`).
        max_chamber_c: cap of a heated chamber; where none is given, a manager is asked.
        nozzle_heats_c_s, nozzle_cools_c_s: how fast, from the room's temperature up and back.
        bed_heats_c_s, bed_cools_c_s: the same of the bed. All four are of a small printer of 24 V
            on a table; they only count for times.
    """

    max_nozzle_c: Annotated[float, Gt(0), Le(500)]
    max_bed_c: Annotated[float, Ge(0), Le(200)]
    filament_mm: Annotated[float, Gt(0), Le(3.5)] = 1.75
    density_g_cm3: Annotated[float, Gt(0), Le(10)] = 1.24
    min_extrude_c: Annotated[float, Ge(0), Le(300)] = 170.0
    max_chamber_c: Annotated[float, Ge(0), Le(120)] | None = None
    nozzle_heats_c_s: Annotated[float, Gt(0), Le(50)] = 1.8
    nozzle_cools_c_s: Annotated[float, Gt(0), Le(50)] = 0.7
    bed_heats_c_s: Annotated[float, Gt(0), Le(20)] = 0.35
    bed_cools_c_s: Annotated[float, Gt(0), Le(20)] = 0.05


class Zero(StrEnum):
    """Where on its bed a machine counts from."""

    CORNER = "corner"
    MIDDLE = "middle"


class Cornering(StrEnum):
    """By which rule a firmware decides how fast a corner may be taken."""

    JUNCTION_DEVIATION = "junction-deviation"
    JERK = "jerk"
    SQUARE_CORNER = "square-corner"


Speed = Annotated[float, Gt(0), Le(1_000_000)]
Acceleration = Annotated[float, Gt(0), Le(1_000_000)]
PerAxis = tuple[Speed, Speed, Speed, Speed]


@dataclass(frozen=True, slots=True, kw_only=True)
class MotionLimits:
    """How fast the firmware lets each axis go and speed up; times are estimated with it.

    Attributes:
        max_feed_mm_min: of X, Y, Z and E (`M203`, times 60; `$110` to `$112`).
        max_accel_mm_s2: of X, Y, Z and E (`M201`; `$120` to `$122`).
        print_accel_mm_s2: of moves that feed filament (`M204 P`), or that burn.
        travel_accel_mm_s2: of moves that only travel (`M204 T`).
        retract_accel_mm_s2: of filament alone (`M204 R`).
        cornering: which of the next three counts.
        junction_deviation_mm: how far a corner may be cut (`M205 J`; `$11`).
        jerk_mm_s: change of speed taken at once by X, Y, Z and E (`M205 X Y Z E`).
        square_corner_mm_s: speed at a corner of 90 degrees (Klipper).
        min_feed_mm_s: slowest move that feeds filament (`M205 S`).
        planned_moves: how many moves the firmware holds, the one that runs among them.
    """

    max_feed_mm_min: PerAxis
    max_accel_mm_s2: PerAxis
    print_accel_mm_s2: Acceleration
    travel_accel_mm_s2: Acceleration
    retract_accel_mm_s2: Acceleration
    cornering: Cornering = Cornering.JUNCTION_DEVIATION
    junction_deviation_mm: Annotated[float, Ge(0), Le(5)] = 0.01
    jerk_mm_s: PerAxis = (10.0, 10.0, 0.4, 5.0)
    square_corner_mm_s: Annotated[float, Ge(0), Le(100)] = 5.0
    min_feed_mm_s: Annotated[float, Ge(0), Le(100)] = 0.0
    planned_moves: Annotated[int, Ge(2), Le(1024)] = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckItem:
    """One line of the list that a person ticks at the machine before it starts."""

    id: Annotated[str, MinLen(1)]
    label: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """One machine of the lab, as `fablab.toml` describes it.

    Attributes:
        id: short name in addresses, paths and logs.
        name: what people call it.
        kind: laser or printer.
        driver: the entry of `drivers.registry` that speaks to it.
        dialect: the firmware whose allow-list its programs are checked against.
        port: serial port (`/dev/serial/by-id/...`), or a pseudo-terminal's link.
        baud: speed of the line.
        profile: the profile that it was described by, if any.
        bed_mm: reachable width, depth and height; Z 0 is allowed for a laser.
        zero: where on the bed its files count from; deltas count from the middle.
        margin_mm: how far motion may leave the bed (printers prime a few mm outside).
        max_feed_mm_min: fastest feed and rapid of X and Y.
        max_accel_mm_s2: acceleration that the firmware uses; estimates are made with it.
        motion: the same axis by axis, where it is known.
        heartbeat_s: how long the agent of a laser waits for the hub before it holds.
        camera: id of the camera that sees the bed, if any.
        checklist: what a person confirms before each start.
        slicer_macros: start and end macros that files may call, by name.
    """

    id: Annotated[str, MinLen(1)] = ""
    name: Label
    kind: MachineKind
    driver: Annotated[str, MinLen(1)]
    dialect: Annotated[str, MinLen(1)]
    port: Annotated[str, MinLen(1)]
    baud: Annotated[int, Ge(1200), Le(4_000_000)] = 115_200
    bed_mm: tuple[
        Annotated[float, Gt(0), Le(10_000)],
        Annotated[float, Gt(0), Le(10_000)],
        Annotated[float, Ge(0), Le(10_000)],
    ]
    profile: str | None = None
    zero: Zero = Zero.CORNER
    margin_mm: Annotated[float, Ge(0), Le(50)] = 0.0
    max_feed_mm_min: Annotated[float, Gt(0), Le(200_000)] = 6_000.0
    max_accel_mm_s2: Annotated[float, Gt(0), Le(100_000)] = 500.0
    heartbeat_s: Annotated[float, Gt(0), Le(10)] = 0.7
    camera: str | None = None
    checklist: tuple[CheckItem, ...] = ()
    slicer_macros: tuple[str, ...] = ()
    laser: LaserLimits | None = None
    printer: PrinterLimits | None = None
    motion: MotionLimits | None = None

    @property
    def corner_mm(self) -> Point:
        """The bed's front left corner, as the machine's files count."""
        x, y, _ = self.bed_mm
        return (-x / 2, -y / 2) if self.zero is Zero.MIDDLE else (0.0, 0.0)

    @property
    def reach_mm(self) -> Box:
        """The box that motion may use: the bed, widened by the machine's own margin.

        Where jobs start anywhere it is what the head can do from any place: a bed in each way.
        """
        x, y, z = self.bed_mm
        m = self.margin_mm
        if self.laser is not None and self.laser.starts_anywhere:
            return Box((-x, -y, -z), (x, y, z))
        left, front = self.corner_mm
        return Box((left - m, front - m, -m), (left + x + m, front + y + m, z + m))

    @property
    def motion_limits(self) -> MotionLimits:
        """What is known of each axis, or the machine's one speed and acceleration for all."""
        if self.motion is not None:
            return self.motion
        accel, feed = self.max_accel_mm_s2, self.max_feed_mm_min
        return MotionLimits(
            max_feed_mm_min=(feed, feed, feed, feed),
            max_accel_mm_s2=(accel, accel, accel, accel),
            print_accel_mm_s2=accel,
            travel_accel_mm_s2=accel,
            retract_accel_mm_s2=accel,
            junction_deviation_mm=0.01 if self.kind is MachineKind.LASER else 0.02,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Temperatures:
    """What a printer measures and aims at, in degrees Celsius."""

    nozzle_c: float
    nozzle_target_c: float
    bed_c: float
    bed_target_c: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineStatus:
    """What a driver last knew of its machine.

    Attributes:
        state: as people see it; never NEEDS_CLEARING or OUT_OF_SERVICE, which the hub decides.
        detail: the firmware's own word (`Hold:0`, `busy: processing`), for staff.
        position_mm: machine position; None when it is not known to be true.
        line: lines of the program that the firmware acknowledged.
        fraction: part of the run that is done, 0..1.
        power: power at the beam right now, 0..1; None where it cannot be known.
        temperatures: of a printer.
        error_code: id of the error that explains ALARM or OFFLINE.
    """

    state: MachineState
    detail: str = ""
    position_mm: Point3 | None = None
    line: int = 0
    fraction: float = 0.0
    power: float | None = None
    temperatures: Temperatures | None = None
    error_code: str | None = None
    error_fields: dict[str, str] = field(default_factory=dict)
