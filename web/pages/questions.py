"""The questions that only the owner of a file can answer, each answered by one press."""

from dataclasses import dataclass

from fablab_hub.core.i18n.words import N_, number_text, translate
from fablab_hub.core.units import MM_PER_INCH
from jobs.report import FileKind, Finding, Report
from jobs.store import Job

UNITS: tuple[tuple[str, str, float], ...] = (
    ("mm", N_("Millimetres"), 1.0),
    ("cm", N_("Centimetres"), 10.0),
    ("inch", N_("Inches"), MM_PER_INCH),
)
"""Each unit that a drawing may be meant in: its option, its name, and its size in mm."""

MAY_ANSWER = frozenset(unit for unit, _, _ in UNITS)
"""What an answer may be."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes:
        name: of the option that the answer sets.
        answers: value, words, and what the part would measure.
    """

    name: str
    title: str
    text: str
    answers: list[tuple[str, str, str]]


def questions_about(job: Job, language: str) -> list[Question]:
    """List what the check could not know about a file."""
    report = job.report
    if report is None or report.file.kind is not FileKind.DXF:
        return []
    doubt = next((finding for finding in report.findings if _is_about_unit(finding)), None)
    if doubt is None:
        return []
    assumed = str(doubt.facts.get("unit", job.options.get("unit", "mm")))
    return [
        Question(
            name="unit",
            title=translate(N_("In which unit did you draw?"), language),
            text=translate(N_("Look at the size. Which one is your part?"), language),
            answers=[
                (unit, translate(name, language), _size(report, factor_mm, assumed, language))
                for unit, name, factor_mm in UNITS
            ],
        )
    ]


def _is_about_unit(finding: Finding) -> bool:
    """Rules are named `drawing.<what>`: those about the unit say so in their name."""
    return "unit" in finding.rule.partition(".")[2].split("-")


def _size(report: Report, factor_mm: float, assumed: str, language: str) -> str:
    """Say how large the part is if it was drawn in a unit; nothing where that is not known."""
    box = report.facts.bounds_mm
    assumed_mm = next((mm for unit, _, mm in UNITS if unit == assumed), None)
    if box is None or assumed_mm is None:
        return ""
    width, depth = (
        number_text(size * factor_mm / assumed_mm, language, 0) for size in box.size_mm[:2]
    )
    return translate(N_("{size} mm"), language, size=f"{width} × {depth}")
