"""The dialects by name, as `fablab.toml` writes them."""

from collections.abc import Mapping
from types import MappingProxyType

from fablab_hub.core.errors import ConfigError
from fablab_hub.gcode.dialects.grbl import GRBL
from fablab_hub.gcode.dialects.klipper import KLIPPER
from fablab_hub.gcode.dialects.marlin import MARLIN
from fablab_hub.gcode.dialects.reprapfirmware import REPRAPFIRMWARE
from fablab_hub.gcode.dialects.table import Dialect

DIALECTS: Mapping[str, Dialect] = MappingProxyType(
    {dialect.name: dialect for dialect in (GRBL, MARLIN, KLIPPER, REPRAPFIRMWARE)}
)


def dialect_named(name: str) -> Dialect:
    """Give a dialect.

    Raises:
        ConfigError: there is no table for that firmware.
    """
    try:
        return DIALECTS[name]
    except KeyError as error:
        known = ", ".join(sorted(DIALECTS))
        raise ConfigError("check.unknown-dialect", found=name, known=known) from error
