"""What an agent tells of its runs: into the spool first, then to whoever listens."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from drivers.spool import Spool
from fablab_hub.core.clock import Clock, utc_text
from fablab_hub.core.ids import JobId, RunId
from fablab_hub.core.messages import AgentMessage, RunEvent, RunEventKind

log = logging.getLogger(__name__)

LOST = "agent-lost"
"""Why a run failed: the agent that led it was killed."""

_KEPT_LOGS = 20


@runtime_checkable
class RemembersLines(Protocol):
    """A driver that keeps the last raw lines of its conversation, for whoever looks for a fault."""

    def recent_lines(self) -> Sequence[str]:
        """Give the last 500 lines, oldest first, each marked as sent or received."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """How far a run was when something happened to it."""

    lines_done: int = 0
    elapsed_s: float = 0.0


class Story:
    """The story of a machine's runs."""

    def __init__(self, spool: Spool, folder: Path, clock: Clock) -> None:
        """Begin to tell.

        Args:
            spool: keeps each event until the hub has it.
            folder: where the last raw lines of failed runs are written.
            clock: gives each event its time.
        """
        self._spool = spool
        self._folder = folder
        self._clock = clock
        self.tell: Callable[[AgentMessage], None] = lambda _: None
        """Takes each event once it is on disk; may lose it, the spool tells it again."""

    def write(
        self,
        run_id: RunId,
        job_id: JobId,
        kind: RunEventKind,
        reason: str = "",
        *,
        moment: Moment | None = None,
        fields: dict[str, str] | None = None,
    ) -> None:
        """Write an event and tell it.

        Raises:
            StorageError: a run cannot start because the disk refuses its first event. What has
                already happened is kept in memory instead, and told.
        """
        moment = moment or Moment()
        event = RunEvent(
            spool_id="",
            seq=0,
            run_id=run_id,
            job_id=job_id,
            kind=kind,
            at=utc_text(self._clock.now()),
            reason=reason,
            lines_done=moment.lines_done,
            elapsed_s=round(moment.elapsed_s, 3),
            fields=fields or {},
        )
        has_happened = kind is not RunEventKind.STARTED
        self.tell(self._spool.append(event, even_unwritten=has_happened))

    def fail_lost_run(self) -> None:
        """Tell the end of a run whose agent was killed: nobody knows where the tool is."""
        lost = self._spool.open_run
        if lost is not None:
            self.write(lost.run_id, lost.job_id, RunEventKind.FAILED, LOST)

    def keep_last_lines(self, run_id: RunId, driver: object) -> None:
        """Write the last raw lines beside the spool; the newest twenty files are kept."""
        if not isinstance(driver, RemembersLines):
            return
        try:
            path = self._folder / f"failed-{run_id}.log"
            path.write_text("\n".join(driver.recent_lines()) + "\n", encoding="utf-8")
            for old in sorted(self._folder.glob("failed-*.log"))[:-_KEPT_LOGS]:
                old.unlink()
        except OSError:
            log.exception("the last lines of run=%s could not be kept", run_id)
