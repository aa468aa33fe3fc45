"""Where the bytes of a check come from: a file that lies on disk, or one that still arrives."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from fablab_hub.core.blob import blob_of
from jobs.counted_file import CountedFile

CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class WholeFile:
    """A file of which every byte is there."""

    path: Path
    sha256: str


class Source(Protocol):
    """The bytes of one check."""

    def known_bytes(self) -> int:
        """Say how many bytes there are already."""

    def head(self, wanted_bytes: int) -> bytes:
        """Give the first bytes; fewer only where the file is shorter."""

    def chunks(self) -> Iterator[bytes]:
        """Give all bytes in pieces, once."""

    def whole(self) -> WholeFile:
        """Say where all bytes lie; waits for those that still arrive."""


class StoredFile:
    """A file that lies on disk; hashed while it is read."""

    def __init__(self, path: Path, on_read: Callable[[int], None] = lambda _: None) -> None:
        self._path = path
        self._on_read = on_read
        self._sha256 = ""

    def known_bytes(self) -> int:
        """Say how large the file is."""
        return self._path.stat().st_size

    def head(self, wanted_bytes: int) -> bytes:
        """Give the first bytes."""
        with self._path.open("rb") as stream:
            return stream.read(wanted_bytes)

    def chunks(self) -> Iterator[bytes]:
        """Give all bytes in pieces, once."""
        digest = hashlib.sha256()
        with CountedFile(self._path, self._on_read) as stream:
            while chunk := stream.read(CHUNK_BYTES):
                digest.update(chunk)
                yield chunk
        self._sha256 = digest.hexdigest()

    def whole(self) -> WholeFile:
        """Say where the bytes lie."""
        if not self._sha256:
            self._sha256 = blob_of(self._path).sha256
        return WholeFile(self._path, self._sha256)


class ArrivingFile:
    """A file that somebody else writes and hashes, and tells how far they are.

    It is opened at once and never by its name again, since it gets another one when it is whole.
    """

    def __init__(self, path: Path, news: BinaryIO) -> None:
        """Open a file.

        Args:
            path: its name as long as it arrives.
            news: a line each time that more has come: `arrived`, bytes from the beginning, and
                `is_all` with the last of them; then one with `path` and `sha256` too.
        """
        self._stream = path.open("rb", buffering=0)
        self._news = news
        self._arrived = 0
        self._is_all = False
        self._whole: WholeFile | None = None

    def close(self) -> None:
        """Let go of the file."""
        self._stream.close()

    def known_bytes(self) -> int:
        """Say how many bytes have come."""
        return self._arrived

    def head(self, wanted_bytes: int) -> bytes:
        """Give the first bytes, as soon as they are there."""
        while self._arrived < wanted_bytes and not self._is_all:
            self._wait()
        return os.pread(self._stream.fileno(), min(wanted_bytes, self._arrived), 0)

    def chunks(self) -> Iterator[bytes]:
        """Give all bytes in pieces, each as soon as it is there."""
        done = 0
        while True:
            while done < self._arrived:
                chunk = self._stream.read(min(CHUNK_BYTES, self._arrived - done))
                done += len(chunk)
                yield chunk
            if self._is_all:
                return
            self._wait()

    def whole(self) -> WholeFile:
        """Wait until all is there, and say where it lies."""
        while self._whole is None:
            self._wait()
        return self._whole

    def _wait(self) -> None:
        line = self._news.readline()
        if not line:
            # Whoever wrote the file is gone, and so is whoever would read our answer.
            raise SystemExit
        news = json.loads(line)
        self._arrived, self._is_all = news["arrived"], news["is_all"]
        if "path" in news:
            self._whole = WholeFile(Path(news["path"]), news["sha256"])
