"""The start page: what to do now. Staff start in the workshop."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from fablab_hub.core.i18n.words import N_, moment_text, translate
from fablab_hub.core.people import Person, Right
from jobs.states import FINAL, State
from jobs.store import Job
from web.access import Hub, allow, language_of
from web.pages.views import expected_starts, machine_name
from web.rendering import render, see_other
from web.services import Services

router = APIRouter()

_PAST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class JobLine:
    """One job of a list."""

    job: Job
    machine_name: str
    when: str


@router.get("/")
async def home(
    request: Request, hub: Hub, person: Annotated[Person, allow(Right.SEE_OWN)]
) -> Response:
    """Show a trainee what to do now; lead staff to the workshop."""
    if person.may(Right.SUPERVISE):
        return see_other("/atelier")
    return render(
        request, "pages/home.html", here="home", **_home(hub, person, language_of(request))
    )


@router.get("/accueil/etat")
async def home_state(
    request: Request, hub: Hub, person: Annotated[Person, allow(Right.SEE_OWN)]
) -> Response:
    """Give the part of the start page that changes."""
    return render(request, "pages/home_state.html", **_home(hub, person, language_of(request)))


def _home(services: Services, person: Person, language: str) -> dict[str, Any]:
    jobs = services.jobs.of_owner(person.id)
    lines = [_line(services, job, language) for job in jobs if job.state not in FINAL]
    past = [job for job in jobs if job.state in FINAL][:_PAST_SHOWN]
    return {
        "called_jobs": [line for line in lines if line.job.state is State.CALLED],
        "jobs": [line for line in lines if line.job.state is not State.CALLED],
        "past": [_line(services, job, language) for job in past],
    }


def _line(services: Services, job: Job, language: str) -> JobLine:
    zone = services.settings.lab.zone
    when = ""
    if job.state is State.QUEUED:
        starts_at = expected_starts(services, job.machine_id).get(job.id)
        if starts_at is not None:
            time = moment_text(starts_at, language, zone, "Hm")
            when = translate(N_("about {time}"), language, time=time)
    elif job.state in FINAL:
        when = moment_text(job.updated_at, language, zone)
    return JobLine(job, machine_name(services, job.machine_id, language), when)
