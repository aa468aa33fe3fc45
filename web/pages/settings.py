"""One's own settings: the language, and a key for a slicer."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from fablab_hub.core.errors import SignInError
from fablab_hub.core.people import Person
from web.access import SIGNED_IN, Hub, address_of, allow, language_of
from web.errors import describe_here, status_of
from web.pages.welcome import look_choices
from web.rendering import render
from web.services import Services

router = APIRouter()


@router.get("/reglages", dependencies=[allow(SIGNED_IN)])
async def show_settings(request: Request, hub: Hub) -> Response:
    """Show what somebody can set for themselves."""
    return _page(request, hub)


@router.post("/reglages/cle")
async def make_key(
    request: Request,
    hub: Hub,
    person: Annotated[Person, allow(SIGNED_IN)],
    name: Annotated[str, Form(max_length=60)],
    pin: Annotated[str, Form(max_length=40)],
) -> Response:
    """Make an API key after the PIN was typed again; the answer is the only time it is seen."""
    try:
        owner = await hub.signin.prove(person.id, pin.strip(), address_of(request))
    except SignInError as error:
        return _page(request, hub, error=error)
    return _page(request, hub, token=await hub.signin.make_token(owner, name.strip()))


def _page(
    request: Request,
    services: Services,
    *,
    token: str | None = None,
    error: SignInError | None = None,
) -> Response:
    return render(
        request,
        "pages/settings.html",
        status=status_of(error) if error else HTTPStatus.OK,
        here="settings",
        token=token,
        **look_choices(request),
        digits=services.settings.signin.pin_digits,
        problem=describe_here(error, language_of(request)) if error else None,
    )
