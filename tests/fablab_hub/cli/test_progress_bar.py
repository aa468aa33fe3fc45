"""The bar of a long check: calm, honest, and gone when the report comes."""

import io
import os
import pty
import re
import select
import signal
import subprocess
import time

import pytest

from fablab_hub.cli.commands import own_command
from fablab_hub.cli.progress_bar import ProgressBar, bar_text

DEADLINE_S = 60


def test_the_bar_says_bytes_percent_and_the_time_left():
    text = bar_text(45_000_000, 100_000_000, 9.0, "en")
    assert text == "[##########..............]  45\xa0%   45 of 100 MB   11\xa0secs left"


def test_the_bar_speaks_french():
    text = bar_text(1_250_000, 2_500_000, 120.0, "fr")
    assert text == "[############............]  50\xa0%   1,2 sur 2,5\xa0Mo   Encore 2\xa0min"


@pytest.mark.parametrize(("read", "total"), [(0, 0), (10, 10), (12, 10)])
def test_a_whole_file_has_no_time_left(read, total):
    assert "100\xa0%" in bar_text(read, total, 3.0, "en")
    assert "left" not in bar_text(read, total, 3.0, "en")


def drawn(moments_s):
    """What a terminal gets when a tenth more of a file is read at each moment."""
    clock, terminal = iter([0.0, *moments_s]), io.StringIO()
    bar = ProgressBar(terminal, 1000, lambda: next(clock))
    for step, _ in enumerate(moments_s, 1):
        bar.show(step * 100)
    bar.clear()
    return terminal.getvalue()


def test_a_file_that_is_ready_at_once_shows_nothing():
    assert drawn([0.1, 0.3, 0.49]) == ""


def test_the_bar_is_drawn_a_few_times_a_second_and_taken_away():
    shown = re.findall(r"(\d+)\xa0%", drawn([0.4, 0.5, 0.55, 0.6, 0.75]))
    assert shown == ["20", "50"]
    assert drawn([0.6]).endswith("\r\x1b[K")


def write_long_file(folder, lines):
    """Write a program of odd lines: a second for some 150,000, whatever reads the plain ones."""
    path = folder / "long.gcode"
    path.write_bytes(b"G28\n" + b"M117 x\n" * lines)
    return path


class Terminal:
    """A command at a terminal of its own, and what it has written there so far."""

    def __init__(self, *arguments):
        self._ours, theirs = pty.openpty()
        env = {**os.environ, "LC_ALL": "en_GB.UTF-8"}
        self.process = subprocess.Popen(
            own_command(*map(str, arguments)),
            stdin=theirs, stdout=theirs, stderr=theirs, env=env, process_group=0,
        )  # fmt: skip
        os.close(theirs)
        self.text = ""

    def read_until(self, wanted):
        deadline = time.monotonic() + DEADLINE_S
        while wanted not in self.text and time.monotonic() < deadline:
            if select.select([self._ours], [], [], 1.0)[0]:
                try:
                    self.text += os.read(self._ours, 4096).decode()
                except OSError:  # its other end is closed: the command has ended
                    return
        assert wanted in self.text

    def close(self):
        self.process.wait(DEADLINE_S)
        os.close(self._ours)


def children_of(pid):
    """The processes that a process started, each with its process group."""
    shown = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,pgid="], capture_output=True, text=True, check=True
    )
    rows = [tuple(map(int, line.split())) for line in shown.stdout.splitlines()]
    return {child: group for child, parent, group in rows if parent == pid}


def test_ctrl_c_takes_the_bar_away_and_ends_the_check_at_once(tmp_path, monkeypatch):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    terminal = Terminal("check", write_long_file(tmp_path, 900_000), "--machine", "prusa")
    terminal.read_until(" left")
    assert re.search(r"\[#*\.+\] +\d+\xa0%   [\d.]+ of 6.3 MB   \d+\xa0secs? left", terminal.text)
    workers = children_of(terminal.process.pid)
    assert workers
    assert terminal.process.pid not in workers.values(), "Ctrl-C is for the command alone"
    pressed_s = time.monotonic()
    os.killpg(terminal.process.pid, signal.SIGINT)
    terminal.read_until("The file was not checked.")
    terminal.close()
    assert terminal.process.returncode == 130
    assert time.monotonic() - pressed_s < 3
    assert "\r\x1b[KStopped. The file was not checked." in terminal.text
    assert "Traceback" not in terminal.text
    assert list(scratch.iterdir()) == []
    for worker in workers:
        with pytest.raises(ProcessLookupError):
            os.kill(worker, 0)


def test_output_that_goes_elsewhere_has_no_bar(run, tmp_path):
    done = run("check", write_long_file(tmp_path, 80_000), "--machine", "prusa")
    assert done.stdout
    assert done.stderr == ""


def test_json_at_a_terminal_has_no_bar(tmp_path):
    path = write_long_file(tmp_path, 80_000)
    terminal = Terminal("check", path, "--machine", "prusa", "--json")
    terminal.read_until("program")
    terminal.close()
    assert terminal.text.startswith("{")
    assert "\x1b" not in terminal.text
