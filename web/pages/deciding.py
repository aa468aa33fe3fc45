"""What the owner of a drawing may still decide: repairs, what lines are for, how it lies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from fablab_hub.core.geometry import Point
from fablab_hub.core.i18n.words import N_, number_text, translate, translate_count
from fablab_hub.core.machines import Machine
from fablab_hub.core.materials import OperationKind
from fablab_hub.core.people import Person, Right
from fablab_hub.core.units import MM_PER_M
from jobs.drawing_choices import SKIP, DrawingChoices, choices_of
from jobs.geometry.path import Drawn
from jobs.repairs.table import BY_ID
from jobs.report import FileKind, RepairShown
from jobs.store import Job
from jobs.toolpath.groups import LineGroup
from jobs.toolpath.used_up import Rectangle
from web.services import Services

TURN = "turn"
KNOWN_REPAIRS = frozenset({*BY_ID, TURN})
"""Ids that a page may send."""

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        OperationKind.CUT.value: N_("Cut"),
        OperationKind.SCORE.value: N_("Score"),
        OperationKind.ENGRAVE.value: N_("Engrave the line"),
        OperationKind.FILL.value: N_("Engrave the area"),
        SKIP: N_("Leave out"),
    }
)
"""What lines may be for, and how a page says it."""

_MOST_GROUPS = 30
_MOST_SHEETS = 8
_SHEETS_LAST = timedelta(days=14)
_PICTURE = "drawing.picture-engraved"


@dataclass(frozen=True, slots=True)
class RepairCard:
    """One repair on a page.

    Attributes:
        has_pictures: it can be shown before and after.
    """

    id: str
    title: str
    is_done: bool
    has_pictures: bool


@dataclass(frozen=True, slots=True)
class LinesRow:
    """One group of lines on a page.

    Attributes:
        number: names its field in the form.
        note: how many there are, and how long together.
        value: what is done with it now.
    """

    number: int
    key: str
    colour: str
    name: str
    note: str
    value: str


@dataclass(frozen=True, slots=True)
class SheetRow:
    """An earlier job that may have been cut from the same sheet.

    Attributes:
        is_chosen: its owner said that it was.
    """

    job: Job
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """Everything that a page asks about a drawing.

    Attributes:
        sheets: earlier jobs on the same material, newest first.
        corner_mm: where its owner wants it, from the bed's front left corner.
    """

    offered: list[RepairCard]
    done: list[RepairCard]
    lines: list[LinesRow]
    meanings: Mapping[str, str]
    choices: DrawingChoices
    is_picture: bool
    width_mm: int
    sheets: list[SheetRow]
    corner_mm: Point | None


def deciding(services: Services, reader: Person, job: Job, language: str) -> Deciding | None:
    """Gather what a page asks; None where there is nothing to decide."""
    report = job.report
    if report is None or report.drawing is None:
        return None
    cards = [_card(repair, language) for repair in report.drawing.repairs]
    groups, choices = report.drawing.lines[:_MOST_GROUPS], choices_of(job.options)
    widths = [finding.facts.get("width") for finding in report.findings if finding.rule == _PICTURE]
    return Deciding(
        offered=[card for card in cards if not card.is_done],
        done=[card for card in cards if card.is_done],
        lines=[_row(number, group, language) for number, group in enumerate(groups)],
        meanings=MEANINGS,
        choices=choices,
        is_picture=report.file.kind is FileKind.IMAGE,
        width_mm=int(widths[0] or 0) if widths else 0,
        sheets=[
            SheetRow(each, each.id in job.options.get("sheet", []))
            for each in earlier_on_sheet(services, reader, job)
        ],
        corner_mm=_from_corner(services.settings.machines.get(job.machine_id), choices.at_mm),
    )


def earlier_on_sheet(services: Services, reader: Person, job: Job) -> list[Job]:
    """List jobs of the last days that may lie on the same sheet; of a trainee only their own."""
    since = services.clock.now() - _SHEETS_LAST
    owner_id = None if reader.may(Right.SEE_ALL) else reader.id
    made = services.jobs.made_on(job.machine_id, job.material_id or "", since, owner_id)
    return [each for each in made if _used_by(each) and each.id != job.id][:_MOST_SHEETS]


def sheet_answers(earlier: Sequence[Job], chosen: Sequence[str]) -> dict[str, Any]:
    """Give the answer that keeps a drawing off what earlier jobs have used of the sheet."""
    taken = [each for each in earlier if each.id in chosen]
    return {
        "sheet": [each.id for each in taken],
        "taken_mm": [list(box) for each in taken for box in _used_by(each)],
    }


def _from_corner(machine: Machine | None, at_mm: Point | None) -> Point | None:
    """Count from the bed's front left corner, as people do."""
    if machine is None or at_mm is None:
        return None
    return (at_mm[0] - machine.corner_mm[0], at_mm[1] - machine.corner_mm[1])


def _used_by(job: Job) -> tuple[Rectangle, ...]:
    return job.report.drawing.used_mm if job.report and job.report.drawing else ()


def meanings_of(job: Job, values: Sequence[str]) -> dict[str, str]:
    """Give the meanings of groups by their keys, from a form that has them in their order."""
    drawing = job.report.drawing if job.report else None
    groups = drawing.lines[:_MOST_GROUPS] if drawing else ()
    return {
        group.key: value
        for group, value in zip(groups, values, strict=False)
        # What was only guessed and is left as it is stays a guess.
        if value in MEANINGS and value != _value_of(group)
    }


def _card(repair: RepairShown, language: str) -> RepairCard:
    if repair.id == TURN:
        title = N_("It is turned now.") if repair.is_done else N_("Turn it")
    else:
        title = BY_ID[repair.id].done if repair.is_done else BY_ID[repair.id].title
    return RepairCard(repair.id, translate(title, language), repair.is_done, bool(repair.before))


def _row(number: int, group: LineGroup, language: str) -> LinesRow:
    metres = number_text(group.length_mm / MM_PER_M, language, 1)
    note = _counted(group, metres, language)
    name = group.layer if group.layer not in ("", "0") else translate(N_("Drawing"), language)
    return LinesRow(number, group.key, group.colour, name, note, _value_of(group))


def _counted(group: LineGroup, metres: str, language: str) -> str:
    """Say how many there are, and how long together."""
    match group.drawn:
        case Drawn.LINE:
            return translate_count(
                "{count} line, {length} m", "{count} lines, {length} m",
                group.count, language, length=metres,
            )  # fmt: skip
        case Drawn.FILL:
            return translate_count(
                "{count} area, {length} m", "{count} areas, {length} m",
                group.count, language, length=metres,
            )  # fmt: skip
        case Drawn.TEXT:
            return translate_count(
                "{count} letter, {length} m", "{count} letters, {length} m",
                group.count, language, length=metres,
            )  # fmt: skip


def _value_of(group: LineGroup) -> str:
    return group.operation.value if group.operation else SKIP
