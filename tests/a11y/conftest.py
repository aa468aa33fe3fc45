"""One lab in which everything can be looked at."""

from collections.abc import Iterator

import pytest

from tests.a11y.stage import SPEED_UP, Stage, set_stage
from tests.journeys.conftest import chromium, open_lab, screenshots  # noqa: F401 - fixtures


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with open_lab(tmp_path_factory.mktemp("stage"), SPEED_UP) as lab:
        yield set_stage(lab)
