"""An agent's memory: the story of its runs, on disk until the hub has it.

One file of JSON lines. The first line says which log this is, how far it counted and which run is
open; each other line is a `RunEvent` that the hub has not acknowledged. Lines are appended and
synced one by one; acknowledged ones are dropped by writing a new file and renaming it, so that a
power cut leaves the old file or the new one.
"""

import contextlib
import dataclasses
import errno
import json
import logging
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fablab_hub.core.errors import DiskFullError, StorageError
from fablab_hub.core.ids import JobId, RunId
from fablab_hub.core.messages import MessageError, RunEvent, RunEventKind, decode, encode

log = logging.getLogger(__name__)

MAX_EVENTS = 1000
"""With more than this unheard, pauses of long ago are dropped; starts and ends never are."""

_NAME = "spool.jsonl"
_PASSING = (RunEventKind.PAUSED, RunEventKind.RESUMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRun:
    """A run that began and whose end is not written: under way, or lost with its agent."""

    run_id: RunId
    job_id: JobId


class Spool:
    """The log of one machine's agent; only that agent has it open."""

    def __init__(self, folder: Path) -> None:
        """Open the log in a folder, or begin a new one.

        Raises:
            StorageError: the folder cannot be written.
        """
        self._path = folder / _NAME
        self.spool_id = secrets.token_hex(8)
        self.open_run: OpenRun | None = None
        self._seq = 0
        self._events: list[RunEvent] = []
        self._has_bad_end = False
        with _as_storage_error():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._read_back()
            self._rewrite()

    @property
    def unacknowledged(self) -> tuple[RunEvent, ...]:
        """Every event that the hub may not have, oldest first."""
        return tuple(self._events)

    def append(self, event: RunEvent, *, even_unwritten: bool = False) -> RunEvent:
        """Write an event to disk; give it back with its number and the name of this log.

        Args:
            event: what happened; its `spool_id` and `seq` are filled in.
            even_unwritten: keep it in memory even when the disk refuses it; for what has
                already happened and must be told.

        Raises:
            StorageError: the disk refused it, and it is not kept.
        """
        event = dataclasses.replace(event, spool_id=self.spool_id, seq=self._seq + 1)
        open_run, events = self.open_run, list(self._events)
        self._note(event)
        try:
            with _as_storage_error():
                if len(self._events) > MAX_EVENTS:
                    self._drop_oldest_pause()
                    self._has_bad_end = True
                if self._has_bad_end:
                    self._rewrite()
                else:
                    self._add_line(encode(event))
        except StorageError:
            if not even_unwritten:
                self.open_run, self._events, self._seq = open_run, events, self._seq - 1
                raise
            log.exception("an event of run=%s is only in memory", event.run_id)
        return event

    def acknowledge(self, spool_id: str, seq: int) -> None:
        """Forget every event up to a number; nothing, when it is meant for another log.

        Raises:
            StorageError: the disk refused it; they will be told again, which is harmless.
        """
        left = [event for event in self._events if event.seq > seq]
        if spool_id == self.spool_id and len(left) < len(self._events):
            self._events = left
            with _as_storage_error():
                self._rewrite()

    def _note(self, event: RunEvent) -> None:
        self._events.append(event)
        self._seq = event.seq
        if event.kind is RunEventKind.STARTED:
            self.open_run = OpenRun(run_id=event.run_id, job_id=event.job_id)
        elif event.kind.is_end:
            self.open_run = None

    def _drop_oldest_pause(self) -> None:
        for at, event in enumerate(self._events):
            if event.kind in _PASSING:
                del self._events[at]
                return

    def _read_back(self) -> None:
        """Read what an earlier agent left; a torn last line is what was never told."""
        if not self._path.exists():
            return
        first, *lines = self._path.read_bytes().split(b"\n")
        if not self._read_head(first):
            log.error("%s is damaged; it is kept beside a new one", self._path)
            self._path.replace(self._path.with_suffix(".damaged"))
            return
        for line in filter(None, lines):
            try:
                event = decode(line)
            except MessageError:
                log.warning("%s has a torn line, which was never told", self._path)
                continue
            if isinstance(event, RunEvent) and event.seq > self._seq:
                self._note(event)

    def _read_head(self, line: bytes) -> bool:
        try:
            head: dict[str, Any] = json.loads(line)
            open_run = OpenRun(**head["open_run"]) if head["open_run"] else None
            self.spool_id, self._seq = str(head["spool_id"]), int(head["seq"])
        except (ValueError, KeyError, TypeError):
            return False
        self.open_run = open_run
        return True

    def _add_line(self, line: bytes) -> None:
        self._has_bad_end = True  # until it is known to be whole
        with self._path.open("ab") as stream:
            stream.write(line)
            stream.flush()
            os.fsync(stream.fileno())
        self._has_bad_end = False

    def _rewrite(self) -> None:
        """Write the whole log anew: what the first line says holds before the lines after it."""
        first = self._events[0].seq - 1 if self._events else self._seq
        head = {
            "spool_id": self.spool_id,
            "seq": first,
            "open_run": dataclasses.asdict(self.open_run) if self.open_run else None,
        }
        temporary = self._path.with_suffix(".new")
        with temporary.open("wb") as stream:
            stream.write(json.dumps(head).encode() + b"\n")
            stream.writelines(encode(event) for event in self._events)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        self._has_bad_end = False


@contextlib.contextmanager
def _as_storage_error() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError("storage.disk-full") from error
        raise StorageError("storage.failed") from error
