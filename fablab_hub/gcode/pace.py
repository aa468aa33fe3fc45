"""How fast a firmware moves a machine: the numbers that its planner works with."""

import math
from dataclasses import dataclass

from fablab_hub.core.machines import Cornering, Machine, MachineKind
from fablab_hub.core.units import S_PER_MIN

_GRBL_ARC_TOLERANCE_MM = 0.002
"""`$12` of GRBL as it comes: how far its straight pieces may lie inside an arc."""

_AROUND = 4 / math.pi * math.log(1 + math.sqrt(2))
"""Mean over all directions of what two like axes allow together: 1 along one, 1.41 between them."""

Four = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What a planner must know of a machine; X, Y, Z and E wherever there are four.

    Attributes:
        max_speed_mm_s: of each axis.
        max_accel_mm_s2: of each axis.
        print_accel_mm_s2, travel_accel_mm_s2, retract_accel_mm_s2: as long as a file asks for
            nothing else; endless where a firmware only knows its axes.
        cornering: which of the next three counts.
        junction_deviation_mm, jerk_mm_s, square_corner_mm_s: how corners are taken.
        arc_ease: square of the speed on an arc, as a multiple of acceleration times radius.
        arc_tolerance_mm: how far the straight pieces of an arc may lie inside it, where each piece
            is a move to the planner; 0 where an arc is one move.
        turning_accel_mm_s2: what the axes allow on an arc that meets them all, where each piece is
            a move to the planner.
        planned_moves: how many moves the planner sees when it begins one, that one included.
        min_speed_mm_s: slowest move that feeds filament.
    """

    max_speed_mm_s: Four
    max_accel_mm_s2: Four
    print_accel_mm_s2: float
    travel_accel_mm_s2: float
    retract_accel_mm_s2: float
    cornering: Cornering
    junction_deviation_mm: float
    jerk_mm_s: Four
    square_corner_mm_s: float
    arc_ease: float
    arc_tolerance_mm: float
    turning_accel_mm_s2: float
    planned_moves: int
    min_speed_mm_s: float

    @classmethod
    def of(cls, machine: Machine) -> "Pace":
        """Take the numbers of a machine.

        GRBL cuts an arc into pieces and takes their corners by its junction deviation, which comes
        to `deviation / tolerance` times what the acceleration alone would allow (grbl 1.1h
        `motion_control.c` and `planner.c`).
        """
        limits = machine.motion_limits
        is_laser = machine.kind is MachineKind.LASER
        x, y, z, e = limits.max_feed_mm_min
        deviation_mm = limits.junction_deviation_mm
        return cls(
            max_speed_mm_s=(x / S_PER_MIN, y / S_PER_MIN, z / S_PER_MIN, e / S_PER_MIN),
            max_accel_mm_s2=limits.max_accel_mm_s2,
            print_accel_mm_s2=math.inf if is_laser else limits.print_accel_mm_s2,
            travel_accel_mm_s2=math.inf if is_laser else limits.travel_accel_mm_s2,
            retract_accel_mm_s2=math.inf if is_laser else limits.retract_accel_mm_s2,
            cornering=limits.cornering,
            junction_deviation_mm=deviation_mm,
            jerk_mm_s=limits.jerk_mm_s,
            square_corner_mm_s=limits.square_corner_mm_s,
            arc_ease=max(1.0, deviation_mm / _GRBL_ARC_TOLERANCE_MM) if is_laser else 1.0,
            arc_tolerance_mm=_GRBL_ARC_TOLERANCE_MM if is_laser else 0.0,
            turning_accel_mm_s2=_AROUND * min(limits.max_accel_mm_s2[:2]),
            # A new move takes the place of one that is over, a moment after the next has begun.
            planned_moves=max(2, limits.planned_moves - 1),
            min_speed_mm_s=limits.min_feed_mm_s,
        )
