"""The check of a drawing: it becomes a program, which is then checked like a stranger's.

    read ──► assign ──► mend ──► place ──► plan ──► program ──► G-code guard

What reads drawings is large and slow to load, so only a drawing loads this file.
"""

import gc
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from fablab_hub.core.errors import LimitExceededError, UnreadableFileError
from fablab_hub.core.machines import Machine, MachineKind
from fablab_hub.core.materials import Material, OperationKind
from fablab_hub.core.settings import CheckSettings
from jobs.check_files import CheckedProgram, checked_file, conclude, write_program
from jobs.checks.drawing import check_drawing
from jobs.checks.drawing_view import smallest_mm
from jobs.checks.gcode import in_chunks
from jobs.drawing_choices import DrawingChoices, choices_of
from jobs.geometry.drawing import Drawing, DrawingLimits
from jobs.geometry.reading import read_drawing
from jobs.picture import draw_picture, strokes_of, ways_of
from jobs.picture_repair import spot_pictures
from jobs.repairs.mending import mend, offers, tried
from jobs.repairs.repair import Bench, Mended, Repair
from jobs.report import DrawingShown, Facts, FileKind, Finding, RepairShown, Verdict, verdict_of
from jobs.toolpath.convention import Convention, convention_of
from jobs.toolpath.laser import make_program
from jobs.toolpath.operations import Assigned, assign
from jobs.toolpath.order import order
from jobs.toolpath.placing import Placed, Placing, place
from jobs.toolpath.plan import Step, plan
from jobs.toolpath.shaping import Shaping
from jobs.toolpath.used_up import used_boxes

_SAID_BY_DRAWING = frozenset({"gcode.material-staff"})
_COLLECTED_BYTES = 30_000_000
_TURN = "turn"
"""The repair that turns the whole drawing by a quarter."""

Done = list[tuple[Repair, Mended]]


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
    """Check a drawing; takes and raises what `check_source` does."""
    # A large drawing is a million small values without a cycle; to look for some takes as long as
    # to read it.
    gc.disable()
    try:
        return _check(path, name, kind, machine, material, folder, settings, options)
    except MemoryError as error:
        raise LimitExceededError("drawing.too-heavy") from error
    finally:
        gc.enable()


def _check(
    path: Path,
    name: str,
    kind: FileKind,
    machine: Machine,
    material: Material | None,
    folder: Path,
    settings: CheckSettings,
    options: dict[str, Any],
) -> CheckedProgram:
    if machine.kind is not MachineKind.LASER:
        raise UnreadableFileError("drawing.wrong-machine", machine=machine.name.en)
    choices = choices_of(options)
    limits = DrawingLimits(max_bytes=settings.max_upload_mb * 1_000_000)
    drawing = _read(path, kind, limits, choices)
    if path.stat().st_size > _COLLECTED_BYTES:
        gc.collect()  # what the library knew of a large file is in the way of what follows
    bench = Bench(smallest_mm=smallest_mm(material))
    convention = convention_of(settings.colours, settings.layers)
    # What the beam does beside the lines needs room on the bed too.
    kerf_mm = material.kerf_mm if material and choices.keeps_size else 0.0
    beside_mm = kerf_mm / 2 + choices.lead_in_mm
    placed, done = _prepared(drawing, machine, convention, choices, bench, beside_mm)
    assigned = placed.assigned
    findings = check_drawing(
        drawing, assigned, machine, material, placed.missing, holds_parts=choices.tabs > 0
    )
    steps = plan(assigned, material, _shaping(machine, choices)) if material else []
    lines = _lines(steps, machine, material, findings)
    checked, sha256 = write_program(in_chunks(lines), machine, material, folder, settings)
    file = checked_file(path, name, kind, kind.value)
    checked = replace(checked, facts=_with_lengths(checked.facts, steps, material))
    shown = _shown(drawing, assigned, findings, done, bench, choices)
    if not _is_refused(findings):
        findings = (*findings, *(found for found in checked.findings if not _is_said(found)))
    strokes = strokes_of(steps or order(assigned.operations))
    shown_strokes = (*strokes, *ways_of(steps))
    picture = draw_picture(machine, shown_strokes, findings) if strokes else None
    return conclude(file, checked, findings, sha256, folder, picture, shown)


