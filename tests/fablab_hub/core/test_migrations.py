"""The schema: one golden file, a backup before each change, and no way back by accident."""

import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database as Tables

from fablab_hub.core.db import Database
from fablab_hub.core.errors import NewerDatabaseError
from fablab_hub.core.migrations import migrate
from fablab_hub.core.schema import STEPS

GOLDEN = Path(__file__).parents[2] / "data" / "schema.sql"


def _schema(database: Database) -> str:
    rows = database.read(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE '\\_%' ESCAPE '\\'"
        " ORDER BY type, name"
    )
    return ";\n".join(row["sql"] for row in rows) + ";\n"


def test_the_schema_is_the_one_that_was_reviewed(database, update_golden):
    if update_golden:
        GOLDEN.write_text(_schema(database))
    assert _schema(database) == GOLDEN.read_text()


def test_every_table_is_strict(database):
    rows = database.read("PRAGMA table_list")
    ours = [
        row
        for row in rows
        if row["type"] == "table" and not row["name"].startswith(("_", "sqlite_"))
    ]
    assert ours
    assert all(row["strict"] for row in ours)


def test_a_second_start_changes_nothing_and_makes_no_backup(database, clock, tmp_path):
    assert migrate(database, clock.now(), tmp_path / "backups") is None
    assert not (tmp_path / "backups").exists()


def test_an_older_database_is_copied_before_it_is_brought_up_to_date(tmp_path, clock):
    database = Database(tmp_path / "old.db")
    last = STEPS._migrations[-1].name
    old = sqlite3.connect(tmp_path / "old.db")
    tables = Tables(old)
    STEPS.apply(tables, stop_before=last)
    old.execute("INSERT INTO signin_guards VALUES ('kept', 1, '', 0)")
    old.commit()
    tables.close()
    backup = migrate(database, clock.now(), tmp_path / "backups")
    assert backup is not None
    assert last in backup.name
    with sqlite3.connect(backup) as copy:
        assert copy.execute("SELECT subject FROM signin_guards").fetchone() == ("kept",)
    copy.close()
    assert database.read("SELECT * FROM fabrications") == []
    database.close()


def test_a_database_of_a_newer_version_is_refused_and_left_as_it_is(database, clock, tmp_path):
    path = tmp_path / "hub.db"
    with sqlite3.connect(path) as newer:
        newer.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)"
            " VALUES ('fablab_hub', 'from_the_future', '2030')"
        )
    newer.close()
    before = _schema(database)
    with pytest.raises(NewerDatabaseError):
        migrate(database, clock.now(), tmp_path / "backups")
    assert _schema(database) == before
