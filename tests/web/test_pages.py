"""The main job, page by page, as people do it: forms, and no script."""

import re
from dataclasses import replace

import pytest

from fablab_hub.core.geometry import Box
from fablab_hub.core.people import authorised_machines
from jobs.report import DrawingShown, Facts, FileKind, Finding, Severity
from jobs.states import State, Verb
from tests.web.reading import HTML, PIN, actions, page, send, text_of
from web.access import SESSION_COOKIE
from web.pages.job import allowed_verbs
from web.pages.questions import questions_about
from web.wording import JOB_SAYINGS

pytestmark = pytest.mark.anyio


async def test_people_find_their_name_and_come_in_with_their_pin(lab):
    async with lab.browser() as browser:
        assert "awa" in await page(browser, "/entrer")
        assert "ben" not in await page(browser, "/entrer?cherche=AW")
        awa = lab.people["awa"].id
        assert "Type your PIN" in await page(browser, f"/entrer?qui={awa}")

        answer = await send(browser, "/entrer", person_id=awa, pin=PIN, vers="/fabriquer")

    assert (answer.status_code, answer.headers["location"]) == (303, "/fabriquer")
    assert SESSION_COOKIE in answer.cookies


async def test_a_wrong_pin_is_told_beside_the_field_and_then_slowed_down(lab):
    awa = lab.people["awa"].id
    async with lab.browser() as browser:
        answers = [await send(browser, "/entrer", person_id=awa, pin="111222") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    assert "The name or the badge does not go with the PIN." in text_of(answers[0])
    assert "Type your PIN" in text_of(answers[0])
    assert "That was the wrong PIN too many times." in text_of(answers[3])


async def test_the_door_leads_to_no_other_site(lab):
    async with lab.browser() as browser:
        answer = await send(
            browser, "/entrer", person_id=lab.people["awa"].id, pin=PIN, vers="//evil.example"
        )

    assert answer.headers["location"] == "/"


async def test_somebody_who_signed_out_is_out(lab):
    async with lab.browser("awa") as browser:
        answer = await send(browser, "/sortir")
        assert answer.headers["location"] == "/entrer"
        again = await browser.get("/", headers=HTML)

    assert again.headers["location"].startswith("/entrer")


async def test_a_language_is_kept_for_the_person(lab):
    async with lab.browser("awa") as browser:
        await send(browser, "/langue", langue="fr", vers="/aide")
        answer = await browser.get("/aide", headers=HTML)
        await send(browser, "/langue", langue="xx", vers="/aide")

    assert '<html lang="fr">' in answer.text


async def test_trainees_start_with_what_to_do_now_and_staff_in_the_workshop(lab):
    async with lab.browser("awa") as browser:
        text = await page(browser, "/")
        assert "Hello awa" in text
        assert "Workshop" not in text
    async with lab.browser("chloe") as browser:
        answer = await browser.get("/", headers=HTML)

    assert answer.headers["location"] == "/atelier"


async def test_forbidden_materials_are_not_offered_and_it_is_said_why(lab):
    async with lab.browser("awa") as browser:
        answer = await browser.get("/fabriquer", headers=HTML)

    assert 'value="plywood-3"' in answer.text
    assert 'value="pvc-3"' not in answer.text
    assert "It makes chlorine." in text_of(answer)


async def test_a_file_becomes_a_job_with_a_page(lab):
    fields = {"machine_id": "printer", "material_id": "plywood-3", "title": "A pot"}
    async with lab.browser("awa") as browser:
        answer = await browser.post(
            "/fabriquer", data=fields, files={"file": ("pot.gcode", b"G28\n")}, headers=HTML
        )
        assert answer.status_code == 303
        text = await page(browser, answer.headers["location"])
    await lab.services.submissions.close()

    job = lab.services.jobs.of_owner(lab.people["awa"].id)[0]
    assert (job.title, job.file_name, job.machine_id) == ("A pot", "pot.gcode", "printer")
    assert job.material_id is None, "a printer takes no sheet"
    assert "A pot" in text


@pytest.mark.parametrize(
    ("machine_id", "explained", "not_explained"),
    [("printer", "Filament", "Beam"), ("laser", "Beam", "Filament")],
)
async def test_the_words_below_a_program_are_those_of_its_machine(
    lab, machine_id, explained, not_explained
):
    fields = {"machine_id": machine_id, "material_id": "plywood-3", "title": "A sign"}
    async with lab.browser("awa") as browser:
        answer = await browser.post(
            "/fabriquer", data=fields, files={"file": ("sign.nc", b"G21\n")}, headers=HTML
        )
        text = await page(browser, answer.headers["location"])
    await lab.services.submissions.close()
    assert explained in text
    assert not_explained not in text


@pytest.mark.parametrize(
    ("fields", "files", "status", "words"),
    [
        ({"machine_id": "laser"}, {"file": ("a.dxf", b"0\n")}, 422, "material"),
        ({"machine_id": "printer"}, {"file": ("", b"")}, 422, "No file arrived"),
    ],
)
async def test_a_missing_answer_is_asked_for_again(lab, fields, files, status, words):
    async with lab.browser("awa") as browser:
        answer = await browser.post("/fabriquer", data=fields, files=files, headers=HTML)

    assert answer.status_code == status
    assert words in text_of(answer)
    assert actions(answer.text) >= {"/fabriquer"}
    assert lab.services.jobs.of_owner(lab.people["awa"].id) == []


async def test_a_job_that_waits_in_the_queue_shows_its_place_and_a_time(lab):
    lab.add_job("ben")
    second = lab.add_job("awa")
    async with lab.browser("awa") as browser:
        text = await page(browser, f"/travaux/{second}")
        home = await page(browser, "/")

    assert "Your file is ready" in text
    # The job before takes ten minutes, and the change of people five.
    assert "You are number 2. Your turn comes at about 10:15." in text
    assert "about 10:15" in home


async def test_a_refused_file_says_why_and_can_be_changed(lab):
    job_id = lab.add_job(severity=Severity.REFUSE)
    async with lab.browser("awa") as browser:
        answer = await browser.get(f"/travaux/{job_id}", headers=HTML)
        changed = await browser.post(
            f"/travaux/{job_id}/fichier", files={"file": ("b.gcode", b"G28\n")}, headers=HTML
        )
    await lab.services.submissions.close()

    assert "Your file must be changed" in text_of(answer)
    assert "Reading this file takes too long." in text_of(answer)
    assert f"/travaux/{job_id}/fichier" in actions(answer.text)
    assert changed.status_code == 303
    assert lab.services.jobs.read(job_id).revision == 2


def drawing(lab, **facts):
    """A job whose drawing does not say its unit well."""
    job = lab.services.jobs.read(lab.add_job(severity=Severity.ASK))
    report = replace(
        job.report,
        file=replace(job.report.file, kind=FileKind.DXF),
        facts=Facts(bounds_mm=Box((0, 0, 0), (254, 127, 0))),
        findings=(Finding(rule="drawing.unit-doubtful", severity=Severity.ASK, facts=facts),),
    )
    return replace(job, report=report)


def test_the_unit_of_a_drawing_is_asked_with_the_size_that_each_answer_means(lab):
    (question,) = questions_about(drawing(lab, unit="inch"), "en")

    assert [(value, size) for value, _, size in question.answers] == [
        ("mm", "10 × 5 mm"), ("cm", "100 × 50 mm"), ("inch", "254 × 127 mm"),
    ]  # fmt: skip


def test_an_svg_is_asked_for_its_pixels_and_the_guess_says_why(lab):
    asked = drawing(lab, unit="px96", evidence="holes")
    file = replace(asked.report.file, kind=FileKind.SVG)
    shown = DrawingShown(unit="px96", scale_mm=25.4 / 96)
    job = replace(asked, report=replace(asked.report, file=file, drawing=shown))
    (question,) = questions_about(job, "en")

    assert "holes" in question.text
    assert [(value, size) for value, _, size in question.answers] == [
        ("px96", "254 × 127 mm"), ("px90", "271 × 135 mm"), ("px72", "339 × 169 mm"),
        ("mm", "960 × 480 mm"),
    ]  # fmt: skip


def test_nothing_is_asked_about_a_file_that_says_everything(lab):
    asked = drawing(lab)
    clear = replace(asked, report=replace(asked.report, findings=()))
    program = replace(
        asked, report=replace(asked.report, file=lab.services.jobs.read(asked.id).report.file)
    )

    assert questions_about(clear, "en") == []
    assert questions_about(program, "en") == []


async def test_an_answer_is_one_press_and_only_what_was_asked(lab):
    job_id = lab.add_job(severity=Severity.ASK)
    async with lab.browser("awa") as browser:
        strange = await send(browser, f"/travaux/{job_id}/repondre", unit="light-year")
        answer = await send(browser, f"/travaux/{job_id}/repondre", unit="inch")
    await lab.services.submissions.close()

    assert (strange.status_code, answer.status_code) == (422, 303)
    assert lab.services.jobs.read(job_id).options == {"unit": "inch"}


async def test_what_somebody_types_is_shown_as_they_typed_it(lab):
    async with lab.browser("awa") as browser:
        answer = await browser.post(
            "/fabriquer",
            data={"machine_id": "printer", "title": "<img src=x>"},
            files={"file": ("a.gcode", b"G28\n")},
            headers=HTML,
        )
        shown = await browser.get(answer.headers["location"], headers=HTML)
    await lab.services.submissions.close()

    assert "&lt;img src=x&gt;" in shown.text
    assert "<img src=x>" not in shown.text


@pytest.mark.parametrize("path", ["", "/etat", "/image.svg"])
async def test_nobody_sees_the_job_of_another_trainee(lab, path):
    job_id = lab.add_job("awa")
    async with lab.browser("ben") as browser:
        answer = await browser.get(f"/travaux/{job_id}{path}", headers=HTML)

    assert answer.status_code == 404


async def test_the_picture_of_a_strangers_file_is_dead(lab):
    job_id = lab.add_job()
    async with lab.browser("awa") as browser:
        answer = await browser.get(f"/travaux/{job_id}/image.svg")

    assert answer.headers["content-type"] == "image/svg+xml"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]


