"""What the moves of a program do, measured many at a time: bounds, lengths, speeds and time."""

from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

from fablab_hub.core.geometry import Box
from fablab_hub.core.machines import Machine, MachineKind
from fablab_hub.core.units import S_PER_MIN
from fablab_hub.gcode.dialects.table import Dialect
from fablab_hub.gcode.duration import Planner
from jobs.checks.gcode_remarks import Remarks

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

COLUMNS = 9
"""Of one move: x, y, z in mm, filament in mm, feed in mm/min, S, acceleration, flags, line."""

BELOW_BED_MM = 0.1
"""A nozzle lower than this under the bed's surface scratches it."""

_EDGE_MM = 1e-6


class MoveFlag(IntFlag):
    """What else is true of a move."""

    RAPID = 1
    CONSTANT_BEAM = 2
    DYNAMIC_BEAM = 4
    COLD = 8
    FROM_STILL = 16
    RELEASED = 32
    UNHOMED = 64


class MoveSurvey:
    """Adds up batches of moves, in the order of the file."""

    def __init__(self, machine: Machine, dialect: Dialect, remarks: Remarks) -> None:
        self._machine = machine
        self._is_laser = machine.kind is MachineKind.LASER
        self._remarks = remarks
        self._planner = Planner(dialect.junction_deviation_mm, dialect.planned_moves)
        reach = machine.reach_mm
        self._low = np.array(reach.min_mm, dtype=np.float64)
        self._high = np.array(reach.max_mm, dtype=np.float64)
        if not self._is_laser:
            self._low[2] = -BELOW_BED_MM
        self._last = np.zeros(3)
        self._fed_mm = 0.0
        self._layer_z: set[float] = set()
        self._climbing_mm = 0.0
        self.moves = 0
        self.work_box: Box | None = None
        self.move_box: Box | None = None
        self.work_mm = 0.0
        self.travel_mm = 0.0
        self.filament_mm = 0.0
        self.max_feed_mm_min = 0.0
        self.max_power_s = 0.0
        self.max_heat = 0.0

    def add(self, rows: Floats) -> None:
        """Measure some moves.

        Args:
            rows: n by `COLUMNS`.
        """
        ends = rows[:, :3]
        starts = np.vstack((self._last, ends[:-1]))
        self._last = ends[-1].copy()
        vectors = ends - starts
        length = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
        flags = rows[:, 7].astype(np.int64)
        works = self._working(rows, length, flags)
        self._measure_bounds(rows, starts, works)
        self._measure_lengths(rows, vectors, length, works)
        self._note_feeds(rows, length, flags, works)
        if self._is_laser:
            self._note_beam(rows, length, flags, works)
        else:
            self._note_print(rows, flags, works)
        self._plan(rows, vectors, flags)
        self.moves += int(np.count_nonzero(length > 0))

    @property
    def layers(self) -> int:
        """Give the number of heights that something flat was printed at; 0 for a spiral."""
        return 0 if self._climbing_mm > self.work_mm / 2 else len(self._layer_z)

    def finish_s(self) -> float:
        """Give the time of all moves, in seconds."""
        return self._planner.finish()

    def _working(self, rows: Floats, length: Floats, flags: NDArray[np.int64]) -> Flags:
        if self._is_laser:
            beam = (flags & (MoveFlag.CONSTANT_BEAM | MoveFlag.DYNAMIC_BEAM)) > 0
            return np.asarray(
                beam & (rows[:, 5] > 0) & (flags & MoveFlag.RAPID == 0) & (length > 0)
            )
        return np.asarray((rows[:, 3] > 0) & (length > 0))

    def _measure_bounds(self, rows: Floats, starts: Floats, works: Flags) -> None:
        ends = rows[:, :3]
        self.move_box = _box(ends).union(self.move_box)
        over = np.maximum(self._low - ends, ends - self._high)
        if self._is_laser is False:
            low = over[:, 2] > _EDGE_MM
            low &= ends[:, 2] < self._low[2]
            self._note_at("below-bed", rows, low)
            over[low, 2] = 0.0
        outside = (over > _EDGE_MM).any(axis=1)
        from_outside = ((self._low - starts > _EDGE_MM) | (starts - self._high > _EDGE_MM)).any(1)
        works_outside = works & (outside | from_outside)
        self._note_at("out-of-bounds", rows, works_outside, over)
        self._note_at("travel-out-of-bounds", rows, outside & ~works, over)
        if works.any():
            self.work_box = _box(np.concatenate((ends[works], starts[works]))).union(self.work_box)

    def _measure_lengths(self, rows: Floats, vectors: Floats, length: Floats, works: Flags) -> None:
        self.work_mm += float(length[works].sum())
        self.travel_mm += float(length[~works].sum())
        fed = self._fed_mm + np.cumsum(rows[:, 3])
        self._fed_mm = float(fed[-1])
        self.filament_mm = max(self.filament_mm, float(fed.max()))
        climbs = works & (vectors[:, 2] > 0)
        self._climbing_mm += float(length[climbs].sum())
        if not self._is_laser:
            flat = works & (vectors[:, 2] == 0)
            self._layer_z.update(np.unique(np.round(rows[flat, 2], 2)).tolist())

    def _note_feeds(
        self, rows: Floats, length: Floats, flags: NDArray[np.int64], works: Flags
    ) -> None:
        fed = (length > 0) & (flags & MoveFlag.RAPID == 0)
        feeds = rows[:, 4]
        if works.any():
            self.max_feed_mm_min = max(self.max_feed_mm_min, float(feeds[works].max()))
            heat = rows[works, 5] / np.maximum(feeds[works], 1.0)
            self.max_heat = max(self.max_heat, float(heat.max()))
        name = "no-feed" if self._is_laser else "no-feed-printer"
        self._note_at(name, rows, fed & (feeds <= 0))
        too_fast = fed & (feeds > self._machine.max_feed_mm_min)
        if too_fast.any():
            self._note_at("feed-over-max", rows, too_fast)
            self._remarks.raise_fact("feed-over-max", "found", float(feeds[too_fast].max()))

    def _note_beam(
        self, rows: Floats, length: Floats, flags: NDArray[np.int64], works: Flags
    ) -> None:
        laser = self._machine.laser
        power = rows[:, 5]
        if works.any():
            self.max_power_s = max(self.max_power_s, float(power[works].max()))
        if laser is not None:
            allowed = laser.max_power * laser.full_power_s
            self._note_at("power-over-max", rows, works & (power > allowed + 1e-6))
        lit = (flags & MoveFlag.CONSTANT_BEAM > 0) & (power > 0) & (flags & MoveFlag.RAPID > 0)
        self._note_at("beam-on-rapid", rows, lit & (length > 0))

    def _note_print(self, rows: Floats, flags: NDArray[np.int64], works: Flags) -> None:
        self._note_at("cold-extrusion", rows, (flags & MoveFlag.COLD > 0) & (rows[:, 3] > 0))
        self._note_at("motors-off", rows, works & (flags & MoveFlag.RELEASED > 0))
        self._note_at("not-homed", rows, works & (flags & MoveFlag.UNHOMED > 0))

    def _plan(self, rows: Floats, vectors: Floats, flags: NDArray[np.int64]) -> None:
        fastest = self._machine.max_feed_mm_min
        feed = np.where((flags & MoveFlag.RAPID > 0) | (rows[:, 4] <= 0), fastest, rows[:, 4])
        speed = np.minimum(feed, fastest) / S_PER_MIN
        accel = np.minimum(rows[:, 6], self._machine.max_accel_mm_s2)
        stops = (flags & MoveFlag.FROM_STILL).astype(np.float64)
        self._planner.add(vectors, rows[:, 3], np.maximum(speed, 1e-3), accel, stops)

    def _note_at(self, rule: str, rows: Floats, mask: Flags, over: Floats | None = None) -> None:
        """Note a rule for every line that a mask points at."""
        if not mask.any():
            return
        lines = np.unique(rows[mask, 8])
        for line in lines[:20].tolist():
            self._remarks.note(rule, int(line))
        if len(lines) > 20:
            self._remarks.note(rule, count=len(lines) - 20)
        if over is not None:
            self._remarks.raise_fact(rule, "over_mm", float(over[mask].max()))


def _box(points: Floats) -> Box:
    low, high = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    return Box((low[0], low[1], low[2]), (high[0], high[1], high[2]))
