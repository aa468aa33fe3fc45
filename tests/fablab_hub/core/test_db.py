"""The database: what is acknowledged is on disk, and one bad act spoils no other."""

import asyncio
import sqlite3
import subprocess
import sys

import pytest

from fablab_hub.core.db import Database
from fablab_hub.core.errors import StorageError


def _note(text: str):
    def act(tables):
        tables.conn.execute("INSERT INTO signin_guards VALUES (?, 1, '', 0)", (text,))
        return text

    return act


def _notes(database: Database) -> list[str]:
    return [row["subject"] for row in database.read("SELECT subject FROM signin_guards")]


def test_what_was_written_is_read_back(database):
    assert database.write_now(_note("a")) == "a"
    assert _notes(database) == ["a"]


def test_an_act_that_fails_is_undone_and_its_neighbours_are_kept(database):
    async def three() -> list[object]:
        return await asyncio.gather(
            *(database.write(_note(text)) for text in ("a", "a", "b")), return_exceptions=True
        )

    first, second, third = asyncio.run(three())
    assert (first, third) == ("a", "b")
    assert isinstance(second, StorageError)
    assert _notes(database) == ["a", "b"]


def test_readers_cannot_write(database):
    with pytest.raises(StorageError):
        database.read("INSERT INTO signin_guards VALUES ('x', 1, '', 0) RETURNING subject")


def test_everything_asked_before_closing_is_kept(tmp_path, clock, database):
    futures = [database._submit(_note(str(number))) for number in range(200)]
    database.close()
    assert all(future.done() for future in futures)
    with sqlite3.connect(tmp_path / "hub.db") as again:
        assert again.execute("SELECT count(*) FROM signin_guards").fetchone() == (200,)
    again.close()


def test_listeners_hear_of_each_commit_and_not_of_failures(database):
    heard: list[int] = []
    stop = database.on_commit(lambda: heard.append(1))
    database.write_now(_note("a"))
    with pytest.raises(StorageError):
        database.write_now(_note("a"))
    stop()
    database.write_now(_note("b"))
    assert heard == [1]


def test_a_copy_made_while_others_write_is_whole(database, tmp_path):
    database.write_now(_note("a"))
    database.copy_to(tmp_path / "copies" / "copy.db")
    with sqlite3.connect(tmp_path / "copies" / "copy.db") as copy:
        assert copy.execute("SELECT subject FROM signin_guards").fetchall() == [("a",)]
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    copy.close()


FILL_THE_DISK = """
import resource, sys
from pathlib import Path
from fablab_hub.core.db import Database
from fablab_hub.core.errors import DiskFullError
from fablab_hub.core.clock import SystemClock
from fablab_hub.core.migrations import migrate

folder = Path(sys.argv[1])
database = Database(folder / "hub.db")
migrate(database, SystemClock().now(), folder / "backups")
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
kept = 0
try:
    while True:
        text = f"{kept:06d}" + "x" * 4000
        database.write_now(lambda tables: tables.conn.execute(
            "INSERT INTO signin_guards VALUES (?, 1, '', 0)", (text,)))
        kept += 1
except DiskFullError:
    print(kept)
"""


def test_a_full_disk_says_so_and_loses_nothing_that_was_acknowledged(tmp_path):
    """A limit on the size of files stands in for a disk without room."""
    done = subprocess.run(
        [sys.executable, "-c", FILL_THE_DISK, str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    kept = int(done.stdout)
    assert kept > 10
    database = Database(tmp_path / "hub.db")
    assert database.read("SELECT count(*) AS n FROM signin_guards")[0]["n"] == kept
    database.close()
