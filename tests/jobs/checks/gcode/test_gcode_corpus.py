"""Real files: each one ends in a check or a named error, soon, and with a sensible verdict."""

import os
import time
from pathlib import Path
from typing import Any

import pytest

from fablab_hub.core.errors import FileError
from fablab_hub.core.machines import Machine
from fablab_hub.core.sentences.gcode import TEXTS
from fablab_hub.gcode.reading import read_lines
from fablab_hub.gcode.sniff import HEAD_BYTES
from jobs.checks.gcode import ProgramCheck, check_program
from jobs.checks.gcode_file import require_gcode
from jobs.report import Verdict, verdict_of

ROOT = Path(__file__).parents[4]
CORPUS = Path(os.environ.get("FABLAB_CORPUS", ROOT.parent / "shared" / "corpus")) / "gcode"
FILES = sorted(CORPUS.glob("*")) if CORPUS.is_dir() else []

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not FILES, reason="the corpus of real files is not here (FABLAB_CORPUS)"),
]

MOST_S = 10.0
"""For the largest file of the corpus (1.8 MB), on a slow and busy machine."""


def _check(path: Path, machine: Machine) -> tuple[ProgramCheck, bytes]:
    pieces: list[bytes] = []
    with path.open("rb") as stream:
        require_gcode(stream.read(HEAD_BYTES))
        stream.seek(0)
        return check_program(read_lines(stream), machine, None, pieces.append), b"".join(pieces)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_real_file_gets_an_answer_for_every_machine(
    path: Path, laser: Machine, prusa: Machine, ender: Machine, voron: Machine
) -> None:
    for machine in (laser, prusa, ender, voron):
        before_s = time.process_time()
        try:
            found, program = _check(path, machine)
        except FileError as error:
            assert error.code in TEXTS
        else:
            assert program.isascii() and program.count(b"\n") == found.program_lines
        assert time.process_time() - before_s < MOST_S


@pytest.mark.parametrize(
    ("name", "machine", "verdict"),
    [
        ("SofleKeyboard__Sofle_pico_OLED*", "prusa", Verdict.ACCEPTED),
        ("gcode-preview__plant-sign*", "prusa", Verdict.ACCEPTED),
        ("gcode-preview__screw*", "ender", Verdict.ACCEPTED),
        ("gcode-preview__vase*", "ender", Verdict.ACCEPTED),
        ("3d-printer__idea_maker*", "prusa", Verdict.NEEDS_APPROVAL),
        ("3d-printer__orca*", "voron", Verdict.NEEDS_APPROVAL),
        ("fdm-spot-welded*", "ender", Verdict.NEEDS_APPROVAL),
        ("musicutility__lid*", "prusa", Verdict.REFUSED),
        ("cncjs__jsdc-laser*", "laser", Verdict.REFUSED),
        ("laser-cutting*LaserDrawBoxes*", "laser", Verdict.REFUSED),
        ("lw-guesstimate__escaleras*", "laser", Verdict.NEEDS_APPROVAL),
    ],
)
def test_genuine_files_get_the_verdict_that_a_manager_would_give(
    name: str, machine: str, verdict: Verdict, request: Any
) -> None:
    (path,) = CORPUS.glob(name)
    found, _ = _check(path, request.getfixturevalue(machine))
    assert verdict_of(found.findings) is verdict, [f.rule for f in found.findings]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("*.bgcode", "check.not-gcode-binary-gcode"),
        ("*plated-drill.cnc", "check.not-gcode-drill"),
        ("LaserGcodeEditor__test.nc", "check.not-gcode-text"),
    ],
)
def test_files_that_only_look_like_gcode_by_name_are_named(
    name: str, code: str, laser: Machine
) -> None:
    (path,) = CORPUS.glob(name)
    with pytest.raises(FileError) as caught:
        _check(path, laser)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("name", "slicer_s"), [("SofleKeyboard*", 30 * 60 + 34), ("3d-printer__idea_maker*", 1835)]
)
def test_the_time_is_near_the_slicer_s_own_estimate(
    name: str, slicer_s: float, prusa: Machine
) -> None:
    (path,) = CORPUS.glob(name)
    facts = _check(path, prusa)[0].facts
    assert facts.duration_s - facts.heating_s == pytest.approx(slicer_s, rel=0.1)


def test_what_left_the_nozzle_is_near_what_the_slicer_says(prusa: Machine) -> None:
    (path,) = CORPUS.glob("SofleKeyboard*")
    (said,) = [
        line for line in path.read_text("utf-8").splitlines() if "; filament used [mm]" in line
    ]
    facts = _check(path, prusa)[0].facts
    assert facts.filament_mm == pytest.approx(float(said.partition("=")[2]), rel=0.03)
