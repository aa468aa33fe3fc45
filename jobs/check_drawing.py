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
from jobs.drawing_choices import DrawingChoices, choices_of
from jobs.geometry.drawing import Drawing, DrawingLimits
from jobs.geometry.reading import read_drawing
from jobs.picture import draw_picture, strokes_of
from jobs.report import Facts, FileKind, Finding, Verdict, verdict_of
from jobs.toolpath.laser import make_program
from jobs.toolpath.operations import OperationKind, assign
from jobs.toolpath.order import order
from jobs.toolpath.plan import Step, plan

_SAID_BY_DRAWING = frozenset({"gcode.material-staff"})


def check_drawing_file(
    path: Path,
    name: str,
    kind: FileKind,
    machine: Machine,
    material: Material | None,
    folder: Path,
    settings: CheckSettings,
    options: dict[str, Any],
) -> CheckedProgram:
    """Check a drawing; takes and raises what `check_file` does."""
    if machine.kind is not MachineKind.LASER:
        raise UnreadableFileError("drawing.wrong-machine", machine=machine.name.en)
    choices = choices_of(options)
    limits = DrawingLimits(max_bytes=settings.max_upload_mb * 1_000_000)
    material = material.on_machine(machine.id) if material else None
    drawing = _read(path, kind, limits, choices)
    assigned = assign(drawing, room_mm=machine.bed_mm[:2])
    findings = check_drawing(drawing, assigned, machine, material)
    steps = plan(assigned, machine, material) if material else []
    lines = _lines(steps, machine, material, findings)
    checked, sha256 = write_program(in_chunks(lines), machine, material, folder, settings)
    file = checked_file(path, name, kind, drawing.writer.casefold() or kind.value)
    checked = replace(checked, facts=_with_lengths(checked.facts, steps, material))
    if not _is_refused(findings):
        findings = (*findings, *(found for found in checked.findings if not _is_said(found)))
    strokes = strokes_of(steps or order(assigned.operations))
    picture = draw_picture(machine, strokes, findings) if strokes else None
    return conclude(file, checked, findings, sha256, folder, picture)


def _read(path: Path, kind: FileKind, limits: DrawingLimits, choices: DrawingChoices) -> Drawing:
    if kind is FileKind.IMAGE:
        from jobs.geometry.picture_file import read_picture  # noqa: PLC0415 - rarely needed

        return read_picture(path, limits, choices.width_mm)
    return read_drawing(path, limits, choices.unit)


def _lines(
    steps: list[Step],
    machine: Machine,
    material: Material | None,
    findings: tuple[Finding, ...],
) -> Iterable[bytes]:
    """Make the program; a drawing that is refused already has none worth making."""
    if material is None or _is_refused(findings):
        return ()
    return make_program(steps, machine, material)


def _with_lengths(facts: Facts, steps: list[Step], material: Material | None) -> Facts:
    """Tell cutting from engraving, which a program cannot."""

    def length_mm(kinds: tuple[OperationKind, ...]) -> Iterator[float]:
        for step in steps:
            if step.kind in kinds:
                preset = material.preset(step.kind) if material else None
                yield step.length_mm * (preset.passes if preset else 1)

    return replace(
        facts,
        cut_mm=sum(length_mm((OperationKind.CUT,))),
        engrave_mm=sum(length_mm(tuple(set(OperationKind) - {OperationKind.CUT}))),
    )


def _is_said(finding: Finding) -> bool:
    """Tell whether the drawing's own check has said this about the material already."""
    return finding.rule in _SAID_BY_DRAWING


def _is_refused(findings: tuple[Finding, ...]) -> bool:
    return verdict_of(findings) is Verdict.REFUSED
