"""What a rule is: one row of a table that a fab manager can read."""

from collections.abc import Sequence
from dataclasses import dataclass

from fablab_hub.core.machines import MachineKind
from jobs.report import Finding, Severity, Where

MAX_PLACES = 20
"""A finding names at most this many places; `count` says how many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that a check looks for.

    Attributes:
        id: `gcode.out-of-bounds`; also the name of its page in the docs.
        severity: what it does to the verdict, unless the lab says otherwise.
        is_hard: the lab can never lower it.
        title: a few words, English (key of the catalogues).
        message: what was found and why it matters; may name the finding's facts in braces.
        remedy: what to do now.
        kinds: of machine that it can occur on; empty where it is not about a machine.
        firmwares: that it can occur on, as `fablab.toml` writes them.
    """

    id: str
    severity: Severity
    is_hard: bool = False
    title: str
    message: str
    remedy: str
    kinds: tuple[MachineKind, ...] = ()
    firmwares: tuple[str, ...] = ()

    def found(
        self, where: Sequence[Where] = (), *, count: int | None = None, **facts: str | int | float
    ) -> Finding:
        """Make a finding of this rule.

        Args:
            where: every place, or the first of them.
            count: how often it occurs, where that is more than the places given.
            facts: named values for the message.
        """
        return Finding(
            rule=self.id,
            severity=self.severity,
            count=len(where) or 1 if count is None else count,
            where=tuple(where[:MAX_PLACES]),
            facts=facts,
        )
