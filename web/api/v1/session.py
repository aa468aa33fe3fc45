"""Signing in and out, and tokens for programs."""

from typing import Annotated

from fastapi import APIRouter, Request, Response

from fablab_hub.core.errors import FablabError, SignInError
from fablab_hub.core.people import Person, read_people
from fablab_hub.core.signin import Proof
from web.access import (
    PUBLIC,
    SESSION_COOKIE,
    SIGNED_IN,
    Hub,
    address_of,
    allow,
    forget_session,
    keep_session,
    kiosk_here,
    visitor_of,
)
from web.api.v1.models import PROBLEMS, NewTokenBody, SessionBody, SignInBody, TokenBody
from web.services import Services

router = APIRouter(prefix="/api/v1", tags=["session"], responses=PROBLEMS)

Me = Annotated[Person, allow(SIGNED_IN)]


@router.post("/session", status_code=201, dependencies=[allow(PUBLIC)])
async def sign_in(request: Request, response: Response, hub: Hub, body: SignInBody) -> SessionBody:
    """Sign in with a name or a badge, and a PIN; the session's cookie comes with the answer."""
    if not (body.pin or body.passphrase):
        raise FablabError("form.invalid", field="pin")
    if (body.person is None) == (body.badge is None):
        raise FablabError("form.invalid", field="person")
    address = address_of(request)
    if body.badge is not None:
        who: str = (await hub.signin.find_badge(body.badge, address)).id
    else:
        who = _find(hub, body.person or "")
    kiosk = kiosk_here(request)
    proof = Proof(pin=body.pin, passphrase=body.passphrase, code=body.code)
    person = await hub.signin.enter(who, proof, address, at_kiosk=kiosk is not None)
    token = await hub.signin.open_session(person, kiosk.id if kiosk else None)
    session = hub.signin.session(token)
    if session is None:
        raise SignInError("signin.needed")
    keep_session(request, response, token)
    return SessionBody.of(person, session.form_key)


@router.get("/session")
async def show_session(request: Request, person: Me) -> SessionBody:
    """Say who you are, and what you may do."""
    return SessionBody.of(person, visitor_of(request).form_key)


@router.delete("/session", status_code=204)
async def sign_out(request: Request, response: Response, hub: Hub, _: Me) -> None:
    """Sign out of this browser."""
    if cookie := request.cookies.get(SESSION_COOKIE):
        await hub.signin.close_session(cookie)
    forget_session(request, response)


@router.post("/tokens", status_code=201)
async def make_token(request: Request, hub: Hub, person: Me, body: NewTokenBody) -> TokenBody:
    """Make a token for a program that acts for you (a slicer, a script)."""
    proof = Proof(pin=body.pin, passphrase=body.passphrase)
    proved = await hub.signin.prove_again(person, proof, address_of(request))
    return TokenBody(token=await hub.signin.make_token(proved, body.name))


def _find(hub: Services, who: str) -> str:
    """Give the id of a name; an unknown one is given on, and refused as slowly as a wrong PIN."""
    return next((person.id for person in read_people(hub.database) if person.name == who), who)
