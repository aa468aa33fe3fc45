"""A person's badge: a trainer makes it and prints it, once."""

from typing import Annotated

import segno
from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from fablab_hub.core.people import Person, Right, read_person, require_help
from web.access import Hub, allow, refuse_at_kiosk
from web.rendering import render, see_other
from web.services import Services

router = APIRouter(prefix="/personnes/{person_id}/badge")

Helper = Annotated[Person, allow(Right.UNBLOCK)]

_QUIET_MODULES = 4
"""The white around a QR code that readers need (ISO/IEC 18004, 5.3.8)."""


def qr_picture(text: str) -> Markup:
    """Draw a QR code as SVG that fills its box, black on white in every theme."""
    code = segno.make(text, error="m", micro=False)
    return Markup(  # noqa: S704 - our own drawing; the text is in it as squares only
        code.svg_inline(omitsize=True, light="#fff", dark="#000", border=_QUIET_MODULES)
    )


@router.get("")
async def show_badge(request: Request, hub: Hub, by: Helper, person_id: str) -> Response:
    """Say whether somebody has a badge, and offer to make one."""
    return _page(request, hub, _bearer(hub, by, person_id))


@router.post("")
async def make_badge(request: Request, hub: Hub, by: Helper, person_id: str) -> Response:
    """Make a badge; the answer is the only time it is seen."""
    refuse_at_kiosk(request)
    who = _bearer(hub, by, person_id)
    return _page(request, hub, who, await hub.signin.badges.make(who, by))


@router.post("/retirer")
async def revoke_badge(hub: Hub, by: Helper, person_id: str) -> Response:
    """Make a lost badge worthless."""
    who = _bearer(hub, by, person_id)
    await hub.signin.badges.revoke(who, by)
    return see_other(f"/personnes/{who.id}/badge")


def _bearer(services: Services, by: Person, person_id: str) -> Person:
    """Read whose badge it is; everybody may print their own, which opens nothing by itself."""
    who = read_person(services.database, person_id)
    if who.id != by.id:
        require_help(by, who)
    return who


def _page(request: Request, services: Services, who: Person, badge: str = "") -> Response:
    return render(
        request,
        "pages/badge.html",
        here="people",
        who=who,
        picture=qr_picture(badge) if badge else "",
        made_at=services.signin.badges.made_at(who.id),
    )
