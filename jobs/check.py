"""One file to one report: what kind it is, what the checks say, and the program that may run."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from fablab_hub.core.errors import LimitExceededError
from fablab_hub.core.geometry import Point
from fablab_hub.core.machines import Machine
from fablab_hub.core.materials import Material
from fablab_hub.core.settings import CheckSettings
from jobs.check_files import (
    PROGRAM_NAME,
    CheckedProgram,
    checked_file,
    conclude,
    limits_of,
    write_program,
)
from jobs.checks.gcode_file import require_gcode
from jobs.counted_file import CountedFile
from jobs.geometry.dxf_sniff import HEAD_BYTES, looks_like_dxf
from jobs.line_chunks import line_chunks
from jobs.picture import draw_picture
from jobs.picture_marks import lines_to_mark
from jobs.picture_spots import spots_of_lines
from jobs.picture_trace import trace_program
from jobs.report import FileKind, Finding

_CHUNK_BYTES = 1 << 20


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
        from jobs.check_drawing import check_drawing_file  # noqa: PLC0415 - slow to load

        return check_drawing_file(path, name, machine, material, folder, settings, options)
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
        checked, sha256 = write_program(_chunks(stream), machine, material, folder, settings, head)
    with (folder / PROGRAM_NAME).open("rb") as stream:
        trace = trace_program((line.rstrip(b"\n") for line in stream), machine)
    findings = checked.findings
    picture = draw_picture(
        machine,
        trace.strokes,
        findings,
        _spots(path, findings, machine, settings),
        None if trace.is_whole else checked.facts.bounds_mm,
    )
    file = checked_file(path, name, FileKind.GCODE, machine.dialect)
    return conclude(file, checked, findings, sha256, folder, picture if trace.strokes else None)


def _spots(
    path: Path, findings: tuple[Finding, ...], machine: Machine, settings: CheckSettings
) -> dict[int, Point]:
    """Find the places of the lines that are marked; a file without any is not read again."""
    lines = lines_to_mark(findings)
    if not lines:
        return {}
    with path.open("rb") as stream:
        return spots_of_lines(line_chunks(stream), lines, machine, limits_of(machine, settings))


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK_BYTES):
        yield chunk
