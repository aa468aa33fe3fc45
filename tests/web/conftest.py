"""A real hub on a real disk behind the real application; browsers and programs in front of it."""

import asyncio
import contextlib
import shutil
import socket
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import APIRouter, FastAPI

from fablab_hub.core import journal
from fablab_hub.core.blobs import BlobStore, register
from fablab_hub.core.clock import ManualClock, utc_text
from fablab_hub.core.config import read_settings
from fablab_hub.core.db import Database
from fablab_hub.core.machines import MachineState
from fablab_hub.core.migrations import migrate
from fablab_hub.core.people import Person, Role, add_person, authorise, read_person
from fablab_hub.core.pictures import Picture
from fablab_hub.core.signin import SignIn, hash_pin
from jobs.agents import Agents
from jobs.calibrations import Calibrations
from jobs.desk import Desk
from jobs.report import CheckedFile, Facts, FileKind, Finding, Report, Severity, verdict_of
from jobs.runner import Runner
from jobs.states import Actor, State, Verb
from jobs.store import JobStore, add_job, move, stored_report
from jobs.submission import Submissions
from jobs.workers import Workers
from projects.skills.book import SkillBook
from projects.skills.framework import read_framework
from projects.store import ProjectStore
from tests.web.agent import DEADLINE_S, Agent, until
from tests.web.openapi import answer_of, operation_of, violations
from web.access import FORM_KEY_HEADER, SESSION_COOKIE
from web.api.v1.schema import document
from web.app import create_app, stand_on
from web.services import Services

PIN = "271828"
_PIN_HASH = hash_pin(PIN, 6)

SETTINGS = """
[lab]
name = "Lab"
[checks]
max_upload_mb = 2
[machines.laser]
name = { fr = "Découpe", en = "Laser" }
kind = "laser"
driver = "grbl"
dialect = "grbl"
port = "laser.tty"
bed_mm = [600, 400, 0]
laser = { tube_w = 60 }
[[machines.laser.checklist]]
id = "lid"
label = { fr = "Le capot est fermé", en = "The lid is closed" }
[machines.printer]
name = { fr = "Imprimante", en = "Printer" }
kind = "printer"
driver = "marlin"
dialect = "marlin"
port = "printer.tty"
bed_mm = [220, 220, 250]
printer = { max_nozzle_c = 260, max_bed_c = 100 }
[materials.plywood-3]
name = { fr = "Contreplaqué", en = "Plywood" }
thickness_mm = 3
cut = { power = 0.75, feed_mm_min = 900 }
[materials.pvc-3]
name = { fr = "PVC", en = "PVC" }
thickness_mm = 3
is_forbidden = true
reason = { fr = "Il fait du chlore.", en = "It makes chlorine." }
"""

CHECKER = (
    "import sys, pathlib; from fablab_hub.core.config import read_settings;"
    "from jobs.checkworker import serve_checks;"
    "serve_checks(read_settings(pathlib.Path(sys.argv[1])))"
)
PEOPLE = {
    "awa": Role.TRAINEE,
    "ben": Role.TRAINEE,
    "chloe": Role.TRAINER,
    "dora": Role.MANAGER,
    "eli": Role.ADMIN,
}


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture(name="until")
def _until():
    return until


_APPLICATIONS: list[FastAPI] = []


def _application(services: Services) -> FastAPI:
    """Give the application: its routes are the same for every lab, and take long to build."""
    if not _APPLICATIONS:
        _APPLICATIONS.append(create_app(services))
    (app,) = _APPLICATIONS
    stand_on(app, services)
    return app


