"""A hub that dies in the middle: whatever happened meanwhile, the next one finds the truth."""

import itertools

import pytest

from fablab_hub.core import journal
from fablab_hub.core.machines import MachineState
from fablab_hub.core.messages import Acknowledge, RunEventKind, StartRun
from jobs.agents import AgentLink
from jobs.states import State
from jobs.store import subject

pytestmark = pytest.mark.anyio

TICKED = frozenset({"air", "lid"})
STORY = [
    (RunEventKind.STARTED, State.RUNNING),
    (RunEventKind.PAUSED, State.PAUSED),
    (RunEventKind.RESUMED, State.RUNNING),
    (RunEventKind.DONE, State.DONE),
]


@pytest.fixture
async def running(lab, new_hub, new_peer, until):
    """A hub with a run under way on its laser."""
    peer = await new_peer()
    hub = await new_hub()
    job_id = lab.add_job("awa")
    await until(lambda: lab.state(job_id) is State.CALLED)
    run = await hub.runner.start_job(job_id, lab.people["awa"], TICKED)
    await peer.expect(StartRun)
    peer.report(MachineState.BUSY)
    peer.tell(RunEventKind.STARTED)
    await until(lambda: lab.state(job_id) is State.RUNNING)
    await until(lambda: not peer.spool)
    return hub, peer, run


def _power_cut(peer):
    """What an agent knows after the power came back: nothing."""
    peer.run_id, peer.spool, peer.spool_id = None, [], "spool-2"
    peer._seq = itertools.count(1)
    peer.state = MachineState.IDLE


async def test_a_run_that_goes_on_is_carried_on(lab, running, new_hub, until):
    hub, peer, run = running
    await hub.kill()
    reborn = await new_hub()
    await until(lambda: reborn.runner.view("laser").state is MachineState.BUSY)
    peer.tell(RunEventKind.PAUSED, "person")
    await until(lambda: lab.state(run.job_id) is State.PAUSED)
    assert reborn.runner.view("laser").run.id == run.id
    assert "job.interrupt" not in lab.verbs(subject(run.job_id))


async def test_a_run_that_ended_meanwhile_has_ended(lab, running, new_hub, until):
    hub, peer, run = running
    await hub.kill()
    peer.tell(RunEventKind.DONE, elapsed_s=40_000.0)
    peer.state = MachineState.IDLE
    told = []

    async def ended(run_id):
        told.append(run_id)

    reborn = await new_hub(is_started=False)
    reborn.runner.on_run_ended(ended)
    await reborn.runner.start()
    await until(lambda: lab.state(run.job_id) is State.DONE)
    await until(lambda: told == [run.id])
    await until(lambda: not peer.spool)
    assert lab.jobs.read_run(run.id).elapsed_s == 40_000.0
    await until(lambda: reborn.runner.view("laser").state is MachineState.NEEDS_CLEARING)


@pytest.mark.parametrize("killed_after", range(len(STORY) + 1))
@pytest.mark.parametrize("is_heard", [True, False], ids=["after it was heard", "before"])
async def test_wherever_the_hub_dies_the_story_is_written_once(
    lab, new_hub, new_peer, until, killed_after, is_heard
):
    peer = await new_peer()
    hub = await new_hub()
    job_id = lab.add_job("awa")
    await until(lambda: lab.state(job_id) is State.CALLED)
    await hub.runner.start_job(job_id, lab.people["awa"], TICKED)
    await peer.expect(StartRun)
    for number, (kind, state) in enumerate(STORY):
        if number == killed_after and not is_heard:
            await hub.kill()
        event = peer.tell(kind)
        if number == killed_after and is_heard:
            await until(lambda state=state: lab.state(job_id) is state)
            await hub.kill()
            peer.spool = [event]  # its acknowledgement was lost with the hub
        if number == killed_after:
            hub = await new_hub()
        await until(lambda state=state: lab.state(job_id) is state)
    await until(lambda: not peer.spool)
    assert lab.verbs(subject(job_id))[2:] == [
        "job.call", "job.start", "job.begin", "job.pause", "job.resume", "job.finish",
    ]  # fmt: skip
    assert len(lab.jobs.runs_of(job_id)) == 1


