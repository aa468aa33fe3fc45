"""Cameras to look at: files made on the spot, and a real MJPEG server that can be made to stall."""

import socketserver
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from drivers.cameras.client import CameraClient
from fablab_hub.core.clock import ManualClock
from fablab_hub.core.machines import Label
from fablab_hub.core.settings import Camera, CameraSource

ROOT = Path(__file__).parents[3]
WORKER = (
    sys.executable,
    "-c",
    f"import sys; sys.path.insert(0, {str(ROOT)!r});"
    "from drivers.cameras.worker import run_worker; run_worker()",
)
HEADERS = b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n"


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
def worker() -> tuple[str, ...]:
    return WORKER


def flat_picture(grey: int, width: int = 320, height: int = 240) -> np.ndarray:
    return np.full((height, width, 3), grey, np.uint8)


def jpeg_of(pixels: np.ndarray) -> bytes:
    return cv2.imencode(".jpg", pixels)[1].tobytes()


def greyness(jpeg: bytes) -> float:
    return float(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR).mean())


class MjpegServer(socketserver.ThreadingTCPServer):
    """`multipart/x-mixed-replace`, as cheap network cameras speak it.

    Attributes:
        is_stalled: answers with its headers, and then says nothing.
        frames_before_stall: how many frames a line gets before it falls silent; None for ever.
        connections: how often somebody opened the stream.
    """

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Stream)
        self.is_stalled = False
        self.grey = 90
        self.connections = 0
        self.was_opened = threading.Event()
        self.is_closing = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/stream"


class _Stream(socketserver.StreamRequestHandler):
    server: MjpegServer

    def handle(self) -> None:
        while self.rfile.readline().strip():
            pass
        self.server.connections += 1
        self.server.was_opened.set()
        try:
            self.wfile.write(HEADERS)
            while not self.server.is_closing.wait(0.04):
                if not self.server.is_stalled:
                    self._send(jpeg_of(flat_picture(self.server.grey)))
        except OSError:
            return

    def _send(self, jpeg: bytes) -> None:
        self.wfile.write(
            b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(jpeg)
        )
        self.wfile.write(jpeg + b"\r\n")


@pytest.fixture
def mjpeg() -> Iterator[MjpegServer]:
    with MjpegServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.is_closing.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "bed.jpg"
    path.write_bytes(jpeg_of(flat_picture(200)))
    return path


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Four frames, each brighter than the one before."""
    path = tmp_path / "run.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (320, 240))
    for grey in (40, 90, 140, 190):
        writer.write(flat_picture(grey))
    writer.release()
    return path


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


def camera_at(address: str, timeout_s: float = 4.0) -> Camera:
    label = Label(fr="Caméra", en="Camera")
    return Camera(name=label, source=CameraSource.OPENCV, address=address, timeout_s=timeout_s)


@pytest.fixture
async def new_client(clock: ManualClock):
    clients: list[CameraClient] = []

    def make(cameras: dict[str, Camera], command: tuple[str, ...] = WORKER) -> CameraClient:
        client = CameraClient(cameras, command, clock, zone="Europe/Paris")
        clients.append(client)
        return client

    yield make
    for client in clients:
        await client.close()


@pytest.fixture(name="camera_at")
def _camera_at() -> Callable[..., Camera]:
    return camera_at


@pytest.fixture(name="greyness")
def _greyness() -> Callable[[bytes], float]:
    return greyness
