"""How a machine is, as people see it: what its agent says, joined with what the hub knows."""

from dataclasses import dataclass, field
from types import MappingProxyType

from fablab_hub.core.errors import ForbiddenMoveError
from fablab_hub.core.machines import Machine, MachineState, MachineStatus
from jobs.run_store import Condition
from jobs.run_times import Habit
from jobs.store import Job, Run


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineView:
    """One machine at one moment, for pages and for the queue.

    Attributes:
        state: the one word for it, see `machine_state`.
        status: what its agent last said.
        job: the one that the machine belongs to; None when it is free.
        run: that job's run.
        remaining_s: estimated rest of the run; None when nothing runs.
        habit: how long its runs take, beside what is estimated for them.
        condition: what people said of the machine.
    """

    machine: Machine
    state: MachineState
    status: MachineStatus
    job: Job | None
    run: Run | None
    remaining_s: float | None
    condition: Condition = field(default_factory=Condition)
    habit: Habit = field(default_factory=Habit)


def machine_state(status: MachineStatus, condition: Condition) -> MachineState:
    """Give the one word for a machine.

    A machine that moves is busy, whatever people said of it. Out of service comes before what a
    machine at rest says; an alarm or a lost line comes before a bed to clear.
    """
    if status.state in (MachineState.BUSY, MachineState.PAUSED):
        return status.state
    if condition.is_out_of_service:
        return MachineState.OUT_OF_SERVICE
    if status.state is MachineState.IDLE and condition.needs_clearing:
        return MachineState.NEEDS_CLEARING
    return status.state


def view_machine(
    machine: Machine,
    status: MachineStatus,
    condition: Condition,
    job: Job | None,
    run: Run | None,
    habit: Habit = Habit(),  # noqa: B008 - never changed
) -> MachineView:
    """Join what is known of a machine."""
    return MachineView(
        machine=machine,
        state=machine_state(status, condition),
        status=status,
        job=job,
        run=run,
        remaining_s=_remaining_s(job, status, habit),
        condition=condition,
        habit=habit,
    )


def require_ready(view: MachineView) -> None:
    """Let a start through only when the machine is free, clear and well.

    Raises:
        ForbiddenMoveError: it is not; the code says in which way.
    """
    if view.job is not None:
        raise ForbiddenMoveError("machine.busy")
    if view.state is not MachineState.IDLE:
        raise ForbiddenMoveError(_NOT_READY[view.state], reason=view.condition.reason)


_NOT_READY: MappingProxyType[MachineState, str] = MappingProxyType(
    {
        MachineState.OFFLINE: "machine.offline",
        MachineState.BUSY: "machine.busy",
        MachineState.PAUSED: "machine.busy",
        MachineState.ALARM: "machine.alarm",
        MachineState.NEEDS_CLEARING: "machine.needs-clearing",
        MachineState.OUT_OF_SERVICE: "machine.out-of-service",
    }
)


def _remaining_s(job: Job | None, status: MachineStatus, habit: Habit) -> float | None:
    if job is None or job.report is None:
        return None
    facts, fraction = job.report.facts, min(max(status.fraction, 0.0), 1.0)
    # Nothing has moved yet: the heaters still have to climb.
    heating_s = facts.heating_s or 0.0
    moving_s = facts.duration_s - heating_s
    left_s = moving_s * (1.0 - fraction) + (heating_s if fraction == 0 else 0.0)
    return left_s * habit.ratio
