"""A whole demo lab in processes of its own, people who use it, and a real browser."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from drivers.simulation.pty_board import read_state
from fablab_hub.cli.boards import end_demo_processes
from fablab_hub.cli.commands import own_command
from fablab_hub.cli.seed import LOGINS
from fablab_hub.core.folders import DataFolder
from fablab_hub.core.i18n.words import translate
from tests.journeys.guard import Guard

SCREENSHOTS = Path(__file__).parents[2] / "docs" / "screenshots"
PINS = {login.name: login.pin for login in LOGINS}
LOOK_S = 0.05
_TALLEST_PX = 16_383
"""Of a picture in WebP (RFC 9649, 2.6)."""


def wait_for(what: str, is_so: Callable[[], Any], within_s: float = 60) -> Any:
    """Look again and again until something is so; gives it. Fails by its name when it never is."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if found := is_so():
            return found
        time.sleep(LOOK_S)
    raise AssertionError(f"not within {within_s} s: {what}")


def next_question(page: Any) -> None:
    """Go on, where a phone asks one question at a time."""
    button = page.locator("[data-steps-next]")
    if button.is_visible():
        button.click()


@dataclass
class Visitor:
    """Somebody who uses the API."""

    client: httpx.Client
    id: str

    def get(self, path: str) -> Any:
        answer = self.client.get(f"/api/v1{path}")
        answer.raise_for_status()
        return answer.json()

    def post(self, path: str, body: Any = None) -> Any:
        answer = self.client.post(f"/api/v1{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def send(self, content: bytes, name: str, **fields: str) -> httpx.Response:
        """Submit a file, and wait for its check."""
        return self.client.post(
            "/api/v1/jobs",
            params={"wait_s": 30},
            data=fields,
            files={"file": (name, content)},
            timeout=120,
        )


@dataclass
class Lab:
    """A demo lab that can be started, killed and started again."""

    folder: Path
    speed_up: float
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    clients: list[httpx.Client] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, port: int = 0) -> None:
        """Start the hub: where it was, so that an open page finds it again, or at `port`."""
        self.port = port or self.port
        if not self.port:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.port = probe.getsockname()[1]
        log = (self.folder.parent / "demo.log").open("ab")
        self.process = subprocess.Popen(
            own_command(
                "demo", "--port", str(self.port), "--data", str(self.folder),
                "--speed-up", str(self.speed_up),
            ),
            stdout=log,
            stderr=log,
            env={**os.environ, "LANG": "fr_FR.UTF-8"},
        )  # fmt: skip
        log.close()
        wait_for("the demo answers", self._is_healthy)

    def _is_healthy(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, (self.folder.parent / "demo.log").read_text()
        with contextlib.suppress(httpx.TransportError):
            return httpx.get(f"{self.address}/healthz", timeout=2).is_success
        return False

    def kill(self) -> None:
        """End the hub as a power cut would; agents and boards go on."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def end(self) -> None:
        """End everything that belongs to the lab."""
        for client in self.clients:
            client.close()
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(20)
        end_demo_processes(DataFolder(self.folder.resolve()))

    def visitor(self, name: str) -> Visitor:
        """Sign somebody of the demo in."""
        client = httpx.Client(base_url=self.address, timeout=30)
        self.clients.append(client)
        answer = client.post("/api/v1/session", json={"person": name, "pin": PINS[name]})
        assert answer.status_code == 201, answer.text
        body = answer.json()
        client.headers["X-Form-Key"] = body["form_key"]
        return Visitor(client, body["person_id"])

    def board(self, machine_id: str) -> dict[str, Any]:
        """Look at a simulated machine as an eye would."""
        link = DataFolder(self.folder.resolve()).sockets / f"{machine_id}.tty"
        return read_state(link) or {}

    def unplug(self, machine_id: str) -> None:
        """Pull the cable: the board's process is gone, and its port with it."""
        os.kill(self.board(machine_id)["pid"], signal.SIGKILL)

    def empty_queue(self, staff: Visitor, machine_id: str) -> None:
        """Take every waiting job of a machine out of its queue, and leave it free and clear."""
        for job in staff.get("/jobs?of=everybody"):
            if job["machine_id"] == machine_id and job["state"] in (
                "queued",
                "called",
                "to_approve",
            ):
                staff.post(f"/jobs/{job['id']}/withdraw")
        if self._machine(staff, machine_id)["job_id"] is not None:
            staff.post(f"/machines/{machine_id}/stop")
            wait_for("it has stopped", lambda: self._machine(staff, machine_id)["job_id"] is None)
        if self._machine(staff, machine_id)["needs_clearing"]:
            staff.post(f"/machines/{machine_id}/clear")
        wait_for("it is ready", lambda: self._machine(staff, machine_id)["state"] == "idle")

    @staticmethod
    def _machine(staff: Visitor, machine_id: str) -> dict[str, Any]:
        return dict(staff.get(f"/machines/{machine_id}"))

    def start_job(self, starter: Visitor, name: str, job: dict[str, Any]) -> None:
        """Wait for a job's turn, and start it at the machine."""
        machine = starter.get(f"/machines/{job['machine_id']}")
        wait_for("it is called", lambda: starter.get(f"/jobs/{job['id']}")["state"] == "called")
        wait_for(
            "the machine is ready",
            lambda: starter.get(f"/machines/{machine['id']}")["state"] == "idle",
        )
        ticked = [item["id"] for item in machine["checklist"]]
        starter.post(f"/jobs/{job['id']}/start", {"pin": PINS[name], "ticked": ticked})


def patient(settings: str) -> str:
    """Let the laser go on for longer without the hub: under load it is late, and not gone."""
    return settings.replace("[machines.laser]\n", "[machines.laser]\nheartbeat_s = 5\n")


@contextlib.contextmanager
def open_lab(
    folder: Path,
    speed_up: float,
    seeded: Path | None = None,
    change: Callable[[str], str] = lambda settings: settings,
) -> Iterator[Lab]:
    """Open a demo lab.

    Args:
        folder: where; it gets a folder of its own there.
        speed_up: how much faster than real ones its machines are.
        seeded: a lab to begin with a copy of; else the demo seeds this one.
        change: what to write into that copy's settings.
    """
    lab = Lab(folder / "lab", speed_up)
    if seeded is not None:
        shutil.copytree(seeded, lab.folder)
        settings = lab.folder / "fablab.toml"
        settings.write_text(change(settings.read_text(encoding="utf-8")), encoding="utf-8")
    lab.start()
    try:
        yield lab
    finally:
        lab.end()


@pytest.fixture(scope="package")
def lab(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A lab whose machines are eight times faster than real ones; journeys begin by emptying it."""
    with open_lab(tmp_path_factory.mktemp("demo"), 8, seeded, patient) as lab:
        yield lab


@pytest.fixture
def slow_lab(seeded: Path, tmp_path: Path) -> Iterator[Lab]:
    """A lab of one's own, with machines slow enough to be interrupted."""
    with open_lab(tmp_path, 4, seeded) as lab:
        yield lab


@contextlib.contextmanager
def open_chromium() -> Iterator[Browser]:
    """Start a real Chromium.

    Raises:
        FileNotFoundError: none is installed.
    """
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        raise FileNotFoundError("Chromium is not installed: run `make system`")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking",
                  "--no-first-run", "--disable-sync", "--disable-component-update"],
        )  # fmt: skip
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real Chromium; for one module, since Playwright's loop stands in the way of others."""
    try:
        with open_chromium() as browser:
            yield browser
    except FileNotFoundError as error:
        pytest.skip(str(error))


