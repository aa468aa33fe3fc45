"""Staff choose a passphrase, add an app, and come in with both."""

import re

import pyotp
import pytest

from tests.web.conftest import run_now
from tests.web.reading import HTML, PIN, page, send, text_of
from web.access import KIOSK_COOKIE, SESSION_COOKIE

pytestmark = pytest.mark.anyio

PHRASE = "goéland vis tournesol 4 pinces"
WAY = "/reglages/phrase"


@pytest.fixture
def chloe(lab):
    """A trainer with a passphrase."""
    chloe = lab.people["chloe"]
    run_now(lab.services.signin.passphrases.choose(chloe, PHRASE, ""))
    return chloe


async def test_a_passphrase_is_chosen_with_the_pin_and_changed_with_itself(lab):
    async with lab.browser("chloe") as browser:
        assert "/reglages/phrase" in (await browser.get("/reglages", headers=HTML)).text
        wrong = await send(browser, WAY, pin="111222", chosen=PHRASE)
        weak = await send(browser, WAY, pin=PIN, chosen="motdepassemotdepasse")
        assert (await send(browser, WAY, pin=PIN, chosen=PHRASE)).status_code == 303
        again = await send(browser, WAY, pin=PIN, chosen="cinq souris dansent mal")
        with_itself = await send(browser, WAY, passphrase=PHRASE, chosen="cinq souris dansent mal")
        assert "Change my passphrase" in await page(browser, WAY)

    assert [wrong.status_code, weak.status_code, again.status_code] == [401, 422, 401]
    assert "too easy to guess" in text_of(weak)
    assert with_itself.status_code == 303


async def test_the_door_asks_for_the_passphrase_from_then_on_but_not_at_a_kiosk(lab, chloe):
    kiosk = "laser." + run_now(lab.services.signin.kiosks.make("laser", chloe))
    async with lab.browser() as browser:
        html = (await browser.get(f"/entrer?qui={chloe.id}", headers=HTML)).text
        pin = await send(browser, "/entrer", person_id=chloe.id, pin=PIN)
        answer = await send(browser, "/entrer", person_id=chloe.id, passphrase=PHRASE)
    async with lab.browser() as browser:
        browser.cookies.set(KIOSK_COOKIE, kiosk)
        there = (await browser.get(f"/entrer?qui={chloe.id}", headers=HTML)).text
        at_kiosk = await send(browser, "/entrer", person_id=chloe.id, pin=PIN)

    assert 'autocomplete="current-password"' in html
    assert 'name="pin"' not in html
    assert pin.status_code == 401
    assert SESSION_COOKIE not in pin.cookies
    assert answer.status_code == at_kiosk.status_code == 303
    assert 'name="pin"' in there


async def test_a_program_signs_in_with_the_passphrase_too(lab, chloe):
    async with lab.browser() as browser:
        pin = await browser.post("/api/v1/session", json={"person": "chloe", "pin": PIN})
        body = {"person": "chloe", "passphrase": PHRASE}
        answer = await browser.post("/api/v1/session", json=body)
        browser.headers["X-Form-Key"] = answer.json()["form_key"]
        weak = await browser.post("/api/v1/tokens", json={"name": "x", "pin": PIN})
        strong = await browser.post("/api/v1/tokens", json={"name": "x", "passphrase": PHRASE})

    assert pin.json()["error"]["code"] == "signin.passphrase-needed"
    assert answer.status_code == strong.status_code == 201
    assert weak.status_code == 401


async def test_an_app_is_added_with_its_first_code_and_then_asked_for(lab, chloe):
    clock = lab.clock
    async with lab.browser("chloe") as browser:
        assert (await send(browser, f"{WAY}/appli")).status_code == 401
        begun = await send(browser, f"{WAY}/appli", passphrase=PHRASE)
        secret = re.search(r"class=\"secret\">([A-Z2-7]+)<", begun.text)[1]
        app = pyotp.TOTP(secret)
        assert "<svg viewBox" in begun.text
        wrong = await send(browser, f"{WAY}/appli/confirmer", code="12")
        confirmed = await send(browser, f"{WAY}/appli/confirmer", code=app.at(clock.now()))
        later = (await browser.get(WAY, headers=HTML)).text
    recovery = re.findall(r"<li class=\"secret\">([a-z0-9-]+)</li>", confirmed.text)
    clock.advance(30)
    async with lab.browser() as browser:
        door = (await browser.get(f"/entrer?qui={chloe.id}", headers=HTML)).text
        fields = {"person_id": chloe.id, "passphrase": PHRASE}
        without = await send(browser, "/entrer", **fields)
        with_code = await send(browser, "/entrer", code=app.at(clock.now()), **fields)
        with_paper = await send(browser, "/entrer", code=recovery[0], **fields)

    assert wrong.status_code == 401
    assert secret in wrong.text, "the app can still be shown the code"
    assert len(recovery) == 10
    assert secret not in later
    assert recovery[1] not in later
    assert 'autocomplete="one-time-code"' in door
    assert without.status_code == 401
    assert with_code.status_code == with_paper.status_code == 303


async def test_an_app_is_removed_only_with_the_passphrase(lab, chloe):
    codes = lab.services.signin.codes
    app = pyotp.TOTP(run_now(codes.begin(chloe)))
    run_now(codes.confirm(chloe, app.at(lab.clock.now())))
    async with lab.browser("chloe") as browser:
        assert (await send(browser, f"{WAY}/appli/retirer")).status_code == 401
        wrong = await send(browser, f"{WAY}/appli/retirer", passphrase="x" * 20)
        assert codes.is_on(chloe.id)
        right = await send(browser, f"{WAY}/appli/retirer", passphrase=PHRASE)

    assert wrong.status_code == 401
    assert right.status_code == 303
    assert not codes.is_on(chloe.id)


async def test_a_key_for_a_slicer_asks_for_the_passphrase(lab, chloe):
    async with lab.browser("chloe") as browser:
        pin = await send(browser, "/reglages/cle", name="slicer", pin=PIN)
        answer = await send(browser, "/reglages/cle", name="slicer", passphrase=PHRASE)

    assert pin.status_code == 401
    assert "fab_" not in pin.text
    assert re.search(r"fab_[\w-]+", answer.text)


async def test_trainees_have_a_pin_and_no_passphrase(lab):
    async with lab.browser("awa") as browser:
        assert (await browser.get(WAY)).status_code == 403
        assert "/reglages/phrase" not in (await browser.get("/reglages", headers=HTML)).text
