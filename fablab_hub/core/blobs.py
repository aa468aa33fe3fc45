"""Files, photos and programs on disk, named by their SHA-256.

A blob is written under a temporary name, flushed to disk, and only then given its name, so
that what has a name is whole. The same bytes are kept once.
"""

import contextlib
import errno
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database as Tables

from fablab_hub.core.blob import Blob, blob_of
from fablab_hub.core.clock import utc_text
from fablab_hub.core.db import storage_error
from fablab_hub.core.errors import LimitExceededError, StorageError


class BlobStore:
    """One folder of blobs, split by the first two letters of their names."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, sha256: str) -> Path:
        """Give where a blob lies.

        Raises:
            StorageError: it is not there.
        """
        path = self._place(sha256)
        if not path.is_file():
            raise StorageError("storage.missing-blob", sha256=sha256)
        return path

    def keep(self, chunks: Iterable[bytes], max_bytes: int | None = None) -> Blob:
        """Write bytes as they come, and keep them for good.

        Args:
            chunks: pieces of any size.
            max_bytes: more than this is refused.

        Raises:
            DiskFullError: no room; nothing is left behind.
            LimitExceededError: more than `max_bytes`.
        """
        try:
            with self.incoming() as part:
                for chunk in chunks:
                    part.write(chunk)
                    if max_bytes is not None and part.bytes > max_bytes:
                        raise LimitExceededError("check.too-large", max_mb=max_bytes // 1_000_000)
                return part.keep()
        except OSError as error:
            raise storage_error(error) from error

    def keep_file(self, source: Path) -> Blob:
        """Keep a copy of a file that lies elsewhere.

        Raises:
            DiskFullError: no room; nothing is left behind.
        """
        with source.open("rb") as stream:
            return self.keep(iter(lambda: stream.read(1 << 20), b""))

    def take_file(self, source: Path, known: Blob | None = None) -> Blob:
        """Keep a file that nobody else needs, without a copy where both lie on one disk.

        Args:
            source: the file.
            known: what it holds, from `blob_of`, where somebody has looked already.

        Raises:
            DiskFullError: no room; nothing is left behind.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            blob = known or blob_of(source)
            with source.open("rb+") as stream:
                os.fsync(stream.fileno())
            target = self._place(blob.sha256)
            target.parent.mkdir(exist_ok=True)
            source.replace(target)
            flush_folder(target.parent)
        except OSError as error:
            if error.errno == errno.EXDEV:
                return self.keep_file(source)
            raise storage_error(error) from error
        return blob

    def incoming(self) -> "IncomingBlob":
        """Start a blob that arrives piece by piece (an upload)."""
        self._folder.mkdir(parents=True, exist_ok=True)
        return IncomingBlob(self._folder, self._place)

    def _place(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256


class IncomingBlob:
    """A blob that is still arriving; leaving the `with` block without `keep` forgets it.

    Attributes:
        path: where it lies until it is kept.
        bytes: of it that can be read there.
    """

    def __init__(self, folder: Path, place: Callable[[str], Path]) -> None:
        descriptor, name = tempfile.mkstemp(prefix="incoming-", dir=folder)
        self._stream = os.fdopen(descriptor, "wb")
        self.path = Path(name)
        self._place = place
        self._digest = hashlib.sha256()
        self.bytes = 0

    def __enter__(self) -> "IncomingBlob":
        return self

    def __exit__(self, *_: object) -> None:
        # Closing flushes what is left, and fails again on a full disk: nothing is kept here.
        with contextlib.suppress(OSError):
            self._stream.close()
        self.path.unlink(missing_ok=True)

    def write(self, chunk: bytes | bytearray) -> None:
        """Add bytes.

        Raises:
            OSError: the disk refuses them.
        """
        self._stream.write(chunk)
        self._stream.flush()
        self._digest.update(chunk)
        self.bytes += len(chunk)

    def keep(self) -> Blob:
        """Flush to the disk and give the blob its name.

        Raises:
            OSError: the disk refuses it.
        """
        self._stream.flush()
        os.fsync(self._stream.fileno())
        sha256 = self._digest.hexdigest()
        target = self._place(sha256)
        target.parent.mkdir(exist_ok=True)
        self.path.replace(target)
        flush_folder(target.parent)
        return Blob(sha256, self.bytes)


def register(tables: Tables, blob: Blob, media_type: str, at: datetime) -> None:
    """Note a blob in the database, inside the caller's transaction, before anything names it."""
    tables.conn.execute(
        "INSERT INTO files (sha256, bytes, media_type, created_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (sha256) DO NOTHING",
        (blob.sha256, blob.bytes, media_type, utc_text(at)),
    )


def flush_folder(folder: Path) -> None:
    """Make a rename in a folder survive a power cut (`fsync(2)`, on the folder itself)."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
