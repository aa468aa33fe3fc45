"""What a check is asked, and what it leaves behind; as values, and as JSON between processes."""

import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from fablab_hub.core.blob import Blob
from fablab_hub.core.materials import OnMachine
from jobs.report import Report
from jobs.report_json import report_from_json


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckChoice:
    """What a file is checked for.

    Attributes:
        machine_id, material_id: of the settings.
        options: the owner's answers (`unit`: `mm`, `cm`, `inch`).
    """

    machine_id: str
    material_id: str | None = None
    options: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest:
    """One file to check.

    Attributes:
        path: the bytes, read only.
        name: as its owner called it; shown, never used as a path.
        machine_id, material_id: of the settings.
        options: the owner's answers (`unit`: `mm`, `cm`, `inch`).
        wants_picture: of a program; to draw it takes longer than to check a small one.
        tried: settings of the material that people tried on this machine.
    """

    path: Path
    name: str
    machine_id: str
    material_id: str | None = None
    options: dict[str, Any] | None = None
    wants_picture: bool = True
    tried: OnMachine = field(default_factory=OnMachine)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOutcome:
    """What a check left behind.

    Attributes:
        report: always there; a file that cannot be read is a refused report.
        program: the canonical program, unless refused.
        picture: the part on the bed, SVG.
        folder: holds both; `discard` removes it once they are kept.
        program_blob: what the program holds, where somebody has looked already.
    """

    report: Report
    program: Path | None
    picture: Path | None
    folder: Path
    program_blob: Blob | None = None

    def discard(self) -> None:
        """Remove the files that the check wrote."""
        shutil.rmtree(self.folder, ignore_errors=True)


def request_to_json(request: CheckRequest, folder: Path) -> dict[str, Any]:
    """Write a request as a worker reads it, with the folder that it shall write to."""
    return {
        "path": str(request.path),
        "name": request.name,
        "machine": request.machine_id,
        "material": request.material_id,
        "options": request.options or {},
        "folder": str(folder),
        "picture": request.wants_picture,
        "tried": _said(request.tried),
    }


def _said(tried: OnMachine) -> dict[str, Any]:
    """Leave out what nobody tried."""
    return {name: value for name, value in asdict(tried).items() if value is not None}


def outcome_from_json(answer: dict[str, Any], folder: Path) -> CheckOutcome:
    """Read a worker's answer."""
    return CheckOutcome(
        report=report_from_json(answer["report"]),
        program=Path(answer["program"]) if answer["program"] else None,
        picture=Path(answer["picture"]) if answer["picture"] else None,
        folder=folder,
    )
