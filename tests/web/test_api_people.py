"""The API about people and what they made: sessions, tokens, rights, stories and portfolios."""

import pytest

from fablab_hub.core import journal
from fablab_hub.core.blobs import register
from jobs.store import add_run
from projects.store import Moment, Outcome, add_fabrication, add_photo, add_project

pytestmark = pytest.mark.anyio

PIN = "271828"
JPEG = bytes.fromhex("ffd8ffe0") + b"not much of a photo"
CUBE = b"G21\nG90\nM82\nM104 S200\nG28\nM109 S200\nG92 E0\nG1 X10 Y10 Z0.2 F1200\n" + b"".join(
    b"G1 X%d Y10 E%d F1200\n" % (10 + n, n) for n in range(1, 20)
)


def code(answer) -> str:
    return answer.json()["error"]["code"]


async def test_signing_in_by_name_or_id_gives_a_session_that_works(lab):
    for who in ("awa", lab.people["awa"].id):
        async with lab.browser() as browser:
            answer = await browser.post("/api/v1/session", json={"person": who, "pin": PIN})
            session = await browser.get("/api/v1/session")

        assert answer.status_code == 201
        assert answer.json()["name"] == "awa"
        assert session.json() == answer.json()
        assert session.json()["rights"] == ["see_own", "start", "submit"]


@pytest.mark.parametrize("who", ["awa", "nobody", "' OR 1=1 --"])
async def test_a_wrong_pin_and_a_wrong_name_get_the_same_answer(lab, who):
    async with lab.browser() as browser:
        answer = await browser.post("/api/v1/session", json={"person": who, "pin": "000000"})

    assert answer.status_code == 401
    assert code(answer) == "signin.wrong"
    assert "set-cookie" not in answer.headers


async def test_guessing_is_slowed_down_and_a_trainer_opens_the_name_again(lab):
    async with lab.browser() as browser:
        for _ in range(3):
            await browser.post("/api/v1/session", json={"person": "awa", "pin": "000000"})
        early = await browser.post("/api/v1/session", json={"person": "awa", "pin": PIN})
        for _ in range(7):
            lab.clock.advance(3601)
            await browser.post("/api/v1/session", json={"person": "awa", "pin": "000000"})
        blocked = await browser.post("/api/v1/session", json={"person": "awa", "pin": PIN})
    awa = f"/api/v1/people/{lab.people['awa'].id}"
    async with lab.browser("chloe") as browser:
        listed = {person["name"]: person for person in (await browser.get("/api/v1/people")).json()}
        opened = await browser.post(f"{awa}/unblock", json={"reason": "seen in person"})
    lab.clock.advance(3601)
    async with lab.browser() as browser:
        again = await browser.post("/api/v1/session", json={"person": "awa", "pin": PIN})

    assert (early.status_code, code(early)) == (429, "signin.wait")
    assert int(early.headers["retry-after"]) > 0
    assert (blocked.status_code, code(blocked)) == (403, "signin.blocked")
    assert listed["awa"]["is_blocked"]
    assert not listed["ben"]["is_blocked"]
    assert not opened.json()["is_blocked"]
    assert again.status_code == 201


async def test_signing_out_ends_the_session(lab):
    async with lab.browser("awa") as browser:
        cookie = dict(browser.cookies)
        assert (await browser.delete("/api/v1/session")).status_code == 204
        browser.cookies.update(cookie)
        assert (await browser.get("/api/v1/session")).status_code == 401


async def test_a_token_is_made_with_the_pin_and_acts_for_its_owner(lab):
    async with lab.browser("awa") as browser:
        wrong = await browser.post("/api/v1/tokens", json={"name": "slicer", "pin": "000000"})
        answer = await browser.post("/api/v1/tokens", json={"name": "slicer", "pin": PIN})
    async with lab.browser() as program:
        program.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        session = await program.get("/api/v1/session")

    assert code(wrong) == "signin.wrong"
    assert answer.json()["token"].startswith("fab_")
    assert session.json()["name"] == "awa"
    assert session.json()["form_key"] is None


