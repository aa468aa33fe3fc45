"""Pages that stay open: true again after a loss, silent while nobody looks, never in the way."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from fablab_hub.cli.options import demo_settings_path
from tests.journeys.conftest import PINS, Lab, wait_for

pytestmark = [pytest.mark.browser]

MANAGER = "Nolwenn Cadiou"
CAN_HIDE = """
    let shown = "visible";
    Object.defineProperty(Document.prototype, "visibilityState", { get: () => shown });
    window.become = (state) => {
      shown = state;
      document.dispatchEvent(new Event("visibilitychange"));
    };
"""
"""Plays the tab that goes behind another: a browser without a screen shows every tab."""


@dataclass
class Asked:
    """What an open page asked of the hub: parts, and the streams that are open now."""

    parts: list[str] = field(default_factory=list)
    streams: list[Request] = field(default_factory=list)

    def begin(self, request: Request) -> None:
        if "/live?" in request.url:
            self.streams.append(request)
        elif request.url.endswith("/etat"):
            self.parts.append(request.url)

    def end(self, request: Request) -> None:
        if request in self.streams:
            self.streams.remove(request)


@contextmanager
def staff_page(lab: Lab, chromium: Browser) -> Iterator[tuple[Page, Asked]]:
    """A manager's browser, signed in, in front of the workshop."""
    context = chromium.new_context(base_url=lab.address, locale="fr-FR", service_workers="block")
    context.add_init_script(CAN_HIDE)
    page, asked = context.new_page(), Asked()
    page.on("request", asked.begin)
    page.on("requestfinished", asked.end)
    page.on("requestfailed", asked.end)
    page.goto("/entrer")
    page.get_by_role("link", name=MANAGER).click()
    page.get_by_label("code").fill(PINS[MANAGER])
    page.get_by_role("button", name="Entrer").click()
    page.wait_for_url(re.compile("/atelier"))
    yield page, asked
    context.close()


def _wait(page: Page, what: str, is_so, within_s: float = 60):
    """Wait as `wait_for` does, and let the browser's events in meanwhile."""
    return wait_for(what, lambda: (page.evaluate("0"), is_so())[1], within_s)


def _note(lab: Lab, text: str) -> None:
    """Let something happen that every workshop page shows."""
    staff = lab.visitor(MANAGER)
    drawing = (demo_settings_path().parent / "demo_files" / "porte-cles-phare.dxf").read_bytes()
    answer = staff.send(
        drawing, "phare.dxf", machine_id="laser", material_id="plywood-3", title=text
    )
    assert answer.is_success, answer.text
    assert answer.json()["state"] in ("queued", "called")


def test_a_page_is_asked_again_only_when_something_happened(lab, chromium):
    with staff_page(lab, chromium) as (page, asked):
        page.goto("/atelier")
        _wait(page, "the stream is open", lambda: len(asked.streams) == 1)
        assert re.search(r"/live\?after=\d+&seen=[0-9a-f,]+$", asked.streams[-1].url)
        asked.parts.clear()

        _note(lab, "Trait du matin")
        expect(page.get_by_text("Trait du matin").first).to_be_visible(timeout=15_000)
        assert 1 <= len(asked.parts) <= 6, "a burst of lines is asked about once"


def test_a_hidden_page_gives_its_connection_back_and_misses_nothing(lab, chromium):
    with staff_page(lab, chromium) as (page, asked):
        page.goto("/atelier")
        _wait(page, "the stream is open", lambda: len(asked.streams) == 1)
        page.evaluate("become('hidden')")
        _wait(page, "the stream is closed", lambda: not asked.streams)
        before = len(asked.parts)

        _note(lab, "Trait caché")
        assert page.get_by_text("Trait caché").count() == 0
        assert len(asked.parts) == before

        page.evaluate("become('visible')")
        expect(page.get_by_text("Trait caché").first).to_be_visible(timeout=15_000)
        assert len(asked.streams) == 1


def test_ten_open_tabs_leave_the_hub_within_reach(lab, chromium):
    with staff_page(lab, chromium) as (page, _):
        tabs = [page.context.new_page() for _ in range(10)]
        for tab in tabs:
            tab.goto("/atelier")
            tab.evaluate("become('hidden')")

        page.goto("/a-valider", timeout=15_000)
        expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_page_of_another_build_loads_itself_again_once_nobody_writes(lab, chromium):
    def as_built_before(route: Route) -> None:
        answer = route.fetch()
        text = re.sub(r'data-build="[^"]+"', 'data-build="older"', answer.text())
        route.fulfill(response=answer, body=text)

    with staff_page(lab, chromium) as (page, _):
        page.route("**/atelier", as_built_before, times=1)
        page.goto("/atelier")

        expect(page.locator("meta[name=live]")).not_to_have_attribute(
            "data-build", "older", timeout=15_000
        )


def test_signed_out_elsewhere_the_page_leads_to_the_door(lab, chromium):
    with staff_page(lab, chromium) as (page, asked):
        page.goto("/atelier")
        _wait(page, "the stream is open", lambda: len(asked.streams) == 1)
        page.context.clear_cookies()
        page.evaluate("become('hidden')")
        page.evaluate("become('visible')")

        page.wait_for_url(re.compile("/entrer"), timeout=15_000)


def test_a_page_says_that_the_hub_is_gone_and_is_true_again_when_it_is_back(slow_lab, chromium):
    lab = slow_lab
    with staff_page(lab, chromium) as (page, asked):
        page.goto("/atelier")
        _wait(page, "the stream is open", lambda: len(asked.streams) == 1)
        banner = page.get_by_text("La page réessaie toute seule")
        expect(banner).to_be_hidden()

        lab.kill()
        expect(banner).to_be_visible(timeout=15_000)
        lab.start()
        expect(banner).to_be_hidden(timeout=60_000)
        _note(lab, "Trait d’après")

        expect(page.get_by_text("Trait d’après").first).to_be_visible(timeout=15_000)
