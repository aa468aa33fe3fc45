"""The checked bytes that a machine runs, and nothing else."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from fablab_hub.core.blob import blob_of
from fablab_hub.core.errors import FileError


class Mark(NamedTuple):
    """Where a program stands after some time.

    Attributes:
        line: lines of the program that were sent.
        byte: where the next line begins.
        after_s: estimated time of the moves until there.
        layer: how many layers were begun; 0 where there are none.
    """

    line: int
    byte: int
    after_s: float
    layer: int = 0


MAX_MARKS = 128
"""So many show a run's progress to the percent, and are small enough for every message."""


def thinned(marks: list[Mark]) -> tuple[Mark, ...]:
    """Give at most `MAX_MARKS` of some marks, evenly, the last among them."""
    step = max(1, -(-len(marks) // MAX_MARKS))
    return tuple(marks[::-1][::step][::-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A canonical program on disk: ASCII, one known command a line, each ended by a newline.

    Attributes:
        path: where the bytes are.
        sha256: of the bytes, as the report names them.
        lines: how many there are.
        duration_s: estimated time of the run.
        marks: where it stands after how long, in order.
    """

    path: Path
    sha256: str
    lines: int
    duration_s: float
    marks: tuple[Mark, ...] = ()

    def fraction_at(self, line: int) -> float:
        """Give the part of the run that is done after some lines, 0..1, by their time.

        Without marks every line counts as long as any other.
        """
        if not self.lines:
            return 0.0
        if not self.marks or self.marks[-1].after_s <= 0:
            return min(1.0, max(0.0, line / self.lines))
        at = bisect_right(self.marks, line, key=lambda mark: mark.line)
        before = self.marks[at - 1] if at else Mark(0, 0, 0.0)
        if at == len(self.marks):
            return 1.0 if line >= self.lines else before.after_s / self.marks[-1].after_s
        after = self.marks[at]
        part = (line - before.line) / max(1, after.line - before.line)
        passed_s = before.after_s + part * (after.after_s - before.after_s)
        return min(1.0, max(0.0, passed_s / self.marks[-1].after_s))

    def verify(self) -> None:
        """Make sure that the bytes on disk are the ones that were checked.

        Raises:
            FileError: they are not, or are gone.
        """
        try:
            found = blob_of(self.path).sha256
        except OSError as error:
            raise FileError("program.missing", sha256=self.sha256) from error
        if found != self.sha256:
            raise FileError("program.changed", sha256=self.sha256)

    def read_lines(self) -> Iterator[bytes]:
        """Read the lines one by one, without their ends, never the whole file at once."""
        with self.path.open("rb") as stream:
            for line in stream:
                yield line.rstrip(b"\n")
