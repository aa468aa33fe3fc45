"""The machine's side of a real socket, played by a test."""

import asyncio
from collections.abc import Callable
from typing import Any

from fablab_hub.core.machines import MachineState, MachineStatus
from fablab_hub.core.messages import (
    PROTOCOL,
    Hello,
    RunEvent,
    RunEventKind,
    StartRun,
    StatusReport,
    Welcome,
    decode,
    encode,
)

DEADLINE_S = 20.0


async def until(condition: Callable[[], Any]) -> Any:
    """Wait until a condition holds, and give its value; fails after the deadline."""
    async with asyncio.timeout(DEADLINE_S):
        while not (value := condition()):  # noqa: ASYNC110 - what is awaited tells nobody
            await asyncio.sleep(0.005)
        return value


class Agent:
    """The machine's side of a real socket, that does as the test says."""

    def __init__(self, machine_id: str) -> None:
        self._machine_id = machine_id
        self._writer: asyncio.StreamWriter | None = None
        self._seq = 0
        self.heard: list[Any] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                message = decode(line)
                if isinstance(message, Hello):
                    self._writer = writer
                    self._send(
                        Welcome(
                            protocol=PROTOCOL, machine_id=self._machine_id, identity="test",
                            pid=1, spool_id="spool", run_id=None,
                        )
                    )  # fmt: skip
                    self.say(MachineState.IDLE)
                self.heard.append(message)
        except ConnectionError:
            pass
        finally:
            writer.close()

    def say(self, state: MachineState, fraction: float = 0.0) -> None:
        status = MachineStatus(state=state, fraction=fraction)
        self._send(StatusReport(status=status, run_id=None))

    def tell(self, start: StartRun, kind: RunEventKind) -> None:
        self._seq += 1
        self._send(
            RunEvent(
                spool_id="spool", seq=self._seq, run_id=start.run_id, job_id=start.job_id,
                kind=kind, at="2026-11-23T10:00:00.000Z",
            )
        )  # fmt: skip

    async def expect(self, kind: type) -> Any:
        return await until(lambda: next((m for m in self.heard if isinstance(m, kind)), None))

    def _send(self, message: Any) -> None:
        assert self._writer
        self._writer.write(encode(message))
