"""The demo lab's people and first jobs: invented people, genuine files."""

import asyncio
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from sqlite_utils import Database as Tables

from fablab_hub.cli.hub import Hub, build_hub
from fablab_hub.core.folders import DataFolder
from fablab_hub.core.people import Person, Role, add_person, authorise, read_people
from fablab_hub.core.settings import Settings
from fablab_hub.core.signin import hash_pin
from projects.skills.decisions import Verdict
from web.services import Services


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody of the demo: their PIN is public, and printed at each start.

    Attributes:
        is_welcomed: they have chosen how they read best; whoever has not is asked at the door.
    """

    name: str
    role: Role
    pin: str
    machines: tuple[str, ...] = ()
    is_welcomed: bool = True


_ALL = ("laser", "prusa", "ender")

LOGINS = (
    Login("Léa Le Goff", Role.TRAINEE, "280417", ("laser",)),
    Login("Karim Benali", Role.TRAINEE, "591306", ("laser", "prusa")),
    Login("Maëlle Guivarc’h", Role.TRAINEE, "740268", ()),
    Login("Yann Kerbrat", Role.TRAINEE, "163905", ("prusa",)),
    Login("Fatou Diallo", Role.TRAINEE, "825074", ("ender",)),
    Login("Thomas Riou", Role.TRAINEE, "394182", (), is_welcomed=False),
    Login("Soizic Le Bris", Role.TRAINER, "607351", _ALL),
    Login("Hervé Tanguy", Role.TRAINER, "418296", _ALL),
    Login("Nolwenn Cadiou", Role.MANAGER, "952740", _ALL),
    Login("Malo Quéré", Role.ADMIN, "136829", _ALL),
)


@dataclass(frozen=True, slots=True)
class _FirstJob:
    owner: str
    file: str
    machine: str
    material: str | None
    title: str


_JOBS = (
    _FirstJob(
        "Léa Le Goff",
        "porte-cles-phare.dxf",
        "laser",
        "plywood-3",
        "Porte-clés «\N{NO-BREAK SPACE}phare\N{NO-BREAK SPACE}»",
    ),
    _FirstJob("Karim Benali", "boite-a-the.dxf", "laser", "plywood-3", "Boîte à thé"),
    _FirstJob("Maëlle Guivarc’h", "lampe-papillon.dxf", "laser", "mdf-3", "Lampe papillon"),
    _FirstJob("Yann Kerbrat", "jeton.gcode", "prusa", None, "Jeton de caddie"),
    _FirstJob("Thomas Riou", "pot.gcode", "prusa", None, "Petit pot"),
    _FirstJob("Fatou Diallo", "cale.gcode", "ender", None, "Cale de porte"),
)


def seed_lab(settings: Settings, settings_path: Path, folder: DataFolder) -> bool:
    """Fill a new demo lab; leaves one that has people as it is.

    Returns:
        Whether anything was added.
    """
    hub = build_hub(settings, settings_path, folder)
    services = hub.services
    try:
        if read_people(services.database):
            return False
        services.database.write_now(lambda tables: _add_people(tables, services))
        asyncio.run(_add_jobs(hub))
        return True
    finally:
        services.database.close()


def _add_people(tables: Tables, services: Services) -> None:
    now = services.clock.now()
    digits = services.settings.signin.pin_digits
    ids = {
        login.name: add_person(
            tables,
            name=login.name,
            role=login.role,
            pin_hash=hash_pin(login.pin, digits),
            language=services.settings.lab.language,
            at=now,
            is_welcomed=login.is_welcomed,
        )
        for login in LOGINS
    }
    for login in LOGINS:
        for machine in login.machines:
            authorise(tables, ids[login.name], machine, ids["Hervé Tanguy"], now)


async def _add_jobs(hub: Hub) -> None:
    """Send each first file as its owner would: it is checked like any other."""
    services = hub.services
    people = {person.name: person for person in read_people(services.database)}
    folder = files("fablab_hub.cli").joinpath("demo_files")
    for first in _JOBS:
        blob = services.blobs.keep([folder.joinpath(first.file).read_bytes()])
        job = await services.submissions.submit(
            people[first.owner],
            file_name=first.file,
            blob=blob,
            machine_id=first.machine,
            material_id=first.material,
            project_id=None,
            title=first.title,
            options={},
        )
        await services.submissions.checked(job.id)
    await _note_skills(services, people)
    await services.submissions.close()
    await hub.workers.close()


_NOTES = (
    ("Léa Le Goff", "visit", None),
    ("Léa Le Goff", "quiz-safety", 90.0),
    ("Léa Le Goff", "tutorial-2d", None),
    ("Léa Le Goff", "laser-shown", None),
    ("Karim Benali", "visit", None),
    ("Karim Benali", "quiz-safety", 85.0),
)
"""What a trainer noted in the first week; the rest waits for somebody to play."""


async def _note_skills(services: Services, people: dict[str, Person]) -> None:
    """Note the first week, and validate a first level."""
    trainer = people["Soizic Le Bris"]
    for name, what, score in _NOTES:
        await services.skills.note(trainer, people[name].id, what, score)
    lea = people["Léa Le Goff"].id
    await services.skills.decide(trainer, lea, "SEC", 1, Verdict.VALIDATED)
