"""What a trainer decided about a level of somebody's skill."""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from fablab_hub.core.clock import read_utc
from fablab_hub.core.db import Row


class Verdict(StrEnum):
    """The two answers; the last one of each trainer counts."""

    VALIDATED = "validated"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision.

    Attributes:
        text: what is missing, or what they want to say.
        evidence: ids of what spoke for it at that moment.
        framework: version of the rules.
        by, by_id: who decided; for what only its owner judges, the person themselves.
    """

    id: str
    skill: str
    level: int
    verdict: Verdict
    text: str
    evidence: tuple[str, ...]
    framework: str
    by: str
    by_id: str
    at: datetime


def decision_of(row: Row) -> Decision:
    """Read one line of the table, joined with the name of who decided."""
    return Decision(
        id=row["id"],
        skill=row["skill"],
        level=row["level"],
        verdict=Verdict(row["verdict"]),
        text=row["text"],
        evidence=tuple(json.loads(row["evidence"])),
        framework=row["framework"],
        by=row["name"],
        by_id=row["decided_by"],
        at=read_utc(row["decided_at"]),
    )
