"""Check workers: processes that open strangers' files, with limits, replaced when they die.

A worker reads one request a line on its standard input and answers one line, after lines about its
progress where they are wanted; it limits itself (`jobs.checkworker`). The pool limits the time on
the clock, and whatever a worker does, from a crash to silence, its owner gets a report that says
so.
"""

import asyncio
import contextlib
import json
import logging
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from fablab_hub.core.blob import Blob, blob_of
from fablab_hub.core.errors import FablabError, LimitExceededError
from fablab_hub.core.settings import CheckSettings
from jobs.check_request import (
    CheckOutcome,
    CheckRequest,
    outcome_from_json,
    request_to_json,
)
from jobs.early_check import Arrival, EarlyCheck
from jobs.unusable import unusable_report

log = logging.getLogger(__name__)

_REUSES = 200
"""A worker is replaced after this many files: whatever leaks, leaks no further."""
_LINE_BYTES = 16 * 1024 * 1024


class Workers:
    """A few check workers, and the files that wait for one."""

    def __init__(self, command: Sequence[str], settings: CheckSettings, scratch: Path) -> None:
        """Prepare the pool; workers are started when the first file comes.

        Args:
            command: starts one worker.
            settings: how many, and how long a file may take.
            scratch: folder for what checks write.
        """
        self._command = tuple(command)
        self._settings = settings
        self._scratch = scratch
        self._idle: list[_Worker] = []
        self._places = asyncio.Semaphore(settings.workers)
        # A file may take an hour to arrive, and must not keep those waiting that are there.
        self._early_places = asyncio.Semaphore(settings.workers)

    async def check(
        self, request: CheckRequest, on_read: Callable[[int], None] | None = None
    ) -> CheckOutcome:
        """Check one file; waits its turn. Every file gets a report, whatever it does to its worker.

        Args:
            request: the file.
            on_read: called a few times a second with the bytes of a program checked so far.

        Raises:
            StorageError: no room for what the check writes.
        """
        async with self._places:
            folder = self._new_folder()
            try:
                return await self._check(request, folder, on_read)
            except FablabError as error:
                return CheckOutcome(
                    report=unusable_report(request.path, request.name, error),
                    program=None,
                    picture=None,
                    folder=folder,
                )
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise

    def begin(self, request: CheckRequest) -> EarlyCheck | None:
        """Begin to check a file that still arrives; None where no worker is free for that."""
        if self._early_places.locked():
            return None
        arrival = Arrival()
        task = asyncio.create_task(self._check_early(request, arrival), name="early check")
        return EarlyCheck(request, arrival, task)

    async def _check_early(self, request: CheckRequest, arrival: Arrival) -> CheckOutcome:
        async with self._early_places:
            folder = self._new_folder()
            try:
                return await self._check(request, folder, None, arrival)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise

    async def close(self) -> None:
        """End every worker."""
        while self._idle:
            await self._idle.pop().end()

    async def _check(
        self,
        request: CheckRequest,
        folder: Path,
        on_read: Callable[[int], None] | None,
        arrival: Arrival | None = None,
    ) -> CheckOutcome:
        worker = self._idle.pop() if self._idle else await self._spawn()
        reading = _Reading()
        wall_s, loop = self._settings.wall_s, asyncio.get_running_loop()
        try:
            async with asyncio.timeout(None if arrival else wall_s) as limit:
                if arrival:
                    arrival.when_whole(lambda: limit.reschedule(loop.time() + wall_s))
                asked = request_to_json(request, folder)
                answer = await worker.ask(asked, on_read, reading.begin, arrival)
        except TimeoutError as error:
            await worker.end()
            limit_s = round(self._settings.wall_s)
            raise LimitExceededError("check.too-slow", limit_s=limit_s) from error
        except BaseException:
            await worker.end()
            raise
        if worker.files >= _REUSES or len(self._idle) >= self._settings.workers:
            await worker.end()
        else:
            self._idle.append(worker)
        return replace(outcome_from_json(answer, folder), program_blob=await reading.blob())

    async def _spawn(self) -> "_Worker":
        process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_LINE_BYTES,
            # A group of its own: Ctrl-C at a terminal is for us, and we end the worker.
            process_group=0,
        )
        return _Worker(process)

    def _new_folder(self) -> Path:
        self._scratch.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix="check-", dir=self._scratch))


class _Reading:
    """Reads what a check has written while its worker still draws the picture."""

    def __init__(self) -> None:
        self._task: asyncio.Task[Blob] | None = None

    def begin(self, program: Path) -> None:
        """Begin to read a program that is whole."""
        self._task = asyncio.create_task(asyncio.to_thread(blob_of, program))
        # A worker that dies now takes its folder with it, and nobody asks what was read.
        self._task.add_done_callback(lambda task: task.cancelled() or task.exception())

    async def blob(self) -> Blob | None:
        """Give what it holds; None where nobody knows yet."""
        if self._task is not None:
            with contextlib.suppress(OSError):
                return await self._task
        return None


@dataclass(slots=True)
class _Worker:
    process: asyncio.subprocess.Process
    files: int = field(default=0)

    async def ask(
        self,
        request: dict[str, Any],
        on_read: Callable[[int], None] | None,
        on_written: Callable[[Path], None],
        arrival: Arrival | None,
    ) -> dict[str, Any]:
        """Send one request and wait for its answer, telling of the progress meanwhile.

        Args:
            request: as JSON.
            on_read: called with the bytes read so far.
            on_written: called with the program once it lies there whole.
            arrival: of a file that is not all there yet; the worker hears of it.

        Raises:
            LimitExceededError: the worker died over the file (memory, processor time, a crash).
        """
        stdin, stdout = self.process.stdin, self.process.stdout
        if stdin is None or stdout is None:
            raise LimitExceededError("check.worker-died", status="no pipe")
        self.files += 1
        request = {
            **request,
            "progress": on_read is not None,
            "arriving": arrival is not None,
            "written": True,
        }
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            stdin.write(json.dumps(request).encode() + b"\n")
            await stdin.drain()
            with arrival.told_by(stdin.write) if arrival else contextlib.nullcontext():
                while line := await stdout.readline():
                    answer: dict[str, Any] = json.loads(line)
                    if "written" in answer:
                        on_written(Path(answer["written"]))
                    elif "read_bytes" not in answer:
                        return answer
                    elif on_read is not None:
                        on_read(int(answer["read_bytes"]))
        status = await self.process.wait()
        log.warning("a check worker died with status %s", status)
        raise LimitExceededError("check.worker-died", status=status)

    async def end(self) -> None:
        """Kill the process and wait until it is gone."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()
