"""What is known of a board from what it said: who it is, how warm, where, and what went wrong."""

import logging

from drivers.marlin.codec import (
    Busy,
    Capability,
    ColdExtrusion,
    Event,
    Firmware,
    Halted,
    Heat,
    NotUnderstood,
    Ok,
    Position,
    Start,
    Trouble,
)
from fablab_hub.core.errors import AlarmError, FablabError, LineRefusedError
from fablab_hub.core.geometry import Point3
from fablab_hub.core.machines import Temperatures

log = logging.getLogger(__name__)


class Known:
    """One board, from the moment its port was opened.

    Attributes:
        firmware: who it is, once it said so.
        abilities: names of the `Cap:` lines that are on.
        temperatures: as last reported.
        position_mm: where it last said it is, if it was homed before.
        is_homed: it was told to home since it started.
        detail: its own words for what it is doing.
        alarm: why it halted; only a restart of the board ends that.
        has_started: it started since this was last set to False.
        is_waiting: it is in a long command, since this was last set to False.
        has_spoken: it said anything at all.
    """

    def __init__(self) -> None:
        self.firmware: Firmware | None = None
        self.abilities: set[str] = set()
        self.temperatures: Temperatures | None = None
        self.position_mm: Point3 | None = None
        self.is_homed = False
        self.detail = ""
        self.alarm: AlarmError | None = None
        self.has_started = self.is_waiting = self.has_spoken = False

    @property
    def is_cold(self) -> bool:
        """Tell whether it says that both heaters are off."""
        heat = self.temperatures
        return heat is not None and heat.nozzle_target_c == 0 and heat.bed_target_c == 0

    def lose_position(self) -> None:
        """Note that nobody knows where the tool is."""
        self.position_mm, self.is_homed = None, False

    def heed(self, event: Event, line: int) -> FablabError | None:
        """Learn from an event.

        Args:
            event: what the board said.
            line: of the program, that it is at.

        Returns:
            Why a run cannot go on, if this is a reason.
        """
        self.has_spoken = True
        match event:
            case Ok(temperatures=None):
                self.detail = ""
            case Ok(temperatures=heat):
                self.temperatures = heat
            case Heat(temperatures=heat, is_waiting=is_waiting):
                self.temperatures = heat
                self.is_waiting |= is_waiting
            case Busy(doing=doing):
                self.detail, self.is_waiting = f"busy: {doing}", True
            case Position(at_mm=at_mm):
                self.position_mm = at_mm if self.is_homed else None
            case Firmware():
                self.firmware = event
            case Capability(name=name, is_on=is_on):
                self.abilities |= {name} if is_on else set()
            case NotUnderstood(command=command):
                log.warning("the board does not know %s", command)
            case _:
                return self._heed_trouble(event, line)
        return None

    def _heed_trouble(self, event: Event, line: int) -> FablabError | None:
        match event:
            case Start():
                self.has_started, self.alarm = True, None
                self.lose_position()
                return AlarmError("marlin.rebooted")
            case Halted(text=text, is_thermal=is_thermal):
                code = "marlin.thermal" if is_thermal else "marlin.halted"
                self.alarm = self.alarm or AlarmError(code, text=text)
                self.lose_position()
                return self.alarm
            case Trouble(text=text):
                return AlarmError("marlin.error", text=text)
            case ColdExtrusion():
                return LineRefusedError("marlin.cold-extrusion", line=line)
            case _:
                return None
