"""The files of a check: the canonical program, written while it is checked, and the picture."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from fablab_hub.core.blob import blob_of
from fablab_hub.core.machines import Machine, MachineKind
from fablab_hub.core.materials import Material
from fablab_hub.core.settings import CheckSettings
from jobs.checks.gcode import Checker, ProgramCheck
from jobs.checks.gcode_reading import Limits
from jobs.report import CheckedFile, DrawingShown, FileKind, Finding, Report, Verdict, verdict_of

PROGRAM_NAME = "program.gcode"
PICTURE_NAME = "picture.svg"


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


def limits_of(machine: Machine, settings: CheckSettings) -> Limits:
    """Give how much of a file is read, and how long its run may be, on one machine."""
    is_laser = machine.kind is MachineKind.LASER
    longest_h = settings.max_laser_h if is_laser else settings.max_job_h
    return Limits(max_bytes=settings.max_upload_mb * 1_000_000, max_run_s=longest_h * 3600)


def write_program(
    chunks: Iterable[bytes],
    machine: Machine,
    material: Material | None,
    folder: Path,
    settings: CheckSettings,
    head: bytes = b"",
) -> tuple[ProgramCheck, str]:
    """Write the canonical program while it is checked; gives its SHA-256 too."""
    digest = hashlib.sha256()
    limits = limits_of(machine, settings)
    with (folder / PROGRAM_NAME).open("wb") as stream:

        def write(data: bytes) -> None:
            digest.update(data)
            stream.write(data)

        checker = Checker(machine, material, write, limits, head)
        for chunk in chunks:
            checker.feed(chunk)
        checked = checker.finish()
    return checked, digest.hexdigest()


def conclude(
    file: CheckedFile,
    checked: ProgramCheck,
    findings: tuple[Finding, ...],
    sha256: str,
    folder: Path,
    picture: str | None,
    drawing: DrawingShown | None = None,
) -> CheckedProgram:
    """Write the picture, and put report and files together; a refused program is no program."""
    verdict = verdict_of(findings)
    is_refused = verdict is Verdict.REFUSED
    if picture is not None:
        (folder / PICTURE_NAME).write_text(picture, encoding="utf-8")
    return CheckedProgram(
        report=Report(
            file=file,
            verdict=verdict,
            findings=findings,
            facts=checked.facts,
            drawing=drawing,
            program_sha256=None if is_refused else sha256,
            program_lines=0 if is_refused else checked.program_lines,
            program_marks=() if is_refused else checked.program_marks,
        ),
        program=None if is_refused else folder / PROGRAM_NAME,
        picture=None if picture is None else folder / PICTURE_NAME,
    )


def checked_file(path: Path, name: str, kind: FileKind, dialect: str) -> CheckedFile:
    """Say what file was checked, with the SHA-256 of its bytes."""
    blob = blob_of(path)
    return CheckedFile(name=name, sha256=blob.sha256, bytes=blob.bytes, kind=kind, dialect=dialect)