def _shaping(machine: Machine, choices: DrawingChoices) -> Shaping:
    return Shaping(
        shading=choices.shading,
        keeps_size=choices.keeps_size,
        tabs=choices.tabs,
        tab_mm=choices.tab_mm,
        overcut_mm=choices.overcut_mm,
        lead_in_mm=choices.lead_in_mm,
        has_arcs=machine.laser is None or machine.laser.arcs,
    )


def _read(path: Path, kind: FileKind, limits: DrawingLimits, choices: DrawingChoices) -> Drawing:
    if kind is FileKind.IMAGE:
        from jobs.geometry.picture_file import read_picture  # noqa: PLC0415 - rarely needed

        return read_picture(path, limits, choices.width_mm)
    return read_drawing(path, limits, choices.unit)


def _prepared(
    drawing: Drawing,
    machine: Machine,
    convention: Convention,
    choices: DrawingChoices,
    bench: Bench,
    beside_mm: float,
) -> tuple[Placed, Done]:
    """Decide what is done with each line, mend what was asked for, and lay it on the bed."""
    remembered = choices.remembered.get(drawing.writer, {})
    assigned = assign(drawing, convention, choices.operations, remembered)
    assigned, done = mend(assigned, choices.repairs, bench)
    reach = machine.reach_mm
    (left, front, _), (right, back, _) = reach.min_mm, reach.max_mm
    wish = Placing(
        at_mm=choices.at_mm,
        turn_deg=choices.turn_deg + (90.0 if _TURN in choices.repairs else 0.0),
        copies=choices.copies,
        is_nested=choices.is_nested,
        taken_mm=choices.taken_mm,
    )
    sheet = (left + beside_mm, front + beside_mm, right - beside_mm, back - beside_mm)
    return place(assigned, sheet, wish), done


def _shown(
    drawing: Drawing,
    assigned: Assigned,
    findings: tuple[Finding, ...],
    done: Done,
    bench: Bench,
    choices: DrawingChoices,
) -> DrawingShown:
    """Gather what a person may still decide."""
    repairs = [
        RepairShown(id=repair.id, count=mended.count, is_done=True) for repair, mended in done
    ]
    turned = _TURN in choices.repairs
    if turned or any(finding.rule == "drawing.fits-turned" for finding in findings):
        rule = "" if turned else "drawing.fits-turned"
        repairs.append(RepairShown(id=_TURN, rule=rule, count=1, is_done=turned))
    for repair, finding in offers(findings, [repair.id for repair, _ in done]):
        spots = [where.at_mm for where in finding.where if where.at_mm]
        near, mended = tried(assigned.operations, repair, bench, spots)
        pictures = spot_pictures(near, mended, spots[0] if spots else None)
        if pictures is not None:
            before, after = pictures
            repairs.append(
                RepairShown(
                    id=repair.id, rule=finding.rule, count=finding.count, before=before, after=after
                )
            )
    return DrawingShown(
        writer=drawing.writer,
        unit=drawing.units.unit.value if drawing.units.unit else None,
        scale_mm=drawing.units.scale_mm,
        lines=assigned.groups,
        repairs=tuple(repairs),
        used_mm=used_boxes(assigned),
    )


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

    marks = tuple(kind for kind in OperationKind if kind is not OperationKind.CUT)
    return replace(
        facts, cut_mm=sum(length_mm((OperationKind.CUT,))), engrave_mm=sum(length_mm(marks))
    )


def _is_said(finding: Finding) -> bool:
    """Tell whether the drawing's own check has said this about the material already."""
    return finding.rule in _SAID_BY_DRAWING


def _is_refused(findings: tuple[Finding, ...]) -> bool:
    return verdict_of(findings) is Verdict.REFUSED
