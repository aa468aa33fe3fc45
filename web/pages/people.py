"""People of the lab: who may start which machine, and who is shut out by wrong PINs."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from fablab_hub.core.errors import NotFoundError
from fablab_hub.core.people import (
    Person,
    Right,
    authorise,
    authorised_machines,
    read_people,
    read_person,
    withdraw,
)
from web.access import Hub, allow
from web.rendering import render, see_other
from web.services import Services

router = APIRouter()

MachineField = Annotated[str, Form(max_length=40)]


@dataclass(frozen=True, slots=True)
class PersonCard:
    """One person as the page shows them."""

    person: Person
    is_blocked: bool
    machine_ids: frozenset[str]


@router.get("/personnes", dependencies=[allow(Right.AUTHORISE)])
async def show_people(request: Request, hub: Hub) -> Response:
    """List everybody with what they may start."""
    blocked = hub.signin.blocked_people()
    cards = [
        PersonCard(who, who.id in blocked, authorised_machines(hub.database, who.id))
        for who in read_people(hub.database)
    ]
    # Somebody who stands outside comes first.
    cards.sort(key=lambda card: not card.is_blocked)
    machines = list(hub.settings.machines.values())
    return render(
        request,
        "pages/people.html",
        here="people",
        entries=cards,
        machines=machines,
        may_add=Right.MANAGE_PEOPLE,
    )


@router.post("/personnes/{person_id}/autoriser")
async def let_start(
    hub: Hub,
    by: Annotated[Person, allow(Right.AUTHORISE)],
    person_id: str,
    machine_id: MachineField,
) -> Response:
    """Let somebody start a machine."""
    who, now = _known(hub, person_id, machine_id), hub.clock.now()
    await hub.database.write(lambda tables: authorise(tables, who.id, machine_id, by.id, now))
    return see_other(f"/personnes#{who.id}")


@router.post("/personnes/{person_id}/retirer")
async def take_back(
    hub: Hub,
    by: Annotated[Person, allow(Right.AUTHORISE)],
    person_id: str,
    machine_id: MachineField,
) -> Response:
    """Take somebody's authorisation back."""
    who, now = _known(hub, person_id, machine_id), hub.clock.now()
    await hub.database.write(lambda tables: withdraw(tables, who.id, machine_id, by.id, now))
    return see_other(f"/personnes#{who.id}")


@router.post("/personnes/{person_id}/debloquer")
async def unblock(
    hub: Hub,
    by: Annotated[Person, allow(Right.UNBLOCK)],
    person_id: str,
    reason: Annotated[str, Form(max_length=200)],
) -> Response:
    """Open a name again after too many wrong PINs."""
    who = read_person(hub.database, person_id)
    await hub.signin.unblock(who.id, by, reason)
    return see_other(f"/personnes#{who.id}")


def _known(services: Services, person_id: str, machine_id: str) -> Person:
    if machine_id not in services.settings.machines:
        raise NotFoundError("machine.unknown")
    return read_person(services.database, person_id)
