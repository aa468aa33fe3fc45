"""How long a program takes: the motion planner of the firmwares, for many moves at once.

Each move is a trapezoid (speed up, cruise, slow down). Corners are taken as fast as the firmware's
own rule allows, and no move is entered faster than the planner can still stop within the moves
that it sees ahead. Heating, homing and levelling are not counted.

Sources: grbl 1.1h `planner.c` (junction deviation), Marlin 2.1 `planner.cpp` (classic jerk and
junction deviation), Klipper `toolhead.py` (square corner velocity). The formulas stand once more,
in the same order, in `kernel`, which the tests hold against this.
"""

import numpy as np
from numpy.typing import NDArray

from fablab_hub.core.geometry import Point3
from fablab_hub.core.machines import Cornering
from fablab_hub.gcode.pace import Pace

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

STRAIGHT = 0.999999
"""A corner this straight needs no slowing down (the firmwares' own number)."""

SQUARE_CORNER = 0.41421356237309503
"""`sqrt(2) - 1`: what makes Klipper's speed count for corners of 90 degrees."""

QUARTER_TURN = 1.5707963267948966

NEARLY = 0.99
SLOWEST_MM_S = 1e-3


class Moves:
    """Columns of moves, as the planner needs them.

    Attributes:
        length_mm: n; of X, Y and Z together, 0 where only filament moves.
        way_mm: n; what the time is made of: the length, else the filament's.
        entry, leave: n by 3; directions at start and end, each as long as 1.
        filament: n; mm of filament for each mm of way.
        radius_mm: n; endless where straight.
        speed_mm_s, accel_mm_s2: n; what the machine makes of what is asked for.
        stops: n; whether the machine stands still before the move.
    """

    def __init__(self, vectors_mm: Floats, fed_mm: Floats) -> None:
        x, y, z = vectors_mm.T
        self.length_mm = np.sqrt(x * x + y * y + z * z)
        self.fed_mm = fed_mm
        self.way_mm = np.where(self.length_mm > 0, self.length_mm, np.abs(fed_mm))
        safe = np.where(self.length_mm > 0, self.length_mm, 1.0)
        self.entry = vectors_mm / safe[:, None]
        self.leave = self.entry.copy()
        self.radius_mm = np.full(len(fed_mm), np.inf)
        self.speed_mm_s = self.accel_mm_s2 = self.filament = np.empty(0)
        self.stops = np.zeros(len(fed_mm), dtype=bool)

    def bend(
        self, row: int, length_mm: float, radius_mm: float, entry: Point3, leave: Point3
    ) -> None:
        """Make an arc of one move."""
        self.length_mm[row] = self.way_mm[row] = length_mm
        self.radius_mm[row] = radius_mm
        self.entry[row], self.leave[row] = entry, leave

    def set_pace(
        self, pace: Pace, feed_mm_min: Floats, asked_accels: Floats, is_rapid: Flags
    ) -> None:
        """Work out speeds and accelerations.

        Args:
            pace: of the machine.
            feed_mm_min: n; 0 or less takes the fastest.
            asked_accels: n by 3; mm/s2 for printing, travelling and filament alone.
            is_rapid: n; goes as fast as the axes allow.
        """
        moving = self.length_mm > 0
        self.filament = self.fed_mm / np.where(self.way_mm > 0, self.way_mm, 1.0)
        feeds = self.fed_mm != 0
        kind = np.where(moving, np.where(feeds, 0, 1), 2)
        accel = asked_accels[np.arange(len(kind)), kind]
        speed = np.where(is_rapid | (feed_mm_min <= 0), np.inf, feed_mm_min / 60.0)
        speed = np.where(feeds, np.maximum(speed, pace.min_speed_mm_s), speed)
        shares = (
            *np.abs(np.maximum(np.abs(self.entry), np.abs(self.leave))).T,
            np.abs(self.filament),
        )
        with np.errstate(divide="ignore", over="ignore"):
            for share, fastest, hardest in zip(
                shares, pace.max_speed_mm_s, pace.max_accel_mm_s2, strict=True
            ):
                speed = np.where(share > 0, np.minimum(speed, fastest / share), speed)
                accel = np.where(share > 0, np.minimum(accel, hardest / share), accel)
        if pace.arc_tolerance_mm > 0:
            accel = np.where(self._turns_far(), pace.turning_accel_mm_s2, accel)
        speed = np.minimum(speed, np.sqrt(accel * self.radius_mm * pace.arc_ease))
        tolerance_mm = pace.arc_tolerance_mm
        if tolerance_mm > 0:
            # The planner sees so many pieces of an arc ahead; it must be able to stop within them.
            deep_mm = np.maximum(2 * self.radius_mm - tolerance_mm, tolerance_mm)
            seen_mm = pace.planned_moves * 2 * np.sqrt(tolerance_mm * deep_mm)
            slower = np.minimum(speed, np.sqrt(2 * accel * seen_mm))
            speed = np.where(self.length_mm > seen_mm, slower, speed)
        self.speed_mm_s = np.maximum(speed, SLOWEST_MM_S)
        self.accel_mm_s2 = accel

    def _turns_far(self) -> Flags:
        """Say which moves are level arcs that meet both axes: of more than a quarter turn."""
        is_level = (self.entry[:, 2] == 0) & (self.leave[:, 2] == 0)
        return np.asarray(is_level & (self.length_mm > QUARTER_TURN * self.radius_mm))

    def keep(self, rows: NDArray[np.intp] | slice | Flags) -> "Moves":
        """Give some of the moves."""
        kept = object.__new__(Moves)
        for name, column in vars(self).items():
            setattr(kept, name, column[rows])
        return kept

    def __add__(self, later: "Moves") -> "Moves":
        """Put moves after these."""
        joined = object.__new__(Moves)
        for name, column in vars(self).items():
            setattr(joined, name, np.concatenate((column, getattr(later, name))))
        return joined


