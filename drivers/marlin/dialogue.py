"""What may be sent to a Marlin now: numbers, checksums, resends, and answers that got lost.

Every line is numbered, so a line that was lost is asked for again and one that arrived is never
obeyed twice. One line is in flight at a time, or as many as the board says it has places for
(`ADVANCED_OK`). Questions (`M105`) answer with temperatures on their `ok`: that makes them
milestones, which prove that everything before them was taken, whatever happened to its `ok`.
Source: Marlin 2.0 `queue.cpp`; the behaviour of real boards with lost and doubled answers.
"""

from collections import OrderedDict, deque
from dataclasses import dataclass

from drivers.marlin.codec import (
    Busy,
    Event,
    Heat,
    Ok,
    Resend,
    Wait,
    numbered,
)
from fablab_hub.core.errors import TransportError

MILESTONE = b"M105"
SYNC = b"M110 N0"

_HISTORY_LINES = 64
_MAX_RESENDS = 20
_RX_BYTES = 120
"""A little less than the 128 bytes of a Marlin's serial buffer."""
_COMMAND_PLACES = 4
_LONG = (b"G28", b"G29", b"G4", b"G80", b"M109", b"M190", b"M191", b"M400", b"M600", b"M0", b"M1")
"""Commands that may rightly take minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long the board may take; sources are Marlin's own intervals.

    Attributes:
        probe_s: after this long without an answer it is asked whether it is still there;
            `busy` comes every 2 s (`M113`).
        resend_ok_s: how long the `ok` that belongs to a `Resend` is waited for.
        silent_s: after this long without one byte while it owes an answer, the line is dead.
        long_s: the same for a long command on a board that never says `busy`.
    """

    probe_s: float = 10.0
    resend_ok_s: float = 1.0
    silent_s: float = 30.0
    long_s: float = 900.0


@dataclass(frozen=True, slots=True)
class _Sent:
    """A line in flight."""

    number: int
    text: bytes
    size: int
    counts: bool

    @property
    def is_milestone(self) -> bool:
        return self.text == MILESTONE


