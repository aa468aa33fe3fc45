"""From the queue to the end of a run, with a scripted agent on a real socket."""

import asyncio

import pytest

from fablab_hub.core import journal
from fablab_hub.core.errors import (
    ForbiddenMoveError,
    NotAllowedError,
    NotFoundError,
    StorageError,
    TransportError,
)
from fablab_hub.core.machines import MachineState
from fablab_hub.core.messages import (
    Acknowledge,
    Hold,
    Refused,
    Resume,
    RunEventKind,
    StartRun,
    Stop,
)
from jobs import agent_inbox, run_store
from jobs.states import State
from jobs.store import subject

pytestmark = pytest.mark.anyio

TICKED = frozenset({"air", "lid"})


@pytest.fixture
async def ready(lab, new_hub, new_peer, until):
    """A hub, its laser's agent, and a machine that is idle."""
    peer = await new_peer()
    hub = await new_hub()
    await until(lambda: hub.runner.view("laser").state is MachineState.IDLE)
    return hub, peer


@pytest.fixture
def start(lab, until):
    """Bring a new job onto the machine; gives its run."""

    async def start(hub, peer, *, is_begun=True):
        job_id = lab.add_job("awa")
        await until(lambda: lab.state(job_id) is State.CALLED)
        run = await hub.runner.start_job(job_id, lab.people["awa"], TICKED)
        await peer.expect(StartRun)
        peer.report(MachineState.BUSY)
        if is_begun:
            peer.tell(RunEventKind.STARTED)
            await until(lambda: lab.state(job_id) is State.RUNNING)
        return run

    return start


async def test_the_first_in_the_queue_is_called_and_the_others_wait(lab, ready, until):
    first, second = lab.add_job("awa"), lab.add_job("ben")
    await until(lambda: lab.state(first) is State.CALLED)
    lab.add_job("ben")
    await until(lambda: lab.jobs.read(first).called_at == lab.jobs.read(first).updated_at)
    assert lab.state(second) is State.QUEUED


async def test_nobody_is_called_to_a_machine_whose_agent_is_away(lab, new_hub, until):
    hub = await new_hub()
    job_id = lab.add_job("awa")
    await until(lambda: hub.spawned)
    assert hub.runner.view("laser").state is MachineState.OFFLINE
    assert lab.state(job_id) is State.QUEUED
    with pytest.raises(ForbiddenMoveError) as raised:
        await hub.runner.start_job(job_id, lab.people["awa"], TICKED)
    assert raised.value.code == "machine.offline"


async def test_a_run_from_the_call_to_the_end(lab, ready, until):
    hub, peer = ready
    job_id = lab.add_job("awa")
    await until(lambda: lab.state(job_id) is State.CALLED)
    run = await hub.runner.start_job(job_id, lab.people["awa"], TICKED)
    sent = await peer.expect(StartRun)
    job = lab.jobs.read(job_id)
    assert lab.state(job_id) is State.STARTING
    assert (sent.run_id, sent.job_id) == (run.id, job_id)
    assert (sent.program_sha256, sent.lines, sent.duration_s) == (job.program_sha256, 2, 600.0)
    assert sent.program_path == str(lab.blobs.path(job.program_sha256))

    peer.tell(RunEventKind.STARTED)
    peer.report(MachineState.BUSY, fraction=0.25)
    await until(lambda: lab.state(job_id) is State.RUNNING)
    await until(lambda: hub.runner.view("laser").state is MachineState.BUSY)
    view = hub.runner.view("laser")
    assert (view.job.id, view.run.id, view.remaining_s) == (job_id, run.id, 450.0)

    peer.tell(RunEventKind.PAUSED, "heartbeat")
    await until(lambda: lab.state(job_id) is State.PAUSED)
    assert lab.jobs.read(job_id).reason == "heartbeat"
    peer.tell(RunEventKind.RESUMED)
    await until(lambda: lab.state(job_id) is State.RUNNING)
    assert lab.jobs.read(job_id).reason == ""

    peer.tell(RunEventKind.DONE, lines_done=2, elapsed_s=12.5)
    peer.run_id = None
    peer.report(MachineState.IDLE)
    await until(lambda: lab.state(job_id) is State.DONE)
    await until(lambda: not peer.spool)
    run = lab.jobs.read_run(run.id)
    assert (run.outcome, run.lines_done, run.elapsed_s) == ("done", 2, 12.5)
    assert run.started_at is not None
    assert run.ended_at is not None
    assert hub.runner.view("laser").state is MachineState.NEEDS_CLEARING
    assert lab.verbs(subject(job_id)) == [
        "job.submit", "job.accept", "job.call", "job.start", "job.begin", "job.pause",
        "job.resume", "job.finish",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (RunEventKind.DONE, State.DONE),
        (RunEventKind.FAILED, State.FAILED),
        (RunEventKind.STOPPED, State.STOPPED),
    ],
)
async def test_every_end_leaves_a_bed_to_clear_before_the_next_is_called(
    lab, ready, start, until, kind, state
):
    hub, peer = ready
    run = await start(hub, peer)
    second = lab.add_job("chloe")
    peer.tell(kind, "agent.lost")
    peer.run_id = None
    peer.report(MachineState.IDLE)
    await until(lambda: lab.state(run.job_id) is state)
    assert lab.jobs.read_run(run.id).outcome == state
    assert lab.jobs.read(run.job_id).reason == "agent.lost"
    await until(lambda: hub.runner.view("laser").state is MachineState.NEEDS_CLEARING)
    with pytest.raises(ForbiddenMoveError) as raised:
        await hub.runner.start_job(second, lab.people["chloe"], TICKED)
    assert raised.value.code == "machine.needs-clearing"
    await hub.runner.clear_bed(lab.people["awa"], "laser")
    await until(lambda: lab.state(second) is State.CALLED)
    assert "machine.clear" in lab.verbs("machine:laser")