async def test_a_manager_accepts_and_the_job_is_in_the_queue(lab):
    job_id = lab.add_job(severity=Severity.ASK)
    async with lab.browser("dora") as browser:
        review = await browser.get("/a-valider", headers=HTML)
        assert f"/travaux/{job_id}/accepter?vers=/a-valider" in actions(review.text)
        answer = await send(browser, f"/travaux/{job_id}/accepter?vers=/a-valider")

        assert answer.headers["location"] == "/a-valider"
        assert "Nothing waits for an answer." in await page(browser, "/a-valider")
    assert lab.state(job_id) is State.QUEUED


async def test_a_refusal_needs_a_reason_and_its_owner_reads_it(lab):
    job_id = lab.add_job(severity=Severity.ASK)
    async with lab.browser("dora") as browser:
        nothing = await send(browser, f"/travaux/{job_id}/refuser", reason="  ")
        assert nothing.status_code == 409
        assert lab.state(job_id) is State.TO_APPROVE
        await send(browser, f"/travaux/{job_id}/refuser", reason="Too thick for the laser.")
    async with lab.browser("awa") as browser:
        text = await page(browser, f"/travaux/{job_id}")

    assert lab.state(job_id) is State.REFUSED
    assert "Too thick for the laser." in text


async def test_a_trainer_reads_what_waits_and_does_not_decide(lab):
    job_id = lab.add_job(severity=Severity.ASK)
    async with lab.browser("chloe") as browser:
        review = await browser.get("/a-valider", headers=HTML)
        answer = await send(browser, f"/travaux/{job_id}/accepter")

    assert "part" in text_of(review)
    assert not any(path.endswith(("accepter", "refuser")) for path in actions(review.text))
    assert answer.status_code == 403
    assert lab.state(job_id) is State.TO_APPROVE


