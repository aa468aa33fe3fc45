"""How pages look to somebody: size of the text, contrast and colours, and whether they chose."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlite_utils import Database as Tables

from fablab_hub.core.clock import utc_text
from fablab_hub.core.db import Database


class TextSize(StrEnum):
    """How large words are."""

    NORMAL = "normal"
    LARGE = "large"
    VERY_LARGE = "very_large"


class Contrast(StrEnum):
    """How far words stand out from their ground."""

    NORMAL = "normal"
    STRONG = "strong"


class Colours(StrEnum):
    """Light or dark pages."""

    DEVICE = "device"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What somebody reads best."""

    text_size: TextSize = TextSize.NORMAL
    contrast: Contrast = Contrast.NORMAL
    colours: Colours = Colours.DEVICE


def look_text(look: Look) -> str:
    """Write a look as a cookie keeps it: `large.strong.dark`."""
    return f"{look.text_size}.{look.contrast}.{look.colours}"


def parse_look(text: str) -> Look:
    """Read what `look_text` wrote; anything else is the usual look."""
    try:
        size, contrast, colours = text.split(".")
        return Look(text_size=TextSize(size), contrast=Contrast(contrast), colours=Colours(colours))
    except ValueError:
        return Look()


def set_look(tables: Tables, person_id: str, look: Look) -> None:
    """Remember how somebody reads best."""
    tables.conn.execute(
        "UPDATE people SET text_size = ?, contrast = ?, colours = ? WHERE id = ?",
        (look.text_size.value, look.contrast.value, look.colours.value, person_id),
    )


def set_welcomed(tables: Tables, person_id: str, at: datetime) -> None:
    """Remember that somebody was asked how they read best; the first time counts."""
    tables.conn.execute(
        "UPDATE people SET welcomed_at = ? WHERE id = ? AND welcomed_at IS NULL",
        (utc_text(at), person_id),
    )


def is_welcomed(database: Database, person_id: str) -> bool:
    """Tell whether somebody was asked already how they read best."""
    row = database.read_one("SELECT welcomed_at FROM people WHERE id = ?", (person_id,))
    return row is None or row["welcomed_at"] is not None
