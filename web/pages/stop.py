"""Stop, for whoever looks for it: the machines they may stop, and what to do in danger."""

from fastapi import APIRouter, Request, Response

from web.access import SIGNED_IN, allow
from web.rendering import render

router = APIRouter()


@router.get("/arreter", dependencies=[allow(SIGNED_IN)])
async def show_stop(request: Request) -> Response:
    """Show what this person may stop now, and what to do for the rest."""
    return render(request, "pages/stop.html", here="stop")
