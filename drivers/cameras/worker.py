"""The process that owns OpenCV: one for each camera, killed and replaced when it hangs.

It reads requests on its standard input and writes answers on its standard output
(`drivers.cameras.wire`). What libraries print goes to standard error.
"""

import os
import signal
import sys
import time
from datetime import datetime, timedelta
from typing import BinaryIO

import cv2

from drivers.cameras.camera import Camera, Frame
from drivers.cameras.generated import GeneratedCamera
from drivers.cameras.opencv import OpenCvCamera
from drivers.cameras.wire import (
    LENGTH,
    StillAnswer,
    StillRequest,
    answer_bytes,
    read_request,
)
from fablab_hub.core.clock import read_utc, utc_text
from fablab_hub.core.errors import DriverError
from fablab_hub.core.settings import CameraSource

_LONGEST_SIDE_PX = 1920
_JPEG_QUALITY = 85
_GLIMPSE_SIDE_PX = 480
_GLIMPSE_QUALITY = 60
_READY = StillAnswer()


def run_worker() -> None:
    """Take stills until the hub closes the line; the whole life of a camera worker."""
    # Ctrl-C in a terminal reaches the whole group; the hub decides when a worker ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    answers.write(answer_bytes(_READY))
    _Worker(sys.stdin.buffer, answers).serve()


class _HubClock:
    """The hub's time, carried on between its requests."""

    def __init__(self) -> None:
        self._told: datetime | None = None
        self._told_s = 0.0

    def tell(self, now: datetime) -> None:
        """Set it."""
        self._told, self._told_s = now, self.now_s()

    def now(self) -> datetime:
        if self._told is None:
            raise ValueError("nobody told the time")
        return self._told + timedelta(seconds=self.now_s() - self._told_s)

    def now_s(self) -> float:
        return time.monotonic()


class _Worker:
    def __init__(self, requests: BinaryIO, answers: BinaryIO) -> None:
        self._requests = requests
        self._answers = answers
        self._clock = _HubClock()
        self._opened: tuple[str, Camera] | None = None

    def serve(self) -> None:
        """Answer requests until there are no more."""
        while head := self._requests.read(LENGTH.size):
            request = read_request(self._requests.read(LENGTH.unpack(head)[0]))
            self._clock.tell(read_utc(request.now))
            # A call into OpenCV that never returns outlives the hub, unless the kernel ends it.
            signal.setitimer(signal.ITIMER_REAL, request.timeout_s * 3)
            content = self._answer(request)
            signal.setitimer(signal.ITIMER_REAL, 0)
            self._answers.write(content)

    def _answer(self, request: StillRequest) -> bytes:
        try:
            return _encode(self._camera(request).still())
        except DriverError as error:
            return answer_bytes(StillAnswer(error=error.code))
        except cv2.error as error:
            sys.stderr.write(f"camera {request.camera_id}: {error}\n")
            return answer_bytes(StillAnswer(error="camera.no-picture"))

    def _camera(self, request: StillRequest) -> Camera:
        if request.source == CameraSource.GENERATED:
            return GeneratedCamera(
                request.camera_id, request.name, request.mark, request.moment, self._clock
            )
        if self._opened is None or self._opened[0] != request.address:
            camera = OpenCvCamera(
                request.camera_id, request.address, request.timeout_s, self._clock
            )
            self._opened = (request.address, camera)
        return self._opened[1]


def _encode(frame: Frame) -> bytes:
    """Make a JPEG; OpenCV writes no EXIF, so it tells nothing but what is seen."""
    height, width = frame.pixels.shape[:2]
    scale = min(1.0, _LONGEST_SIDE_PX / max(height, width))
    width, height = round(width * scale), round(height * scale)
    pixels = cv2.resize(frame.pixels, (width, height), interpolation=cv2.INTER_AREA)
    jpeg = _jpeg(pixels, _JPEG_QUALITY)
    share = min(1.0, _GLIMPSE_SIDE_PX / max(height, width))
    size = (max(1, round(width * share)), max(1, round(height * share)))
    glimpse = _jpeg(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), _GLIMPSE_QUALITY)
    answer = StillAnswer(
        width_px=width,
        height_px=height,
        taken_at=utc_text(frame.taken_at),
        glimpse_bytes=len(glimpse),
    )
    return answer_bytes(answer, jpeg + glimpse)


def _jpeg(pixels: cv2.typing.MatLike, quality: int) -> bytes:
    _, jpeg = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return jpeg.tobytes()
