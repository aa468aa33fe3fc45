"""A demo lab in which every state that a page can show is there to be looked at."""

import contextlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import MappingProxyType

import ezdxf
import httpx

from fablab_hub.cli.options import demo_settings_path
from fablab_hub.core.people import Role
from tests.journeys.conftest import Lab, Visitor, wait_for

ANONYMOUS = "anonymous"
TABLET = "tablet"
"""Nobody, at the laser's own tablet."""

PEOPLE: MappingProxyType[str, str] = MappingProxyType(
    {
        Role.TRAINEE.value: "Karim Benali",
        Role.TRAINER.value: "Soizic Le Bris",
        Role.MANAGER.value: "Nolwenn Cadiou",
        Role.ADMIN.value: "Malo Quéré",
    }
)
"""Who looks, for each role; the trainee owns every job of the stage."""

SPEED_UP = 12
"""A short print ends within seconds, and the long cut lasts while a few pages are looked at."""

_FILES = demo_settings_path().parent / "demo_files"


@dataclass
class Stage:
    """A running lab, somebody of each role signed in, and jobs by the state they are in."""

    lab: Lab
    nobody: httpx.Client
    tablet: httpx.Client
    visitors: dict[str, Visitor] = field(default_factory=dict)
    jobs: dict[str, str] = field(default_factory=dict)

    @property
    def manager(self) -> Visitor:
        return self.visitors[Role.MANAGER]

    @property
    def owner(self) -> Visitor:
        return self.visitors[Role.TRAINEE]

    def client(self, role: str) -> httpx.Client:
        if role == TABLET:
            return self.tablet
        return self.nobody if role == ANONYMOUS else self.visitors[role].client

    def state_of(self, label: str) -> str:
        return str(self.manager.get(f"/jobs/{self.jobs[label]}")["state"])

    def set_language(self, role: str, language: str) -> None:
        """Choose a person's language, as the form of their settings does."""
        client = self.visitors[role].client
        answer = client.post("/langue", data={"langue": language, "vers": "/aide"})
        assert answer.status_code == 303, answer.text

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Let the laser cut inside; it is paused before and after, so that it never ends."""
        wait_for("it cuts", self._goes_on)
        yield
        state = self.state_of("on the laser")
        assert state == "running", f"the cut was too short for this: {state}"
        self.hold()

    def _goes_on(self) -> bool:
        """Press "go on"; again where a hub under load was silent, and the laser held for that."""
        state = self.state_of("on the laser")
        if state == "paused":
            self.manager.client.post("/api/v1/machines/laser/resume")
        return state == "running"

    def hold(self) -> None:
        """Pause the laser."""
        self.manager.post("/machines/laser/hold")
        wait_for("the cut is paused", lambda: self.state_of("on the laser") == "paused")


def set_stage(lab: Lab) -> Stage:
    """Bring a new demo lab into every state: something done, running, called, refused, waiting."""
    nobody = httpx.Client(base_url=lab.address, timeout=30)
    lab.clients.append(nobody)
    visitors = {role: lab.visitor(name) for role, name in PEOPLE.items()}
    stage = Stage(lab, nobody, _fix_tablet(lab), visitors)
    manager = stage.manager
    for machine_id in ("laser", "prusa", "ender"):
        lab.empty_queue(manager, machine_id)
    _submit(stage, "done", short_print(), "jeton.gcode", machine_id="ender")
    _start(stage, "done", "ender")
    _submit(stage, "on the laser", drawing(580, 380, holes=150), "a.dxf", material_id="plywood-3")
    _start(stage, "on the laser", "laser")
    _submit(stage, "queued", drawing(100, 60), "b.dxf", material_id="plywood-3")
    _submit(stage, "refused", drawing(900, 700), "c.dxf", material_id="plywood-3")
    _submit(stage, "to_approve", drawing(120, 60, is_faulty=True), "d.dxf", material_id="mdf-3")
    _submit(stage, "stopped", drawing(70, 60), "e.dxf", material_id="plywood-3")
    manager.post(f"/jobs/{stage.jobs['stopped']}/withdraw")
    _submit(stage, "called", short_print(), "cale.gcode", machine_id="prusa")
    stage.owner.client.post("/projets", data={"title": "Ma chambre"})
    wait_for("one is called", lambda: stage.state_of("called") == "called")
    wait_for("one is done", lambda: stage.state_of("done") == "done")
    wait_for(
        "there is a photo", lambda: [f for f in stage.owner.get("/fabrications") if f["photos"]]
    )
    for label in ("queued", "refused", "to_approve", "stopped"):
        assert stage.state_of(label) == label
    return stage


def _fix_tablet(lab: Lab) -> httpx.Client:
    """Make a browser the laser's own tablet, as a trainer does; they are signed out of it."""
    client = lab.visitor(PEOPLE[Role.TRAINER]).client
    answer = client.post("/bornes", data={"machine_id": "laser"})
    assert answer.status_code == 303, answer.text
    return client


def short_print() -> bytes:
    """A short genuine print: its first lines, and its end."""
    lines = (_FILES / "jeton.gcode").read_bytes().splitlines(keepends=True)
    return b"".join([*lines[:400], b"M104 S0\n", b"M140 S0\n", b"M84\n"])


def drawing(width_mm: float, depth_mm: float, holes: int = 0, *, is_faulty: bool = False) -> bytes:
    """Draw a plate as a trainee's program would; its holes make the cut last."""
    document = ezdxf.new(units=4)
    space = document.modelspace()
    corners = [(0, 0), (width_mm, 0), (width_mm, depth_mm), (0, depth_mm)]
    space.add_lwpolyline(corners, close=True)
    if is_faulty:
        space.add_line((10, 0), (width_mm - 10, 0))
        space.add_circle((width_mm / 2, depth_mm / 2), 0.3)
    for number in range(holes):
        across, up = divmod(number, 9)
        space.add_circle((20 + across * 33, 20 + up * 42), 10)
    text = io.StringIO()
    document.write(text)
    return text.getvalue().encode()


def _submit(stage: Stage, label: str, content: bytes, name: str, **fields: str) -> None:
    fields = {"machine_id": "laser", "title": f"Essai {len(stage.jobs) + 1}", **fields}
    answer = stage.owner.send(content, name, **fields)
    assert answer.is_success, answer.text
    stage.jobs[label] = answer.json()["id"]


def _start(stage: Stage, label: str, machine_id: str) -> None:
    job = stage.manager.get(f"/jobs/{stage.jobs[label]}")
    stage.lab.start_job(stage.manager, PEOPLE[Role.MANAGER], job)
    if machine_id == "laser":
        wait_for("it runs", lambda: stage.state_of(label) == "running")
        stage.hold()
