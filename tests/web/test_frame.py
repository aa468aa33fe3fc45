"""What stands around every page: where am I, what may I stop, who is called, what comes next."""

import re
from html import unescape

import pytest

from fablab_hub.core.machines import MachineState
from fablab_hub.core.messages import RunEventKind, StartRun, Stop
from jobs.states import State
from tests.web.reading import HTML, actions, page, send, text_of

pytestmark = pytest.mark.anyio

COMPONENTS = (
    "btn", "choice", "steps", "verdict", "finding", "queue", "stat", "toast", "empty", "progress",
    "photo", "dialog", "calling", "drop", "tick",
)  # fmt: skip


@pytest.fixture
async def run(running, laser, until):
    """A job of awa's that the laser is making."""
    job_id = running.add_job()
    await until(lambda: running.state(job_id) is State.CALLED)
    runner = running.services.runner
    await runner.start_job(job_id, running.people["awa"], frozenset({"lid"}))
    start = await laser.expect(StartRun)
    laser.tell(start, RunEventKind.STARTED)
    laser.say(MachineState.BUSY, 0.25)
    await until(lambda: running.state(job_id) is State.RUNNING)
    return start


def _tabs(html: str) -> dict[str, bool]:
    """The main menu: each address, and whether it is said to be here."""
    links = re.findall(r'<a class="tab" href="([^"]+)"( aria-current)?', html)
    return {href: bool(here) for href, here in links}


@pytest.mark.parametrize(
    ("who", "path", "here"),
    [
        ("awa", "/", "/"),
        ("awa", "/fabriquer", "/"),
        ("awa", "/machines/laser", "/"),
        ("awa", "/projets", "/projets"),
        ("awa", "/competences", "/competences"),
        ("awa", "/aide", None),
        ("dora", "/atelier", "/atelier"),
        ("dora", "/machines/laser", "/atelier"),
        ("dora", "/appels", "/atelier"),
        ("dora", "/a-valider", "/a-valider"),
        ("dora", "/personnes", "/personnes"),
        ("dora", "/reglages", "/reglages"),
    ],
)
async def test_the_menu_says_where_somebody_is(lab, who, path, here):
    async with lab.browser(who) as browser:
        tabs = _tabs((await browser.get(path, headers=HTML)).text)

    assert [href for href, is_here in tabs.items() if is_here] == ([here] if here else [])


async def test_trainees_and_staff_see_what_they_come_to_do(lab):
    async with lab.browser("awa") as browser:
        assert list(_tabs((await browser.get("/aide", headers=HTML)).text)) == [
            "/", "/projets", "/competences",
        ]  # fmt: skip
    async with lab.browser("chloe") as browser:
        assert list(_tabs((await browser.get("/aide", headers=HTML)).text)) == [
            "/atelier", "/a-valider", "/personnes", "/reglages",
        ]  # fmt: skip
    async with lab.browser() as browser:
        assert _tabs((await browser.get("/aide", headers=HTML)).text) == {}


async def test_whoever_makes_something_can_stop_it_from_any_page(running, laser, run):
    async with running.browser("awa") as browser:
        for path in ("/", "/projets", "/aide", "/competences"):
            html = (await browser.get(path, headers=HTML)).text
            assert "/machines/laser/arreter" in actions(html), path
        answer = await send(browser, "/machines/laser/arreter")
        assert answer.headers["location"] == "/machines/laser?dit=stopped"
    await laser.expect(Stop)


async def test_nobody_can_stop_what_is_somebody_elses(running, laser, run):
    async with running.browser("ben") as browser:
        html = (await browser.get("/arreter", headers=HTML)).text
        assert not {action for action in actions(html) if action.endswith("arreter")}
        assert "No machine is working for you." in await page(browser, "/arreter")
    async with running.browser("awa") as browser:
        assert "Stop this machine" in await page(browser, "/arreter")


async def test_staff_can_stop_everything_from_any_page(running, laser, run):
    async with running.browser("chloe") as browser:
        for path in ("/atelier", "/personnes", "/aide"):
            html = (await browser.get(path, headers=HTML)).text
            assert "/atelier/tout-arreter" in actions(html), path


async def test_whoever_is_called_reads_it_on_every_page_but_where_it_is_said_already(
    running, laser, until
):
    job_id = running.add_job()
    await until(lambda: running.state(job_id) is State.CALLED)
    async with running.browser("awa") as browser:
        assert "It is your turn! part" in await page(browser, "/projets")
        assert "It is your turn! part" not in await page(browser, "/bandeau?ici=/machines/laser")
        assert "It is your turn! part" in await page(browser, "/bandeau?ici=/projets")
    async with running.browser("ben") as browser:
        assert "It is your turn" not in await page(browser, "/projets")