async def test_people_are_authorised_and_lose_it_again(lab):
    ben = f"/api/v1/people/{lab.people['ben'].id}"

    async with lab.browser("chloe") as browser:
        given = await browser.put(f"{ben}/machines/laser")
        taken = await browser.delete(f"{ben}/machines/laser")
        nothing = await browser.put(f"{ben}/machines/nothing")
        nobody = await browser.put("/api/v1/people/nobody/machines/laser")

    assert given.json()["machines"] == ["laser"]
    assert taken.json()["machines"] == []
    assert nothing.status_code == nobody.status_code == 404
    verbs = [
        entry.verb
        for entry in journal.read_about(lab.database, journal.person(lab.people["ben"].id))
    ]
    assert verbs[-2:] == ["machine.authorise", "machine.withdraw"]


@pytest.fixture
def made(lab):
    """A fabrication of awa's, with a photo; gives its id and the photo's."""
    job = lab.services.jobs.read(lab.add_job("awa"))
    now, photo = lab.clock.now(), lab.services.blobs.keep([JPEG])

    def act(tables):
        project_id = add_project(tables, owner_id=lab.people["awa"].id, title="Boîtes", at=now)
        run_id = add_run(tables, job, lab.people["awa"].id, now)
        photo_id = add_photo(
            tables, run_id=run_id, moment=Moment.START, blob=photo, taken_at=now, at=now
        )
        register(tables, photo, "image/jpeg", now)
        fabrication_id = add_fabrication(
            tables, project_id=project_id, owner_id=lab.people["awa"].id, run_id=run_id,
            title="part", outcome=Outcome.DONE, at=now,
        )  # fmt: skip
        return project_id, fabrication_id, photo_id

    return lab.database.write_now(act)


async def test_what_somebody_made_is_theirs_to_see_and_to_tell(lab, made):
    project_id, fabrication_id, photo_id = made
    url = f"/api/v1/fabrications/{fabrication_id}"
    story = {"title": "Ma boîte", "story": "Je l’ai faite.\nDeux fois."}

    async with lab.browser("awa") as browser:
        projects = (await browser.get("/api/v1/projects")).json()
        listed = (await browser.get("/api/v1/fabrications")).json()
        inside = (await browser.get(f"/api/v1/projects/{project_id}/fabrications")).json()
        told = await browser.put(f"{url}/story", json=story)
        untitled = await browser.put(f"{url}/story", json={**story, "title": " "})
        photo = await browser.get(f"/api/v1/photos/{photo_id}")
    async with lab.browser("ben") as browser:
        hidden = [
            (await browser.get(address)).status_code
            for address in (
                url, f"/api/v1/photos/{photo_id}", f"/api/v1/projects/{project_id}/fabrications",
            )
        ]  # fmt: skip
    async with lab.browser("chloe") as browser:
        seen = await browser.get(url)
        meddled = await browser.put(f"{url}/story", json=story)

    assert [project["title"] for project in projects] == ["Boîtes"]
    assert [one["id"] for one in listed] == [one["id"] for one in inside] == [fabrication_id]
    assert told.json()["story"] == "Je l’ai faite.\nDeux fois."
    assert (untitled.status_code, untitled.json()["error"]["fields"]) == (422, {"field": "title"})
    assert (photo.content, photo.headers["content-type"]) == (JPEG, "image/jpeg")
    assert hidden == [404, 404, 404]
    assert seen.json()["title"] == "Ma boîte"
    assert meddled.status_code == 403


async def test_a_portfolio_is_a_pdf_for_its_owner_and_for_staff(lab, made):
    awa = lab.people["awa"].id

    async with lab.browser("awa") as browser:
        own = await browser.get("/api/v1/portfolio.pdf")
    async with lab.browser("ben") as browser:
        others = await browser.get("/api/v1/portfolio.pdf", params={"of": awa})
    async with lab.browser("chloe") as browser:
        staff = await browser.get("/api/v1/portfolio.pdf", params={"of": awa})
        nobody = await browser.get("/api/v1/portfolio.pdf", params={"of": "nobody"})

    assert own.content.startswith(b"%PDF-")
    assert own.headers["content-type"] == "application/pdf"
    assert own.headers["content-disposition"].startswith("attachment;")
    assert staff.content.startswith(b"%PDF-")
    assert (others.status_code, nobody.status_code) == (403, 404)


async def test_a_field_that_is_not_known_is_an_error(lab):
    async with lab.browser("awa") as browser:
        answer = await browser.post(
            "/api/v1/tokens", json={"name": "x", "pin": PIN, "for_ever": True}
        )

    assert (answer.status_code, answer.json()["error"]["fields"]) == (422, {"field": "for_ever"})
