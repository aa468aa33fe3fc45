"""A member of staff's passphrase, and the app that shows codes beside it."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response

from fablab_hub.core.errors import SignInError
from fablab_hub.core.passphrase import MAX_LENGTH, MIN_LENGTH
from fablab_hub.core.people import Person, Right
from fablab_hub.core.signin import Proof
from fablab_hub.core.totp import enrolment_address
from web.access import SESSION_COOKIE, Hub, address_of, allow, language_of
from web.errors import describe_here, status_of
from web.pages.badge import qr_picture
from web.rendering import render, see_other
from web.services import Services

router = APIRouter(prefix="/reglages/phrase")

Staff = Annotated[Person, allow(Right.SUPERVISE)]
PhraseField = Annotated[str, Form(max_length=MAX_LENGTH)]
PinField = Annotated[str, Form(max_length=40)]
CodeField = Annotated[str, Form(max_length=40)]


@router.get("")
async def show_passphrase(request: Request, hub: Hub, person: Staff) -> Response:
    """Show what somebody signs in with."""
    return _page(request, hub, person)


@router.post("")
async def choose_passphrase(
    request: Request,
    hub: Hub,
    person: Staff,
    chosen: PhraseField,
    pin: PinField = "",
    passphrase: PhraseField = "",
) -> Response:
    """Set or change a passphrase, after the PIN or the passphrase before was typed again."""
    proof = Proof(pin=pin.strip(), passphrase=passphrase)
    session = request.cookies.get(SESSION_COOKIE, "")
    try:
        await hub.signin.prove_again(person, proof, address_of(request))
        await hub.signin.passphrases.choose(person, chosen, session)
    except SignInError as error:
        return _page(request, hub, person, error)
    return see_other("/reglages/phrase")


@router.post("/appli")
async def begin_app(
    request: Request, hub: Hub, person: Staff, passphrase: PhraseField = ""
) -> Response:
    """Show the secret that an app needs, once; nothing is asked at the door before its code."""
    try:
        await _prove(request, hub, person, passphrase)
        secret = await hub.signin.codes.begin(person)
    except SignInError as error:
        return _page(request, hub, person, error)
    return _page(request, hub, person, secret=secret)


@router.post("/appli/confirmer")
async def confirm_app(request: Request, hub: Hub, person: Staff, code: CodeField = "") -> Response:
    """Switch the app on with its first code; the recovery codes are shown once."""
    try:
        recovery = await hub.signin.confirm_code(person, code, address_of(request))
    except SignInError as error:
        secret = hub.signin.codes.pending(person.id) or ""
        return _page(request, hub, person, error, secret=secret)
    return _page(request, hub, person, recovery=recovery)


@router.post("/appli/retirer")
async def remove_app(
    request: Request, hub: Hub, person: Staff, passphrase: PhraseField = ""
) -> Response:
    """Do without the app again."""
    try:
        await _prove(request, hub, person, passphrase)
    except SignInError as error:
        return _page(request, hub, person, error)
    await hub.signin.codes.remove(person)
    return see_other("/reglages/phrase")


async def _prove(request: Request, hub: Services, person: Person, passphrase: str) -> None:
    """Ask for the passphrase again; whoever has none has no app either."""
    if not passphrase:
        raise SignInError("signin.passphrase-needed")
    await hub.signin.prove_again(person, Proof(passphrase=passphrase), address_of(request))


def _page(
    request: Request,
    services: Services,
    person: Person,
    error: SignInError | None = None,
    *,
    secret: str = "",
    recovery: tuple[str, ...] = (),
) -> Response:
    signin = services.signin
    address = enrolment_address(secret, person, services.settings.lab.name) if secret else ""
    values: dict[str, Any] = {
        "has_passphrase": signin.passphrases.has_one(person.id),
        "has_app": signin.codes.is_on(person.id),
        "recovery_left": signin.codes.recovery_left(person.id),
        "letters": MIN_LENGTH,
        "max_letters": MAX_LENGTH,
        "digits": services.settings.signin.pin_digits,
        "secret": secret,
        "picture": qr_picture(address) if address else "",
        "recovery": recovery,
        "problem": describe_here(error, language_of(request)) if error else None,
    }
    status = status_of(error) if error else HTTPStatus.OK
    return render(request, "pages/passphrase.html", status=status, here="settings", **values)
