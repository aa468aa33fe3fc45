"""Lines of a file, wherever the chunks are cut."""

import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fablab_hub.core.errors import LimitExceededError
from fablab_hub.gcode import reading
from fablab_hub.gcode.reading import read_lines


@given(
    st.lists(st.tuples(st.sampled_from([b"", b"G1 X1", b";"]), st.sampled_from([b"\n", b"\r\n"]))),
    st.sampled_from([b"", b"M5"]),
    st.integers(1, 9),
)
def test_where_chunks_are_cut_changes_nothing(
    lines: list[tuple[bytes, bytes]], last: bytes, chunk_bytes: int
) -> None:
    whole = b"".join(text + end for text, end in lines) + last
    expected = [text for text, _ in lines] + ([last] if last else [])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "CHUNK_BYTES", chunk_bytes)
        assert list(read_lines(io.BytesIO(whole))) == expected


def test_a_carriage_return_alone_ends_a_line() -> None:
    assert list(read_lines(io.BytesIO(b"G21\rG90\rM5"))) == [b"G21", b"G90", b"M5"]


def test_a_line_without_an_end_is_refused_before_it_fills_the_memory() -> None:
    with pytest.raises(LimitExceededError, match=r"check\.long-line"):
        list(read_lines(io.BytesIO(b"X" * 2_000_000)))


def test_memory_does_not_grow_with_the_file() -> None:
    stream = io.BytesIO(b"G1 X1 Y1\n" * 1_000_000)
    tracemalloc.start()
    count = sum(1 for _ in read_lines(stream))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 1_000_000
    assert peak < 8_000_000
