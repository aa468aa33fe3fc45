"""What every test may ask for: the corpus of real files, and golden files that can be renewed."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


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
