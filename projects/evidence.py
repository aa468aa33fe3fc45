"""Evidence of a run: its photos, and the fabrication that it becomes.

A photo is evidence only while the piece lies on the machine. So nothing is photographed once
somebody has emptied the bed: a missing photo is better than a photo of something else.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from sqlite_utils import Database as Tables

from fablab_hub.core import journal
from fablab_hub.core.blobs import BlobStore
from fablab_hub.core.clock import Clock
from fablab_hub.core.db import Database
from fablab_hub.core.errors import DriverError
from fablab_hub.core.i18n.words import N_, languages, translate
from fablab_hub.core.ids import PersonId, ProjectId, RunId
from fablab_hub.core.pictures import Picture, TakePicture
from fablab_hub.core.settings import Settings
from jobs.run_store import read_condition
from jobs.store import Job, JobStore, Run
from projects.store import (
    Moment,
    Outcome,
    ProjectStore,
    add_fabrication,
    add_photo,
    add_project,
)

log = logging.getLogger(__name__)

OWN_PROJECT = N_("My fabrications")
"""Title of the project for jobs that were sent for none."""

TOO_LATE = "camera.too-late"


class Evidence:
    """Listens to runs. Every call may come twice, or late, and does its work once."""

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        jobs: JobStore,
        settings: Settings,
        take_picture: TakePicture,
        clock: Clock,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._jobs = jobs
        self._settings = settings
        self._take_picture = take_picture
        self._clock = clock
        self._projects = ProjectStore(database)
        self._listeners: list[Callable[[PersonId], Awaitable[object]]] = []

    def on_made(self, listener: Callable[[PersonId], Awaitable[object]]) -> None:
        """Have a listener called with the owner of each run that ended."""
        self._listeners.append(listener)

    async def run_started(self, run_id: RunId) -> None:
        """Take the photo of the start.

        Raises:
            NotFoundError: there is no such run.
            StorageError: the photo could not be kept.
        """
        run = self._jobs.read_run(run_id)
        if run.ended_at is None:
            await self._photograph(run, Moment.START)

    async def run_ended(self, run_id: RunId) -> None:
        """Draft the fabrication of a run, whatever its outcome, and take the photo of the end.

        A run that never began, or whose end is not decided yet, becomes nothing.

        Raises:
            NotFoundError: there is no such run.
            StorageError: it could not be kept.
        """
        run = self._jobs.read_run(run_id)
        if run.outcome is None or run.started_at is None:
            return
        # First what cannot fail for the lab's cameras, so that a slow one loses nothing.
        job = self._jobs.read(run.job_id)
        await self._draft(run, Outcome(run.outcome), job)
        for listener in self._listeners:
            await listener(job.owner_id)
        if self._is_still_there(run):
            await self._photograph(run, Moment.END)
        elif self._camera_of(run) and not self._has_photo(run, Moment.END):
            await self._note_missed(run, Moment.END, TOO_LATE)

    async def recover(self) -> None:
        """Make up for what was missed when the hub was killed or down.

        Runs that became no fabrication become one; a piece that still lies on its machine
        without a photo is photographed.

        Raises:
            StorageError: a fabrication could not be kept.
        """
        missed = set(self._projects.runs_without_fabrication())
        last = [self._projects.last_ended_run(machine_id) for machine_id in self._settings.machines]
        runs = missed | {run_id for run_id in last if run_id is not None}
        await asyncio.gather(*(self.run_ended(run_id) for run_id in sorted(runs)))

    async def _draft(self, run: Run, outcome: Outcome, job: Job) -> None:
        now = self._clock.now()

        def act(tables: Tables) -> None:
            project_id = job.project_id or self._own_project(tables, job.owner_id)
            add_fabrication(
                tables, project_id=project_id, owner_id=job.owner_id, run_id=run.id,
                title=job.title, outcome=outcome, at=now,
            )  # fmt: skip

        if self._projects.fabrication_of_run(run.id) is None:
            await self._database.write(act)

    def _own_project(self, tables: Tables, owner_id: PersonId) -> ProjectId:
        """Find or make the project for what belongs to none, in the owner's language."""
        titles = [translate(OWN_PROJECT, language) for language in languages()]
        marks = ", ".join("?" for _ in titles)
        found = next(
            tables.query(
                f"SELECT id FROM projects WHERE owner_id = ? AND title IN ({marks}) ORDER BY id",  # noqa: S608 - only question marks
                [owner_id, *titles],
            ),
            None,
        )
        if found is not None:
            return ProjectId(found["id"])
        language = next(tables.query("SELECT language FROM people WHERE id = ?", [owner_id]))
        title = translate(OWN_PROJECT, language["language"])
        return add_project(tables, owner_id=owner_id, title=title, at=self._clock.now())

    async def _photograph(self, run: Run, moment: Moment) -> None:
        camera_id = self._camera_of(run)
        if camera_id is None or self._has_photo(run, moment):
            return
        try:
            picture = await self._take_picture(camera_id)
        except DriverError as error:
            log.warning("run=%s: no photo of its %s (%s)", run.id, moment, error.code)
            await self._note_missed(run, moment, error.code)
            return
        await self._keep(run, moment, picture)

    async def _keep(self, run: Run, moment: Moment, picture: Picture) -> None:
        blob = await asyncio.to_thread(self._blobs.keep, [picture.jpeg])
        now = self._clock.now()
        await self._database.write(
            lambda tables: add_photo(
                tables, run_id=run.id, moment=moment, blob=blob, taken_at=picture.taken_at, at=now
            )
        )

    async def _note_missed(self, run: Run, moment: Moment, code: str) -> None:
        facts = {"moment": moment.value, "camera": self._camera_of(run), "code": code}
        lines = journal.read_about(self._database, f"run:{run.id}")
        if any(line.verb == "photo.missed" and line.data == facts for line in lines):
            return
        now = self._clock.now()
        await self._database.write(
            lambda tables: journal.append(
                tables, now, journal.HUB, "photo.missed", f"run:{run.id}", facts
            )
        )

    def _camera_of(self, run: Run) -> str | None:
        machine = self._settings.machines.get(run.machine_id)
        return machine.camera if machine else None

    def _has_photo(self, run: Run, moment: Moment) -> bool:
        return any(photo.moment is moment for photo in self._projects.photos_of_run(run.id))

    def _is_still_there(self, run: Run) -> bool:
        """Tell whether the machine still waits for the piece of this run to be taken off."""
        later = self._database.read_one(
            "SELECT 1 FROM runs WHERE machine_id = ? AND id > ? AND started_at IS NOT NULL",
            (run.machine_id, run.id),
        )
        return later is None and read_condition(self._database, run.machine_id).needs_clearing
