"""The JSON API as programs use it. Every answer here is also compared with its description."""

import dataclasses
import hashlib

import pytest

from fablab_hub.core import journal
from fablab_hub.core.clock import utc_text
from fablab_hub.core.db import Database
from fablab_hub.core.machines import MachineState
from fablab_hub.core.messages import Hold, Resume, RunEventKind, StartRun, Stop
from jobs.report import Severity
from jobs.states import Actor, State, Verb
from jobs.store import add_run, move
from web.access import FORM_KEY_HEADER

pytestmark = pytest.mark.anyio

PIN = "271828"
JPEG = bytes.fromhex("ffd8ffe0") + b"not much of a photo"
CUBE = b"G21\nG90\nM82\nM104 S200\nG28\nM109 S200\nG92 E0\nG1 X10 Y10 Z0.2 F1200\n" + b"".join(
    b"G1 X%d Y10 E%d F1200\n" % (10 + n, n) for n in range(1, 20)
)


def code(answer) -> str:
    return answer.json()["error"]["code"]


async def test_machines_are_listed_with_their_state_and_what_you_may_start(running, laser):
    async with running.browser("awa") as browser:
        machines = (await browser.get("/api/v1/machines")).json()
        one = await browser.get("/api/v1/machines/laser")
        none = await browser.get("/api/v1/machines/nothing")
    async with running.browser("ben") as browser:
        bens = (await browser.get("/api/v1/machines/laser")).json()

    assert [machine["id"] for machine in machines] == ["laser", "printer"]
    assert one.json() == machines[0]
    assert (machines[0]["state"], machines[1]["state"]) == ("idle", "offline")
    assert machines[1]["error_code"] == "agent.not-reachable"
    assert machines[0]["checklist"][0]["id"] == "lid"
    assert (one.json()["is_authorised"], bens["is_authorised"]) == (True, False)
    assert none.status_code == 404


async def test_materials_say_what_is_forbidden_and_why(lab):
    async with lab.browser("awa") as browser:
        materials = {one["id"]: one for one in (await browser.get("/api/v1/materials")).json()}

    assert materials["plywood-3"]["operations"] == ["cut"]
    assert materials["pvc-3"]["is_forbidden"]
    assert materials["pvc-3"]["reason"]["en"] == "It makes chlorine."


async def test_a_trainee_sees_their_own_jobs_and_staff_see_all(lab):
    mine, others = lab.add_job("awa"), lab.add_job("ben")

    async with lab.browser("awa") as browser:
        own = (await browser.get("/api/v1/jobs")).json()
        everybody = await browser.get("/api/v1/jobs", params={"of": "everybody"})
        hidden = await browser.get(f"/api/v1/jobs/{others}")
        for what in ("report", "runs", "program.gcode", "picture.svg", "file"):
            assert (await browser.get(f"/api/v1/jobs/{others}/{what}")).status_code == 404
    async with lab.browser("chloe") as browser:
        seen = (await browser.get("/api/v1/jobs", params={"of": "everybody"})).json()
        done = await browser.get("/api/v1/jobs", params={"of": "everybody", "state": ["done"]})
        one = await browser.get(f"/api/v1/jobs/{others}")

    assert [job["id"] for job in own] == [mine]
    assert (everybody.status_code, code(everybody)) == (403, "rights.denied")
    assert hidden.status_code == 404
    assert [job["id"] for job in seen] == [others, mine]
    assert done.json() == []
    assert one.json()["owner_id"] == lab.people["ben"].id


async def test_waiting_jobs_say_when_they_start(lab):
    first, second = lab.add_job("awa"), lab.add_job("ben")

    async with lab.browser("chloe") as browser:
        jobs = (await browser.get("/api/v1/jobs", params={"of": "everybody"})).json()

    starts = {job["id"]: job["starts_at"] for job in jobs}
    assert starts[first] < starts[second]
    assert starts[first][:19] == utc_text(lab.clock.now())[:19]


async def test_a_report_is_said_in_the_readers_language(lab):
    job_id = lab.add_job("awa", severity=Severity.ASK)

    async with lab.browser("awa") as browser:
        report = (await browser.get(f"/api/v1/jobs/{job_id}/report")).json()

    assert report["verdict"] == "needs_approval"
    assert report["findings"][0]["rule"] == "check.too-slow"
    assert report["findings"][0]["message"].startswith("Reading this file takes too long")
    assert "bounds_mm" not in report["facts"]


