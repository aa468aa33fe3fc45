"""Where the machine is at a line of its program: the place of a finding that only names a line."""

from collections.abc import Collection, Iterable, Iterator

from fablab_hub.core.errors import LimitExceededError
from fablab_hub.core.geometry import Point
from fablab_hub.core.machines import Machine
from jobs.checks.gcode import Checker
from jobs.checks.gcode_reading import Limits


def spots_of_lines(
    chunks: Iterable[bytes], wanted: Collection[int], machine: Machine, limits: Limits
) -> dict[int, Point]:
    r"""Find where the machine stands once it has run a line, for a few lines of a file.

    The file is read again by the reading that the check itself uses, up to the last line wanted:
    what a line means is decided in one place. A line that the machine refuses moves nothing.

    Args:
        chunks: of the file as it was sent; only `\n` ends a line.
        wanted: numbers of lines, 1-based; those past the end have no place.
        machine: that shall run it.
        limits: of the check.

    Returns:
        X, Y on the bed, in mm, by line.
    """
    follower = Checker(machine, None, _forget, limits)
    spots: dict[int, Point] = {}
    try:
        for piece, line in _cut_after(chunks, sorted(set(wanted))):
            follower.feed(piece)
            if line is not None:
                spots[line] = follower.at_mm()
    except LimitExceededError:
        # The check itself has said so; marks found until here are still right.
        return spots
    return spots


def _cut_after(chunks: Iterable[bytes], wanted: list[int]) -> Iterator[tuple[bytes, int | None]]:
    """Give a file in pieces; those that end with a wanted line come with its number."""
    line, waiting, is_open = 1, list(reversed(wanted)), False
    for chunk in chunks:
        at, last = 0, line + chunk.count(b"\n")
        while waiting and waiting[-1] < last:
            end = at
            for _ in range(waiting[-1] - line + 1):
                end = chunk.index(b"\n", end) + 1
            yield chunk[at:end], waiting[-1]
            at, line = end, waiting.pop() + 1
        if not waiting:
            return
        if at < len(chunk):
            yield chunk[at:], None
        line, is_open = last, not chunk.endswith(b"\n")
    if is_open and waiting and waiting[-1] == line:
        yield b"", line


def _forget(program: bytes) -> None:
    """Take the canonical program, which was written already."""
    del program