@dataclass
class Lab:
    """One hub, open; `app` is built at its first use."""

    folder: Path
    services: Services
    workers: Workers
    agents: Agents
    people: dict[str, Person] = field(default_factory=dict)
    _app: FastAPI | None = None

    @property
    def app(self) -> FastAPI:
        self._app = self._app or _application(self.services)
        return self._app

    @contextlib.contextmanager
    def more_routes(self, router: APIRouter) -> Iterator[None]:
        """Let the application have these routes too, before all others, inside."""
        routes = self.app.router.routes
        routes[0:0] = router.routes
        yield
        del routes[: len(router.routes)]

    @property
    def database(self) -> Database:
        return self.services.database

    @property
    def clock(self) -> ManualClock:
        clock = self.services.clock
        assert isinstance(clock, ManualClock)
        return clock

    def add_people(self) -> None:
        now = self.clock.now()

        def act(tables):
            ids = {
                name: add_person(
                    tables,
                    name=name,
                    role=role,
                    pin_hash=_PIN_HASH,
                    language="en",
                    at=now,
                    is_welcomed=True,
                )
                for name, role in PEOPLE.items()
            }
            for name in ("awa", "chloe", "dora"):
                for machine_id in self.services.settings.machines:
                    authorise(tables, ids[name], machine_id, ids["dora"], now)
            return ids

        ids = self.database.write_now(act)
        self.people = {name: read_person(self.database, id_) for name, id_ in ids.items()}

    def add_job(
        self,
        owner: str = "awa",
        machine_id: str = "laser",
        severity: Severity | None = None,
        program: bytes = b"G1 X1 F100\nM5\n",
        is_checked: bool = True,
    ) -> str:
        """Write a job whose check has just ended (or never began); gives its id."""
        self.clock.advance(0.01)
        now, blobs = self.clock.now(), self.services.blobs
        blob, picture = blobs.keep([program]), blobs.keep([b"<svg xmlns='s'></svg>"])
        findings = (Finding(rule="check.too-slow", severity=severity),) if severity else ()
        report = Report(
            file=CheckedFile(
                name="part.gcode", sha256=blob.sha256, bytes=blob.bytes, kind=FileKind.GCODE,
                dialect="grbl",
            ),
            verdict=verdict_of(findings), findings=findings, facts=Facts(duration_s=600.0),
            program_sha256=blob.sha256, program_lines=2,
        )  # fmt: skip
        verb = {None: Verb.ACCEPT, Severity.ASK: Verb.ASK, Severity.REFUSE: Verb.REFUSE}[severity]

        def act(tables):
            register(tables, blob, "text/x-gcode", now)
            register(tables, picture, "image/svg+xml", now)
            id_ = add_job(
                tables, owner_id=self.people[owner].id, machine_id=machine_id, material_id=None,
                project_id=None, title="part", file_name="part.gcode", file_sha256=blob.sha256,
                options={}, at=now,
            )  # fmt: skip
            if not is_checked:
                return id_
            changes = {
                "report": stored_report(report),
                "program_sha256": blob.sha256,
                "picture_sha256": picture.sha256,
            }
            if verb is Verb.ACCEPT:
                changes["queued_at"] = utc_text(now)
            move(tables, id_, verb, Actor.CHECKER, who="checker", at=now, changes=changes)
            return id_

        return self.database.write_now(act)

    def state(self, job_id: str) -> State:
        return self.services.jobs.read(job_id).state

    def note(self, subject: str, verb: str = "test.note") -> int:
        """Write a line into the journal; gives its number."""
        return self.database.write_now(
            lambda tables: (
                journal.append(tables, self.clock.now(), journal.HUB, verb, subject, {}).seq
            )
        )

    def browser(self, name: str | None = None) -> httpx.AsyncClient:
        """A client with somebody's session, that asks for JSON; form key included.

        Each answer of the API is compared with what its OpenAPI document promises.
        """
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app, raise_app_exceptions=False),
            base_url="http://hub.lan",
            headers={"Accept": "application/json"},
            event_hooks={"response": [self._compare_with_document]},
        )
        if name is not None:
            token, form_key = self.sign_in(name)
            client.cookies.set(SESSION_COOKIE, token)
            client.headers[FORM_KEY_HEADER] = form_key
        return client

    async def _compare_with_document(self, answer: httpx.Response) -> None:
        described, request = document(self.app), answer.request
        operation = operation_of(described, request.method, request.url.path)
        if operation is None:
            return
        promised = answer_of(operation, answer.status_code)
        assert promised is not None, f"{request.url.path}: {answer.status_code} is not promised"
        await answer.aread()
        kinds = promised.get("content", {})
        kind = answer.headers.get("content-type", "").partition(";")[0]
        assert kind in kinds if kinds else not answer.content
        if kinds and kind == "application/json":
            wrong = list(violations(described, kinds[kind]["schema"], answer.json()))
            assert wrong == [], f"{request.method} {request.url.path}"

    def sign_in(self, name: str) -> tuple[str, str]:
        """Open a session without its PIN; gives the cookie and the form key."""
        signin = self.services.signin
        token = run_now(signin.open_session(self.people[name]))
        session = signin.session(token)
        assert session
        return token, session.form_key

    def program(self, name: str) -> httpx.AsyncClient:
        """A client with somebody's token."""
        token = run_now(self.services.signin.make_token(self.people[name], "test"))
        client = self.browser()
        client.headers["Authorization"] = f"Bearer {token}"
        return client

    @contextlib.asynccontextmanager
    async def serve(self) -> AsyncIterator[str]:
        """The application behind a real server on loopback; gives its address."""
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            config = uvicorn.Config(
                self.app, log_config=None, lifespan="off", timeout_graceful_shutdown=2
            )
            server = uvicorn.Server(config)
            server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
            task = asyncio.create_task(server.serve([listener]))
            await until(lambda: server.started or task.done())
            try:
                yield f"http://127.0.0.1:{listener.getsockname()[1]}"
            finally:
                self.app.state.live.close()
                server.should_exit = True
                await task


