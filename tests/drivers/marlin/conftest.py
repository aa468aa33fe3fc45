"""Simulated printers: called directly, or on a pseudo-terminal with a thread of their own."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from drivers.marlin.dialogue import Patience
from drivers.marlin.driver import MarlinDriver, Timing
from drivers.marlin.firmware import Faults, MarlinFirmware
from drivers.marlin.firmware_commands import Build
from drivers.simulation.board import Board
from drivers.simulation.pty_board import PtyBoard
from drivers.transport import SerialTransport
from fablab_hub.core.clock import SystemClock
from fablab_hub.core.machines import Label, Machine, MachineKind, PrinterLimits

SHORT = Timing(
    greet_s=3.0,
    try_s=0.4,
    busy_s=20.0,
    stop_s=4.0,
    ask_s=1.0,
    patience=Patience(probe_s=0.4, resend_ok_s=0.2, silent_s=1.5, long_s=20.0),
)
"""A driver that waits less than with a real board; the simulated one runs faster as well."""


def make_printer(port: str) -> Machine:
    return Machine(
        id="prusa",
        name=Label("Prusa", "Prusa"),
        kind=MachineKind.PRINTER,
        driver="marlin",
        dialect="marlin",
        port=port,
        bed_mm=(250, 210, 210),
        printer=PrinterLimits(max_nozzle_c=285, max_bed_c=110),
    )


@dataclass
class Plugged:
    """A simulated printer on a port, and an eye at the machine."""

    board: Board
    port: str
    unplug: Callable[[], None]

    @property
    def state(self) -> dict[str, Any]:
        return self.board.state()

    def driver(self, timing: Timing = SHORT) -> MarlinDriver:
        machine = make_printer(self.port)
        return MarlinDriver(machine, SystemClock(), SerialTransport(self.port, 115_200), timing)


Plug = Callable[..., Plugged]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def plug(tmp_path: Path) -> Iterator[Plug]:
    """Plug in printers; each ends with the test."""
    ends: list[Callable[[], None]] = []

    def plug_in(
        faults: Faults | None = None,
        *,
        build: Build | None = None,
        board: Board | None = None,
        speed_up: float = 20.0,
        resets_on_open: bool = False,
    ) -> Plugged:
        board = board or MarlinFirmware(build, faults)
        link = tmp_path / f"printer{len(ends)}.tty"
        played = PtyBoard(board, link, speed_up=speed_up, resets_on_open=resets_on_open)
        thread = threading.Thread(target=played.serve)
        thread.start()

        def unplug() -> None:
            played.end()
            thread.join()

        ends.append(unplug)
        return Plugged(board, str(link), unplug)

    yield plug_in
    for end in ends:
        end()
