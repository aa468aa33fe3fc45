"""A machine's own screen: made by staff, short sessions, badge and large names first."""

from dataclasses import replace

import pytest

from fablab_hub.core.hashes import hash_secret
from fablab_hub.core.signin import SignIn
from tests.web.conftest import run_now
from tests.web.reading import HTML, PIN, page, send
from web.access import BACKGROUND_HEADER, FORM_KEY_HEADER, KIOSK_COOKIE, SESSION_COOKIE
from web.look import LOOK_COOKIE

pytestmark = pytest.mark.anyio

STREAM = {"Accept": "text/event-stream"}


@pytest.fixture
def kiosk(lab):
    """The cookie of the laser's kiosk."""
    return "laser." + run_now(lab.services.signin.kiosks.make("laser", lab.people["chloe"]))


async def test_staff_make_a_browser_a_kiosk_and_are_signed_out_of_it(lab):
    async with lab.browser("chloe") as browser:
        token = browser.cookies[SESSION_COOKIE]
        answer = await send(browser, "/bornes", machine_id="laser")
        door = await browser.get("/entrer", headers=HTML)

    assert answer.headers["location"] == "/borne/laser"
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("kiosk="))
    assert cookie.startswith("kiosk=laser.")
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert lab.services.signin.session(token) is None
    assert '<meta name="kiosk" content="laser" data-idle-s="120.0"' in door.text
    assert door.text.index('name="badge"') < door.text.index('id="names"')
    assert "people--big" in door.text


async def test_a_kiosk_can_be_taken_back_from_anywhere(lab, kiosk):
    async with lab.browser("dora") as browser:
        (known,) = lab.services.signin.kiosks.all()
        assert "Laser" in await page(browser, "/bornes")
        await send(browser, f"/bornes/{known.id}/retirer")
    async with lab.browser() as door:
        door.cookies.set(KIOSK_COOKIE, kiosk)
        html = (await door.get("/entrer", headers=HTML)).text

    assert 'name="kiosk"' not in html


async def test_a_browser_that_moves_to_another_machine_is_one_kiosk_only(lab, kiosk):
    async with lab.browser("chloe") as browser:
        browser.cookies.set(KIOSK_COOKIE, kiosk)
        await send(browser, "/bornes", machine_id="printer")

    assert [known.machine_id for known in lab.services.signin.kiosks.all()] == ["printer"]


@pytest.mark.parametrize("forge", ["laser", "laser.", "laser.x", "printer.{secret}", ".{secret}"])
async def test_a_forged_kiosk_is_an_ordinary_browser(lab, kiosk, forge):
    async with lab.browser() as browser:
        browser.cookies.set(KIOSK_COOKIE, forge.format(secret=kiosk.partition(".")[2]))
        html = (await browser.get("/entrer", headers=HTML)).text

    assert 'name="kiosk"' not in html


