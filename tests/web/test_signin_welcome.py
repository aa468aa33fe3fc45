"""The first sign-in asks how somebody reads best; the answer is theirs on every page after it."""

import re

import pytest

from fablab_hub.core.look import (
    Colours,
    Contrast,
    Look,
    TextSize,
    is_welcomed,
    look_text,
    parse_look,
)
from fablab_hub.core.people import read_person
from tests.web.reading import HTML, PIN, page, send
from web.look import LOOK_COOKIE, look_attributes

pytestmark = pytest.mark.anyio

CHOICES = {"langue": "fr", "taille": "large", "contraste": "strong", "couleurs": "dark"}


@pytest.fixture
def newcomer(lab):
    """Somebody whom nobody has asked yet."""
    ben = lab.people["ben"]
    lab.database.write_now(
        lambda tables: tables.conn.execute(
            "UPDATE people SET welcomed_at = NULL WHERE id = ?", (ben.id,)
        )
    )
    return ben


async def _root(browser, path: str) -> str:
    answer = await browser.get(path, headers=HTML)
    return re.search(r"<html[^>]*>", answer.text)[0]


async def test_only_the_first_sign_in_leads_to_the_question(lab, newcomer):
    async with lab.browser() as browser:
        first = await send(browser, "/entrer", person_id=newcomer.id, pin=PIN, vers="/fabriquer")
        welcome = await page(browser, first.headers["location"])
        answer = await send(browser, "/bienvenue", vers="/fabriquer", **CHOICES)
        root = await _root(browser, "/fabriquer")
    async with lab.browser() as browser:
        again = await send(browser, "/entrer", person_id=newcomer.id, pin=PIN, vers="/fabriquer")

    assert first.headers["location"] == "/bienvenue?vers=%2Ffabriquer"
    assert "Welcome, ben!" in welcome
    assert (answer.status_code, answer.headers["location"]) == (303, "/fabriquer")
    assert root == '<html lang="fr" data-size="l" data-contrast="more" data-theme="dark">'
    assert again.headers["location"] == "/fabriquer"


async def test_skipping_changes_nothing_and_is_not_asked_again(lab, newcomer):
    token, form_key = lab.sign_in("ben")
    async with lab.browser() as browser:
        browser.cookies.set("fablab_session", token)
        answer = await send(browser, "/bienvenue", passer="1", form_key=form_key, **CHOICES)

    assert is_welcomed(lab.database, newcomer.id)
    assert read_person(lab.database, newcomer.id) == newcomer
    assert "set-cookie" not in answer.headers


async def test_choices_are_the_persons_in_every_browser_and_can_be_changed(lab):
    async with lab.browser("awa") as browser:
        await send(browser, "/bienvenue", vers="/reglages", taille="very_large")
    async with lab.browser("awa") as other:
        assert 'data-size="xl"' in await _root(other, "/reglages")
        assert 'value="very_large" checked' in (await other.get("/reglages", headers=HTML)).text
        await send(other, "/bienvenue", vers="/reglages", couleurs="light")
        assert await _root(other, "/reglages") == '<html lang="en" data-theme="light">'


async def test_somebody_who_is_not_signed_in_is_remembered_by_the_browser(lab):
    async with lab.browser() as browser:
        assert await _root(browser, "/entrer") == '<html lang="en">'
        await send(browser, "/bienvenue", vers="/entrer", contraste="strong")
        assert await _root(browser, "/entrer") == '<html lang="en" data-contrast="more">'
        browser.cookies.set(LOOK_COOKIE, '"><script>')
        assert await _root(browser, "/entrer") == '<html lang="en">'


@pytest.mark.parametrize("field", ["taille", "contraste", "couleurs"])
async def test_a_choice_that_is_not_offered_is_refused(lab, field):
    async with lab.browser("awa") as browser:
        answer = await send(browser, "/bienvenue", **{field: "huge"})

    assert answer.status_code == 422
    assert read_person(lab.database, lab.people["awa"].id).look == Look()


@pytest.mark.parametrize("size", TextSize)
@pytest.mark.parametrize("contrast", Contrast)
@pytest.mark.parametrize("colours", Colours)
def test_a_look_is_read_back_as_it_was_written(size, contrast, colours):
    look = Look(text_size=size, contrast=contrast, colours=colours)

    assert parse_look(look_text(look)) == look
    usual = [size is TextSize.NORMAL, contrast is Contrast.NORMAL, colours is Colours.DEVICE]
    assert len(look_attributes(look)) == usual.count(False)
