"""The agent on its real socket, with real drivers and simulated boards on pseudo-terminals."""

import asyncio
import contextlib
import hashlib
import os
import pickle
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from drivers.agent import serve_agent
from drivers.grbl.firmware import GrblBoard
from drivers.marlin.firmware import Faults, MarlinFirmware
from drivers.marlin.firmware_commands import Build
from drivers.protocol import Capabilities, Driver
from drivers.registry import make_driver
from drivers.simulation.board import Board
from drivers.simulation.pty_board import PtyBoard
from drivers.spool import Spool
from fablab_hub.core.clock import SystemClock
from fablab_hub.core.errors import DriverError, TransportError
from fablab_hub.core.ids import JobId, RunId
from fablab_hub.core.machines import (
    Label,
    LaserLimits,
    Machine,
    MachineKind,
    MachineState,
    PrinterLimits,
)
from fablab_hub.core.messages import (
    PROTOCOL,
    Acknowledge,
    Heartbeat,
    Hello,
    Hold,
    Quit,
    Refused,
    Resume,
    RunEvent,
    RunEventKind,
    StartRun,
    StatusReport,
    Stop,
    Welcome,
    decode,
    encode,
)

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]
LONG_CUT = ("G21", "G90", "M4 S0", *("G1 X200 F3000 S500", "G1 X0") * 10, "M5 S0")
SHORT_CUT = ("G21", "G90", "M4 S0", "G1 X10 F6000 S500", "G1 X0", "M5 S0")
LONG_PRINT = ("G91", *("G1 X100 F6000", "G1 X-100") * 4)
SHORT_PRINT = ("G91", "G1 X5 F6000")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@dataclass
class Hub:
    """A hub of a few lines: speaks real messages on the real socket."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    heard: list[Any] = field(default_factory=list)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

    @classmethod
    async def come(cls, socket_path: Path, *, beats: bool = True) -> "Hub":
        reader, writer = await asyncio.open_unix_connection(str(socket_path))
        hub = cls(reader, writer)
        hub.send(Hello())
        hub.tasks.append(asyncio.create_task(hub._listen()))
        if beats:
            hub.tasks.append(asyncio.create_task(hub._beat()))
        await hub.until(lambda: hub.every(Welcome))
        return hub

    def send(self, message: Any) -> None:
        self.writer.write(encode(message))

    def every(self, kind: type) -> list[Any]:
        return [message for message in self.heard if isinstance(message, kind)]

    @property
    def story(self) -> list[tuple[RunEventKind, str]]:
        return [(event.kind, event.reason) for event in self.every(RunEvent)]

    @property
    def kinds(self) -> list[RunEventKind]:
        return [event.kind for event in self.every(RunEvent)]

    @property
    def state(self) -> MachineState | None:
        reports = self.every(StatusReport)
        return reports[-1].status.state if reports else None

    async def until(self, is_so: Callable[[], Any], within_s: float = 15.0) -> None:
        await until(is_so, within_s)

    async def leave(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.writer.close()
        with contextlib.suppress(OSError):
            await self.writer.wait_closed()

    async def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while line := await self.reader.readline():
                self.heard.append(decode(line))

    async def _beat(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self.send(Heartbeat())
                await self.writer.drain()
                await asyncio.sleep(0.2)


async def until(is_so: Callable[[], Any], within_s: float = 15.0) -> None:
    async with asyncio.timeout(within_s):
        while not is_so():  # noqa: ASYNC110 - nothing tells when it is so
            await asyncio.sleep(0.01)


@dataclass
class Place:
    """A machine, its simulated board, and where its agent lives."""

    machine: Machine
    board: Board
    folder: Path
    unplug: Callable[[], None]

    @property
    def socket(self) -> Path:
        return self.folder / "run" / f"{self.machine.id}.sock"

    @property
    def spool(self) -> Path:
        return self.folder / "agents"

    def serve(self, driver: Driver | None = None, idle_exit_s: float = 60.0) -> Any:
        clock = SystemClock()
        driver = driver or make_driver(self.machine, clock)
        return serve_agent(self.machine, driver, self.socket, self.spool, clock, idle_exit_s)

    @contextlib.asynccontextmanager
    async def agent(self, driver: Driver | None = None):
        task = asyncio.create_task(self.serve(driver))
        try:
            await until(lambda: self.socket.exists() or task.done())
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def start_run(self, lines: tuple[str, ...], run_id: str = "RUN1") -> StartRun:
        data = "".join(f"{line}\n" for line in lines).encode()
        path = self.folder / f"{run_id}.gcode"
        path.write_bytes(data)
        return StartRun(
            run_id=RunId(run_id),
            job_id=JobId(f"JOB-{run_id}"),
            program_path=str(path),
            program_sha256=hashlib.sha256(data).hexdigest(),
            lines=len(lines),
            duration_s=1.0,
        )


@pytest.fixture
def places(tmp_path: Path) -> Iterator[Callable[..., Place]]:
    ends: list[Callable[[], None]] = []

    def make(machine: Machine, board: Board, speed_up: float) -> Place:
        (tmp_path / "run").mkdir(exist_ok=True)
        played = PtyBoard(board, Path(machine.port), speed_up=speed_up)
        thread = threading.Thread(target=played.serve)
        thread.start()

        def unplug() -> None:
            played.end()
            thread.join()

        ends.append(unplug)
        return Place(machine, board, tmp_path, unplug)

    yield make
    for end in ends:
        end()


@pytest.fixture
def laser(places, tmp_path) -> Place:
    machine = Machine(
        id="laser",
        name=Label("Laser", "Laser"),
        kind=MachineKind.LASER,
        driver="grbl",
        dialect="grbl",
        port=str(tmp_path / "run" / "laser.tty"),
        bed_mm=(600, 400, 0),
        max_feed_mm_min=15_000,
        laser=LaserLimits(tube_w=60),
    )
    return places(machine, GrblBoard(), 1.0)


@pytest.fixture
def printers(places, tmp_path) -> Callable[..., Place]:
    def make(speed_up: float = 5.0, faults: Faults | None = None) -> Place:
        machine = Machine(
            id="prusa",
            name=Label("Prusa", "Prusa"),
            kind=MachineKind.PRINTER,
            driver="marlin",
            dialect="marlin",
            port=str(tmp_path / "run" / "prusa.tty"),
            bed_mm=(250, 210, 210),
            printer=PrinterLimits(max_nozzle_c=285, max_bed_c=110),
        )
        return places(machine, MarlinFirmware(Build(), faults), speed_up)

    return make


async def test_it_says_who_it_is_and_how_the_machine_is(laser):
    async with laser.agent():
        hub = await Hub.come(laser.socket)
        await hub.until(lambda: hub.state is MachineState.IDLE)
        welcome = hub.every(Welcome)[0]
        assert (welcome.protocol, welcome.machine_id, welcome.run_id) == (PROTOCOL, "laser", None)
        assert welcome.pid == os.getpid()
        assert stat.S_IMODE(laser.socket.stat().st_mode) == 0o600
        await hub.leave()


@pytest.mark.parametrize("kind", ["laser", "printer"])
async def test_a_run_is_told_from_its_start_to_its_end(kind, request):
    place = request.getfixturevalue("laser") if kind == "laser" else None
    place = place or request.getfixturevalue("printers")()
    lines = SHORT_CUT if kind == "laser" else SHORT_PRINT
    async with place.agent():
        hub = await Hub.come(place.socket)
        await hub.until(lambda: hub.state is MachineState.IDLE)
        hub.send(place.start_run(lines))
        await hub.until(lambda: RunEventKind.DONE in hub.kinds)
        started, done = hub.every(RunEvent)
        assert started.kind is RunEventKind.STARTED
        assert (started.seq, done.seq) == (1, 2)
        assert done.lines_done == len(lines)
        assert done.elapsed_s > 0
        assert not place.board.state()["is_moving"]
        await hub.until(lambda: hub.every(StatusReport)[-1].run_id is None)
        await hub.leave()


async def test_a_person_holds_and_goes_on(laser):
    async with laser.agent():
        hub = await Hub.come(laser.socket)
        await hub.until(lambda: hub.state is MachineState.IDLE)
        hub.send(laser.start_run(LONG_CUT[:7]))
        await hub.until(lambda: laser.board.state()["beam"] > 0)
        hub.send(Hold(reason="person"))
        await hub.until(lambda: hub.story[-1] == (RunEventKind.PAUSED, "person"))
        assert laser.board.state()["beam"] == 0
        assert not laser.board.state()["is_moving"]
        await hub.until(lambda: hub.state is MachineState.PAUSED)
        hub.send(Resume())
        await hub.until(lambda: hub.kinds[-1] is RunEventKind.RESUMED)
        hub.send(Stop(reason="person"))
        await hub.until(lambda: hub.story[-1] == (RunEventKind.STOPPED, "person"))
        assert laser.board.state()["beam"] == 0
        await hub.leave()


async def test_a_laser_is_held_within_a_second_of_the_hub_s_death(laser):
    async with laser.agent():
        hub = await Hub.come(laser.socket)
        await hub.until(lambda: hub.state is MachineState.IDLE)
        hub.send(laser.start_run(LONG_CUT))
        await hub.until(lambda: laser.board.state()["beam"] > 0)
        await hub.leave()
        died_s = time.monotonic()
        await until(lambda: laser.board.state()["beam"] == 0)
        await until(lambda: not laser.board.state()["is_moving"])
        assert time.monotonic() - died_s < 1.0
        await asyncio.sleep(0.3)
        assert laser.board.state()["beam"] == 0
        back = await Hub.come(laser.socket)
        await back.until(lambda: (RunEventKind.PAUSED, "heartbeat") in back.story)
        assert back.every(Welcome)[0].run_id == "RUN1"
        assert back.story[0][0] is RunEventKind.STARTED
        await asyncio.sleep(0.3)
        assert back.kinds == [RunEventKind.STARTED, RunEventKind.PAUSED]
        assert not laser.board.state()["is_moving"]
        back.send(Resume())
        await back.until(lambda: laser.board.state()["beam"] > 0)
        back.send(Stop(reason="person"))
        await back.until(lambda: back.kinds[-1] is RunEventKind.STOPPED)
        await back.leave()


async def test_a_laser_is_held_when_the_hub_is_frozen_but_still_connected(laser):
    async with laser.agent():
        hub = await Hub.come(laser.socket)
        await hub.until(lambda: hub.state is MachineState.IDLE)
        hub.send(laser.start_run(LONG_CUT))
        await hub.until(lambda: laser.board.state()["beam"] > 0)
        hub.tasks[1].cancel()
        frozen_s = time.monotonic()
        await until(lambda: laser.board.state()["beam"] == 0)
        assert time.monotonic() - frozen_s < 1.0
        await hub.until(lambda: hub.story[-1] == (RunEventKind.PAUSED, "heartbeat"))
        await hub.leave()


async def test_a_printer_goes_on_without_its_hub_and_tells_the_story_later(printers):
    printer = printers()
    async with printer.agent():
        hub = await Hub.come(printer.socket)
        await hub.until(lambda: hub.state is MachineState.IDLE)
        hub.send(printer.start_run(LONG_PRINT))
        await hub.until(lambda: hub.kinds == [RunEventKind.STARTED])
        started = hub.every(RunEvent)[0]
        hub.send(Acknowledge(spool_id=started.spool_id, seq=started.seq))
        await until(lambda: not (printer.spool / "spool.jsonl").read_bytes().count(b"started"))
        await hub.leave()
        await until(lambda: b"done" in (printer.spool / "spool.jsonl").read_bytes())
        assert printer.board.state()["moves"] == 8
        back = await Hub.come(printer.socket)
        await back.until(lambda: back.kinds == [RunEventKind.DONE])
        assert back.every(Welcome)[0].run_id == "RUN1"
        done = back.every(RunEvent)[0]
        assert (done.spool_id, done.seq) == (started.spool_id, 2)
        await back.leave()


async def test_unacknowledged_events_come_again_in_order_until_they_are_acknowledged(laser):
    async with laser.agent():
        hub = await Hub.come(laser.socket)
        await hub.until(lambda: hub.state is MachineState.IDLE)
        hub.send(laser.start_run(SHORT_CUT))
        await hub.until(lambda: RunEventKind.DONE in hub.kinds)
        await hub.leave()
        back = await Hub.come(laser.socket)
        await back.until(lambda: len(back.kinds) == 2)
        assert back.every(RunEvent) == hub.every(RunEvent)
        last = back.every(RunEvent)[-1]
        back.send(Acknowledge(spool_id=last.spool_id, seq=last.seq))
        await back.leave()
        await until(lambda: b"done" not in (laser.spool / "spool.jsonl").read_bytes())
        again = await Hub.come(laser.socket)
        await again.until(lambda: again.state is MachineState.IDLE)
        assert again.kinds == []
        assert again.every(Welcome)[0].run_id is None
        await again.leave()


async def test_a_new_hub_takes_the_place_of_the_old_one(laser):
    async with laser.agent():
        old = await Hub.come(laser.socket)
        new = await Hub.come(laser.socket)
        await until(old.tasks[0].done)
        await new.until(lambda: new.state is MachineState.IDLE)
        await old.leave()
        await new.leave()


async def test_a_program_whose_bytes_changed_is_refused(laser):
    async with laser.agent():
        hub = await Hub.come(laser.socket)
        await hub.until(lambda: hub.state is MachineState.IDLE)
        asked = laser.start_run(SHORT_CUT)
        laser.start_run(("G1 X500 F9000 S1000",))
        hub.send(asked)
        await hub.until(lambda: hub.every(Refused))
        assert hub.every(Refused)[0] == Refused(
            command="StartRun", code="program.changed", fields={"sha256": asked.program_sha256}
        )
        assert hub.kinds == []
        assert not laser.board.state()["is_moving"]
        await hub.leave()


async def test_a_second_run_is_refused_while_one_is_under_way(laser):
    async with laser.agent():
        hub = await Hub.come(laser.socket)
        await hub.until(lambda: hub.state is MachineState.IDLE)
        hub.send(laser.start_run(LONG_CUT))
        hub.send(laser.start_run(SHORT_CUT, "RUN2"))
        hub.send(Quit())
        await hub.until(lambda: len(hub.every(Refused)) == 2)
        assert [(r.command, r.code) for r in hub.every(Refused)] == [
            ("StartRun", "agent.busy"),
            ("Quit", "agent.busy"),
        ]
        hub.send(Stop(reason="person"))
        await hub.until(lambda: hub.kinds[-1:] == [RunEventKind.STOPPED] or len(hub.heard) > 99)
        await hub.leave()


async def test_a_stop_right_behind_a_start_wins(laser):
    async with laser.agent():
        hub = await Hub.come(laser.socket)
        await hub.until(lambda: hub.state is MachineState.IDLE)
        hub.send(laser.start_run(LONG_CUT))
        hub.send(Stop(reason="person"))
        await hub.until(lambda: hub.every(Refused))
        refused = hub.every(Refused)[0]
        assert (refused.command, refused.code) == ("StartRun", "agent.stopped-early")
        assert hub.kinds == []
        assert laser.board.state()["beam"] == 0
        await hub.leave()


async def test_what_cannot_be_done_is_refused_with_its_reason(laser):
    async with laser.agent():
        hub = await Hub.come(laser.socket)
        await hub.until(lambda: hub.state is MachineState.IDLE)
        hub.send(Hold(reason="person"))
        hub.send(Resume())
        await hub.until(lambda: len(hub.every(Refused)) == 2)
        assert {r.code for r in hub.every(Refused)} == {"agent.no-run"}
        await hub.leave()


async def test_a_machine_that_is_not_there_is_offline_and_found_when_it_comes(printers):
    printer = printers()
    printer.unplug()
    async with printer.agent():
        hub = await Hub.come(printer.socket)
        await hub.until(lambda: hub.every(StatusReport))
        status = hub.every(StatusReport)[-1].status
        assert (status.state, status.error_code) == (MachineState.OFFLINE, "driver.port-missing")
        hub.send(printer.start_run(SHORT_PRINT))
        await hub.until(lambda: hub.every(Refused))
        assert hub.every(Refused)[0].code == "driver.port-missing"
        played = PtyBoard(printer.board, Path(printer.machine.port))
        thread = threading.Thread(target=played.serve)
        thread.start()
        try:
            await hub.until(lambda: hub.state is MachineState.IDLE)
        finally:
            await hub.leave()
            played.end()
            thread.join()


async def test_a_pulled_cable_fails_the_run_and_keeps_the_last_words(printers):
    printer = printers()
    async with printer.agent():
        hub = await Hub.come(printer.socket)
        await hub.until(lambda: hub.state is MachineState.IDLE)
        hub.send(printer.start_run(LONG_PRINT))
        await hub.until(lambda: printer.board.state()["moves"] > 2)
        printer.unplug()
        await hub.until(lambda: RunEventKind.FAILED in hub.kinds)
        failed = hub.every(RunEvent)[-1]
        assert failed.reason == "driver.port-lost"
        assert failed.lines_done > 1
        assert "> N" in (printer.spool / "failed-RUN1.log").read_text()
        await hub.until(lambda: hub.state is MachineState.OFFLINE)
        await hub.leave()


async def test_a_halted_printer_is_an_alarm_that_refuses_to_start(printers):
    printer = printers(faults=Faults(runaway_at=10))
    async with printer.agent():
        hub = await Hub.come(printer.socket)
        await hub.until(lambda: hub.state is MachineState.IDLE)
        hub.send(printer.start_run(LONG_PRINT))
        await hub.until(lambda: (RunEventKind.FAILED, "marlin.thermal") in hub.story)
        assert "Thermal Runaway" in hub.every(RunEvent)[-1].fields["text"]
        await hub.until(lambda: hub.state is MachineState.ALARM)
        hub.send(printer.start_run(SHORT_PRINT, "RUN2"))
        await hub.until(lambda: hub.every(Refused))
        assert hub.every(Refused)[0].code == "marlin.thermal"
        await hub.leave()


async def test_a_second_agent_for_the_same_machine_is_refused(laser):
    async with laser.agent() as first:
        with pytest.raises(DriverError) as caught:
            await laser.serve()
        assert caught.value.code == "agent.already-runs"
        assert not first.done()
        hub = await Hub.come(laser.socket)
        await hub.until(lambda: hub.state is MachineState.IDLE)
        await hub.leave()


async def test_a_socket_that_was_left_behind_is_replaced(laser):
    laser.socket.touch()
    async with laser.agent():
        await until(laser.socket.is_socket)
        hub = await Hub.come(laser.socket)
        await hub.leave()


async def test_it_ends_by_itself_with_nothing_to_do_and_no_hub(laser):
    async with asyncio.timeout(10):
        await laser.serve(idle_exit_s=0.4)
    assert not laser.socket.exists()


async def test_it_stays_as_long_as_there_is_a_hub_and_ends_when_told(laser):
    task = asyncio.create_task(laser.serve(idle_exit_s=0.3))
    await until(laser.socket.exists)
    hub = await Hub.come(laser.socket)
    await hub.until(lambda: hub.state is MachineState.IDLE)
    await asyncio.sleep(0.6)
    assert not task.done()
    hub.send(Quit())
    async with asyncio.timeout(5):
        await task
    await hub.leave()


async def test_noise_on_the_socket_hurts_nobody(laser):
    async with laser.agent():
        hub = await Hub.come(laser.socket)
        for noise in (b"GET / HTTP/1.1\n", b"\x00" * 100_000, b'{"type":"Stop"}\n'):
            reader, writer = await asyncio.open_unix_connection(str(laser.socket))
            writer.write(noise)
            writer.write_eof()
            async with asyncio.timeout(5):
                assert await reader.read() == b""
            writer.close()
        await hub.until(lambda: hub.state is MachineState.IDLE)
        assert not hub.tasks[0].done()
        await hub.leave()


class Stubborn:
    """A real driver whose hold never succeeds, as a board that does not listen."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self.capabilities: Capabilities = driver.capabilities

    def __getattr__(self, name: str) -> Any:
        return getattr(self._driver, name)

    async def hold(self) -> None:
        raise TransportError("driver.beam-unknown", machine="laser")


