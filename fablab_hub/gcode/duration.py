"""How long a program takes: the motion planner of the firmwares, for many moves at once.

Each move is a trapezoid (speed up, cruise, slow down). Corners are taken as fast as the junction
deviation allows, and no move is entered faster than the planner can still stop within the moves
that it sees ahead (grbl 1.1h `planner.c`; Marlin's classic jerk comes close to the same).

Accuracy, against the estimates of slicers for their own files: within about ten percent where the
machine's acceleration is told right. Heating, homing and levelling are not counted.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_STRAIGHT = 0.999999
"""A corner this straight needs no slowing down (the firmwares' own number)."""


class Planner:
    """Adds up the time of moves that come in batches."""

    def __init__(self, junction_deviation_mm: float, planned_moves: int) -> None:
        self._deviation_mm = junction_deviation_mm
        self._ahead = planned_moves
        self._pending = np.empty((0, 8))
        self._entry_square = 0.0
        self._last = np.zeros(4)
        self._total_s = 0.0

    def add(
        self, vectors_mm: Floats, fed_mm: Floats, speed_mm_s: Floats, accel: Floats, stops: Floats
    ) -> None:
        """Plan some moves.

        Args:
            vectors_mm: n by 3, from start to end of each move.
            fed_mm: filament of each move; a move of nothing else takes its time from this.
            speed_mm_s: asked for, above 0.
            accel: in mm/s2, above 0.
            stops: not 0 where the machine stands still before the move.
        """
        length = np.sqrt(np.einsum("ij,ij->i", vectors_mm, vectors_mm))
        is_motion = length > 0
        travelled = np.where(is_motion, length, np.abs(fed_mm))
        unit = vectors_mm / np.where(is_motion, length, 1.0)[:, None]
        rows = np.column_stack((unit, travelled, speed_mm_s, accel, stops, is_motion))
        rows = rows[travelled > 0]
        self._pending = np.concatenate((self._pending, rows))
        if len(self._pending) > self._ahead:
            self._plan(keep=self._ahead)

    def finish(self) -> float:
        """Give the time of all moves, in seconds; the last one ends at a standstill."""
        if len(self._pending):
            self._plan(keep=0)
        return self._total_s

    def _plan(self, keep: int) -> None:
        """Settle all pending moves but the last few, whose speed still depends on what follows."""
        rows = self._pending
        count, settled = len(rows), len(rows) - keep
        length, speed, accel = rows[:, 3], rows[:, 4], rows[:, 5]
        reach = np.concatenate(([0.0], np.cumsum(2 * accel * length)))
        limit = np.append(self._junctions(rows), 0.0)
        sees = np.minimum(np.arange(count + 1) + self._ahead, count)
        limit = np.minimum(limit, reach[sees] - reach)
        # Both passes of the planner in closed form: v[i]^2 <= v[k]^2 + 2 a s, for every k.
        square = np.minimum.accumulate((limit + reach)[::-1])[::-1] - reach
        square[0] = self._entry_square
        square = np.maximum(0.0, np.minimum.accumulate(square - reach) + reach)
        self._total_s += float(np.sum(_times(square, length, speed, accel)[:settled]))
        self._entry_square = float(square[settled])
        self._last = np.append(rows[settled - 1, :3], speed[settled - 1])
        self._last *= rows[settled - 1, 7]
        self._pending = rows[settled:]

    def _junctions(self, rows: Floats) -> Floats:
        """Give the square of the speed at which each move may be entered."""
        unit, speed, accel, stops, is_motion = (
            rows[:, :3], rows[:, 4], rows[:, 5], rows[:, 6], rows[:, 7],
        )  # fmt: skip
        before = np.vstack((self._last[:3], unit[:-1]))
        speed_before = np.concatenate(([self._last[3]], speed[:-1]))
        turn = np.einsum("ij,ij->i", before, unit)
        half = np.sqrt(0.5 * (1 + np.clip(turn, -1.0, _STRAIGHT)))
        corner = accel * self._deviation_mm * half / (1 - half)
        corner[turn > _STRAIGHT] = np.inf
        corner[(turn < -_STRAIGHT) | (stops > 0) | (is_motion == 0)] = 0.0
        corner[1:][is_motion[:-1] == 0] = 0.0
        return np.asarray(np.minimum(corner, np.minimum(speed, speed_before) ** 2))


def _times(square: Floats, length: Floats, speed: Floats, accel: Floats) -> Floats:
    """Give the time of each trapezoid from the squares of its end speeds."""
    entry, leave = square[:-1], square[1:]
    top = np.sqrt(np.minimum(speed**2, (entry + leave) / 2 + accel * length))
    top = np.maximum(top, 1e-6)
    ramps = (2 * top - np.sqrt(entry) - np.sqrt(leave)) / accel
    cruise = length - (2 * top**2 - entry - leave) / (2 * accel)
    return np.asarray(np.maximum(0.0, ramps) + np.maximum(0.0, cruise) / top)
