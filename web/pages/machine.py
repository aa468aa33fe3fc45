"""One machine: who is called, the start with a PIN and a ticked list, pause and stop.

Made for a tablet that is fixed to the machine, and for a phone in front of it.
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response

from fablab_hub.core.errors import (
    DriverError,
    FablabError,
    ForbiddenMoveError,
    NotAllowedError,
    SignInError,
)
from fablab_hub.core.people import Person, Right, authorised_machines, read_people
from jobs.starting import checklist_of
from jobs.states import State
from jobs.store import Job
from web.access import Hub, address_of, allow, kiosk_of, language_of
from web.errors import describe_here, status_of
from web.pages.views import (
    expected_time,
    material_name,
    may_see,
    person_name,
    queue_entries,
    reason_text,
    trouble_of,
)
from web.rendering import render, see_other
from web.services import Services

router = APIRouter(prefix="/machines/{machine_id}")

Seer = Annotated[Person, allow(Right.SEE_OWN)]
Starter = Annotated[Person, allow(Right.START)]


@dataclass(frozen=True, slots=True)
class Called:
    """The job whose turn it is."""

    job: Job
    owner: str
    material: str
    duration: str


@router.get("")
async def show_machine(request: Request, hub: Hub, person: Seer, machine_id: str) -> Response:
    """Show a machine."""
    return _page(request, hub, person, machine_id)


@router.get("/etat")
async def machine_state(request: Request, hub: Hub, person: Seer, machine_id: str) -> Response:
    """Give the part of a machine's page that changes."""
    values = _values(hub, person, machine_id, language_of(request))
    return render(request, "pages/machine_state.html", **values)


@router.post("/demarrer")
async def start(
    request: Request,
    hub: Hub,
    person: Starter,
    machine_id: str,
    job_id: Annotated[str, Form(max_length=40)],
    person_id: Annotated[str, Form(max_length=40)],
    pin: Annotated[str, Form(max_length=40)],
    ticked: Annotated[list[str], Form()] = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Start the called job for whoever types their PIN here."""
    try:
        starter = await hub.signin.prove(
            person_id, pin.strip(), address_of(request), at_kiosk=kiosk_of(request) is not None
        )
        await hub.runner.start_job(job_id, starter, frozenset(ticked))
    except (SignInError, NotAllowedError, ForbiddenMoveError, DriverError) as error:
        return _page(request, hub, person, machine_id, error)
    return see_other(f"/machines/{machine_id}")


@router.post("/pause")
async def hold(request: Request, hub: Hub, person: Starter, machine_id: str) -> Response:
    """Hold the machine."""
    try:
        await hub.runner.hold(person, machine_id)
    except DriverError as error:
        return _page(request, hub, person, machine_id, error)
    return see_other(f"/machines/{machine_id}")


@router.post("/reprendre")
async def resume(request: Request, hub: Hub, person: Starter, machine_id: str) -> Response:
    """Go on after a pause."""
    try:
        await hub.runner.resume(person, machine_id)
    except DriverError as error:
        return _page(request, hub, person, machine_id, error)
    return see_other(f"/machines/{machine_id}")


@router.post("/arreter")
async def stop(request: Request, hub: Hub, person: Starter, machine_id: str) -> Response:
    """Stop the machine, for good."""
    try:
        await hub.runner.stop(person, machine_id)
    except DriverError as error:
        return _page(request, hub, person, machine_id, error)
    return see_other(f"/machines/{machine_id}", "stopped")


@router.post("/plateau-vide")
async def clear_bed(request: Request, hub: Hub, person: Starter, machine_id: str) -> Response:
    """Note that somebody looked: the bed is empty."""
    try:
        await hub.runner.clear_bed(person, machine_id)
    except (NotAllowedError, ForbiddenMoveError) as error:
        return _page(request, hub, person, machine_id, error)
    return see_other(f"/machines/{machine_id}", "cleared")


def _page(
    request: Request,
    services: Services,
    person: Person,
    machine_id: str,
    error: FablabError | None = None,
) -> Response:
    language = language_of(request)
    values = _values(services, person, machine_id, language)
    values["problem"] = describe_here(error, language) if error else None
    status = status_of(error) if error else HTTPStatus.OK
    return render(request, "pages/machine.html", status=status, here="machine", **values)


def _values(services: Services, person: Person, machine_id: str, language: str) -> dict[str, Any]:
    view = services.runner.view(machine_id)
    called = _called(services, machine_id, language) if view.job is None else None
    queue = queue_entries(services, machine_id, person)
    job = view.job
    return {
        "machine": view.machine,
        "view": view,
        "trouble": trouble_of(view, language),
        "owner": person_name(services, job.owner_id) if job else "",
        "sees_job": job is not None and may_see(person, job),
        "may_act": job is not None and (job.owner_id == person.id or person.may(Right.SUPERVISE)),
        "pause_reason": reason_text(job, language) if job and job.state is State.PAUSED else "",
        "called": called,
        "checklist": checklist_of(view.machine, called.job) if called else (),
        "sees_called": called is not None and may_see(person, called.job),
        "back_reason": reason_text(called.job, language) if called else "",
        "starters": starters(services, person, called.job) if called else [],
        "queue_entries": [entry for entry in queue if not entry.is_called],
        "digits": services.settings.signin.pin_digits,
        "sees_habit": person.is_staff and view.habit.is_known,
    }


def starters(services: Services, reader: Person, called: Job) -> list[Person]:
    """List who may start a called job from this page: its owner first, then authorised staff.

    The machine asks for their PIN and their right again; this only spares people a refusal.
    """
    return starters_of(services, called) if may_see(reader, called) else []


def starters_of(services: Services, called: Job) -> list[Person]:
    """List who may start a called job, for whoever stands at the machine."""
    people = [
        person
        for person in read_people(services.database)
        if (person.id == called.owner_id or person.is_staff)
        and called.machine_id in authorised_machines(services.database, person.id)
    ]
    return sorted(people, key=lambda person: person.id != called.owner_id)


def _called(services: Services, machine_id: str, language: str) -> Called | None:
    queue = services.jobs.queue(machine_id)
    job = next((job for job in queue if job.state is State.CALLED), None)
    if job is None:
        return None
    duration_s = job.report.facts.duration_s if job.report else 0.0
    return Called(
        job=job,
        owner=person_name(services, job.owner_id),
        material=material_name(services, job.material_id, language),
        duration=expected_time(duration_s, services.jobs.habit(machine_id), language)
        if duration_s
        else "",
    )