async def test_what_cannot_be_held_is_stopped(laser):
    driver = Stubborn(make_driver(laser.machine, SystemClock()))
    async with laser.agent(driver):
        hub = await Hub.come(laser.socket)
        await hub.until(lambda: hub.state is MachineState.IDLE)
        hub.send(laser.start_run(LONG_CUT))
        await hub.until(lambda: laser.board.state()["beam"] > 0)
        await hub.leave()
        await until(lambda: laser.board.state()["beam"] == 0)
        back = await Hub.come(laser.socket)
        await back.until(lambda: (RunEventKind.FAILED, "driver.beam-unknown") in back.story)
        await back.leave()


class Broken(Stubborn):
    """A real driver with a mistake in it."""

    async def hold(self) -> None:
        await self._driver.hold()

    async def run(self, program: Any) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.5):
                await self._driver.run(program)
        raise ZeroDivisionError


async def test_a_mistake_in_the_program_holds_the_laser_and_fails_the_run(laser):
    driver = Broken(make_driver(laser.machine, SystemClock()))
    task = asyncio.create_task(laser.serve(driver))
    await until(laser.socket.exists)
    hub = await Hub.come(laser.socket)
    await hub.until(lambda: hub.state is MachineState.IDLE)
    hub.send(laser.start_run(LONG_CUT))
    with pytest.raises(ExceptionGroup):
        await task
    assert laser.board.state()["beam"] == 0
    assert not laser.board.state()["is_moving"]
    await hub.until(lambda: (RunEventKind.FAILED, "internal") in hub.story)
    await hub.leave()


