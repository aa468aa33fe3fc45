"""How long a print waits for its heaters.

Each heater climbs or cools evenly towards its target, all of them at once, while the program waits
for one. What a print does between asking for a heat and waiting for it is short and left out.
"""

from fablab_hub.core.machines import PrinterLimits

ROOM_C = 20.0


class Heaters:
    """The heaters of one printer, from the room's temperature on."""

    def __init__(self, printer: PrinterLimits) -> None:
        nozzle = (printer.nozzle_heats_c_s, printer.nozzle_cools_c_s)
        bed = (printer.bed_heats_c_s, printer.bed_cools_c_s)
        self._climbs = {"nozzle": nozzle, "bed": bed}
        self._at_c = dict.fromkeys(self._climbs, ROOM_C)
        self._target_c = dict.fromkeys(self._climbs, 0.0)

    def aim(self, heater: str, target_c: float) -> None:
        """Ask a heater (`nozzle`, `bed`) for a temperature; 0 is off."""
        self._target_c[heater] = target_c

    def wait_s(self, heater: str, *, also_to_cool: bool = False) -> float:
        """Wait for a heater; gives the seconds, in which the others go on.

        Args:
            heater: `nozzle` or `bed`.
            also_to_cool: whether it is waited for when it is too hot (`M109 R`).
        """
        left_c = self._target_c[heater] - self._at_c[heater]
        if self._target_c[heater] == 0 or (left_c < 0 and not also_to_cool):
            return 0.0
        heats_c_s, cools_c_s = self._climbs[heater]
        taken_s = left_c / heats_c_s if left_c > 0 else -left_c / cools_c_s
        self.pass_time(taken_s)
        return taken_s

    def pass_time(self, passed_s: float) -> None:
        """Let all heaters come nearer to what was asked of them."""
        for heater, (heats_c_s, cools_c_s) in self._climbs.items():
            target_c = max(self._target_c[heater], ROOM_C)
            left_c = target_c - self._at_c[heater]
            most_c = passed_s * (heats_c_s if left_c > 0 else cools_c_s)
            self._at_c[heater] += max(-most_c, min(most_c, left_c))
