"""What every test may ask for: real files, golden files that can be renewed, a seeded demo lab."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.seeding import seeded_lab

ROOT = Path(__file__).parents[1]


# Property tests draw the same examples in every run, so that a change that breaks nothing is never
# refused by chance; `make fuzz` draws new ones, and what it finds becomes an @example.
# None has a deadline: how long an example takes says more of the computer than of the code.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("fuzz", derandomize=False, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write golden files anew")
    parser.addoption("--screenshots", action="store_true", help="write docs/screenshots anew")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


def corpus_folder() -> Path | None:
    """Find the corpus of real files: FABLAB_CORPUS, else beside the checkout; None if absent."""
    folder = Path(os.environ.get("FABLAB_CORPUS", ROOT.parent / "shared" / "corpus"))
    return folder if (folder / "MANIFEST.csv").is_file() else None


@pytest.fixture(scope="session")
def corpus() -> Path:
    folder = corpus_folder()
    if folder is None:
        pytest.skip("the corpus of real files is not here; set FABLAB_CORPUS to its folder")
    return folder


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo lab to be copied: filling one takes longer than most tests that need it."""
    return seeded_lab(tmp_path_factory)
