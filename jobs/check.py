"""One file to one report: what kind it is, what the checks say, and the program that may run.

A drawing becomes a program first, and that program is checked like a stranger's: whatever the
toolpath does wrong is found by the same rules.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from fablab_hub.core.errors import LimitExceededError, UnreadableFileError
from fablab_hub.core.machines import Machine, MachineKind
from fablab_hub.core.materials import Material
from fablab_hub.core.settings import CheckSettings
from jobs.checks.drawing import check_drawing
from jobs.checks.gcode import Checker, ProgramCheck, in_chunks
from jobs.checks.gcode_file import require_gcode
from jobs.checks.gcode_reading import Limits
from jobs.counted_file import CountedFile
from jobs.geometry.drawing import DrawingLimits, Unit
from jobs.geometry.dxf import HEAD_BYTES, looks_like_dxf, read_drawing
from jobs.picture import Stroke, draw_picture, strokes_of, strokes_of_program
from jobs.report import CheckedFile, Facts, FileKind, Finding, Report, Verdict, verdict_of
from jobs.toolpath.laser import make_program
from jobs.toolpath.operations import Assigned, Operation, OperationKind, assign
from jobs.toolpath.order import order

PROGRAM_NAME = "program.gcode"
PICTURE_NAME = "picture.svg"
_CHUNK_BYTES = 1 << 20

_SAID_BY_DRAWING = frozenset({"gcode.material-staff"})


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


def check_file(
    path: Path,
    name: str,
    machine: Machine,
    material: Material | None,
    folder: Path,
    settings: CheckSettings,
    options: dict[str, Any],
    on_read: Callable[[int], None] = lambda _: None,
) -> CheckedProgram:
    """Check one file for one machine.

    Args:
        path: the bytes.
        name: as its owner called it; only shown.
        machine: that shall run it.
        material: what it shall be made of.
        folder: empty; the program and the picture are written there.
        settings: how much is read, and how long a run may be.
        options: the owner's answers: `unit`.
        on_read: called with the bytes of a program that were checked so far; never for a drawing,
            which is read in one go.

    Raises:
        FileError: the file cannot be read, or not within its limits.
        ConfigError: the machine's dialect does not fit the machine.
    """
    if path.stat().st_size > settings.max_upload_mb * 1_000_000:
        raise LimitExceededError("check.too-large", max_mb=settings.max_upload_mb)
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if looks_like_dxf(head) or (not head and name.casefold().endswith(".dxf")):
        return _check_drawing(path, name, machine, material, folder, settings, options)
    return _check_program(path, name, machine, material, folder, settings, head, on_read)


def _check_program(
    path: Path,
    name: str,
    machine: Machine,
    material: Material | None,
    folder: Path,
    settings: CheckSettings,
    head: bytes,
    on_read: Callable[[int], None],
) -> CheckedProgram:
    require_gcode(head)
    with CountedFile(path, on_read) as stream:
        checked, sha256 = _write_program(_chunks(stream), machine, material, folder, settings)
    with (folder / PROGRAM_NAME).open("rb") as stream:
        strokes = strokes_of_program((line.rstrip(b"\n") for line in stream), machine)
    file = _checked_file(path, name, FileKind.GCODE, machine.dialect)
    return _conclude(file, checked, checked.findings, sha256, folder, machine, strokes)


def _check_drawing(
    path: Path,
    name: str,
    machine: Machine,
    material: Material | None,
    folder: Path,
    settings: CheckSettings,
    options: dict[str, Any],
) -> CheckedProgram:
    if machine.kind is not MachineKind.LASER:
        raise UnreadableFileError("drawing.wrong-machine", machine=machine.name.en)
    unit = Unit(options["unit"]) if options.get("unit") else None
    limits = DrawingLimits(max_bytes=settings.max_upload_mb * 1_000_000)
    drawing = read_drawing(path, limits, unit)
    assigned = assign(drawing, room_mm=machine.bed_mm[:2])
    findings = check_drawing(drawing, assigned, machine, material)
    operations = order(assigned.operations)
    lines = _lines(operations, machine, material, findings)
    checked, sha256 = _write_program(in_chunks(lines), machine, material, folder, settings)
    file = _checked_file(path, name, FileKind.DXF, "dxf")
    checked = replace(checked, facts=_with_lengths(checked.facts, assigned, material))
    if not _is_refused(findings):
        findings = (*findings, *(found for found in checked.findings if not _is_said(found)))
    strokes = strokes_of(operations)
    return _conclude(file, checked, findings, sha256, folder, machine, strokes)


def _lines(
    operations: list[Operation],
    machine: Machine,
    material: Material | None,
    findings: tuple[Finding, ...],
) -> Iterable[bytes]:
    """Make the program; a drawing that is refused already has none worth making."""
    if material is None or _is_refused(findings):
        return ()
    return make_program(operations, machine, material)


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK_BYTES):
        yield chunk


def _write_program(
    chunks: Iterable[bytes],
    machine: Machine,
    material: Material | None,
    folder: Path,
    settings: CheckSettings,
) -> tuple[ProgramCheck, str]:
    """Write the canonical program while it is checked; gives its SHA-256 too."""
    digest = hashlib.sha256()
    is_laser = machine.kind is MachineKind.LASER
    longest_h = settings.max_laser_h if is_laser else settings.max_job_h
    limits = Limits(max_bytes=settings.max_upload_mb * 1_000_000, max_run_s=longest_h * 3600)
    with (folder / PROGRAM_NAME).open("wb") as stream:

        def write(data: bytes) -> None:
            digest.update(data)
            stream.write(data)

        checker = Checker(machine, material, write, limits)
        for chunk in chunks:
            checker.feed(chunk)
        checked = checker.finish()
    return checked, digest.hexdigest()


def _conclude(
    file: CheckedFile,
    checked: ProgramCheck,
    findings: tuple[Finding, ...],
    sha256: str,
    folder: Path,
    machine: Machine,
    strokes: tuple[Stroke, ...],
) -> CheckedProgram:
    verdict = verdict_of(findings)
    is_refused = verdict is Verdict.REFUSED
    picture = folder / PICTURE_NAME
    picture.write_text(draw_picture(machine, strokes, findings), encoding="utf-8")
    return CheckedProgram(
        report=Report(
            file=file,
            verdict=verdict,
            findings=findings,
            facts=checked.facts,
            program_sha256=None if is_refused else sha256,
            program_lines=0 if is_refused else checked.program_lines,
        ),
        program=None if is_refused else folder / PROGRAM_NAME,
        picture=picture if strokes else None,
    )


def _with_lengths(facts: Facts, assigned: Assigned, material: Material | None) -> Facts:
    """Tell cutting from engraving, which a program cannot."""

    def length_mm(kinds: tuple[OperationKind, ...]) -> Iterator[float]:
        for operation in assigned.operations:
            if operation.kind in kinds:
                preset = material.preset(operation.kind) if material else None
                yield operation.path.length_mm * (preset.passes if preset else 1)

    return replace(
        facts,
        cut_mm=sum(length_mm((OperationKind.CUT,))),
        engrave_mm=sum(length_mm((OperationKind.SCORE, OperationKind.ENGRAVE))),
    )


def _checked_file(path: Path, name: str, kind: FileKind, dialect: str) -> CheckedFile:
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    return CheckedFile(
        name=name, sha256=sha256, bytes=path.stat().st_size, kind=kind, dialect=dialect
    )


def _is_said(finding: Finding) -> bool:
    """Tell whether the drawing's own check has said this about the material already."""
    return finding.rule in _SAID_BY_DRAWING


def _is_refused(findings: tuple[Finding, ...]) -> bool:
    return verdict_of(findings) is Verdict.REFUSED
