"""Which simulated board stands in for which machine of the settings."""

from collections.abc import Callable
from types import MappingProxyType

from drivers.grbl.firmware import GrblBoard
from drivers.marlin.firmware import MarlinFirmware
from drivers.marlin.firmware_commands import Build
from drivers.simulation.board import Board
from fablab_hub.core.errors import ConfigError
from fablab_hub.core.machines import Machine

_WARM_FAST = 0.2
"""The demo's heaters warm five times faster than real ones, so that nobody waits for a kettle."""


def _grbl(machine: Machine) -> Board:
    width_mm, depth_mm, _ = machine.bed_mm
    settings = {130: width_mm, 131: depth_mm}
    settings |= dict.fromkeys((110, 111), machine.max_feed_mm_min)
    settings |= dict.fromkeys((120, 121), machine.max_accel_mm_s2)
    if machine.laser is not None:
        settings[30] = machine.laser.full_power_s
    return GrblBoard(settings)


def _marlin(machine: Machine) -> Board:
    return MarlinFirmware(
        Build(
            accel_mm_s2=machine.max_accel_mm_s2,
            max_feed_mm_min=machine.max_feed_mm_min,
            time_to_warm=_WARM_FAST,
        )
    )


BOARDS: MappingProxyType[str, Callable[[Machine], Board]] = MappingProxyType(
    {"grbl": _grbl, "marlin": _marlin}
)
"""By the name of the driver that speaks to it."""


def make_board(machine: Machine) -> Board:
    """Make the board of a machine, set up as its settings say.

    Raises:
        ConfigError: nothing simulates a machine with this driver.
    """
    if machine.driver not in BOARDS:
        raise ConfigError("config.not-simulated", driver=machine.driver, known=", ".join(BOARDS))
    return BOARDS[machine.driver](machine)
