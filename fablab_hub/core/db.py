"""The one SQLite file: one writer thread, read-only connections for everybody else.

Writes that wait at the same moment are committed together (group commit): with
`synchronous=FULL` each commit costs a flush of the disk, tens of milliseconds on an SD card.
An act is acknowledged only after its commit; an act that raises is undone alone.
"""

import asyncio
import contextlib
import errno
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlite_utils import Database as Tables

from fablab_hub.core.errors import DiskFullError, FablabError, StorageError

log = logging.getLogger(__name__)

Result = TypeVar("Result")
Row = dict[str, Any]
Act = Callable[[Tables], Result]
"""What a writer does in one transaction; it may be undone, so it touches nothing else."""

_BATCH = 64
_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 5000",
    "PRAGMA temp_store = MEMORY",
)


@dataclass(frozen=True, slots=True)
class _Task:
    act: Act[Any]
    future: "Future[Any]"


class Database:
    """The lab's database, open for reading and writing."""

    def __init__(self, path: Path) -> None:
        """Open the file, make it if need be, and start the writer.

        Raises:
            StorageError: the file cannot be opened.
        """
        self.path = path
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._readers = threading.local()
        self._open_readers: list[sqlite3.Connection] = []
        self._listeners: list[Callable[[], None]] = []
        with _storage_errors():
            path.parent.mkdir(parents=True, exist_ok=True)
            self._tables = Tables(_connect(path))
            self._tables.conn.execute("PRAGMA journal_mode = WAL")
            self._tables.conn.execute("PRAGMA synchronous = FULL")
        self._writer = threading.Thread(target=self._write_forever, name="database", daemon=True)
        self._writer.start()

    def read(self, sql: str, values: tuple[object, ...] | Row = ()) -> list[Row]:
        """Run a query; rows come as dictionaries.

        Raises:
            StorageError: the database cannot be read.
        """
        with _storage_errors():
            cursor = self._reader().execute(sql, values)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor]

    def read_one(self, sql: str, values: tuple[object, ...] | Row = ()) -> Row | None:
        """Give the first row of a query; None when there is none."""
        rows = self.read(sql, values)
        return rows[0] if rows else None

    async def write(self, act: Act[Result]) -> Result:
        """Do an act in a transaction; returns once it is safely on disk.

        Raises:
            StorageError: it could not be saved; nothing of it was.
        """
        return await asyncio.wrap_future(self._submit(act))

    def write_now(self, act: Act[Result]) -> Result:
        """Do what `write` does, for commands and tests that have no event loop."""
        return self._submit(act).result()

    def on_commit(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call back (on the writer's thread) after each commit; gives a way to stop."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def copy_to(self, target: Path) -> None:
        """Write a consistent copy while the hub goes on; replaces the target at the end.

        Raises:
            StorageError: there is no room for it, or it cannot be written.
        """
        part = target.with_suffix(target.suffix + ".part")
        with _storage_errors():
            target.parent.mkdir(parents=True, exist_ok=True)
            with (
                contextlib.closing(_connect(self.path)) as source,
                contextlib.closing(sqlite3.connect(part)) as copy,
            ):
                source.backup(copy)
            part.replace(target)

    def close(self) -> None:
        """Finish what was asked, then let go of the file."""
        self._tasks.put(None)
        self._writer.join()
        for connection in self._open_readers:
            connection.close()
        self._tables.close()

    def _submit(self, act: Act[Result]) -> "Future[Result]":
        future: Future[Result] = Future()
        self._tasks.put(_Task(act, future))
        return future

    def _reader(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._readers, "connection", None)
        if connection is None:
            connection = _connect(self.path)
            connection.execute("PRAGMA query_only = ON")
            self._readers.connection = connection
            self._open_readers.append(connection)
        return connection

    def _write_forever(self) -> None:
        while (first := self._tasks.get()) is not None:
            batch, is_last = self._gather(first)
            self._commit(batch)
            if is_last:
                return

    def _gather(self, first: _Task) -> tuple[list[_Task], bool]:
        """Take what waits behind the first task, up to a batch; tell whether it is the end."""
        batch = [first]
        while len(batch) < _BATCH:
            try:
                task = self._tasks.get_nowait()
            except queue.Empty:
                break
            if task is None:
                return batch, True
            batch.append(task)
        return batch, False

    def _commit(self, batch: list[_Task]) -> None:
        done: list[tuple[_Task, Any]] = []
        try:
            with _storage_errors(), self._tables.atomic():
                for task in batch:
                    self._attempt(task, done)
        except FablabError as error:
            for task, _ in done:
                task.future.set_exception(error)
            return
        for task, value in done:
            task.future.set_result(value)
        if done:
            for listener in tuple(self._listeners):
                listener()

    def _attempt(self, task: _Task, done: list[tuple[_Task, Any]]) -> None:
        # An act that began is finished: whoever gave up waiting for it cannot cancel it any more.
        if not task.future.set_running_or_notify_cancel():
            return
        try:
            with _storage_errors(), self._tables.atomic():
                value = task.act(self._tables)
        except Exception as error:  # noqa: BLE001 - belongs to whoever asked, who gets it
            task.future.set_exception(error)
        else:
            done.append((task, value))


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    for pragma in _PRAGMAS:
        connection.execute(pragma)
    return connection


@contextlib.contextmanager
def _storage_errors() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorname", "") in _FULL:
            raise DiskFullError("storage.disk-full") from error
        raise StorageError("storage.failed", cause=str(error)) from error
    except OSError as error:
        raise storage_error(error) from error


def storage_error(error: OSError) -> StorageError:
    """Say what a failed write to the disk means for a person."""
    if error.errno in _NO_ROOM:
        return DiskFullError("storage.disk-full")
    return StorageError("storage.failed", cause=str(error))


_FULL = {"SQLITE_FULL", "SQLITE_IOERR_WRITE"}
"""SQLite says FULL for ENOSPC only; a quota or a size limit comes as IOERR_WRITE (`os_unix.c`)."""

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
