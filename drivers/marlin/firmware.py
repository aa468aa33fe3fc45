"""A simulated Marlin 2.0.9.7: bytes and time in, bytes out; it has no thread, port or clock.

It has its own parser and its own buffers, and plays faults that are counted in lines. It is held
against what real boards were seen to do: 128 bytes of serial buffer with no flow control, four
places for commands, `ok` for every command, `busy` while a long one runs, emergency commands
that act the moment they arrive. Sources: Marlin 2.0 `queue.cpp`, `e_parser.h`, `MarlinCore.cpp`.
"""

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from drivers.marlin.firmware_commands import Build, Commands

RX_BYTES = 128
COMMAND_PLACES = 4
_LONGEST_COMMAND = 95

_BANNER = (
    "start\n"
    "Marlin 2.0.9.7\n"
    "echo: Last Updated: 2023-12-24 | Author: (FabLab Hub, simulated)\n"
    "echo:Compiled: Nov 23 2026\n"
    "echo: Free Memory: 3811  PlannerBufferBytes: 1488\n"
    "echo:Hardcoded Default Settings Loaded\n"
)
_NUMBERED = re.compile(rb"\s*N(-?\d{0,9})\s*")
_EMERGENCY = re.compile(rb"\s*(?:N-?\d+\s*)?M(108|112|410)(?!\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What goes wrong, and at which line that this board ever read, counted from 1.

    Attributes:
        resend_at: this line arrives damaged.
        lost_line_at: this line does not arrive at all.
        lost_ok_at: its `ok` never leaves the board.
        doubled_ok_at: its `ok` is said twice.
        garbage_at: noise comes before its answer.
        reboot_at: the board restarts instead of obeying.
        kill_at: the board halts by itself.
        runaway_at: a heater runs away, and the board halts.
        silent_from: from this line on nothing is read and nothing is said.
        mute_busy: long commands say nothing while they run.
    """

    resend_at: tuple[int, ...] = ()
    lost_line_at: tuple[int, ...] = ()
    lost_ok_at: tuple[int, ...] = ()
    doubled_ok_at: tuple[int, ...] = ()
    garbage_at: tuple[int, ...] = ()
    reboot_at: int | None = None
    kill_at: int | None = None
    runaway_at: int | None = None
    silent_from: int | None = None
    mute_busy: bool = False


@dataclass(slots=True)
class _Line:
    """A command in the queue: which line of all it was, its own number, its words."""

    count: int
    number: int | None
    text: str


class MarlinFirmware:
    """The board. Every call takes the time, which never goes back."""

    def __init__(self, build: Build | None = None, faults: Faults | None = None) -> None:
        """Make a board without power."""
        self.build = build or Build()
        self._faults = faults or Faults()
        self._lines = 0
        self._out: list[str | bytes] = []
        self._restart(0.0)
        self.is_dead = True

    def _restart(self, now_s: float) -> None:
        self._rx = bytearray()
        self._emergency_rx = bytearray()
        self._queue: deque[_Line] = deque()
        self._current: _Line | None = None
        self._last_number = 0
        self.is_dead = False
        self.commands = Commands(self.build, self._say, now_s)
        self.commands.is_mute = self._faults.mute_busy

    # what the outside does

    def power_on(self, now_s: float) -> bytes:
        """Start, or restart, the board; everything it was doing is lost."""
        self._restart(now_s)
        self._say(_BANNER)
        return self._take_out()

    def receive(self, data: bytes, now_s: float) -> bytes:
        """Take bytes from the serial line; what does not fit the buffer is lost without a word."""
        self._advance(now_s)
        for byte in data:
            if self.is_dead:
                break
            if len(self._rx) < RX_BYTES:
                self._rx.append(byte)
            self._listen_for_emergency(byte, now_s)
            if byte in b"\r\n":
                self._work(now_s)
        return self._take_out()

    def tick(self, now_s: float) -> bytes:
        """Let time pass; give what the board said in the meantime."""
        self._advance(now_s)
        return self._take_out()

    def next_event_s(self) -> float | None:
        """Give when `tick` has something to do next; None while it only waits for bytes."""
        return None if self.is_dead else self.commands.next_event_s

    def state(self) -> dict[str, Any]:
        """Show what an eye at the machine would see."""
        return {**self.commands.state(), "is_dead": self.is_dead}

    # what goes on inside

    def _advance(self, now_s: float) -> None:
        """Play everything that happens until now, in the order it happens."""
        while not self.is_dead:
            due_s = self.commands.next_event_s
            at_s = now_s if due_s is None else min(due_s, now_s)
            self.commands.pass_time(at_s)
            self._work(at_s)
            if due_s is None or due_s > now_s:
                return

    def _work(self, now_s: float) -> None:
        """Read lines and run commands until one has to wait, or nothing is left."""
        while not self.is_dead:
            self._read_lines(now_s)
            if self._current is None:
                if not self._queue:
                    return
                self._current = self._queue.popleft()
                self.commands.begin(self._current.text, now_s)
            if not self.commands.proceed(now_s):
                return
            if self._current is not None:
                done, self._current = self._current, None
                self._answer(done)

    def _read_lines(self, now_s: float) -> None:
        while len(self._queue) < COMMAND_PLACES and not self.is_dead:
            ends = [at for at in (self._rx.find(b"\n"), self._rx.find(b"\r")) if at >= 0]
            if not ends:
                return
            raw = bytes(self._rx[: min(ends)])
            del self._rx[: min(ends) + 1]
            if raw.strip():
                self._lines += 1
                self._accept(raw, now_s)

    def _accept(self, raw: bytes, now_s: float) -> None:
        """Play this line's faults, then check its number and checksum and queue it."""
        if self._play_fault(now_s):
            return
        raw = raw[:_LONGEST_COMMAND].partition(b";")[0]
        found = _NUMBERED.match(raw)
        if found is None:
            body = raw.partition(b"*")[0].decode("latin-1").strip()
            self._queue.append(_Line(self._lines, None, body))
            return
        number, (before, star, check) = _int(found[1]), raw.rpartition(b"*")
        text = (before if star else raw)[found.end() :].decode("latin-1").strip()
        if not star:
            self._ask_again("No Checksum with line number")
        elif self._lines in self._faults.resend_at or _xor(before) != _int(check):
            self._ask_again("checksum mismatch")
        elif number != self._last_number + 1 and not text.startswith("M110"):
            self._ask_again("Line Number is not Last Line Number+1")
        else:
            self._last_number = number
            self._queue.append(_Line(self._lines, number, text))

    def _play_fault(self, now_s: float) -> bool:
        """Play what is due at this line; true when the line goes no further."""
        faults, line = self._faults, self._lines
        if line in faults.garbage_at:
            self._out.append(b"\xff\x00\x9c~{ok\x81\n")
        if faults.silent_from is not None and line >= faults.silent_from:
            self.is_dead = True
        elif line == faults.reboot_at:
            self._restart(now_s)
            self._say(_BANNER)
        elif line == faults.runaway_at:
            self._say("Error:Thermal Runaway, system stopped! Heater_ID: 0\n")
            self._kill("Printer halted. kill() called!")
        elif line == faults.kill_at:
            self._kill("Printer halted. kill() called!")
        elif line not in faults.lost_line_at:
            return False
        return True

    def _ask_again(self, complaint: str) -> None:
        """Complain, forget what is in the buffer, and ask for the line once more."""
        self._say(f"Error:{complaint}, Last Line: {self._last_number}\n")
        self._rx.clear()
        self._say(f"Resend: {self._last_number + 1}\nok\n")

    def _answer(self, done: _Line) -> None:
        if self.commands.number_set is not None:
            self._last_number, self.commands.number_set = self.commands.number_set, None
        if done.count in self._faults.lost_ok_at:
            return
        answer = f"ok{self.commands.take_ok_tail()}"
        if self.build.has_advanced_ok and answer == "ok":
            number = f" N{done.number}" if done.number is not None else ""
            places = self.commands.planner.free_places
            answer += f"{number} P{places} B{COMMAND_PLACES - len(self._queue)}"
        self._say(f"{answer}\n" * (2 if done.count in self._faults.doubled_ok_at else 1))

    def _listen_for_emergency(self, byte: int, now_s: float) -> None:
        """Look at every byte as it arrives, however full the buffers are."""
        if not self.build.has_emergency_parser:
            return
        if byte not in b"\r\n":
            self._emergency_rx.append(byte)
            return
        found = _EMERGENCY.match(bytes(self._emergency_rx))
        self._emergency_rx.clear()
        act: dict[bytes, Callable[[float], None]] = {
            b"108": self.commands.stop_waiting,
            b"410": self.commands.quick_stop,
            b"112": self._shut_down,
        }
        if found:
            act[found[1]](now_s)

    def _shut_down(self, now_s: float) -> None:
        del now_s
        self._say("echo:M112 Shutdown\n")
        self._kill("Printer halted. kill() called!")

    def _kill(self, why: str) -> None:
        """Switch everything off and say nothing more until somebody resets the board."""
        self._say(f"Error:{why}\n//action:poweroff\n")
        self.commands.cut_power()
        self.is_dead = True

    def _say(self, text: str) -> None:
        self._out.append(text)

    def _take_out(self) -> bytes:
        said, self._out = self._out, []
        return b"".join(part if isinstance(part, bytes) else part.encode() for part in said)


def _xor(data: bytes) -> int:
    check = 0
    for byte in data:
        check ^= byte
    return check


def _int(text: bytes) -> int:
    return int(text) if text.strip().isdigit() else -1
