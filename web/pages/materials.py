"""How each laser works each material: what was tried, by whom, and what to try next."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response

from fablab_hub.core.errors import FablabError, FileError, NotFoundError
from fablab_hub.core.i18n.words import N_, moment_text, translate
from fablab_hub.core.machines import Machine
from fablab_hub.core.materials import Material, OperationKind, Preset
from fablab_hub.core.people import Person, Right
from jobs.toolpath.test_card import card_around, make_test_card
from web.access import Hub, allow, language_of
from web.errors import describe_here, status_of
from web.rendering import render, see_other
from web.services import Services

router = APIRouter(prefix="/matieres")

Staff = Annotated[Person, allow(Right.SUPERVISE)]
Tester = Annotated[Person, allow(Right.CALIBRATE)]
Operation = Annotated[OperationKind, Form()]
Percent = Annotated[float, Form()]

OPERATIONS: Mapping[str, str] = MappingProxyType(
    {
        OperationKind.CUT.value: N_("Cut"),
        OperationKind.SCORE.value: N_("Score"),
        OperationKind.ENGRAVE.value: N_("Engrave the line"),
        OperationKind.FILL.value: N_("Engrave the area"),
        OperationKind.IMAGE.value: N_("Engrave a picture"),
    }
)
_FIRST_TRY = Preset(power=0.2, feed_mm_min=2000)
"""Where a trial begins on what nobody has worked yet: weak."""


@dataclass(frozen=True, slots=True)
class MaterialRow:
    """One material of a laser, as the list shows it.

    Attributes:
        tried: how many of its operations somebody tried.
        known: how many have a setting.
    """

    material: Material
    tried: int
    known: int


@router.get("")
async def show_materials(request: Request, hub: Hub, _: Staff) -> Response:
    """List the materials of each laser."""
    lasers = [machine for machine in hub.settings.machines.values() if machine.laser]
    return render(
        request,
        "pages/materials.html",
        here="settings",
        lasers=[(machine, list(_rows(hub, machine))) for machine in lasers],
        forbidden=[each for each in hub.settings.materials.values() if each.is_forbidden],
    )


@router.get("/{machine_id}/{material_id}")
async def show_material(
    request: Request,
    hub: Hub,
    person: Staff,
    machine_id: str,
    material_id: str,
    operation: Annotated[OperationKind, Query()] = OperationKind.CUT,
    power: Annotated[float | None, Query(ge=0, le=100)] = None,
    feed: Annotated[float | None, Query(ge=0, le=1_000_000)] = None,
) -> Response:
    """Show how a laser works a material; `power` and `feed` come from a square of a card."""
    chosen = {"power": power, "feed": feed}
    return _page(request, hub, person, machine_id, material_id, operation, chosen)


@router.post("/{machine_id}/{material_id}")
async def keep_setting(
    request: Request,
    hub: Hub,
    by: Tester,
    machine_id: str,
    material_id: str,
    operation: Operation,
    power: Percent,
    feed: Annotated[float, Form()],
    passes: Annotated[int, Form()] = 1,
    line_mm: Annotated[float, Form()] = 0.12,
    kerf_mm: Annotated[str, Form(max_length=10)] = "",
    air: Annotated[bool, Form()] = False,
    note: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Keep a setting that somebody tried."""
    before = _preset_of(hub, machine_id, material_id, operation)
    values = {
        "power": power / 100,
        "feed_mm_min": feed,
        "passes": passes,
        "air": air,
        "line_mm": line_mm,
        "least_power": min(before.least_power, power / 100),
    }
    try:
        await hub.calibrations.keep(
            by, machine_id, material_id, operation, values, _millimetres(kerf_mm), note
        )
    except FileError as error:
        chosen = {"power": power, "feed": feed}
        return _page(request, hub, by, machine_id, material_id, operation, chosen, error)
    return see_other(f"/matieres/{machine_id}/{material_id}?operation={operation}&dit=saved")


