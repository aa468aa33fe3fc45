"""The queue of one machine: whose turn it is, who did not come, and when the others start. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from fablab_hub.core.ids import JobId
from fablab_hub.core.machines import MachineState
from jobs.conditions import MachineView
from jobs.states import State
from jobs.store import Job

CHANGEOVER_S = 300.0
"""Between two runs: empty the bed, call the next person, tick the list."""


def next_to_call(waiting: Sequence[Job], machine_view: MachineView) -> JobId | None:
    """Tell whose turn it is: first come, first served, one at a time.

    Args:
        waiting: what waits for the machine, in the order of the queue.
        machine_view: the machine now.

    Returns:
        None while somebody is called or at it, or while the machine cannot start.
    """
    if machine_view.job is not None or machine_view.state is not MachineState.IDLE:
        return None
    if any(job.state is State.CALLED for job in waiting):
        return None
    return next((job.id for job in waiting if job.state is State.QUEUED), None)


def is_no_show(called: Job, waiting: Sequence[Job], now: datetime, no_show_min: float) -> bool:
    """Tell whether a called job must let others pass.

    A person who does not come while nobody else waits takes nobody's place, and stays called.

    Args:
        called: the called job.
        waiting: what waits for the same machine.
        now: the moment.
        no_show_min: patience, in minutes.
    """
    if called.called_at is None or not any(job.state is State.QUEUED for job in waiting):
        return False
    return now - called.called_at >= timedelta(minutes=no_show_min)


def estimated_starts(
    jobs: Sequence[Job], now: datetime, remaining_s: float | None, ratio: float = 1.0
) -> dict[JobId, datetime]:
    """Estimate when each waiting job starts, if everybody comes at once.

    Args:
        jobs: what waits for one machine, in the order of the queue.
        now: the moment.
        remaining_s: rest of the run under way; None when the machine is free.
        ratio: how long runs take on this machine, in multiples of what is estimated.
    """
    start_s = 0.0 if remaining_s is None else remaining_s + CHANGEOVER_S
    starts: dict[JobId, datetime] = {}
    for job in jobs:
        starts[job.id] = now + timedelta(seconds=start_s)
        start_s += ratio * (job.report.facts.duration_s if job.report else 0.0) + CHANGEOVER_S
    return starts
