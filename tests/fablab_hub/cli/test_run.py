"""`fablab-hub run`: one file on one machine, from a terminal."""

import subprocess

import pytest

from drivers.simulation.pty_board import read_state
from fablab_hub.cli.commands import own_command
from tests.journeys.conftest import wait_for

SQUARE = b"G21\nG90\nM4\nG0 X10 Y10\nG1 X30 F3000 S300\nG1 Y30\nG1 X10\nG1 Y10\nM5 S0\n"


@pytest.fixture
def port(tmp_path):
    """A simulated laser on a port of its own."""
    board = subprocess.Popen(
        own_command("simulate", "--machine", "laser", "--data", str(tmp_path), "--speed-up", "20")
    )
    link = tmp_path / "run" / "laser.tty"
    wait_for("the port is there", link.exists, 20)
    yield link
    board.terminate()
    board.wait(10)


def test_a_file_runs_to_its_end_and_the_beam_is_off(run, tmp_path, port):
    (tmp_path / "carre.gcode").write_bytes(SQUARE)
    done = run(
        "run", tmp_path / "carre.gcode", "--machine", "laser", "--material", "plywood-3",
        "--port", port, "--yes",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Grbl" in done.stdout
    assert "Done." in done.stdout
    state = read_state(port)
    assert state["beam"] == 0
    assert state["state"] == "Idle"
    assert state["lines"] > 5


def test_a_refused_file_never_reaches_the_machine(run, tmp_path, port):
    (tmp_path / "loin.gcode").write_bytes(SQUARE.replace(b"X30", b"X9000"))
    done = run("run", tmp_path / "loin.gcode", "--machine", "laser", "--port", port, "--yes")
    assert done.returncode == 1
    assert read_state(port)["lines"] == 0


def test_nothing_starts_without_a_yes(run, tmp_path, port):
    (tmp_path / "carre.gcode").write_bytes(SQUARE)
    done = run(
        "run", tmp_path / "carre.gcode", "--machine", "laser", "--material", "plywood-3",
        "--port", port, typed="n\n",
    )  # fmt: skip
    assert done.returncode == 3
    assert read_state(port)["lines"] == 0


def test_a_port_that_is_not_there_is_told_plainly(run, tmp_path):
    (tmp_path / "carre.gcode").write_bytes(SQUARE)
    done = run(
        "run", tmp_path / "carre.gcode", "--machine", "laser", "--material", "plywood-3",
        "--port", tmp_path / "nowhere", "--yes",
    )  # fmt: skip
    assert done.returncode == 2
    assert "cable" in done.stderr
