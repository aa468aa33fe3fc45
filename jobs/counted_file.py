"""A file that tells how much of it was read, for whoever waits."""

import io
from collections.abc import Callable
from pathlib import Path


class CountedFile(io.FileIO):
    """A file, opened for reading, that reports after each piece how many bytes were read so far."""

    def __init__(self, path: Path, on_read: Callable[[int], None]) -> None:
        """Open a file.

        Args:
            path: of the file.
            on_read: called with the number of bytes from the file's beginning.
        """
        super().__init__(path, "rb")
        self._on_read = on_read

    def read(self, size: int | None = -1, /) -> bytes:
        """Read a piece, and report."""
        data = super().read(-1 if size is None else size) or b""
        self._on_read(self.tell())
        return data
