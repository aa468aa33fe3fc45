"""Jobs and runs on disk: who finds which, in which order, and nothing half-written."""

import asyncio
import threading

import pytest

from fablab_hub.core import journal
from fablab_hub.core.errors import ForbiddenMoveError, NotAllowedError, NotFoundError
from jobs import run_store
from jobs.report import Verdict
from jobs.run_store import Condition
from jobs.states import Actor, State, Verb
from jobs.store import add_run, capacity, move


def test_a_trainee_finds_only_their_own_jobs_and_staff_find_all(lab):
    job_id = lab.add_job("awa")
    assert lab.jobs.read_for(lab.people["awa"], job_id).id == job_id
    assert lab.jobs.read_for(lab.people["chloe"], job_id).id == job_id
    with pytest.raises(NotFoundError):
        lab.jobs.read_for(lab.people["ben"], job_id)


def test_a_job_that_does_not_exist_is_not_found(lab):
    with pytest.raises(NotFoundError):
        lab.jobs.read("01ARZ3NDEKTSV4RRFFQ69G5FAV")


def test_the_queue_is_in_the_order_in_which_places_were_taken(lab):
    first, second, third = lab.add_job("awa"), lab.add_job("ben"), lab.add_job("awa")
    lab.add_job("ben", machine_id="printer")
    lab.add_job("ben", verdict=Verdict.NEEDS_APPROVAL)
    assert [job.id for job in lab.jobs.queue("laser")] == [first, second, third]


def test_what_was_written_is_what_is_read(lab):
    job = lab.jobs.read(lab.add_job("awa", duration_s=90.0))
    assert job.state is State.QUEUED
    assert job.owner_id == lab.people["awa"].id
    assert job.report is not None
    assert job.report.facts.duration_s == 90.0
    assert job.report.program_sha256 == job.program_sha256
    assert job.queued_at == job.created_at == lab.clock.now()


def test_a_forbidden_move_undoes_everything_that_was_written_with_it(lab):
    job_id = lab.add_job("awa")
    lines = journal.last_seq(lab.database)

    def act(tables):
        run_store.set_needs_clearing(tables, "laser", lab.clock.now(), needs_it=True)
        move(tables, job_id, Verb.FINISH, Actor.AGENT, who="agent:laser", at=lab.clock.now())

    with pytest.raises(ForbiddenMoveError):
        lab.database.write_now(act)
    assert run_store.read_condition(lab.database, "laser") == Condition()
    assert journal.last_seq(lab.database) == lines


def test_moving_a_job_that_does_not_exist_is_an_error(lab):
    with pytest.raises(NotFoundError):
        lab.database.write_now(
            lambda tables: move(
                tables, "nobody", Verb.CALL, Actor.SCHEDULER, who="hub", at=lab.clock.now()
            )
        )


def test_a_run_is_open_until_it_ends(lab):
    job = lab.jobs.read(lab.add_job("awa"))
    run_id = lab.database.write_now(
        lambda tables: add_run(tables, job, lab.people["awa"].id, lab.clock.now())
    )
    assert lab.jobs.open_runs() == {run_id}
    assert lab.jobs.open_run("laser").id == lab.jobs.open_run_of(job.id).id == run_id
    assert lab.jobs.last_owner("laser") == lab.people["awa"].id
    lab.database.write_now(
        lambda tables: run_store.end_run(tables, run_id, lab.clock.now(), "done", "")
    )
    assert lab.jobs.open_run("laser") is None
    assert lab.jobs.read_run(run_id).outcome == "done"
    assert [run.id for run in lab.jobs.runs_of(job.id)] == [run_id]


def test_a_run_that_a_machine_began_is_never_forgotten(lab):
    job = lab.jobs.read(lab.add_job("awa"))

    def act(tables):
        run_id = add_run(tables, job, lab.people["awa"].id, lab.clock.now())
        run_store.update_run(tables, run_id, {"started_at": "2026-11-23T10:00:00.000Z"})
        run_store.forget_run(tables, run_id)
        return run_id

    run_id = lab.database.write_now(act)
    assert lab.jobs.read_run(run_id).started_at is not None


def test_a_line_of_an_agents_story_counts_once_and_a_new_spool_starts_again(lab):
    def hear(spool_id, seq):
        return lab.database.write_now(
            lambda tables: run_store.advance_cursor(tables, "laser", spool_id, seq)
        )

    heard = [hear("a", 1), hear("a", 1), hear("a", 2), hear("a", 1), hear("b", 1), hear("b", 1)]
    assert heard == [True, False, True, False, True, False]


def test_clearing_the_bed_does_not_bring_a_machine_back_into_service(lab):
    now = lab.clock.now()

    def act(tables):
        run_store.set_service(tables, "laser", now, "broken lens")
        run_store.set_needs_clearing(tables, "laser", now, needs_it=True)
        run_store.set_needs_clearing(tables, "laser", now, needs_it=False)

    lab.database.write_now(act)
    condition = run_store.read_condition(lab.database, "laser")
    assert condition == Condition(is_out_of_service=True, reason="broken lens")


@pytest.mark.parametrize(
    ("name", "actor"),
    [("awa", Actor.OWNER), ("chloe", Actor.STAFF), ("dora", Actor.MANAGER)],
)
def test_a_person_acts_as_owner_or_as_staff(lab, name, actor):
    assert capacity(lab.people[name], lab.jobs.read(lab.add_job("awa"))) is actor


def test_a_trainee_has_no_part_in_another_trainees_job(lab):
    with pytest.raises(NotAllowedError) as raised:
        capacity(lab.people["ben"], lab.jobs.read(lab.add_job("awa")))
    assert raised.value.code == "job.not-yours"


@pytest.mark.anyio
async def test_a_write_that_nobody_waits_for_any_more_harms_no_other(lab):
    is_under_way, may_end = threading.Event(), threading.Event()

    def act(tables):
        is_under_way.set()
        may_end.wait(5)
        run_store.set_needs_clearing(tables, "laser", lab.clock.now(), needs_it=True)

    writing = asyncio.create_task(lab.database.write(act))
    await asyncio.to_thread(is_under_way.wait, 5)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    may_end.set()
    async with asyncio.timeout(5):
        assert await lab.database.write(lambda _: "still alive") == "still alive"
    assert run_store.read_condition(lab.database, "laser").needs_clearing
