"""One's own settings: the language, and a key for a slicer."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from fablab_hub.core.errors import SignInError
from fablab_hub.core.passphrase import MAX_LENGTH
from fablab_hub.core.people import Person
from fablab_hub.core.signin import Proof
from web.access import SIGNED_IN, Hub, address_of, allow, language_of
from web.errors import describe_here, status_of
from web.pages.welcome import look_choices
from web.rendering import render
from web.services import Services

router = APIRouter()


@router.get("/reglages")
async def show_settings(
    request: Request, hub: Hub, person: Annotated[Person, allow(SIGNED_IN)]
) -> Response:
    """Show what somebody can set for themselves."""
    return _page(request, hub, person)


@router.post("/reglages/cle")
async def make_key(
    request: Request,
    hub: Hub,
    person: Annotated[Person, allow(SIGNED_IN)],
    name: Annotated[str, Form(max_length=60)],
    pin: Annotated[str, Form(max_length=40)] = "",
    passphrase: Annotated[str, Form(max_length=MAX_LENGTH)] = "",
) -> Response:
    """Make an API key after the PIN or passphrase was typed again; it is shown this once."""
    try:
        proof = Proof(pin=pin.strip(), passphrase=passphrase)
        owner = await hub.signin.prove_again(person, proof, address_of(request))
    except SignInError as error:
        return _page(request, hub, person, error=error)
    return _page(request, hub, person, token=await hub.signin.make_token(owner, name.strip()))


def _page(
    request: Request,
    services: Services,
    person: Person,
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
        has_passphrase=services.signin.passphrases.has_one(person.id),
        **look_choices(request),
        digits=services.settings.signin.pin_digits,
        problem=describe_here(error, language_of(request)) if error else None,
    )
