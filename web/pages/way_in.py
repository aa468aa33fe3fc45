"""How somebody comes in, for those who help: a badge, a new PIN, a passphrase forgotten.

Everything here is for two people side by side; whoever is helped is asked for no proof, so the
helper says that they stand there, and the journal says who it was.
"""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from fablab_hub.core.errors import NotAllowedError, SignInError
from fablab_hub.core.people import Person, Right, Role, may_help, read_person, require_help
from web.access import Hub, allow, language_of, refuse_at_kiosk
from web.errors import describe_here, status_of
from web.rendering import render, see_other
from web.services import Services

router = APIRouter(prefix="/personnes")

Helper = Annotated[Person, allow(Right.UNBLOCK)]
Manager = Annotated[Person, allow(Right.MANAGE_PEOPLE)]
InPerson = Annotated[bool, Form()]


@router.get("/ajouter", dependencies=[allow(Right.MANAGE_PEOPLE)])
async def show_new_person(request: Request, hub: Hub) -> Response:
    """Ask for the name and the role of somebody new."""
    return _new_person(request, hub)


@router.post("/ajouter")
async def add_new_person(
    request: Request,
    hub: Hub,
    by: Manager,
    name: Annotated[str, Form(max_length=80, pattern=r"\S")],
    role: Annotated[Role, Form()] = Role.TRAINEE,
    is_short: Annotated[bool, Form()] = False,
) -> Response:
    """Let somebody new in; their PIN is shown this once."""
    refuse_at_kiosk(request)
    called, language = " ".join(name.split()), hub.settings.lab.language
    try:
        who, pin = await hub.signin.pins.add(called, role, language, by, is_short=is_short)
    except SignInError as error:
        return _new_person(request, hub, called, error)
    return _page(request, hub, by, who, pin)


@router.get("/{person_id}/acces")
async def show_way_in(request: Request, hub: Hub, by: Helper, person_id: str) -> Response:
    """Show how somebody comes in, and what can be renewed."""
    return _page(request, hub, by, read_person(hub.database, person_id))


@router.post("/{person_id}/code")
async def give_pin(
    request: Request,
    hub: Hub,
    by: Helper,
    person_id: str,
    in_person: InPerson = False,
    is_short: Annotated[bool, Form()] = False,
) -> Response:
    """Give a new PIN, and open the name; the answer is the only time it is seen."""
    who = _helped(request, hub, by, person_id, is_there=in_person)
    pin = await hub.signin.pins.give(who, by, is_short=is_short)
    return _page(request, hub, by, who, pin)


@router.post("/{person_id}/phrase-oubliee")
async def reset_passphrase(
    request: Request, hub: Hub, by: Helper, person_id: str, in_person: InPerson = False
) -> Response:
    """Take a forgotten passphrase and its codes away; the PIN opens again until a new one."""
    who = _helped(request, hub, by, person_id, is_there=in_person)
    await hub.signin.passphrases.reset(who, by)
    return see_other(f"/personnes/{who.id}/acces")


def _helped(
    request: Request, services: Services, by: Person, person_id: str, *, is_there: bool
) -> Person:
    refuse_at_kiosk(request)
    who = read_person(services.database, person_id)
    require_help(by, who)
    if not is_there:
        raise NotAllowedError("rights.in-person", person=who.name)
    return who


def _page(request: Request, services: Services, by: Person, who: Person, pin: str = "") -> Response:
    signin = services.signin
    return render(
        request,
        "pages/way_in.html",
        here="people",
        who=who,
        pin=pin,
        is_mine=by.id == who.id,
        may_help=may_help(by, who),
        has_badge=signin.badges.made_at(who.id) is not None,
        has_passphrase=signin.passphrases.has_one(who.id),
        offers_short=services.settings.signin.kiosk_short_pin,
    )


def _new_person(
    request: Request, services: Services, name: str = "", error: SignInError | None = None
) -> Response:
    return render(
        request,
        "pages/new_person.html",
        status=status_of(error) if error else HTTPStatus.OK,
        here="people",
        typed=name,
        roles=list(Role),
        offers_short=services.settings.signin.kiosk_short_pin,
        problem=describe_here(error, language_of(request)) if error else None,
    )
