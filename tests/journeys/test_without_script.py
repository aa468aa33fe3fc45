"""The whole main job in browsers without JavaScript: nothing that matters stands on a script."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.a11y.stage import drawing
from tests.journeys.conftest import PINS, fr, sign_in, wait_for

pytestmark = [pytest.mark.browser]

OWNER = "Karim Benali"
MANAGER = "Nolwenn Cadiou"


def test_language_and_door_work_without_a_script(lab, window):
    with window.open(lab, java_script_enabled=False) as page:
        page.goto("/entrer")
        page.get_by_role("button", name="English").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Hello! Who are you?")
        page.get_by_role("button", name="Français").click()
        page.get_by_label(fr("Look for my name")).fill("karim")
        page.keyboard.press("Enter")
        expect(page.locator("a.person")).to_have_count(1)
        sign_in(page, OWNER)
        page.goto("/reglages")
        page.get_by_role("button", name="English").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("My settings")
        page.get_by_role("button", name="Français").click()
        page.get_by_role("button", name=fr("Sign out")).click()
        expect(page).to_have_url(re.compile("/entrer"))
        page.goto("/projets")
        expect(page).to_have_url(re.compile(r"/entrer\?vers=/projets"))


def test_a_job_goes_from_file_to_story_without_a_script(lab, window):
    lab.empty_queue(lab.visitor(MANAGER), "laser")
    with (
        window.open(lab, OWNER, java_script_enabled=False) as page,
        window.open(lab, MANAGER, 1280, java_script_enabled=False) as desk,
    ):
        job = _submit(page)
        desk.goto("/a-valider")
        card = desk.locator("article", has_text="Support de lampe")
        card.get_by_role("button", name=fr("Accept")).click()
        expect(card).to_have_count(0)
        _start(page, job)
        _hold_and_stop(page, lab)
        page.goto(job)
        _reload_until(page, page.get_by_role("link", name=fr("Tell how I made it"))).click()
        page.locator("textarea[name=story]").fill("Je l’ai arrêté : la plaque avait bougé.")
        page.get_by_role("button", name=fr("Keep my story")).click()
        expect(page.get_by_role("status").first).to_contain_text(fr("It is saved."))
        expect(page.locator("textarea[name=story]")).to_have_value(re.compile("avait bougé"))


def _submit(page: Page) -> str:
    page.goto("/fabriquer")
    file = {"name": "lampe.dxf", "mimeType": "image/vnd.dxf", "buffer": drawing(390, 250, holes=60)}
    page.locator("input[name=file]").set_input_files(files=[file])
    page.locator("label.choice", has=page.locator("input[value=laser]")).click()
    page.locator("label.choice", has=page.locator("input[value=mdf-3]")).click()
    page.locator("input[name=title]").fill("Support de lampe")
    page.get_by_role("button", name=fr("Check my file")).click()
    page.wait_for_url(re.compile("/travaux/"))
    _reload_until(page, page.get_by_role("heading", name=fr("A manager looks at your file")))
    return page.url


def _start(page: Page, job: str) -> None:
    page.goto(job)
    _reload_until(page, page.get_by_role("link", name=fr("I am at the machine"))).click()
    start = _reload_until(page, page.get_by_role("button", name=fr("Start the machine")))
    for tick in page.locator("label.tick").all():
        tick.click()
    page.locator("label.choice", has_text=OWNER).click()
    page.locator("input[name=pin]").fill(PINS[OWNER])
    start.click()


def _hold_and_stop(page: Page, lab) -> None:
    wait_for("the beam is on", lambda: lab.board("laser").get("beam", 0) > 0)
    _reload_until(page, page.get_by_role("button", name="Pause")).click()
    go_on = _reload_until(page, page.get_by_role("button", name=fr("Go on")))
    assert lab.board("laser")["beam"] == 0
    go_on.click()
    wait_for("the beam is on again", lambda: lab.board("laser").get("beam", 0) > 0)
    _reload_until(
        page, page.get_by_role("main").get_by_role("button", name=fr("Stop"), exact=True)
    ).click()
    _reload_until(page, page.get_by_role("button", name=fr("The bed is empty"))).click()
    assert lab.board("laser")["beam"] == 0


def _reload_until(page: Page, wanted: Locator) -> Locator:
    """Press "reload" until something is there, as somebody without a script has to."""

    def look() -> bool:
        if wanted.first.is_visible():
            return True
        page.reload()
        return wanted.first.is_visible()

    wait_for(f"{wanted} is shown", look)
    return wanted.first