async def test_a_page_says_what_was_just_done_in_words_of_its_own_only(lab):
    async with lab.browser("awa") as browser:
        assert "The machine is stopped." in await page(browser, "/?dit=stopped")
        assert "hello" not in await page(browser, "/?dit=hello")


# --- calling somebody -------------------------------------------------------------------------


async def test_a_call_is_seen_by_the_team_with_who_and_where_until_somebody_helped(lab):
    async with lab.browser("awa") as awa, lab.browser("chloe") as chloe:
        assert "Nobody calls." in await page(chloe, "/appels")
        await send(awa, "/appeler", lieu="laser")
        assert "The trainers see your call." in await page(awa, "/appeler")
        assert "You called. Somebody will come." in await page(awa, "/projets")

        assert "awa · Laser" in await page(chloe, "/personnes")
        html = (await chloe.get("/appels", headers=HTML)).text
        going = next(action for action in actions(html) if action.endswith("/jy-vais"))
        await send(chloe, going)
        assert "chloe is coming." in await page(awa, "/projets")
        assert "awa · Laser" not in await page(chloe, "/personnes")

        answer = await send(chloe, going.replace("jy-vais", "fini"))
        assert answer.headers["location"] == "/appels?dit=call-closed"
        assert "Nobody calls." in await page(chloe, "/appels")
        assert "is coming" not in await page(awa, "/projets")


async def test_somebody_has_one_call_that_moves_with_them(lab):
    async with lab.browser("awa") as awa, lab.browser("chloe") as chloe:
        await send(awa, "/appeler", lieu="laser")
        await send(awa, "/appeler", lieu="laser")
        await send(awa, "/appeler", lieu="")
        text = await page(chloe, "/appels/etat")

    assert text.count("awa") == 1
    assert "at a table" in text


async def test_the_first_who_goes_is_the_one_who_comes(lab):
    async with lab.browser("awa") as awa:
        await send(awa, "/appeler", lieu="laser")
        async with lab.browser("chloe") as chloe, lab.browser("dora") as dora:
            html = (await chloe.get("/appels", headers=HTML)).text
            going = next(action for action in actions(html) if action.endswith("/jy-vais"))
            await send(chloe, going)
            await send(dora, going)
        assert "chloe is coming." in await page(awa, "/appeler")


async def test_a_trainee_ends_their_own_call_and_no_other(lab):
    async with lab.browser("awa") as awa, lab.browser("ben") as ben:
        await send(awa, "/appeler", lieu="laser")
        html = (await awa.get("/appeler", headers=HTML)).text
        end = next(action for action in actions(html) if action.endswith("/fini"))
        assert (await send(ben, end)).status_code == 404
        assert (await send(awa, end)).headers["location"] == "/?dit=call-closed"
        assert "Your call" not in await page(awa, "/appeler")


async def test_a_call_from_a_machine_that_is_not_there_is_refused(lab):
    async with lab.browser("awa") as awa:
        assert (await send(awa, "/appeler", lieu="crane")).status_code == 404


async def test_yesterdays_call_does_not_hide_todays(lab):
    async with lab.browser("awa") as awa:
        await send(awa, "/appeler", lieu="laser")
        lab.clock.advance(3 * 3600)
    async with lab.browser("awa") as awa, lab.browser("chloe") as chloe:  # signed in anew
        assert "Nobody calls." in await page(chloe, "/appels")
        await send(awa, "/appeler", lieu="printer")
        assert "awa" in await page(chloe, "/appels")


async def test_the_machine_that_somebody_stands_at_is_offered_first(lab):
    async with lab.browser("awa") as awa:
        html = (await awa.get("/machines/printer", headers=HTML)).text
        assert "/appeler?machine=printer" in html
        places = re.findall(
            r'name="lieu" value="([^"]*)"', (await awa.get("/appeler?machine=printer")).text
        )
    assert places == ["printer", "laser", ""]


# --- skills and the style guide ---------------------------------------------------------------


async def test_my_skills_say_what_i_may_start_and_what_comes_next(lab):
    async with lab.browser("awa") as browser:
        text = await page(browser, "/competences")
        assert text.count("I may start it") == 2
        assert "Make a first small object." in text
    async with lab.browser("ben") as browser:
        text = await page(browser, "/competences")
        assert "I may start it" not in text
        assert text.count("not yet") == 2
        assert "Ask a trainer to show you the machine." in text


async def test_the_style_guide_shows_every_component_in_every_state(lab):
    async with lab.browser() as browser:
        answer = await browser.get("/styleguide", headers=HTML)
    html, text = unescape(answer.text), text_of(answer)

    for state in MachineState:
        assert f"machine--{state}" in html
    for component in COMPONENTS:
        assert re.search(rf'class="[^"]*\b{component}\b', html), component
    assert "We are looking at your file" in text
