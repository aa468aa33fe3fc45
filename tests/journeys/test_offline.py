"""A browser whose hub is gone: it says what still works, and comes back by itself."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import PINS, Lab

pytestmark = [pytest.mark.browser]

TRAINEE = "Léa Le Goff"
SENTENCE = "Tu n’as rien fait de mal."
KEPT = """async () => {
  const kept = {};
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) {
      const answer = await caches.match(request);
      kept[new URL(request.url).pathname + new URL(request.url).search] = await answer.text();
    }
  }
  return kept;
}"""
HAS_LETTERS = """document.fonts.ready.then(
  (fonts) => [...fonts].some((font) => font.status === "loaded"))"""
IS_AT_WORK = """new Promise((done) => {
  const worker = navigator.serviceWorker;
  if (worker.controller) done();
  else worker.addEventListener("controllerchange", done);
}).then(() => true)"""


@contextmanager
def trainee_page(lab: Lab, chromium: Browser) -> Iterator[Page]:
    """A trainee's browser, signed in, whose service worker is at work."""
    context = chromium.new_context(base_url=lab.address, locale="fr-FR")
    page = context.new_page()
    page.goto("/entrer")
    assert page.evaluate(IS_AT_WORK)
    page.get_by_role("link", name=TRAINEE).click()
    page.get_by_label("code").fill(PINS[TRAINEE])
    page.get_by_role("button", name="Entrer").click()
    expect(page).not_to_have_url(re.compile("/entrer"))
    yield page
    context.close()


def test_without_the_hub_a_page_says_so_and_comes_back_by_itself(slow_lab, chromium):
    lab = slow_lab
    with trainee_page(lab, chromium) as page:
        page.goto("/projets")
        lab.kill()

        page.goto("/fabriquer")
        expect(page.get_by_role("heading", level=1)).to_have_text("Pas de lien avec l’atelier")
        expect(page.get_by_text(SENTENCE)).to_be_visible()
        expect(page.get_by_text("bouton rouge")).to_be_visible()
        assert page.evaluate(HAS_LETTERS), "dressed as every page"
        assert page.get_by_text("Léa").count() == 0

        lab.start()
        expect(page.locator("input[name=file]")).to_be_attached(timeout=30_000)
        assert page.url == f"{lab.address}/fabriquer"


def test_a_form_that_met_no_hub_is_not_sent_again_by_itself(slow_lab, chromium):
    lab = slow_lab
    with trainee_page(lab, chromium) as page:
        page.goto("/reglages")
        lab.kill()

        page.get_by_role("button", name="English").first.click()
        page.wait_for_url(re.compile("/hors-ligne"))
        expect(page.get_by_text(SENTENCE)).to_be_visible()

        lab.start()
        page.wait_for_url(f"{lab.address}/reglages", timeout=30_000)
        assert page.locator("html").get_attribute("lang") == "fr"


def test_nothing_of_anybody_is_kept_in_the_browser(lab, chromium):
    with trainee_page(lab, chromium) as page:
        for path in ("/", "/projets", "/reglages", "/fabriquer"):
            page.goto(path)
        kept = page.evaluate(KEPT)

    pages = {path for path in kept if not path.startswith("/static/")}
    assert pages == {"/hors-ligne?langue=fr", "/hors-ligne?langue=en", "/hors-ligne/langue"}
    assert not any("Léa" in text for text in kept.values())
    assert kept["/hors-ligne/langue"] == "fr"
