"""A database on a real disk, brought up to date, and a clock that stands still."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fablab_hub.core.clock import ManualClock
from fablab_hub.core.db import Database
from fablab_hub.core.migrations import migrate


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def database(tmp_path: Path, clock: ManualClock) -> Iterator[Database]:
    database = Database(tmp_path / "hub.db")
    migrate(database, clock.now(), tmp_path / "backups")
    yield database
    database.close()
