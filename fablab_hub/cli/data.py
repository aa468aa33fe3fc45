"""Open a lab's data for one command, while its hub may be running."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fablab_hub.core.clock import SystemClock
from fablab_hub.core.db import Database
from fablab_hub.core.errors import StorageError
from fablab_hub.core.folders import DataFolder
from fablab_hub.core.migrations import migrate


@contextmanager
def open_database(data: Path, *, may_create: bool = False) -> Iterator[Database]:
    """Open the database of a data folder, brought up to date.

    Args:
        data: the folder.
        may_create: begins a lab in a folder that holds none.

    Raises:
        StorageError: there is no lab in that folder, or it cannot be opened.
    """
    folder = DataFolder(data)
    if not may_create and not folder.database.is_file():
        raise StorageError("storage.no-lab", folder=str(data))
    database = Database(folder.database)
    try:
        migrate(database, SystemClock().now(), folder.backups)
        yield database
    finally:
        database.close()
