"""One file to one report: what kind it is, what the checks say, and the program that may run."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

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
from jobs.check_source import Source, StoredFile
from jobs.checks.gcode_file import require_gcode
from jobs.drawing_kind import drawing_kind, kind_of_name
from jobs.geometry.dxf_sniff import HEAD_BYTES
from jobs.report import CheckedFile, FileKind


def check_file(
    path: Path,
    name: str,
    machine: Machine,
    material: Material | None,
    folder: Path,
    settings: CheckSettings,
    options: dict[str, Any],
    *,
    wants_picture: bool = True,
) -> CheckedProgram:
    """Check one file that lies on disk, see `check_source`."""
    return check_source(
        StoredFile(path),
        name,
        machine,
        material,
        folder,
        settings,
        options,
        wants_picture=wants_picture,
    )


def check_source(
    source: Source,
    name: str,
    machine: Machine,
    material: Material | None,
    folder: Path,
    settings: CheckSettings,
    options: dict[str, Any],
    *,
    wants_picture: bool = True,
    on_written: Callable[[Path], None] = lambda _: None,
) -> CheckedProgram:
    """Check one file for one machine.

    Args:
        source: the bytes; a program is checked while they come, a drawing is read in one go.
        name: as its owner called it; only shown.
        machine: that shall run it.
        material: what it shall be made of.
        folder: empty; the program and the picture are written there.
        settings: how much is read, and how long a run may be.
        options: the owner's answers, see `jobs.drawing_choices`.
        wants_picture: whether the picture of a program is drawn; that of a drawing always is.
        on_written: told where a program's canonical form lies once it is whole, which is before
            the picture is drawn.

    Raises:
        FileError: the file cannot be read, or not within its limits.
        ConfigError: the machine's dialect does not fit the machine.
    """
    if source.known_bytes() > settings.max_upload_mb * 1_000_000:
        raise LimitExceededError("check.too-large", max_mb=settings.max_upload_mb)
    material = material.on_machine(machine.id) if material else None
    head = source.head(HEAD_BYTES)
    kind = drawing_kind(head) or (None if head else kind_of_name(name))
    if kind is not None:
        from jobs.check_drawing import check_drawing_file  # noqa: PLC0415 - slow to load

        path = source.whole().path
        return check_drawing_file(path, name, kind, machine, material, folder, settings, options)
    require_gcode(head)
    checked, sha256 = write_program(source.chunks(), machine, material, folder, settings, head)
    on_written(folder / PROGRAM_NAME)
    picture = None
    if wants_picture:
        from jobs.program_picture import draw_program  # noqa: PLC0415 - slow to load

        picture = draw_program(source, folder / PROGRAM_NAME, checked, machine, settings)
    whole = source.whole()
    file = CheckedFile(
        name=name,
        sha256=whole.sha256,
        bytes=whole.path.stat().st_size,
        kind=FileKind.GCODE,
        dialect=machine.dialect,
    )
    return conclude(file, checked, checked.findings, sha256, folder, picture)
