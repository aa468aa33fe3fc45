"""The check of a drawing: it becomes a program, which is then checked like a stranger's.

What reads drawings is large and slow to load, so only a drawing loads this file.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from fablab_hub.core.errors import UnreadableFileError
from fablab_hub.core.machines import Machine, MachineKind
from fablab_hub.core.materials import Material
from fablab_hub.core.settings import CheckSettings
from jobs.check_files import CheckedProgram, checked_file, conclude, write_program
from jobs.checks.drawing import check_drawing
from jobs.checks.gcode import in_chunks
from jobs.geometry.drawing import DrawingLimits, Unit
from jobs.geometry.dxf import read_drawing
from jobs.picture import draw_picture, strokes_of
from jobs.report import Facts, FileKind, Finding, Verdict, verdict_of
from jobs.toolpath.laser import make_program
from jobs.toolpath.operations import Assigned, Operation, OperationKind, assign
from jobs.toolpath.order import order

_SAID_BY_DRAWING = frozenset({"gcode.material-staff"})


def check_drawing_file(
    path: Path,
    name: str,
    machine: Machine,
    material: Material | None,
    folder: Path,
    settings: CheckSettings,
    options: dict[str, Any],
) -> CheckedProgram:
    """Check a drawing; takes and raises what `check_file` does."""
    if machine.kind is not MachineKind.LASER:
        raise UnreadableFileError("drawing.wrong-machine", machine=machine.name.en)
    unit = Unit(options["unit"]) if options.get("unit") else None
    limits = DrawingLimits(max_bytes=settings.max_upload_mb * 1_000_000)
    drawing = read_drawing(path, limits, unit)
    assigned = assign(drawing, room_mm=machine.bed_mm[:2])
    findings = check_drawing(drawing, assigned, machine, material)
    operations = order(assigned.operations)
    lines = _lines(operations, machine, material, findings)
    checked, sha256 = write_program(in_chunks(lines), machine, material, folder, settings)
    file = checked_file(path, name, FileKind.DXF, "dxf")
    checked = replace(checked, facts=_with_lengths(checked.facts, assigned, material))
    if not _is_refused(findings):
        findings = (*findings, *(found for found in checked.findings if not _is_said(found)))
    strokes = strokes_of(operations)
    picture = draw_picture(machine, strokes, findings) if strokes else None
    return conclude(file, checked, findings, sha256, folder, picture)


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


def _is_said(finding: Finding) -> bool:
    """Tell whether the drawing's own check has said this about the material already."""
    return finding.rule in _SAID_BY_DRAWING


def _is_refused(findings: tuple[Finding, ...]) -> bool:
    return verdict_of(findings) is Verdict.REFUSED
