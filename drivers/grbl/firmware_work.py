"""What the simulated board still has to do: orders that wait, a dwell that runs, moves to plan."""

import math
from collections import deque
from collections.abc import Iterable

from drivers.grbl.firmware_arcs import Vector
from drivers.grbl.firmware_gcode import Dwell, Move, Order
from drivers.grbl.firmware_motion import Block, Motion

_STEP_S = 0.02
_REACHED_S = 1e-9
_EDGE_MM = 1e-6


class Work:
    """The orders of the line under way, in their order.

    Attributes:
        motion: the planner and the head.
        wait_left_s: of a dwell, or of homing; None when neither runs.
    """

    def __init__(self, settings: dict[int, float]) -> None:
        self.motion = Motion(settings[11])
        self.wait_left_s: float | None = None
        self._settings = settings
        self._orders: deque[Order] = deque()

    @property
    def is_done(self) -> bool:
        """Tell whether no order waits; motion may still go on."""
        return not self._orders

    @property
    def has_waited(self) -> bool:
        """Tell whether a dwell, or homing, is over."""
        return self.wait_left_s is None or self.wait_left_s <= _REACHED_S

    def add(self, orders: Iterable[Order]) -> None:
        """Take the orders of one line."""
        self._orders.extend(orders)

    def forget(self) -> None:
        """Drop everything; the head stands still where it is, dark."""
        self.motion.forget()
        self._orders.clear()
        self.wait_left_s = None

    def next_event_s(self, *, is_suspended: bool) -> float | None:
        """Give the seconds until something changes by itself."""
        if self.motion.is_empty and self.wait_left_s is not None and not is_suspended:
            return self.wait_left_s
        return self.motion.next_event_s()

    def step_s(self, at_most_s: float, *, is_suspended: bool) -> float:
        """Choose how far time may pass at once, so that a beam or a hold is not overlooked."""
        due_s = self.next_event_s(is_suspended=is_suspended)
        step_s = at_most_s if due_s is None else min(at_most_s, due_s)
        if not self.motion.is_empty:
            step_s = min(step_s, _STEP_S)
        return max(step_s, min(at_most_s, 1e-5))

    def advance(self, by_s: float, *, is_suspended: bool) -> None:
        """Let time pass; a hold stops a dwell as it stops motion."""
        self.motion.advance(by_s)
        if self.wait_left_s is not None and not is_suspended:
            self.wait_left_s -= by_s

    def take(self) -> Order | None:
        """Give the next order if it can be carried out now; starts the clock of a dwell."""
        if not self._orders:
            return None
        order = self._orders[0]
        if isinstance(order, Move):
            return None if self.motion.is_full else self._orders.popleft()
        if not self.motion.is_empty:
            return None
        if isinstance(order, Dwell):
            if self.wait_left_s is None:
                self.wait_left_s = order.seconds
            if not self.has_waited:
                return None
            self.wait_left_s = None
        return self._orders.popleft()

    def plan(self, move: Move) -> None:
        """Put a move into the planner; one that leads nowhere is forgotten."""
        delta = [to - at for to, at in zip(move.target_mm, self.motion.planned_mm, strict=True)]
        length = math.hypot(*delta)
        if length <= 0:
            return
        unit = (delta[0] / length, delta[1] / length, delta[2] / length)
        fastest = self._axis_limit(110, unit)
        asked = fastest if move.feed_mm_min is None else move.feed_mm_min
        block = Block(
            target_mm=move.target_mm,
            unit=unit,
            length_mm=length,
            feed_mm_s=min(asked, fastest) / 60,
            asked_mm_s=asked / 60,
            acceleration_mm_s2=self._axis_limit(120, unit),
            power_s=move.power_s,
            scales_power=move.scales_power,
            is_jog=move.is_jog,
        )
        self.motion.add(block)

    def leaves_travel(self, move: Move) -> bool:
        """Check soft limits; zero is the corner, travel is positive (built so, `Z` in `$I`)."""
        return bool(self._settings[20]) and any(
            not -_EDGE_MM <= value <= self._settings[130 + axis] + _EDGE_MM
            for axis, value in enumerate(move.target_mm)
        )

    def _axis_limit(self, first: int, unit: Vector) -> float:
        """Give the speed or acceleration along a line at which the slowest axis is at its limit."""
        axes = [(axis, abs(part)) for axis, part in enumerate(unit) if part]
        return min(self._settings[first + axis] / part for axis, part in axes)
