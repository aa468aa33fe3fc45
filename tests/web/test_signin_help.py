"""What people change themselves, and what is done for them, side by side."""

import re

import pytest

from fablab_hub.core.people import read_people
from tests.web.conftest import run_now
from tests.web.reading import HTML, PIN, page, send, text_of

pytestmark = pytest.mark.anyio

PHRASE = "goéland vis tournesol 4 pinces"
SHOWN = re.compile(r"secret--pin num\">(\d+)<")


async def test_people_change_their_own_pin_with_the_old_one(lab):
    async with lab.browser("awa") as browser:
        assert "/reglages/code" in (await browser.get("/reglages", headers=HTML)).text
        wrong = await send(browser, "/reglages/code", pin="111222", chosen="740268", again="740268")
        twice = await send(browser, "/reglages/code", pin=PIN, chosen="740268", again="740269")
        weak = await send(browser, "/reglages/code", pin=PIN, chosen="199001", again="199001")
        done = await send(browser, "/reglages/code", pin=PIN, chosen="740268", again="740268")
        said = await page(browser, done.headers["location"])
    async with lab.browser() as door:
        awa = lab.people["awa"].id
        assert (await send(door, "/entrer", person_id=awa, pin="740268")).status_code == 303

    assert [wrong.status_code, twice.status_code, weak.status_code] == [401, 422, 422]
    assert "The new PINs are not the same." in text_of(twice)
    assert "Your new PIN is kept." in said


async def test_a_trainer_gives_a_new_pin_only_in_person_and_it_is_shown_once(lab):
    awa = lab.people["awa"].id
    async with lab.browser("chloe") as browser:
        assert f"/personnes/{awa}/acces" in (await browser.get("/personnes", headers=HTML)).text
        alone = await send(browser, f"/personnes/{awa}/code")
        given = await send(browser, f"/personnes/{awa}/code", in_person="true")
        later = await browser.get(f"/personnes/{awa}/acces", headers=HTML)
    pin = SHOWN.search(given.text)[1]
    async with lab.browser() as door:
        assert (await send(door, "/entrer", person_id=awa, pin=pin)).status_code == 303

    assert alone.status_code == 403
    assert not SHOWN.search(later.text)
    assert given.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("by", "of", "status"),
    [
        ("chloe", "dora", 403),
        ("chloe", "eli", 403),
        ("chloe", "chloe", 403),
        ("dora", "chloe", 200),
        ("eli", "dora", 200),
        ("awa", "ben", 403),
    ],
)
async def test_nobody_gives_a_pin_to_somebody_who_may_do_more(lab, by, of, status):
    person_id = lab.people[of].id
    async with lab.browser(by) as browser:
        pin = await send(browser, f"/personnes/{person_id}/code", in_person="true")
        phrase = await send(browser, f"/personnes/{person_id}/phrase-oubliee", in_person="true")

    assert pin.status_code == status
    assert phrase.status_code == {200: 303}.get(status, status)


async def test_a_colleague_takes_a_forgotten_passphrase_away(lab):
    chloe = lab.people["chloe"]
    passphrases = lab.services.signin.passphrases
    run_now(passphrases.choose(chloe, PHRASE, ""))
    async with lab.browser("dora") as browser:
        way = f"/personnes/{chloe.id}/phrase-oubliee"
        assert "Passphrase forgotten" in await page(browser, f"/personnes/{chloe.id}/acces")
        assert (await send(browser, way)).status_code == 403
        assert passphrases.has_one(chloe.id)
        await send(browser, way, in_person="true")
    async with lab.browser() as door:
        assert (await send(door, "/entrer", person_id=chloe.id, pin=PIN)).status_code == 303


async def test_an_administrator_adds_somebody_who_then_comes_in(lab):
    async with lab.browser("eli") as browser:
        assert "Add somebody" in await page(browser, "/personnes")
        added = await send(browser, "/personnes/ajouter", name="  Thomas   Riou ", role="trainer")
        taken = await send(browser, "/personnes/ajouter", name="Thomas Riou")
        blank = await send(browser, "/personnes/ajouter", name="   ")
        wrong = await send(browser, "/personnes/ajouter", name="X", role="king")
    who = next(person for person in read_people(lab.database) if person.name == "Thomas Riou")
    async with lab.browser() as door:
        pin = SHOWN.search(added.text)[1]
        answer = await send(door, "/entrer", person_id=who.id, pin=pin)

    assert who.role == "trainer"
    assert answer.headers["location"].startswith("/bienvenue")
    assert taken.status_code == 409
    assert 'value="Thomas Riou"' in taken.text
    assert blank.status_code == wrong.status_code == 422


@pytest.mark.parametrize("name", ["awa", "chloe", "dora"])
async def test_only_who_manages_people_may_add_some(lab, name):
    async with lab.browser(name) as browser:
        answer = await send(browser, "/personnes/ajouter", name="Thomas", role="admin")

    assert answer.status_code == 403
    assert "Thomas" not in {person.name for person in read_people(lab.database)}


async def test_keys_are_listed_and_switched_off_by_their_owner_only(lab):
    tokens, awa = lab.services.signin.tokens, lab.people["awa"]
    token = run_now(tokens.make(awa, "mon PrusaSlicer"))
    (note,) = tokens.of_person(awa.id)
    way = f"/reglages/cle/{note.id}/retirer"
    async with lab.browser("ben") as browser:
        assert "PrusaSlicer" not in (await page(browser, "/reglages")).split("Send from")[0]
        assert (await send(browser, way)).status_code == 404
    assert tokens.owner(token) == awa
    async with lab.browser("awa") as browser:
        assert "mon PrusaSlicer" in await page(browser, "/reglages")
        assert (await send(browser, way)).status_code == 303
        assert "mon PrusaSlicer" not in await page(browser, "/reglages")
        assert (await send(browser, way)).status_code == 404

    assert tokens.owner(token) is None