@pytest.mark.parametrize(
    ("who", "severity", "expected"),
    [
        ("awa", Severity.ASK, {Verb.REPLACE, Verb.ADJUST, Verb.WITHDRAW}),
        ("awa", Severity.REFUSE, {Verb.REPLACE, Verb.ADJUST}),
        ("chloe", Severity.ASK, {Verb.WITHDRAW}),
        ("dora", Severity.ASK, {Verb.APPROVE, Verb.REFUSE, Verb.WITHDRAW}),
        ("eli", Severity.ASK, {Verb.APPROVE, Verb.REFUSE, Verb.WITHDRAW}),
        ("awa", None, {Verb.ADJUST, Verb.WITHDRAW}),
    ],
)
def test_the_buttons_of_a_job_are_what_the_table_of_states_allows(lab, who, severity, expected):
    job = lab.services.jobs.read(lab.add_job(severity=severity))

    assert allowed_verbs(lab.people[who], job) == expected


def test_a_manager_who_sends_a_file_may_also_decide_about_it(lab):
    job = lab.services.jobs.read(lab.add_job("dora", severity=Severity.ASK))

    assert allowed_verbs(lab.people["dora"], job) == {
        Verb.APPROVE, Verb.REFUSE, Verb.REPLACE, Verb.ADJUST, Verb.WITHDRAW,
    }  # fmt: skip


