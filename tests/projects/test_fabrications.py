"""The owner's words: theirs alone, bounded, and never markup or control characters."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fablab_hub.core import journal
from fablab_hub.core.errors import FablabError, NotAllowedError, NotFoundError
from projects.fabrications import MAX_STORY, MAX_TITLE, clean_line, clean_text, tell_story

anyio = pytest.mark.anyio


async def _tell(lab, made, name="awa", title="Ma lampe", story="J’ai réussi."):
    await tell_story(
        lab.database, lab.people[name], made.id, title=title, story=story, clock=lab.clock
    )  # fmt: skip
    return lab.projects.read_fabrication(lab.people[name], made.id)


@anyio
async def test_the_owner_tells_what_they_made(lab):
    told = await _tell(lab, await lab.make(), story="Ligne 1\r\nLigne 2  ")
    assert (told.title, told.story) == ("Ma lampe", "Ligne 1\nLigne 2")


@anyio
async def test_telling_is_journalled_without_the_words(lab):
    made = await _tell(lab, await lab.make(), story="Un secret")
    line = journal.read_about(lab.database, f"fabrication:{made.id}")[-1]
    assert (line.verb, line.actor) == ("fabrication.tell", f"person:{lab.id_of('awa')}")
    assert "secret" not in str(line.data)


@anyio
async def test_staff_reads_a_story_but_does_not_write_it(lab):
    made = await lab.make()
    with pytest.raises(NotAllowedError, match=r"fabrication\.not-yours"):
        await _tell(lab, made, "chloe")
    with pytest.raises(NotFoundError):
        await _tell(lab, made, "ben")
    assert lab.projects.read_fabrication(lab.people["awa"], made.id).story == ""


@anyio
@pytest.mark.parametrize(
    ("title", "story", "field"),
    [
        ("", "x", "title"),
        (" \u200e\n ", "x", "title"),
        ("x" * (MAX_TITLE + 1), "x", "title"),
        ("x", "x" * (MAX_STORY + 1), "story"),
    ],
)
async def test_a_missing_title_or_a_text_too_long_is_said(lab, title, story, field):
    made = await lab.make()
    with pytest.raises(FablabError) as caught:
        await _tell(lab, made, title=title, story=story)
    assert (caught.value.code, caught.value.fields) == ("form.invalid", {"field": field})


@anyio
async def test_a_text_of_just_the_longest_length_is_kept(lab):
    told = await _tell(lab, await lab.make(), title="x" * MAX_TITLE, story="y" * MAX_STORY)
    assert (len(told.title), len(told.story)) == (MAX_TITLE, MAX_STORY)


@given(st.text())
@example("a\r\nb\rc")
@example("\u202egnp.exe")
@example("e\u0301")
@example("👍🏽 bravo")
def test_cleaning_twice_is_cleaning_once(text):
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert "\r" not in cleaned
    assert "\x00" not in cleaned
    assert "\u202e" not in cleaned
    assert "\n" not in clean_line(text)


@given(st.text(st.sampled_from("abcéœ’« »—!#*$👍"), max_size=40))
def test_letters_signs_and_emoji_stay(text):
    assert clean_text(text) == text.strip()
