"""Projects, fabrications, their photos and stories, and the portfolio made of them."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse

from fablab_hub.core.people import Person, Right, read_person, require
from projects.exports.portfolio import make_portfolio_pdf
from projects.fabrications import tell_story
from projects.portfolios import gather_portfolio
from projects.store import JPEG
from web.access import Hub, allow, language_of
from web.api.v1.models import PROBLEMS
from web.api.v1.project_models import FabricationBody, ProjectBody, StoryBody

router = APIRouter(prefix="/api/v1", tags=["projects"], responses=PROBLEMS)

Reader = Annotated[Person, allow(Right.SEE_OWN)]
PDF = "application/pdf"


@router.get("/projects")
async def list_projects(hub: Hub, person: Reader) -> list[ProjectBody]:
    """List your projects, newest first."""
    return [ProjectBody.model_validate(found) for found in hub.projects.projects_of(person.id)]


@router.get("/projects/{project_id}/fabrications")
async def list_project(hub: Hub, person: Reader, project_id: str) -> list[FabricationBody]:
    """List what lies in a project, newest first."""
    project = hub.projects.read_project(person, project_id)
    return [FabricationBody.of(made) for made in hub.projects.fabrications_in(project.id)]


@router.get("/fabrications")
async def list_fabrications(hub: Hub, person: Reader) -> list[FabricationBody]:
    """List what you made, newest first."""
    return [FabricationBody.of(made) for made in hub.projects.fabrications_of(person.id)]


@router.get("/fabrications/{fabrication_id}")
async def show_fabrication(hub: Hub, person: Reader, fabrication_id: str) -> FabricationBody:
    """Show one fabrication."""
    return FabricationBody.of(hub.projects.read_fabrication(person, fabrication_id))


@router.put("/fabrications/{fabrication_id}/story")
async def write_story(
    hub: Hub, person: Reader, fabrication_id: str, body: StoryBody
) -> FabricationBody:
    """Tell what you made, and how; only its owner can."""
    await tell_story(
        hub.database, person, fabrication_id, title=body.title, story=body.story, clock=hub.clock
    )
    await hub.skills.look_again(person.id)
    return FabricationBody.of(hub.projects.read_fabrication(person, fabrication_id))


@router.get(
    "/photos/{photo_id}",
    response_class=FileResponse,
    responses={200: {"content": {JPEG: {}}, "description": "The photo."}},
)
async def show_photo(hub: Hub, person: Reader, photo_id: str) -> Response:
    """Give a photo of a run."""
    photo = hub.projects.read_photo(person, photo_id)
    return FileResponse(
        hub.blobs.path(photo.sha256),
        media_type=JPEG,
        headers={"Cache-Control": "private, max-age=86400"},
    )


@router.get(
    "/portfolio.pdf",
    response_class=Response,
    responses={200: {"content": {PDF: {}}, "description": "The portfolio."}},
)
async def show_portfolio(
    request: Request,
    hub: Hub,
    person: Reader,
    of: Annotated[str | None, Query(description="Somebody's id, for staff; else your own.")] = None,
) -> Response:
    """Give what somebody made as a document to print or to send."""
    whose = person
    if of is not None and of != person.id:
        require(person, Right.SEE_ALL)
        whose = read_person(hub.database, of)
    language = language_of(request)
    portfolio = gather_portfolio(hub.database, hub.settings, whose, language)
    turn: asyncio.Semaphore = request.app.state.portfolio_turn
    # One at a time: it takes a whole core for a second, and everybody else needs the other.
    async with turn:
        pdf = await asyncio.to_thread(
            make_portfolio_pdf, portfolio, hub.blobs, language, hub.settings.lab.zone
        )
    headers = {"Content-Disposition": 'attachment; filename="portfolio.pdf"'}
    return Response(pdf, media_type=PDF, headers=headers)
