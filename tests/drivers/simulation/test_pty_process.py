"""A simulated board on a pseudo-terminal, in a process of its own, as any host program sees it."""

import json
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import serial

from drivers.grbl.firmware import GrblBoard
from drivers.simulation.pty_board import (
    LinkTakenError,
    PtyBoard,
    is_served,
    read_state,
    state_path,
)

SCRIPT = """
import sys
from pathlib import Path
from drivers.grbl.firmware import GrblBoard
from drivers.simulation.pty_board import run_board
options = eval(sys.argv[2])
run_board(GrblBoard(boot_s=options.pop("boot_s", 0.0)), Path(sys.argv[1]), **options)
"""
Play = Callable[..., subprocess.Popen[bytes]]


def wait_for(is_so: Callable[[], object], within_s: float = 15.0) -> None:
    end_s = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < end_s
        time.sleep(0.01)


@pytest.fixture
def link(tmp_path: Path) -> Path:
    return tmp_path / "laser.tty"


@pytest.fixture
def play(link: Path) -> Iterator[Play]:
    """Play a GRBL board in a process of its own."""
    playing: list[subprocess.Popen[bytes]] = []

    def start(**options: object) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", SCRIPT, str(link), repr(options)]
        playing.append(subprocess.Popen(command, stderr=subprocess.PIPE))
        return playing[-1]

    yield start
    for process in playing:
        process.terminate()
        process.communicate(timeout=10)


def open_port(link: Path, **options: object) -> serial.Serial:
    wait_for(link.exists)
    return serial.Serial(str(link), 115_200, timeout=2.0, exclusive=True, **options)


def test_a_plain_serial_program_speaks_to_it(play, link):
    play()
    with open_port(link) as port:
        port.write(b"?")
        assert port.readline().startswith(b"<Idle|MPos:0.000")
        port.write(b"$I\nG91\nG1X1F600\n")
        assert [port.readline() for _ in range(5)][-3:] == [b"ok\r\n"] * 3


def test_the_port_is_opened_and_closed_again_and_again_and_the_work_goes_on(play, link):
    play(speed_up=20.0)
    for turn in range(1, 4):
        with open_port(link) as port:
            port.write(b"G91\nG1X100F6000\n")
            assert port.readline() == b"ok\r\n"
            assert port.readline() == b"ok\r\n"
        wait_for(lambda end=100.0 * turn: (read_state(link) or {})["position_mm"][0] == end)


def test_a_beam_goes_on_when_the_cable_is_pulled_in_mid_cut(play, link):
    play(speed_up=2.0)
    with open_port(link) as port:
        port.write(b"G91\nM4S500\nG1X100F6000\n")
        wait_for(lambda: (read_state(link) or {}).get("beam") == 0.5)
    wait_for(lambda: (read_state(link) or {})["position_mm"][0] > 50)
    assert (read_state(link) or {})["beam"] == 0.5
    wait_for(lambda: (read_state(link) or {})["position_mm"][0] == 100)
    # Between two looks the board may say where it is before it says that its beam went out.
    wait_for(lambda: (read_state(link) or {})["beam"] == 0)


def test_opening_resets_a_board_that_is_wired_so(play, link):
    play(resets_on_open=True, boot_s=0.2)
    for _ in range(2):
        with open_port(link) as port:
            assert port.readline() == b"\r\n"
            assert port.readline().startswith(b"Grbl 1.1h")
            port.write(b"G91\nG0X5\n")
            assert port.readline() == b"ok\r\n"
        wait_for(lambda: not (read_state(link) or {})["is_open"])


def test_what_it_says_to_nobody_is_lost(play, link):
    play()
    with open_port(link) as port:
        port.write(b"G4P0.3\n")
    wait_for(lambda: (read_state(link) or {}).get("lines") == 1)
    time.sleep(0.5)  # nothing can be seen of an ok that goes nowhere
    with open_port(link) as port:
        port.timeout = 0.2
        assert port.readline() == b""


def test_motion_is_faster_by_the_factor_that_was_asked_for(play, link):
    play(speed_up=10.0)
    with open_port(link) as port:
        port.write(b"G91\nG1X100F1200\nM5\nG4P0\n")  # 5 s
        began_s = time.monotonic()
        assert [port.readline() for _ in range(4)] == [b"ok\r\n"] * 4
        assert 0.45 < time.monotonic() - began_s < 3.0


def test_a_paced_line_is_as_slow_as_its_speed(play, link):
    play(baud=9600)
    with open_port(link) as port:
        began_s = time.monotonic()
        port.write(b"(" + b"x" * 94 + b")\n")
        assert port.readline() == b"ok\r\n"
        assert time.monotonic() - began_s > 96 / 960


def test_it_shows_its_state_as_whole_json_and_who_it_is(play, link):
    process = play()
    wait_for(lambda: read_state(link))
    state = json.loads(state_path(link).read_text())
    assert state["pid"] == process.pid
    assert (state["state"], state["beam"], state["overflows"]) == ("Idle", 0, 0)


def test_two_boards_never_serve_one_link(play, link):
    play()
    wait_for(link.exists)
    target = link.readlink()
    with pytest.raises(LinkTakenError):
        PtyBoard(GrblBoard(), link)
    assert is_served(link)
    assert link.readlink() == target
    with open_port(link) as port:
        port.write(b"?")
        assert port.readline().startswith(b"<Idle")


def test_a_stale_link_is_replaced(play, link):
    link.symlink_to("/dev/pts/99999")
    assert not is_served(link)
    play()
    wait_for(lambda: link.exists() and stat.S_ISCHR(link.stat().st_mode))
    with open_port(link) as port:
        port.write(b"?")
        assert port.readline().startswith(b"<Idle")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_it_is_told_to_and_leaves_no_port_behind(play, link, number):
    process = play()
    port = open_port(link)
    process.send_signal(number)
    assert process.wait(5) == 0
    assert not link.is_symlink()
    assert read_state(link) is None
    assert not is_served(link)
    with pytest.raises((serial.SerialException, OSError)):
        while True:
            port.write(b"?")
            assert port.read(1) == b""
    port.close()


def test_it_ends_by_itself_when_nobody_comes_and_not_while_somebody_is_there(play, link):
    process = play(idle_exit_s=0.5)
    with open_port(link) as port:
        time.sleep(1.0)  # longer than it may be alone
        assert process.poll() is None
        port.write(b"?")
        assert port.readline().startswith(b"<Idle")
    assert process.wait(5) == 0


def test_a_killed_board_frees_its_link(play, link):
    process = play()
    wait_for(link.exists)
    process.kill()
    process.wait(5)
    assert not is_served(link)
    play()
    wait_for(lambda: (read_state(link) or {}).get("pid") not in (None, process.pid))
    with open_port(link) as port:
        port.write(b"?")
        assert port.readline().startswith(b"<Idle")
