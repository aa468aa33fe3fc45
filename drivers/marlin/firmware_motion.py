"""How a simulated Marlin moves: a queue of planned moves, with limited acceleration.

Seen from outside it behaves as Marlin's planner: 16 places, speed looked ahead over all of them,
junctions taken at a speed that depends on the corner. Sources: Marlin 2.0 `planner.cpp`,
`BLOCK_BUFFER_SIZE`, and the junction deviation formula of grbl 1.1h that Marlin took over.
"""

import math
from collections import deque
from dataclasses import dataclass
from itertools import pairwise

Vector = tuple[float, float, float, float]
"""X, Y, Z and E in millimetres."""

PLACES = 16
_JUNCTION_DEVIATION_MM = 0.02


@dataclass(frozen=True, slots=True)
class Arc:
    """The round part of a move, in the XY plane.

    Attributes:
        centre_mm: X and Y of its centre.
        start_rad: angle of its first point.
        sweep_rad: how far it turns; positive is counter-clockwise.
    """

    centre_mm: tuple[float, float]
    radius_mm: float
    start_rad: float
    sweep_rad: float

    def at(self, fraction: float) -> tuple[float, float]:
        """Give the point at a fraction of the sweep."""
        angle = self.start_rad + self.sweep_rad * fraction
        x, y = self.centre_mm
        return x + self.radius_mm * math.cos(angle), y + self.radius_mm * math.sin(angle)

    def heading(self, fraction: float) -> tuple[float, float]:
        """Give the direction of travel there."""
        angle = self.start_rad + self.sweep_rad * fraction
        angle += math.copysign(math.pi / 2, self.sweep_rad)
        return math.cos(angle), math.sin(angle)


@dataclass(frozen=True, slots=True)
class Move:
    """One planned move.

    Attributes:
        speed_mm_s: as asked, already within the machine's limits.
    """

    start_mm: Vector
    end_mm: Vector
    length_mm: float
    speed_mm_s: float
    arc: Arc | None = None

    def at(self, fraction: float) -> Vector:
        """Give where the tool is after a fraction of the way."""
        x, y, z, e = (
            a + (b - a) * fraction for a, b in zip(self.start_mm, self.end_mm, strict=True)
        )
        if self.arc is not None and fraction < 1:
            x, y = self.arc.at(fraction)
        return x, y, z, e

    def heading(self, fraction: float) -> tuple[float, float, float]:
        """Give the direction of travel; zero for a move of the extruder alone."""
        if self.arc is not None:
            return (*self.arc.heading(fraction), 0.0)
        x, y, z, _ = (b - a for a, b in zip(self.start_mm, self.end_mm, strict=True))
        size = math.sqrt(x * x + y * y + z * z)
        return (x / size, y / size, z / size) if size else (0.0, 0.0, 0.0)


def move_length(start_mm: Vector, end_mm: Vector, arc: Arc | None) -> float:
    """Give the way that a move's speed counts along: of the tool, or of the filament alone."""
    x, y, z, e = (b - a for a, b in zip(start_mm, end_mm, strict=True))
    flat = abs(arc.radius_mm * arc.sweep_rad) if arc else math.hypot(x, y)
    return math.hypot(flat, z) or abs(e)


@dataclass(frozen=True, slots=True)
class _Profile:
    """The move under way: speeds up, runs, slows down."""

    move: Move
    began_s: float
    entry_mm_s: float
    top_mm_s: float
    exit_mm_s: float
    accel_mm_s2: float

    @property
    def _times_s(self) -> tuple[float, float, float]:
        up = (self.top_mm_s - self.entry_mm_s) / self.accel_mm_s2
        down = (self.top_mm_s - self.exit_mm_s) / self.accel_mm_s2
        ramps_mm = (
            up * (self.top_mm_s + self.entry_mm_s) + down * (self.top_mm_s + self.exit_mm_s)
        ) / 2
        return up, max(0.0, self.move.length_mm - ramps_mm) / self.top_mm_s, down

    @property
    def ends_s(self) -> float:
        return self.began_s + sum(self._times_s)

    def fraction(self, now_s: float) -> float:
        up, cruise, down = self._times_s
        at = min(max(0.0, now_s - self.began_s), up + cruise + down)
        a = self.accel_mm_s2
        first, last = min(at, up), max(0.0, at - up - cruise)
        gone = self.entry_mm_s * first + a * first * first / 2
        gone += self.top_mm_s * min(max(0.0, at - up), cruise)
        gone += self.top_mm_s * last - a * last * last / 2
        return min(1.0, gone / self.move.length_mm)


