"""The pages around the door in a real browser: they fit a phone, and a finger."""

import pytest

from tests.web.test_browsing import WIDTHS, anyio_backend, chromium, open_page, pytestmark

__all__ = ["anyio_backend", "chromium", "pytestmark"]

SMALL = """() => [...document.querySelectorAll("button, .btn, .choice, .tick, .person, .input")]
    .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44)
    .map(e => e.outerHTML)"""


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    ("name", "paths"),
    [
        (None, ["/entrer/badge", "/bienvenue"]),
        ("awa", ["/bienvenue", "/reglages/code", "/reglages"]),
        ("eli", ["/personnes/ajouter", "/personnes/{awa}/acces", "/personnes/{awa}/badge",
                 "/reglages/phrase", "/bornes"]),
    ],
)  # fmt: skip
async def test_every_page_fits_its_screen_and_its_targets_fit_a_finger(
    lab, chromium, name, paths, width
):
    poor = []
    async with open_page(lab, chromium, name, viewport={"width": width, "height": 800}) as page:
        for path in paths:
            await page.goto(path.format(awa=lab.people["awa"].id))
            if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                poor.append((path, "is too wide"))
            if await page.locator("h1").count() != 1:
                poor.append((path, "has not one heading"))
            poor.extend((path, html) for html in await page.evaluate(SMALL))
            ids = await page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
            if len(ids) != len(set(ids)):
                poor.append((path, "has an id twice"))

    assert poor == []
