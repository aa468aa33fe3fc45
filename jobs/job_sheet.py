"""The sheet of a job on paper: what it is, its picture, its order, its remarks, what to tick."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from fablab_hub.core.typeset import typeset
from jobs.picture_print import mm_per_point, with_scaled_widths

_TEMPLATE = Path(__file__).with_name("job_sheet.typ")
_WIDE_PT = 480.0
"""Of a picture on the page; a point is about the pixel that widths are given in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSheet:
    """The words of a sheet, in the reader's language.

    Attributes:
        kind: what such a sheet is called.
        facts: names and values.
        remarks: title, sentence and remedy of each finding, in the order of their numbers.
        ticks: what is looked at before the start.
        headings: of the parts: remarks, order, ticks.
        alts: what the two pictures show, for those who cannot see them.
    """

    language: str
    title: str
    kind: str
    lab: str
    facts: Sequence[tuple[str, str]]
    remarks: Sequence[tuple[str, str, str]]
    ticks: Sequence[str]
    headings: tuple[str, str, str]
    alts: tuple[str, str]


def make_job_sheet(
    sheet: JobSheet, picture: str | None, order: str | None, timestamp: int
) -> bytes:
    """Write a sheet as PDF/UA-1 and PDF/A-2a.

    Args:
        sheet: its words.
        picture: of the part on the bed, as `draw_picture` makes it.
        order: the still of `picture_order.draw_order`.
        timestamp: date of the document, seconds since 1970.

    Raises:
        FablabError: it could not be made (`job.sheet-failed`).
    """
    with tempfile.TemporaryDirectory(prefix="sheet-") as name:
        folder = Path(name)
        (folder / _TEMPLATE.name).write_bytes(_TEMPLATE.read_bytes())
        for file, drawn in (("part.svg", picture), ("order.svg", order)):
            if drawn:
                # Typst does not keep widths steady while it scales a picture.
                steady = with_scaled_widths(drawn, mm_per_point(drawn, _WIDE_PT))
                (folder / file).write_text(steady, encoding="utf-8")
        words = asdict(sheet) | {"has_picture": bool(picture), "has_order": bool(order)}
        data = json.dumps(words, ensure_ascii=False)
        return typeset(folder, _TEMPLATE.name, data, timestamp, "job.sheet-failed")
