"""Every page, zoomed in, spread out, at rest, and under a thumb: nothing is lost."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.a11y.scenes import scenes
from tests.a11y.walk import Visit, go_to, groups, open_window
from tests.journeys.guard import Guard

pytestmark = [pytest.mark.browser]

LAYOUT = (Path(__file__).parent / "layout.js").read_text(encoding="utf-8")
NARROW_PX = 320
"""A window of 1280 px, zoomed to 400 % (WCAG 1.4.10)."""
THUMB_PX = 44
_ALL_QUESTIONS = """() => {
  const forms = document.querySelectorAll(".is-stepping");
  for (const form of forms) form.classList.remove("is-stepping");
}"""
"""A phone asks one question at a time; put away, they are not lost."""


def _ask(page: Page, question: str, argument: Any = None) -> Any:
    return page.evaluate(f"(argument) => ({LAYOUT}).{question}(argument)", argument)


def _losses(page: Page) -> list[str]:
    """Look at an open page in each of the ways; gives what is wrong."""
    _resize(page, 1280)
    wide = set(_ask(page, "texts"))
    found = [*_ask(page, "moving"), *_ask(page, "small", THUMB_PX)]
    _resize(page, NARROW_PX)
    page.evaluate(_ALL_QUESTIONS)
    found += [f"is lost at 320 px: {text}" for text in wide - set(_ask(page, "texts"))]
    found += [*_ask(page, "sideways"), *_ask(page, "clipped"), *_ask(page, "small", THUMB_PX)]
    _ask(page, "spread")
    _ask(page, "settle", NARROW_PX)
    found += [f"spread: {loss}" for loss in (*_ask(page, "sideways"), *_ask(page, "clipped"))]
    return found


def _resize(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    _ask(page, "settle", width)


def test_no_page_loses_anything(stage, pages, chromium):
    visits = [
        Visit(address, {"role": address.roles[0], "language": "fr"})
        for address in [*pages, *scenes(stage)]
        if not address.is_running
    ]
    faults = []
    for (language, role, _), same in groups(visits):
        context = open_window(stage, chromium, role, language)
        guard = Guard()
        guard.watch(context, stage.lab.address)
        page = context.new_page()
        for visit in same:
            go_to(page, guard, visit.address)
            faults += [f"{visit.address.name} {loss}" for loss in _losses(page)]
        context.close()
    assert not faults, "\n".join(faults)


def test_each_loss_is_seen(stage, chromium):
    page = chromium.new_page()
    page.goto(f"{stage.lab.address}/entrer")
    page.evaluate(
        """() => {
          const word = document.querySelector("h1");
          word.style.cssText = "overflow: hidden; height: 9px; width: 9px; white-space: nowrap";
          document.querySelector("button").style.cssText = "min-height: 0; height: 9px";
          document.body.animate({ opacity: [1, 0] }, 60000);
          document.querySelector("main p").style.marginInlineStart = "50rem";
        }"""
    )
    faults = "\n".join(_losses(page))
    page.close()
    for loss in ("cuts its words off: <h1", "is small", "moves", "scrolls sideways at 320 px"):
        assert loss in faults
