"""A camera that OpenCV can read: USB, a file, MJPEG over HTTP, RTSP.

Seen with OpenCV 5.0: `isOpened()` proves nothing, only a frame that was read does; a stalled
server blocks `read()` for 30 s unless it is told otherwise; after one failed read the capture
is dead and must be opened again.
"""

import logging
import os
from pathlib import Path

import cv2
import numpy as np

from drivers.cameras.camera import Frame, Pixels
from fablab_hub.core.clock import Clock
from fablab_hub.core.errors import TransportError

log = logging.getLogger(__name__)

_TRIES = 2
_SETTLING_FRAMES = 5
"""A USB camera sets its exposure over the first frames; the earlier ones are dark."""
_LEAST_TRY_S = 0.2


class OpenCvCamera:
    """A source that `cv2.VideoCapture` opens.

    A live source is opened for each still and closed after it: a line that stays open hands out
    old frames, and a camera whose light is on is a camera that watches. A video file stays open
    and goes on from still to still, from its start again at its end.
    """

    def __init__(self, camera_id: str, address: str, timeout_s: float, clock: Clock) -> None:
        """Prepare; nothing is opened yet.

        Args:
            camera_id: named in errors.
            address: device number, `/dev/v4l/by-id/...`, a file, or an `http`/`rtsp` address.
            timeout_s: all that one still may take.
            clock: dates the stills.
        """
        self._id = camera_id
        self._address = address
        self._timeout_s = timeout_s
        self._clock = clock
        self._is_file = Path(address).is_file()
        self._is_device = address.isdecimal() or address.startswith("/dev/")
        self._capture: cv2.VideoCapture | None = None

    def still(self) -> Frame:
        """Take a picture; a source that fails once is opened again.

        Raises:
            TransportError: no frame in time.
        """
        deadline_s = self._clock.now_s() + self._timeout_s
        for _ in range(_TRIES):
            left_s = deadline_s - self._clock.now_s()
            if left_s < _LEAST_TRY_S:
                break
            pixels = self._read(left_s)
            if pixels is None or not self._is_file:
                self.close()
            if pixels is not None:
                return Frame(pixels, self._clock.now())
        raise TransportError("camera.no-picture", camera=self._id)

    def close(self) -> None:
        """Let go of the device or the line."""
        if self._capture is not None:
            self._capture.release()
            self._capture = None

    def _read(self, left_s: float) -> Pixels | None:
        if self._capture is None:
            self._capture = self._open(left_s)
        for _ in range(_SETTLING_FRAMES if self._is_device else 0):
            self._capture.grab()
        is_read, pixels = self._capture.read()
        return np.asarray(pixels, np.uint8) if is_read and pixels is not None else None

    def _open(self, left_s: float) -> cv2.VideoCapture:
        """Open the source. Opening may take two thirds of what is left, a read the rest."""
        if self._is_device:
            number = self._device_number()
            return cv2.VideoCapture(number) if number >= 0 else cv2.VideoCapture(self._address)
        return cv2.VideoCapture(
            self._address,
            cv2.CAP_FFMPEG,
            [
                cv2.CAP_PROP_OPEN_TIMEOUT_MSEC,
                round(left_s * 1000 * 2 / 3),
                cv2.CAP_PROP_READ_TIMEOUT_MSEC,
                round(left_s * 1000 / 3),
            ],
        )

    def _device_number(self) -> int:
        """Find `N` of `/dev/videoN`, through the links of `/dev/v4l/by-id`; -1 if it has none."""
        if self._address.isdecimal():
            return int(self._address)
        name = os.path.realpath(self._address).removeprefix("/dev/video")
        return int(name) if name.isdecimal() else -1
