"""Words that explain themselves and texts read aloud, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Lab

pytestmark = [pytest.mark.browser]

VOICE = """
window.said = [];
window.cancelled = 0;
class Utterance { constructor(text) { this.text = text; } }
const voice = {
  speak: (utterance) => window.said.push(utterance),
  cancel: () => { window.cancelled += 1; },
};
Object.defineProperty(window, "SpeechSynthesisUtterance", { value: Utterance });
Object.defineProperty(window, "speechSynthesis", { value: voice });
"""
"""A voice that only notes what it is asked to say: a workshop's computer may have none."""

NO_VOICE = """
Object.defineProperty(window, "speechSynthesis", { value: undefined });
"""


@pytest.fixture
def page(lab: Lab, chromium: Browser) -> Iterator[Page]:
    """A phone's browser, not signed in."""
    context = chromium.new_context(
        base_url=lab.address, locale="fr-FR", viewport={"width": 360, "height": 740}
    )
    yield context.new_page()
    context.close()


def _said(page: Page) -> list[str]:
    return page.evaluate("window.said.map((utterance) => utterance.text)")


def test_a_section_is_read_in_the_language_of_the_page_sentence_by_sentence(page):
    page.add_init_script(VOICE)
    page.goto("/aide")
    button = page.locator("[data-aloud=help-danger]")
    expect(button).to_have_text("Écouter")
    button.click()

    expect(button).to_have_attribute("aria-pressed", "true")
    assert _said(page)[-3:] == [
        "Appuie sur le bouton rouge de la machine.",
        "Appelle un formateur.",
        "L’écran vient après.",
    ]
    assert set(page.evaluate("window.said.map((utterance) => utterance.lang)")) == {"fr"}


def test_a_second_press_stops_and_the_end_of_the_text_frees_the_button(page):
    page.add_init_script(VOICE)
    page.goto("/aide")
    button = page.locator("[data-aloud=help-stuck]")
    button.click()
    before = page.evaluate("window.cancelled")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("window.cancelled") == before + 1

    button.click()
    page.evaluate("window.said[0].onend?.()")
    expect(button).to_have_attribute("aria-pressed", "true")
    page.evaluate("window.said.at(-1).onend()")
    expect(button).to_have_attribute("aria-pressed", "false")


def test_another_text_takes_the_voice_over(page):
    page.add_init_script(VOICE)
    page.goto("/aide")
    first, second = (page.locator(f"[data-aloud={id_}]") for id_ in ("help-way", "word-kerf"))
    first.click()
    end_of_first = page.evaluate_handle("window.said.at(-1)")
    second.click()

    expect(first).to_have_attribute("aria-pressed", "false")
    expect(second).to_have_attribute("aria-pressed", "true")
    end_of_first.evaluate("(utterance) => utterance.onend()")
    expect(second).to_have_attribute("aria-pressed", "true")


def test_an_error_can_be_listened_to_in_its_four_parts(page):
    page.add_init_script(VOICE)
    page.goto("/nulle-part")
    page.locator("[data-aloud=problem]").click()

    assert _said(page) == [
        "Il n’y a rien à cette adresse, ou ce n’est pas à toi.",
        "Rien n’est cassé.",
        "Retourne à la page d’accueil.",
        "Un formateur peut t’aider.",
    ]


def test_without_a_voice_there_is_no_button(page):
    page.add_init_script(NO_VOICE)
    page.goto("/aide")
    expect(page.get_by_role("heading", name="Aide", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Écouter")).to_have_count(0)


def test_a_word_opens_by_keyboard_and_can_be_pressed_with_a_thumb(page):
    page.goto("/entrer")
    page.get_by_role("link", name="Léa Le Goff").click()
    word = page.locator("details.term summary")
    box = word.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    expect(page.get_by_text("Un nombre secret.")).not_to_be_visible()
    word.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Un nombre secret.")).to_be_visible()


def test_a_page_with_words_open_fits_a_small_phone(page):
    page.set_viewport_size({"width": 320, "height": 640})
    page.add_init_script(VOICE)
    for path in ("/aide", "/nulle-part"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.goto("/entrer")
    page.get_by_role("link", name="Léa Le Goff").click()
    page.locator("details.term summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
