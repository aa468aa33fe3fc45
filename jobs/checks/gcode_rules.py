"""Every rule that a G-code program is checked against."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from jobs.checks.gcode_command_rules import COMMAND_RULES
from jobs.checks.gcode_motion_rules import MOTION_RULES
from jobs.checks.gcode_reach import firmwares_of, kinds_of
from jobs.checks.rule import Rule


def _with_reach(rule: Rule) -> Rule:
    name = rule.id.removeprefix("gcode.")
    return replace(rule, kinds=kinds_of(name), firmwares=firmwares_of(name))


GCODE_RULES: tuple[Rule, ...] = tuple(map(_with_reach, (*MOTION_RULES, *COMMAND_RULES)))
"""The table: what a program does first, then what it says."""

BY_ID: Mapping[str, Rule] = MappingProxyType({rule.id: rule for rule in GCODE_RULES})
"""The same rows by their id."""
