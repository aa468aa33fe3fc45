"""Kiosks: staff make a browser the screen of a machine, and can take that back."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from fablab_hub.core.errors import NotFoundError
from fablab_hub.core.people import Person, Right
from web.access import (
    SESSION_COOKIE,
    Hub,
    allow,
    forget_session,
    keep_kiosk,
    kiosk_here,
)
from web.rendering import render, see_other

router = APIRouter(prefix="/bornes")

Staff = Annotated[Person, allow(Right.SUPERVISE)]


@router.get("")
async def show_kiosks(request: Request, hub: Hub, _: Staff) -> Response:
    """List the kiosks, and offer to make this browser one."""
    machines = hub.settings.machines
    return render(
        request,
        "pages/kiosks.html",
        here="settings",
        kiosks=[kiosk for kiosk in hub.signin.kiosks.all() if kiosk.machine_id in machines],
        mine=kiosk_here(request),
        machines=machines,
    )


@router.post("")
async def make_kiosk(
    request: Request, hub: Hub, by: Staff, machine_id: Annotated[str, Form(max_length=40)]
) -> Response:
    """Make this browser a machine's kiosk; whoever did it is signed out, for others come here."""
    if machine_id not in hub.settings.machines:
        raise NotFoundError("machine.unknown")
    before = kiosk_here(request)
    if before is not None:
        await hub.signin.kiosks.revoke(before.id, by)
    token = await hub.signin.kiosks.make(machine_id, by)
    await hub.signin.close_session(request.cookies.get(SESSION_COOKIE, ""))
    response = see_other(f"/borne/{machine_id}")
    keep_kiosk(request, response, f"{machine_id}.{token}")
    forget_session(request, response)
    return response


@router.post("/{kiosk_id}/retirer")
async def revoke_kiosk(hub: Hub, by: Staff, kiosk_id: str) -> Response:
    """Make a kiosk an ordinary browser again."""
    await hub.signin.kiosks.revoke(kiosk_id, by)
    return see_other("/bornes")
