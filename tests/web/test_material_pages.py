"""Materials and the laser: what was tried becomes what the next job is made with."""

import pytest

from fablab_hub.core import journal
from jobs.states import State
from tests.web.reading import HTML, actions, page, send

pytestmark = pytest.mark.anyio

SQUARE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="40mm" height="40mm" viewBox="0 0 40 40">'
    b'<rect x="1" y="1" width="30" height="30" fill="none" stroke="red"/></svg>'
)
HERE = "/matieres/laser/plywood-3"


def burnt(lab, job) -> str:
    """The program that was made of a job's file."""
    return lab.services.blobs.path(job.program_sha256).read_text()


async def cut_square(lab):
    """Awa's square, cut as the lab cuts plywood today."""
    services = lab.services
    job = await services.submissions.submit(
        lab.people["awa"], file_name="square.svg", blob=services.blobs.keep([SQUARE]),
        machine_id="laser", material_id="plywood-3", project_id=None, title="", options={},
    )  # fmt: skip
    return await services.submissions.checked(job.id)


async def test_what_a_manager_tried_is_what_the_next_job_is_made_with(running):
    before = burnt(running, await cut_square(running))
    async with running.browser("dora") as browser:
        answer = await send(
            browser, HERE, operation="cut", power="40", feed="850", passes="2", kerf_mm="0,22"
        )
        assert answer.headers["location"].endswith("dit=saved")
        text = await page(browser, HERE)
    after = burnt(running, await cut_square(running))
    assert "F850" in after
    assert "F850" not in before
    assert "S400" in after
    assert "tried by dora" in text
    tried = running.services.calibrations.material("laser", "plywood-3")
    assert (tried.cut.version, tried.cut.passes, tried.kerf_mm) == (2, 2, 0.22)
    entry = journal.read_about(running.database, "machine:laser")[-1]
    assert (entry.verb, entry.data["power"]) == ("material.calibrate", 0.4)


async def test_every_trial_stays_and_the_newest_counts(lab):
    async with lab.browser("dora") as browser:
        for power in ("30", "35"):
            await send(
                browser, HERE, operation="score", power=power, feed="2000", note=f"à {power}"
            )
        text = await page(browser, f"{HERE}?operation=score")
    history = lab.services.calibrations.history("laser", "plywood-3")
    assert [each.preset.power for each in history] == [0.35, 0.30]
    assert [each.preset.version for each in history] == [2, 1]
    assert "à 30" in text
    assert "à 35" in text


async def test_what_the_machine_cannot_do_is_not_kept(lab):
    async with lab.browser("dora") as browser:
        for wrong in ({"power": "100"}, {"feed": "900000"}, {"passes": "0"}, {"kerf_mm": "9"}):
            values = {"operation": "cut", "power": "40", "feed": "900", **wrong}
            answer = await send(browser, HERE, **values)
            assert answer.status_code == 422, wrong
            assert "up to 90 %" in answer.text
    assert lab.services.calibrations.history("laser", "plywood-3") == []


async def test_only_managers_say_what_is_right(lab):
    async with lab.browser("awa") as browser:
        assert (await browser.get(HERE, headers=HTML)).status_code == 403
    async with lab.browser("chloe") as browser:
        html = (await browser.get(HERE, headers=HTML)).text
        assert HERE not in actions(html)
        assert (await send(browser, HERE, operation="cut", power="40", feed="9")).status_code == 403


async def test_what_must_never_burn_has_no_setting(lab):
    async with lab.browser("dora") as browser:
        assert "PVC" in await page(browser, "/matieres")
        assert (await browser.get("/matieres/laser/pvc-3", headers=HTML)).status_code == 404
        answer = await send(browser, "/matieres/laser/pvc-3", operation="cut", power="9", feed="9")
    assert answer.status_code == 404


async def test_a_test_card_is_checked_like_any_file_and_its_best_square_fills_the_form(running):
    async with running.browser("dora") as browser:
        answer = await send(browser, f"{HERE}/planche", operation="cut")
        job_id = answer.headers["location"].rpartition("/")[2]
        job = await running.services.submissions.checked(job_id)
        assert job.state in (State.QUEUED, State.TO_APPROVE), job.report.findings
        html = (await browser.get(HERE, headers=HTML)).text
        powers = job.options["test_card"]["powers"]
        feeds = job.options["test_card"]["feeds_mm_min"]
        best = f"power={round(powers[1] * 100)}&amp;feed={round(feeds[2])}"
        assert best in html
        chosen = f"{HERE}?operation=cut&power={round(powers[1] * 100)}&feed={round(feeds[2])}"
        html = (await browser.get(chosen, headers=HTML)).text
    assert f'value="{round(feeds[2])}"' in html
    lines = burnt(running, job).splitlines()
    used = {line.rpartition("F")[2] for line in lines if "F" in line}
    assert {str(round(feed)) for feed in feeds} <= used
