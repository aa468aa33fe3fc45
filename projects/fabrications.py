"""The story of a fabrication: what its owner says about it."""

import unicodedata

from sqlite_utils import Database as Tables

from fablab_hub.core import journal
from fablab_hub.core.clock import Clock, utc_text
from fablab_hub.core.db import Database
from fablab_hub.core.errors import FablabError, NotAllowedError
from fablab_hub.core.people import Person
from projects.store import ProjectStore

MAX_TITLE = 200
"""Letters of a title."""
MAX_STORY = 10_000
"""Letters of a story: about four pages."""


async def tell_story(
    database: Database, person: Person, fabrication_id: str, *, title: str, story: str, clock: Clock
) -> None:
    """Write the owner's title and story; nobody else's words ever stand there.

    Args:
        database: open for writing.
        person: who tells it.
        fabrication_id: of what.
        title: 1 to `MAX_TITLE` letters, without the spaces around it.
        story: up to `MAX_STORY` letters; lines are kept.
        clock: dates the change.

    Raises:
        FablabError: `form.invalid`, the title is missing or one of them is too long.
        NotAllowedError: it is somebody else's.
        NotFoundError: there is no such fabrication, or not for this person.
    """
    made = ProjectStore(database).read_fabrication(person, fabrication_id)
    if made.owner_id != person.id:
        raise NotAllowedError("fabrication.not-yours")
    title, story = clean_line(title), clean_text(story)
    if not 1 <= len(title) <= MAX_TITLE:
        raise FablabError("form.invalid", field="title")
    if len(story) > MAX_STORY:
        raise FablabError("form.invalid", field="story")
    now = clock.now()

    def act(tables: Tables) -> None:
        tables.table("fabrications").update(
            made.id, {"title": title, "story": story, "updated_at": utc_text(now)}
        )
        # The words stay out of the journal: it is never erased, and they are about a person.
        facts = {"title_letters": len(title), "story_letters": len(story)}
        journal.append(
            tables, now, journal.person(person.id), "fabrication.tell",
            f"fabrication:{made.id}", facts,
        )  # fmt: skip

    await database.write(act)


def clean_line(text: str) -> str:
    """Make one line of what somebody typed: no control characters, single spaces."""
    return " ".join(clean_text(text).split())


def clean_text(text: str) -> str:
    """Keep what somebody typed, without control characters and the spaces around it.

    Line ends become newlines. Characters that Unicode calls controls, surrogates, private or
    unassigned are removed, and marks that turn the direction of the text around.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = (letter for letter in lines if letter == "\n" or _is_printable(letter))
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def _is_printable(letter: str) -> bool:
    return unicodedata.category(letter) not in ("Cc", "Cs", "Cn", "Co") and letter not in _TURNING


_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\ufeff")
"""Marks that change the direction of what follows (Unicode TR9)."""
