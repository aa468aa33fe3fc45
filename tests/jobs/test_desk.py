"""The desk: who approves, refuses and withdraws, and what becomes of an interrupted job."""

import pytest

from fablab_hub.core import journal
from fablab_hub.core.errors import ForbiddenMoveError, NotAllowedError, NotFoundError
from jobs import run_story
from jobs.report import Verdict
from jobs.states import Actor, State, Verb
from jobs.store import add_run, move, subject

pytestmark = pytest.mark.anyio


def _interrupted(lab) -> str:
    """A job whose run nobody saw the end of."""
    job = lab.jobs.read(lab.add_job("awa"))
    now, awa = lab.clock.now(), lab.people["awa"].id

    def act(tables):
        move(tables, job.id, Verb.CALL, Actor.SCHEDULER, who="hub", at=now)
        add_run(tables, job, awa, now)
        move(tables, job.id, Verb.START, Actor.OWNER, who=journal.person(awa), at=now)
        run_story.settle_run(tables, "laser", None, now)

    lab.database.write_now(act)
    return job.id


async def test_an_approved_job_takes_its_place_at_the_end_of_the_queue(lab):
    doubtful = lab.add_job("awa", verdict=Verdict.NEEDS_APPROVAL)
    earlier = lab.add_job("ben")
    lab.clock.advance(60)
    job = await lab.desk.approve(lab.people["dora"], doubtful)
    assert job.state is State.QUEUED
    assert job.queued_at == lab.clock.now()
    assert [job.id for job in lab.jobs.queue("laser")] == [earlier, doubtful]
    row = lab.database.read_one("SELECT approved_by FROM jobs WHERE id = ?", (doubtful,))
    assert row["approved_by"] == lab.people["dora"].id


@pytest.mark.parametrize("name", ["awa", "chloe"])
async def test_only_a_manager_approves_and_refuses(lab, name):
    job_id = lab.add_job("awa", verdict=Verdict.NEEDS_APPROVAL)
    with pytest.raises(NotAllowedError):
        await lab.desk.approve(lab.people[name], job_id)
    with pytest.raises(NotAllowedError):
        await lab.desk.refuse(lab.people[name], job_id, "no")
    assert lab.state(job_id) is State.TO_APPROVE


async def test_a_refusal_says_why(lab):
    job_id = lab.add_job("awa", verdict=Verdict.NEEDS_APPROVAL)
    with pytest.raises(ForbiddenMoveError) as raised:
        await lab.desk.refuse(lab.people["dora"], job_id, "  ")
    assert raised.value.code == "job.reason-needed"
    job = await lab.desk.refuse(lab.people["dora"], job_id, " Too thin. ")
    assert (job.state, job.reason) == (State.REFUSED, "Too thin.")


async def test_a_job_is_approved_once(lab):
    job_id = lab.add_job("awa", verdict=Verdict.NEEDS_APPROVAL)
    await lab.desk.approve(lab.people["dora"], job_id)
    with pytest.raises(ForbiddenMoveError):
        await lab.desk.approve(lab.people["dora"], job_id)


@pytest.mark.parametrize("name", ["awa", "chloe", "dora"])
async def test_owner_and_staff_withdraw_a_waiting_job(lab, name):
    job_id = lab.add_job("awa")
    assert (await lab.desk.withdraw(lab.people[name], job_id)).state is State.STOPPED
    assert lab.verbs(subject(job_id))[-1] == "job.withdraw"


async def test_nobody_else_withdraws_it(lab):
    job_id = lab.add_job("awa")
    with pytest.raises(NotAllowedError):
        await lab.desk.withdraw(lab.people["ben"], job_id)
    assert lab.state(job_id) is State.QUEUED


async def test_an_unknown_job_is_not_found(lab):
    with pytest.raises(NotFoundError):
        await lab.desk.withdraw(lab.people["awa"], "nothing")


async def test_an_interrupted_job_queues_again_at_its_old_place_and_its_run_counts_as_failed(lab):
    job_id = _interrupted(lab)
    lab.add_job("ben")
    job = await lab.desk.requeue(lab.people["awa"], job_id)
    assert job.state is State.QUEUED
    assert lab.jobs.queue("laser")[0].id == job_id
    (run,) = lab.jobs.runs_of(job_id)
    assert (run.outcome, run.reason) == ("failed", "job.interrupted")


async def test_an_interrupted_job_can_be_given_up(lab):
    job_id = _interrupted(lab)
    job = await lab.desk.give_up(lab.people["chloe"], job_id)
    assert (job.state, job.reason) == (State.FAILED, "job.interrupted")
    assert lab.jobs.open_run("laser") is None


async def test_another_trainee_decides_nothing_about_an_interrupted_job(lab):
    job_id = _interrupted(lab)
    for act in (lab.desk.requeue, lab.desk.give_up):
        with pytest.raises(NotAllowedError):
            await act(lab.people["ben"], job_id)
    assert lab.state(job_id) is State.INTERRUPTED


async def test_a_waiting_job_is_not_an_interrupted_one(lab):
    job_id = lab.add_job("awa")
    for act in (lab.desk.requeue, lab.desk.give_up):
        with pytest.raises(ForbiddenMoveError):
            await act(lab.people["awa"], job_id)