class Planner:
    """Adds up the time of moves that come in batches."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self._pending: Moves | None = None
        self._before: Moves | None = None
        self._entry_square = 0.0
        self._total_s = 0.0

    def add(self, moves: Moves) -> None:
        """Plan some moves; those without any way are left out."""
        moves = moves.keep(moves.way_mm > 0)
        self._pending = moves if self._pending is None else self._pending + moves
        if len(self._pending.way_mm) > self.pace.planned_moves:
            self._plan(self._pending, keep=self.pace.planned_moves)

    @property
    def settled_s(self) -> float:
        """Time of the moves whose speeds no later move can change."""
        return self._total_s

    def finish(self) -> float:
        """Give the time of all moves, in seconds; the last one ends at a standstill."""
        if self._pending is not None and len(self._pending.way_mm):
            self._plan(self._pending, keep=0)
        return self._total_s

    def _plan(self, moves: Moves, keep: int) -> None:
        """Settle all pending moves but the last few, whose speed still depends on what follows."""
        count, settled = len(moves.way_mm), len(moves.way_mm) - keep
        ramp = 2 * moves.accel_mm_s2 * moves.way_mm
        still = _standing_start_square(moves, self.pace)
        limit = self._corner_squares(moves, still)
        reach = np.concatenate(([0.0], np.cumsum(ramp)))
        # The passes of the planner in closed form: v[i]^2 <= v[k]^2 + 2 a s, for each k.
        ends = np.minimum(np.arange(count) + self.pace.planned_moves, count)
        stop_square = still[ends - 1] + reach[ends]
        square = np.minimum(_sliding_min(limit + reach[:-1], self.pace.planned_moves), stop_square)
        square = np.append(square - reach[:-1], still[-1])
        square[0] = self._entry_square if self._before is not None else min(square[0], still[0])
        square = np.maximum(0.0, np.minimum.accumulate(square - reach) + reach)
        times = _times(square, moves)
        self._total_s += float(np.sum(times[:settled]))
        self._entry_square = float(square[settled])
        self._before = moves.keep(slice(settled - 1, settled))
        self._pending = moves.keep(slice(settled, None))

    def _corner_squares(self, moves: Moves, still: Floats) -> Floats:
        """Give the square of the speed at which each move may be entered."""
        first = moves.keep(slice(0, 1)) if self._before is None else self._before
        before = first + moves.keep(slice(0, -1))
        is_stop = moves.stops.copy()
        if self._before is None:
            is_stop[0] = True
        rule = _jerk_square if self.pace.cornering is Cornering.JERK else _deviation_square
        square = rule(before, moves, self.pace)
        before_still = _standing_start_square(before, self.pace)
        return np.asarray(np.where(is_stop, np.minimum(before_still, still), square))


def _standing_start_square(moves: Moves, pace: Pace) -> Floats:
    """Give the square of the speed that a move may begin or end with at a standstill."""
    if pace.cornering is not Cornering.JERK:
        return np.zeros(len(moves.way_mm))
    speed = moves.speed_mm_s
    with np.errstate(divide="ignore", over="ignore"):
        for share, jerk in zip(_shares(moves.entry, moves.filament), pace.jerk_mm_s, strict=True):
            share = np.abs(share)  # noqa: PLW2901 - the sign means nothing here
            speed = np.where(share > 0, np.minimum(speed, jerk / share), speed)
    return np.asarray(speed * speed)


def _shares(direction: Floats, filament: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    return direction[:, 0], direction[:, 1], direction[:, 2], filament


def _deviation_square(before: Moves, moves: Moves, pace: Pace) -> Floats:
    """Take corners by junction deviation, or by Klipper's square corner velocity."""
    a, b = before.leave, moves.entry
    turn = a[:, 0] * b[:, 0] + a[:, 1] * b[:, 1] + a[:, 2] * b[:, 2]
    bent = np.clip(turn, -STRAIGHT, STRAIGHT)
    half = np.sqrt(0.5 * (1 + bent))
    if pace.cornering is Cornering.SQUARE_CORNER:
        corner = (
            pace.square_corner_mm_s * pace.square_corner_mm_s * SQUARE_CORNER * half / (1 - half)
        )
        quarter = 0.5 * half / np.sqrt(0.5 * (1 - bent))
        corner = np.minimum(corner, moves.way_mm * moves.accel_mm_s2 * quarter)
        corner = np.minimum(corner, before.way_mm * before.accel_mm_s2 * quarter)
    else:
        corner = _corner_accel(b - a, moves, pace) * pace.junction_deviation_mm * half / (1 - half)
    corner = np.where(turn > STRAIGHT, np.inf, corner)
    is_halt = (turn < -STRAIGHT) | (before.length_mm == 0) | (moves.length_mm == 0)
    corner = np.where(is_halt, 0.0, corner)
    slower = np.minimum(before.speed_mm_s, moves.speed_mm_s)
    return np.asarray(np.minimum(corner, slower * slower))