PROCESS = """
import asyncio, pickle, sys
from pathlib import Path
from drivers.agent import serve_agent
from drivers.registry import make_driver
from fablab_hub.core.clock import SystemClock
machine, socket, spool = pickle.loads(bytes.fromhex(sys.argv[1]))
clock = SystemClock()
asyncio.run(serve_agent(machine, make_driver(machine, clock), socket, spool, clock))
"""


def start_process(place: Place) -> subprocess.Popen[bytes]:
    packed = pickle.dumps((place.machine, place.socket, place.spool)).hex()
    return subprocess.Popen([sys.executable, "-c", PROCESS, packed], cwd=ROOT)


async def come_when_there(place: Place) -> Hub:
    await until(place.socket.exists)
    while True:
        with contextlib.suppress(OSError):
            return await Hub.come(place.socket)
        await asyncio.sleep(0.05)


async def test_an_agent_that_was_killed_in_mid_run_reports_it_and_cools_the_printer(printers):
    printer = printers()
    process = start_process(printer)
    hub = await come_when_there(printer)
    await hub.until(lambda: hub.state is MachineState.IDLE)
    hub.send(printer.start_run(("M104 S200", *LONG_PRINT)))
    await hub.until(lambda: printer.board.state()["moves"] > 2)
    process.kill()
    process.wait()
    await hub.leave()
    assert printer.board.state()["nozzle_target_c"] == 200
    async with printer.agent():
        back = await come_when_there(printer)
        await back.until(lambda: (RunEventKind.FAILED, "agent-lost") in back.story)
        assert back.every(RunEvent)[-1].run_id == "RUN1"
        await back.until(lambda: back.state is MachineState.IDLE)
        assert printer.board.state()["nozzle_target_c"] == 0
        await back.leave()


async def test_an_agent_that_is_told_to_end_leaves_the_laser_dark(laser):
    process = start_process(laser)
    hub = await come_when_there(laser)
    await hub.until(lambda: hub.state is MachineState.IDLE)
    hub.send(laser.start_run(LONG_CUT))
    await hub.until(lambda: laser.board.state()["beam"] > 0)
    process.send_signal(signal.SIGTERM)
    await hub.until(lambda: (RunEventKind.FAILED, "agent-ended") in hub.story)
    await until(lambda: process.poll() is not None)
    assert process.returncode == 0
    assert laser.board.state()["beam"] == 0
    assert not laser.socket.exists()
    assert Spool(laser.spool).open_run is None
    await hub.leave()


def test_an_agent_loads_nothing_heavy():
    script = (
        "import sys, drivers.agent, drivers.registry, drivers.marlin.driver;"
        "print([m for m in ('numpy', 'cv2', 'fastapi', 'sqlite3', 'ezdxf') if m in sys.modules])"
    )
    said = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "[]"
