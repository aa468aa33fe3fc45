"""A demo lab to change, and a way to run our commands as people do."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from fablab_hub.cli.commands import own_command

Run = Callable[..., "subprocess.CompletedProcess[str]"]
FILES = Path(__file__).parents[3] / "fablab_hub" / "cli" / "demo_files"


@pytest.fixture(scope="session")
def run() -> Run:
    """Run `fablab-hub ...` in a process of its own; English unless told otherwise."""

    def run(*arguments: object, language: str = "en", cwd: Path | None = None, typed: str = ""):
        done = subprocess.run(
            own_command(*map(str, arguments)),
            check=False,
            capture_output=True,
            text=True,
            timeout=180,
            cwd=cwd,
            input=typed,
            env={**os.environ, "LANG": f"{language}.UTF-8", "LC_ALL": f"{language}.UTF-8"},
        )
        assert "Traceback" not in done.stdout + done.stderr, done.stderr
        return done

    return run


@pytest.fixture
def lab(seeded: Path, tmp_path: Path) -> Path:
    """A copy of the seeded lab that a test may change."""
    return Path(shutil.copytree(seeded, tmp_path / "lab"))