async def test_a_refused_start_calls_the_job_again_with_the_reason_and_counts_as_no_run(
    lab, ready, start, until
):
    hub, peer = ready
    run = await start(hub, peer, is_begun=False)
    peer.run_id = None
    peer.report(MachineState.IDLE)
    peer.send(Refused(command="StartRun", code="interlock.open", fields={"name": "lid"}))
    await until(lambda: lab.state(run.job_id) is State.CALLED)
    assert lab.jobs.read(run.job_id).reason == "interlock.open"
    assert lab.jobs.runs_of(run.job_id) == []
    entry = journal.read_about(lab.database, subject(run.job_id))[-1]
    assert entry.data["run"] == run.id
    assert entry.data["fields"] == {"name": "lid"}
    await until(lambda: hub.runner.view("laser").state is MachineState.IDLE)
    again = await hub.runner.start_job(run.job_id, lab.people["awa"], TICKED)
    assert (await peer.expect(StartRun)).run_id == again.id


async def test_a_refusal_of_something_else_is_journalled_and_moves_nothing(
    lab, ready, start, until
):
    hub, peer = ready
    run = await start(hub, peer)
    peer.send(Refused(command="Resume", code="driver.not-held"))
    await until(lambda: "machine.refused" in lab.verbs("machine:laser"))
    assert lab.state(run.job_id) is State.RUNNING


async def test_a_job_that_is_next_may_start_before_it_is_called(lab, ready, new_hub):
    hub, peer = ready
    await hub.runner.close()  # nobody calls any more
    first, second = lab.add_job("awa"), lab.add_job("chloe")
    with pytest.raises(ForbiddenMoveError) as raised:
        await hub.runner.start_job(second, lab.people["chloe"], TICKED)
    assert raised.value.code == "job.not-its-turn"
    await hub.runner.start_job(first, lab.people["awa"], TICKED)
    assert lab.verbs(subject(first))[-2:] == ["job.call", "job.start"]
    await peer.expect(StartRun)


async def _refusal(lab, hub, job_id, name="awa", ticked=TICKED):
    lines = journal.last_seq(lab.database)
    with pytest.raises((NotAllowedError, ForbiddenMoveError)) as raised:
        await hub.runner.start_job(job_id, lab.people[name], ticked)
    assert journal.last_seq(lab.database) == lines
    return raised.value


async def test_who_may_not_start_is_told_why_and_the_machine_hears_nothing(lab, ready, until):
    hub, peer = ready
    job_id = lab.add_job("awa")
    await until(lambda: lab.state(job_id) is State.CALLED)
    assert (await _refusal(lab, hub, job_id, "ben")).code == "job.not-yours"
    lab.database.write_now(
        lambda tables: tables.conn.execute("DELETE FROM authorisations WHERE machine_id = 'laser'")
    )
    error = await _refusal(lab, hub, job_id)
    assert (error.code, error.fields) == ("rights.no-authorisation", {"person": "awa"})
    assert (await _refusal(lab, hub, job_id, "dora")).code == "rights.no-authorisation"
    assert not any(isinstance(message, StartRun) for message in peer.heard)


