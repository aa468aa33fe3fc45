"""From a person's file to a checked job: what arrives is written down first, and then checked.

A check is background work that nothing is lost by: a job stays CHECKING on disk until its
report, its program and its new state are written together, and `recover` begins again whatever
a dead hub left behind.
"""

import asyncio
import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlite_utils import Database as Tables

from fablab_hub.core import journal
from fablab_hub.core.blob import Blob
from fablab_hub.core.blobs import BlobStore, register
from fablab_hub.core.clock import Clock, utc_text
from fablab_hub.core.db import Act, Database, Row
from fablab_hub.core.errors import FablabError, FileError, NotFoundError, StorageError
from fablab_hub.core.ids import JobId, MachineId, MaterialId, ProjectId
from fablab_hub.core.machines import MachineKind
from fablab_hub.core.people import Person, Right, require
from fablab_hub.core.settings import Settings
from jobs.calibrations import Calibrations
from jobs.check_request import CheckChoice, CheckOutcome, CheckRequest
from jobs.drawing_choices import operations_of
from jobs.drawing_kind import kind_of_name
from jobs.early_check import EarlyCheck
from jobs.meanings import remember, remembered_by
from jobs.names import display_name, plain
from jobs.report import Report, Verdict
from jobs.states import Actor, State, Verb
from jobs.store import Job, JobStore, add_job, capacity, move, stored_report
from jobs.workers import Workers

log = logging.getLogger(__name__)

_RETRY_S = 2.0
_FILE = "application/octet-stream"
_PROGRAM = "text/x-gcode"
_PICTURE = "image/svg+xml"