async def test_a_report_that_is_not_there_yet_is_not_found(lab):
    job_id = lab.add_job("awa", is_checked=False)

    async with lab.browser("awa") as browser:
        job = (await browser.get(f"/api/v1/jobs/{job_id}")).json()
        report = await browser.get(f"/api/v1/jobs/{job_id}/report")
        program = await browser.get(f"/api/v1/jobs/{job_id}/program.gcode")

    assert (job["state"], job["verdict"], job["has_program"]) == ("checking", None, False)
    assert report.status_code == program.status_code == 404


async def test_programs_and_files_are_downloads(lab):
    job_id = lab.add_job("awa", program=b"G1 X5 F100\n")

    async with lab.browser("awa") as browser:
        program = await browser.get(f"/api/v1/jobs/{job_id}/program.gcode")
        file = await browser.get(f"/api/v1/jobs/{job_id}/file")

    assert program.content == file.content == b"G1 X5 F100\n"
    assert program.headers["content-type"].startswith("text/x-gcode")
    assert file.headers["content-type"] == "application/octet-stream"
    for answer in (program, file):
        assert answer.headers["content-disposition"].startswith("attachment;")


async def test_a_real_file_is_checked_and_queued(running):
    async with running.browser("awa") as browser:
        sent = await browser.post(
            "/api/v1/jobs",
            params={"wait_s": 30},
            data={"machine_id": "printer", "title": "Cube"},
            files={"file": ("cube.gcode", CUBE)},
        )
        job = sent.json()
        report = (await browser.get(f"/api/v1/jobs/{job['id']}/report")).json()
        program = await browser.get(f"/api/v1/jobs/{job['id']}/program.gcode")

    assert sent.status_code == 201
    assert job["title"] == "Cube"
    assert job["state"] in ("queued", "to_approve"), report["findings"]
    assert report["file"]["sha256"] == hashlib.sha256(CUBE).hexdigest()
    assert report["facts"]["bounds_mm"]["max"][0] == pytest.approx(29)
    assert hashlib.sha256(program.content).hexdigest() == report["program"]["sha256"]


async def test_a_refused_job_takes_a_better_file_and_answers(running):
    job_id = running.add_job("awa", severity=Severity.REFUSE)

    async with running.browser("awa") as browser:
        better = await browser.put(
            f"/api/v1/jobs/{job_id}/file", files={"file": ("better.gcode", CUBE)}
        )
    other = running.add_job("awa", severity=Severity.ASK)
    async with running.browser("awa") as browser:
        answered = await browser.post(f"/api/v1/jobs/{other}/answer", json={"unit": "cm"})
        nonsense = await browser.post(f"/api/v1/jobs/{other}/answer", json={"unit": "league"})
    async with running.browser("ben") as browser:
        strangers = await browser.put(
            f"/api/v1/jobs/{job_id}/file", files={"file": ("x.gcode", CUBE)}
        )

    assert (better.json()["revision"], better.json()["file_name"]) == (2, "better.gcode")
    assert answered.status_code == 200
    assert running.services.jobs.read(other).options == {"unit": "cm"}
    assert (nonsense.status_code, nonsense.json()["error"]["fields"]) == (422, {"field": "unit"})
    assert strangers.status_code == 404


async def test_a_manager_approves_or_refuses_with_a_reason(lab):
    first, second = (lab.add_job("awa", severity=Severity.ASK) for _ in range(2))

    async with lab.browser("dora") as browser:
        approved = await browser.post(f"/api/v1/jobs/{first}/approve")
        silent = await browser.post(f"/api/v1/jobs/{second}/refuse", json={"reason": ""})
        refused = await browser.post(f"/api/v1/jobs/{second}/refuse", json={"reason": "Too big"})
        again = await browser.post(f"/api/v1/jobs/{second}/approve")

    assert approved.json()["state"] == "queued"
    assert silent.status_code == 422
    assert (refused.json()["state"], refused.json()["reason"]) == ("refused", "Too big")
    assert (again.status_code, code(again)) == (409, "job.wrong-state")


async def test_a_job_is_withdrawn_by_its_owner_and_by_no_other_trainee(lab):
    job_id = lab.add_job("awa")

    async with lab.browser("ben") as browser:
        strangers = await browser.post(f"/api/v1/jobs/{job_id}/withdraw")
    async with lab.browser("awa") as browser:
        own = await browser.post(f"/api/v1/jobs/{job_id}/withdraw")

    assert strangers.status_code == 403
    assert own.json()["state"] == "stopped"


@pytest.mark.parametrize(("verb", "state"), [("requeue", "queued"), ("give-up", "failed")])
async def test_an_interrupted_job_is_made_again_or_given_up(lab, verb, state):
    job_id = _interrupt(lab, lab.add_job("awa"))

    async with lab.browser("awa") as browser:
        answer = await browser.post(f"/api/v1/jobs/{job_id}/{verb}")
        runs = (await browser.get(f"/api/v1/jobs/{job_id}/runs")).json()

    assert answer.json()["state"] == state
    assert [run["outcome"] for run in runs] == ["failed"]