@router.post("/{machine_id}/{material_id}/planche")
async def make_card(
    hub: Hub, by: Tester, machine_id: str, material_id: str, operation: Operation
) -> Response:
    """Send a card of squares to the laser's queue; it is checked like anybody's file."""
    machine = _laser(hub, machine_id)
    material = hub.calibrations.material(machine_id, material_id)
    card = card_around(_preset_of(hub, machine_id, material_id, operation), operation, machine)
    program = b"\n".join(make_test_card(card, machine, material)) + b"\n"
    job = await hub.submissions.submit(
        by,
        file_name=f"{material_id}-{operation}.gcode",
        blob=await asyncio.to_thread(hub.blobs.keep, [program]),
        machine_id=machine_id,
        material_id=material_id,
        project_id=None,
        title=translate(
            N_("Test card: {material}"),
            by.language,
            material=material.name.text(by.language),
        ),
        options={
            "test_card": {
                "operation": operation.value,
                "powers": card.powers,
                "feeds_mm_min": card.feeds_mm_min,
            }
        },
    )
    return see_other(f"/travaux/{job.id}")


def _page(
    request: Request,
    services: Services,
    person: Person,
    machine_id: str,
    material_id: str,
    operation: OperationKind,
    chosen: Mapping[str, float | None],
    error: FablabError | None = None,
) -> Response:
    machine = _laser(services, machine_id)
    material = services.calibrations.material(machine_id, material_id)
    if material.is_forbidden:
        raise NotFoundError("job.unknown-material")
    now = material.preset(operation)
    preset = now or _FIRST_TRY
    power, feed = chosen.get("power"), chosen.get("feed")
    return render(
        request,
        "pages/material.html",
        status=status_of(error) if error else HTTPStatus.OK,
        here="settings",
        problem=describe_here(error, language_of(request)) if error else None,
        machine=machine,
        material=material,
        operation=operation,
        operations=OPERATIONS,
        preset=now,
        tried_on=_day(now, request) if now else "",
        values={
            "power": round(preset.power * 100) if power is None else round(power),
            "feed": round(preset.feed_mm_min if feed is None else feed),
            "passes": preset.passes,
            "air": preset.air,
            "line_mm": preset.line_mm,
        },
        is_chosen=power is not None and error is None,
        most_percent=int(machine.laser.max_power * 100) if machine.laser else 100,
        history=services.calibrations.history(machine_id, material_id),
        card=services.calibrations.last_card(machine_id, material_id, operation),
        may_calibrate=person.may(Right.CALIBRATE),
    )


def _rows(services: Services, machine: Machine) -> Iterator[MaterialRow]:
    """List what a laser may work; one setting may serve several operations."""
    for id_, plain in services.settings.materials.items():
        if plain.is_forbidden:
            continue
        material = services.calibrations.material(machine.id, id_)
        presets = [p for kind in OperationKind if (p := getattr(material, kind)) is not None]
        tried = sum(preset.is_proven for preset in presets)
        yield MaterialRow(material, tried, len(presets))


def _preset_of(
    services: Services, machine_id: str, material_id: str, operation: OperationKind
) -> Preset:
    material = services.calibrations.material(machine_id, material_id)
    return material.preset(operation) or _FIRST_TRY


def _laser(services: Services, machine_id: str) -> Machine:
    machine = services.settings.machines.get(machine_id)
    if machine is None or machine.laser is None:
        raise NotFoundError("machine.unknown")
    return machine


def _day(preset: Preset, request: Request) -> str:
    """Give the day of a trial; the settings file may say it in any words."""
    try:
        day = datetime.fromisoformat(preset.calibrated_on)
    except ValueError:
        return preset.calibrated_on
    return moment_text(day, language_of(request), "UTC", "yMMMd")


def _millimetres(typed: str) -> float | None:
    """Read a width that may be left empty; a comma is a point here."""
    if not typed.strip():
        return None
    try:
        return float(typed.replace(",", "."))
    except ValueError as error:
        raise FablabError("form.invalid", field="kerf_mm") from error