def _corner_accel(bend: Floats, moves: Moves, pace: Pace) -> Floats:
    """Give the acceleration that the axes allow across a corner, in mm/s2."""
    x, y, z = bend.T
    length = np.sqrt(x * x + y * y + z * z)
    asked = min(pace.print_accel_mm_s2, pace.travel_accel_mm_s2)
    accel = np.full(len(x), np.inf) if np.isinf(asked) else moves.accel_mm_s2
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        for part, hardest in zip((x, y, z), pace.max_accel_mm_s2, strict=False):
            share = np.abs(part) / np.where(length > 0, length, 1.0)
            accel = np.where(share > 0, np.minimum(accel, hardest / share), accel)
    return np.asarray(np.where(np.isinf(accel), 0.0, accel))


def _jerk_square(before: Moves, moves: Moves, pace: Pace) -> Floats:
    """Take corners by classic jerk: no axis changes its speed at once by more than its jerk."""
    slower = np.minimum(before.speed_mm_s, moves.speed_mm_s)
    factor = np.ones(len(slower))
    for out, into, allowed in zip(
        _shares(before.leave, before.filament),
        _shares(moves.entry, moves.filament),
        pace.jerk_mm_s,
        strict=True,
    ):
        leaves, enters = slower * out * factor, moves.speed_mm_s * into * factor
        # Speeds of opposite sign pass through nought, where each counts alone (Marlin's rule).
        change = np.where(
            leaves * enters < 0,
            np.maximum(np.abs(leaves), np.abs(enters)),
            np.abs(leaves - enters),
        )
        with np.errstate(divide="ignore", over="ignore"):
            factor = np.where(change > allowed, factor * (allowed / change), factor)
    speed = slower * factor
    start = np.sqrt(_standing_start_square(moves, pace))
    start_before = np.sqrt(_standing_start_square(before, pace))
    is_free = (start_before > NEARLY * speed) & (start > NEARLY * speed)
    speed = np.where(is_free, np.minimum(start, slower), speed)
    return np.asarray(speed * speed)


def _sliding_min(values: Floats, width: int) -> Floats:
    """Give the smallest of each value and the `width - 1` after it."""
    window, done = values, 1
    while done < width:
        step = min(done, width - done)
        later = np.append(window[step:], np.full(min(step, len(window)), np.inf))
        window = np.minimum(window, later[: len(window)])
        done += step
    return window


def _times(square: Floats, moves: Moves) -> Floats:
    """Give the time of each trapezoid from the squares of its end speeds."""
    entry, leave = square[:-1], square[1:]
    speed, accel, way = moves.speed_mm_s, moves.accel_mm_s2, moves.way_mm
    top = np.sqrt(np.minimum(speed * speed, (entry + leave) / 2 + accel * way))
    top = np.maximum(top, 1e-6)
    ramps = (2 * top - np.sqrt(entry) - np.sqrt(leave)) / accel
    cruise = way - (2 * top * top - entry - leave) / (2 * accel)
    return np.asarray(np.maximum(0.0, ramps) + np.maximum(0.0, cruise) / top)
