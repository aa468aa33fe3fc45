"""What the moves of a program do, measured many at a time: where they go, how far, and how.

This is the fallback of the compiled `kernel` where no compiler and no wheel exists, and the judge
of it in the tests: the same formulas in the same order, over columns of numbers.
"""

import numpy as np
from numpy.typing import NDArray

from fablab_hub.core.geometry import Box
from fablab_hub.core.machines import Machine, MachineKind
from fablab_hub.gcode.duration import Moves, Planner
from fablab_hub.gcode.measured import (
    BELOW_BED_MM,
    EDGE_MM,
    LAYER_GAP_MM,
    LONG_FEED_MM,
    MAX_LINES_KEPT,
    SHORT_LINE_MM,
    THICK_LINE_MM2,
    Measured,
    MoveFlag,
    Slip,
    Slips,
    add_layer,
    allowed_power_s,
    filament_mm2,
)
from fablab_hub.gcode.motion import Arc
from fablab_hub.gcode.pace import Pace

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class MoveTable:
    """Adds up batches of moves, in the order of the file."""

    def __init__(self, machine: Machine, pace: Pace, max_heat: float) -> None:
        """Begin with a machine, and the largest S for each mm/min that its material takes."""
        self.measured = Measured()
        self._max_heat = max_heat
        self._filament_mm2 = filament_mm2(machine)
        self._top_layer_mm = 0.0
        self.planner = Planner(pace)
        self._machine = machine
        self._is_laser = machine.kind is MachineKind.LASER
        reach = machine.reach_mm
        self._low = np.array(reach.min_mm, dtype=np.float64)
        self._high = np.array(reach.max_mm, dtype=np.float64)
        if not self._is_laser:
            self._low[2] = -BELOW_BED_MM
        self._last = np.zeros(3)
        self._fed_mm = 0.0

    def add(self, rows: Floats, arcs: list[tuple[int, Arc]]) -> None:
        """Measure some moves.

        Args:
            rows: n by `COLUMNS`.
            arcs: number of a row, and its way; every other row is a straight line.
        """
        ends = rows[:, :3]
        starts = np.vstack((self._last, ends[:-1]))
        self._last = ends[-1].copy()
        moves = Moves(ends - starts, rows[:, 3])
        low, high = ends.copy(), ends.copy()
        for row, arc in arcs:
            moves.bend(row, arc.length_mm, arc.radius_mm, arc.entry, arc.leave)
            low[row] = np.minimum(low[row], arc.low_mm)
            high[row] = np.maximum(high[row], arc.high_mm)
        flags = rows[:, 9].astype(np.int64)
        works = self._working(rows, moves.length_mm, flags)
        self._measure_bounds(rows, starts, low, high, works)
        self._measure_lengths(rows, starts, moves.length_mm, works)
        if not self._is_laser:
            self._measure_layers(rows, starts, low, high, works)
        self._note_feeds(rows, moves.length_mm, flags, works)
        if self._is_laser:
            self._note_beam(rows, moves.length_mm, flags, works)
        else:
            self._note_print(rows, starts, moves.length_mm, flags, works)
        moves.set_pace(self.planner.pace, rows[:, 4], rows[:, 6:9], flags & MoveFlag.RAPID > 0)
        moves.stops = flags & MoveFlag.FROM_STILL > 0
        self.planner.add(moves)
        self.measured.moves += int(np.count_nonzero(moves.length_mm > 0))

    def _working(self, rows: Floats, length: Floats, flags: NDArray[np.int64]) -> Flags:
        if self._is_laser:
            beam = (flags & (MoveFlag.CONSTANT_BEAM | MoveFlag.DYNAMIC_BEAM)) > 0
            return np.asarray(
                beam & (rows[:, 5] > 0) & (flags & MoveFlag.RAPID == 0) & (length > 0)
            )
        return np.asarray((rows[:, 3] > 0) & (length > 0))

    def _measure_bounds(
        self, rows: Floats, starts: Floats, low: Floats, high: Floats, works: Flags
    ) -> None:
        measured = self.measured
        measured.move_box = _box(low, high).union(measured.move_box)
        over = np.maximum(self._low - low, high - self._high)
        if not self._is_laser:
            dips = low[:, 2] < self._low[2] - EDGE_MM
            self._note(Slip.BELOW_BED, rows, dips)
            over[dips, 2] = np.maximum(high[dips, 2] - self._high[2], 0.0)
        outside = (over > EDGE_MM).any(axis=1)
        from_outside = (np.maximum(self._low - starts, starts - self._high) > EDGE_MM).any(axis=1)
        worst = over.max(axis=1)
        self._note(Slip.WORK_OUTSIDE, rows, works & (outside | from_outside), worst)
        self._note(Slip.TRAVEL_OUTSIDE, rows, outside & ~works, worst)
        if works.any():
            low, high = np.minimum(low, starts)[works], np.maximum(high, starts)[works]
            measured.work_box = _box(low, high).union(measured.work_box)

    def _measure_lengths(self, rows: Floats, starts: Floats, length: Floats, works: Flags) -> None:
        measured = self.measured
        measured.work_mm += float(length[works].sum())
        measured.travel_mm += float(length[~works].sum())
        fed = self._fed_mm + np.cumsum(rows[:, 3])
        self._fed_mm = float(fed[-1])
        measured.filament_mm = max(measured.filament_mm, float(fed.max()))
        climb = rows[:, 2] - starts[:, 2]
        measured.climbing_mm += float(length[works & (climb > 0)].sum())

    def _measure_layers(
        self, rows: Floats, starts: Floats, low: Floats, high: Floats, works: Flags
    ) -> None:
        flat = works & (rows[:, 2] == starts[:, 2])
        tall = np.where(flat, np.rint(rows[:, 2] * 100) / 100, rows[:, 2])
        grows = flat | (works & (rows[:, 2] > starts[:, 2]))
        reached = np.concatenate(([self._top_layer_mm], np.where(grows, tall, -np.inf)))
        tops = np.maximum.accumulate(reached)
        self._top_layer_mm = float(tops[-1])
        in_the_air = flat & (tall > tops[:-1] + LAYER_GAP_MM)
        self._note(Slip.IN_THE_AIR, rows, in_the_air, tall - tops[:-1])
        heights = tall[flat]
        low, high = np.minimum(low, starts)[flat], np.maximum(high, starts)[flat]
        for height in np.unique(heights).tolist():
            here = heights == height
            (left, front), (right, back) = low[here, :2].min(axis=0), high[here, :2].max(axis=0)
            room_mm = (float(left), float(front), float(right), float(back))
            add_layer(self.measured.layers_mm, height, room_mm)

    def _note_feeds(
        self, rows: Floats, length: Floats, flags: NDArray[np.int64], works: Flags
    ) -> None:
        measured, feeds = self.measured, rows[:, 4]
        fed = (length > 0) & (flags & MoveFlag.RAPID == 0)
        if works.any():
            measured.max_feed_mm_min = max(measured.max_feed_mm_min, float(feeds[works].max()))
        # GRBL wants a speed for a move that leads nowhere, too (its error 22).
        needs_feed = (flags & MoveFlag.RAPID == 0) if self._is_laser else fed
        self._note(Slip.NO_FEED, rows, needs_feed & (feeds <= 0))
        self._note(Slip.FEED_OVER_MAX, rows, fed & (feeds > self._machine.max_feed_mm_min), feeds)

    def _note_beam(
        self, rows: Floats, length: Floats, flags: NDArray[np.int64], works: Flags
    ) -> None:
        measured, power = self.measured, rows[:, 5]
        heat = power / np.maximum(rows[:, 4], 1.0)
        if works.any():
            measured.max_power_s = max(measured.max_power_s, float(power[works].max()))
            measured.max_heat = max(measured.max_heat, float(heat[works].max()))
        self._note(Slip.POWER_OVER_MAX, rows, works & (power > allowed_power_s(self._machine)))
        self._note(Slip.TOO_MUCH_HEAT, rows, works & (heat > self._max_heat))
        lit = (flags & MoveFlag.CONSTANT_BEAM > 0) & (power > 0) & (flags & MoveFlag.RAPID > 0)
        self._note(Slip.BEAM_ON_RAPID, rows, lit & (length > 0))

    def _note_print(
        self,
        rows: Floats,
        starts: Floats,
        length: Floats,
        flags: NDArray[np.int64],
        works: Flags,
    ) -> None:
        fed, plastic_mm3 = rows[:, 3], rows[:, 3] * self._filament_mm2
        is_line = works & (length > SHORT_LINE_MM) & (rows[:, 2] == starts[:, 2])
        thick = is_line & (plastic_mm3 > THICK_LINE_MM2 * length)
        thickness = np.divide(plastic_mm3, length, out=np.zeros(len(rows)), where=thick)
        self._note(Slip.THICK_LINE, rows, thick, thickness)
        self._note(Slip.LONG_FEED, rows, fed > LONG_FEED_MM, fed)
        self._note(Slip.COLD_EXTRUSION, rows, (flags & MoveFlag.COLD > 0) & (rows[:, 3] > 0))
        self._note(Slip.MOTORS_OFF, rows, works & (flags & MoveFlag.RELEASED > 0))
        self._note(Slip.NOT_HOMED, rows, works & (flags & MoveFlag.UNHOMED > 0))

    def _note(self, slip: Slip, rows: Floats, mask: Flags, values: Floats | None = None) -> None:
        """Count the lines that a mask points at, and keep the first and the worst of them."""
        if not mask.any():
            return
        slips = self.measured.slips.setdefault(slip, Slips())
        lines = np.unique(rows[mask, 10].astype(np.int64))
        lines = lines[lines > slips.last_line]
        if len(lines):
            slips.last_line = int(lines[-1])
        slips.count += len(lines)
        slips.lines += lines[: MAX_LINES_KEPT - len(slips.lines)].tolist()
        if values is not None:
            slips.worst = max(slips.worst, float(values[mask].max()))


def _box(low: Floats, high: Floats) -> Box:
    x, y, z = low.min(axis=0).tolist()
    right, back, top = high.max(axis=0).tolist()
    return Box((x, y, z), (right, back, top))
