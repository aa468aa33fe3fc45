"""Coming in and going out: a name, a PIN, and the language of the pages."""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request, Response

from fablab_hub.core.errors import SignInError
from fablab_hub.core.i18n.words import languages
from fablab_hub.core.look import is_welcomed
from fablab_hub.core.passphrase import MAX_LENGTH
from fablab_hub.core.people import Person, read_people, read_person, set_language
from fablab_hub.core.signin import Proof
from web.access import (
    KIOSK_COOKIE,
    LANGUAGE_COOKIE,
    PUBLIC,
    SESSION_COOKIE,
    SIGNED_IN,
    Hub,
    address_of,
    allow,
    forget_session,
    keep_kiosk,
    keep_session,
    kiosk_here,
    kiosk_of,
    language_of,
)
from web.errors import describe_here, status_of
from web.rendering import own_path, render, see_other
from web.security import HEADERS

router = APIRouter()

_YEAR_S = 31_536_000


@router.get("/entrer", dependencies=[allow(PUBLIC)])
async def show_door(
    request: Request,
    hub: Hub,
    qui: Annotated[str, Query(max_length=40)] = "",
    cherche: Annotated[str, Query(max_length=80)] = "",
    vers: Annotated[str, Query(max_length=300)] = "/",
) -> Response:
    """Show the names, or the field for the PIN of the name that was pressed."""
    target = own_path(vers)
    if qui:
        return _ask_proof(request, hub, read_person(hub.database, qui), target)
    sought = cherche.strip().casefold()
    people = [who for who in read_people(hub.database) if sought in who.name.casefold()]
    machine = hub.settings.machines.get(kiosk_of(request) or "")
    response = render(
        request,
        "pages/signin_names.html",
        people=people,
        sought=cherche,
        target=target,
        machine=machine,
    )
    if machine is not None:
        keep_kiosk(request, response, request.cookies[KIOSK_COOKIE])
    return response


@router.post("/entrer", dependencies=[allow(PUBLIC)])
async def sign_in(
    request: Request,
    hub: Hub,
    person_id: Annotated[str, Form(max_length=40)],
    pin: Annotated[str, Form(max_length=40)] = "",
    passphrase: Annotated[str, Form(max_length=MAX_LENGTH)] = "",
    code: Annotated[str, Form(max_length=40)] = "",
    vers: Annotated[str, Form(max_length=300)] = "/",
) -> Response:
    """Let somebody in, or say kindly why not."""
    target = own_path(vers)
    kiosk = kiosk_here(request)
    try:
        proof = Proof(pin=pin.strip(), passphrase=passphrase, code=code)
        person = await hub.signin.enter(
            person_id, proof, address_of(request), at_kiosk=kiosk is not None
        )
    except SignInError as error:
        return _ask_proof(request, hub, read_person(hub.database, person_id), target, error)
    is_known = is_welcomed(hub.database, person.id)
    response = see_other(target if is_known else f"/bienvenue?{urlencode({'vers': target})}")
    token = await hub.signin.open_session(person, kiosk.id if kiosk else None)
    keep_session(request, response, token)
    return response


@router.get("/entrer/badge", dependencies=[allow(PUBLIC)])
async def show_badge_reader(
    request: Request, vers: Annotated[str, Query(max_length=300)] = "/"
) -> Response:
    """Show the field that a hand scanner types into, and the camera where there is one."""
    return _ask_badge(request, own_path(vers))


@router.post("/entrer/badge", dependencies=[allow(PUBLIC)])
async def read_badge(
    request: Request,
    hub: Hub,
    badge: Annotated[str, Form(max_length=60)],
    vers: Annotated[str, Form(max_length=300)] = "/",
) -> Response:
    """Lead from a badge to the PIN of its owner."""
    target = own_path(vers)
    try:
        person = await hub.signin.find_badge(badge, address_of(request))
    except SignInError as error:
        return _ask_badge(request, target, error)
    return see_other(f"/entrer?{urlencode({'qui': person.id, 'vers': target})}")


@router.post("/encore-la", status_code=204, dependencies=[allow(SIGNED_IN)])
async def still_here() -> None:
    """Keep a session that would end for want of a press; whatever is sent by a person does."""


@router.post("/sortir", dependencies=[allow(SIGNED_IN)])
async def sign_out(request: Request, hub: Hub) -> Response:
    """End the session of this browser."""
    await hub.signin.close_session(request.cookies.get(SESSION_COOKIE, ""))
    kiosk = kiosk_of(request)
    response = see_other(f"/borne/{kiosk}" if kiosk else "/entrer")
    forget_session(request, response)
    return response


@router.post("/langue")
async def choose_language(
    hub: Hub,
    person: Annotated[Person | None, allow(PUBLIC)],
    langue: Annotated[str, Form(max_length=8)],
    vers: Annotated[str, Form(max_length=300)] = "/",
) -> Response:
    """Remember a language: in the browser, and for the person who is signed in."""
    response = see_other(own_path(vers))
    if langue in languages():
        response.set_cookie(LANGUAGE_COOKIE, langue, max_age=_YEAR_S, samesite="lax")
        if person is not None:
            person_id = person.id
            await hub.database.write(lambda tables: set_language(tables, person_id, langue))
    return response


def _ask_badge(request: Request, target: str, error: SignInError | None = None) -> Response:
    response = render(
        request,
        "pages/signin_badge.html",
        status=status_of(error) if error else HTTPStatus.OK,
        target=target,
        problem=describe_here(error, language_of(request)) if error else None,
    )
    policy = HEADERS["Permissions-Policy"]
    response.headers["Permissions-Policy"] = policy.replace("camera=()", "camera=(self)")
    return response


def _ask_proof(
    request: Request, hub: Hub, who: Person, target: str, error: SignInError | None = None
) -> Response:
    asks_passphrase = kiosk_of(request) is None and hub.signin.passphrases.has_one(who.id)
    return render(
        request,
        "pages/signin_passphrase.html" if asks_passphrase else "pages/signin_pin.html",
        status=status_of(error) if error else HTTPStatus.OK,
        who=who,
        target=target,
        has_app=hub.signin.codes.is_on(who.id),
        digits=hub.settings.signin.pin_digits,
        problem=describe_here(error, language_of(request)) if error else None,
    )
