"""The simulated board's motion: a planner of a few blocks, and a machine that cannot jump.

Closed-form: between two moments each block is followed with constant acceleration, a cruise and
a constant deceleration; corners are taken at the speed that junction deviation allows (grbl 1.1h,
`planner.c`). Time comes in as an argument.
"""

import math
from collections import deque
from dataclasses import dataclass, field

from drivers.grbl.firmware_arcs import Vector

PLANNER_BLOCKS = 15
_FAST_ENOUGH = 1e-9


@dataclass(slots=True)
class Block:
    """One straight piece of motion.

    Attributes:
        target_mm: where it ends, machine coordinates.
        unit: direction.
        length_mm: from its beginning.
        feed_mm_s: nominal speed, within what the axes can do.
        asked_mm_s: the feed that was asked for; power that follows the speed is full at it.
        acceleration_mm_s2: along it.
        power_s: the `S` that the beam shall have on it; 0 for a rapid.
        scales_power: M4: power follows the speed.
        is_jog: made by `$J=`.
    """

    target_mm: Vector
    unit: Vector
    length_mm: float
    feed_mm_s: float
    asked_mm_s: float
    acceleration_mm_s2: float
    power_s: float
    scales_power: bool
    is_jog: bool = False
    remaining_mm: float = field(default=0.0)
    max_entry_mm_s: float = field(default=0.0)
    entry_mm_s: float = field(default=0.0)