@dataclass(frozen=True)
class Window:
    """Opens browser windows of people, each watched by the guard."""

    chromium: Browser
    guard: Guard

    @contextlib.contextmanager
    def open(self, lab: Lab, name: str = "", width: int = 360, **options: Any) -> Iterator[Page]:
        """Open a page; with a name, sign in by the door as that person would.

        Args:
            lab: whose hub it is.
            name: who; empty for nobody.
            width: of the window, in CSS px.
            options: of Playwright's `new_context`.
        """
        options = {"locale": "fr-FR", "viewport": {"width": width, "height": 740}, **options}
        context = self.chromium.new_context(base_url=lab.address, **options)
        self.guard.watch(context, lab.address)
        page = context.new_page()
        try:
            if name:
                sign_in(page, name)
            yield page
        finally:
            context.close()
        self.guard.check()


def fr(sentence: str) -> str:
    """Give a sentence of the pages as a French reader sees it."""
    said = translate(sentence, "fr")
    assert said != sentence, f"no page says {sentence!r} any more"
    return said


def sign_in(page: Page, name: str) -> None:
    """Come in by the door."""
    page.goto("/entrer")
    page.get_by_role("link", name=name).click()
    page.locator("input[name=pin]").fill(PINS[name])
    page.locator("main form button").click()
    expect(page).not_to_have_url(re.compile("/entrer"))


@pytest.fixture
def guard() -> Guard:
    return Guard()


@pytest.fixture
def window(chromium: Browser, guard: Guard) -> Window:
    return Window(chromium, guard)


@dataclass
class Camera:
    """Takes the screenshots of docs/, when asked to; always on a phone and on a desk."""

    is_on: bool

    def shoot(self, page: Any, name: str) -> None:
        if not self.is_on:
            return
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        before = page.viewport_size
        for width, height in ((360, 740), (1280, 860)):
            page.set_viewport_size({"width": width, "height": height})
            pixels = np.frombuffer(page.screenshot(full_page=width < 600), np.uint8)
            picture = cv2.imdecode(pixels, cv2.IMREAD_COLOR)
            path = SCREENSHOTS / f"{name}-{width}.webp"
            quality = [cv2.IMWRITE_WEBP_QUALITY, 80]
            assert cv2.imwrite(str(path), picture[:_TALLEST_PX], quality), path
        page.set_viewport_size(before)


@pytest.fixture
def screenshots(request: pytest.FixtureRequest) -> Camera:
    return Camera(bool(request.config.getoption("--screenshots")))
