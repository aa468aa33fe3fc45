"""Where a check's bytes come from: what arrives bit by bit is read as if it had lain there."""

import hashlib
import io
import json
import tempfile
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.check_source import ArrivingFile, StoredFile, WholeFile


def news_of(arrivals, path, data, *, are_all_in_last=True):
    """The lines that a hub writes while a file comes in pieces of these sizes."""
    lines = [{"arrived": size, "is_all": False} for size in arrivals]
    if are_all_in_last:
        lines.append({"arrived": len(data), "is_all": True})
    sha256 = hashlib.sha256(data).hexdigest()
    lines.append({"arrived": len(data), "is_all": True, "path": str(path), "sha256": sha256})
    return io.BytesIO(b"".join(json.dumps(line).encode() + b"\n" for line in lines))


@given(st.binary(max_size=5000), st.lists(st.integers(1, 900), max_size=20), st.booleans())
def test_however_a_file_arrives_the_same_bytes_are_read(data, sizes, are_all_in_last):
    with tempfile.TemporaryDirectory() as folder:
        arriving, kept = Path(folder) / "incoming", Path(folder) / "kept"
        arriving.write_bytes(data)
        arrivals = [size for size in accumulate(sizes) if size <= len(data)]
        news = news_of(arrivals, kept, data, are_all_in_last=are_all_in_last)
        source = ArrivingFile(arriving, news)
        arriving.rename(kept)
        stored = StoredFile(kept)

        assert source.head(100) == stored.head(100) == data[:100]
        assert b"".join(source.chunks()) == b"".join(stored.chunks()) == data
        assert source.whole() == stored.whole()
        source.close()


def test_nothing_is_read_that_has_not_been_announced(tmp_path):
    path = tmp_path / "incoming"
    path.write_bytes(b"G28\nG1 X5\nhalf a li")
    source = ArrivingFile(path, news_of([4, 10], path, b"G28\nG1 X5\nhalf a line\n"))
    chunks = source.chunks()

    assert next(chunks) == b"G28\n"
    assert next(chunks) == b"G1 X5\n"
    source.close()


def test_a_check_ends_with_the_hub_that_it_is_for(tmp_path):
    (tmp_path / "incoming").write_bytes(b"G28\n")
    source = ArrivingFile(tmp_path / "incoming", io.BytesIO(b""))
    with pytest.raises(SystemExit):
        source.head(10)
    source.close()


def test_a_stored_file_is_hashed_while_it_is_read_and_otherwise_when_asked(tmp_path):
    path = tmp_path / "part.gcode"
    path.write_bytes(b"G28\n")
    expected = WholeFile(path, hashlib.sha256(b"G28\n").hexdigest())
    read, unread = StoredFile(path), StoredFile(path)
    assert list(read.chunks()) == [b"G28\n"]
    path.write_bytes(b"later")
    assert read.whole() == expected
    assert unread.whole().sha256 == hashlib.sha256(b"later").hexdigest()
