"""Blobs: whole or not there, once each."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fablab_hub.core.blobs import BlobStore, register
from fablab_hub.core.errors import LimitExceededError, StorageError


@given(chunks=st.lists(st.binary(max_size=64), max_size=6))
def test_bytes_come_back_however_they_arrived(tmp_path_factory, chunks):
    store = BlobStore(tmp_path_factory.mktemp("blobs"))
    blob = store.keep(chunks)
    content = b"".join(chunks)
    assert blob.sha256 == hashlib.sha256(content).hexdigest()
    assert blob.bytes == len(content)
    assert store.path(blob.sha256).read_bytes() == content


def test_the_same_bytes_are_kept_once(tmp_path):
    store = BlobStore(tmp_path)
    assert store.keep([b"abc"]) == store.keep([b"a", b"bc"])
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_too_many_bytes_are_refused_and_leave_nothing_behind(tmp_path):
    store = BlobStore(tmp_path)
    with pytest.raises(LimitExceededError) as refused:
        store.keep([b"x" * 600_000, b"x" * 600_000], max_bytes=1_000_000)
    assert refused.value.fields == {"max_mb": 1}
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_an_upload_that_breaks_off_leaves_nothing_behind(tmp_path):
    store = BlobStore(tmp_path)
    with pytest.raises(ConnectionError), store.incoming() as part:
        part.write(b"half")
        raise ConnectionError
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_blob_that_is_not_there_is_named(tmp_path):
    with pytest.raises(StorageError) as missing:
        BlobStore(tmp_path).path("0" * 64)
    assert missing.value.code == "storage.missing-blob"


def test_the_database_cannot_name_a_blob_that_was_not_registered(database, tmp_path, clock):
    blob = BlobStore(tmp_path / "blobs").keep([b"abc"])

    def name_it(tables):
        tables.conn.execute(
            "INSERT INTO photos SELECT 'p', 'no-run', 'end', ?, '2026'", (blob.sha256,)
        )

    with pytest.raises(StorageError):
        database.write_now(name_it)
    database.write_now(lambda tables: register(tables, blob, "text/plain", clock.now()))
    assert database.read("SELECT bytes FROM files") == [{"bytes": 3}]
