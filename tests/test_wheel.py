"""The wheel carries all that a hub needs, the built assets included, and nothing of the tests."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
KERNELS = [
    path for room in ("fablab_hub", "jobs") for path in (ROOT / room).glob("*/kernel/*.abi3.so")
]
"""As `make setup` compiled them; none where there is no compiler."""


@pytest.fixture(scope="module")
def names(tmp_path_factory):
    if not (ROOT / "web" / "static" / "manifest.json").is_file():
        pytest.skip("the assets are not built: `make setup`")
    folder = tmp_path_factory.mktemp("wheel")
    compiled = folder / "compiled"
    for kernel in KERNELS:
        copy = compiled / kernel.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(kernel, copy)
    # Kernels that were compiled from these sources already are not compiled a second time; and
    # nothing comes from the checkout's own build folder, where what was removed may still lie.
    options = folder / "options.cfg"
    options.write_text(f"[build]\nbuild_lib = {compiled}\n", encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation",
         "--disable-pip-version-check", "-w", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
        env={**os.environ, "DIST_EXTRA_CONFIG": str(options)},
    )  # fmt: skip
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as content:
        return set(content.namelist())


def test_every_file_that_the_hub_reads_is_in_the_wheel(names):
    wanted = {
        path.relative_to(ROOT).as_posix()
        for folder in ("web/static", "web/templates", "fablab_hub/cli/demo_files",
                       "fablab_hub/fonts", "fablab_hub/core/i18n")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }  # fmt: skip
    assert len(wanted) > 40
    assert wanted - names == set()
    assert {kernel.relative_to(ROOT).as_posix() for kernel in KERNELS} <= names
    assert {"fablab_hub/cli/demo.toml", "projects/exports/portfolio.typ"} <= names


def test_every_module_is_in_the_wheel_and_no_test_is(names):
    modules = {
        path.relative_to(ROOT).as_posix()
        for room in ("fablab_hub", "drivers", "jobs", "projects", "web")
        for path in (ROOT / room).rglob("*.py")
        if "node_modules" not in path.parts
    }
    assert modules - names == set()
    assert not [
        name for name in names if name.startswith(("tests/", "docs/")) or "node_modules" in name
    ]