async def test_a_withdrawn_job_is_out_of_the_queue(lab):
    job_id = lab.add_job()
    async with lab.browser("awa") as browser:
        answer = await send(browser, f"/travaux/{job_id}/retirer")

    assert answer.status_code == 303
    assert lab.state(job_id) is State.STOPPED


async def test_a_trainer_authorises_takes_back_and_lets_in_again(lab):
    ben = lab.people["ben"].id
    async with lab.browser() as door:
        for _ in range(10):
            await send(door, "/entrer", person_id=ben, pin="111222")
            lab.clock.advance(4000)
    async with lab.browser("chloe") as browser:
        assert "Blocked after too many wrong PINs." in await page(browser, "/personnes")
        await send(browser, f"/personnes/{ben}/debloquer", reason="in person")
        await send(browser, f"/personnes/{ben}/autoriser", machine_id="laser")
        assert authorised_machines(lab.database, ben) == {"laser"}
        await send(browser, f"/personnes/{ben}/retirer", machine_id="laser")
        unknown = await send(browser, f"/personnes/{ben}/autoriser", machine_id="nosuch")

    assert authorised_machines(lab.database, ben) == frozenset()
    assert lab.services.signin.blocked_people() == frozenset()
    assert unknown.status_code == 404


async def test_a_key_for_a_slicer_is_shown_once_to_whoever_types_the_pin(lab):
    async with lab.browser("awa") as browser:
        wrong = await send(browser, "/reglages/cle", name="slicer", pin="111222")
        answer = await send(browser, "/reglages/cle", name="slicer", pin=PIN)
        later = await page(browser, "/reglages")

    assert wrong.status_code == 401
    key = re.search(r"fab_[\w-]+", answer.text)
    assert key
    assert lab.services.signin.token_person(key[0]) == lab.people["awa"]
    assert "fab_" not in later
    assert answer.headers["cache-control"] == "no-store"


async def test_help_is_there_for_everybody(lab):
    async with lab.browser() as browser:
        assert "There are no silly questions." in await page(browser, "/aide")


@pytest.mark.parametrize("path", ["/accueil/etat", "/atelier/etat", "/machines/laser/etat"])
async def test_the_part_that_changes_is_the_same_as_in_its_page(lab, path):
    lab.add_job("dora")
    whole = {"/accueil/etat": "/", "/atelier/etat": "/atelier"}.get(path, path[: -len("/etat")])
    async with lab.browser("awa" if whole == "/" else "dora") as browser:
        part = await browser.get(path, headers=HTML)
        html = (await browser.get(whole, headers=HTML)).text

    assert f'data-live="{path}"' in html
    assert part.text.strip() in html


def test_every_state_says_what_comes_next():
    assert all(saying.title and saying.next_step for saying in JOB_SAYINGS.values())
