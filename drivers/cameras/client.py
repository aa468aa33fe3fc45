"""The hub's side of the cameras: one worker process each, and a time-out for whatever it does."""

import asyncio
import contextlib
import logging
from collections.abc import Mapping, Sequence

from drivers.cameras.wire import (
    LENGTH,
    MAX_BYTES,
    StillAnswer,
    StillRequest,
    read_answer,
    request_bytes,
)
from fablab_hub.core.clock import Clock, read_utc, utc_text
from fablab_hub.core.errors import DriverError
from fablab_hub.core.i18n.words import N_, moment_text, translate
from fablab_hub.core.pictures import Picture
from fablab_hub.core.settings import Camera, CameraSource

log = logging.getLogger(__name__)

_START_S = 30.0
"""Importing OpenCV takes seconds on a small board; this is not held against the camera."""
_WORKER_SHARE = 0.9
"""The worker gives up before the hub does: an answer is cheaper than a new process."""
_MARK = N_("demonstration picture")


class CameraClient:
    """Takes stills of the cameras of `fablab.toml`; it is a `core.pictures.TakePicture`.

    Whoever asks while a still is being taken gets that one: ten open pages cost one picture.
    """

    def __init__(
        self,
        cameras: Mapping[str, Camera],
        command: Sequence[str],
        clock: Clock,
        *,
        language: str = "fr",
        zone: str = "Europe/Paris",
    ) -> None:
        """Prepare; a worker is started when its camera is first asked.

        Args:
            cameras: by id.
            command: starts one worker.
            clock: dates the pictures.
            language: of the words on a generated picture.
            zone: time zone of the time on it.
        """
        self._cameras = cameras
        self._command = tuple(command)
        self._clock = clock
        self._language = language
        self._zone = zone
        self._workers: dict[str, _Worker] = {}
        self._stills: dict[str, asyncio.Task[Picture]] = {}

    async def __call__(self, camera_id: str) -> Picture:
        """Take a still.

        Raises:
            DriverError: no such camera (`camera.unknown`), or no picture in time
                (`camera.no-picture`).
        """
        camera = self._cameras.get(camera_id)
        if camera is None:
            raise DriverError("camera.unknown", camera=camera_id)
        still = self._stills.get(camera_id)
        if still is None or still.done():
            still = asyncio.create_task(self._take(camera_id, camera))
            still.add_done_callback(_look_at)
            self._stills[camera_id] = still
        # Somebody who leaves must not take the picture away from the others.
        return await asyncio.shield(still)

    async def close(self) -> None:
        """Give up what is under way, and end every worker."""
        stills = list(self._stills.values())
        self._stills.clear()
        for still in stills:
            still.cancel()
        await asyncio.gather(*stills, return_exceptions=True)
        while self._workers:
            await self._workers.popitem()[1].end()

    async def _take(self, camera_id: str, camera: Camera) -> Picture:
        try:
            worker = await self._worker(camera_id)
            async with asyncio.timeout(camera.timeout_s):
                answer, jpeg = await worker.ask(self._request(camera_id, camera))
        except (TimeoutError, OSError, ValueError, asyncio.IncompleteReadError) as error:
            log.warning("camera %s: its worker is replaced (%s)", camera_id, type(error).__name__)
            await self._replace(camera_id)
            raise DriverError("camera.no-picture", camera=camera_id) from error
        except asyncio.CancelledError:
            await self._replace(camera_id)
            raise
        if answer.error or not jpeg:
            raise DriverError("camera.no-picture", camera=camera_id)
        return Picture(
            jpeg=jpeg[: len(jpeg) - answer.glimpse_bytes],
            glimpse=jpeg[len(jpeg) - answer.glimpse_bytes :],
            width_px=answer.width_px,
            height_px=answer.height_px,
            taken_at=read_utc(answer.taken_at),
            is_generated=camera.source is CameraSource.GENERATED,
        )

    async def _worker(self, camera_id: str) -> "_Worker":
        worker = self._workers.get(camera_id)
        if worker is not None and worker.process.returncode is None:
            return worker
        process = await asyncio.create_subprocess_exec(
            *self._command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        worker = _Worker(process)
        self._workers[camera_id] = worker
        async with asyncio.timeout(_START_S):
            await worker.hear()
        return worker

    async def _replace(self, camera_id: str) -> None:
        worker = self._workers.pop(camera_id, None)
        if worker is not None:
            await worker.end()

    def _request(self, camera_id: str, camera: Camera) -> StillRequest:
        now = self._clock.now()
        return StillRequest(
            camera_id=camera_id,
            source=camera.source.value,
            address=camera.address,
            timeout_s=camera.timeout_s * _WORKER_SHARE,
            now=utc_text(now),
            name=camera.name.text(self._language),
            mark=translate(_MARK, self._language),
            moment=moment_text(now, self._language, self._zone),
        )


def _look_at(still: asyncio.Task[Picture]) -> None:
    """Take note of a failure that nobody waits for any more, so that it is not logged as lost."""
    if not still.cancelled():
        still.exception()


class _Worker:
    """One process and its two pipes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        if process.stdin is None or process.stdout is None:
            raise OSError("a camera worker has no pipes")
        self.process = process
        self._stdin = process.stdin
        self._stdout = process.stdout

    async def ask(self, request: StillRequest) -> tuple[StillAnswer, bytes]:
        """Send a request and wait for its answer.

        Raises:
            OSError: the worker is gone.
            asyncio.IncompleteReadError: it died over the request.
            ValueError: it answered nonsense.
        """
        self._stdin.write(request_bytes(request))
        await self._stdin.drain()
        return await self.hear()

    async def hear(self) -> tuple[StillAnswer, bytes]:
        """Wait for an answer; a worker gives one, empty, when it is ready."""
        answer = read_answer(await self._chunk())
        return answer, await self._chunk()

    async def end(self) -> None:
        """Kill the process and wait until it is gone."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        self._stdin.close()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            await self._stdin.wait_closed()
        # A pipe that is full keeps `wait()` waiting (asyncio's own warning): empty it.
        await self._stdout.read()
        await self.process.wait()

    async def _chunk(self) -> bytes:
        (length,) = LENGTH.unpack(await self._stdout.readexactly(LENGTH.size))
        if length > MAX_BYTES:
            raise ValueError("too long for a picture")
        return await self._stdout.readexactly(length)
