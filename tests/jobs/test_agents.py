"""The hub's end of an agent: found, started, heard, lost and found again; never ended."""

import asyncio
import time

import pytest

from fablab_hub.core.errors import NotFoundError, TransportError
from fablab_hub.core.machines import MachineState
from fablab_hub.core.messages import (
    PROTOCOL,
    Heartbeat,
    Hello,
    Hold,
    Quit,
    RunEventKind,
    StatusReport,
    Stop,
    Welcome,
)
from jobs import agents
from jobs.agents import AgentLink, Agents

pytestmark = pytest.mark.anyio


@pytest.fixture
async def link(lab):
    """A link whose agent is started by the test: `link.spawned` counts."""
    heard, spawned = [], []

    async def spawn():
        spawned.append(1)

    machine = lab.settings.machines["laser"]
    link = AgentLink(machine, lab.folder / "laser.sock", spawn, heard.append, lab.clock)
    yield link, heard, spawned
    await link.close()


async def test_before_anybody_answers_the_machine_is_offline(link):
    link, _, _ = link
    assert link.status.state is MachineState.OFFLINE
    assert link.status.error_code == "agent.not-reachable"
    with pytest.raises(TransportError) as raised:
        await link.send(Hold(reason="person"))
    assert raised.value.code == "agent.not-reachable"


async def test_it_says_hello_hears_the_machine_and_beats(link, new_peer, until):
    link, heard, spawned = link
    peer = await new_peer()
    link.start()
    assert await peer.expect(Hello) == Hello()
    await until(lambda: link.status.state is MachineState.IDLE)
    assert [type(message) for message in heard] == [Welcome, StatusReport]
    began_s = time.monotonic()
    for _ in range(4):
        await peer.expect(Heartbeat)
    assert time.monotonic() - began_s < 4 * 0.7  # a laser's patience
    assert spawned == []


async def test_what_is_sent_arrives_in_order(link, new_peer, until):
    link, _, _ = link
    peer = await new_peer()
    link.start()
    await until(lambda: link.is_connected)
    await link.send(Hold(reason="person"))
    await link.send(Stop(reason="person"))
    await peer.expect(Stop)
    told = [message for message in peer.heard if not isinstance(message, Heartbeat)]
    assert told == [Hello(), Hold(reason="person")]


async def test_an_agent_that_is_not_there_is_started_once_and_then_given_time(
    link, new_peer, until, lab
):
    link, _, spawned = link
    peer = await new_peer(is_listening=False)
    link.start()
    await until(lambda: spawned)
    await until(lambda: link._wait_s >= 0.4)  # it has knocked again, more than once
    await peer.listen()
    await until(lambda: link.is_connected)
    assert spawned == [1]


async def test_an_agent_that_never_comes_is_started_again_after_a_while(link, until, lab):
    link, _, spawned = link
    link.start()
    await until(lambda: spawned)
    lab.clock.advance(60)
    await until(lambda: len(spawned) == 2)


async def test_an_agent_that_cannot_be_started_says_so_and_is_tried_again(lab, until):
    tries = []

    async def spawn():
        tries.append(1)
        raise FileNotFoundError("no such program")

    machine = lab.settings.machines["laser"]
    link = AgentLink(machine, lab.folder / "laser.sock", spawn, lambda _: None, lab.clock)
    link.start()
    await until(lambda: link.status.error_code == "agent.not-started")
    lab.clock.advance(60)
    await until(lambda: len(tries) == 2)
    await link.close()


async def test_a_lost_line_shows_at_once_and_heals(link, new_peer, until):
    link, _, _ = link
    peer = await new_peer()
    link.start()
    await until(lambda: link.status.state is MachineState.IDLE)
    await peer.close()
    await until(lambda: link.status.state is MachineState.OFFLINE)
    assert link.status.error_code == "agent.not-reachable"
    with pytest.raises(TransportError):
        await link.send(Stop(reason="person"))
    await peer.listen()
    await until(lambda: link.status.state is MachineState.IDLE)
    assert peer.hellos == 2


async def test_an_agent_that_hangs_does_not_look_idle_for_ever(link, new_peer, until, monkeypatch):
    monkeypatch.setattr(agents, "_SILENCE_S", 0.2)
    link, _, _ = link
    peer = await new_peer()
    link.start()
    await until(lambda: link.status.state is MachineState.IDLE)
    await until(lambda: link.status.error_code == "agent.not-reachable")
    await until(lambda: peer.hellos == 2)


async def test_what_was_not_acknowledged_is_heard_again(link, new_peer, until):
    link, heard, _ = link
    peer = await new_peer()
    peer.run_id = "run"
    event = peer.tell(RunEventKind.STARTED)
    link.start()
    await until(lambda: event in heard)
    peer.hang_up()
    await until(lambda: heard.count(event) == 2)


async def test_an_agent_of_another_version_is_an_error_and_is_told_nothing(link, new_peer, until):
    link, heard, _ = link
    peer = await new_peer()
    peer.protocol = 99
    link.start()
    await until(lambda: link.status.error_code == "agent.other-protocol")
    assert link.status.state is MachineState.OFFLINE
    assert link.status.error_fields == {"agent": "99", "hub": str(PROTOCOL)}
    assert not link.is_connected
    assert heard == []


async def test_the_agent_of_another_machine_is_an_error(link, new_peer, until):
    link, _, _ = link
    peer = await new_peer()
    peer.machine_id = "printer"
    link.start()
    await until(lambda: link.status.error_code == "agent.other-machine")


@pytest.mark.parametrize(
    "line",
    [
        b"not json\n",
        b'{"type": "Gift"}\n',
        b'{"type": "Heartbeat"}\n',
        b"[1]\n",
        b"x" * (1 << 21),
    ],
    ids=["garbage", "unknown", "a hub's message", "a list", "endless"],
)
async def test_a_line_that_is_no_message_ends_the_talk_and_a_new_one_begins(
    link, new_peer, until, line
):
    link, _, _ = link
    peer = await new_peer()
    link.start()
    await until(lambda: link.is_connected)
    peer.send_bytes(line)
    await until(lambda: link.status.error_code == "agent.bad-message")
    await until(lambda: link.status.state is MachineState.IDLE)
    assert peer.hellos == 2


async def test_hanging_up_ends_no_agent(link, new_peer, until):
    link, _, _ = link
    peer = await new_peer()
    link.start()
    await until(lambda: link.is_connected)
    await link.close()
    assert link.status.state is MachineState.OFFLINE
    assert not any(isinstance(message, Quit | Stop | Hold) for message in peer.heard)
    link.start()
    await until(lambda: link.is_connected)


async def test_the_agents_of_a_lab_are_told_apart(lab, new_peer, until):
    spawned, heard = [], []

    async def spawn(machine_id):
        spawned.append(machine_id)

    lab_agents = Agents(
        lab.settings.machines, lambda id_: lab.folder / f"{id_}.sock", spawn, lab.clock
    )
    stop = lab_agents.listen(lambda id_, message: heard.append((id_, type(message))))
    await new_peer("printer")
    await lab_agents.start()
    await lab_agents.start()
    await until(lambda: ("printer", StatusReport) in heard)
    await until(lambda: spawned == ["laser"])
    assert lab_agents.link("laser").status.state is MachineState.OFFLINE
    assert lab_agents.link("printer").status.state is MachineState.IDLE
    with pytest.raises(NotFoundError):
        lab_agents.link("lathe")
    stop()
    await lab_agents.close()
    assert {task for task in asyncio.all_tasks() if "agent-link" in task.get_name()} == set()
