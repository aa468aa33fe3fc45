"""My skills: the machines that somebody may start, and what they have already made on each."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request, Response

from fablab_hub.core.machines import Machine
from fablab_hub.core.people import Person, Right, authorised_machines
from projects.store import Fabrication
from web.access import Hub, allow
from web.rendering import render

router = APIRouter()


@dataclass(frozen=True, slots=True)
class MachineSkill:
    """What somebody can show for one machine."""

    machine: Machine
    is_authorised: bool
    fabrications: tuple[Fabrication, ...]


@router.get("/competences")
async def show_skills(
    request: Request, hub: Hub, person: Annotated[Person, allow(Right.SEE_OWN)]
) -> Response:
    """Show what somebody may do and has done, machine by machine."""
    authorised = authorised_machines(hub.database, person.id)
    made = hub.projects.fabrications_of(person.id)
    skills = [
        MachineSkill(
            machine,
            machine.id in authorised,
            tuple(entry for entry in made if entry.machine_id == machine.id),
        )
        for machine in hub.settings.machines.values()
    ]
    return render(request, "pages/skills.html", here="skills", skills=skills)