async def test_the_first_item_that_is_not_ticked_is_named(lab, ready, until):
    hub, _ = ready
    job_id = lab.add_job("awa")
    await until(lambda: lab.state(job_id) is State.CALLED)
    error = await _refusal(lab, hub, job_id, ticked=frozenset({"air"}))
    assert (error.code, error.fields) == ("job.checklist", {"item": "The lid is closed (fr)"})
    error = await _refusal(lab, hub, job_id, ticked=frozenset())
    assert error.fields == {"item": "The extraction runs (fr)"}


async def test_a_start_waits_while_something_else_is_settled_and_then_looks_again(
    lab, ready, until
):
    hub, peer = ready
    job_id = lab.add_job("awa")
    await until(lambda: lab.state(job_id) is State.CALLED)
    async with hub.runner._inboxes["laser"].lock:
        pressing = asyncio.create_task(hub.runner.start_job(job_id, lab.people["awa"], TICKED))
        await until(lambda: hub.runner._inboxes["laser"].lock._waiters)
        lab.database.write_now(
            lambda tables: run_store.set_service(tables, "laser", lab.clock.now(), "smoke")
        )
    with pytest.raises(ForbiddenMoveError) as raised:
        await pressing
    assert raised.value.code == "machine.out-of-service"
    assert not any(isinstance(message, StartRun) for message in peer.heard)


async def test_staff_may_start_a_trainees_job(lab, ready, until):
    hub, peer = ready
    job_id = lab.add_job("ben")
    await until(lambda: lab.state(job_id) is State.CALLED)
    run = await hub.runner.start_job(job_id, lab.people["chloe"], TICKED)
    assert run.started_by == lab.people["chloe"].id
    await peer.expect(StartRun)