def run_now(coroutine: Any) -> Any:
    """Run a coroutine to its end from a test that may itself be one."""
    result: list[Any] = []
    thread = threading.Thread(target=lambda: result.append(asyncio.run(coroutine)))
    thread.start()
    thread.join(DEADLINE_S)
    return result[0]


async def _no_camera(camera_id: str) -> Picture:
    raise AssertionError(f"no camera was asked for: {camera_id}")


@pytest.fixture
def lab() -> Iterator[Lab]:
    # A socket's path holds 107 bytes at most (unix(7)): pytest's own folders may be too deep.
    folder = Path(tempfile.mkdtemp(prefix="web-"))
    settings_path = folder / "fablab.toml"
    settings_path.write_text(SETTINGS)
    settings, clock = read_settings(settings_path), ManualClock()
    database, blobs = Database(folder / "hub.db"), BlobStore(folder / "blobs")
    migrate(database, clock.now(), folder / "backups")
    jobs = JobStore(database)
    argv = [sys.executable, "-c", CHECKER, str(settings_path)]
    workers = Workers(argv, settings.checks, folder / "scratch")

    async def spawn(_: str) -> None:
        """Agents are started by the test, or not at all."""

    agents = Agents(settings.machines, lambda id_: folder / f"{id_}.sock", spawn, clock)
    calibrations = Calibrations(database, settings, clock)
    services = Services(
        settings=settings,
        database=database,
        blobs=blobs,
        clock=clock,
        signin=SignIn(database, settings.signin, clock),
        jobs=jobs,
        calibrations=calibrations,
        submissions=Submissions(database, blobs, jobs, settings, workers, calibrations, clock),
        desk=Desk(database, jobs, clock),
        runner=Runner(database, jobs, agents, settings, blobs, clock),
        projects=ProjectStore(database),
        skills=SkillBook(database, read_framework(), settings.machines, clock),
        take_picture=_no_camera,
    )
    lab = Lab(folder, services, workers, agents)
    lab.add_people()
    yield lab
    assert journal.verify(database) > 0
    database.close()
    shutil.rmtree(folder)


@pytest.fixture
async def running(lab: Lab) -> AsyncIterator[Lab]:
    """The lab with its runner at work."""
    await lab.services.runner.start()
    yield lab
    await lab.services.submissions.close()
    await lab.workers.close()
    await lab.services.runner.close()
    await lab.agents.close()


@pytest.fixture
async def laser(running: Lab) -> AsyncIterator[Agent]:
    """A laser that is connected and free."""
    agent = Agent("laser")
    server = await asyncio.start_unix_server(agent.serve, str(running.folder / "laser.sock"))
    runner = running.services.runner
    await until(lambda: runner.view("laser").state is MachineState.IDLE)
    yield agent
    server.close()