def _interrupt(lab, job_id: str) -> str:
    job, now, awa = lab.services.jobs.read(job_id), lab.clock.now(), lab.people["awa"].id

    def act(tables):
        move(tables, job.id, Verb.CALL, Actor.SCHEDULER, who="hub", at=now)
        add_run(tables, job, awa, now)
        move(tables, job.id, Verb.START, Actor.OWNER, who=journal.person(awa), at=now)
        move(tables, job.id, Verb.INTERRUPT, Actor.HUB, who="hub", at=now)

    lab.database.write_now(act)
    return job_id


async def test_a_run_from_its_start_at_the_machine_to_an_empty_bed(running, laser, until):
    job_id = running.add_job("awa")
    await until(lambda: running.state(job_id) is State.CALLED)
    start = {"pin": PIN, "ticked": ["lid"]}

    async with running.browser("awa") as browser:
        url = f"/api/v1/jobs/{job_id}/start"
        wrong = await browser.post(url, json={**start, "pin": "000000"})
        unticked = await browser.post(url, json={**start, "ticked": []})
        started = await browser.post(url, json=start)
        run = await laser.expect(StartRun)
        laser.tell(run, RunEventKind.STARTED)
        laser.say(MachineState.BUSY, 0.1)
        await until(lambda: running.state(job_id) is State.RUNNING)
        for verb, message in (("hold", Hold), ("resume", Resume), ("stop", Stop)):
            asked = await browser.post(f"/api/v1/machines/laser/{verb}")
            assert asked.status_code == 204
            await laser.expect(message)
        laser.tell(run, RunEventKind.STOPPED)
        laser.say(MachineState.IDLE)
        await until(lambda: running.state(job_id) is State.STOPPED)
        await until(
            lambda: running.services.runner.view("laser").state is MachineState.NEEDS_CLEARING
        )
        cleared = await browser.post("/api/v1/machines/laser/clear")
        machine = (await browser.get("/api/v1/machines/laser")).json()
        runs = (await browser.get(f"/api/v1/jobs/{job_id}/runs")).json()

    assert code(wrong) == "signin.wrong"
    assert code(unticked) == "job.checklist"
    assert started.status_code == 201
    assert started.json()["started_by"] == running.people["awa"].id
    assert cleared.status_code == 204
    assert machine["state"] == "idle"
    assert [run["outcome"] for run in runs] == ["stopped"]


async def test_staff_start_for_somebody_at_a_shared_tablet_with_their_own_pin(
    running, laser, until
):
    job_id = running.add_job("awa")
    await until(lambda: running.state(job_id) is State.CALLED)
    body = {"person_id": running.people["dora"].id, "pin": PIN, "ticked": ["lid"]}

    async with running.browser("awa") as browser:
        started = await browser.post(f"/api/v1/jobs/{job_id}/start", json=body)

    assert started.json()["started_by"] == running.people["dora"].id


async def test_a_machine_that_is_not_there_cannot_be_asked(lab):
    async with lab.browser("chloe") as browser:
        offline = await browser.post("/api/v1/machines/laser/hold")
        unknown = await browser.post("/api/v1/machines/nothing/stop")
    async with lab.browser("awa") as browser:
        others = await browser.post("/api/v1/machines/laser/stop")

    assert (offline.status_code, code(offline)) == (503, "agent.not-reachable")
    assert unknown.status_code == 404
    assert (others.status_code, code(others)) == (403, "job.not-yours")


async def test_the_form_key_is_asked_of_browsers_in_the_api_too(lab):
    job_id = lab.add_job("awa")

    async with lab.browser("awa") as browser:
        del browser.headers[FORM_KEY_HEADER]
        answer = await browser.post(f"/api/v1/jobs/{job_id}/withdraw")

    assert code(answer) == "rights.bad-form"
    assert lab.state(job_id) is State.QUEUED


async def test_health_is_told_to_whoever_asks(lab):
    async with lab.browser() as browser:
        answer = await browser.get("/healthz")

    assert answer.json() == {"status": "ok"}


async def test_a_hub_whose_database_is_gone_is_not_healthy(lab):
    path = lab.folder / "broken.db"
    broken = Database(path)
    broken.close()
    path.write_bytes(b"this was a database once" * 100)
    lab.services = dataclasses.replace(lab.services, database=broken)

    async with lab.browser() as browser:
        answer = await browser.get("/healthz")

    assert (answer.status_code, code(answer)) == (503, "storage.failed")
