"""What a program's moves are and do, in the words of the check: flags, slips and sums."""

import math
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag

from fablab_hub.core.geometry import Box
from fablab_hub.core.machines import Machine

COLUMNS = 11
"""Of one move: x, y, z in mm, filament in mm, feed in mm/min, S, acceleration asked for while
working, while travelling and of filament alone (mm/s2), flags, line."""

BELOW_BED_MM = 0.1
"""A nozzle lower than this under the bed's surface scratches it."""

THICK_LINE_MM2 = 4.0
"""Thicker than any line of plastic: the widest common nozzle (1 mm) lays up to 1.5 mm2."""

SHORT_LINE_MM = 5.0
"""A shorter one may be as thick as it likes, and one that rises or sinks: so nozzles are primed."""

LONG_FEED_MM = 200.0
"""More filament in one move than firmwares take (Marlin `EXTRUDE_MAXLENGTH`, 200 mm)."""

LAYER_GAP_MM = 2.0
"""Higher above all layers before than any layer can be."""

EDGE_MM = 1e-6
MAX_LINES_KEPT = 20
MAX_LAYERS = 100_000


Rect = tuple[float, float, float, float]
"""Left, front, right and back, in mm on the bed."""


class MoveFlag(IntFlag):
    """What else is true of a move."""

    RAPID = 1
    CONSTANT_BEAM = 2
    DYNAMIC_BEAM = 4
    COLD = 8
    FROM_STILL = 16
    RELEASED = 32
    UNHOMED = 64


class Slip(IntEnum):
    """What a move can do wrong."""

    WORK_OUTSIDE = 0
    TRAVEL_OUTSIDE = 1
    BELOW_BED = 2
    NO_FEED = 3
    FEED_OVER_MAX = 4
    POWER_OVER_MAX = 5
    BEAM_ON_RAPID = 6
    COLD_EXTRUSION = 7
    MOTORS_OFF = 8
    NOT_HOMED = 9
    TOO_MUCH_HEAT = 10
    THICK_LINE = 11
    LONG_FEED = 12
    IN_THE_AIR = 13


@dataclass(slots=True)
class Slips:
    """The moves that did one thing wrong.

    Attributes:
        count: different lines.
        lines: the first of them.
        worst: largest value: millimetres outside or of filament, feed in mm/min, cross-section
            in mm2, gap in mm; 0 where nothing is measured.
        last_line: the newest line that was counted.
    """

    count: int = 0
    lines: list[int] = field(default_factory=list)
    worst: float = 0.0
    last_line: int = 0


@dataclass(slots=True)
class Measured:
    """What was measured so far.

    Attributes:
        moves: with any length.
        work_box, move_box: of motion that does something, and of all motion.
        work_mm, travel_mm: lengths of both.
        climbing_mm: of work that rises while it works.
        filament_mm: the most that was ever pushed in all.
        max_feed_mm_min, max_power_s: of work.
        max_heat: largest S for each mm/min.
        layers_mm: of each height that something flat was printed at, the room that it took.
    """

    moves: int = 0
    work_box: Box | None = None
    move_box: Box | None = None
    work_mm: float = 0.0
    travel_mm: float = 0.0
    climbing_mm: float = 0.0
    filament_mm: float = 0.0
    max_feed_mm_min: float = 0.0
    max_power_s: float = 0.0
    max_heat: float = 0.0
    layers_mm: dict[float, Rect] = field(default_factory=dict)
    slips: dict[Slip, Slips] = field(default_factory=dict)

    @property
    def layers(self) -> int:
        """Give the number of heights that something flat was printed at; 0 for a spiral."""
        return 0 if self.climbing_mm > self.work_mm / 2 else len(self.layers_mm)

    @property
    def first_layer_mm(self) -> Box | None:
        """Give the room of the lowest of them."""
        if not self.layers_mm:
            return None
        height = min(self.layers_mm)
        left, front, right, back = self.layers_mm[height]
        return Box((left, front, height), (right, back, height))


def add_layer(layers_mm: dict[float, Rect], height_mm: float, room_mm: Rect) -> None:
    """Add what was printed at one height to what was printed there before."""
    left, front, right, back = room_mm
    if (old := layers_mm.get(height_mm)) is not None:
        left, front = min(left, old[0]), min(front, old[1])
        right, back = max(right, old[2]), max(back, old[3])
    elif len(layers_mm) >= MAX_LAYERS:
        return
    layers_mm[height_mm] = (left, front, right, back)


def allowed_power_s(machine: Machine) -> float:
    """Give the largest S number that a file may ask for; endless where there is no beam."""
    laser = machine.laser
    return laser.max_power * laser.full_power_s + 1e-6 if laser else math.inf


def filament_mm2(machine: Machine) -> float:
    """Give the cross-section of a printer's filament; nothing where there is none."""
    printer = machine.printer
    return math.pi * (printer.filament_mm / 2) ** 2 if printer else 0.0
