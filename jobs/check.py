"""One file to one report: what kind it is, what the checks say, and the program that may run."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fablab_hub.core.errors import LimitExceededError, UnreadableFileError
from fablab_hub.core.machines import Machine, MachineKind
from fablab_hub.core.materials import Material
from fablab_hub.core.settings import CheckSettings
from fablab_hub.gcode.sniff import HEAD_BYTES, why_not_gcode
from jobs.checks.gcode import ProgramCheck, check_program
from jobs.checks.gcode_reading import Limits
from jobs.report import CheckedFile, FileKind, Report, Verdict, verdict_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedProgram:
    """A report, and the files that go with it.

    Attributes:
        report: always there.
        program: the canonical program; None when refused.
        picture: the part on the bed, SVG; None when there is nothing to show.
    """

    report: Report
    program: Path | None = None
    picture: Path | None = None
