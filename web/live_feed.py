"""The one reader behind all live streams: it looks at the journal and the machines once for all.

Nothing waits in memory for a slow reader: each stream remembers a number and reads on from it.
"""

import asyncio
import contextlib
import json
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field

from fablab_hub.core import journal
from fablab_hub.core.errors import FablabError
from fablab_hub.core.people import Person
from web.live_events import Event, MachineNews, block, event_of, news_of
from web.rendering import build
from web.services import Services

log = logging.getLogger(__name__)

PING_S = 15.0
"""A stream is never silent for longer: proxies cut what is, and pages take it for dead."""

_TICK_S = 0.5
_RETRY_MS = 2000
_KEPT = 512
_MAX_REPLAY = 5000
"""A page that missed more than that many lines is told to load itself again."""


class LiveFeed:
    """The one reader of the journal and of the machines that all streams share."""

    def __init__(self, services: Services, ping_s: float = PING_S) -> None:
        self._services = services
        self._ping_s = ping_s
        self._wake = asyncio.Event()
        self._watchers = 0
        self._is_closed = False
        self._is_stale = True
        self._head = 0
        self._recent: deque[Event] = deque(maxlen=_KEPT)
        self._machines: dict[str, tuple[int, MachineNews]] = {}
        self._unsubscribe: Callable[[], None] = lambda: None
        self._ticker: asyncio.Task[None] | None = None

    @property
    def watchers(self) -> int:
        """How many streams are open."""
        return self._watchers

    def close(self) -> None:
        """End every stream; a server that shuts down waits for them otherwise."""
        self._is_closed = True
        self._tell()

    async def stream(
        self,
        person: Person,
        cursor: int | None,
        still_here: Callable[[], bool],
        shown: frozenset[str] = frozenset(),
    ) -> AsyncIterator[bytes]:
        """Give what happens, as bytes of an event stream, until the session ends.

        Args:
            person: who reads.
            cursor: number of the last line they have; None to begin now.
            still_here: asked at every ping whether they are still signed in.
            shown: marks of the machines' news that they have already (`MachineNews.mark`).
        """
        with self._watched():
            loop = asyncio.get_running_loop()
            self._refresh()
            reader = _Cursor(person, self._head if cursor is None else cursor, shown)
            hello = json.dumps({"build": build()})
            retry = f"retry: {_RETRY_MS}\n".encode()
            yield retry + block(event="hello", data=hello, id_=reader.seq)
            ping_at = loop.time() + self._ping_s
            while not self._is_closed:
                wake = self._wake
                if news := self._journal_news(reader) + self._machine_news(reader):
                    yield news
                if loop.time() >= ping_at:
                    if not still_here():
                        return
                    yield block(event="ping", data="{}", id_=reader.seq)
                    ping_at = loop.time() + self._ping_s
                if not reader.has_more:
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout_at(ping_at):
                            await wake.wait()

    @contextlib.contextmanager
    def _watched(self) -> Iterator[None]:
        """Read the journal and look at the machines while at least one stream is open."""
        if self._watchers == 0:
            self._begin()
        self._watchers += 1
        try:
            yield
        finally:
            self._watchers -= 1
            if self._watchers == 0:
                self._rest()

    def _begin(self) -> None:
        loop = asyncio.get_running_loop()

        def committed() -> None:
            with contextlib.suppress(RuntimeError):  # the loop is gone, and its streams with it
                loop.call_soon_threadsafe(self._committed)

        self._unsubscribe = self._services.database.on_commit(committed)
        self._recent.clear()
        self._machines.clear()
        self._head = journal.last_seq(self._services.database)
        self._ticker = asyncio.create_task(self._look_at_machines(), name="live:machines")

    def _rest(self) -> None:
        self._unsubscribe()
        if self._ticker is not None:
            self._ticker.cancel()
            self._ticker = None

    def _committed(self) -> None:
        self._is_stale = True
        self._tell()

    def _tell(self) -> None:
        wake, self._wake = self._wake, asyncio.Event()
        wake.set()

    def _journal_news(self, reader: "_Cursor") -> bytes:
        self._refresh()
        if not 0 <= self._head - reader.seq <= _MAX_REPLAY:
            reader.seq, reader.has_more = self._head, False
            return block(event="reload", data="{}", id_=self._head)
        events = self._after(reader.seq)
        reader.seq = events[-1].seq if events else reader.seq
        reader.has_more = reader.seq < self._head
        return b"".join(
            block(data=text, id_=event.seq)
            for event in events
            if (text := event.text_for(reader.person)) is not None
        )

    def _refresh(self) -> None:
        """Read what the journal holds now; once for all streams."""
        while self._is_stale:
            entries = journal.read_after(self._services.database, self._head)
            self._is_stale = bool(entries)
            self._recent.extend(event_of(self._services.database, entry) for entry in entries)
            self._head = entries[-1].seq if entries else self._head

    def _after(self, seq: int) -> list[Event]:
        oldest = self._recent[0].seq if self._recent else self._head + 1
        if seq + 1 >= oldest:
            return [event for event in self._recent if event.seq > seq]
        database = self._services.database
        return [event_of(database, entry) for entry in journal.read_after(database, seq)]

    async def _look_at_machines(self) -> None:
        while True:
            try:
                self._note_machines()
            except FablabError:
                log.exception("the machines could not be looked at")
            await asyncio.sleep(_TICK_S)

    def _note_machines(self) -> None:
        has_changed = False
        for view in self._services.runner.views():
            news = news_of(view)
            version, known = self._machines.get(news.machine_id, (0, None))
            if news != known:
                self._machines[news.machine_id] = (version + 1, news)
                has_changed = True
        if has_changed:
            self._tell()

    def _machine_news(self, reader: "_Cursor") -> bytes:
        blocks = b""
        for machine_id, (version, news) in self._machines.items():
            before = reader.machines.get(machine_id)
            if before == version:
                continue
            reader.machines[machine_id] = version
            if before is not None or news.mark not in reader.shown:
                blocks += block(event="machine", data=news.text_for(reader.person))
        return blocks


@dataclass(slots=True)
class _Cursor:
    """How far one stream has come."""

    person: Person
    seq: int
    shown: frozenset[str]
    machines: dict[str, int] = field(default_factory=dict)
    has_more: bool = True
