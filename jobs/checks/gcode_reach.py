"""On which firmwares a rule can occur: read from their tables, where the rule is about a command.

The rest is about how lines are read, or about what a program does, and has its own small tables.
"""

from fablab_hub.core.machines import MachineKind
from fablab_hub.gcode.dialects.registry import DIALECTS
from fablab_hub.gcode.dialects.table import Dialect

_LASER = frozenset({
    "realtime", "no-units", "power-over-max", "power-scale", "no-feed", "beam-on-rapid",
    "beam-while-still", "ends-with-beam-on", "material-forbidden", "material-staff",
    "material-unknown", "material-power", "unknown-word",
})  # fmt: skip
_PRINTER = frozenset({
    "unfamiliar-word", "below-bed", "no-feed-printer", "ends-hot", "nozzle-too-hot",
    "bed-too-hot", "cold-extrusion", "filament-range", "not-homed", "motors-off", "override",
    "motion-limits", "chamber-heater", "hot-standstill", "not-waited", "heat-changes",
    "motors-stay-on", "several-commands",
})  # fmt: skip
_BY_FIRMWARE = {
    "origin-stored": frozenset({"grbl"})
    | {dialect.name for dialect in DIALECTS.values() if dialect.sets_tools_with_g10},
    "several-commands": frozenset(
        dialect.name for dialect in DIALECTS.values() if dialect.takes_one_command
    ),
}

_REASONS = {
    dialect.name: {row.reason.value for row in (dialect.unknown, *dialect.commands.values())}
    for dialect in DIALECTS.values()
}
_ALL_REASONS = frozenset().union(*_REASONS.values())


def firmwares_of(rule: str) -> tuple[str, ...]:
    """Name the firmwares that a rule can occur on.

    Args:
        rule: its id without `gcode.`.
    """
    return tuple(dialect.name for dialect in DIALECTS.values() if _can_occur(rule, dialect))


def kinds_of(rule: str) -> tuple[MachineKind, ...]:
    """Name the kinds of machine that a rule can occur on."""
    kinds = {DIALECTS[name].kind for name in firmwares_of(rule)}
    return tuple(kind for kind in MachineKind if kind in kinds)


def _can_occur(rule: str, dialect: Dialect) -> bool:
    if rule in _BY_FIRMWARE:
        return dialect.name in _BY_FIRMWARE[rule]
    if rule in _LASER:
        return dialect.kind is MachineKind.LASER
    if rule in _PRINTER:
        return dialect.kind is MachineKind.PRINTER
    return rule not in _ALL_REASONS or rule in _REASONS[dialect.name]
