"""What is decided about jobs: by managers, and at the machine."""

from typing import Annotated

from fastapi import APIRouter, Request

from fablab_hub.core.people import Person, Right
from web.access import Hub, address_of, allow
from web.api.v1.job_models import JobBody, RunBody, StartBody
from web.api.v1.models import PROBLEMS, ReasonBody

router = APIRouter(prefix="/api/v1", tags=["desk"], responses=PROBLEMS)

Manager = Annotated[Person, allow(Right.APPROVE)]
Owner = Annotated[Person, allow(Right.SUBMIT)]


@router.post("/jobs/{job_id}/approve")
async def approve_job(hub: Hub, person: Manager, job_id: str) -> JobBody:
    """Let a doubtful job into the queue."""
    return JobBody.of(await hub.desk.approve(person, job_id), None)


@router.post("/jobs/{job_id}/refuse")
async def refuse_job(hub: Hub, person: Manager, job_id: str, body: ReasonBody) -> JobBody:
    """Send a doubtful job back, and say why."""
    return JobBody.of(await hub.desk.refuse(person, job_id, body.reason), None)


@router.post("/jobs/{job_id}/requeue")
async def requeue_job(hub: Hub, person: Owner, job_id: str) -> JobBody:
    """Make an interrupted job again, from its start."""
    return JobBody.of(await hub.desk.requeue(person, job_id), None)


@router.post("/jobs/{job_id}/give-up")
async def give_up_job(hub: Hub, person: Owner, job_id: str) -> JobBody:
    """Count an interrupted job as failed."""
    return JobBody.of(await hub.desk.give_up(person, job_id), None)


@router.post("/jobs/{job_id}/start", status_code=201)
async def start_job(
    request: Request,
    hub: Hub,
    person: Annotated[Person, allow(Right.START)],
    job_id: str,
    body: StartBody,
) -> RunBody:
    """Start a called job. Only for somebody who stands at the machine and types their PIN."""
    starter = await hub.signin.prove(body.person_id or person.id, body.pin, address_of(request))
    return RunBody.of(await hub.runner.start_job(job_id, starter, body.ticked))
