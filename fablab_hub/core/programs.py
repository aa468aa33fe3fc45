"""The checked bytes that a machine runs, and nothing else."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fablab_hub.core.errors import FileError


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A canonical program on disk: ASCII, one known command a line, each ended by a newline.

    Attributes:
        path: where the bytes are.
        sha256: of the bytes, as the report names them.
        lines: how many there are.
        duration_s: estimated time of the run.
    """

    path: Path
    sha256: str
    lines: int
    duration_s: float

    def verify(self) -> None:
        """Make sure that the bytes on disk are the ones that were checked.

        Raises:
            FileError: they are not, or are gone.
        """
        try:
            with self.path.open("rb") as stream:
                found = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            raise FileError("program.missing", sha256=self.sha256) from error
        if found != self.sha256:
            raise FileError("program.changed", sha256=self.sha256)

    def read_lines(self) -> Iterator[bytes]:
        """Read the lines one by one, without their ends, never the whole file at once."""
        with self.path.open("rb") as stream:
            for line in stream:
                yield line.rstrip(b"\n")
