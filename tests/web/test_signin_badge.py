"""The door with a badge: shown to a reader, then the PIN; printed once by a trainer."""

import re

import cv2
import numpy as np
import pytest

from fablab_hub.core.badges import LENGTH, LETTERS, draw_badge
from tests.web.conftest import run_now
from tests.web.reading import HTML, PIN, page, send, text_of
from web.access import SESSION_COOKIE
from web.pages.badge import qr_picture

pytestmark = pytest.mark.anyio

API = "/api/v1/session"


def _make(lab, name: str = "awa") -> str:
    return run_now(lab.services.signin.badges.make(lab.people[name], lab.people["chloe"]))


async def test_a_badge_leads_to_the_pin_and_never_in(lab):
    badge = _make(lab)
    async with lab.browser() as browser:
        answer = await send(browser, "/entrer/badge", badge=badge, vers="/fabriquer")
        assert answer.status_code == 303
        assert SESSION_COOKIE not in answer.cookies
        asked = await page(browser, answer.headers["location"])

    assert "awa" in asked
    assert "Type your PIN" in asked
    assert answer.headers["location"].endswith("&vers=%2Ffabriquer")


async def test_an_unknown_badge_and_a_wrong_pin_get_the_same_answer(lab):
    _make(lab)
    awa = lab.people["awa"].id
    async with lab.browser() as browser:
        badge = await send(browser, "/entrer/badge", badge=draw_badge())
        pin = await send(browser, "/entrer", person_id=awa, pin="111222")
        both = [
            await browser.post(API, json={"badge": draw_badge(), "pin": PIN}),
            await browser.post(API, json={"person": "awa", "pin": "111222"}),
        ]

    message = "The name or the badge does not go with the PIN."
    assert badge.status_code == pin.status_code == 401
    assert message in text_of(badge)
    assert message in text_of(pin)
    assert both[0].status_code == both[1].status_code == 401
    assert both[0].json() == both[1].json()


async def test_a_program_may_sign_in_with_a_badge_and_a_pin(lab):
    badge = _make(lab)
    async with lab.browser() as browser:
        wrong = await browser.post(API, json={"badge": badge, "pin": "111222"})
        nobody = await browser.post(API, json={"pin": PIN})
        answer = await browser.post(API, json={"badge": badge, "pin": PIN})

    assert wrong.status_code == 401
    assert nobody.json()["error"]["fields"] == {"field": "person"}
    assert answer.json()["name"] == "awa"


async def test_only_the_page_of_the_badge_may_use_the_camera(lab):
    async with lab.browser() as browser:
        reader = await browser.get("/entrer/badge", headers=HTML)
        door = await browser.get("/entrer", headers=HTML)

    assert "camera=(self)" in reader.headers["permissions-policy"]
    assert "microphone=()" in reader.headers["permissions-policy"]
    assert "camera=()" in door.headers["permissions-policy"]
    assert "media-src" not in reader.headers["content-security-policy"]
    assert "default-src 'none'" in reader.headers["content-security-policy"]


async def test_a_trainer_makes_a_badge_that_is_shown_once_and_works(lab):
    awa = lab.people["awa"].id
    async with lab.browser("chloe") as browser:
        way_in = await browser.get(f"/personnes/{awa}/acces", headers=HTML)
        assert f"/personnes/{awa}/badge" in way_in.text
        before = await page(browser, f"/personnes/{awa}/badge")
        made = await send(browser, f"/personnes/{awa}/badge")
        after = (await browser.get(f"/personnes/{awa}/badge", headers=HTML)).text
    badge = _read_qr(made.text)
    async with lab.browser() as door:
        answer = await send(door, "/entrer/badge", badge=badge)

    assert "Make a badge" in before
    assert f"qui={awa}" in answer.headers["location"]
    assert badge not in made.text, "the words of a badge would be copied and kept"
    assert made.headers["cache-control"] == "no-store"
    assert "<svg viewBox" not in after
    assert "Make a new badge" in after


async def test_a_lost_badge_is_switched_off(lab):
    badge, awa = _make(lab), lab.people["awa"].id
    async with lab.browser("chloe") as browser:
        await send(browser, f"/personnes/{awa}/badge/retirer")
    async with lab.browser() as door:
        assert (await send(door, "/entrer/badge", badge=badge)).status_code == 401


@pytest.mark.parametrize(
    ("by", "of", "status"),
    [
        ("chloe", "awa", 200),
        ("chloe", "chloe", 200),
        ("chloe", "dora", 403),
        ("dora", "chloe", 200),
        ("dora", "eli", 403),
        ("eli", "dora", 200),
        ("awa", "awa", 403),
    ],
)
async def test_nobody_makes_the_badge_of_somebody_who_may_do_more(lab, by, of, status):
    async with lab.browser(by) as browser:
        answer = await send(browser, f"/personnes/{lab.people[of].id}/badge")

    assert answer.status_code == status


def _read_qr(html: str) -> str:
    """Read the QR code of a page as a camera does."""
    svg = re.search(r"<svg viewBox=\"0 0 (\d+) \d+\".*?</svg>", html, re.DOTALL)
    size = int(svg[1])
    image = np.full((size, size), 255, np.uint8)
    x, y = 0, 0
    path = re.search(r"stroke=\"#000\" d=\"([^\"]+)\"", svg[0])[1]
    for command, numbers in re.findall(r"([Mmh])([^Mmh]+)", path):
        values = [float(n) for n in re.findall(r"-?[\d.]+", numbers)]
        if command == "h":
            image[int(y), int(x) : int(x + values[0])] = 0
            x += values[0]
        else:
            x, y = (values[0], values[1]) if command == "M" else (x + values[0], y + values[1])
    large = cv2.resize(image, None, fx=8, fy=8, interpolation=cv2.INTER_NEAREST)
    text, *_ = cv2.QRCodeDetector().detectAndDecode(large)
    return text


def test_a_badges_picture_says_what_the_badge_says():
    badge = draw_badge()

    assert len(badge) == LENGTH
    assert set(badge) <= set(LETTERS)
    assert _read_qr(str(qr_picture(badge))) == badge
