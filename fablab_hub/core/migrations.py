"""Bring a database up to date: a backup, then every step of the schema that it lacks."""

import sqlite3
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database as Tables

from fablab_hub.core.clock import utc_text
from fablab_hub.core.db import Database
from fablab_hub.core.errors import NewerDatabaseError, StorageError
from fablab_hub.core.schema import STEPS


def migrate(database: Database, now: datetime, backups: Path) -> Path | None:
    """Bring the schema up to date, after a backup of what was there.

    Args:
        database: open, possibly empty.
        now: names the backup.
        backups: folder for the copy.

    Returns:
        The backup, or None when nothing had to change or there was nothing to save.

    Raises:
        NewerDatabaseError: a newer version wrote it; nothing was changed.
        StorageError: a step failed; the database is as it was before that step.
    """
    tables = Tables(sqlite3.connect(database.path))
    try:
        known = {step.name for step in STEPS._migrations}
        applied = {step.name for step in STEPS.applied(tables)}
        if applied - known:
            raise NewerDatabaseError("storage.newer-database", step=min(applied - known))
        if applied == known:
            return None
        backup = None
        if applied:
            stamp = utc_text(now).replace(":", "").replace(".", "")
            backup = backups / f"before-{STEPS.pending(tables)[0].name}-{stamp}.db"
            database.copy_to(backup)
        # SQLite cannot switch foreign keys inside a transaction, so the whole upgrade runs
        # without them on a connection of its own, and is checked at the end.
        STEPS.apply(tables)
        broken = list(tables.conn.execute("PRAGMA foreign_key_check"))
        if broken:
            raise StorageError("storage.failed", cause=f"foreign keys: {broken[0]}")
        return backup
    finally:
        tables.close()
