"""Calling somebody: a trainee says where they are; staff see who and where, and say they come."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response

from fablab_hub.core.calls import answer_call, close_call, open_call, read_call
from fablab_hub.core.errors import NotFoundError
from fablab_hub.core.people import Person, Right
from web.access import SIGNED_IN, Hub, allow
from web.frame import call_lines
from web.rendering import own_path, render, see_other

router = APIRouter()

Seer = Annotated[Person, allow(SIGNED_IN)]
Supervisor = Annotated[Person, allow(Right.SUPERVISE)]


@router.get("/bandeau", dependencies=[allow(SIGNED_IN)])
async def bar_state(request: Request, ici: Annotated[str, Query(max_length=300)] = "/") -> Response:
    """Give the part of the bar that changes, for the page at `ici`."""
    return render(request, "components/bar_state.html", path=own_path(ici))


@router.get("/appeler", dependencies=[allow(SIGNED_IN)])
async def show_call(
    request: Request, hub: Hub, machine: Annotated[str, Query(max_length=40)] = ""
) -> Response:
    """Ask where somebody is, or show that their call was heard."""
    machines = list(hub.settings.machines.values())
    here_first = sorted(machines, key=lambda known: known.id != machine)
    return render(request, "pages/call.html", here="help", machines=here_first, chosen=machine)


@router.get("/appeler/etat", dependencies=[allow(SIGNED_IN)])
async def call_state(request: Request) -> Response:
    """Give the part that changes: whether somebody comes."""
    return render(request, "pages/call_state.html")


@router.post("/appeler")
async def call_somebody(
    hub: Hub, person: Seer, lieu: Annotated[str, Form(max_length=40)] = ""
) -> Response:
    """Call for help from a machine, or from a table.

    Raises:
        NotFoundError: there is no such machine.
    """
    if lieu and lieu not in hub.settings.machines:
        raise NotFoundError("found.nothing")
    now = hub.clock.now()
    await hub.database.write(lambda tables: open_call(tables, person.id, lieu or None, now))
    return see_other("/appeler")


@router.get("/appels")
async def show_calls(request: Request, hub: Hub, person: Supervisor) -> Response:
    """Show who calls, and where they are."""
    lines = call_lines(hub, person, hub.clock.now())
    return render(request, "pages/calls.html", here="calls", lines=lines)


@router.get("/appels/etat")
async def calls_state(request: Request, hub: Hub, person: Supervisor) -> Response:
    """Give the part that changes."""
    lines = call_lines(hub, person, hub.clock.now())
    return render(request, "pages/calls_state.html", lines=lines)


@router.post("/appels/{call_id}/jy-vais")
async def go_there(hub: Hub, person: Supervisor, call_id: str) -> Response:
    """Say that somebody is on their way."""
    now = hub.clock.now()
    await hub.database.write(lambda tables: answer_call(tables, call_id, person.id, now))
    return see_other("/appels")


@router.post("/appels/{call_id}/fini")
async def end_call(hub: Hub, person: Seer, call_id: str) -> Response:
    """End a call: its caller's own, or any for those who look after them.

    Raises:
        NotFoundError: there is no such call, or it is somebody else's.
    """
    is_supervisor = person.may(Right.SUPERVISE)
    if not is_supervisor and read_call(hub.database, call_id).person_id != person.id:
        raise NotFoundError("found.nothing")
    now = hub.clock.now()
    await hub.database.write(lambda tables: close_call(tables, call_id, person.id, now))
    return see_other("/appels" if is_supervisor else "/", "call-closed")
