"""What people decide about jobs that wait: approve, refuse, withdraw, and after a power cut."""

from typing import Any

from sqlite_utils import Database as Tables

from fablab_hub.core import journal
from fablab_hub.core.clock import Clock, utc_text
from fablab_hub.core.db import Database
from fablab_hub.core.errors import ForbiddenMoveError
from fablab_hub.core.people import Person, Right, require
from jobs import run_store
from jobs.states import Actor, Verb
from jobs.store import Job, JobStore, capacity, move

INTERRUPTED = "job.interrupted"
"""Why a run that nobody saw the end of counts as failed."""


class Desk:
    """The manager's desk, and the owner's second thoughts."""

    def __init__(self, database: Database, jobs: JobStore, clock: Clock) -> None:
        self._database = database
        self._jobs = jobs
        self._clock = clock

    async def approve(self, person: Person, job_id: str) -> Job:
        """Let a doubtful job into the queue; it takes its place now.

        Raises:
            ForbiddenMoveError: it does not wait for that.
            NotAllowedError: this person approves nothing.
            NotFoundError: there is no such job.
        """
        require(person, Right.APPROVE)
        changes = {"approved_by": person.id, "queued_at": utc_text(self._clock.now())}
        return await self._move(person, job_id, Verb.APPROVE, Actor.MANAGER, changes=changes)

    async def refuse(self, person: Person, job_id: str, reason: str) -> Job:
        """Send a doubtful job back to its owner, and say why.

        Raises:
            ForbiddenMoveError: it does not wait for that, or no reason was given
                (`job.reason-needed`).
            NotAllowedError: this person refuses nothing.
            NotFoundError: there is no such job.
        """
        require(person, Right.APPROVE)
        if not reason.strip():
            raise ForbiddenMoveError("job.reason-needed")
        return await self._move(
            person, job_id, Verb.REFUSE, Actor.MANAGER, reason=reason.strip()
        )  # fmt: skip

    async def withdraw(self, person: Person, job_id: str) -> Job:
        """Take a job out before it starts: its owner, or staff.

        Raises:
            ForbiddenMoveError: it has started, or is over.
            NotAllowedError: it is not theirs.
            NotFoundError: there is no such job.
        """
        job = self._jobs.read(job_id)
        return await self._move(person, job_id, Verb.WITHDRAW, capacity(person, job))

    async def requeue(self, person: Person, job_id: str) -> Job:
        """Make an interrupted job again, from the start; it keeps its place in the queue.

        Raises:
            ForbiddenMoveError: it was not interrupted.
            NotAllowedError: it is not theirs.
            NotFoundError: there is no such job.
        """
        return await self._end_interrupted(person, job_id, Verb.REQUEUE)

    async def give_up(self, person: Person, job_id: str) -> Job:
        """Count an interrupted job as failed.

        Raises:
            ForbiddenMoveError: it was not interrupted.
            NotAllowedError: it is not theirs.
            NotFoundError: there is no such job.
        """
        return await self._end_interrupted(person, job_id, Verb.FAIL)

    async def _end_interrupted(self, person: Person, job_id: str, verb: Verb) -> Job:
        actor = capacity(person, self._jobs.read(job_id))
        now = self._clock.now()

        def act(tables: Tables) -> None:
            reason = INTERRUPTED if verb is Verb.FAIL else ""
            move(tables, job_id, verb, actor, who=journal.person(person.id), at=now, reason=reason)
            if run := run_store.newest_open_run(tables, job_id):
                run_store.end_run(tables, run.id, now, "failed", INTERRUPTED)

        await self._database.write(act)
        return self._jobs.read(job_id)

    async def _move(
        self,
        person: Person,
        job_id: str,
        verb: Verb,
        actor: Actor,
        *,
        reason: str = "",
        changes: dict[str, Any] | None = None,
    ) -> Job:
        now, who = self._clock.now(), journal.person(person.id)
        await self._database.write(
            lambda tables: move(
                tables, job_id, verb, actor, who=who, at=now, reason=reason, changes=changes
            )
        )
        return self._jobs.read(job_id)
