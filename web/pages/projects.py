"""What somebody made: projects, fabrications with their photo and story, and the portfolio."""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from fablab_hub.core.errors import FablabError
from fablab_hub.core.i18n.words import N_, duration_text, moment_text
from fablab_hub.core.people import Person, Right
from projects.exports.portfolio import make_portfolio_pdf
from projects.fabrications import MAX_STORY, MAX_TITLE, clean_line, tell_story
from projects.portfolios import gather_portfolio
from projects.store import Fabrication, Project, add_project
from web.access import Hub, allow, language_of
from web.errors import describe_here, status_of
from web.pages.views import machine_name, material_name
from web.rendering import asset, render, see_other
from web.services import Services

router = APIRouter()

Seer = Annotated[Person, allow(Right.SEE_OWN)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One fabrication as a page shows it."""

    id: str
    title: str
    story: str
    outcome: str
    photo: str
    when: str
    photo_when: str


@dataclass(frozen=True, slots=True)
class ProjectCard:
    """One project with what lies in it."""

    project: Project
    fabrications: list[Made]


@router.get("/projets")
async def show_projects(request: Request, hub: Hub, person: Seer) -> Response:
    """Show somebody what they made, newest project first."""
    language = language_of(request)
    by_project: dict[str, list[Made]] = {}
    for fabrication in hub.projects.fabrications_of(person.id):
        entry = _made(hub, fabrication, language)
        by_project.setdefault(fabrication.project_id, []).append(entry)
    cards = [
        ProjectCard(project, by_project.get(project.id, []))
        for project in hub.projects.projects_of(person.id)
    ]
    return render(
        request,
        "pages/projects.html",
        here="projects",
        entries=cards,
        has_any=bool(by_project),
        max_title=MAX_TITLE,
    )


@router.post("/projets")
async def begin_project(
    hub: Hub, person: Seer, title: Annotated[str, Form(max_length=MAX_TITLE)]
) -> Response:
    """Begin a project; jobs can then be sent for it."""
    name = clean_line(title)
    if not name:
        raise FablabError("form.invalid", field="title")
    now = hub.clock.now()
    await hub.database.write(
        lambda tables: add_project(tables, owner_id=person.id, title=name, at=now)
    )
    return see_other("/projets")


@router.get("/portfolio.pdf")
async def portfolio(request: Request, hub: Hub, person: Seer) -> Response:
    """Give somebody their portfolio; made anew each time, off the event loop."""
    language, zone = language_of(request), hub.settings.lab.zone
    gathered = gather_portfolio(hub.database, hub.settings, person, language)
    pdf = await asyncio.to_thread(make_portfolio_pdf, gathered, hub.blobs, language, zone)
    headers = {"Content-Disposition": 'attachment; filename="portfolio.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=headers)


@router.get("/fabrications/{fabrication_id}")
async def show_fabrication(
    request: Request,
    hub: Hub,
    person: Seer,
    fabrication_id: str,
) -> Response:
    """Show one fabrication, with its story to tell."""
    fabrication = hub.projects.read_fabrication(person, fabrication_id)
    return _page(request, hub, person, fabrication)


@router.post("/fabrications/{fabrication_id}")
async def keep_story(
    request: Request,
    hub: Hub,
    person: Seer,
    fabrication_id: str,
    title: Annotated[str, Form()] = "",
    story: Annotated[str, Form()] = "",
) -> Response:
    """Keep what the owner tells; what cannot be kept is shown again, to be corrected."""
    try:
        await tell_story(
            hub.database, person, fabrication_id, title=title, story=story, clock=hub.clock
        )
    except FablabError as error:
        if error.code != "form.invalid":
            raise
        fabrication = hub.projects.read_fabrication(person, fabrication_id)
        return _page(request, hub, person, fabrication, typed=(title, story), error=error)
    await hub.skills.look_again(person.id)
    return see_other(f"/fabrications/{fabrication_id}", "saved")


def _page(
    request: Request,
    services: Services,
    person: Person,
    fabrication: Fabrication,
    *,
    typed: tuple[str, str] | None = None,
    error: FablabError | None = None,
) -> Response:
    language = language_of(request)
    title, story = typed or (fabrication.title, fabrication.story)
    return render(
        request,
        "pages/fabrication.html",
        status=status_of(error) if error else HTTPStatus.OK,
        here="projects",
        problem=describe_here(error, language) if error else None,
        made=_made(services, fabrication, language),
        typed_title=title,
        typed_story=story,
        max_title=MAX_TITLE,
        max_story=MAX_STORY,
        is_mine=fabrication.owner_id == person.id,
        job_id=fabrication.job_id,
        pairs=_pairs(services, fabrication, language),
    )


def _pairs(services: Services, fabrication: Fabrication, language: str) -> list[tuple[str, str]]:
    zone = services.settings.lab.zone
    pairs = [
        (N_("Machine"), machine_name(services, fabrication.machine_id, language)),
        (N_("Time at the machine"), duration_text(fabrication.elapsed_s, language)),
        (N_("Made on"), moment_text(fabrication.created_at, language, zone)),
    ]
    if material := material_name(services, fabrication.material_id, language):
        pairs.insert(1, (N_("Material"), material))
    return pairs


def _made(services: Services, fabrication: Fabrication, language: str) -> Made:
    zone, photo = services.settings.lab.zone, fabrication.photo
    return Made(
        id=fabrication.id,
        title=fabrication.title,
        story=fabrication.story,
        outcome=fabrication.outcome.value,
        photo=f"/photos/{photo.id}.jpg" if photo else asset("no-picture.svg"),
        when=moment_text(fabrication.created_at, language, zone),
        photo_when=moment_text(photo.taken_at, language, zone) if photo else "",
    )
