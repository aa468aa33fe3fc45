"""A large file on its way to the hub: hashed and checked while it arrives, and who waits for that.

Everything goes over real sockets on loopback, to a hub in a process of its own. "Only hashed" is
the same server's own upload with nothing behind it.
"""

import contextlib
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tests.bench import gcode_data
from tests.bench.slicing import MissingToolError
from tests.bench.table import Row, median_ratio

_CHECKED = 1.4
_VERDICT_S = 0.3
_P99 = 2.0
_GIGABIT_MB_S = 117.0
"""What TCP carries on gigabit Ethernet; a lab's Wi-Fi carries less."""
_CHUNK_BYTES = 1 << 18
_PACE_S = 0.01
_IDLE_S = 5.0
_BOUNDARY = "cut-here"


@dataclass(frozen=True, slots=True)
class Hub:
    """A hub that listens."""

    port: int
    token: str


@dataclass(frozen=True, slots=True)
class Sent:
    """One upload.

    Attributes:
        all_s: from its first byte to the answer.
        last_s: from its last byte to the answer.
        body: of the answer.
    """

    all_s: float
    last_s: float
    body: dict[str, object]


def run() -> list[Row]:
    """Measure uploads with and without a check, and a small page's time meanwhile."""
    try:
        path = gcode_data.build()["print_big"].clean
    except MissingToolError as error:
        return [Row(name="upload", median=0, unit="", goal=str(error), is_met=False)]
    rounds = int(os.environ.get("FABLAB_BENCH_ROUNDS", "5"))
    with tempfile.TemporaryDirectory() as folder, _hub(Path(folder)) as hub:
        send(hub, "/hash-only", path)
        send(hub, "/api/v1/jobs?wait_s=60", path)
        hashed: list[Sent] = []
        checked: list[Sent] = []
        with Visits(hub) as idle:
            time.sleep(_IDLE_S)
        with Visits(hub) as busy:
            for _ in range(rounds):
                hashed.append(send(hub, "/hash-only", path))
                with busy.counted():
                    checked.append(send(hub, "/api/v1/jobs?wait_s=60", path))
        with Visits(hub) as calm, calm.counted():
            lan = [send(hub, "/api/v1/jobs?wait_s=60", path, _GIGABIT_MB_S) for _ in range(rounds)]
        lan_hashed = [send(hub, "/hash-only", path, _GIGABIT_MB_S) for _ in range(rounds)]
    size_mb = path.stat().st_size / 1e6
    return [
        *_rows(f"upload of {size_mb:.0f} MB", hashed, checked),
        *_rows(f"upload of {size_mb:.0f} MB at 1 Gbit/s", lan_hashed, lan),
        _page_row("as fast as it goes", idle, busy),
        _page_row("at 1 Gbit/s", idle, calm),
    ]


@contextlib.contextmanager
def _hub(folder: Path) -> Iterator[Hub]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.upload_server", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    said = json.loads(process.stdout.readline())
    try:
        _wait_for(said["port"])
        yield Hub(said["port"], said["token"])
    finally:
        process.stdin.close()
        process.wait(timeout=30)


def _wait_for(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port)).close()
            return
        time.sleep(0.05)


def send(hub: Hub, address: str, path: Path, most_mb_s: float | None = None) -> Sent:
    """Send a file as a browser would, the answers about it first; no faster than a line allows."""
    field = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="machine_id"\r\n\r\nprinter\r\n'
    head = (
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{path.name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    before, after = (field + head).encode(), f"\r\n--{_BOUNDARY}--\r\n".encode()
    length = len(before) + path.stat().st_size + len(after)
    with path.open("rb") as stream, socket.create_connection(("127.0.0.1", hub.port)) as link:
        start_s = time.perf_counter()
        link.sendall(
            f"POST {address} HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer {hub.token}\r\n"
            f"Content-Type: multipart/form-data; boundary={_BOUNDARY}\r\n"
            f"Content-Length: {length}\r\nAccept: application/json\r\n\r\n".encode()
        )
        link.sendall(before)
        _send_body(link, stream, most_mb_s)
        link.sendall(after)
        last_s = time.perf_counter()
        answer = http.client.HTTPResponse(link)
        answer.begin()
        body = json.loads(answer.read())
        end_s = time.perf_counter()
    assert answer.status in (200, 201), body
    return Sent(end_s - start_s, end_s - last_s, body)


def _send_body(link: socket.socket, stream: BinaryIO, most_mb_s: float | None) -> None:
    start_s, sent_mb = time.perf_counter(), 0.0
    while chunk := stream.read(_CHUNK_BYTES):
        link.sendall(chunk)
        sent_mb += len(chunk) / 1e6
        if most_mb_s:
            time.sleep(max(0.0, start_s + sent_mb / most_mb_s - time.perf_counter()))


class Visits:
    """Somebody who asks for a small page again and again, and how long each answer took."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._thread = threading.Thread(target=self._visit)
        self._is_over = threading.Event()
        self._is_counted = False
        self._all: list[float] = []
        self._marked: list[float] = []

    def __enter__(self) -> "Visits":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    @contextlib.contextmanager
    def counted(self) -> Iterator[None]:
        """Count only the answers of this block."""
        self._is_counted = True
        yield
        self._is_counted = False

    def p99_s(self) -> float:
        """Give the time that 99 answers in a hundred do not exceed."""
        return statistics.quantiles(self._marked or self._all, n=100)[98]

    def _visit(self) -> None:
        link = http.client.HTTPConnection("127.0.0.1", self._hub.port)
        while not self._is_over.is_set():
            start_s = time.perf_counter()
            link.request("GET", "/healthz")
            link.getresponse().read()
            taken_s = time.perf_counter() - start_s
            (self._marked if self._is_counted else self._all).append(taken_s)
            time.sleep(_PACE_S)


def _rows(name: str, hashed: list[Sent], checked: list[Sent]) -> list[Row]:
    ratio = median_ratio([sent.all_s for sent in checked], [sent.all_s for sent in hashed])
    hash_s = statistics.median(sent.all_s for sent in hashed)
    verdict_s = statistics.median(sent.last_s for sent in checked)
    return [
        Row(
            name=f"{name}: hashed and checked",
            median=statistics.median(sent.all_s for sent in checked),
            unit="s",
            peer=f"only hashed: {hash_s:.3g} s",
            ratio=ratio,
            goal=f"ratio ≤ {_CHECKED:g}",
            is_met=ratio <= _CHECKED,
        ),
        Row(
            name=f"{name}: verdict after the last byte",
            median=verdict_s,
            unit="s",
            goal=f"≤ {_VERDICT_S:g} s",
            is_met=verdict_s <= _VERDICT_S,
        ),
    ]


def _page_row(pace: str, idle: Visits, busy: Visits) -> Row:
    beside = busy.p99_s() / idle.p99_s()
    return Row(
        name=f"upload {pace}: a small page meanwhile, 99th percentile",
        median=busy.p99_s() * 1000,
        unit="ms",
        peer=f"idle: {idle.p99_s() * 1000:.3g} ms",
        ratio=beside,
        goal=f"ratio ≤ {_P99:g}",
        is_met=beside <= _P99,
    )
