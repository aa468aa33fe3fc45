"""How much the driver costs: a raster of short lines, with the board in a process of its own."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.grbl.driver import make
from drivers.simulation.pty_board import read_state
from fablab_hub.core.clock import SystemClock
from fablab_hub.core.machines import Label, LaserLimits, Machine, MachineKind

pytestmark = pytest.mark.anyio

BOARD = """
import sys
from pathlib import Path
from drivers.grbl.firmware import GrblBoard
from drivers.simulation.pty_board import run_board
run_board(GrblBoard(), Path(sys.argv[1]), speed_up=100.0)
"""
LINES = 2000
RASTER = ["G21", "G91", "M4S0", "G1F12000", *(f"X0.1S{n % 1000}" for n in range(LINES)), "M5S0"]


@pytest.fixture
def link(tmp_path: Path) -> Iterator[Path]:
    """The port of a board in a process of its own."""
    link = tmp_path / "laser.tty"
    playing = subprocess.Popen([sys.executable, "-c", BOARD, str(link)])
    yield link
    playing.terminate()
    playing.wait(10)


async def test_two_thousand_short_lines_cost_little_and_all_arrive(link, write_program, until):
    await until(lambda: read_state(link))
    machine = Machine(
        id="laser",
        name=Label("Laser", "Laser"),
        kind=MachineKind.LASER,
        driver="grbl",
        dialect="grbl",
        port=str(link),
        bed_mm=(600, 400, 0),
        laser=LaserLimits(tube_w=60),
    )
    driver = make(machine, SystemClock())
    await driver.open()
    began_s = time.thread_time()
    await driver.run(write_program(*RASTER))
    cost_s = time.thread_time() - began_s
    await until(lambda: (read_state(link) or {})["position_mm"][0] == pytest.approx(LINES / 10))
    state = read_state(link) or {}
    await driver.close()
    assert (state["lines"], state["overflows"], state["beam"]) == (len(RASTER), 0, 0)
    assert cost_s / LINES < 2e-4, "a raster may ask for a thousand lines a second"
