"""The wall on real screens: everything is seen at once, with few machines and with many."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PINS

pytestmark = [pytest.mark.browser]

STAFF = "Soizic Le Bris"
SCREENS = [(1280, 720), (1920, 1080), (1920, 1200), (2560, 1440), (3840, 2160)]
SHOW = """(count) => {
  const list = document.querySelector(".wall__machines");
  list.parentElement.removeAttribute("data-live");
  const cards = [...list.children];
  while (list.children.length > count) list.lastElementChild.remove();
  for (let at = 0; list.children.length < count; at += 1) {
    const card = cards[at % cards.length].cloneNode(true);
    card.querySelector("h2").textContent = "Imprimante à résine numéro " + at;
    list.append(card);
  }
  list.dataset.count = count;
}"""
LOST = """() => [...document.querySelectorAll(".wall__now > *, .wall__head, .wall__next")]
  .filter((part) => {
    const box = part.getBoundingClientRect();
    const card = part.closest(".wall__machine").getBoundingClientRect();
    return box.bottom > card.bottom + 1 || box.right > card.right + 1 || box.height < 8;
  }).map((part) => part.textContent.trim())"""
OVERLAPS = """() => [...document.querySelectorAll(".wall__now")]
  .filter((now) => now.scrollHeight > now.clientHeight + 1).map((now) => now.textContent)"""
SCROLLS = """() => {
  const { scrollHeight, clientHeight, scrollWidth, clientWidth } = document.documentElement;
  return scrollHeight > clientHeight || scrollWidth > clientWidth;
}"""


def test_all_machines_are_seen_at_once_on_every_screen(lab, chromium):
    context = chromium.new_context(base_url=lab.address, locale="fr-FR")
    page = context.new_page()
    page.goto("/entrer")
    page.get_by_role("link", name=STAFF).click()
    page.get_by_label("code").fill(PINS[STAFF])
    page.get_by_role("button", name="Entrer").click()
    page.wait_for_url(re.compile("/atelier"))
    staff = lab.visitor(STAFF)
    waiting = [job for job in staff.get("/jobs?of=everybody") if job["machine_id"] == "ender"]
    lab.start_job(staff, STAFF, waiting[0])
    page.route("**/live*", lambda _: None)  # without news the wall stays as it is set below
    page.goto("/wall")
    expect(page.locator(".wall__machine--busy .wall__end")).to_be_visible(timeout=30_000)
    expect(page.locator("[data-clock]")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    assert page.get_by_role("link").count() == page.get_by_role("button").count() == 0

    wrong = {}
    for count in (3, 4, 5, 6, 8, 2):
        page.evaluate(SHOW, count)
        for width, height in SCREENS:
            page.set_viewport_size({"width": width, "height": height})
            found = page.evaluate(LOST) + page.evaluate(OVERLAPS)
            if page.evaluate(SCROLLS) or found:
                wrong[count, width, height] = found
    assert page.locator(".wall__machine").count() == count
    context.close()
    assert wrong == {}