async def test_a_session_at_a_kiosk_ends_without_a_touch(lab, kiosk):
    async with lab.browser() as browser:
        browser.cookies.set(KIOSK_COOKIE, kiosk)
        await send(browser, "/entrer", person_id=lab.people["awa"].id, pin=PIN)
        for _ in range(5):
            lab.clock.advance(100)
            assert (await browser.get("/", headers=HTML)).status_code == 200
        lab.clock.advance(121)
        gone = await browser.get("/projets", headers=HTML)

    assert gone.headers["location"] == "/borne/laser", "the next person begins anew"


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/accueil/etat", {"Accept": "*/*"}),
        ("/", {"Accept": "image/avif,image/*"}),
        ("/api/v1/session", {"Accept": "application/json"}),
        ("/", HTML | {BACKGROUND_HEADER: "1"}),
    ],
)
async def test_what_a_page_asks_for_by_itself_is_no_sign_of_life(lab, path, headers):
    async with lab.browser("awa") as browser:
        for _ in range(3):
            lab.clock.advance(599)
            assert (await browser.get(path, headers=headers)).status_code == 200
        lab.clock.advance(10)
        answer = await browser.get(path, headers=headers)

    assert answer.status_code in {303, 401}


async def test_a_live_stream_keeps_no_session_alive(lab):
    lab.app.state.live.close()
    async with lab.browser("awa") as browser:
        lab.clock.advance(1799)
        assert (await browser.get("/live", headers=STREAM)).status_code == 200
        lab.clock.advance(2)
        assert (await browser.get("/live", headers=STREAM)).status_code == 303


async def test_a_press_keeps_a_session_and_so_does_saying_so(lab):
    async with lab.browser("awa") as browser:
        for _ in range(3):
            lab.clock.advance(1700)
            assert (await browser.post("/encore-la")).status_code == 204
        lab.clock.advance(1700)
        assert (await browser.get("/projets", headers=HTML)).status_code == 200
        lab.clock.advance(1700)
        assert (await browser.get("/", headers=HTML)).status_code == 200


async def test_a_short_pin_opens_a_kiosk_only_and_only_where_the_lab_allows_it(lab, kiosk):
    awa = lab.people["awa"].id
    lab.database.write_now(
        lambda tables: tables.conn.execute(
            "UPDATE people SET pin_hash = ?, pin_digits = 4 WHERE id = ?",
            (hash_secret("7142"), awa),
        )
    )
    services = lab.services

    async def enter(cookie, is_allowed) -> int:
        signin = replace(services.settings.signin, kiosk_short_pin=is_allowed)
        lab._app = None
        lab.services = replace(
            services,
            settings=replace(services.settings, signin=signin),
            signin=SignIn(lab.database, signin, lab.clock),
        )
        async with lab.browser() as browser:
            if cookie:
                browser.cookies.set(KIOSK_COOKIE, cookie)
            return (await send(browser, "/entrer", person_id=awa, pin="7142")).status_code

    assert await enter(kiosk, is_allowed=False) == 403
    assert await enter(None, is_allowed=True) == 403
    assert await enter(kiosk, is_allowed=True) == 303


async def test_a_kiosk_does_not_keep_the_look_of_the_last_person(lab, kiosk):
    async with lab.browser("awa") as browser:
        browser.cookies.set(KIOSK_COOKIE, kiosk)
        await send(browser, "/bienvenue", couleurs="dark", vers="/")

        assert LOOK_COOKIE not in browser.cookies


async def test_only_staff_see_and_make_kiosks(lab):
    async with lab.browser("awa") as browser:
        assert (await browser.get("/bornes")).status_code == 403
        assert (await send(browser, "/bornes", machine_id="laser")).status_code == 403
    async with lab.browser("chloe") as browser:
        unknown = await send(browser, "/bornes", machine_id="nosuch")
        del browser.headers[FORM_KEY_HEADER]
        assert (await send(browser, "/bornes", machine_id="laser")).status_code == 403

    assert unknown.status_code == 404
    assert lab.services.signin.kiosks.all() == []


@pytest.mark.parametrize(
    "way", ["/personnes/ajouter", "/personnes/{ben}/code", "/personnes/{ben}/badge"]
)
async def test_a_pin_seen_at_a_kiosk_makes_no_other_way_in(lab, kiosk, way):
    fields = {"name": "Intruder", "role": "admin", "in_person": "true"}
    async with lab.browser() as browser:
        browser.cookies.set(KIOSK_COOKIE, kiosk)
        await send(browser, "/entrer", person_id=lab.people["eli"].id, pin=PIN)
        session = lab.services.signin.session(browser.cookies[SESSION_COOKIE])
        browser.headers[FORM_KEY_HEADER] = session.form_key
        answer = await browser.post(way.format(ben=lab.people["ben"].id), data=fields)
        allowed = await send(
            browser, f"/personnes/{lab.people['ben'].id}/debloquer", reason="in person"
        )

    assert answer.json()["error"]["code"] == "rights.not-at-kiosk"
    assert allowed.status_code == 303
