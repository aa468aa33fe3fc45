"""One file to one report: what kind it is, what the checks say, and the program that may run."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from fablab_hub.core.errors import LimitExceededError
from fablab_hub.core.machines import Machine
from fablab_hub.core.materials import Material
from fablab_hub.core.settings import CheckSettings
from jobs.check_files import (
    PROGRAM_NAME,
    CheckedProgram,
    conclude,
    write_program,
)
from jobs.checks.gcode_file import require_gcode
from jobs.counted_file import CountedFile
from jobs.geometry.dxf_sniff import HEAD_BYTES, looks_like_dxf
from jobs.report import CheckedFile, FileKind

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
    *,
    wants_picture: bool = True,
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
        wants_picture: whether the picture of a program is drawn; that of a drawing always is.

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
    return _check_program(
        path, name, machine, material, folder, settings, head, on_read, wants_picture=wants_picture
    )


def _check_program(
    path: Path,
    name: str,
    machine: Machine,
    material: Material | None,
    folder: Path,
    settings: CheckSettings,
    head: bytes,
    on_read: Callable[[int], None],
    *,
    wants_picture: bool,
) -> CheckedProgram:
    require_gcode(head)
    with CountedFile(path, on_read) as stream:
        digest = hashlib.sha256()
        chunks = _chunks(stream, digest.update)
        checked, sha256 = write_program(chunks, machine, material, folder, settings, head)
    picture = None
    if wants_picture:
        from jobs.program_picture import draw_program  # noqa: PLC0415 - slow to load

        picture = draw_program(path, folder / PROGRAM_NAME, checked, machine, settings)
    file = CheckedFile(
        name=name,
        sha256=digest.hexdigest(),
        bytes=path.stat().st_size,
        kind=FileKind.GCODE,
        dialect=machine.dialect,
    )
    return conclude(file, checked, checked.findings, sha256, folder, picture)


def _chunks(stream: BinaryIO, on_chunk: Callable[[bytes], None]) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK_BYTES):
        on_chunk(chunk)
        yield chunk
