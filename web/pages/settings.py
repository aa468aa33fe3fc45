"""One's own settings: language, look, PIN, and keys for slicers."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response

from fablab_hub.core.errors import SignInError
from fablab_hub.core.passphrase import MAX_LENGTH
from fablab_hub.core.people import Person
from fablab_hub.core.signin import Proof
from web.access import SESSION_COOKIE, SIGNED_IN, Hub, address_of, allow, language_of
from web.errors import describe_here, status_of
from web.pages.welcome import look_choices
from web.rendering import render, see_other
from web.services import Services

router = APIRouter()


@router.get("/reglages")
async def show_settings(
    request: Request,
    hub: Hub,
    person: Annotated[Person, allow(SIGNED_IN)],
    code: Annotated[str, Query(max_length=10)] = "",
) -> Response:
    """Show what somebody can set for themselves."""
    return _page(request, hub, person, has_new_pin=bool(code))


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


@router.post("/reglages/cle/{token_id}/retirer")
async def revoke_key(
    hub: Hub, person: Annotated[Person, allow(SIGNED_IN)], token_id: str
) -> Response:
    """Make one of somebody's API keys worthless."""
    await hub.signin.tokens.revoke(person, token_id)
    return see_other("/reglages")


@router.get("/reglages/code", dependencies=[allow(SIGNED_IN)])
async def show_own_pin(request: Request, hub: Hub) -> Response:
    """Ask for the PIN of today and a new one."""
    return _pin_page(request, hub)


@router.post("/reglages/code")
async def change_own_pin(
    request: Request,
    hub: Hub,
    person: Annotated[Person, allow(SIGNED_IN)],
    pin: Annotated[str, Form(max_length=40)],
    chosen: Annotated[str, Form(max_length=40)],
    again: Annotated[str, Form(max_length=40)],
) -> Response:
    """Change somebody's PIN, after the one before was typed."""
    session = request.cookies.get(SESSION_COOKIE, "")
    try:
        await hub.signin.prove(person.id, pin.strip(), address_of(request), at_kiosk=True)
        await hub.signin.pins.choose(person, chosen.strip(), again.strip(), session)
    except SignInError as error:
        return _pin_page(request, hub, error)
    return see_other("/reglages?code=change")


def _pin_page(request: Request, services: Services, error: SignInError | None = None) -> Response:
    return render(
        request,
        "pages/own_pin.html",
        status=status_of(error) if error else HTTPStatus.OK,
        here="settings",
        digits=services.settings.signin.pin_digits,
        problem=describe_here(error, language_of(request)) if error else None,
    )


def _page(
    request: Request,
    services: Services,
    person: Person,
    *,
    token: str | None = None,
    has_new_pin: bool = False,
    error: SignInError | None = None,
) -> Response:
    return render(
        request,
        "pages/settings.html",
        status=status_of(error) if error else HTTPStatus.OK,
        here="settings",
        token=token,
        keys=services.signin.tokens.of_person(person.id),
        has_new_pin=has_new_pin,
        has_passphrase=services.signin.passphrases.has_one(person.id),
        **look_choices(request),
        digits=services.settings.signin.pin_digits,
        problem=describe_here(error, language_of(request)) if error else None,
    )
