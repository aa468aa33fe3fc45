"""What a portfolio shows: somebody's projects, as values, in one language."""

from dataclasses import dataclass
from datetime import datetime

from fablab_hub.core.db import Database
from fablab_hub.core.people import Person
from fablab_hub.core.settings import Settings
from projects.store import Fabrication, Outcome, ProjectStore


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioFabrication:
    """One thing that was made, or that taught something.

    Attributes:
        outcome: a run that did not succeed is shown only with its story.
        machine, material: as the lab calls them; `material` is empty where there was none.
        photo_sha256: a JPEG among the blobs; None when there is no photo.
    """

    title: str
    story: str
    outcome: Outcome
    machine: str
    material: str
    made_at: datetime
    elapsed_s: float
    photo_sha256: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioProject:
    """One project; what was made last, which is mostly what came of it, is first."""

    title: str
    fabrications: tuple[PortfolioFabrication, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """Everything that a portfolio says; the project that was worked on last is first."""

    person_name: str
    lab_name: str
    projects: tuple[PortfolioProject, ...]

    @property
    def fabrications(self) -> tuple[PortfolioFabrication, ...]:
        """Everything that is shown, project after project."""
        return tuple(made for project in self.projects for made in project.fabrications)


def gather_portfolio(
    database: Database, settings: Settings, person: Person, language: str
) -> Portfolio:
    """Gather what somebody's portfolio shows; projects without anything to show are left out.

    Args:
        database: the lab's.
        settings: name the lab, its machines and its materials.
        person: whose.
        language: of those names.

    Raises:
        StorageError: the database cannot be read.
    """
    store = ProjectStore(database)
    made = [one for one in store.fabrications_of(person.id) if _is_shown(one)]
    titles = {project.id: project.title for project in store.projects_of(person.id)}
    return Portfolio(
        person_name=person.name,
        lab_name=settings.lab.name,
        projects=tuple(
            PortfolioProject(
                title=titles.get(project_id, ""),
                fabrications=tuple(
                    _shown(one, settings, language) for one in made if one.project_id == project_id
                ),
            )
            for project_id in dict.fromkeys(one.project_id for one in made)
        ),
    )


def _is_shown(made: Fabrication) -> bool:
    """A success always; a failure once its owner told what they learnt from it."""
    return made.outcome is Outcome.DONE or bool(made.story)


def _shown(made: Fabrication, settings: Settings, language: str) -> PortfolioFabrication:
    machine = settings.machines.get(made.machine_id)
    material = settings.materials.get(made.material_id) if made.material_id else None
    return PortfolioFabrication(
        title=made.title,
        story=made.story,
        outcome=made.outcome,
        machine=machine.name.text(language) if machine else made.machine_id,
        material=material.name.text(language) if material else made.material_id or "",
        made_at=made.created_at,
        elapsed_s=made.elapsed_s,
        photo_sha256=made.photo.sha256 if made.photo else None,
    )
