"""People: who there is, what they may start, and names that must be opened again."""

from typing import Annotated

from fastapi import APIRouter

from fablab_hub.core import people
from fablab_hub.core.errors import NotFoundError
from fablab_hub.core.people import Person, Right
from web.access import Hub, allow
from web.api.v1.models import PROBLEMS, PersonBody, ReasonBody
from web.services import Services

router = APIRouter(prefix="/api/v1", tags=["people"], responses=PROBLEMS)

Staff = Annotated[Person, allow(Right.SEE_ALL)]
Authoriser = Annotated[Person, allow(Right.AUTHORISE)]


@router.get("/people")
async def list_people(hub: Hub, _: Staff) -> list[PersonBody]:
    """List everybody who can sign in, by name."""
    blocked = hub.signin.blocked_people()
    return [_shown(hub, person, blocked) for person in people.read_people(hub.database)]


@router.put("/people/{person_id}/machines/{machine_id}")
async def authorise(hub: Hub, by: Authoriser, person_id: str, machine_id: str) -> PersonBody:
    """Let somebody start a machine."""
    person = people.read_person(hub.database, person_id)
    if machine_id not in hub.settings.machines:
        raise NotFoundError("machine.unknown")
    now = hub.clock.now()
    await hub.database.write(
        lambda tables: people.authorise(tables, person.id, machine_id, by.id, now)
    )
    return _shown(hub, person, hub.signin.blocked_people())


@router.delete("/people/{person_id}/machines/{machine_id}")
async def withdraw(hub: Hub, by: Authoriser, person_id: str, machine_id: str) -> PersonBody:
    """Take the right to start a machine back."""
    person = people.read_person(hub.database, person_id)
    now = hub.clock.now()
    await hub.database.write(
        lambda tables: people.withdraw(tables, person.id, machine_id, by.id, now)
    )
    return _shown(hub, person, hub.signin.blocked_people())


@router.post("/people/{person_id}/unblock")
async def unblock(
    hub: Hub, by: Annotated[Person, allow(Right.UNBLOCK)], person_id: str, body: ReasonBody
) -> PersonBody:
    """Open a name again after too many wrong PINs; you have the person before you."""
    person = people.read_person(hub.database, person_id)
    await hub.signin.unblock(person.id, by, body.reason)
    return _shown(hub, person, hub.signin.blocked_people())


def _shown(hub: Services, person: Person, blocked: frozenset[str]) -> PersonBody:
    return PersonBody(
        id=person.id,
        name=person.name,
        role=person.role,
        language=person.language,
        machines=sorted(people.authorised_machines(hub.database, person.id)),
        is_blocked=person.id in blocked,
    )
