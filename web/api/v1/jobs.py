"""Jobs: ask, read, and take back."""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse
from pydantic import ValidationError

from fablab_hub.core.errors import FablabError, NotFoundError
from fablab_hub.core.ids import JobId
from fablab_hub.core.people import Person, Right, require
from jobs.check_request import CheckChoice
from jobs.queue import estimated_starts
from jobs.report_shown import report_to_json
from jobs.states import WAITING, State
from jobs.store import Job
from web.access import Hub, allow, language_of
from web.api.v1.job_models import (
    SUBMIT_SCHEMA,
    UPLOAD_SCHEMA,
    AnswersBody,
    JobBody,
    ReportBody,
    RunBody,
)
from web.api.v1.models import PROBLEMS
from web.security import PICTURE_POLICY
from web.services import Services
from web.uploads import receive_upload

router = APIRouter(prefix="/api/v1", tags=["jobs"], responses=PROBLEMS)

Reader = Annotated[Person, allow(Right.SEE_OWN)]
Owner = Annotated[Person, allow(Right.SUBMIT)]
Sender = Annotated[Person, allow(Right.SUBMIT, is_upload=True)]
Wait = Annotated[
    float, Query(ge=0, le=60, description="Wait that many seconds at most for the check's end.")
]


@router.get("/jobs")
async def list_jobs(
    hub: Hub,
    person: Reader,
    of: Annotated[
        Literal["me", "everybody"], Query(description="`everybody` is for staff.")
    ] = "me",
    state: Annotated[list[State] | None, Query(description="Only these states.")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> list[JobBody]:
    """List jobs, newest first."""
    if of == "everybody":
        require(person, Right.SEE_ALL)
        found = hub.jobs.in_states(frozenset(state or State))
        found.sort(key=lambda job: job.id, reverse=True)
    else:
        found = [job for job in hub.jobs.of_owner(person.id) if not state or job.state in state]
    starts = _starts(hub, found)
    return [JobBody.of(job, starts.get(job.id)) for job in found[:limit]]


@router.post("/jobs", status_code=201, openapi_extra=SUBMIT_SCHEMA)
async def submit_job(request: Request, hub: Hub, person: Sender, wait_s: Wait = 0) -> JobBody:
    """Send a file; it is checked, and then queued, refused, or shown to a manager."""
    async with receive_upload(request, person, _choice) as upload:
        fields, choice = upload.fields, _choice(upload.fields)
        if not choice.machine_id:
            raise FablabError("form.invalid", field="machine_id")
        job = await hub.submissions.submit(
            person,
            file_name=upload.file_name,
            blob=upload.blob,
            machine_id=choice.machine_id,
            material_id=choice.material_id,
            project_id=fields.get("project_id") or None,
            title=fields.get("title", ""),
            options=choice.options or {},
            early=upload.early,
        )
    return _shown(hub, await _checked(hub, job, wait_s))


@router.get("/jobs/{job_id}")
async def show_job(hub: Hub, person: Reader, job_id: str) -> JobBody:
    """Show one job."""
    return _shown(hub, hub.jobs.read_for(person, job_id))


@router.put("/jobs/{job_id}/file", openapi_extra=UPLOAD_SCHEMA)
async def replace_file(
    request: Request, hub: Hub, person: Sender, job_id: str, wait_s: Wait = 0
) -> JobBody:
    """Send a better file for a job that was refused, or waits for a manager."""

    def choose(fields: Mapping[str, str]) -> CheckChoice:
        job = hub.jobs.read_for(person, job_id)
        return replace(_choice(fields), machine_id=job.machine_id, material_id=job.material_id)

    async with receive_upload(request, person, choose) as upload:
        job = await hub.submissions.replace(
            person,
            job_id,
            file_name=upload.file_name,
            blob=upload.blob,
            options=_options(upload.fields.get("options", "")),
            early=upload.early,
        )
    return _shown(hub, await _checked(hub, job, wait_s))


@router.post("/jobs/{job_id}/answer")
async def answer_questions(
    hub: Hub, person: Owner, job_id: str, body: AnswersBody, wait_s: Wait = 0
) -> JobBody:
    """Answer what the check asked about the file; it is checked again."""
    job = await hub.submissions.answer(person, job_id, body.options())
    return _shown(hub, await _checked(hub, job, wait_s))


@router.post("/jobs/{job_id}/withdraw")
async def withdraw_job(hub: Hub, person: Owner, job_id: str) -> JobBody:
    """Take a job out before it starts."""
    return _shown(hub, await hub.desk.withdraw(person, job_id))


@router.get("/jobs/{job_id}/report", response_model_exclude_unset=True)
async def show_report(request: Request, hub: Hub, person: Reader, job_id: str) -> ReportBody:
    """Show what the check found; 404 while it is under way."""
    job = hub.jobs.read_for(person, job_id)
    if job.report is None:
        raise NotFoundError("found.nothing")
    return ReportBody.model_validate(report_to_json(job.report, language_of(request)))


@router.get("/jobs/{job_id}/runs")
async def list_runs(hub: Hub, person: Reader, job_id: str) -> list[RunBody]:
    """List the runs of a job, oldest first."""
    return [RunBody.of(run) for run in hub.jobs.runs_of(hub.jobs.read_for(person, job_id).id)]


@router.get(
    "/jobs/{job_id}/program.gcode",
    response_class=FileResponse,
    responses={200: {"content": {"text/x-gcode": {}}, "description": "The checked program."}},
)
async def download_program(hub: Hub, person: Reader, job_id: str) -> Response:
    """Give the checked program: what the machine runs, byte for byte."""
    job = hub.jobs.read_for(person, job_id)
    name = f"{job.file_name}.gcode"
    return _blob(hub, job.program_sha256, "text/x-gcode", name)


@router.get(
    "/jobs/{job_id}/file",
    response_class=FileResponse,
    responses={200: {"content": {"application/octet-stream": {}}, "description": "The file."}},
)
async def download_file(hub: Hub, person: Reader, job_id: str) -> Response:
    """Give the file as it was sent."""
    job = hub.jobs.read_for(person, job_id)
    return _blob(hub, job.file_sha256, "application/octet-stream", job.file_name)


@router.get(
    "/jobs/{job_id}/picture.svg",
    response_class=FileResponse,
    responses={200: {"content": {"image/svg+xml": {}}, "description": "The picture."}},
)
async def show_picture(hub: Hub, person: Reader, job_id: str) -> Response:
    """Show the file drawn on the machine's bed, with its problems."""
    job = hub.jobs.read_for(person, job_id)
    response = _blob(hub, job.picture_sha256, "image/svg+xml", None)
    response.headers["Content-Security-Policy"] = PICTURE_POLICY
    return response


def _blob(hub: Services, sha256: str | None, media_type: str, download_as: str | None) -> Response:
    if sha256 is None:
        raise NotFoundError("found.nothing")
    return FileResponse(
        hub.blobs.path(sha256),
        media_type=media_type,
        filename=download_as,
        headers={"Cache-Control": "private, no-cache"},
    )


def _choice(fields: Mapping[str, str]) -> CheckChoice:
    """Say what a file is for, from the fields of its form."""
    return CheckChoice(
        machine_id=fields.get("machine_id", ""),
        material_id=fields.get("material_id") or None,
        options=_options(fields.get("options", "")),
    )


def _options(text: str) -> dict[str, Any]:
    """Read the answers about a file that came as a field of a form."""
    try:
        return AnswersBody.model_validate_json(text or "{}").options()
    except ValidationError as error:
        raise FablabError("form.invalid", field="options") from error


async def _checked(hub: Services, job: Job, wait_s: float) -> Job:
    if wait_s > 0:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                return await hub.submissions.checked(job.id)
    return hub.jobs.read(job.id)


def _shown(hub: Services, job: Job) -> JobBody:
    return JobBody.of(job, _starts(hub, [job]).get(job.id))


def _starts(hub: Services, jobs: list[Job]) -> dict[JobId, datetime]:
    """Estimate when the waiting ones among some jobs start."""
    starts: dict[JobId, datetime] = {}
    now = hub.clock.now()
    for machine_id in {job.machine_id for job in jobs if job.state in WAITING}:
        view, queue = hub.runner.view(machine_id), hub.jobs.queue(machine_id)
        starts |= estimated_starts(queue, now, view.remaining_s, view.habit.ratio)
    return starts
