"""A small lab with people, runs that ended, and a camera that does as the test says."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from fablab_hub.core import journal
from fablab_hub.core.blobs import BlobStore, register
from fablab_hub.core.clock import ManualClock, utc_text
from fablab_hub.core.db import Database
from fablab_hub.core.errors import DriverError
from fablab_hub.core.ids import JobId, PersonId, RunId
from fablab_hub.core.machines import Label, LaserLimits, Machine, MachineKind, PrinterLimits
from fablab_hub.core.materials import Material
from fablab_hub.core.migrations import migrate
from fablab_hub.core.people import Person, Role, add_person, read_person
from fablab_hub.core.pictures import Picture
from fablab_hub.core.settings import Camera, CameraSource, LabSettings, Settings
from jobs import run_store
from jobs.store import JobStore, add_job, add_run
from projects.evidence import Evidence
from projects.store import ProjectStore, add_project

LASER = Machine(
    id="laser",
    name=Label(fr="Découpe laser", en="Laser cutter"),
    kind=MachineKind.LASER,
    driver="grbl",
    dialect="grbl",
    port="laser.tty",
    bed_mm=(600.0, 400.0, 0.0),
    camera="bed",
    laser=LaserLimits(tube_w=60.0),
)
PRINTER = Machine(
    id="printer",
    name=Label(fr="Imprimante", en="Printer"),
    kind=MachineKind.PRINTER,
    driver="marlin",
    dialect="marlin",
    port="printer.tty",
    bed_mm=(220.0, 220.0, 250.0),
    printer=PrinterLimits(max_nozzle_c=260.0, max_bed_c=100.0),
)
SETTINGS = Settings(
    lab=LabSettings(name="Atelier de Rostrenen"),
    machines={"laser": LASER, "printer": PRINTER},
    materials={
        "plywood-3": Material(
            id="plywood-3",
            name=Label(fr="Contreplaqué 3 mm", en="Plywood 3 mm"),
            thickness_mm=3.0,
        )
    },
    cameras={"bed": Camera(name=Label(fr="Caméra", en="Camera"), source=CameraSource.GENERATED)},
)


@pytest.fixture
def anyio_backend():
    return "asyncio"


def jpeg(grey: int, width: int = 160, height: int = 120) -> bytes:
    return cv2.imencode(".jpg", np.full((height, width, 3), grey, np.uint8))[1].tobytes()


@pytest.fixture(name="jpeg")
def _jpeg():
    return jpeg


class ScriptedCamera:
    """Every still is brighter than the one before, so that no two are the same blob."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self.stills: list[str] = []
        self.error: str | None = None

    async def __call__(self, camera_id: str) -> Picture:
        self.stills.append(camera_id)
        if self.error:
            raise DriverError(self.error, camera=camera_id)
        return Picture(
            jpeg=jpeg(40 + 20 * len(self.stills)),
            width_px=160,
            height_px=120,
            taken_at=self._clock.now(),
        )


@dataclass
class Lab:
    """Everything that projects stand on, on a real disk."""

    folder: Path
    clock: ManualClock
    database: Database
    blobs: BlobStore
    settings: Settings = SETTINGS
    people: dict[str, Person] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.jobs = JobStore(self.database)
        self.projects = ProjectStore(self.database)
        self.camera = ScriptedCamera(self.clock)
        self.evidence = self.new_evidence()

    def new_evidence(self) -> Evidence:
        return Evidence(
            self.database, self.blobs, self.jobs, self.settings, self.camera, self.clock
        )

    def add_person(self, name: str, role: Role, language: str = "fr") -> Person:
        id_ = self.database.write_now(
            lambda tables: add_person(
                tables, name=name, role=role, pin_hash="x", language=language,
                at=self.clock.now(),
            )
        )  # fmt: skip
        self.people[name] = read_person(self.database, id_)
        return self.people[name]

    def add_job(
        self, owner: str = "awa", machine_id: str = "laser", title: str = "Lampe", **facts: Any
    ) -> JobId:
        self.clock.advance(1)
        now, blob = self.clock.now(), self.blobs.keep([b"G1 X1\n"])

        def act(tables):
            register(tables, blob, "text/x-gcode", now)
            id_ = add_job(
                tables, owner_id=self.people[owner].id, machine_id=machine_id,
                material_id=facts.get("material_id", "plywood-3"),
                project_id=facts.get("project_id"), title=title, file_name="lampe.gcode",
                file_sha256=blob.sha256, options={}, at=now,
            )  # fmt: skip
            tables.table("jobs").update(id_, {"program_sha256": blob.sha256})
            return id_

        return self.database.write_now(act)

    def start_run(self, job_id: JobId, *, is_begun: bool = True) -> RunId:
        self.clock.advance(1)
        now, job = self.clock.now(), self.jobs.read(job_id)

        def act(tables):
            id_ = add_run(tables, job, job.owner_id, now)
            if is_begun:
                run_store.update_run(tables, id_, {"started_at": utc_text(now)})
            return id_

        return self.database.write_now(act)

    def end_run(self, run_id: RunId, outcome: str = "done", elapsed_s: float = 720.0) -> None:
        self.clock.advance(elapsed_s)
        now, run = self.clock.now(), self.jobs.read_run(run_id)

        def act(tables):
            run_store.update_run(tables, run_id, {"elapsed_s": elapsed_s})
            run_store.end_run(tables, run_id, now, outcome, "")
            run_store.set_needs_clearing(tables, run.machine_id, now, needs_it=True)

        self.database.write_now(act)

    def clear_bed(self, machine_id: str = "laser") -> None:
        now: datetime = self.clock.now()
        self.database.write_now(
            lambda tables: run_store.set_needs_clearing(tables, machine_id, now, needs_it=False)
        )

    async def make(self, owner: str = "awa", outcome: str = "done", **job: Any):
        """Run a job from start to end, with its photos; gives its fabrication."""
        run_id = self.start_run(self.add_job(owner, **job))
        await self.evidence.run_started(run_id)
        self.end_run(run_id, outcome)
        await self.evidence.run_ended(run_id)
        self.clear_bed(job.get("machine_id", "laser"))
        id_ = self.projects.fabrication_of_run(run_id)
        return self.projects.read_fabrication(self.people[owner], id_)

    def verbs(self, subject: str) -> list[str]:
        return [entry.verb for entry in journal.read_about(self.database, subject)]

    def id_of(self, name: str) -> PersonId:
        return self.people[name].id


@pytest.fixture
def lab() -> Iterator[Lab]:
    with tempfile.TemporaryDirectory(prefix="projects-") as name:
        folder = Path(name)
        clock = ManualClock()
        database = Database(folder / "hub.db")
        migrate(database, clock.now(), folder / "backups")
        lab = Lab(folder, clock, database, BlobStore(folder / "blobs"))
        for person, role in (
            ("awa", Role.TRAINEE), ("ben", Role.TRAINEE), ("chloe", Role.TRAINER)
        ):  # fmt: skip
            lab.add_person(person, role)
        yield lab
        assert journal.verify(database) > 0
        database.close()


@pytest.fixture(name="add_project")
def _add_project(lab: Lab):
    def add(owner: str, title: str):
        return lab.database.write_now(
            lambda tables: add_project(
                tables, owner_id=lab.id_of(owner), title=title, at=lab.clock.now()
            )
        )

    return add
