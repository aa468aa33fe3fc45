"""The next part goes beside what was cut before from the same sheet."""

import pytest

from jobs.toolpath.nesting import meet
from tests.web.reading import HTML, send

pytestmark = pytest.mark.anyio

PLATE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="100mm" height="60mm" viewBox="0 0 100 60">'
    b'<rect x="10" y="10" width="80" height="40" fill="none" stroke="red"/></svg>'
)


async def plate(lab, owner="awa"):
    services = lab.services
    job = await services.submissions.submit(
        lab.people[owner], file_name="plate.svg", blob=services.blobs.keep([PLATE]),
        machine_id="laser", material_id="plywood-3", project_id=None, title="", options={},
    )  # fmt: skip
    return await services.submissions.checked(job.id)


def cut(lab, job):
    """A job that the laser has made."""
    lab.services.database.write_now(
        lambda tables: tables.execute("UPDATE jobs SET state = 'done' WHERE id = ?", [job.id])
    )


async def test_a_part_goes_beside_what_was_cut_before(running):
    before, job = await plate(running), await plate(running)
    cut(running, before)
    (used,) = before.report.drawing.used_mm
    assert job.report.drawing.used_mm == (used,)
    async with running.browser("awa") as browser:
        html = (await browser.get(f"/travaux/{job.id}", headers=HTML)).text
        assert f'name="sheet" value="{before.id}"' in html
        await send(browser, f"/travaux/{job.id}/pose", sheet=before.id)
        beside = await running.services.submissions.checked(job.id)
        html = (await browser.get(f"/travaux/{job.id}", headers=HTML)).text
        assert f'value="{before.id}" checked' in html
    (laid,) = beside.report.drawing.used_mm
    assert not meet(laid, used)


async def test_nobody_is_shown_what_others_cut(running):
    before, job = await plate(running, "ben"), await plate(running)
    cut(running, before)
    async with running.browser("awa") as browser:
        html = (await browser.get(f"/travaux/{job.id}", headers=HTML)).text
        assert before.id not in html
        await send(browser, f"/travaux/{job.id}/pose", sheet=before.id)
    checked = await running.services.submissions.checked(job.id)
    assert checked.options["taken_mm"] == []


async def test_a_part_lies_where_its_owner_wants_it(running):
    job = await plate(running)
    async with running.browser("awa") as browser:
        await send(browser, f"/travaux/{job.id}/pose", left_mm="40", front_mm="12,5")
        checked = await running.services.submissions.checked(job.id)
        html = (await browser.get(f"/travaux/{job.id}", headers=HTML)).text
    (laid,) = checked.report.drawing.used_mm
    assert laid == pytest.approx((40, 12.5, 120, 52.5))
    assert 'value="12.5"' in html