class Planner:
    """The queue of moves, and the one under way."""

    def __init__(self, accel_mm_s2: float) -> None:
        self._accel = accel_mm_s2
        self._waiting: deque[Move] = deque()
        self._now: _Profile | None = None
        self._rest_mm: Vector = (0.0, 0.0, 0.0, 0.0)

    @property
    def is_full(self) -> bool:
        """Tell whether a move must wait for a place; one place always stays empty."""
        return len(self._waiting) + (self._now is not None) >= PLACES - 1

    @property
    def free_places(self) -> int:
        """How many moves could be added now."""
        return PLACES - 1 - len(self._waiting) - (self._now is not None)

    @property
    def is_moving(self) -> bool:
        """Tell whether anything is under way."""
        return self._now is not None

    @property
    def next_event_s(self) -> float | None:
        """When the move under way ends."""
        return self._now.ends_s if self._now else None

    def where(self, now_s: float) -> Vector:
        """Give where the steppers are."""
        return self._now.move.at(self._now.fraction(now_s)) if self._now else self._rest_mm

    def add(self, move: Move, now_s: float) -> None:
        """Queue a move; it begins at once when nothing else is under way."""
        if move.length_mm <= 0:
            return
        self._waiting.append(move)
        if self._now is None:
            self._begin(now_s, 0.0)

    def finish_due(self, now_s: float) -> None:
        """End the move that ends now, and begin the next."""
        while self._now is not None and self._now.ends_s <= now_s + 1e-9:
            done, self._now = self._now, None
            self._rest_mm = done.move.end_mm
            if self._waiting:
                self._begin(done.ends_s, done.exit_mm_s)

    def drop_all(self, now_s: float) -> Vector:
        """Stop where it is and forget every move; give that place."""
        self._rest_mm = self.where(now_s)
        self._now = None
        self._waiting.clear()
        return self._rest_mm

    def place(self, at_mm: Vector) -> None:
        """Say where the standing machine is from now on (`G92`, `G28`)."""
        self._rest_mm = at_mm

    def _begin(self, now_s: float, entry_mm_s: float) -> None:
        """Take the next move; its last speed is what all that follow can still brake from."""
        move = self._waiting.popleft()
        exit_mm_s = 0.0
        for before, later in reversed(list(pairwise((move, *self._waiting)))):
            reach = math.sqrt(exit_mm_s**2 + 2 * self._accel * later.length_mm)
            exit_mm_s = min(reach, _junction_speed(before, later, self._accel))
        a, length = self._accel, move.length_mm
        exit_mm_s = min(exit_mm_s, math.sqrt(entry_mm_s**2 + 2 * a * length))
        peak = math.sqrt(a * length + (entry_mm_s**2 + exit_mm_s**2) / 2)
        top = max(min(move.speed_mm_s, peak), entry_mm_s, exit_mm_s)
        self._now = _Profile(move, now_s, entry_mm_s, top, exit_mm_s, a)


def _junction_speed(before: Move, after: Move, accel_mm_s2: float) -> float:
    """How fast the corner between two moves may be taken."""
    out, into = before.heading(1.0), after.heading(0.0)
    limit = min(before.speed_mm_s, after.speed_mm_s)
    if not any(out) or not any(into):
        return 0.0
    cos_theta = -sum(a * b for a, b in zip(out, into, strict=True))
    if cos_theta > 0.999999:
        return 0.0
    if cos_theta < -0.999999:
        return limit
    half = math.sqrt((1 - cos_theta) / 2)
    return min(limit, math.sqrt(accel_mm_s2 * _JUNCTION_DEVIATION_MM * half / (1 - half)))
