"""What the hub and a machine's agent say to each other: one JSON object a line.

Plain data, so that another carrier can take the Unix socket's place. Each message has a
`type`; an unknown type or field is an error on the side that reads it, and `PROTOCOL`
changes whenever a message does.

    hub to agent     Hello Heartbeat StartRun Hold Resume Stop Acknowledge Quit
    agent to hub     Welcome StatusReport RunEvent Refused
"""

import dataclasses
import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from fablab_hub.core.ids import JobId, MachineId, RunId
from fablab_hub.core.machines import MachineState, MachineStatus, Temperatures
from fablab_hub.core.programs import Mark

PROTOCOL = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """The hub's first line on a connection."""

    protocol: int = PROTOCOL


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """The hub is alive. A laser's agent holds when these stop coming."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRun:
    """Run a checked program. The agent answers with a RunEvent STARTED or with Refused."""

    run_id: RunId
    job_id: JobId
    program_path: str
    program_sha256: str
    lines: int
    duration_s: float
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Hold the run: feed hold, beam off."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """Go on with a held run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """End the run now: beam and heaters off. Works in every state."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge:
    """The hub has stored every RunEvent up to this number; the agent may forget them."""

    spool_id: str
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quit:
    """End the agent process when nothing runs; Refused while something does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """The agent's first line: who it is, and what it is in the middle of.

    Attributes:
        identity: what the board said of itself.
        spool_id: names this agent's log of events; a new log starts again at 1.
        run_id: the run under way or not yet acknowledged.
    """

    protocol: int
    machine_id: MachineId
    identity: str
    pid: int
    spool_id: str
    run_id: RunId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReport:
    """How the machine is now; sent on change and a few times a second while it works."""

    status: MachineStatus
    run_id: RunId | None


class RunEventKind(StrEnum):
    """The story of a run, in the words of the agent."""

    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"

    @property
    def is_end(self) -> bool:
        """Tell whether nothing of this run follows."""
        return self in (RunEventKind.DONE, RunEventKind.FAILED, RunEventKind.STOPPED)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEvent:
    """One line of a run's story; kept on the agent's disk until the hub acknowledged it.

    Attributes:
        seq: counts up by one within a spool.
        at: when, UTC text with milliseconds.
        reason: `person`, `heartbeat`, `interlock`, `firmware` or an error's code.
        lines_done: lines that the firmware acknowledged so far.
        elapsed_s: seconds since STARTED.
        fields: facts of the error, for its sentence.
    """

    spool_id: str
    seq: int
    run_id: RunId
    job_id: JobId
    kind: RunEventKind
    at: str
    reason: str = ""
    lines_done: int = 0
    elapsed_s: float = 0.0
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The agent could not do what it was told."""

    command: str
    code: str
    fields: dict[str, str] = field(default_factory=dict)


HubMessage = Hello | Heartbeat | StartRun | Hold | Resume | Stop | Acknowledge | Quit
AgentMessage = Welcome | StatusReport | RunEvent | Refused

_TYPES: dict[str, type] = {
    kind.__name__: kind
    for kind in (
        Hello, Heartbeat, StartRun, Hold, Resume, Stop, Acknowledge, Quit,
        Welcome, StatusReport, RunEvent, Refused,
    )
}  # fmt: skip


class MessageError(ValueError):
    """A line that is no message of this protocol."""


def encode(message: HubMessage | AgentMessage) -> bytes:
    """Write a message as one line of JSON, with its newline."""
    body = {"type": type(message).__name__, **dataclasses.asdict(message)}
    return json.dumps(body, separators=(",", ":"), ensure_ascii=True).encode() + b"\n"


def decode(line: bytes) -> HubMessage | AgentMessage:
    """Read one line.

    Raises:
        MessageError: it is not JSON, or not a message of this protocol.
    """
    try:
        body: dict[str, Any] = json.loads(line)
        kind = _TYPES[body.pop("type")]
        if kind is StatusReport:
            body["status"] = _status(body["status"])
        if kind is StartRun:
            body["marks"] = tuple(Mark(*mark) for mark in body["marks"])
        if kind is RunEvent:
            body["kind"] = RunEventKind(body["kind"])
        return kind(**body)  # type: ignore[no-any-return]  # one of _TYPES
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise MessageError(line[:200]) from error


def _status(body: dict[str, Any]) -> MachineStatus:
    heat, at_mm = body.pop("temperatures"), body.pop("position_mm")
    return MachineStatus(
        **{**body, "state": MachineState(body["state"])},
        temperatures=Temperatures(**heat) if heat else None,
        position_mm=(at_mm[0], at_mm[1], at_mm[2]) if at_mm else None,
    )
