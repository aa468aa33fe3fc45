"""Lines of a file, one by one, however long the file is."""

from collections.abc import Iterator
from typing import BinaryIO

from fablab_hub.core.errors import LimitExceededError

CHUNK_BYTES = 1 << 18
MAX_LINE_BYTES = 1 << 16
"""Longest line that is read: slicers write comments of some thousand characters."""


def read_lines(stream: BinaryIO, max_line_bytes: int = MAX_LINE_BYTES) -> Iterator[bytes]:
    r"""Give the lines of a file without their ends; memory does not grow with the file.

    `\n`, `\r\n` and `\r` all end a line; the last one may have no end.

    Raises:
        LimitExceededError: a line is longer than `max_line_bytes`.
    """
    rest = b""
    while chunk := stream.read(CHUNK_BYTES):
        if chunk.endswith(b"\r"):
            chunk += stream.read(1)  # the pair may be cut in two
        if b"\r" in chunk:
            chunk = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        lines = (rest + chunk).split(b"\n")
        rest = lines.pop()
        if len(rest) > max_line_bytes:
            raise LimitExceededError("check.long-line", max_kb=max_line_bytes // 1024)
        yield from lines
    if rest:
        yield rest
