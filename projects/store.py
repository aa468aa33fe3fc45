"""Projects, fabrications and photos in the database."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlite_utils import Database as Tables

from fablab_hub.core import journal
from fablab_hub.core.blob import Blob
from fablab_hub.core.blobs import register
from fablab_hub.core.clock import read_utc, utc_text
from fablab_hub.core.db import Database, Row
from fablab_hub.core.errors import NotFoundError
from fablab_hub.core.ids import (
    FabricationId,
    JobId,
    MachineId,
    MaterialId,
    PersonId,
    ProjectId,
    RunId,
    new_id,
)
from fablab_hub.core.people import Person, Right

JPEG = "image/jpeg"


class Moment(StrEnum):
    """When a photo was taken."""

    START = "start"
    PROGRESS = "progress"
    END = "end"
    PERSON = "person"


class Outcome(StrEnum):
    """How the run ended that a fabrication came from."""

    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """What somebody is working on; their fabrications lie in it."""

    id: ProjectId
    owner_id: PersonId
    title: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """A photo of a run; `sha256` names its JPEG among the blobs."""

    id: str
    run_id: RunId
    moment: Moment
    sha256: str
    taken_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Fabrication:
    """What came out of one run.

    Attributes:
        story: in its owner's words; empty until they tell it.
        elapsed_s: how long the machine worked.
        photos: oldest first.
    """

    id: FabricationId
    project_id: ProjectId
    owner_id: PersonId
    run_id: RunId
    job_id: JobId
    title: str
    story: str
    outcome: Outcome
    machine_id: MachineId
    material_id: MaterialId | None
    elapsed_s: float
    created_at: datetime
    photos: tuple[Photo, ...]

    @property
    def photo(self) -> Photo | None:
        """The photo that shows it best: its owner's, else of the end; never of an empty bed."""
        for moment in (Moment.PERSON, Moment.END, Moment.PROGRESS):
            taken = [photo for photo in self.photos if photo.moment is moment]
            if taken:
                return taken[-1]
        return None


_FABRICATIONS = (
    "SELECT fabrications.*, jobs.id AS job_id, jobs.material_id, runs.machine_id, runs.elapsed_s"
    " FROM fabrications JOIN runs ON runs.id = fabrications.run_id"
    " JOIN jobs ON jobs.id = runs.job_id"
)


class ProjectStore:
    """Questions about what people made. What writes are functions over the writer's tables."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def projects_of(self, person_id: str) -> list[Project]:
        """List somebody's projects, newest first."""
        rows = self._database.read(
            "SELECT * FROM projects WHERE owner_id = ? ORDER BY id DESC", (person_id,)
        )
        return [_project(row) for row in rows]

    def read_project(self, person: Person, project_id: str) -> Project:
        """Read one project for somebody; a trainee finds only their own.

        Raises:
            NotFoundError: there is none, or it is not theirs to see.
        """
        row = self._database.read_one("SELECT * FROM projects WHERE id = ?", (project_id,))
        return _project(_seen_by(person, row))

    def fabrications_of(self, person_id: str) -> list[Fabrication]:
        """List what somebody made, newest first."""
        return self._list("owner_id", person_id)

    def fabrications_in(self, project_id: str) -> list[Fabrication]:
        """List what lies in a project, newest first."""
        return self._list("project_id", project_id)

    def read_fabrication(self, person: Person, fabrication_id: str) -> Fabrication:
        """Read one fabrication for somebody; a trainee finds only their own.

        Raises:
            NotFoundError: there is none, or it is not theirs to see.
        """
        row = self._database.read_one(
            f"{_FABRICATIONS} WHERE fabrications.id = ?", (fabrication_id,)
        )
        found = _seen_by(person, row)
        return _fabrication(found, self._photos("run_id = ?", found["run_id"]))

    def fabrication_of_run(self, run_id: str) -> FabricationId | None:
        """Give the fabrication that a run became; None when it has not."""
        row = self._database.read_one("SELECT id FROM fabrications WHERE run_id = ?", (run_id,))
        return FabricationId(row["id"]) if row else None

    def read_photo(self, person: Person, key: str) -> Photo:
        """Read a photo of a run that somebody may see.

        Args:
            person: who asks.
            key: the SHA-256 of its bytes, or its id.

        Raises:
            NotFoundError: there is none, or only of runs of other people.
        """
        for row in self._database.read(
            "SELECT photos.*, jobs.owner_id FROM photos JOIN runs ON runs.id = photos.run_id"
            " JOIN jobs ON jobs.id = runs.job_id WHERE photos.sha256 = ? OR photos.id = ?",
            (key, key),
        ):
            if _may_see(person, row):
                return _photo(row)
        raise NotFoundError("found.nothing")

    def photos_of_run(self, run_id: str) -> tuple[Photo, ...]:
        """List the photos of a run, oldest first."""
        return tuple(self._photos("run_id = ?", run_id).get(run_id, ()))

    def counts(self) -> dict[PersonId, int]:
        """Count the fabrications of everybody who has one."""
        rows = self._database.read(
            "SELECT owner_id, count(*) AS number FROM fabrications GROUP BY owner_id"
        )
        return {PersonId(row["owner_id"]): row["number"] for row in rows}

    def runs_without_fabrication(self) -> list[RunId]:
        """List the runs that began, ended, and did not become a fabrication; oldest first."""
        rows = self._database.read(
            "SELECT runs.id FROM runs LEFT JOIN fabrications ON fabrications.run_id = runs.id"
            " WHERE runs.outcome IS NOT NULL AND runs.started_at IS NOT NULL"
            " AND fabrications.id IS NULL ORDER BY runs.id"
        )
        return [RunId(row["id"]) for row in rows]

    def last_ended_run(self, machine_id: str) -> RunId | None:
        """Give the run that a machine ended last; None for one that never ran."""
        row = self._database.read_one(
            "SELECT id FROM runs WHERE machine_id = ? AND outcome IS NOT NULL"
            " ORDER BY id DESC LIMIT 1",
            (machine_id,),
        )
        return RunId(row["id"]) if row else None

    def _list(self, column: str, value: str) -> list[Fabrication]:
        rows = self._database.read(
            f"{_FABRICATIONS} WHERE fabrications.{column} = ? ORDER BY fabrications.id DESC",
            (value,),
        )
        photos = self._photos(
            f"run_id IN (SELECT run_id FROM fabrications WHERE {column} = ?)",  # noqa: S608 - ours
            value,
        )
        return [_fabrication(row, photos) for row in rows]

    def _photos(self, condition: str, value: str) -> dict[str, list[Photo]]:
        rows = self._database.read(
            f"SELECT * FROM photos WHERE {condition} ORDER BY taken_at, id",  # noqa: S608 - ours
            (value,),
        )
        photos: dict[str, list[Photo]] = {}
        for row in rows:
            photos.setdefault(row["run_id"], []).append(_photo(row))
        return photos