async def test_a_start_pressed_twice_starts_once(lab, ready, until):
    hub, peer = ready
    job_id = lab.add_job("awa")
    await until(lambda: lab.state(job_id) is State.CALLED)
    presses = [hub.runner.start_job(job_id, lab.people["awa"], TICKED) for _ in range(3)]
    answers = await asyncio.gather(*presses, return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == [
        "ForbiddenMoveError", "ForbiddenMoveError", "Run",
    ]  # fmt: skip
    await peer.expect(StartRun)
    assert len(lab.jobs.runs_of(job_id)) == 1
    assert not any(isinstance(message, StartRun) for message in peer.heard)


@pytest.mark.parametrize("state", [MachineState.ALARM, MachineState.BUSY, MachineState.PAUSED])
async def test_nothing_starts_on_a_machine_that_is_not_idle(lab, ready, until, state):
    hub, peer = ready
    job_id = lab.add_job("awa")
    await until(lambda: lab.state(job_id) is State.CALLED)
    peer.report(state)
    await until(lambda: hub.runner.view("laser").state is state)
    expected = "machine.alarm" if state is MachineState.ALARM else "machine.busy"
    assert (await _refusal(lab, hub, job_id)).code == expected


async def test_a_start_on_a_full_disk_starts_nothing(lab, ready, until):
    hub, peer = ready
    job_id = lab.add_job("awa")
    await until(lambda: lab.state(job_id) is State.CALLED)
    # A job whose blob is gone is the same promise: first the disk, then the machine.
    lab.blobs.path(lab.jobs.read(job_id).program_sha256).unlink()
    with pytest.raises(StorageError):
        await hub.runner.start_job(job_id, lab.people["awa"], TICKED)
    assert lab.state(job_id) is State.CALLED
    assert not any(isinstance(message, StartRun) for message in peer.heard)


async def test_a_person_who_hangs_up_while_starting_leaves_no_job_half_started(lab, ready, until):
    hub, peer = ready
    job_id = lab.add_job("awa")
    await until(lambda: lab.state(job_id) is State.CALLED)
    pressing = asyncio.create_task(hub.runner.start_job(job_id, lab.people["awa"], TICKED))
    await asyncio.sleep(0)
    pressing.cancel()
    assert (await peer.expect(StartRun)).job_id == job_id


async def test_a_no_show_lets_the_others_pass(lab, ready, until):
    away, here = lab.add_job("awa"), lab.add_job("ben")
    await until(lambda: lab.state(away) is State.CALLED)
    lab.clock.advance(15 * 60)
    await until(lambda: lab.state(here) is State.CALLED)
    job = lab.jobs.read(away)
    assert (job.state, job.reason, job.called_at) == (State.QUEUED, "job.no-show", None)
    assert [job.id for job in lab.jobs.queue("laser")] == [here, away]


async def test_a_withdrawn_call_frees_the_machine_for_the_next(lab, ready, until):
    first, second = lab.add_job("awa"), lab.add_job("ben")
    await until(lambda: lab.state(first) is State.CALLED)
    await lab.desk.withdraw(lab.people["awa"], first)
    await until(lambda: lab.state(second) is State.CALLED)


async def test_out_of_service_calls_nobody_until_it_is_back(lab, ready, until):
    hub, _ = ready
    await hub.runner.set_out_of_service(lab.people["chloe"], "laser", "broken lens")
    view = hub.runner.view("laser")
    assert (view.state, view.condition.reason) == (MachineState.OUT_OF_SERVICE, "broken lens")
    job_id = lab.add_job("awa")
    error = await _refusal(lab, hub, job_id)
    assert (error.code, error.fields["reason"]) == ("machine.out-of-service", "broken lens")
    await hub.runner.set_out_of_service(lab.people["chloe"], "laser", None)
    await until(lambda: lab.state(job_id) is State.CALLED)
    assert lab.verbs("machine:laser") == ["machine.out_of_service", "machine.in_service"]
    with pytest.raises(NotAllowedError):
        await hub.runner.set_out_of_service(lab.people["awa"], "laser", "mine")


async def test_hold_resume_and_stop_reach_the_agent_and_the_journal_names_who_asked(
    lab, ready, start
):
    hub, peer = ready
    run = await start(hub, peer)
    await hub.runner.hold(lab.people["awa"], "laser")
    assert await peer.expect(Hold) == Hold(reason="person")
    await hub.runner.resume(lab.people["chloe"], "laser")
    await peer.expect(Resume)
    await hub.runner.stop(lab.people["awa"], "laser")
    await peer.expect(Stop)
    asked = journal.read_about(lab.database, "machine:laser")
    assert [(entry.verb, entry.actor) for entry in asked] == [
        ("machine.hold_asked", journal.person(lab.people["awa"].id)),
        ("machine.resume_asked", journal.person(lab.people["chloe"].id)),
        ("machine.stop_asked", journal.person(lab.people["awa"].id)),
    ]
    assert asked[0].data == {"run": run.id}
    assert lab.state(run.job_id) is State.RUNNING  # until the agent says otherwise


async def test_another_trainee_can_neither_hold_nor_stop_nor_clear(lab, ready, start):
    hub, peer = ready
    await start(hub, peer)
    for act in (hub.runner.hold, hub.runner.resume, hub.runner.stop, hub.runner.clear_bed):
        with pytest.raises(NotAllowedError):
            await act(lab.people["ben"], "laser")


async def test_staff_may_stop_a_machine_that_the_hub_believes_free(lab, ready):
    hub, peer = ready
    with pytest.raises(NotAllowedError):
        await hub.runner.stop(lab.people["awa"], "laser")
    await hub.runner.stop(lab.people["chloe"], "laser")
    await peer.expect(Stop)


async def test_stop_reaches_the_agent_while_the_disk_is_full(
    lab, ready, start, monkeypatch, caplog
):
    hub, peer = ready
    await start(hub, peer)
    lab.database.write_now(lambda tables: tables.conn.execute("PRAGMA query_only = ON"))
    await hub.runner.stop(lab.people["awa"], "laser")
    await peer.expect(Stop)
    assert "machine.stop_asked" in caplog.text
    lab.database.write_now(lambda tables: tables.conn.execute("PRAGMA query_only = OFF"))
    assert "machine.stop_asked" not in lab.verbs("machine:laser")


async def test_whoever_stands_at_the_machine_stops_it_without_a_name(lab, ready, start):
    hub, peer = ready
    await start(hub, peer)
    await hub.runner.hold(None, "laser")
    await peer.expect(Hold)
    await hub.runner.stop(None, "laser")
    await peer.expect(Stop)
    asked = {
        (entry.verb, entry.actor)
        for entry in journal.read_about(lab.database, "machine:laser")
        if entry.verb.endswith("_asked")
    }
    assert asked == {
        ("machine.hold_asked", "kiosk:laser"),
        ("machine.stop_asked", "kiosk:laser"),
    }
    with pytest.raises(NotFoundError):
        await hub.runner.stop(None, "crane")


async def test_stop_does_not_wait_for_the_machines_lock(lab, ready, start):
    hub, peer = ready
    await start(hub, peer)
    async with hub.runner._inboxes["laser"].lock, asyncio.timeout(5):
        await hub.runner.stop(lab.people["awa"], "laser")
        await peer.expect(Stop)


async def test_the_bed_cannot_be_called_clear_under_a_running_job(lab, ready, start):
    hub, peer = ready
    await start(hub, peer)
    with pytest.raises(ForbiddenMoveError):
        await hub.runner.clear_bed(lab.people["awa"], "laser")


async def test_an_event_that_is_told_twice_counts_once(lab, ready, start, until):
    hub, peer = ready
    run = await start(hub, peer)
    event = peer.tell(RunEventKind.PAUSED, "person")
    await until(lambda: lab.state(run.job_id) is State.PAUSED)
    await until(lambda: not peer.spool)
    lines = journal.last_seq(lab.database)
    peer.heard.clear()
    peer.send(event)
    assert (await peer.expect(Acknowledge)).seq == event.seq
    assert journal.last_seq(lab.database) == lines


async def test_an_event_is_acknowledged_only_once_it_is_on_disk(
    lab, ready, start, until, monkeypatch, caplog
):
    monkeypatch.setattr(agent_inbox, "_RETRY_S", 0.01)
    hub, peer = ready
    run = await start(hub, peer)
    await until(lambda: not peer.spool)
    lab.database.write_now(lambda tables: tables.conn.execute("PRAGMA query_only = ON"))
    peer.tell(RunEventKind.DONE)
    await until(lambda: "not written down yet" in caplog.text)
    assert len(peer.spool) == 1
    lab.database.write_now(lambda tables: tables.conn.execute("PRAGMA query_only = OFF"))
    await until(lambda: not peer.spool)
    assert lab.state(run.job_id) is State.DONE


async def test_listeners_hear_of_a_runs_beginning_and_end_once_and_a_broken_one_harms_nobody(
    lab, ready, start, until, caplog
):
    hub, peer = ready
    told = []

    async def began(run_id):
        told.append(("began", run_id))

    async def ended(run_id):
        told.append((lab.jobs.read_run(run_id).outcome, run_id))

    async def broken(run_id):
        raise RuntimeError("no camera")

    hub.runner.on_run_started(broken)
    hub.runner.on_run_started(began)
    hub.runner.on_run_ended(ended)
    run = await start(hub, peer)
    peer.send(peer.tell(RunEventKind.DONE))
    await until(lambda: len(told) == 2)
    assert told == [("began", run.id), ("done", run.id)]
    assert "no camera" in caplog.text


async def test_a_run_that_was_refused_is_no_news(lab, ready, start, until):
    hub, peer = ready
    told = []

    async def ended(run_id):
        told.append(run_id)

    hub.runner.on_run_ended(ended)
    refused = await start(hub, peer, is_begun=False)
    peer.send(Refused(command="StartRun", code="interlock.open"))
    peer.report(MachineState.IDLE)
    await until(lambda: lab.state(refused.job_id) is State.CALLED)
    await until(lambda: hub.runner.view("laser").state is MachineState.IDLE)
    run = await hub.runner.start_job(refused.job_id, lab.people["awa"], TICKED)
    await peer.expect(StartRun)
    peer.tell(RunEventKind.STARTED)
    peer.tell(RunEventKind.STOPPED)
    await until(lambda: told)
    assert told == [run.id]


async def test_a_run_that_its_owner_gave_up_is_news_too(lab, ready, start, until):
    hub, peer = ready
    told = []

    async def ended(run_id):
        told.append(run_id)

    hub.runner.on_run_ended(ended)
    run = await start(hub, peer)
    peer.run_id, peer.spool = None, []
    peer.hang_up()
    await until(lambda: lab.state(run.job_id) is State.INTERRUPTED)
    assert told == []
    await lab.desk.give_up(lab.people["awa"], run.job_id)
    await until(lambda: told == [run.id])


async def test_an_agent_that_goes_before_it_is_told_leaves_the_job_called(
    lab, ready, until, monkeypatch
):
    hub, peer = ready
    job_id = lab.add_job("awa")
    await until(lambda: lab.state(job_id) is State.CALLED)
    link = hub.agents.link("laser")
    # The line is lost in the very moment between the commit and the sending.
    monkeypatch.setattr(type(link), "is_connected", property(lambda _: False))
    with pytest.raises(TransportError):
        await hub.runner.start_job(job_id, lab.people["awa"], TICKED)
    job = lab.jobs.read(job_id)
    assert (job.state, job.reason) == (State.CALLED, "agent.not-reachable")
    assert lab.jobs.runs_of(job_id) == []
    assert not any(isinstance(message, StartRun) for message in peer.heard)


async def test_an_unknown_machine_is_not_found(lab, ready):
    hub, _ = ready
    with pytest.raises(NotFoundError):
        hub.runner.view("lathe")
    for act in (hub.runner.clear_bed, hub.runner.hold, hub.runner.stop):
        with pytest.raises(NotFoundError):
            await act(lab.people["dora"], "lathe")


async def test_every_machine_has_a_view(ready):
    hub, _ = ready
    assert [view.machine.id for view in hub.runner.views()] == ["laser"]
