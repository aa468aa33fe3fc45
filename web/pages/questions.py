"""The questions that only the owner of a file can answer, each answered by one press."""

from dataclasses import dataclass
from types import MappingProxyType

from fablab_hub.core.i18n.words import N_, number_text, translate
from fablab_hub.core.units import MM_PER_INCH
from jobs.report import FileKind, Finding, Report
from jobs.store import Job

Units = tuple[tuple[str, str, float], ...]

UNITS: Units = (
    ("mm", N_("Millimetres"), 1.0),
    ("cm", N_("Centimetres"), 10.0),
    ("inch", N_("Inches"), MM_PER_INCH),
)
"""Each unit that a drawing may be meant in: its option, its name, and its size in mm."""

PIXELS: Units = (
    ("px96", N_("Pixels, as in Inkscape"), MM_PER_INCH / 96),
    ("px90", N_("Pixels, as in an old Inkscape"), MM_PER_INCH / 90),
    ("px72", N_("Pixels, as in Illustrator"), MM_PER_INCH / 72),
    ("mm", N_("Millimetres"), 1.0),
)
"""The same for an SVG."""

MAY_ANSWER = frozenset(unit for unit, _, _ in (*UNITS, *PIXELS))
"""What an answer may be."""

_EVIDENCE = MappingProxyType(
    {
        "holes": N_("The size of the holes fits our guess."),
        "sides": N_("The sides are round numbers with our guess."),
        "size": N_("Most drawings of this size are in millimetres."),
        "measurement": N_("The file says that it is metric."),
    }
)
"""What speaks for the guess, by the name that a finding gives it."""


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
    if report is None or report.file.kind not in (FileKind.DXF, FileKind.SVG):
        return []
    doubt = next((finding for finding in report.findings if _is_about_unit(finding)), None)
    if doubt is None:
        return []
    units = PIXELS if report.file.kind is FileKind.SVG else UNITS
    assumed_mm = _assumed_mm(report, str(doubt.facts.get("unit", job.options.get("unit", "mm"))))
    told = [
        translate(_EVIDENCE[name], language)
        for name in str(doubt.facts.get("evidence", "")).split()
        if name in _EVIDENCE
    ]
    return [
        Question(
            name="unit",
            title=translate(N_("In which unit did you draw?"), language),
            text=" ".join(
                (*told, translate(N_("Look at the size. Which one is your part?"), language))
            ),
            answers=[
                (unit, translate(name, language), _size(report, factor_mm, assumed_mm, language))
                for unit, name, factor_mm in units
            ],
        )
    ]


def _is_about_unit(finding: Finding) -> bool:
    """Rules are named `drawing.<what>`: those about the unit say so in their name."""
    return "unit" in finding.rule.partition(".")[2].split("-")


def _assumed_mm(report: Report, assumed: str) -> float | None:
    """Give the millimetres that a unit was taken for; None where that is not known."""
    if report.drawing is not None:
        return report.drawing.scale_mm
    return next((mm for unit, _, mm in (*UNITS, *PIXELS) if unit == assumed), None)


def _size(report: Report, factor_mm: float, assumed_mm: float | None, language: str) -> str:
    """Say how large the part is if it was drawn in a unit; nothing where that is not known."""
    box = report.facts.bounds_mm
    if box is None or assumed_mm is None:
        return ""
    width, depth = (
        number_text(size * factor_mm / assumed_mm, language, 0) for size in box.size_mm[:2]
    )
    return translate(N_("{size} mm"), language, size=f"{width} × {depth}")