def add_project(tables: Tables, *, owner_id: PersonId, title: str, at: datetime) -> ProjectId:
    """Write a new project, inside the caller's transaction; gives its id."""
    id_ = ProjectId(new_id(at))
    tables.table("projects").insert(
        {"id": id_, "owner_id": owner_id, "title": title, "created_at": utc_text(at)}
    )
    journal.append(tables, at, journal.person(owner_id), "project.add", f"project:{id_}", {})
    return id_


def add_photo(
    tables: Tables, *, run_id: RunId, moment: Moment, blob: Blob, taken_at: datetime, at: datetime
) -> str | None:
    """Write a camera's photo of a run, inside the caller's transaction.

    Returns:
        Its id; None when the run has its photo of that moment already.
    """
    if has_photo(tables, run_id, moment):
        return None
    register(tables, blob, JPEG, at)
    id_ = new_id(at)
    tables.table("photos").insert(
        {
            "id": id_,
            "run_id": run_id,
            "moment": moment.value,
            "sha256": blob.sha256,
            "taken_at": utc_text(taken_at),
        }
    )
    facts = {"photo": id_, "moment": moment.value, "sha256": blob.sha256}
    journal.append(tables, at, journal.HUB, "photo.take", f"run:{run_id}", facts)
    return id_


def has_photo(tables: Tables, run_id: str, moment: Moment) -> bool:
    """Tell whether a run has its photo of a moment, inside a transaction."""
    rows = tables.query(
        "SELECT 1 FROM photos WHERE run_id = ? AND moment = ?", [run_id, moment.value]
    )
    return next(rows, None) is not None


def add_fabrication(
    tables: Tables,
    *,
    project_id: ProjectId,
    owner_id: PersonId,
    run_id: RunId,
    title: str,
    outcome: Outcome,
    at: datetime,
) -> FabricationId | None:
    """Write what a run became, inside the caller's transaction.

    Returns:
        Its id; None when the run had become a fabrication already.
    """
    rows = tables.query("SELECT 1 FROM fabrications WHERE run_id = ?", [run_id])
    if next(rows, None) is not None:
        return None
    id_ = FabricationId(new_id(at))
    tables.table("fabrications").insert(
        {
            "id": id_,
            "project_id": project_id,
            "owner_id": owner_id,
            "run_id": run_id,
            "title": title,
            "outcome": outcome.value,
            "created_at": utc_text(at),
            "updated_at": utc_text(at),
        }
    )
    facts = {"run": run_id, "project": project_id, "outcome": outcome.value}
    journal.append(tables, at, journal.HUB, "fabrication.add", f"fabrication:{id_}", facts)
    return id_


def _seen_by(person: Person, row: Row | None) -> Row:
    if row is None or not _may_see(person, row):
        raise NotFoundError("found.nothing")
    return row


def _may_see(person: Person, row: Row) -> bool:
    return row["owner_id"] == person.id or person.may(Right.SEE_ALL)


def _project(row: Row) -> Project:
    return Project(
        id=ProjectId(row["id"]),
        owner_id=PersonId(row["owner_id"]),
        title=row["title"],
        created_at=read_utc(row["created_at"]),
    )


def _photo(row: Row) -> Photo:
    return Photo(
        id=row["id"],
        run_id=RunId(row["run_id"]),
        moment=Moment(row["moment"]),
        sha256=row["sha256"],
        taken_at=read_utc(row["taken_at"]),
    )


def _fabrication(row: Row, photos: dict[str, list[Photo]]) -> Fabrication:
    material_id = row["material_id"]
    return Fabrication(
        id=FabricationId(row["id"]),
        project_id=ProjectId(row["project_id"]),
        owner_id=PersonId(row["owner_id"]),
        run_id=RunId(row["run_id"]),
        job_id=JobId(row["job_id"]),
        title=row["title"],
        story=row["story"],
        outcome=Outcome(row["outcome"]),
        machine_id=MachineId(row["machine_id"]),
        material_id=MaterialId(material_id) if material_id else None,
        elapsed_s=row["elapsed_s"],
        created_at=read_utc(row["created_at"]),
        photos=tuple(photos.get(row["run_id"], ())),
    )
