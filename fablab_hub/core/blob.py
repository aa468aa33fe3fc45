"""What a file holds: its hash and its size. Light to load, unlike the store of them (`blobs`)."""

import hashlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes that are safely on disk."""

    sha256: str
    bytes: int


def blob_of(path: Path) -> Blob:
    """Read what a file holds.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        return Blob(sha256, stream.tell())