async def test_after_a_power_cut_a_run_is_interrupted_and_never_goes_on_by_itself(
    lab, running, new_hub, until
):
    hub, peer, run = running
    await hub.kill()
    _power_cut(peer)
    waiting = lab.add_job("ben")
    peer.heard.clear()
    reborn = await new_hub()
    await until(lambda: lab.state(run.job_id) is State.INTERRUPTED)
    job = lab.jobs.read(run.job_id)
    assert job.reason == "agent.lost-run"
    await until(lambda: reborn.runner.view("laser").state is MachineState.NEEDS_CLEARING)
    assert lab.state(waiting) is State.QUEUED
    await lab.desk.requeue(lab.people["awa"], run.job_id)
    await reborn.runner.clear_bed(lab.people["chloe"], "laser")
    await until(lambda: lab.state(run.job_id) is State.CALLED)
    assert lab.jobs.read_run(run.id).outcome == "failed"
    assert not any(isinstance(message, StartRun) for message in peer.heard)


async def test_until_the_agent_answers_nothing_is_decided(lab, running, new_hub, until):
    hub, peer, run = running
    await hub.kill()
    await peer.close()
    reborn = await new_hub()
    await until(lambda: reborn.spawned == ["laser"])
    assert lab.state(run.job_id) is State.RUNNING
    view = reborn.runner.view("laser")
    assert (view.state, view.run.id) == (MachineState.OFFLINE, run.id)
    await peer.listen()
    await until(lambda: reborn.runner.view("laser").state is MachineState.BUSY)
    assert lab.state(run.job_id) is State.RUNNING


async def test_an_agent_that_died_tells_so_when_it_is_back(lab, running, until):
    _, peer, run = running
    await peer.close()
    run_id, job_id = peer.run_id, peer.job_id
    _power_cut(peer)
    peer.run_id, peer.job_id = run_id, job_id  # it read its spool: a run with no end
    peer.tell(RunEventKind.FAILED, "agent.lost")
    await peer.listen()
    await until(lambda: lab.state(run.job_id) is State.FAILED)
    assert lab.jobs.read_run(run.id).reason == "agent.lost"
    assert "job.interrupt" not in lab.verbs(subject(run.job_id))


async def test_a_hub_that_dies_before_it_told_the_agent_leaves_an_interrupted_job(
    lab, new_hub, new_peer, until, monkeypatch
):
    peer = await new_peer()
    hub = await new_hub()
    job_id = lab.add_job("awa")
    await until(lambda: lab.state(job_id) is State.CALLED)

    async def die(self, message):
        await hub.kill()

    with monkeypatch.context() as patch:
        patch.setattr(AgentLink, "send", die)
        await hub.runner.start_job(job_id, lab.people["awa"], TICKED)
    assert lab.state(job_id) is State.STARTING
    await new_hub()
    await until(lambda: lab.state(job_id) is State.INTERRUPTED)
    assert not any(isinstance(message, StartRun) for message in peer.heard)


async def test_an_interrupted_run_whose_agent_turns_out_alive_is_followed_again(
    lab, running, until
):
    _, peer, run = running
    mine = peer.run_id
    peer.run_id = None
    peer.hang_up()
    await until(lambda: lab.state(run.job_id) is State.INTERRUPTED)
    peer.run_id = mine
    peer.hang_up()
    await until(lambda: lab.state(run.job_id) is State.RUNNING)
    peer.tell(RunEventKind.DONE)
    await until(lambda: lab.state(run.job_id) is State.DONE)


async def test_the_end_of_a_run_that_was_given_up_is_noted_and_the_bed_must_be_cleared(
    lab, running, until
):
    hub, peer, run = running
    mine = peer.run_id
    peer.run_id = None
    peer.hang_up()
    await until(lambda: lab.state(run.job_id) is State.INTERRUPTED)
    await lab.desk.give_up(lab.people["awa"], run.job_id)
    peer.report(MachineState.IDLE)
    await until(lambda: hub.runner.view("laser").state is MachineState.NEEDS_CLEARING)
    await hub.runner.clear_bed(lab.people["awa"], "laser")
    peer.run_id = mine
    event = peer.tell(RunEventKind.DONE)
    acknowledged = await peer.expect(Acknowledge)
    while acknowledged.seq < event.seq:
        acknowledged = await peer.expect(Acknowledge)
    assert lab.state(run.job_id) is State.FAILED
    late = journal.read_about(lab.database, "machine:laser")[-1]
    assert (late.verb, late.data["run"]) == ("machine.late_event", run.id)
    assert hub.runner.view("laser").state is MachineState.NEEDS_CLEARING


async def test_a_run_that_the_hub_never_heard_of_does_no_harm(lab, new_hub, new_peer, until):
    peer = await new_peer()
    peer.run_id, peer.job_id = "01ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FAW"
    peer.state = MachineState.BUSY
    peer.tell(RunEventKind.STARTED)
    hub = await new_hub()
    await until(lambda: not peer.spool)
    await until(lambda: hub.runner.view("laser").state is MachineState.BUSY)
    assert hub.runner.view("laser").job is None
    assert lab.verbs("machine:laser") == ["machine.late_event"]