_VERBS = {
    Verdict.ACCEPTED: Verb.ACCEPT,
    Verdict.NEEDS_APPROVAL: Verb.ASK,
    Verdict.REFUSED: Verb.REFUSE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Result:
    """A check's end, ready to be written: blobs are on disk already."""

    verb: Verb
    reason: str = ""
    report: Report | None = None
    program: Blob | None = None
    picture: Blob | None = None


class Submissions:
    """Takes files from people, and has them checked."""

    def __init__(
        self,
        database: Database,
        blobs: BlobStore,
        jobs: JobStore,
        settings: Settings,
        workers: Workers,
        calibrations: Calibrations,
        clock: Clock,
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._jobs = jobs
        self._settings = settings
        self._workers = workers
        self._calibrations = calibrations
        self._clock = clock
        self._checks: dict[str, asyncio.Task[None]] = {}
        self._is_closed = False

    async def submit(
        self,
        person: Person,
        *,
        file_name: str,
        blob: Blob,
        machine_id: str,
        material_id: str | None,
        project_id: str | None,
        title: str,
        options: dict[str, Any],
        early: EarlyCheck | None = None,
    ) -> Job:
        """Take a file: once this returns the job is safe on disk, and its check has begun.

        Args:
            person: the owner to be.
            file_name: as they call it; kept for display only.
            blob: the bytes, already kept.
            machine_id: where it shall be made.
            material_id: what of; a laser needs one.
            project_id: a project of theirs, or None.
            title: what it is; the file's name when empty.
            options: their answers about the file (`unit`).
            early: the check that began while the file arrived.

        Raises:
            FileError: no material for a laser, or a forbidden one.
            NotAllowedError: this person may not submit.
            NotFoundError: no such machine, material or project.
            StorageError: it could not be saved.
        """
        require(person, Right.SUBMIT)
        self._require_choice(person, machine_id, material_id or None, project_id or None)
        now, name = self._clock.now(), display_name(file_name)

        def act(tables: Tables) -> JobId:
            register(tables, blob, _FILE, now)
            return add_job(
                tables,
                owner_id=person.id,
                machine_id=MachineId(machine_id),
                material_id=MaterialId(material_id) if material_id else None,
                project_id=ProjectId(project_id) if project_id else None,
                title=plain(title) or Path(name).stem,
                file_name=name,
                file_sha256=blob.sha256,
                options=options,
                at=now,
            )

        return await self._keep(act, early)

    def begin_check(
        self, person: Person, file_name: str, path: Path, choice: CheckChoice
    ) -> EarlyCheck | None:
        """Begin to check a file that still arrives; None where it must be whole first.

        A choice that `submit` will not take, or has not been made yet, begins nothing.
        """
        material_id = choice.material_id or None
        try:
            self._require_choice(person, choice.machine_id, material_id, None)
        except FablabError:
            return None
        return self._workers.begin(
            CheckRequest(
                path=path,
                name=display_name(file_name),
                machine_id=choice.machine_id,
                material_id=material_id,
                options=choice.options or {},
                tried=self._calibrations.tried(choice.machine_id, material_id),
            )
        )

    async def replace(
        self,
        person: Person,
        job_id: str,
        *,
        file_name: str,
        blob: Blob,
        options: dict[str, Any],
        early: EarlyCheck | None = None,
    ) -> Job:
        """Take a better file for a job that was refused or waits for a manager.

        Raises:
            ForbiddenMoveError: the job is past that.
            NotAllowedError: it is somebody else's.
            NotFoundError: there is no such job, or not for this person.
            StorageError: it could not be saved.
        """
        job = self._own(person, job_id)
        now = self._clock.now()
        changes: Row = {
            "file_name": display_name(file_name),
            "file_sha256": blob.sha256,
            "options": json.dumps(options, sort_keys=True),
            "revision": job.revision + 1,
        }

        def act(tables: Tables) -> JobId:
            register(tables, blob, _FILE, now)
            return self._check_again(tables, person, job, changes)

        return await self._keep(act, early)

    async def answer(self, person: Person, job_id: str, options: dict[str, Any]) -> Job:
        """Check the same file again, knowing more about it (`{"unit": "mm"}`).

        What lines are for is remembered, for this person and files of the same program. A job that
        waits in the queue keeps its place.

        Raises:
            ForbiddenMoveError: the job is past that.
            NotAllowedError: it is somebody else's.
            NotFoundError: there is no such job, or not for this person.
            StorageError: it could not be saved.
        """
        job = self._own(person, job_id)
        changes: Row = {"options": json.dumps({**job.options, **options}, sort_keys=True)}
        meanings = operations_of(options.get("operations"))
        writer = job.report.drawing.writer if job.report and job.report.drawing else ""

        def act(tables: Tables) -> JobId:
            remember(tables, person.id, writer, meanings, self._clock.now())
            return self._check_again(tables, person, job, changes, Verb.ADJUST)

        return await self._keep(act)

    async def checked(self, job_id: str) -> Job:
        """Wait until a job has left CHECKING; at once when the hub is closing.

        Raises:
            NotFoundError: there is no such job.
        """
        job = self._jobs.read(job_id)
        while job.state is State.CHECKING and not self._is_closed:
            await asyncio.wait({self._start_check(job.id)})
            job = self._jobs.read(job_id)
        return job

    async def recover(self) -> None:
        """Begin again the checks that a dead hub left behind; returns without waiting for them."""
        for job in self._jobs.in_states(frozenset({State.CHECKING})):
            self._start_check(job.id)

    async def close(self) -> None:
        """Give up the checks under way; `recover` begins them again at the next start."""
        self._is_closed = True
        tasks = tuple(self._checks.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _require_choice(
        self, person: Person, machine_id: str, material_id: str | None, project_id: str | None
    ) -> None:
        machine = self._settings.machines.get(machine_id)
        if machine is None:
            raise NotFoundError("machine.unknown")
        if material_id is not None:
            self._require_material(person, material_id)
        elif machine.kind is MachineKind.LASER:
            raise FileError("job.material-needed")
        if project_id is not None and not self._jobs.owns_project(person.id, project_id):
            raise NotFoundError("job.unknown-project")

    def _require_material(self, person: Person, material_id: str) -> None:
        material = self._settings.materials.get(material_id)
        if material is None:
            raise NotFoundError("job.unknown-material")
        if material.is_forbidden:
            raise FileError(
                "job.material-forbidden",
                material=material.name.text(person.language),
                reason=material.reason.text(person.language) if material.reason else "",
            )

    def _own(self, person: Person, job_id: str) -> Job:
        require(person, Right.SUBMIT)
        job = self._jobs.read_for(person, job_id)
        capacity(person, job)
        return job

    def _check_again(
        self, tables: Tables, person: Person, job: Job, changes: Row, verb: Verb = Verb.REPLACE
    ) -> JobId:
        # What a manager agreed to was another program.
        changes = {**changes, "approved_by": None}
        if job.state is not State.QUEUED:
            changes["queued_at"] = None
        move(
            tables,
            job.id,
            verb,
            capacity(person, job),
            who=journal.person(person.id),
            at=self._clock.now(),
            changes={**changes, "report": None, "program_sha256": None, "picture_sha256": None},
            facts={"file": changes.get("file_sha256", job.file_sha256)},
        )
        return job.id

    async def _keep(self, act: Act[JobId], early: EarlyCheck | None = None) -> Job:
        """Write, and begin the check even if whoever asked does not wait for the answer."""
        return await asyncio.shield(asyncio.ensure_future(self._keep_and_check(act, early)))

    async def _keep_and_check(self, act: Act[JobId], early: EarlyCheck | None) -> Job:
        job_id = await self._database.write(act)
        self._start_check(job_id, early)
        return self._jobs.read(job_id)

    def _start_check(self, job_id: str, early: EarlyCheck | None = None) -> asyncio.Task[None]:
        task = self._checks.get(job_id)
        if task is None:
            if early:
                early.take()
            task = asyncio.create_task(self._check(job_id, early), name=f"check:{job_id}")
            self._checks[job_id] = task
            task.add_done_callback(lambda _: self._checks.pop(job_id, None))
        return task

    async def _check(self, job_id: str, early: EarlyCheck | None) -> None:
        job = self._jobs.read(job_id)
        try:
            result = await self._examine(job, early)
        except StorageError as error:
            log.exception("job=%s could not be checked", job_id)
            result = _Result(verb=Verb.REFUSE, reason=error.code)
        except Exception:  # a job that nobody checks any more would wait for ever
            log.exception("the check of job=%s failed", job_id)
            result = _Result(verb=Verb.REFUSE, reason="internal")
        await self._write(job, result)

    async def _examine(self, job: Job, early: EarlyCheck | None) -> _Result:
        request = CheckRequest(
            path=self._blobs.path(job.file_sha256),
            name=job.file_name,
            machine_id=job.machine_id,
            material_id=job.material_id,
            options=self._options(job),
            tried=self._calibrations.tried(job.machine_id, job.material_id),
        )
        outcome = await early.outcome(request, job.file_sha256) if early else None
        if outcome is None:
            outcome = await self._workers.check(request)
        try:
            return await asyncio.to_thread(self._keep_outcome, outcome)
        finally:
            await asyncio.to_thread(outcome.discard)

    def _options(self, job: Job) -> dict[str, Any]:
        """Give a job's answers; of a drawing, with what its owner said of such files before."""
        if kind_of_name(job.file_name) is None:
            return job.options
        remembered = remembered_by(self._database, job.owner_id)
        return {**job.options, "remembered": remembered} if remembered else job.options

    def _keep_outcome(self, outcome: CheckOutcome) -> _Result:
        """Keep what the check wrote, on a thread of its own; refuse what does not fit together."""
        report = outcome.report
        program = None
        if outcome.program:
            program = self._blobs.take_file(outcome.program, outcome.program_blob)
        picture = self._blobs.take_file(outcome.picture) if outcome.picture else None
        verb, reason = _VERBS[report.verdict], ""
        # SAFETY: only the very bytes that were checked may run, see
        # test_a_program_that_is_not_the_checked_one_is_refused.
        if verb is not Verb.REFUSE and (program is None or program.sha256 != report.program_sha256):
            verb, reason, program = Verb.REFUSE, "program.changed", None
        return _Result(verb=verb, reason=reason, report=report, program=program, picture=picture)

    async def _write(self, job: Job, result: _Result) -> None:
        """Write a check's end in one transaction; on a full disk, again until there is room."""
        while True:
            try:
                await self._database.write(lambda tables: self._end_check(tables, job, result))
            except StorageError:
                log.exception("the report of job=%s is not saved yet", job.id)
                await asyncio.sleep(_RETRY_S)
            except FablabError:
                log.exception("job=%s moved on during its check", job.id)
                return
            else:
                return

    def _end_check(self, tables: Tables, job: Job, result: _Result) -> None:
        now = self._clock.now()
        changes: Row = {
            "report": stored_report(result.report) if result.report else None,
            "program_sha256": result.program.sha256 if result.program else None,
            "picture_sha256": result.picture.sha256 if result.picture else None,
        }
        if result.program:
            register(tables, result.program, _PROGRAM, now)
        if result.picture:
            register(tables, result.picture, _PICTURE, now)
        if result.verb is Verb.ACCEPT and job.queued_at is None:
            changes["queued_at"] = utc_text(now)
        move(
            tables,
            job.id,
            result.verb,
            Actor.CHECKER,
            who=journal.HUB,
            at=now,
            reason=result.reason,
            changes=changes,
            facts={"program": changes["program_sha256"]},
        )