class Dialogue:
    """One conversation with a board, from `M110 N0` on."""

    def __init__(
        self,
        now_s: float,
        patience: Patience | None = None,
        *,
        is_answered_inline: bool = False,
    ) -> None:
        """Begin; the first thing to send is `begin()`.

        Args:
            now_s: the time now.
            patience: how long the board may take.
            is_answered_inline: the board is known to answer `M105` on the line of its `ok`.
        """
        self._patience = patience or Patience()
        self._history: OrderedDict[int, _Sent] = OrderedDict()
        self._in_flight: deque[_Sent] = deque()
        self._again: deque[_Sent] = deque()
        self._next = 1
        self._places = 1
        self._owed_oks = 0
        self._owed_since_s = now_s
        self._resends = 0
        self._has_busy = False
        self._answered_s = self._heard_s = self._probed_s = now_s
        self._has_answer = False
        self.counted = 0
        self.is_answered_inline = is_answered_inline

    def begin(self) -> bytes:
        """Write the line that starts numbering anew; its `ok` is waited for as any other."""
        sent = _Sent(0, SYNC, 0, counts=False)
        self._in_flight.append(sent)
        return b"\n" + numbered(0, SYNC)

    @property
    def acknowledged(self) -> int:
        """How many of the counted lines the board has taken."""
        waiting = (*self._in_flight, *self._again)
        return self.counted - sum(sent.counts for sent in waiting)

    @property
    def is_quiet(self) -> bool:
        """Tell whether the board owes no answer."""
        return not self._in_flight and not self._again

    @property
    def has_milestone(self) -> bool:
        """Tell whether a question is still without its answer."""
        return any(sent.is_milestone for sent in (*self._in_flight, *self._again))

    @property
    def waiting_for(self) -> bytes:
        """The oldest line without an answer; empty when there is none."""
        return self._in_flight[0].text if self._in_flight else b""

    def may_send(self, text: bytes) -> bool:
        """Tell whether the board has room for one more line now."""
        if self._again or self._owed_oks:
            return False
        if not self._in_flight:
            return True
        size = len(text) + 16 + sum(sent.size for sent in self._in_flight)
        return len(self._in_flight) < self._places and size <= _RX_BYTES

    def send(self, text: bytes, now_s: float, *, counts: bool = False) -> bytes:
        """Number a line and note it as in flight.

        Args:
            text: one command, ASCII, without its end.
            now_s: the time now.
            counts: it is a line of the program, for `acknowledged`.
        """
        if not self._in_flight:
            self._answered_s = self._heard_s = now_s
        line = numbered(self._next, text)
        sent = _Sent(self._next, text, len(line), counts)
        self._history[sent.number] = sent
        while len(self._history) > _HISTORY_LINES:
            self._history.popitem(last=False)
        self._in_flight.append(sent)
        self._has_answer &= not sent.is_milestone
        self._next += 1
        self.counted += counts
        return line

    def hear(self, event: Event, now_s: float) -> bytes:
        """Take what the board said; give what must be said to that at once.

        Raises:
            TransportError: it wants a line that is long gone, or the same one again and again.
        """
        self._heard_s = now_s
        match event:
            case Ok():
                self._answered_s = now_s
                return self._take_ok(event, now_s)
            case Resend(number=number):
                self._answered_s = now_s
                self._rewind(number, now_s)
            case Busy():
                self._has_busy = True
                self._answered_s = now_s
            case Heat(is_waiting=True):
                self._answered_s = now_s
            case Wait() if self._in_flight and not self.has_milestone:
                return self._probe(now_s)
            case _:
                pass
        return b""

    def tick(self, now_s: float) -> bytes:
        """Let time pass; give the question to ask when an answer is overdue.

        Raises:
            TransportError: the board owes an answer and has been silent for too long.
        """
        if self.is_quiet:
            return b""
        if self._owed_oks and now_s - self._owed_since_s > self._patience.resend_ok_s:
            self._owed_oks = 0
            return self._send_again(now_s)
        self._check_silence(now_s)
        overdue_s = now_s - max(self._answered_s, self._probed_s)
        if overdue_s < self._patience.probe_s:
            return b""
        if self._again:
            # A board that asks for a line has taken all before it; their answers are lost.
            self._in_flight.clear()
            return self._send_again(now_s)
        if self._has_answer and all(sent.is_milestone for sent in self._in_flight):
            # Only questions are open, and one was answered: the answers to the others are lost.
            self._in_flight.clear()
            return b""
        return self._probe(now_s)

    def _check_silence(self, now_s: float) -> None:
        patience = self._patience
        is_long = any(sent.text.split(b" ")[0] in _LONG for sent in self._in_flight)
        limit_s = patience.long_s if is_long and not self._has_busy else patience.silent_s
        if now_s - self._heard_s > limit_s or now_s - self._answered_s > patience.long_s:
            raise TransportError("marlin.silent", after_s=round(now_s - self._answered_s))

    def _probe(self, now_s: float) -> bytes:
        self._probed_s = now_s
        heard_s, answered_s = self._heard_s, self._answered_s
        line = self.send(MILESTONE, now_s)
        self._heard_s, self._answered_s = heard_s, answered_s
        return line

    def _take_ok(self, ok: Ok, now_s: float) -> bytes:
        self._has_answer |= ok.temperatures is not None or not self.is_answered_inline
        if ok.free_commands is not None:
            self._places = max(1, min(_COMMAND_PLACES, ok.free_commands))
        if self._owed_oks:
            self._owed_oks -= 1
            return self._send_again(now_s)
        self._forget_acknowledged(ok)
        return self._send_again(now_s)

    def _forget_acknowledged(self, ok: Ok) -> None:
        """Drop from the lines in flight what this `ok` answers; nothing, if it is a double."""
        lines = self._in_flight
        self.is_answered_inline |= ok.temperatures is not None
        if ok.number is not None:
            while lines and lines[0].number <= ok.number:
                self._drop_first()
        elif ok.temperatures is not None:
            if any(sent.is_milestone for sent in lines):
                while not lines[0].is_milestone:
                    self._drop_first()
                self._drop_first()
        elif lines and not (lines[0].is_milestone and self.is_answered_inline):
            self._drop_first()

    def _drop_first(self) -> None:
        self._in_flight.popleft()
        self._resends = 0

    def _rewind(self, number: int, now_s: float) -> None:
        """Note what must go out again: all from this line on, once the board's `ok` came."""
        self._owed_oks += 1
        self._owed_since_s = now_s
        self._resends += 1
        if self._resends > _MAX_RESENDS:
            raise TransportError("marlin.noise", line=number)
        if any(sent.text == SYNC for sent in self._in_flight):
            self._again, self._in_flight = self._in_flight, deque()
            return
        if number not in self._history and number != self._next:
            raise TransportError("marlin.lost-count", line=number)
        self._in_flight = deque(sent for sent in self._in_flight if sent.number < number)
        self._again = deque(sent for n, sent in self._history.items() if n >= number)

    def _send_again(self, now_s: float) -> bytes:
        """Give the next line that the board wants again, when it has room."""
        out = b""
        while self._again and not self._owed_oks:
            size = sum(sent.size for sent in self._in_flight) + self._again[0].size
            if self._in_flight and (len(self._in_flight) >= self._places or size > _RX_BYTES):
                break
            sent = self._again.popleft()
            self._in_flight.append(sent)
            self._has_answer &= not sent.is_milestone
            self._heard_s = self._answered_s = now_s
            out += numbered(sent.number, sent.text)
        return out
