"""A third language is one catalogue file, and nothing else."""

import shutil
from datetime import UTC, datetime

import pytest

from fablab_hub.core.i18n import words
from fablab_hub.core.i18n.words import (
    date_text,
    duration_text,
    language_name,
    languages,
    list_text,
    moment_text,
    number_text,
    translate,
    translate_count,
)
from tests.web.reading import HTML, text_of
from web.rendering import environment

pytestmark = pytest.mark.anyio

BRETON = """
msgid ""
msgstr ""
"Language: br\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=3; plural=(n % 10 == 1 ? 0 : n % 10 == 2 ? 1 : 2);\\n"

msgid "Help"
msgstr "Skoazell"

msgid "{count} fabrication"
msgid_plural "{count} fabrications"
msgstr[0] "{count} dra"
msgstr[1] "{count} zra"
msgstr[2] "{count} a draoù"
"""
AT = datetime(2026, 9, 30, 22, 30, tzinfo=UTC)
ZONE = "Europe/Paris"
CACHED = (languages, language_name, words._catalogue, environment)


def _forget() -> None:
    for function in CACHED:
        function.cache_clear()


@pytest.fixture
def breton(tmp_path, monkeypatch):
    """The catalogues of the hub and a small Breton one."""
    for path in words.FOLDER.glob("*.po"):
        shutil.copy(path, tmp_path)
    (tmp_path / "br.po").write_text(BRETON.lstrip(), encoding="utf-8")
    monkeypatch.setattr(words, "FOLDER", tmp_path)
    _forget()
    yield "br"
    monkeypatch.undo()
    _forget()


async def test_it_is_offered_on_a_page_under_its_own_name_and_can_be_chosen(lab, breton):
    async with lab.browser() as browser:
        door = await browser.get("/entrer", headers=HTML)
        assert "Brezhoneg" in text_of(door)
        chosen = await browser.post("/langue", data={"langue": "br", "vers": "/aide"}, headers=HTML)
        page = await browser.get("/aide", headers=HTML)

    assert chosen.status_code == 303
    assert '<html lang="br">' in page.text
    assert "<h1>Skoazell</h1>" in page.text


async def test_its_sentences_are_used_and_english_where_it_has_none(lab, breton):
    async with lab.browser() as browser:
        page = await browser.get("/aide", headers={**HTML, "Accept-Language": "br"})

    assert "<h1>Skoazell</h1>" in page.text
    assert "From your file to your object" in page.text


async def test_somebody_who_is_signed_in_keeps_it(lab, breton):
    async with lab.browser("awa") as browser:
        key = (await browser.get("/api/v1/session")).json()["form_key"]
        await browser.post(
            "/langue", data={"langue": "br", "vers": "/", "form_key": key}, headers=HTML
        )
        page = await browser.get("/reglages", headers=HTML)

    assert '<html lang="br">' in page.text


def test_its_plurals_follow_its_own_rule(breton):
    said = [
        translate_count("{count} fabrication", "{count} fabrications", count, breton)
        for count in (1, 2, 3, 21, 22)
    ]
    assert said == ["1 dra", "2 zra", "3 a draoù", "21 dra", "22 zra"]


def test_a_plural_that_it_lacks_is_said_in_english(breton):
    assert translate_count("{count} job waits", "{count} jobs wait", 2, breton) == "2 jobs wait"


def test_numbers_dates_and_lists_are_in_its_manner(breton):
    assert number_text(1.5, breton) == "1,5"
    assert translate("{length} m", breton, length=1.25) == "1,25 m"
    assert date_text(AT, breton, ZONE) == "1 Here 2026"
    assert moment_text(AT, breton, ZONE, "yMMMM") == "Here 2026"
    assert moment_text(AT, breton, ZONE, "Hm") == "00:30"
    assert duration_text(7500, breton) == "2\xa0h 5\xa0min"
    assert list_text(["a", "b", "c"], breton) == "a, b ha c"


def test_without_its_catalogue_it_is_not_offered():
    assert "br" not in languages()
    assert set(languages()) == {"en", "fr"}


@pytest.mark.parametrize(("language", "name"), [("fr", "Français"), ("en", "English")])
def test_the_hubs_own_languages_have_their_names(language, name):
    assert language_name(language) == name
