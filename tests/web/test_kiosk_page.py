"""A machine's own tablet: nobody is signed in, and yet it stops, calls, starts and is emptied."""

import pytest

from fablab_hub.core import journal
from fablab_hub.core.machines import MachineState
from fablab_hub.core.messages import Hold, RunEventKind, StartRun, Stop
from jobs.states import State
from tests.web.conftest import run_now
from tests.web.reading import HTML, PIN, actions, page, send
from web.access import KIOSK_COOKIE

pytestmark = pytest.mark.anyio


def tablet(lab, machine_id="laser"):
    """The browser of a tablet that staff fixed to a machine."""
    token = run_now(lab.services.signin.kiosks.make(machine_id, lab.people["chloe"]))
    browser = lab.browser()
    browser.cookies.set(KIOSK_COOKIE, f"{machine_id}.{token}")
    return browser


@pytest.fixture
async def run(running, laser, until):
    """A job of awa's that the laser is making."""
    job_id = running.add_job()
    await until(lambda: running.state(job_id) is State.CALLED)
    await running.services.runner.start_job(job_id, running.people["awa"], frozenset({"lid"}))
    start = await laser.expect(StartRun)
    laser.tell(start, RunEventKind.STARTED)
    laser.say(MachineState.BUSY, 0.25)
    await until(lambda: running.state(job_id) is State.RUNNING)
    return start


async def test_only_a_machines_own_tablet_shows_its_page(lab):
    async with lab.browser("dora") as browser:
        for path in ("/borne", "/borne/laser", "/borne/laser/etat"):
            assert (await browser.get(path)).status_code == 403, path
    async with tablet(lab) as browser:
        assert (await browser.get("/borne")).headers["location"] == "/borne/laser"
        assert (await browser.get("/borne/laser")).status_code == 200
        assert (await browser.get("/borne/printer")).status_code == 403
        assert (await send(browser, "/borne/printer/arreter")).status_code == 403


async def test_whoever_stands_there_holds_and_stops_without_a_name(running, laser, run):
    async with tablet(running) as browser:
        html = (await browser.get("/borne/laser", headers=HTML)).text
        assert {"/borne/laser/pause", "/borne/laser/arreter"} <= actions(html)
        await send(browser, "/borne/laser/pause")
        await laser.expect(Hold)
        answer = await send(browser, "/borne/laser/arreter")
        assert answer.headers["location"] == "/borne/laser?dit=stopped"
        await laser.expect(Stop)
    asked = journal.read_about(running.database, "machine:laser")[-1]
    assert (asked.verb, asked.actor) == ("machine.stop_asked", "kiosk:laser")


async def test_it_tells_a_first_name_and_never_what_is_made(running, laser, until):
    for owner in ("awa", "ben"):
        running.add_job(owner)
    first = running.services.jobs.queue("laser")[0]
    await until(lambda: running.state(first.id) is State.CALLED)
    async with tablet(running) as browser:
        text = await page(browser, "/borne/laser")
    assert "It is the turn of awa" in text
    assert "ben" in text
    assert "part" not in text.split()


async def test_a_start_needs_the_list_and_the_pin_of_who_starts(running, laser, until):
    job_id = running.add_job()
    await until(lambda: running.state(job_id) is State.CALLED)
    asked = {"job_id": job_id, "person_id": running.people["awa"].id}
    async with tablet(running) as browser:
        wrong = await send(browser, "/borne/laser/demarrer", **asked, pin="111222", ticked="lid")
        assert wrong.status_code == 401
        unticked = await send(browser, "/borne/laser/demarrer", **asked, pin=PIN)
        assert unticked.status_code == 409
        answer = await send(browser, "/borne/laser/demarrer", **asked, pin=PIN, ticked="lid")
        assert answer.headers["location"] == "/borne/laser"
    assert (await laser.expect(StartRun)).job_id == job_id


async def test_who_saw_the_empty_bed_is_written_down(running, laser, run, until):
    laser.tell(run, RunEventKind.DONE)
    laser.say(MachineState.IDLE)
    runner = running.services.runner
    await until(lambda: runner.view("laser").state is MachineState.NEEDS_CLEARING)
    async with tablet(running) as browser:
        assert "Empty the bed" in await page(browser, "/borne/laser")
        ben = {"person_id": running.people["ben"].id, "pin": PIN}
        assert (await send(browser, "/borne/laser/plateau-vide", **ben)).status_code == 403
        awa = {"person_id": running.people["awa"].id, "pin": PIN}
        answer = await send(browser, "/borne/laser/plateau-vide", **awa)
        assert answer.headers["location"] == "/borne/laser?dit=cleared"
    assert runner.view("laser").state is MachineState.IDLE


async def test_a_call_from_the_tablet_says_which_machine(lab):
    async with tablet(lab) as browser, lab.browser("chloe") as chloe:
        answer = await send(browser, "/borne/laser/appeler")
        assert answer.headers["location"] == "/borne/laser?dit=called"
        assert "You called. Somebody will come." in await page(browser, "/borne/laser?dit=called")
        assert "Somebody · Laser" in await page(chloe, "/atelier")
        assert "Laser" in await page(chloe, "/wall")


async def test_a_tablet_that_was_taken_back_shows_nothing_more(lab):
    async with tablet(lab) as browser:
        kiosk = lab.services.signin.kiosks.all()[0]
        run_now(lab.services.signin.kiosks.revoke(kiosk.id, lab.people["chloe"]))
        assert (await browser.get("/borne/laser")).status_code == 403
