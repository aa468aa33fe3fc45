"""The wall: one large screen in the workshop, readable from five metres, with nothing to press.

Everybody in the room reads it, visitors too: first names and places, never what somebody makes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request, Response

from fablab_hub.core.people import Right, first_name
from jobs.conditions import MachineView
from jobs.states import State
from web.access import Hub, allow
from web.frame import every_call
from web.pages.views import person_name
from web.rendering import render
from web.services import Services

router = APIRouter()

_NEXT_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class WallMachine:
    """One machine, as the whole room may read it.

    Attributes:
        who: first name of whoever it works for; empty when it is free.
        ends_at: when that work ends, if nothing holds it up.
        called: first name of whoever may start now; empty when nobody is called.
        next_names: first names of those who wait, in order; the first few.
        more: how many wait after those.
    """

    view: MachineView
    who: str
    ends_at: datetime | None
    called: str
    next_names: tuple[str, ...]
    more: int


@router.get("/wall", dependencies=[allow(Right.SUPERVISE)])
async def show_wall(request: Request, hub: Hub) -> Response:
    """Show every machine to the whole room."""
    zone = hub.settings.lab.zone
    return render(request, "pages/wall.html", zone=zone, now=hub.clock.now(), **_values(hub))


@router.get("/wall/etat", dependencies=[allow(Right.SUPERVISE)])
async def wall_state(request: Request, hub: Hub) -> Response:
    """Give the part of the wall that changes."""
    return render(request, "pages/wall_state.html", **_values(hub))


def _values(services: Services) -> dict[str, Any]:
    machines = [_machine(services, view) for view in services.runner.views()]
    return {"machines": machines, "calls": every_call(services, services.clock.now())}


def _machine(services: Services, view: MachineView) -> WallMachine:
    queue = services.jobs.queue(view.machine.id)
    waiting = [_name(services, job.owner_id) for job in queue if job.state is not State.CALLED]
    called = [_name(services, job.owner_id) for job in queue if job.state is State.CALLED]
    ends_at = None
    if view.remaining_s is not None:
        ends_at = services.clock.now() + timedelta(seconds=view.remaining_s)
    return WallMachine(
        view=view,
        who=_name(services, view.job.owner_id) if view.job else "",
        ends_at=ends_at,
        called=called[0] if called and view.job is None else "",
        next_names=tuple(waiting[:_NEXT_SHOWN]),
        more=max(0, len(waiting) - _NEXT_SHOWN),
    )


def _name(services: Services, person_id: str) -> str:
    return first_name(person_name(services, person_id))
