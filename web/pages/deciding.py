"""What the owner of a drawing may still decide: repairs, what lines are for, how it lies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from fablab_hub.core.i18n.words import N_, number_text, translate
from fablab_hub.core.materials import OperationKind
from fablab_hub.core.units import MM_PER_M
from jobs.drawing_choices import SKIP, DrawingChoices, choices_of
from jobs.geometry.path import Drawn
from jobs.repairs.table import BY_ID
from jobs.report import FileKind, RepairShown
from jobs.store import Job
from jobs.toolpath.groups import LineGroup

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

_DRAWN: Mapping[Drawn, str] = MappingProxyType(
    {Drawn.LINE: N_("lines"), Drawn.FILL: N_("areas"), Drawn.TEXT: N_("letters")}
)
_MOST_GROUPS = 30
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """Everything that a page asks about a drawing."""

    offered: list[RepairCard]
    done: list[RepairCard]
    lines: list[LinesRow]
    meanings: Mapping[str, str]
    choices: DrawingChoices
    is_picture: bool
    width_mm: int


def deciding(job: Job, language: str) -> Deciding | None:
    """Gather what a page asks; None where there is nothing to decide."""
    report = job.report
    if report is None or report.drawing is None:
        return None
    cards = [_card(repair, language) for repair in report.drawing.repairs]
    groups = report.drawing.lines[:_MOST_GROUPS]
    widths = [finding.facts.get("width") for finding in report.findings if finding.rule == _PICTURE]
    return Deciding(
        offered=[card for card in cards if not card.is_done],
        done=[card for card in cards if card.is_done],
        lines=[_row(number, group, language) for number, group in enumerate(groups)],
        meanings=MEANINGS,
        choices=choices_of(job.options),
        is_picture=report.file.kind is FileKind.IMAGE,
        width_mm=int(widths[0] or 0) if widths else 0,
    )


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
    kind = translate(_DRAWN[group.drawn], language)
    note = translate(
        N_("{count} {kind}, {length} m"), language, count=group.count, kind=kind, length=metres
    )
    name = group.layer if group.layer not in ("", "0") else translate(N_("Drawing"), language)
    return LinesRow(number, group.key, group.colour, name, note, _value_of(group))


def _value_of(group: LineGroup) -> str:
    return group.operation.value if group.operation else SKIP
