"""Machines of a small lab, and a check that gives the program as text."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from fablab_hub.core.machines import (
    Label,
    LaserLimits,
    Machine,
    MachineKind,
    PrinterLimits,
)
from fablab_hub.core.materials import Material, Preset
from jobs.checks.gcode import ProgramCheck, check_program
from jobs.report import Verdict, verdict_of


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
    return Machine(
        id="laser",
        name=Label("Découpeuse", "Laser cutter"),
        kind=MachineKind.LASER,
        driver="grbl",
        dialect="grbl",
        port="/dev/null",
        bed_mm=(600, 400, 0),
        max_feed_mm_min=12_000,
        laser=LaserLimits(tube_w=60),
    )


def _printer(
    name: str, bed_mm: tuple[float, float, float], nozzle_c: float, bed_c: float, **more: object
) -> Machine:
    values: dict[str, object] = {"dialect": "marlin", "max_feed_mm_min": 12_000.0, **more}
    return Machine(
        id=name,
        name=Label(name, name),
        kind=MachineKind.PRINTER,
        driver="marlin",
        port="/dev/null",
        bed_mm=bed_mm,
        margin_mm=5,
        max_accel_mm_s2=1500,
        printer=PrinterLimits(max_nozzle_c=nozzle_c, max_bed_c=bed_c),
        **values,  # type: ignore[arg-type]
    )


@pytest.fixture(scope="session")
def prusa() -> Machine:
    return _printer("prusa", (250, 210, 210), 300, 120)


@pytest.fixture(scope="session")
def ender() -> Machine:
    return _printer("ender", (220, 220, 250), 260, 100)


@pytest.fixture(scope="session")
def voron() -> Machine:
    return _printer(
        "voron", (300, 300, 300), 300, 120,
        dialect="klipper", slicer_macros=("START_PRINT", "end_print"),
    )  # fmt: skip


@pytest.fixture(scope="session")
def duet() -> Machine:
    return _printer("duet", (300, 300, 300), 300, 120, dialect="reprapfirmware")


@pytest.fixture(scope="session")
def plywood() -> Material:
    return Material(
        id="plywood-3",
        name=Label("Contreplaqué 3 mm", "Plywood 3 mm"),
        thickness_mm=3,
        cut=Preset(power=0.75, feed_mm_min=900),
    )


@pytest.fixture(scope="session")
def gcode_files() -> Path:
    return Path(__file__).parents[3] / "data" / "gcode"
