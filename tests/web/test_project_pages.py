"""What people made: photos, stories, projects and the portfolio."""

import pytest

from jobs.store import add_run
from projects.store import Moment, Outcome, add_fabrication, add_photo, add_project
from tests.web.reading import HTML, actions, page, send, text_of

pytestmark = pytest.mark.anyio


@pytest.fixture
def made(lab):
    """Something that awa made; gives its id and that of its photo."""
    lab.add_job()
    job = lab.services.jobs.of_owner(lab.people["awa"].id)[0]
    blob, now = lab.services.blobs.keep([b"\xff\xd8\xff\xd9"]), lab.clock.now()

    def act(tables):
        run_id = add_run(tables, job, job.owner_id, now)
        project_id = add_project(tables, owner_id=job.owner_id, title="My room", at=now)
        photo_id = add_photo(
            tables, run_id=run_id, moment=Moment.END, blob=blob, taken_at=now, at=now
        )
        made_id = add_fabrication(
            tables, project_id=project_id, owner_id=job.owner_id, run_id=run_id,
            title="Lamp", outcome=Outcome.DONE, at=now,
        )  # fmt: skip
        return made_id, photo_id

    return lab.database.write_now(act)


async def test_what_was_made_lies_in_its_project_with_its_photo(lab, made):
    made_id, photo_id = made
    async with lab.browser("awa") as browser:
        answer = await browser.get("/projets", headers=HTML)
        photo = await browser.get(f"/photos/{photo_id}.jpg")
        one = await browser.get(f"/fabrications/{made_id}", headers=HTML)

    assert "My room" in text_of(answer)
    assert f"/fabrications/{made_id}" in answer.text
    assert f"/photos/{photo_id}.jpg" in answer.text
    assert (photo.status_code, photo.headers["content-type"]) == (200, "image/jpeg")
    assert "Tell it in a few words" in text_of(one)


async def test_a_story_is_kept_and_its_owner_alone_writes_it(lab, made):
    path = f"/fabrications/{made[0]}"
    async with lab.browser("awa") as browser:
        answer = await send(browser, path, title="Butterfly lamp", story="I learnt.\nA lot.")
        assert "It is saved." in await page(browser, answer.headers["location"])
        empty = await send(browser, path, title=" ", story="Still here.")
        assert empty.status_code == 422
        assert "Still here." in empty.text
    async with lab.browser("chloe") as trainer:
        read = await trainer.get(path, headers=HTML)
        other = await send(trainer, path, title="Hers", story="")
    async with lab.browser("ben") as stranger:
        await page(stranger, path, 404)
        await page(stranger, f"/photos/{made[1]}.jpg", 404)

    assert "I learnt." in text_of(read)
    assert path not in actions(read.text)
    assert other.status_code == 403
    kept = lab.services.projects.fabrications_of(lab.people["awa"].id)[0]
    assert (kept.title, kept.story) == ("Butterfly lamp", "I learnt.\nA lot.")


async def test_a_project_is_begun_and_offered_for_the_next_file(lab):
    async with lab.browser("awa") as browser:
        await send(browser, "/projets", title="  A boat ")
        assert "A boat" in await page(browser, "/fabriquer")
        assert (await send(browser, "/projets", title=" ")).status_code == 422

    assert [p.title for p in lab.services.projects.projects_of(lab.people["awa"].id)] == ["A boat"]


async def test_the_portfolio_is_a_document_to_keep(lab, made):
    async with lab.browser("awa") as browser:
        assert "/portfolio.pdf" in (await browser.get("/projets", headers=HTML)).text
        answer = await browser.get("/portfolio.pdf", headers=HTML)

    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
