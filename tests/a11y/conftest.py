"""One lab in which everything can be looked at."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.a11y.pages import Address, find_pages
from tests.a11y.stage import SPEED_UP, Stage, set_stage
from tests.journeys.conftest import (  # noqa: F401 - fixtures
    chromium,
    open_lab,
    patient,
    screenshots,
)


@pytest.fixture(scope="package")
def stage(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with open_lab(tmp_path_factory.mktemp("stage"), SPEED_UP, seeded, patient) as lab:
        yield set_stage(lab)


@pytest.fixture(scope="package")
def pages(stage: Stage) -> list[Address]:
    """Every page; to find them, each route is asked as each role."""
    return find_pages(stage)
