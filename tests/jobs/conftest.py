"""A small lab on a real disk, a scripted agent on a real socket, and a scripted check worker."""

import asyncio
import itertools
import json
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from fablab_hub.core import journal
from fablab_hub.core.blobs import BlobStore, register
from fablab_hub.core.clock import ManualClock, utc_text
from fablab_hub.core.db import Database
from fablab_hub.core.machines import (
    CheckItem,
    Label,
    LaserLimits,
    Machine,
    MachineKind,
    MachineState,
    MachineStatus,
    PrinterLimits,
)
from fablab_hub.core.materials import Material
from fablab_hub.core.messages import (
    PROTOCOL,
    Acknowledge,
    Hello,
    RunEvent,
    RunEventKind,
    StartRun,
    StatusReport,
    Welcome,
    decode,
    encode,
)
from fablab_hub.core.migrations import migrate
from fablab_hub.core.people import Role, add_person, authorise, read_person
from fablab_hub.core.settings import CheckSettings, Settings
from jobs.agents import Agents
from jobs.calibrations import Calibrations
from jobs.desk import Desk
from jobs.report import CheckedFile, Facts, FileKind, Report, Verdict
from jobs.runner import Runner
from jobs.states import Actor, State, Verb
from jobs.store import JobStore, add_job, move, stored_report
from jobs.submission import Submissions
from jobs.workers import Workers

DEADLINE_S = 10.0


@pytest.fixture
def anyio_backend():
    return "asyncio"


async def until(condition: Callable[[], Any]) -> Any:
    """Wait until a condition holds, and give its value; fails after the deadline."""
    async with asyncio.timeout(DEADLINE_S):
        while not (value := condition()):  # noqa: ASYNC110 - a condition has no event
            await asyncio.sleep(0.005)
        return value


@pytest.fixture(name="until")
def _until():
    return until


def _label(text: str) -> Label:
    return Label(fr=f"{text} (fr)", en=text)


LASER = Machine(
    id="laser",
    name=_label("Laser"),
    kind=MachineKind.LASER,
    driver="grbl",
    dialect="grbl-1.1",
    port="/dev/laser",
    bed_mm=(600.0, 400.0, 0.0),
    laser=LaserLimits(tube_w=60.0),
    checklist=(
        CheckItem(id="air", label=_label("The extraction runs")),
        CheckItem(id="lid", label=_label("The lid is closed")),
    ),
)
PRINTER = Machine(
    id="printer",
    name=_label("Printer"),
    kind=MachineKind.PRINTER,
    driver="marlin",
    dialect="marlin-2",
    port="/dev/printer",
    bed_mm=(220.0, 220.0, 250.0),
    printer=PrinterLimits(max_nozzle_c=260.0, max_bed_c=100.0),
)
SETTINGS = Settings(
    checks=CheckSettings(workers=2, wall_s=20.0),
    machines={"laser": LASER, "printer": PRINTER},
    materials={
        "plywood-3": Material(id="plywood-3", name=_label("Plywood"), thickness_mm=3.0),
        "pvc-3": Material(
            id="pvc-3",
            name=_label("PVC"),
            thickness_mm=3.0,
            is_forbidden=True,
            reason=_label("It gives off chlorine."),
        ),
    },
)


