"""Which drivers there are: ours in one table, others by the entry point `fablab_hub.drivers`.

A driver's module is imported only when one of its machines is made: an agent loads what its own
machine needs. A broken outside driver is named as broken, and the others go on.
"""

import importlib
import logging
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType

from drivers.protocol import Driver, DriverFactory
from fablab_hub.core.clock import Clock
from fablab_hub.core.errors import ConfigError, DriverError
from fablab_hub.core.machines import Machine

log = logging.getLogger(__name__)

GROUP = "fablab_hub.drivers"
"""An outside package names its `DriverFactory` in this group of entry points."""

OWN: MappingProxyType[str, str] = MappingProxyType(
    {
        "grbl": "drivers.grbl.driver:make",
        "marlin": "drivers.marlin.driver:make",
    }
)
"""Name in `fablab.toml` to factory, `module:function`."""


def driver_names() -> tuple[str, ...]:
    """List every driver that `fablab.toml` may name, broken ones included."""
    return tuple(sorted({*OWN, *_outside()}))


def broken_drivers() -> dict[str, str]:
    """Import every driver; give the names of those that cannot be, each with its cause."""
    broken = {}
    for name in driver_names():
        try:
            _factory(name)
        except DriverError as error:
            broken[name] = str(error.fields["cause"])
    return broken


def make_driver(machine: Machine, clock: Clock) -> Driver:
    """Make the driver of a machine; opens nothing.

    Raises:
        ConfigError: `fablab.toml` names a driver that nobody brings.
        DriverError: the driver is there, and broken.
    """
    if machine.driver not in driver_names():
        known = ", ".join(driver_names())
        raise ConfigError("config.no-such-driver", driver=machine.driver, known=known)
    return _factory(machine.driver)(machine, clock)


def _outside() -> dict[str, EntryPoint]:
    """Give the drivers that other packages bring; they cannot take the name of one of ours."""
    return {entry.name: entry for entry in entry_points(group=GROUP) if entry.name not in OWN}


def _factory(name: str) -> DriverFactory:
    try:
        if name in OWN:
            module, _, function = OWN[name].partition(":")
            own: DriverFactory = getattr(importlib.import_module(module), function)
            return own
        outside: DriverFactory = _outside()[name].load()
    except Exception as error:  # a stranger's module may raise anything while it is imported
        log.warning("the driver %s is broken", name, exc_info=True)
        raise DriverError("driver.broken", driver=name, cause=str(error)) from error
    return outside
