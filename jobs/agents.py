"""The hub's end of the agents: one connection for each machine, kept alive, never in charge.

The hub connects, says Hello, and beats. An agent that is not there is started; one that is there
is never ended from here: a hub may close or die, and the twelve-hour print goes on.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path

from fablab_hub.core.clock import Clock
from fablab_hub.core.errors import FablabError, NotFoundError, TransportError
from fablab_hub.core.ids import MachineId
from fablab_hub.core.machines import Machine, MachineState, MachineStatus
from fablab_hub.core.messages import (
    PROTOCOL,
    AgentMessage,
    Heartbeat,
    Hello,
    HubMessage,
    MessageError,
    Refused,
    RunEvent,
    StatusReport,
    Welcome,
    decode,
    encode,
)

log = logging.getLogger(__name__)

HEARTBEAT_S = 0.2
"""A laser's agent holds after `heartbeat_s` (0.7 s) without one: three may be late."""

_WELCOME_S = 10.0
_SILENCE_S = 6.0
"""An agent reports at least once a second; one that hangs must not look idle for ever."""
_SPAWN_PATIENCE_S = 15.0
_FIRST_WAIT_S = 0.1
_LONGEST_WAIT_S = 5.0
_LINE_BYTES = 1 << 20

Listener = Callable[[MachineId, AgentMessage], None]
"""Called on the event loop with each message, in order; it must not block."""


def _offline(code: str, **fields: str) -> MachineStatus:
    return MachineStatus(state=MachineState.OFFLINE, error_code=code, error_fields=fields)