@dataclass
class Lab:
    """Everything below the pages, on disk in a folder of its own."""

    folder: Path
    clock: ManualClock
    database: Database
    blobs: BlobStore
    settings: Settings
    people: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.jobs = JobStore(self.database)
        self.desk = Desk(self.database, self.jobs, self.clock)

    def add_people(self) -> None:
        now = self.clock.now()
        roles = [("awa", Role.TRAINEE), ("ben", Role.TRAINEE), ("chloe", Role.TRAINER),
                 ("dora", Role.MANAGER)]  # fmt: skip

        def act(tables):
            return {
                name: add_person(
                    tables, name=name, role=role, language="fr", pin_hash="x", at=now,
                    actor=journal.HUB,
                )
                for name, role in roles
            }  # fmt: skip

        ids = self.database.write_now(act)
        self.people = {name: read_person(self.database, id_) for name, id_ in ids.items()}
        for name in ("awa", "chloe", "dora"):
            for machine_id in self.settings.machines:
                self.authorise(name, machine_id)

    def authorise(self, name: str, machine_id: str) -> None:
        by = self.people["dora"].id
        self.database.write_now(
            lambda tables: authorise(
                tables, self.people[name].id, machine_id, by, self.clock.now()
            )
        )  # fmt: skip

    def add_job(
        self,
        owner: str = "awa",
        machine_id: str = "laser",
        verdict: Verdict = Verdict.ACCEPTED,
        duration_s: float = 600.0,
        program: bytes = b"G1 X1 F100\nM5\n",
    ) -> str:
        """Write a job whose check has just ended; gives its id."""
        self.clock.advance(0.01)
        now, blob = self.clock.now(), self.blobs.keep([program])
        file = CheckedFile(
            name="part.gcode", sha256=blob.sha256, bytes=blob.bytes, kind=FileKind.GCODE,
            dialect="grbl-1.1",
        )  # fmt: skip
        report = Report(
            file=file, verdict=verdict, findings=(), facts=Facts(duration_s=duration_s),
            program_sha256=blob.sha256, program_lines=2,
        )  # fmt: skip
        verb = {
            Verdict.ACCEPTED: Verb.ACCEPT,
            Verdict.NEEDS_APPROVAL: Verb.ASK,
            Verdict.REFUSED: Verb.REFUSE,
        }[verdict]

        def act(tables):
            register(tables, blob, "text/x-gcode", now)
            id_ = add_job(
                tables, owner_id=self.people[owner].id, machine_id=machine_id,
                material_id=None, project_id=None, title="part", file_name="part.gcode",
                file_sha256=blob.sha256, options={}, at=now,
            )  # fmt: skip
            changes = {"report": stored_report(report), "program_sha256": blob.sha256}
            if verb is Verb.ACCEPT:
                changes["queued_at"] = utc_text(now)
            move(tables, id_, verb, Actor.CHECKER, who="checker", at=now, changes=changes)
            return id_

        return self.database.write_now(act)

    def state(self, job_id: str) -> State:
        return self.jobs.read(job_id).state

    def verbs(self, subject: str) -> list[str]:
        return [entry.verb for entry in journal.read_about(self.database, subject)]


@pytest.fixture
def lab() -> Iterator[Lab]:
    # A socket's path holds 107 bytes at most (unix(7)): pytest's own folders may be too deep.
    folder = Path(tempfile.mkdtemp(prefix="lab-"))
    clock = ManualClock()
    database = Database(folder / "hub.db")
    migrate(database, clock.now(), folder / "backups")
    lab = Lab(folder, clock, database, BlobStore(folder / "blobs"), SETTINGS)
    lab.add_people()
    yield lab
    assert journal.verify(database) > 0
    database.close()
    shutil.rmtree(folder)


class Peer:
    """An agent that does as the test says: speaks `core.messages`, and outlives every hub."""

    def __init__(self, machine_id: str, path: Path) -> None:
        self.machine_id = machine_id
        self.path = path
        self.protocol = PROTOCOL
        self.state = MachineState.IDLE
        self.run_id: str | None = None
        self.job_id = ""
        self.spool_id = "spool-1"
        self.spool: list[RunEvent] = []
        self.heard: list[Any] = []
        self.hellos = 0
        self._seq = itertools.count(1)
        self._writers: list[asyncio.StreamWriter] = []
        self._server: asyncio.Server | None = None

    async def listen(self) -> None:
        self._server = await asyncio.start_unix_server(self._serve, str(self.path))

    async def close(self) -> None:
        """Die: hang up, and answer nobody any more."""
        if self._server:
            self._server.close()
        self.hang_up()
        self.path.unlink(missing_ok=True)

    def hang_up(self) -> None:
        for writer in self._writers:
            writer.close()
        self._writers.clear()

    async def expect(self, kind: type) -> Any:
        """Wait for the next message of a kind; it is taken out of what was heard."""
        message = await until(lambda: next((m for m in self.heard if isinstance(m, kind)), None))
        self.heard.remove(message)
        return message

    def tell(self, kind: RunEventKind, reason: str = "", **facts: Any) -> RunEvent:
        """Add a line to the run's story, and send it if somebody listens."""
        event = RunEvent(
            spool_id=self.spool_id, seq=next(self._seq), run_id=self.run_id, job_id=self.job_id,
            kind=kind, at="2026-11-23T10:00:00.000Z", reason=reason, **facts,
        )  # fmt: skip
        self.spool.append(event)
        self.send(event)
        return event

    def report(self, state: MachineState, fraction: float = 0.0) -> None:
        self.state = state
        status = MachineStatus(state=state, fraction=fraction)
        self.send(StatusReport(status=status, run_id=self.run_id))

    def send(self, message: Any) -> None:
        self.send_bytes(encode(message))

    def send_bytes(self, line: bytes) -> None:
        for writer in self._writers:
            writer.write(line)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                self._heed(decode(line), writer)
        except ConnectionError:
            pass
        finally:
            writer.close()
            if writer in self._writers:
                self._writers.remove(writer)

    def _heed(self, message: Any, writer: asyncio.StreamWriter) -> None:
        match message:
            case Hello():
                self.hellos += 1
                self._writers.append(writer)
                self._greet(writer)
            case Acknowledge():
                self.spool = [event for event in self.spool if event.seq > message.seq]
            case StartRun():
                self.run_id, self.job_id = message.run_id, message.job_id
        self.heard.append(message)

    def _greet(self, writer: asyncio.StreamWriter) -> None:
        writer.write(
            encode(
                Welcome(
                    protocol=self.protocol, machine_id=self.machine_id, identity="scripted",
                    pid=1, spool_id=self.spool_id, run_id=self.run_id,
                )
            )
        )  # fmt: skip
        for event in self.spool:
            writer.write(encode(event))
        status = MachineStatus(state=self.state)
        writer.write(encode(StatusReport(status=status, run_id=self.run_id)))


