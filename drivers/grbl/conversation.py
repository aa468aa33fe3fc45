"""The line to a GRBL with somebody listening on it: asks, hears, and wakes whoever waits."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import replace

from drivers.grbl import codec
from drivers.grbl.codec import Alarm, Banner, Decoder, ErrorLine, Event, Ok, Status, Unknown
from drivers.grbl.dialogue import POLL_S
from drivers.transport import Transport
from fablab_hub.core.clock import Clock
from fablab_hub.core.errors import DriverError, TransportError
from fablab_hub.core.geometry import Point3
from fablab_hub.core.machines import Machine

log = logging.getLogger(__name__)

ANSWER_S = 3.0
"""How long a question may stay without its answer."""

SILENCE_S = 2.5
"""Without any report for this long, what the machine does is unknown."""

_RECENT_LINES = 500
_READ_S = 0.5


class Conversation:
    """One port, and what was last heard on it.

    Attributes:
        report: the last status.
        reports: how many came since the port was opened.
        idle_reports: how many of the last ones said `Idle`, one after the other.
        alarm: the last alarm, until a report says that there is none any more.
        is_deaf: after a limit alarm the board hears nothing but a reset, and answers nothing.
        banner: how the board greeted last; None before it did.
        fault: why nothing can be said any more; None while the line is good.
    """

    def __init__(
        self,
        transport: Transport,
        clock: Clock,
        machine: Machine,
        on_event: Callable[[Event], None],
    ) -> None:
        """Prepare; nothing is opened.

        Args:
            transport: carries the bytes.
            clock: measures silence.
            machine: for its name and its port.
            on_event: gets everything that the board says, after it was noted here.
        """
        self._transport = transport
        self._clock = clock
        self._machine = machine
        self._on_event = on_event
        self._decoder = Decoder()
        self._recent: deque[str] = deque(maxlen=_RECENT_LINES)
        self._tasks: list[asyncio.Task[None]] = []
        self._changed = asyncio.Event()
        self._forget()

    def _forget(self) -> None:
        self.report: Status | None = None
        self.reports = self.idle_reports = 0
        self.alarm: Alarm | None = None
        self.is_deaf = False
        self.banner: Banner | None = None
        self.fault: TransportError | None = None
        self._heard_s = self._clock.now_s()
        self._offset_mm: tuple[float, ...] | None = None
        self._answers: list[Event] | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether somebody listens."""
        return bool(self._tasks)

    @property
    def is_silent(self) -> bool:
        """Tell whether the board should have said something, and did not."""
        return not self.is_deaf and self._clock.now_s() - self._heard_s > SILENCE_S

    @property
    def position_mm(self) -> Point3 | None:
        """Where the head is, machine coordinates; None while the work offset is not known."""
        if self.report is None:
            return None
        at = self.report.machine_mm
        if at is None and self.report.work_mm and self._offset_mm:
            at = tuple(
                sum(pair) for pair in zip(self.report.work_mm, self._offset_mm, strict=False)
            )
        return (at[0], at[1], at[2]) if at and len(at) >= 3 else None

    def recent_lines(self) -> list[str]:
        """Give the last lines, `>` sent and `<` received; reports are left out."""
        return list(self._recent)

    async def open(self) -> None:
        """Take the port, begin to listen, and ask for the status a few times a second.

        Raises:
            TransportError: there is no such port, or somebody else has it.
        """
        await self._transport.open()
        self._forget()
        self._decoder.reset()
        self._tasks = [
            asyncio.create_task(work, name=f"grbl:{self._machine.id}:{what}")
            for what, work in (("listen", self._listen()), ("poll", self._poll()))
        ]

    async def close(self) -> None:
        """Let go of the port; never raises."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._transport.close()
        if self.fault is None and tasks:
            self.fault = TransportError("driver.port-lost", port=self._machine.port)
        self._changed.set()

    def say(self, data: bytes) -> None:
        """Send bytes now.

        Raises:
            TransportError: the port is gone.
        """
        if data != codec.STATUS:
            self._recent += [f"> {line!r}" for line in data.splitlines()]
        self._transport.write(data)

    def count_idle_anew(self) -> None:
        """Forget the reports of `Idle`: something was sent that may end it."""
        self.idle_reports = 0

    def require_line(self) -> None:
        """Make sure that the board can be heard.

        Raises:
            TransportError: the port is gone, or the board is silent.
        """
        if self.fault is not None:
            raise TransportError(self.fault.code, **self.fault.fields)
        if self.is_silent:
            raise TransportError("driver.silent", port=self._machine.port)

    async def until(self, is_so: Callable[[], bool], timeout_s: float) -> bool:
        """Wait until something is so; tells whether it was, in time.

        Raises:
            TransportError: the port was lost meanwhile.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while not is_so():
                    if self.fault is not None:
                        raise TransportError(self.fault.code, **self.fault.fields)
                    await self.change(POLL_S)  # what is awaited may be that nothing comes
        return is_so()

    async def change(self, timeout_s: float) -> None:
        """Wait until the board says something, or for that long."""
        self._changed.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._changed.wait()

    def wake(self) -> None:
        """Wake whoever waits for a change."""
        self._changed.set()

    async def ask(self, question: bytes) -> list[Event]:
        """Send a system command while nothing runs; gives what came before its `ok`.

        Raises:
            TransportError: no answer in time.
            DriverError: the board refused to answer.
        """
        answers: list[Event] = []
        self._answers = answers

        def is_answered() -> bool:
            return any(isinstance(event, Ok | ErrorLine) for event in answers)

        try:
            self.say(question)
            if not await self.until(is_answered, ANSWER_S):
                raise TransportError("driver.silent", port=self._machine.port)
        finally:
            self._answers = None
        if any(isinstance(event, ErrorLine) for event in answers):
            raise DriverError("grbl.no-answer", question=question.decode().strip())
        return answers

    # --- listening ------------------------------------------------------------------------

    async def _listen(self) -> None:
        try:
            while True:
                for event in self._decoder.feed(await self._transport.read(_READ_S)):
                    self._heed(event)
        except TransportError as error:
            self._lose(error)

    async def _poll(self) -> None:
        """Ask for the status for ever; real-time bytes never wait behind a program."""
        try:
            while True:
                self.say(codec.STATUS)
                await asyncio.sleep(POLL_S)
        except TransportError as error:
            self._lose(error)

    def _heed(self, event: Event) -> None:
        if not isinstance(event, Unknown):  # noise is no sign of life
            self._heard_s = self._clock.now_s()
        match event:
            case Status():
                self._note_report(event)
            case Alarm():
                self.alarm = event
                self.is_deaf = True  # until it says anything else
            case Banner():
                self.banner = event
                self.is_deaf = False
            case _:
                pass
        if not isinstance(event, Status):
            self._recent.append(f"< {event!r}")
        if self._answers is not None:
            self._answers.append(event)
        self._on_event(event)
        self._changed.set()

    def _note_report(self, report: Status) -> None:
        """Keep what this report leaves out: the work offset comes only now and then."""
        if report.offset_mm is not None:
            self._offset_mm = report.offset_mm
        self.report = replace(report, offset_mm=self._offset_mm)
        self.reports += 1
        self.idle_reports = self.idle_reports + 1 if report.state == "Idle" else 0
        self.is_deaf = False
        if report.state != "Alarm":
            self.alarm = None

    def _lose(self, error: TransportError) -> None:
        log.warning("machine=%s: %s", self._machine.id, error)
        self.fault = error
        self._changed.set()
