"""How a simulated heater warms up and cools down: time in, temperature out."""

import math

AMBIENT_C = 21.87


class Heater:
    """One heater with its thermistor: warms at a steady rate, cools ever more slowly."""

    def __init__(self, warms_c_s: float, cools_over_s: float) -> None:
        """Make a cold heater.

        Args:
            warms_c_s: how fast it warms at full power.
            cools_over_s: after this long, about a third of the warmth is left.
        """
        self._warms = warms_c_s
        self._cools = cools_over_s
        self._from_c = AMBIENT_C
        self._since_s = 0.0
        self.target_c = 0.0

    def aim(self, target_c: float, now_s: float) -> None:
        """Set what it aims at; 0 is off."""
        self._from_c, self._since_s = self.at(now_s), now_s
        self.target_c = target_c

    def at(self, now_s: float) -> float:
        """Give the temperature."""
        gone = max(0.0, now_s - self._since_s)
        if self._from_c < self.target_c:
            return min(self.target_c, self._from_c + self._warms * gone)
        floor = max(self.target_c, AMBIENT_C)
        cooled = AMBIENT_C + (self._from_c - AMBIENT_C) * math.exp(-gone / self._cools)
        return max(floor, cooled)

    def reaches_target_s(self) -> float:
        """Give when it is as warm (or as cool) as asked; the past if it is already."""
        if self._from_c <= self.target_c:
            return self._since_s + (self.target_c - self._from_c) / self._warms
        floor = max(self.target_c, AMBIENT_C + 1.0)
        if self._from_c <= floor:
            return self._since_s
        return self._since_s + self._cools * math.log(
            (self._from_c - AMBIENT_C) / (floor - AMBIENT_C)
        )

    def is_warm(self, now_s: float) -> bool:
        """Tell whether it is as warm as asked, or warmer."""
        return self.at(now_s) >= self.target_c - 0.5

    def output(self, now_s: float) -> int:
        """Give the power that reports show after `@:`, 0..127."""
        if self.target_c <= AMBIENT_C:
            return 0
        return 127 if self.at(now_s) < self.target_c - 0.5 else 40
