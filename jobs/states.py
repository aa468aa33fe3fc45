"""A job's life: the one table that every screen, API and test reads.

No other module assigns a state. `jobs.store.move` calls `after` and writes the row and its
journal line in one transaction; the diagram in the docs and the buttons are made from TABLE.
"""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from fablab_hub.core.errors import ForbiddenMoveError


class State(StrEnum):
    """Where a job is."""

    CHECKING = "checking"
    REFUSED = "refused"
    TO_APPROVE = "to_approve"
    QUEUED = "queued"
    CALLED = "called"
    STARTING = "starting"
    RUNNING = "running"
    PAUSED = "paused"
    INTERRUPTED = "interrupted"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


class Verb(StrEnum):
    """What moves a job on."""

    ACCEPT = "accept"
    ASK = "ask"
    REFUSE = "refuse"
    APPROVE = "approve"
    REPLACE = "replace"
    ADJUST = "adjust"
    WITHDRAW = "withdraw"
    CALL = "call"
    RETURN = "return"
    START = "start"
    BEGIN = "begin"
    PAUSE = "pause"
    RESUME = "resume"
    FINISH = "finish"
    FAIL = "fail"
    STOP = "stop"
    INTERRUPT = "interrupt"
    REQUEUE = "requeue"


class Actor(StrEnum):
    """Who may move it. The owner may be a trainee; `STAFF` is a trainer or a manager."""

    CHECKER = "checker"
    OWNER = "owner"
    STAFF = "staff"
    MANAGER = "manager"
    SCHEDULER = "scheduler"
    AGENT = "agent"
    HUB = "hub"


@dataclass(frozen=True, slots=True)
class Move:
    """One row: where it leads, and who may do it."""

    to: State
    by: frozenset[Actor]


def _by(*actors: Actor) -> frozenset[Actor]:
    return frozenset(actors)


_PEOPLE = _by(Actor.OWNER, Actor.STAFF, Actor.MANAGER)

TABLE: MappingProxyType[tuple[State, Verb], Move] = MappingProxyType(
    {
        (State.CHECKING, Verb.ACCEPT): Move(State.QUEUED, _by(Actor.CHECKER)),
        (State.CHECKING, Verb.ASK): Move(State.TO_APPROVE, _by(Actor.CHECKER)),
        (State.CHECKING, Verb.REFUSE): Move(State.REFUSED, _by(Actor.CHECKER)),
        (State.REFUSED, Verb.REPLACE): Move(State.CHECKING, _by(Actor.OWNER)),
        (State.TO_APPROVE, Verb.REPLACE): Move(State.CHECKING, _by(Actor.OWNER)),
        (State.REFUSED, Verb.ADJUST): Move(State.CHECKING, _by(Actor.OWNER)),
        (State.TO_APPROVE, Verb.ADJUST): Move(State.CHECKING, _by(Actor.OWNER)),
        (State.QUEUED, Verb.ADJUST): Move(State.CHECKING, _by(Actor.OWNER)),
        (State.TO_APPROVE, Verb.APPROVE): Move(State.QUEUED, _by(Actor.MANAGER)),
        (State.TO_APPROVE, Verb.REFUSE): Move(State.REFUSED, _by(Actor.MANAGER)),
        (State.TO_APPROVE, Verb.WITHDRAW): Move(State.STOPPED, _PEOPLE),
        (State.QUEUED, Verb.CALL): Move(State.CALLED, _by(Actor.SCHEDULER)),
        (State.QUEUED, Verb.WITHDRAW): Move(State.STOPPED, _PEOPLE),
        (State.CALLED, Verb.RETURN): Move(State.QUEUED, _PEOPLE | _by(Actor.SCHEDULER)),
        (State.CALLED, Verb.WITHDRAW): Move(State.STOPPED, _PEOPLE),
        (State.CALLED, Verb.START): Move(State.STARTING, _PEOPLE),
        (State.STARTING, Verb.BEGIN): Move(State.RUNNING, _by(Actor.AGENT)),
        (State.STARTING, Verb.RETURN): Move(State.CALLED, _by(Actor.AGENT, Actor.HUB)),
        (State.STARTING, Verb.FAIL): Move(State.FAILED, _by(Actor.AGENT)),
        (State.STARTING, Verb.STOP): Move(State.STOPPED, _by(Actor.AGENT)),
        (State.STARTING, Verb.INTERRUPT): Move(State.INTERRUPTED, _by(Actor.HUB)),
        (State.RUNNING, Verb.PAUSE): Move(State.PAUSED, _by(Actor.AGENT)),
        (State.RUNNING, Verb.FINISH): Move(State.DONE, _by(Actor.AGENT)),
        (State.RUNNING, Verb.FAIL): Move(State.FAILED, _by(Actor.AGENT)),
        (State.RUNNING, Verb.STOP): Move(State.STOPPED, _by(Actor.AGENT)),
        (State.RUNNING, Verb.INTERRUPT): Move(State.INTERRUPTED, _by(Actor.HUB)),
        (State.PAUSED, Verb.RESUME): Move(State.RUNNING, _by(Actor.AGENT)),
        (State.PAUSED, Verb.FINISH): Move(State.DONE, _by(Actor.AGENT)),
        (State.PAUSED, Verb.FAIL): Move(State.FAILED, _by(Actor.AGENT)),
        (State.PAUSED, Verb.STOP): Move(State.STOPPED, _by(Actor.AGENT)),
        (State.PAUSED, Verb.INTERRUPT): Move(State.INTERRUPTED, _by(Actor.HUB)),
        (State.INTERRUPTED, Verb.REQUEUE): Move(State.QUEUED, _PEOPLE),
        (State.INTERRUPTED, Verb.FAIL): Move(State.FAILED, _PEOPLE | _by(Actor.AGENT)),
        (State.INTERRUPTED, Verb.FINISH): Move(State.DONE, _by(Actor.AGENT)),
        (State.INTERRUPTED, Verb.STOP): Move(State.STOPPED, _by(Actor.AGENT)),
        (State.INTERRUPTED, Verb.PAUSE): Move(State.PAUSED, _by(Actor.AGENT)),
        (State.INTERRUPTED, Verb.BEGIN): Move(State.RUNNING, _by(Actor.AGENT)),
    }
)
"""Everything that can happen to a job. What a person asks of a running machine (hold, resume,
stop) goes to its agent; the job moves when the agent says that it happened. An interrupted job
follows its agent again when the agent turns out to be alive."""

FINAL = frozenset(state for state in State if not any(start is state for start, _ in TABLE))
"""States that nothing leaves: done, failed, stopped."""

ON_MACHINE = frozenset({State.STARTING, State.RUNNING, State.PAUSED})
"""States in which the machine belongs to the job."""

WAITING = frozenset({State.QUEUED, State.CALLED})
"""States in which the job has a place in a queue."""


def after(state: State, verb: Verb, actor: Actor) -> State:
    """Give the state that follows.

    Raises:
        ForbiddenMoveError: the table has no such row, or not for this actor.
    """
    move = TABLE.get((state, verb))
    if move is None:
        raise ForbiddenMoveError("job.wrong-state", state=state.value, verb=verb.value)
    if actor not in move.by:
        raise ForbiddenMoveError("job.wrong-actor", verb=verb.value, actor=actor.value)
    return move.to


def verbs(state: State, actor: Actor) -> tuple[Verb, ...]:
    """List what an actor may do to a job in a state; buttons are made from this."""
    return tuple(
        verb for (start, verb), move in TABLE.items() if start is state and actor in move.by
    )
