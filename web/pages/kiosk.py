"""A machine's own tablet: whoever stands there sees what it does, stops it, calls, or starts.

Nobody is signed in here. To stop, to pause and to call need no name; to start and to say that the
bed is empty need a PIN each time. Other people's titles stay unseen: a first name is enough.
"""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response

from fablab_hub.core.calls import open_call
from fablab_hub.core.errors import (
    DriverError,
    FablabError,
    ForbiddenMoveError,
    NotAllowedError,
    SignInError,
)
from fablab_hub.core.people import authorised_machines, first_name, read_people
from jobs.starting import checklist_of
from jobs.states import State
from web.access import (
    KIOSK_COOKIE,
    PUBLIC,
    Hub,
    address_of,
    allow,
    keep_kiosk,
    kiosk_of,
    language_of,
)
from web.errors import describe_here, status_of
from web.pages.machine import starters_of
from web.pages.views import expected_starts, person_name, trouble_of
from web.rendering import render, see_other
from web.services import Services

router = APIRouter(prefix="/borne", dependencies=[allow(PUBLIC)])

WhoField = Annotated[str, Form(max_length=40)]


@router.get("")
async def find_kiosk(request: Request) -> Response:
    """Lead a machine's tablet to its machine.

    Raises:
        NotAllowedError: this browser is no machine's tablet (`kiosk.none`).
    """
    return see_other(f"/borne/{_require_kiosk(request, kiosk_of(request) or '')}")


@router.get("/{machine_id}")
async def show_kiosk(request: Request, hub: Hub, machine_id: str) -> Response:
    """Show the machine, as large as the tablet."""
    return _page(request, hub, _require_kiosk(request, machine_id))


@router.get("/{machine_id}/etat")
async def kiosk_state(request: Request, hub: Hub, machine_id: str) -> Response:
    """Give the part that changes."""
    values = _values(hub, _require_kiosk(request, machine_id), language_of(request))
    return render(request, "pages/kiosk_state.html", **values)


@router.post("/{machine_id}/demarrer")
async def start_here(
    request: Request,
    hub: Hub,
    machine_id: str,
    job_id: WhoField,
    person_id: WhoField,
    pin: WhoField,
    ticked: Annotated[list[str], Form()] = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Start the called job for whoever types their PIN here."""
    _require_kiosk(request, machine_id)
    try:
        starter = await hub.signin.prove(person_id, pin.strip(), address_of(request), at_kiosk=True)
        await hub.runner.start_job(job_id, starter, frozenset(ticked))
    except (SignInError, NotAllowedError, ForbiddenMoveError, DriverError) as error:
        return _page(request, hub, machine_id, error)
    return see_other(f"/borne/{machine_id}")


@router.post("/{machine_id}/plateau-vide")
async def clear_here(
    request: Request, hub: Hub, machine_id: str, person_id: WhoField, pin: WhoField
) -> Response:
    """Note who saw the empty bed."""
    _require_kiosk(request, machine_id)
    try:
        witness = await hub.signin.prove(person_id, pin.strip(), address_of(request), at_kiosk=True)
        await hub.runner.clear_bed(witness, machine_id)
    except (SignInError, NotAllowedError, ForbiddenMoveError) as error:
        return _page(request, hub, machine_id, error)
    return see_other(f"/borne/{machine_id}", "cleared")


@router.post("/{machine_id}/pause")
async def hold_here(request: Request, hub: Hub, machine_id: str) -> Response:
    """Hold the machine, for whoever stands there."""
    _require_kiosk(request, machine_id)
    try:
        await hub.runner.hold(None, machine_id)
    except DriverError as error:
        return _page(request, hub, machine_id, error)
    return see_other(f"/borne/{machine_id}")


@router.post("/{machine_id}/arreter")
async def stop_here(request: Request, hub: Hub, machine_id: str) -> Response:
    """Stop the machine, for whoever stands there."""
    _require_kiosk(request, machine_id)
    try:
        await hub.runner.stop(None, machine_id)
    except DriverError as error:
        return _page(request, hub, machine_id, error)
    return see_other(f"/borne/{machine_id}", "stopped")


@router.post("/{machine_id}/appeler")
async def call_here(request: Request, hub: Hub, machine_id: str) -> Response:
    """Call somebody to this machine."""
    _require_kiosk(request, machine_id)
    now = hub.clock.now()
    await hub.database.write(lambda tables: open_call(tables, None, machine_id, now))
    return see_other(f"/borne/{machine_id}", "called")


def _require_kiosk(request: Request, machine_id: str) -> str:
    known = kiosk_of(request)
    if known is None or known != machine_id:
        raise NotAllowedError("kiosk.none")
    return known


def _page(
    request: Request, services: Services, machine_id: str, error: FablabError | None = None
) -> Response:
    language = language_of(request)
    values = _values(services, machine_id, language)
    response = render(
        request,
        "pages/kiosk.html",
        status=status_of(error) if error else HTTPStatus.OK,
        problem=describe_here(error, language) if error else None,
        **values,
    )
    keep_kiosk(request, response, request.cookies[KIOSK_COOKIE])
    return response


def _values(services: Services, machine_id: str, language: str) -> dict[str, Any]:
    view = services.runner.view(machine_id)
    waiting, starts = services.jobs.queue(machine_id), expected_starts(services, machine_id)
    called = next((job for job in waiting if job.state is State.CALLED), None)
    called = called if view.job is None else None
    return {
        "machine": view.machine,
        "view": view,
        "trouble": trouble_of(view, language),
        "owner": _first_name(services, view.job.owner_id) if view.job else "",
        "called": called,
        "checklist": checklist_of(view.machine, called) if called else (),
        "called_name": _first_name(services, called.owner_id) if called else "",
        "starters": starters_of(services, called) if called else [],
        "witnesses": _witnesses(services, machine_id),
        "waiting": [
            (_first_name(services, job.owner_id), starts[job.id])
            for job in waiting
            if job.id in starts and job.state is not State.CALLED
        ],
        "digits": services.settings.signin.pin_digits,
    }


def _first_name(services: Services, person_id: str) -> str:
    return first_name(person_name(services, person_id))


def _witnesses(services: Services, machine_id: str) -> list[tuple[str, str]]:
    """List who may say that the bed is empty: whose job it was first, then who may start it."""
    last = services.jobs.last_owner(machine_id)
    people = [
        person
        for person in read_people(services.database)
        if person.id == last or machine_id in authorised_machines(services.database, person.id)
    ]
    people.sort(key=lambda person: person.id != last)
    return [(person.id, person.name) for person in people]