class Motion:
    """Where the head is, how fast, and what it still has to do.

    Attributes:
        lamp_s: the beam's `S` when nothing moves; constant power (M3) stays on after its last move.
    """

    def __init__(self, junction_deviation_mm: float = 0.01) -> None:
        self.position_mm: Vector = (0.0, 0.0, 0.0)
        self.planned_mm: Vector = (0.0, 0.0, 0.0)
        self.speed_mm_s = 0.0
        self.is_holding = False
        self.lamp_s = 0.0
        self._blocks: deque[Block] = deque()
        self._junction_deviation_mm = junction_deviation_mm

    @property
    def is_full(self) -> bool:
        """Tell whether the planner takes no further block."""
        return len(self._blocks) >= PLANNER_BLOCKS

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is left to do."""
        return not self._blocks

    @property
    def room(self) -> int:
        """Count the blocks that the planner still takes."""
        return PLANNER_BLOCKS - len(self._blocks)

    @property
    def current(self) -> Block | None:
        """The block under way."""
        return self._blocks[0] if self._blocks else None

    @property
    def is_still(self) -> bool:
        """Tell whether the head stands still."""
        return self.speed_mm_s <= 0

    def power_s(self) -> float:
        """Give the `S` at the beam right now, if nothing else keeps it dark."""
        block = self.current
        if block is None:
            return self.lamp_s
        if block.scales_power:
            return block.power_s * min(1.0, self.speed_mm_s / block.asked_mm_s)
        return block.power_s

    def add(self, block: Block) -> None:
        """Plan one more block behind the others; zero-length ones are forgotten."""
        if block.length_mm <= 0:
            return
        block.remaining_mm = block.length_mm
        block.max_entry_mm_s = self._corner_speed(block)
        self.planned_mm = block.target_mm
        self._blocks.append(block)
        self._plan()

    def forget(self) -> None:
        """Drop everything at once (reset); the head stands still where it is."""
        self._blocks.clear()
        self.speed_mm_s = 0.0
        self.is_holding = False
        self.lamp_s = 0.0
        self.planned_mm = self.position_mm

    def drop_jogs(self) -> None:
        """Drop what a cancelled jog still had to do, once the head stands still."""
        self._blocks = deque(block for block in self._blocks if not block.is_jog)
        self.planned_mm = self.position_mm

    def advance(self, by_s: float) -> None:
        """Let time pass."""
        while by_s > _FAST_ENOUGH and self._blocks:
            if self.is_holding and self.speed_mm_s <= 0:
                return
            by_s -= self._step(self._blocks[0], by_s)

    def next_event_s(self) -> float | None:
        """Give the seconds until the block under way ends, or the head stands still in a hold."""
        block = self.current
        if block is None or (self.is_holding and self.speed_mm_s <= 0):
            return None
        if self.is_holding:
            return self.speed_mm_s / block.acceleration_mm_s2
        return sum(duration for duration, _ in self._phases(block))

    def _step(self, block: Block, by_s: float) -> float:
        """Follow one block for at most that long; gives the time used."""
        used_s = 0.0
        for duration_s, acceleration in self._phases(block):
            step_s = min(duration_s, by_s - used_s)
            moved_mm = self.speed_mm_s * step_s + acceleration * step_s**2 / 2
            self._move(block, moved_mm)
            self.speed_mm_s = max(0.0, self.speed_mm_s + acceleration * step_s)
            used_s += step_s
            if used_s >= by_s - _FAST_ENOUGH:
                break
        if self.is_holding and self.speed_mm_s < 1e-6:
            self.speed_mm_s = 0.0
        elif block.remaining_mm <= 1e-7:
            self._finish(block)
        return max(used_s, _FAST_ENOUGH)

    def _finish(self, block: Block) -> None:
        self.position_mm = block.target_mm
        self._blocks.popleft()
        if not self._blocks:
            self.speed_mm_s = 0.0
            self.lamp_s = 0.0 if block.scales_power else block.power_s

    def _move(self, block: Block, moved_mm: float) -> None:
        moved_mm = min(max(moved_mm, 0.0), block.remaining_mm)
        block.remaining_mm -= moved_mm
        x, y, z = (p + u * moved_mm for p, u in zip(self.position_mm, block.unit, strict=True))
        self.position_mm = (x, y, z)

    def _phases(self, block: Block) -> list[tuple[float, float]]:
        """Give (duration, acceleration) from now to the end of the block, or to a standstill."""
        a, v, d = block.acceleration_mm_s2, self.speed_mm_s, block.remaining_mm
        if self.is_holding:
            if v * v / (2 * a) <= d:
                return [(v / a, -a)]
            end = math.sqrt(max(0.0, v * v - 2 * a * d))
            return [((v - end) / a, -a)]
        exit_mm_s = min(
            self._blocks[1].entry_mm_s if len(self._blocks) > 1 else 0.0, block.feed_mm_s
        )
        peak = math.sqrt(max(0.0, a * d + (v * v + exit_mm_s**2) / 2))
        if peak <= max(v, exit_mm_s):  # only one of the two ramps fits
            end = (
                math.sqrt(max(0.0, v * v - 2 * a * d))
                if v >= exit_mm_s
                else math.sqrt(v * v + 2 * a * d)
            )
            mean = (v + end) / 2
            duration = d / mean if mean > 0 else 0.0
            return [(duration, (end - v) / duration if duration else 0.0)]
        peak = min(peak, max(block.feed_mm_s, v))
        up, down = (peak - v) / a, (peak - exit_mm_s) / a
        ramps_mm = (v + peak) / 2 * up + (peak + exit_mm_s) / 2 * down
        cruise = max(0.0, d - ramps_mm) / peak if peak > 0 else 0.0
        return [(up, a), (cruise, 0.0), (down, -a)]

    def _corner_speed(self, block: Block) -> float:
        """Give the speed at which the corner before a block may be taken (junction deviation)."""
        if not self._blocks:
            return 0.0
        before = self._blocks[-1]
        cosine = -sum(a * b for a, b in zip(before.unit, block.unit, strict=True))
        limit = min(before.feed_mm_s, block.feed_mm_s)
        if cosine > 0.999999:
            return 0.0
        if cosine < -0.999999:
            return limit
        sine_half = math.sqrt(0.5 * (1.0 - cosine))
        radius = self._junction_deviation_mm * sine_half / (1.0 - sine_half)
        return min(limit, math.sqrt(block.acceleration_mm_s2 * radius))

    def _plan(self) -> None:
        """Make sure, from the last block backwards, that every speed can still be lost in time."""
        exit_mm_s = 0.0
        for block in reversed(self._blocks):
            reach = math.sqrt(exit_mm_s**2 + 2 * block.acceleration_mm_s2 * block.remaining_mm)
            block.entry_mm_s = min(block.max_entry_mm_s, reach, block.feed_mm_s)
            exit_mm_s = block.entry_mm_s
