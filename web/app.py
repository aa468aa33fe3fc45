"""The web application: routes, files, and the layers that every request passes."""

import asyncio
import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from starlette.datastructures import Headers, State
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from fablab_hub.core import journal
from web import live
from web.access import PUBLIC, Hub, allow, routes_and_access
from web.api.v1 import desk, jobs, machines, people, projects, schema, session
from web.errors import install_errors
from web.live_feed import LiveFeed
from web.pages import badge as badge_page
from web.pages import (
    calls,
    home,
    job,
    job_sheet,
    kiosk,
    machine,
    media,
    offline,
    review,
    settings,
    signin,
    skills,
    stop,
    styleguide,
    submit,
    wall,
    workshop,
)
from web.pages import help as help_page
from web.pages import kiosks as kiosks_page
from web.pages import materials as materials_page
from web.pages import passphrase as passphrase_page
from web.pages import people as people_page
from web.pages import projects as projects_page
from web.pages import way_in as way_in_page
from web.pages import welcome as welcome_page
from web.security import SameOrigin, SecurityHeaders
from web.services import Services
from web.uploads import BodyGuard

STATIC = Path(__file__).parent / "static"

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[Any]]

_HASHED = re.compile(r"\.[A-Z0-9]{8}\.[a-z0-9]+$")
_YEAR_S = 31_536_000

PAGES: tuple[APIRouter, ...] = (
    home.router,
    signin.router,
    welcome_page.router,
    help_page.router,
    offline.router,
    submit.router,
    job.router,
    job_sheet.router,
    machine.router,
    media.router,
    review.router,
    workshop.router,
    wall.router,
    people_page.router,
    badge_page.router,
    way_in_page.router,
    kiosks_page.router,
    materials_page.router,
    kiosk.router,
    passphrase_page.router,
    projects_page.router,
    skills.router,
    calls.router,
    stop.router,
    styleguide.router,
    settings.router,
)
"""Pages for people."""

API: tuple[APIRouter, ...] = (
    session.router,
    machines.router,
    jobs.router,
    desk.router,
    projects.router,
    people.router,
    live.router,
    schema.router,
)
"""The same for programs."""

_health = APIRouter()


def create_app(services: Services, lifespan: Lifespan | None = None) -> FastAPI:
    """Build the application.

    Args:
        services: what the routes stand on; open while the application runs.
        lifespan: runs around the application's life (agents, workers, tasks).

    Raises:
        UndeclaredAccessError: a route does not say who may use it.
    """
    app = FastAPI(
        title="FabLab Hub", openapi_url=None, docs_url=None, redoc_url=None, lifespan=lifespan
    )
    stand_on(app, services)
    app.include_router(_health, include_in_schema=False)
    for router in PAGES:
        app.include_router(
            router, include_in_schema=False, dependencies=[Depends(live.note_position)]
        )
    for router in API:
        app.include_router(router)
    app.mount("/static", HashedFiles(directory=STATIC), name="static")
    # The last one added is the first that a request meets.
    install_errors(app)
    app.add_middleware(SameOrigin)
    app.add_middleware(BodyGuard)
    app.add_middleware(SecurityHeaders)
    routes_and_access(app)
    return app


def stand_on(app: FastAPI, services: Services) -> None:
    """Give an application all that its routes stand on; nothing stays of what it stood on before.

    Routes take far longer to build than the rest: who needs many labs, one after the other, builds
    them once.
    """
    app.state = State()
    app.state.services = services
    app.state.live = LiveFeed(services)
    app.state.portfolio_turn = asyncio.Semaphore(1)


class HashedFiles(StaticFiles):
    """Files whose name changes with their content may be kept for ever; others are asked again.

    Texts were packed when they were built. Pages are not packed on their way: each holds the
    form key beside words that a reader chose, and sizes of packed pages would tell of both (the
    BREACH attack).
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Give a file, packed where the browser takes that."""
        is_packed = _takes_gzip(scope) and bool(self.lookup_path(f"{path}.gz")[1])
        response = await super().get_response(f"{path}.gz" if is_packed else path, scope)
        if is_packed:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
        is_hashed = _HASHED.search(path) is not None
        response.headers["Cache-Control"] = (
            f"public, max-age={_YEAR_S}, immutable" if is_hashed else "no-cache"
        )
        return response


def _takes_gzip(scope: Scope) -> bool:
    """Tell whether an `Accept-Encoding` names gzip and does not refuse it (RFC 9110, 12.5.3)."""
    for entry in Headers(scope=scope).get("accept-encoding", "").split(","):
        name, _, weight = entry.partition(";")
        if name.strip().casefold() == "gzip":
            return re.fullmatch(r"q=0(\.0*)?", weight.strip()) is None
    return False


@_health.get("/healthz", dependencies=[allow(PUBLIC)])
async def health(hub: Hub) -> dict[str, str]:
    """Say whether the hub is alive and its database answers."""
    journal.last_seq(hub.database)
    return {"status": "ok"}
