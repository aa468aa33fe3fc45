"""Tells whoever wants to know that a run began or ended: pictures, fabrications."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from fablab_hub.core.errors import NotFoundError
from fablab_hub.core.ids import RunId
from jobs.store import JobStore

log = logging.getLogger(__name__)

RunListener = Callable[[RunId], Awaitable[None]]
"""Told of a run once what it did is on disk; its errors are logged."""

_GOODBYE_S = 5.0


class RunNews:
    """News of runs, told after the commit, each listener in a task of its own.

    A hub that dies between the commit and the telling tells nothing: a listener looks for what
    it missed when the hub starts again.
    """

    def __init__(self, jobs: JobStore) -> None:
        self._jobs = jobs
        self._open: set[RunId] = set()
        self._for_start: list[RunListener] = []
        self._for_end: list[RunListener] = []
        self._telling: set[asyncio.Task[None]] = set()

    def on_started(self, listener: RunListener) -> None:
        """Tell somebody of each run that a machine began."""
        self._for_start.append(listener)

    def on_ended(self, listener: RunListener) -> None:
        """Tell somebody of each run that ended or was given up."""
        self._for_end.append(listener)

    def watch_open(self) -> None:
        """Begin with the runs that an earlier hub left open."""
        self._open = set(self._jobs.open_runs())

    def watch(self, run_id: RunId) -> None:
        """Watch a run that was just asked for."""
        self._open.add(run_id)

    def tell_start(self, run_id: RunId) -> None:
        """Tell that a machine began a run."""
        self._tell(self._for_start, run_id)

    def tell_ends(self) -> None:
        """Tell of every watched run that ended since, whoever ended it: its agent or its owner."""
        still_open = self._jobs.open_runs()
        for run_id in sorted(self._open - still_open):
            with contextlib.suppress(NotFoundError):  # refused before it began, and forgotten
                self._tell(self._for_end, self._jobs.read_run(run_id).id)
        self._open = set(still_open)

    async def close(self) -> None:
        """Let the last listeners finish, but not for ever."""
        if not self._telling:
            return
        _, late = await asyncio.wait(self._telling, timeout=_GOODBYE_S)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)

    def _tell(self, listeners: list[RunListener], run_id: RunId) -> None:
        for listener in listeners:
            task = asyncio.create_task(_told(listener, run_id), name=f"runner:news:{run_id}")
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)


async def _told(listener: RunListener, run_id: RunId) -> None:
    try:
        await listener(run_id)
    except Exception:  # a picture that failed must not stop a machine
        log.exception("run=%s: what follows from it failed; it is tried again at start", run_id)
