"""The main job with the keys alone: Tab, the arrows, Enter, Space, and typing."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.a11y.stage import drawing
from tests.journeys.conftest import PINS, fr, wait_for
from tests.journeys.keyboard import Keys

pytestmark = [pytest.mark.browser]

NAME = "Léa Le Goff"
DRAWING = {"name": "plaque.dxf", "mimeType": "image/vnd.dxf"}


@pytest.mark.parametrize("width", [360, 1280])
def test_a_job_is_sent_and_started_with_the_keys_alone(lab, window, width):
    lab.empty_queue(lab.visitor("Nolwenn Cadiou"), "laser")
    with window.open(lab, width=width) as page:
        keys = Keys(page)
        _come_in(keys)
        _send(keys)
        _start(keys)
        _hold_and_stop(keys, lab)
        assert keys.stops > 30


def test_the_first_stop_leads_past_the_menu(lab, window):
    with window.open(lab, NAME) as page:
        page.goto("/projets")
        keys = Keys(page)
        keys.press("Tab")
        expect(page.locator("a.skip")).to_be_focused()
        page.keyboard.press("Enter")
        keys.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_hidden_or_covered_focus_is_seen_by_the_test_itself(lab, window):
    with window.open(lab, NAME) as page:
        page.goto("/projets")
        keys = Keys(page)
        page.evaluate("document.querySelector('main a').focus()")
        page.evaluate("document.querySelector('main a').style.outline = 'none'")
        with pytest.raises(AssertionError, match="no outline shows"):
            keys.judge()
        page.evaluate("document.querySelector('main a').style.outline = '3px solid'")
        keys.judge()
        page.evaluate(
            """() => {
              const bar = document.querySelector(".tabs");
              bar.style.position = "fixed";
              bar.style.inset = "0";
            }"""
        )
        with pytest.raises(AssertionError, match="covers the focus"):
            keys.judge()


def _come_in(keys: Keys) -> None:
    page = keys.page
    page.goto("/entrer")
    keys.tab_to(page.get_by_role("searchbox"))
    keys.type("lea")
    keys.tab_to(page.get_by_role("link", name=NAME))
    page.keyboard.press("Enter")
    pin = page.locator("input[name=pin]")
    expect(pin).to_be_focused()
    keys.judge()
    keys.type(PINS[NAME])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(NAME)


def _send(keys: Keys) -> None:
    page = keys.page
    keys.tab_to(page.locator("main a[href='/fabriquer']").first)
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")
    keys.tab_to(page.locator("input[name=file]"))
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(files=[{**DRAWING, "buffer": drawing(390, 250, holes=60)}])
    _next_question(keys)
    keys.choose("machine_id", "laser")
    _next_question(keys)
    keys.choose("material_id", "plywood-3")
    _next_question(keys)
    keys.tab_to(page.locator("input[name=title]"))
    page.keyboard.press("ControlOrMeta+a")
    keys.type("Plaque au clavier")
    keys.tab_to(page.get_by_role("button", name=fr("Check my file")))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/travaux/"))


def _next_question(keys: Keys) -> None:
    """Go on, where a phone asks one question at a time."""
    button = keys.page.locator("[data-steps-next]")
    if button.is_visible():
        keys.tab_to(button)
        keys.page.keyboard.press("Enter")


def _start(keys: Keys) -> None:
    page = keys.page
    keys.tab_to(page.get_by_role("link", name=fr("I am at the machine")))
    page.keyboard.press("Enter")
    start = page.get_by_role("button", name=fr("Start the machine"))
    expect(start).to_be_visible(timeout=30_000)
    for tick in page.locator("input[name=ticked]").all():
        keys.tab_to(tick)
        page.keyboard.press("Space")
        expect(tick).to_be_checked()
    _choose_starter(keys)
    keys.tab_to(page.locator("input[name=pin]"))
    keys.type(PINS[NAME])
    keys.tab_to(start)
    page.keyboard.press("Enter")


def _choose_starter(keys: Keys) -> None:
    mine = keys.page.locator("label.choice", has_text=NAME).locator("input")
    keys.choose("person_id", str(mine.get_attribute("value")))


def _hold_and_stop(keys: Keys, lab) -> None:
    page: Page = keys.page
    wait_for("the beam is on", lambda: lab.board("laser").get("beam", 0) > 0)
    keys.tab_to(page.get_by_role("button", name="Pause", exact=True))
    page.keyboard.press("Enter")
    go_on = page.get_by_role("button", name=fr("Go on"))
    expect(go_on).to_be_visible(timeout=15_000)
    keys.tab_to(go_on, "Shift+Tab")
    page.keyboard.press("Space")
    wait_for("the beam is on again", lambda: lab.board("laser").get("beam", 0) > 0)
    keys.tab_to(page.get_by_role("main").get_by_role("button", name=fr("Stop"), exact=True))
    page.keyboard.press("Enter")
    empty = page.get_by_role("button", name=fr("The bed is empty"))
    expect(empty).to_be_visible(timeout=30_000)
    keys.tab_to(empty)
    page.keyboard.press("Enter")
    expect(empty).not_to_be_visible()
