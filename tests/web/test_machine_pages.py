"""At the machine and in the workshop: start, pause, stop, empty the bed, all from forms."""

import re

import pytest

from fablab_hub.core.machines import MachineState
from fablab_hub.core.messages import Hold, Resume, RunEventKind, StartRun, Stop
from jobs.run_store import end_run, update_run
from jobs.states import State
from jobs.store import add_run
from tests.web.reading import HTML, PIN, actions, page, send, text_of

pytestmark = pytest.mark.anyio


async def test_the_machine_starts_for_a_ticked_list_and_a_pin(running, laser, until):
    job_id = running.add_job()
    await until(lambda: running.state(job_id) is State.CALLED)
    awa = running.people["awa"].id
    async with running.browser("awa") as browser:
        assert "It is your turn" in await page(browser, "/")
        text = await page(browser, "/machines/laser")
        assert "The lid is closed" in text
        asked = {"job_id": job_id, "person_id": awa}

        wrong = await send(browser, "/machines/laser/demarrer", **asked, pin="111222", ticked="lid")
        assert wrong.status_code == 401
        assert "The name or the badge does not go with the PIN." in text_of(wrong)
        unticked = await send(browser, "/machines/laser/demarrer", **asked, pin=PIN)
        assert unticked.status_code == 409
        assert "The lid is closed" in text_of(unticked)
        assert not any(isinstance(message, StartRun) for message in laser.heard)

        answer = await send(browser, "/machines/laser/demarrer", **asked, pin=PIN, ticked="lid")
    assert answer.headers["location"] == "/machines/laser"
    assert (await laser.expect(StartRun)).job_id == job_id


@pytest.fixture
async def run(running, laser, until):
    """A job of awa's that the laser is making."""
    job_id = running.add_job()
    await until(lambda: running.state(job_id) is State.CALLED)
    services = running.services
    await services.runner.start_job(job_id, running.people["awa"], frozenset({"lid"}))
    start = await laser.expect(StartRun)
    laser.tell(start, RunEventKind.STARTED)
    laser.say(MachineState.BUSY, 0.25)
    await until(lambda: running.state(job_id) is State.RUNNING)
    await until(lambda: services.runner.view("laser").status.fraction == 0.25)
    return start


async def test_pause_and_stop_reach_the_machine_from_a_form(running, laser, run, until):
    async with running.browser("awa") as browser:
        html = (await browser.get("/machines/laser", headers=HTML)).text
        assert {"/machines/laser/pause", "/machines/laser/arreter"} <= actions(html)
        assert 'value="25"' in html
        await send(browser, "/machines/laser/pause")
        await laser.expect(Hold)
        laser.tell(run, RunEventKind.PAUSED)
        laser.say(MachineState.PAUSED, 0.25)
        await until(lambda: running.state(run.job_id) is State.PAUSED)
        await until(lambda: running.services.runner.view("laser").state is MachineState.PAUSED)
        html = (await browser.get("/machines/laser", headers=HTML)).text
        assert {"/machines/laser/reprendre", "/machines/laser/arreter"} <= actions(html)
        await send(browser, "/machines/laser/reprendre")
        await laser.expect(Resume)
        await send(browser, "/machines/laser/arreter")
        await laser.expect(Stop)


async def test_somebody_elses_work_has_no_name_and_no_buttons(running, run):
    async with running.browser("ben") as browser:
        answer = await browser.get("/machines/laser", headers=HTML)
        stop = await send(browser, "/machines/laser/arreter")

    assert "Somebody’s work" in text_of(answer)
    assert "part" not in re.findall(r"\w+", text_of(answer).partition("Part of the work")[0])
    assert not any(path.startswith("/machines/") for path in actions(answer.text))
    assert stop.status_code == 403


async def test_stop_everything_stops_what_moves_and_ignores_what_is_switched_off(
    running, laser, run
):
    async with running.browser("chloe") as browser:
        text = await page(browser, "/atelier")
        answer = await send(browser, "/atelier/tout-arreter")

    assert "part awa" in text
    assert answer.headers["location"] == "/atelier"
    await laser.expect(Stop)


async def test_an_emptied_bed_is_noted_by_one_press(running, laser, run, until):
    laser.tell(run, RunEventKind.DONE)
    laser.say(MachineState.IDLE)
    view = running.services.runner.view
    await until(lambda: view("laser").state is MachineState.NEEDS_CLEARING)
    async with running.browser("awa") as browser:
        assert "Empty the bed" in await page(browser, "/machines/laser")
        assert "Well done, it is made!" in await page(browser, f"/travaux/{run.job_id}")
        await send(browser, "/machines/laser/plateau-vide")

    assert view("laser").state is MachineState.IDLE


def _finish_runs(lab, job_id, real_s):
    """Write runs of a job that was foretold to take ten minutes."""
    job = lab.services.jobs.read(job_id)

    def act(tables):
        for one_s in real_s:
            run_id = add_run(tables, job, job.owner_id, lab.clock.now())
            update_run(tables, run_id, {"elapsed_s": one_s})
            end_run(tables, run_id, lab.clock.now(), "done", "")

    lab.database.write_now(act)


async def test_what_a_machine_has_taught_is_told_to_everybody_and_its_measure_to_staff(running):
    job_id = running.add_job()
    _finish_runs(running, job_id, (690, 720, 750, 720, 780))
    habit = "takes 1.2 times as long as foretold"
    async with running.browser("awa") as browser:
        assert "12 mins to 13 mins" in (await page(browser, f"/travaux/{job_id}")).replace(
            "\u00a0", " "
        )
        assert habit not in await page(browser, "/machines/laser")
    async with running.browser("dora") as browser:
        assert habit in await page(browser, "/machines/laser")
