"""A simulated board behind a port: there when it is on, one to a link, gone when it is off."""

import threading
import time

import pytest

from drivers.grbl.firmware import GrblBoard
from drivers.simulation.pty_board import LinkTakenError, PtyBoard, is_served, read_state


@pytest.fixture
def play():
    """Play boards in threads; each ends with the test."""
    ends = []

    def play(link, idle_exit_s=None, **options):
        played = PtyBoard(GrblBoard(), link, **options)
        thread = threading.Thread(target=played.serve, args=(idle_exit_s,))
        thread.start()
        ends.append((played, thread))
        return thread

    yield play
    for played, thread in ends:
        played.end()
        thread.join()


def _until(is_so, within_s=5):
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if found := is_so():
            return found
        time.sleep(0.01)
    raise AssertionError("not in time")


def test_the_port_and_what_an_eye_would_see_are_there(play, tmp_path):
    link = tmp_path / "laser.tty"
    play(link)
    assert link.is_symlink()
    state = _until(lambda: read_state(link))
    assert state["beam"] == 0
    assert state["pid"] > 0
    assert is_served(link)


def test_a_second_board_on_a_link_is_refused(play, tmp_path):
    play(tmp_path / "laser.tty")
    with pytest.raises(LinkTakenError):
        PtyBoard(GrblBoard(), tmp_path / "laser.tty")


def test_a_board_that_nobody_uses_ends_by_itself_and_leaves_nothing(play, tmp_path):
    link = tmp_path / "laser.tty"
    play(link, idle_exit_s=0.2).join(10)
    assert not link.is_symlink()
    assert read_state(link) is None
    assert not is_served(link)


def test_the_port_can_be_opened_again_and_again(play, tmp_path):
    link = tmp_path / "laser.tty"
    play(link)
    for _ in range(3):
        with link.open("r+b", buffering=0) as port:
            port.write(b"?")
            report = b""
            while not report.endswith(b">\r\n"):
                report += port.read(1)
            assert report.startswith(b"<Idle|")


def test_a_board_that_resets_when_it_is_opened_greets(play, tmp_path):
    link = tmp_path / "laser.tty"
    play(link, resets_on_open=True)
    with link.open("r+b", buffering=0) as port:
        heard = b""
        while b"Grbl 1.1h" not in heard:
            heard += port.read(1)
