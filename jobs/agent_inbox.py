"""What one machine's agent says, in order, each message written down before the next is read."""

import asyncio
import contextlib
import logging
from collections.abc import Callable

from fablab_hub.core.clock import Clock
from fablab_hub.core.db import Act, Database
from fablab_hub.core.errors import StorageError, TransportError
from fablab_hub.core.ids import RunId
from fablab_hub.core.messages import (
    Acknowledge,
    AgentMessage,
    Refused,
    RunEvent,
    RunEventKind,
    StartRun,
    Welcome,
)
from jobs import run_story
from jobs.agents import AgentLink
from jobs.states import Actor

log = logging.getLogger(__name__)

_RETRY_S = 1.0


class AgentInbox:
    """One machine's unread messages.

    Attributes:
        lock: held while a job is called or started, so that an agent that comes back in between
            is asked about the run only once it could know of it.
    """

    def __init__(
        self,
        link: AgentLink,
        database: Database,
        on_run_started: Callable[[RunId], None],
        clock: Clock,
    ) -> None:
        self._link = link
        self._machine_id = link.machine.id
        self._database = database
        self._on_run_started = on_run_started
        self._clock = clock
        self._unread: asyncio.Queue[AgentMessage] = asyncio.Queue()
        self.lock = asyncio.Lock()

    def put(self, message: AgentMessage) -> None:
        """Add a message that just came."""
        self._unread.put_nowait(message)

    async def heed_next(self) -> None:
        """Wait for the next message, and do what it says; on a full disk, until there is room."""
        message = await self._unread.get()
        while True:
            try:
                await self._heed(message)
            except StorageError:
                log.exception("machine=%s: not written down yet", self._machine_id)
                await asyncio.sleep(_RETRY_S)
            else:
                return

    async def _heed(self, message: AgentMessage) -> None:
        now = self._clock.now()
        match message:
            case RunEvent():
                await self._heed_event(message)
            case Welcome():
                await self._write(
                    lambda tables: run_story.settle_run(
                        tables, self._machine_id, message.run_id, now
                    )
                )
            case Refused() if message.command == StartRun.__name__:
                log.warning("machine=%s refused a start: %s", self._machine_id, message.code)
                await self._write(
                    lambda tables: run_story.give_back(
                        tables, self._machine_id, Actor.AGENT, message, now
                    )
                )
            case Refused():
                log.warning("machine=%s refused %s", self._machine_id, message.command)
                await self._write(
                    lambda tables: run_story.note_refusal(tables, self._machine_id, message, now)
                )
            case _:
                pass

    async def _heed_event(self, event: RunEvent) -> None:
        now = self._clock.now()
        is_new = await self._database.write(
            lambda tables: run_story.apply_event(tables, self._machine_id, event, now)
        )
        # The agent may forget only now: the line is on the hub's disk.
        with contextlib.suppress(TransportError):
            await self._link.send(Acknowledge(spool_id=event.spool_id, seq=event.seq))
        if is_new and event.kind is RunEventKind.STARTED:
            self._on_run_started(event.run_id)

    async def _write(self, act: Act[None]) -> None:
        async with self.lock:
            await self._database.write(act)
