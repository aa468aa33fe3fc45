"""Lines of a file, one by one, however long the file is."""

from collections.abc import Iterator
from typing import BinaryIO

from fablab_hub.core.errors import LimitExceededError

CHUNK_BYTES = 1 << 18
MAX_LINE_BYTES = 1 << 16
"""Longest line that is read: slicers write comments of some thousand characters."""


class LineSplitter:
    """Cuts bytes, which come in pieces, into lines."""

    def __init__(self, max_line_bytes: int = MAX_LINE_BYTES) -> None:
        self._longest = max_line_bytes
        self._rest = b""

    def feed(self, chunk: bytes) -> list[bytes]:
        r"""Give the lines that are whole now, without their ends: `\n`, `\r\n` or `\r`.

        Raises:
            LimitExceededError: a line is longer than the limit.
        """
        data = self._rest + chunk
        held = b"\r" if data.endswith(b"\r") else b""  # the pair may be cut in two
        data = data[: len(data) - len(held)]
        if b"\r" in data:
            data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        lines = data.split(b"\n")
        self._rest = lines.pop() + held
        self._check(max(map(len, lines), default=0))
        self._check(len(self._rest) - len(held))
        return lines

    def finish(self) -> list[bytes]:
        """Give the last line, if it has no end."""
        last, self._rest = self._rest, b""
        return [last.removesuffix(b"\r")] if last else []

    def _check(self, size: int) -> None:
        if size > self._longest:
            raise LimitExceededError("check.long-line", max_kb=self._longest // 1024)


def read_lines(stream: BinaryIO, max_line_bytes: int = MAX_LINE_BYTES) -> Iterator[bytes]:
    r"""Give the lines of a file without their ends; memory does not grow with the file.

    `\n`, `\r\n` and `\r` all end a line; the last one may have no end.

    Raises:
        LimitExceededError: a line is longer than `max_line_bytes`.
    """
    splitter = LineSplitter(max_line_bytes)
    while chunk := stream.read(CHUNK_BYTES):
        yield from splitter.feed(chunk)
    yield from splitter.finish()
