"""Hard words on pages explain themselves, and texts can be listened to."""

import re
from pathlib import Path

import pytest

from fablab_hub.core.i18n.glossary import GLOSSARY
from fablab_hub.core.i18n.words import translate
from tests.web.reading import HTML
from web import rendering
from web.pages.help import words_in_order

pytestmark = pytest.mark.anyio

TEMPLATES = Path(rendering.__file__).parent / "templates"


def _used() -> set[str]:
    """The ids in `term("…")` and in the lists of `terms([…])`."""
    found: set[str] = set()
    for path in TEMPLATES.rglob("*.html"):
        for call in re.findall(r"\{\{ (?:term|terms)\((.*?)\) \}\}", path.read_text()):
            lists = " ".join(re.findall(r"\[.*?\]", call)) or call
            found |= set(re.findall(r"\"([a-z0-9-]+)\"", lists))
    return found


def test_at_least_fifteen_words_are_explained_where_they_stand():
    assert len(_used() & set(GLOSSARY)) >= 15
    assert _used() <= set(GLOSSARY)


async def test_the_help_page_lists_the_whole_glossary_in_the_readers_order(lab):
    async with lab.browser() as browser:
        for language in ("en", "fr"):
            answer = await browser.get("/aide", headers={**HTML, "Accept-Language": language})
            shown = re.findall(r"id=\"word-([a-z0-9-]+)\"", answer.text)
            assert sorted(shown) == sorted(GLOSSARY)
            assert shown == [term.id for term in words_in_order(language)]
            assert "{" not in answer.text


def test_accents_do_not_move_a_word():
    names = [translate(term.name, "fr") for term in words_in_order("fr")]
    assert names.index("Couper") < names.index("Épaisseur") < names.index("Fabrication")


async def test_a_word_opens_without_javascript_and_says_what_it_is(lab):
    async with lab.browser() as browser:
        answer = await browser.get("/entrer", params={"qui": lab.people["awa"].id}, headers=HTML)

    details = re.search(r"<details class=\"term\">.*?</details>", answer.text, re.DOTALL)[0]
    assert "<summary>" in details
    assert "What is it?" in details
    assert "A secret number." in details


@pytest.mark.parametrize("path", ["/aide", "/nowhere"])
async def test_every_listen_button_names_an_element_of_its_page_that_holds_no_button(lab, path):
    async with lab.browser() as browser:
        answer = await browser.get(path, headers=HTML)

    named = re.findall(r"data-aloud=\"([^\"]+)\"", answer.text)
    assert named
    assert len(named) == len(set(named))
    for id_ in named:
        assert answer.text.count(f'id="{id_}"') == 1
