"""The picture of a checked program: what it draws, and where each finding is."""

from collections.abc import Sequence
from pathlib import Path

from fablab_hub.core.geometry import Point
from fablab_hub.core.machines import Machine
from fablab_hub.core.programs import Mark
from fablab_hub.core.settings import CheckSettings
from jobs.check_files import limits_of
from jobs.check_source import Source
from jobs.checks.gcode import ProgramCheck
from jobs.line_chunks import line_chunks
from jobs.picture import draw_picture
from jobs.picture_marks import lines_to_mark
from jobs.picture_order import draw_order
from jobs.picture_spots import spots_of_lines
from jobs.picture_trace import trace_program
from jobs.report import Finding


def draw_program(
    source: Source, program: Path, checked: ProgramCheck, machine: Machine, settings: CheckSettings
) -> str | None:
    """Draw a checked program on its machine's bed.

    Args:
        source: the file as it is sent: findings name its lines.
        program: the canonical program that the check wrote.
        checked: what the check found.
        machine: that shall run it.
        settings: of the check.

    Returns:
        SVG; None when it draws nothing.
    """
    with program.open("rb") as stream:
        trace = trace_program((line.rstrip(b"\n") for line in stream), machine)
    if not trace.strokes:
        return None
    return draw_picture(
        machine,
        trace.strokes,
        checked.findings,
        _spots(source, checked.findings, machine, settings),
        None if trace.is_whole else checked.facts.bounds_mm,
    )


def order_picture(
    program: Path, marks: Sequence[Mark], machine: Machine, *, is_moving: bool
) -> str | None:
    """Draw in which order a canonical program works, see `picture_order.draw_order`.

    Args:
        program: of a very long one only the beginning is shown.
        marks: of its report.
        machine: that shall run it.
        is_moving: a film, or a still.
    """
    with program.open("rb") as stream:
        trace = trace_program((line.rstrip(b"\n") for line in stream), machine)
    return draw_order(trace.strokes, marks, is_moving=is_moving)


def _spots(
    source: Source, findings: tuple[Finding, ...], machine: Machine, settings: CheckSettings
) -> dict[int, Point]:
    """Find the places of the lines that are marked; a file without any is not read again."""
    lines = lines_to_mark(findings)
    if not lines:
        return {}
    with source.whole().path.open("rb") as stream:
        return spots_of_lines(line_chunks(stream), lines, machine, limits_of(machine, settings))
