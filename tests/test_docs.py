"""What the README and the other pages tell people to type is typed here."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from fablab_hub.cli.commands import own_command
from tests.fablab_hub.cli.conftest import FILES, run  # noqa: F401 - a fixture
from tests.journeys.conftest import wait_for

ROOT = Path(__file__).parents[1]
SERVES = ("fablab-hub serve",)


def _commands() -> list[str]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = re.findall(r"^    (fablab-hub .+)$", text, re.MULTILINE)
    return [line for line in lines if not line.startswith(SERVES)]


@pytest.fixture(scope="module")
def desk(seeded, tmp_path_factory):
    """A folder like a newcomer's, with a demo lab, two files, and a laser that is switched on."""
    folder = tmp_path_factory.mktemp("desk")
    shutil.copytree(seeded, folder / "demo-lab")
    shutil.copyfile(FILES / "porte-cles-phare.dxf", folder / "part.dxf")
    (folder / "part.gcode").write_text("G21\nG90\nM4\nG0 X5 Y5\nG1 X9 F3000 S200\nM5 S0\n")
    board = subprocess.Popen(
        own_command(
            "simulate", "--machine", "laser", "--data", str(folder / "demo-lab"),
            "--speed-up", "10",
        )
    )  # fmt: skip
    wait_for("the laser is on", (folder / "demo-lab" / "run" / "laser.tty").exists, 20)
    yield folder
    board.terminate()
    board.wait(10)


def test_the_readme_has_commands():
    assert len(_commands()) >= 8


@pytest.mark.parametrize("line", _commands())
def test_a_command_of_the_readme_works_as_written(run, desk, line):  # noqa: F811
    typed = shlex.split(line)[1:]
    if typed[0] == "restore" and not (desk / typed[-1]).exists():
        run("backup", "--data", desk / "demo-lab", desk / typed[-1])
    done = run(*typed, cwd=desk, typed="y\n")
    # The doctor of a lab whose printers are off is right to complain.
    assert done.returncode in ((0, 1) if typed[0] == "doctor" else (0,)), done.stdout + done.stderr


def test_pages_that_are_named_exist():
    for page in (
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *sorted((ROOT / "docs").glob("*.md")),
    ):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} names {target}"


def test_every_decision_says_what_it_must():
    for page in sorted((ROOT / "docs" / "decisions").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        for part in ("Status:", "**Context.**", "**Decision.**"):
            assert part in text, f"{page.name} has no {part}"
