"""The words that pages use for states, roles and outcomes: tables, so that they are said once."""

from dataclasses import dataclass
from types import MappingProxyType

from fablab_hub.core.i18n.words import N_
from fablab_hub.core.machines import MachineState
from fablab_hub.core.people import Role
from jobs.states import State


@dataclass(frozen=True, slots=True)
class Saying:
    """A state in words.

    Attributes:
        tone: colour of its banner and chip: `go`, `ok`, `wait`, `stop` or nothing.
        icon: the drawing beside the words.
        short: two or three words, for a chip.
        title: the same as a heading for the owner.
        next_step: what the owner does now; may name `{machine}`.
    """

    tone: str
    icon: str
    short: str
    title: str
    next_step: str


JOB_SAYINGS: MappingProxyType[State, Saying] = MappingProxyType(
    {
        State.CHECKING: Saying(
            "go", "clock", N_("being checked"), N_("We are looking at your file"),
            N_("This takes a few seconds. You can stay here."),
        ),
        State.REFUSED: Saying(
            "stop", "cross", N_("to be changed"), N_("Your file must be changed"),
            N_("Nothing is broken. Look below: it says what to change."),
        ),
        State.TO_APPROVE: Saying(
            "wait", "alert", N_("waits for a look"), N_("A manager looks at your file"),
            N_("You have nothing to do. The answer comes here."),
        ),
        State.QUEUED: Saying(
            "ok", "check", N_("in the queue"), N_("Your file is ready"),
            N_("You are in the queue. We call you here when it is your turn."),
        ),
        State.CALLED: Saying(
            "wait", "hand", N_("your turn"), N_("It is your turn"),
            N_("Go to the machine: {machine}."),
        ),
        State.STARTING: Saying(
            "go", "play", N_("starting"), N_("The machine is getting ready"),
            N_("Stay near the machine."),
        ),
        State.RUNNING: Saying(
            "go", "play", N_("working"), N_("The machine is working"),
            N_("You can follow it here."),
        ),
        State.PAUSED: Saying(
            "wait", "pause", N_("on pause"), N_("The machine is on pause"),
            N_("Your part is still there. Go to the machine to go on."),
        ),
        State.INTERRUPTED: Saying(
            "wait", "alert", N_("cut short"), N_("The work was cut short"),
            N_("It is not your fault. Look at the part with a trainer."),
        ),
        State.DONE: Saying(
            "ok", "check", N_("made"), N_("Well done, it is made!"),
            N_("Take your part. Then tell how you made it."),
        ),
        State.FAILED: Saying(
            "stop", "cross", N_("failed"), N_("This time it did not work"),
            N_("It happens to everybody. Talk about it with a trainer, then try again."),
        ),
        State.STOPPED: Saying(
            "", "stop", N_("stopped"), N_("This work was stopped"),
            N_("You can send your file again when you want."),
        ),
    }
)  # fmt: skip
"""Every state of a job."""

MACHINE_SAYINGS: MappingProxyType[MachineState, tuple[str, str]] = MappingProxyType(
    {
        MachineState.OFFLINE: ("", N_("not connected")),
        MachineState.IDLE: ("ok", N_("free")),
        MachineState.BUSY: ("go", N_("working")),
        MachineState.PAUSED: ("wait", N_("on pause")),
        MachineState.ALARM: ("stop", N_("in alarm")),
        MachineState.NEEDS_CLEARING: ("wait", N_("bed to empty")),
        MachineState.OUT_OF_SERVICE: ("stop", N_("out of service")),
    }
)
"""Every state of a machine: the tone of its chip, and the words on it."""

ROLE_NAMES: MappingProxyType[Role, str] = MappingProxyType(
    {
        Role.TRAINEE: N_("trainee"),
        Role.TRAINER: N_("trainer"),
        Role.MANAGER: N_("manager"),
        Role.ADMIN: N_("administrator"),
    }
)
"""Every role."""

OUTCOMES: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        "done": ("ok", N_("made")),
        "failed": ("stop", N_("a try that failed")),
        "stopped": ("wait", N_("a try that was stopped")),
    }
)
"""How a run ended: the tone of its chip, and the words on it."""

STEPS: tuple[tuple[str, frozenset[State]], ...] = (
    (N_("File"), frozenset({State.CHECKING, State.REFUSED})),
    (N_("Check"), frozenset({State.TO_APPROVE})),
    (N_("Queue"), frozenset({State.QUEUED, State.CALLED})),
    (N_("Machine"), frozenset({State.STARTING, State.RUNNING, State.PAUSED, State.INTERRUPTED})),
    (N_("Made"), frozenset({State.DONE, State.FAILED, State.STOPPED})),
)
"""The way of every job, as the ruler on its page shows it."""

REASONS: MappingProxyType[str, str] = MappingProxyType(
    {
        "person": N_("Somebody asked for it."),
        "heartbeat": N_("The machine lost the hub for a moment, so it holds."),
        "interlock": N_("A door is open, or a safety switch."),
        "firmware": N_("The machine did it by itself."),
        "agent.lost-run": N_("The machine was switched off, or started again."),
        "job.no-show": N_("Nobody came, so others went first."),
    }
)
"""Why a job was paused or ended, where its reason is one of these words."""
