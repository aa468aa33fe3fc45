"""The line to a Marlin with somebody listening on it: sends, hears, and wakes whoever waits."""

import asyncio
from collections import deque
from collections.abc import Callable

from drivers.marlin.codec import Event, Reader
from drivers.marlin.dialogue import MILESTONE, Dialogue, Patience
from drivers.transport import Transport
from fablab_hub.core.clock import Clock
from fablab_hub.core.errors import FablabError

_TICK_S = 0.25
_KEPT_LINES = 500


class Conversation:
    """One open port.

    Attributes:
        fault: why nothing can be said any more; None while the line is good.
    """

    def __init__(
        self,
        line: Transport,
        clock: Clock,
        on_event: Callable[[Event], None],
        *,
        patience: Patience,
        ask_s: float,
    ) -> None:
        """Prepare; nothing is opened.

        Args:
            line: carries the bytes.
            clock: measures the board's silence.
            on_event: gets each thing that the board says, before the dialogue acts on it.
            patience: how long it may be silent.
            ask_s: how often it is asked for its temperatures, which also shows that it lives.
        """
        self._line = line
        self._clock = clock
        self._patience = patience
        self._on_event = on_event
        self._ask_s = ask_s
        self._is_hushed = True
        self._recent: deque[str] = deque(maxlen=_KEPT_LINES)
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._asked_s = clock.now_s()
        self.dialogue = Dialogue(clock.now_s(), patience)
        self.fault: FablabError | None = None

    async def open(self) -> None:
        """Take the port and begin to listen.

        Raises:
            TransportError: there is no such port, or somebody else has it.
        """
        self.fault = None
        self.dialogue, self._is_hushed = Dialogue(self._clock.now_s(), self._patience), True
        await self._line.open()
        self._task = asyncio.create_task(self._listen(), name="marlin:listen")

    async def close(self) -> None:
        """Let go of the port; never raises."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
            self._task = None
        await self._line.close()

    def recent_lines(self) -> tuple[str, ...]:
        """Give the last lines, oldest first, `>` sent and `<` received."""
        return tuple(self._recent)

    def renew(self) -> None:
        """Begin a new dialogue: numbers start again, and nothing is owed."""
        self._begin_dialogue()
        self._is_hushed = False
        self.write(self.dialogue.begin())

    def hush(self) -> None:
        """Ask nothing and expect nothing any more: the board has halted."""
        if not self._is_hushed:
            self._begin_dialogue()
            self._is_hushed = True

    def _begin_dialogue(self) -> None:
        now_s = self._clock.now_s()
        is_inline = self.dialogue.is_answered_inline
        self.dialogue = Dialogue(now_s, self._patience, is_answered_inline=is_inline)
        self._asked_s = now_s

    def write(self, data: bytes) -> None:
        """Send bytes as they are.

        Raises:
            TransportError: the port is gone.
        """
        if self.fault is not None:
            raise self.fault
        if data:
            self._recent.extend(f"> {_text(line)}" for line in data.split(b"\n") if line)
            self._line.write(data)

    def send(self, text: bytes, *, counts: bool = False) -> None:
        """Send one command, numbered; there must be room for it.

        Raises:
            TransportError: the port is gone.
        """
        self.write(self.dialogue.send(text, self._clock.now_s(), counts=counts))

    async def ask(self, text: bytes) -> None:
        """Send one command when there is room, and wait until it is acknowledged.

        Raises:
            FablabError: the line broke, or whatever `wait_until` raises.
        """
        await self.wait_until(lambda: self.dialogue.may_send(text))
        self.send(text)
        await self.wait_until(lambda: self.dialogue.is_quiet)

    async def wait_until(self, is_so: Callable[[], bool]) -> None:
        """Wait for what the board will say.

        Raises:
            FablabError: the line broke; or what `is_so` raises.
        """
        while not is_so():
            if self.fault is not None:
                raise self.fault
            await self._news.wait()

    def wake(self) -> None:
        """Let everybody who waits look again."""
        news, self._news = self._news, asyncio.Event()
        news.set()

    async def _listen(self) -> None:
        """Hear the board and count its silence, until the line breaks."""
        reader = Reader()
        try:
            while True:
                data = await self._line.read(_TICK_S)
                for raw, event in reader.feed(data):
                    self._recent.append(f"< {_text(raw)}")
                    self._on_event(event)
                    self.write(self.dialogue.hear(event, self._clock.now_s()))
                self.write(self.dialogue.tick(self._clock.now_s()))
                self._ask_if_due()
                self.wake()
        except FablabError as error:
            self.fault = self.fault or error
            self.wake()

    def _ask_if_due(self) -> None:
        """Ask a milestone now and then: it finds a dead line, and mends a count of answers."""
        now_s = self._clock.now_s()
        if now_s - self._asked_s < self._ask_s or self._is_hushed:
            return
        if self.dialogue.may_send(MILESTONE) and not self.dialogue.has_milestone:
            self._asked_s = now_s
            self.send(MILESTONE)


def _text(line: bytes) -> str:
    return line.decode("ascii", "backslashreplace")
