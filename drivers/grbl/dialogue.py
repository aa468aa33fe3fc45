"""What may be sent to GRBL now: character counting, as a value that takes events and gives bytes.

The receive buffer is never overrun: the bytes of every line that has no answer yet are counted,
newlines included, against the size that the board reported. The last `ok` is not the end: a run
ends when the board says `Idle` after it. At the first `error:` nothing more is sent, for GRBL
goes on with what its buffer holds; an unasked banner means that the run is lost; and an `ok` for
which there is no line means that the count was wrong, and that bytes may have been lost.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from drivers.grbl.codec import Alarm, Banner, ErrorLine, Event, Ok, Status

DEFAULT_BUFFER_BYTES = 127
"""Of grbl 1.1; 128 really fit, 127 is safe for older versions."""

POLL_S = 0.15
"""Between two status questions; real-time bytes never wait behind the program."""

IDLE_REPORTS = 2
"""Reports of `Idle` after the last `ok` before a run is over: one may have been on its way."""

TOO_LONG = ErrorLine(11)
"""What the board itself says of a line that it cannot hold."""


class Phase(StrEnum):
    """Where a run is."""

    SENDING = "sending"
    DRAINING = "draining"
    DONE = "done"
    REFUSED = "refused"
    ALARM = "alarm"
    LOST = "lost"
    MISCOUNTED = "miscounted"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Sent:
    """A line on its way: its number in the program, from 1, and its bytes."""

    number: int
    text: bytes

    @property
    def size(self) -> int:
        """Bytes on the wire, newline included."""
        return len(self.text) + 1


class Streaming:
    """One program on its way to the board.

    Attributes:
        phase: where it is.
        acknowledged: lines that the board took.
        in_flight_bytes: bytes that were sent and not answered.
        trouble: the refused line's error, or the alarm, once there is one.
        troubled_line: the line that was refused.
    """

    def __init__(self, lines: Iterator[bytes], buffer_bytes: int = DEFAULT_BUFFER_BYTES) -> None:
        """Prepare to stream.

        Args:
            lines: of the program, without their ends.
            buffer_bytes: how many bytes the board holds.
        """
        self.phase = Phase.SENDING
        self.acknowledged = 0
        self.in_flight_bytes = 0
        self.trouble: ErrorLine | Alarm | None = None
        self.troubled_line: Sent | None = None
        self._lines = enumerate(lines, 1)
        self._next: Sent | None = None
        self._flying: deque[Sent] = deque()
        self._buffer_bytes = buffer_bytes
        self._idle_reports = 0
        self._advance()

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more will be sent, and nothing more is waited for."""
        return self.phase not in (Phase.SENDING, Phase.DRAINING)

    @property
    def awaits_answer(self) -> bool:
        """Tell whether a line that was sent has no answer yet."""
        return bool(self._flying)

    def take(self) -> bytes:
        """Give what fits into the board's buffer now; nothing when it is full or all was sent."""
        out = bytearray()
        while self.phase is Phase.SENDING and self._next is not None:
            sent = self._next
            if sent.size > self._buffer_bytes:
                self._refuse(TOO_LONG, sent)
            elif self.in_flight_bytes + sent.size > self._buffer_bytes:
                break
            else:
                out += sent.text + b"\n"
                self.in_flight_bytes += sent.size
                self._flying.append(sent)
                self._advance()
        return bytes(out)

    def stop(self) -> None:
        """Send nothing more, and wait for nothing: somebody ended it."""
        if not self.is_over:
            self.phase = Phase.STOPPED

    def heed(self, event: Event) -> None:
        """Take what the board said."""
        if self.is_over:
            return
        match event:
            case Ok():
                self._answered()
            case ErrorLine():
                self._refuse(event, self._flying[0] if self._flying else None)
            case Alarm():
                self.trouble = event
                self.phase = Phase.ALARM
            case Banner():
                self.phase = Phase.LOST
            case Status():
                self._heed_status(event)
            case _:
                pass

    def _refuse(self, error: ErrorLine, sent: Sent | None) -> None:
        self.trouble = error
        self.troubled_line = sent
        self.phase = Phase.REFUSED

    def _answered(self) -> None:
        if not self._flying:
            self.phase = Phase.MISCOUNTED
            return
        self.in_flight_bytes -= self._flying.popleft().size
        self.acknowledged += 1
        self._idle_reports = 0
        self._look_for_end()

    def _heed_status(self, status: Status) -> None:
        if status.state == "Alarm":
            self.phase = Phase.ALARM
        elif self.phase is Phase.DRAINING and status.state == "Idle":
            self._idle_reports += 1
            if self._idle_reports >= IDLE_REPORTS:
                self.phase = Phase.DONE
        else:
            self._idle_reports = 0

    def _advance(self) -> None:
        """Look at the next line; comments and empty lines were left out by the check."""
        number, text = next(self._lines, (0, b""))
        self._next = Sent(number, text) if number else None
        self._look_for_end()

    def _look_for_end(self) -> None:
        if self._next is None and not self._flying and self.phase is Phase.SENDING:
            self.phase = Phase.DRAINING
