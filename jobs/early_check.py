"""A check that begins while its file still arrives, and what became of it."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from fablab_hub.core.blob import Blob
from fablab_hub.core.errors import FablabError
from jobs.check_request import CheckOutcome, CheckRequest

log = logging.getLogger(__name__)


class Arrival:
    """Tells a check worker how far its file has come; what is told too early is kept."""

    def __init__(self) -> None:
        self._news: dict[str, Any] = {"arrived": 0, "is_all": False}
        self._write: Callable[[bytes], None] | None = None
        self._on_whole: Callable[[], None] | None = None
        self.is_whole = False

    def tell(self, arrived_bytes: int, *, is_all: bool = False) -> None:
        """Say how many bytes can be read by now, and whether those are all."""
        self._news = {"arrived": arrived_bytes, "is_all": is_all}
        self._send()

    def finish(self, blob: Blob, path: Path) -> None:
        """Say that all of it is safe, and under what name."""
        self.is_whole = True
        self._news = {
            "arrived": blob.bytes,
            "is_all": True,
            "path": str(path),
            "sha256": blob.sha256,
        }
        self._send()
        if self._on_whole:
            self._on_whole()

    @contextlib.contextmanager
    def told_by(self, write: Callable[[bytes], None]) -> Iterator[None]:
        """Send the news on, from what is known already, as long as the block lasts."""
        self._write = write
        self._send()
        try:
            yield
        finally:
            self._write = None

    def when_whole(self, act: Callable[[], None]) -> None:
        """Call `act` once all of the file is there."""
        self._on_whole = act
        if self.is_whole:
            act()

    def _send(self) -> None:
        if self._write:
            self._write(json.dumps(self._news).encode() + b"\n")


class EarlyCheck:
    """One check of a file that still arrives: told how far it is, asked once it is whole."""

    def __init__(
        self, request: CheckRequest, arrival: Arrival, task: asyncio.Task[CheckOutcome]
    ) -> None:
        self._request = request
        self._task = task
        self._sha256 = ""
        self._is_taken = False
        self.arrival = arrival

    def finish(self, blob: Blob, path: Path) -> None:
        """Say that all of the file is there."""
        self._sha256 = blob.sha256
        self.arrival.finish(blob, path)

    def take(self) -> None:
        """Answer for the check from now on: whoever received the file forgets it no more."""
        self._is_taken = True

    async def outcome(self, request: CheckRequest, sha256: str) -> CheckOutcome | None:
        """Wait for what the check found; None where it came to no end, or checked anything else.

        Args:
            request: what is to be checked in the end.
            sha256: of the bytes that are to be checked.
        """
        # SAFETY: what was found out for other bytes, another machine or another material says
        # nothing, see test_an_early_check_of_anything_else_is_not_taken.
        if sha256 != self._sha256 or request != replace(self._request, path=request.path):
            await self._forget()
            return None
        try:
            return await asyncio.shield(self._task)
        except asyncio.CancelledError:
            await self._forget()
            raise
        except (FablabError, OSError):
            # Its worker died, was too slow, or had no room: the ordinary way has the last word.
            log.warning("the early check of sha256=%s came to no end", sha256, exc_info=True)
            return None

    async def abandon(self) -> None:
        """Forget the check and what it has written, unless somebody has taken it."""
        if not self._is_taken:
            await self._forget()

    async def _forget(self) -> None:
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            (await self._task).discard()
