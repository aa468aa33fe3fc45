"""Play a board on a pseudo-terminal, so that any host program finds a serial port there."""

import contextlib
import fcntl
import json
import os
import pty
import select
import signal
import termios
import time
import tty
from pathlib import Path
from typing import Any

from drivers.simulation.board import Board

_QUIET_MS = 100
_READ_BYTES = 4096
_BITS_A_BYTE = 10


class LinkTakenError(Exception):
    """Another simulated board already serves this link."""


class PtyBoard:
    """One board behind one link; the port may be opened and closed again and again."""

    def __init__(
        self,
        board: Board,
        link: Path,
        *,
        speed_up: float = 1.0,
        baud: int | None = None,
        resets_on_open: bool = False,
    ) -> None:
        """Take the link.

        Args:
            board: the firmware.
            link: where the port appears; a symbolic link, replaced if it is stale.
            speed_up: how much faster than the clock the board's time passes.
            baud: paces the bytes as a line of that speed; None lets them through at once.
            resets_on_open: starts the board anew whenever the port is opened, as DTR does.

        Raises:
            LinkTakenError: another process serves it.
        """
        self._board = board
        self._link = link
        self._speed_up = speed_up
        self._bytes_s = baud / _BITS_A_BYTE if baud else None
        self._resets_on_open = resets_on_open
        self._is_ending = False
        self._is_open = False
        self._outgoing = bytearray()
        self._shown = ""
        link.parent.mkdir(parents=True, exist_ok=True)
        self._lock = _lock(link.with_suffix(".lock"))
        self._master = self._make_port()

    def end(self) -> None:
        """End `serve` soon; for signal handlers."""
        self._is_ending = True

    def serve(self, idle_exit_s: float | None = None) -> None:
        """Carry bytes and let time pass until `end`.

        Args:
            idle_exit_s: end also when nobody had the port open for this long.
        """
        poll = select.poll()
        poll.register(self._master, select.POLLIN)
        self._say(self._board.power_on(self._now_s()))
        alone_since_s = time.monotonic()
        try:
            while not self._is_ending:
                self._serve_once(poll)
                if self._is_open:
                    alone_since_s = time.monotonic()
                elif idle_exit_s and time.monotonic() - alone_since_s > idle_exit_s:
                    return
        finally:
            self._leave()

    def _serve_once(self, poll: select.poll) -> None:
        events = poll.poll(self._patience_ms())
        flags = events[0][1] if events else 0
        if flags & select.POLLIN:  # also what was written just before a hang-up, as on a wire
            self._note_opened()
            self._hear()
        elif flags & select.POLLHUP:
            self._note_closed()
            time.sleep(0.02)  # a hung-up master is always "ready": look again, but not at once
        elif not self._is_open:
            self._note_opened()
        self._say(self._board.tick(self._now_s()))
        self._show()

    def _hear(self) -> None:
        try:
            data = os.read(self._master, _READ_BYTES)
        except OSError:
            return
        self._pace(len(data))
        self._say(self._board.receive(data, self._now_s()))

    def _say(self, data: bytes) -> None:
        """Send what the board says; with nobody at the other end it is lost, as on a wire."""
        if not self._is_open:
            return
        self._pace(len(data))
        self._outgoing += data
        with contextlib.suppress(BlockingIOError, OSError):
            while self._outgoing:
                del self._outgoing[: os.write(self._master, self._outgoing)]

    def _pace(self, count: int) -> None:
        if self._bytes_s and count:
            time.sleep(count / self._bytes_s)

    def _note_opened(self) -> None:
        if self._is_open:
            return
        self._is_open = True
        self._outgoing.clear()
        if self._resets_on_open:
            self._say(self._board.power_on(self._now_s()))

    def _note_closed(self) -> None:
        self._is_open = False
        self._outgoing.clear()

    def _now_s(self) -> float:
        return time.monotonic() * self._speed_up

    def _patience_ms(self) -> float:
        due_s = self._board.next_event_s()
        if due_s is None:
            return _QUIET_MS
        return min(_QUIET_MS, max(0.0, (due_s - self._now_s()) / self._speed_up * 1000))

    def _show(self) -> None:
        """Write what an eye at the machine would see beside the link, whenever it changes."""
        state = {**self._board.state(), "pid": os.getpid(), "is_open": self._is_open}
        text = json.dumps(state, sort_keys=True)
        if text != self._shown:
            self._shown = text
            part = self._link.with_suffix(".state.part")
            part.write_text(text)
            part.replace(state_path(self._link))

    def _make_port(self) -> int:
        """Make a raw pseudo-terminal and put the link to it in place."""
        master, slave = pty.openpty()
        tty.setraw(slave)
        attributes = termios.tcgetattr(slave)
        attributes[4] = attributes[5] = termios.B115200
        termios.tcsetattr(slave, termios.TCSANOW, attributes)
        part = self._link.with_suffix(".link.part")
        part.unlink(missing_ok=True)
        part.symlink_to(os.ttyname(slave))
        part.replace(self._link)
        os.close(slave)  # a hang-up on our end then means: nobody has the port open
        os.set_blocking(master, False)
        return master

    def _leave(self) -> None:
        self._link.unlink(missing_ok=True)
        state_path(self._link).unlink(missing_ok=True)
        os.close(self._master)
        os.close(self._lock)


def run_board(
    board: Board,
    link: Path,
    *,
    speed_up: float = 1.0,
    baud: int | None = None,
    resets_on_open: bool = False,
    idle_exit_s: float | None = None,
) -> None:
    """Play a board in this process until SIGTERM or SIGINT; see `PtyBoard`.

    Raises:
        LinkTakenError: another process serves the link.
    """
    played = PtyBoard(board, link, speed_up=speed_up, baud=baud, resets_on_open=resets_on_open)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: played.end())
    played.serve(idle_exit_s)


def state_path(link: Path) -> Path:
    """Give the file that shows what an eye at the simulated machine would see."""
    return link.with_suffix(".state.json")


def read_state(link: Path) -> dict[str, Any] | None:
    """Read that file; None while there is none."""
    try:
        state: dict[str, Any] = json.loads(state_path(link).read_text())
    except (OSError, ValueError):
        return None
    return state


def is_served(link: Path) -> bool:
    """Tell whether a process plays a board on this link right now."""
    try:
        os.close(_lock(link.with_suffix(".lock")))
    except LinkTakenError:
        return True
    except OSError:
        return False
    return False


def _lock(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise LinkTakenError(path) from error
    return descriptor
