"""Machines and materials: how they are, and what may be asked of them."""

from typing import Annotated

from fastapi import APIRouter

from fablab_hub.core.people import Person, Right, authorised_machines
from web.access import Hub, allow
from web.api.v1.models import PROBLEMS, MachineBody, MaterialBody

router = APIRouter(prefix="/api/v1", tags=["machines"], responses=PROBLEMS)

Reader = Annotated[Person, allow(Right.SEE_OWN)]
Starter = Annotated[Person, allow(Right.START)]


@router.get("/machines")
async def list_machines(hub: Hub, person: Reader) -> list[MachineBody]:
    """List every machine, and how it is now."""
    mine = authorised_machines(hub.database, person.id)
    return [MachineBody.of(view, person, mine) for view in hub.runner.views()]


@router.get("/machines/{machine_id}")
async def show_machine(hub: Hub, person: Reader, machine_id: str) -> MachineBody:
    """Show one machine."""
    mine = authorised_machines(hub.database, person.id)
    return MachineBody.of(hub.runner.view(machine_id), person, mine)


@router.post("/machines/{machine_id}/hold", status_code=204)
async def hold_machine(hub: Hub, person: Starter, machine_id: str) -> None:
    """Hold a run: the feed stops, the beam goes off. Your own, or any for staff."""
    await hub.runner.hold(person, machine_id)


@router.post("/machines/{machine_id}/resume", status_code=204)
async def resume_machine(hub: Hub, person: Starter, machine_id: str) -> None:
    """Go on with a held run."""
    await hub.runner.resume(person, machine_id)


@router.post("/machines/{machine_id}/stop", status_code=204)
async def stop_machine(hub: Hub, person: Starter, machine_id: str) -> None:
    """End a run now: beam and heaters off."""
    await hub.runner.stop(person, machine_id)


@router.post("/machines/{machine_id}/clear", status_code=204)
async def clear_machine(hub: Hub, person: Starter, machine_id: str) -> None:
    """Say that the bed is empty: you saw it."""
    await hub.runner.clear_bed(person, machine_id)


@router.get("/materials")
async def list_materials(hub: Hub, _: Reader) -> list[MaterialBody]:
    """List what the lab has on its shelves."""
    return [MaterialBody.of(material) for material in hub.settings.materials.values()]
