"""One page of help, in plain words; anybody may read it."""

from fastapi import APIRouter, Request, Response

from web.access import PUBLIC, allow
from web.rendering import render

router = APIRouter()


@router.get("/aide", dependencies=[allow(PUBLIC)])
async def show_help(request: Request) -> Response:
    """Explain the way from a file to an object, and the words of the workshop."""
    return render(request, "pages/help.html", here="help")
