r"""A file in pieces in which only `\n` ends a line, as the check counts lines."""

from collections.abc import Iterator
from typing import BinaryIO

_CHUNK_BYTES = 1 << 20


def line_chunks(stream: BinaryIO, chunk_bytes: int = _CHUNK_BYTES) -> Iterator[bytes]:
    r"""Give a file in pieces of some size; `\r\n` and `\r` become `\n`, wherever they are cut."""
    while chunk := stream.read(chunk_bytes):
        if chunk.endswith(b"\r"):
            chunk += stream.read(1)  # the pair may be cut in two
        yield chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in chunk else chunk
