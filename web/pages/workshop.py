"""The workshop: every machine and its queue on one page, for those who look after them."""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from fablab_hub.core.error_texts import Problem, describe
from fablab_hub.core.errors import DriverError, TransportError
from fablab_hub.core.i18n.words import list_text
from fablab_hub.core.machines import MachineState
from fablab_hub.core.people import Person, Right
from jobs.conditions import MachineView
from web.access import Hub, allow, language_of
from web.pages.views import QueueEntry, machine_name, person_name, queue_entries, trouble_of
from web.rendering import render, see_other
from web.services import Services

router = APIRouter()


@dataclass(frozen=True, slots=True)
class MachineCard:
    """One machine as the workshop shows it."""

    view: MachineView
    owner: str
    trouble: Problem | None
    queue: list[QueueEntry]


@router.get("/atelier")
async def workshop(
    request: Request, hub: Hub, person: Annotated[Person, allow(Right.SUPERVISE)]
) -> Response:
    """Show every machine."""
    return _page(request, hub, person)


@router.get("/atelier/etat")
async def workshop_state(
    request: Request, hub: Hub, person: Annotated[Person, allow(Right.SUPERVISE)]
) -> Response:
    """Give the part of the workshop that changes."""
    cards = _cards(hub, person, language_of(request))
    return render(request, "pages/workshop_state.html", machines=cards)


@router.post("/atelier/tout-arreter")
async def stop_everything(
    request: Request, hub: Hub, person: Annotated[Person, allow(Right.SUPERVISE)]
) -> Response:
    """Stop every machine at once, and name those that could not be told."""
    silent = await _stop_all(hub, person)
    if not silent:
        return see_other("/atelier")
    language = language_of(request)
    names = list_text([machine_name(hub, id_, language) for id_ in silent], language)
    problem = describe(TransportError("agent.stop-unheard", machines=names), language)
    return _page(request, hub, person, problem)


async def _stop_all(services: Services, person: Person) -> list[str]:
    """Ask all machines side by side: one that does not answer keeps no other running."""
    views = services.runner.views()
    answers = await asyncio.gather(
        *(services.runner.stop(person, view.machine.id) for view in views), return_exceptions=True
    )
    silent: list[str] = []
    for view, answer in zip(views, answers, strict=True):
        if isinstance(answer, DriverError):
            # A machine that is switched off has nothing to stop.
            if view.job is not None or view.state is not MachineState.OFFLINE:
                silent.append(view.machine.id)
        elif isinstance(answer, BaseException):
            raise answer
    return silent


def _page(
    request: Request, services: Services, person: Person, problem: Problem | None = None
) -> Response:
    values: dict[str, Any] = {"machines": _cards(services, person, language_of(request))}
    status = HTTPStatus.SERVICE_UNAVAILABLE if problem else HTTPStatus.OK
    return render(
        request, "pages/workshop.html", status=status, here="workshop", problem=problem, **values
    )


def _cards(services: Services, person: Person, language: str) -> list[MachineCard]:
    return [
        MachineCard(
            view=view,
            owner=person_name(services, view.job.owner_id) if view.job else "",
            trouble=trouble_of(view, language),
            queue=queue_entries(services, view.machine.id, person),
        )
        for view in services.runner.views()
    ]
