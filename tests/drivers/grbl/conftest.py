"""Simulated lasers: called directly, or on a pseudo-terminal with a thread of their own."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from drivers.grbl.driver import LOST_ANSWER_S, GrblDriver
from drivers.grbl.firmware import GrblBoard
from drivers.grbl.firmware_faults import Faults
from drivers.simulation.pty_board import PtyBoard, read_state
from drivers.transport import SerialTransport
from fablab_hub.core.clock import SystemClock
from fablab_hub.core.machines import Label, LaserLimits, Machine, MachineKind


@dataclass
class Bench:
    """A board without a port: bytes and time by hand."""

    board: GrblBoard
    now_s: float = 0.0

    def __post_init__(self) -> None:
        self.greeting = self.board.power_on(self.now_s).decode("latin-1")

    def send(self, data: str | bytes) -> str:
        """Send bytes; gives what the board says at once, without its carriage returns."""
        raw = data if isinstance(data, bytes) else data.encode("latin-1")
        return self.board.receive(raw, self.now_s).decode("latin-1").replace("\r", "")

    def line(self, text: str) -> str:
        return self.send(text + "\n").strip()

    def wait(self, seconds: float) -> str:
        """Let time pass in small steps; gives what the board says meanwhile."""
        end_s, said = self.now_s + seconds, b""
        while self.now_s < end_s:
            self.now_s = min(end_s, self.now_s + 0.01)
            said += self.board.tick(self.now_s)
        return said.decode("latin-1").replace("\r", "").strip()

    def finish(self, within_s: float = 600.0) -> tuple[float, str]:
        """Wait until nothing moves; gives the seconds that it took, and what was said."""
        began_s, said = self.now_s, ""
        while self.state == "Run":
            assert self.now_s - began_s < within_s
            said += self.wait(0.01)
        return self.now_s - began_s, said

    @property
    def state(self) -> str:
        return str(self.board.state()["state"])

    @property
    def beam(self) -> float:
        return self.board.beam()

    @property
    def at_mm(self) -> list[float]:
        return list(self.board.state()["position_mm"])


@pytest.fixture
def bench() -> Callable[..., Bench]:
    def make(**settings: Any) -> Bench:
        return Bench(GrblBoard(**settings))

    return make


def make_laser(port: str, **other: Any) -> Machine:
    facts: dict[str, Any] = {
        "id": "laser",
        "name": Label("Laser", "Laser"),
        "kind": MachineKind.LASER,
        "driver": "grbl",
        "dialect": "grbl",
        "port": port,
        "bed_mm": (600, 400, 0),
        "max_feed_mm_min": 15_000,
        "laser": LaserLimits(tube_w=60),
    }
    return Machine(**(facts | other))


@dataclass
class Plugged:
    """A simulated laser on a port, and an eye at the machine."""

    board: GrblBoard
    link: Path
    unplug: Callable[[], None]

    @property
    def state(self) -> dict[str, Any]:
        """What the file beside the port shows, as another process would read it."""
        return read_state(self.link) or {}

    def driver(self, *, lost_answer_s: float = LOST_ANSWER_S, **other: Any) -> GrblDriver:
        machine = make_laser(str(self.link), **other)
        transport = SerialTransport(machine.port, machine.baud)
        return GrblDriver(machine, transport, SystemClock(), lost_answer_s=lost_answer_s)


Plug = Callable[..., Plugged]


@pytest.fixture
def plug(tmp_path: Path) -> Iterator[Plug]:
    """Plug in lasers; each ends with the test."""
    ends: list[Callable[[], None]] = []

    def plug_in(
        faults: Faults | None = None,
        *,
        kind: type[GrblBoard] = GrblBoard,
        speed_up: float = 4.0,
        resets_on_open: bool = False,
        **board_facts: Any,
    ) -> Plugged:
        board = kind(faults=faults, **board_facts)
        link = tmp_path / f"laser{len(ends)}.tty"
        played = PtyBoard(board, link, speed_up=speed_up, resets_on_open=resets_on_open)
        thread = threading.Thread(target=played.serve)
        thread.start()

        def unplug() -> None:
            played.end()
            thread.join()

        ends.append(unplug)
        return Plugged(board, link, unplug)

    yield plug_in
    for end in ends:
        end()