class AgentLink:
    """The connection to one machine's agent."""

    def __init__(
        self,
        machine: Machine,
        socket_path: Path,
        spawn: Callable[[], Awaitable[None]],
        on_message: Callable[[AgentMessage], None],
        clock: Clock,
    ) -> None:
        """Prepare the link; connects when started.

        Args:
            machine: whose agent.
            socket_path: where the agent listens.
            spawn: starts an agent; returns without waiting for it.
            on_message: gets each message after the link itself looked at it.
            clock: for the time between two attempts to start an agent.
        """
        self.machine = machine
        self._socket_path = socket_path
        self._spawn = spawn
        self._on_message = on_message
        self._clock = clock
        self._status = _offline("agent.not-reachable")
        self._writer: asyncio.StreamWriter | None = None
        self._task: asyncio.Task[None] | None = None
        self._spawned_s: float | None = None
        self._wait_s = _FIRST_WAIT_S

    @property
    def status(self) -> MachineStatus:
        """What the agent last said of the machine; OFFLINE while there is no agent to ask."""
        return self._status

    @property
    def is_connected(self) -> bool:
        """Tell whether the agent has said Welcome, and the line holds."""
        return self._writer is not None

    def start(self) -> None:
        """Begin to connect, and never give up; a second call changes nothing."""
        if self._task is None:
            self._task = asyncio.create_task(
                self._stay_connected(), name=f"agent-link:{self.machine.id}"
            )

    async def close(self) -> None:
        """Hang up. The agent goes on with what it does."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
            self._task = None

    async def send(self, message: HubMessage) -> None:
        """Send a message at once; it never waits behind another one.

        Raises:
            TransportError: there is no line, and nothing was sent (`agent.not-reachable`), or
                the line broke while it was sent, and nobody knows (`agent.line-broke`).
        """
        if self._writer is None:
            raise TransportError("agent.not-reachable")
        self._writer.write(encode(message))
        try:
            await self._writer.drain()
        except OSError as error:
            raise TransportError("agent.line-broke") from error

    async def _stay_connected(self) -> None:
        while True:
            try:
                reader, writer = await asyncio.open_unix_connection(
                    str(self._socket_path), limit=_LINE_BYTES
                )
            except OSError:
                await self._start_agent()
            else:
                await self._converse(reader, writer)
            await asyncio.sleep(self._wait_s)
            self._wait_s = min(self._wait_s * 2, _LONGEST_WAIT_S)

    async def _start_agent(self) -> None:
        """Start an agent, unless one was started a moment ago and is still on its way."""
        now_s = self._clock.now_s()
        if self._spawned_s is not None and now_s - self._spawned_s < _SPAWN_PATIENCE_S:
            self._wait_s = min(self._wait_s, 4 * _FIRST_WAIT_S)
            return
        self._spawned_s = now_s
        log.info("starting the agent of machine=%s", self.machine.id)
        try:
            await self._spawn()
        except (OSError, FablabError) as error:
            log.exception("the agent of machine=%s could not be started", self.machine.id)
            self._status = _offline("agent.not-started", cause=str(error))
        else:
            self._status = _offline("agent.not-reachable")

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(encode(Hello()))
        beat = asyncio.create_task(_beat(writer), name=f"agent-link:{self.machine.id}:beat")
        try:
            self._status = await self._listen(reader, writer)
        except asyncio.CancelledError:
            self._status = _offline("agent.not-reachable")
            raise
        finally:
            self._writer = None
            beat.cancel()
            writer.close()
            log.info("hung up with the agent of machine=%s", self.machine.id)

    async def _listen(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> MachineStatus:
        """Heed the agent until the line ends; gives the status that explains why it did."""
        try:
            first = await _read(reader, _WELCOME_S)
            if refusal := self._refusal(first):
                return refusal
            self._writer = writer
            self._wait_s, self._spawned_s = _FIRST_WAIT_S, None
            self._status = MachineStatus(state=MachineState.OFFLINE)
            message = first
            while message is not None:
                if isinstance(message, StatusReport):
                    self._status = message.status
                self._on_message(message)
                message = await _read(reader, _SILENCE_S)
        except OSError:  # a silence that lasts too long is a TimeoutError, which is one of them
            return _offline("agent.not-reachable")
        except MessageError as error:
            log.warning("machine=%s: not a message of the protocol: %r", self.machine.id, error)
            return _offline("agent.bad-message")
        return _offline("agent.not-reachable")

    def _refusal(self, first: AgentMessage | None) -> MachineStatus | None:
        """Say why a first message is not the Welcome that was waited for; None when it is."""
        if first is None:
            return _offline("agent.not-reachable")
        if not isinstance(first, Welcome):
            return _offline("agent.bad-message")
        if first.protocol != PROTOCOL:
            return _offline("agent.other-protocol", agent=str(first.protocol), hub=str(PROTOCOL))
        if first.machine_id != self.machine.id:
            return _offline("agent.other-machine", found=first.machine_id, wanted=self.machine.id)
        return None


class Agents:
    """The links to every machine of the lab, by id."""

    def __init__(
        self,
        machines: Mapping[str, Machine],
        socket_path: Callable[[str], Path],
        spawn: Callable[[str], Awaitable[None]],
        clock: Clock,
    ) -> None:
        """Prepare one link for each machine.

        Args:
            machines: of the settings.
            socket_path: where the agent of a machine listens.
            spawn: starts the agent of a machine; returns without waiting for it.
            clock: see `AgentLink`.
        """
        self._listeners: list[Listener] = []
        self._links = {
            id_: AgentLink(
                machine,
                socket_path(id_),
                partial(spawn, id_),
                partial(self._tell, MachineId(id_)),
                clock,
            )
            for id_, machine in machines.items()
        }

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Tell somebody about each message; gives a way to stop."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def link(self, machine_id: str) -> AgentLink:
        """Give the link to a machine.

        Raises:
            NotFoundError: the settings describe no such machine.
        """
        if machine_id not in self._links:
            raise NotFoundError("machine.unknown")
        return self._links[machine_id]

    async def start(self) -> None:
        """Begin to connect to every agent; a second call changes nothing."""
        for link in self._links.values():
            link.start()

    async def close(self) -> None:
        """Hang up with every agent; ends none of them."""
        await asyncio.gather(*(link.close() for link in self._links.values()))

    def _tell(self, machine_id: MachineId, message: AgentMessage) -> None:
        for listener in tuple(self._listeners):
            listener(machine_id, message)


async def _read(reader: asyncio.StreamReader, patience_s: float) -> AgentMessage | None:
    """Read one message; None when the agent hung up.

    Raises:
        MessageError: what came is not a message that an agent sends.
        TimeoutError: nothing came in time.
    """
    try:
        async with asyncio.timeout(patience_s):
            line = await reader.readline()
    except ValueError as error:
        raise MessageError("a line without an end") from error
    if not line.endswith(b"\n"):
        return None
    message = decode(line)
    if not isinstance(message, Welcome | StatusReport | RunEvent | Refused):
        raise MessageError(line[:200])
    return message


async def _beat(writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while True:
            writer.write(encode(Heartbeat()))
            await writer.drain()
            await asyncio.sleep(HEARTBEAT_S)