@pytest.fixture
async def new_peer(lab: Lab) -> AsyncIterator[Callable[..., Any]]:
    peers: list[Peer] = []

    async def make(machine_id: str = "laser", *, is_listening: bool = True) -> Peer:
        peer = Peer(machine_id, lab.folder / f"{machine_id}.sock")
        if is_listening:
            await peer.listen()
        peers.append(peer)
        return peer

    yield make
    for peer in peers:
        await peer.close()


@dataclass
class Hub:
    """A runner and its links, as one process has them."""

    runner: Runner
    agents: Agents
    spawned: list[str]

    async def close(self) -> None:
        await self.runner.close()
        await self.agents.close()

    async def kill(self) -> None:
        """End every task at once; nothing is finished, as after a SIGKILL."""
        mine = {
            task
            for task in asyncio.all_tasks()
            if task.get_name().startswith(("runner:", "agent-link:"))
        }
        for task in mine:
            task.cancel()
        await asyncio.wait(mine)


@pytest.fixture
async def new_hub(lab: Lab) -> AsyncIterator[Callable[..., Any]]:
    hubs: list[Hub] = []

    async def make(*, is_started: bool = True) -> Hub:
        spawned: list[str] = []

        async def spawn(machine_id: str) -> None:
            spawned.append(machine_id)

        machines = {"laser": LASER}
        agents = Agents(machines, lambda id_: lab.folder / f"{id_}.sock", spawn, lab.clock)
        settings = Settings(machines=machines)
        runner = Runner(lab.database, lab.jobs, agents, settings, lab.blobs, lab.clock)
        hub = Hub(runner, agents, spawned)
        hubs.append(hub)
        if is_started:
            await runner.start()
        return hub

    yield make
    for hub in hubs:
        await hub.close()


CHECKER = """
import hashlib, json, os, pathlib, sys

for line in sys.stdin:
    ask = json.loads(line)
    data = pathlib.Path(ask["path"]).read_bytes()
    word = ask["options"].get("say") or data.split()[0].decode()
    if word == "die":
        os._exit(3)
    if word == "wait":
        sys.stdin.readline()
    verdict = {"ask": "needs_approval", "refuse": "refused"}.get(word, "accepted")
    folder = pathlib.Path(ask["folder"])
    program, picture, sha256 = None, folder / "part.svg", None
    picture.write_text("<svg/>")
    if verdict != "refused":
        program = folder / "program.gcode"
        program.write_bytes(b"; " + data)
        sha256 = hashlib.sha256(program.read_bytes()).hexdigest()
    if word == "lie":
        sha256 = "0" * 64
    if word == "forget":
        program = None
    report = {
        "file": {"name": "x" * 1_000_000 if word == "big" else ask["name"],
                  "sha256": hashlib.sha256(data).hexdigest(),
                 "bytes": len(data), "kind": "gcode", "dialect": "grbl-1.1"},
        "verdict": verdict, "findings": [], "facts": {"duration_s": 60.0},
        "program": {"sha256": sha256, "lines": 1},
    }
    answer = {"report": report, "program": str(program) if program else None,
              "picture": str(picture)}
    print(json.dumps(answer), flush=True)
"""


@pytest.fixture
async def new_submissions(lab: Lab) -> AsyncIterator[Callable[[], Submissions]]:
    """Submissions over the real pool; its worker is scripted by the first word of the file."""
    script = lab.folder / "checker.py"
    script.write_text(CHECKER)
    made: list[tuple[Submissions, Workers]] = []

    def make() -> Submissions:
        workers = Workers([sys.executable, str(script)], lab.settings.checks, lab.folder / "check")
        calibrations = Calibrations(lab.database, lab.settings, lab.clock)
        submissions = Submissions(
            lab.database, lab.blobs, lab.jobs, lab.settings, workers, calibrations, lab.clock
        )  # fmt: skip
        made.append((submissions, workers))
        return submissions

    yield make
    for submissions, workers in made:
        await submissions.close()
        await workers.close()


@pytest.fixture
def encode_line() -> Callable[[dict[str, Any]], bytes]:
    return lambda body: json.dumps(body).encode() + b"\n"
