"""Machines of a small lab, and a check that gives the program as text."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from fablab_hub.core.machines import Machine
from fablab_hub.core.materials import Material
from jobs.checks.gcode import ProgramCheck, check_program
from jobs.report import Verdict, verdict_of
from tests.jobs.checks.gcode import machines


@dataclass(frozen=True, slots=True)
class Checked:
    """A check with its program."""

    check: ProgramCheck
    program: bytes

    @property
    def verdict(self) -> Verdict:
        return verdict_of(self.check.findings)

    @property
    def rules(self) -> set[str]:
        return {finding.rule.removeprefix("gcode.") for finding in self.check.findings}

    @property
    def lines(self) -> list[str]:
        return self.program.decode("ascii").splitlines()


Check = Callable[..., Checked]


def run_check(
    program: str | bytes, machine: Machine, material: Material | None = None, **options: object
) -> Checked:
    source = program.encode() if isinstance(program, str) else program
    pieces: list[bytes] = []
    check = check_program(source.split(b"\n"), machine, material, pieces.append, **options)  # type: ignore[arg-type]
    return Checked(check, b"".join(pieces))


@pytest.fixture(scope="session")
def check() -> Check:
    return run_check


@pytest.fixture(scope="session")
def laser() -> Machine:
    return machines.LASER


@pytest.fixture(scope="session")
def prusa() -> Machine:
    return machines.PRUSA


@pytest.fixture(scope="session")
def ender() -> Machine:
    return machines.ENDER


@pytest.fixture(scope="session")
def voron() -> Machine:
    return machines.VORON


@pytest.fixture(scope="session")
def duet() -> Machine:
    return machines.DUET


@pytest.fixture(scope="session")
def plywood() -> Material:
    return machines.PLYWOOD


@pytest.fixture(scope="session")
def gcode_files() -> Path:
    return Path(__file__).parents[3] / "data" / "gcode"
