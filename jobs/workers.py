"""Check workers: separate processes that open strangers' files, with limits, replaced when they die."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jobs.report import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest:
    """One file to check.

    Attributes:
        path: the bytes, read only.
        name: as its owner called it; shown, never used as a path.
        machine_id, material_id: of the settings.
        options: the owner's answers (`unit`: `mm`, `cm`, `inch`).
    """

    path: Path
    name: str
    machine_id: str
    material_id: str | None = None
    options: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOutcome:
    """What a check left behind.

    Attributes:
        report: always there; a file that cannot be read is a refused report.
        program: the canonical program, unless refused.
        picture: the part on the bed, SVG.
        folder: holds both; remove it once they are kept.
    """

    report: Report
    program: Path | None
    picture: Path | None
    folder: Path
