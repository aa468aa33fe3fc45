"""Real drawings, from file to program: each gets an answer soon, and a fair one."""

import math
import os
import time
from pathlib import Path

import pytest

from fablab_hub.core.config import read_settings
from fablab_hub.core.error_texts import TEXTS
from fablab_hub.core.errors import FileError
from jobs.checks.drawing import check_drawing
from jobs.checks.gcode import check_program
from jobs.checks.rules import describe_finding
from jobs.geometry.path import bounds_of
from jobs.geometry.reading import read_drawing
from jobs.picture import draw_picture, strokes_of
from jobs.report import Severity, Verdict, verdict_of
from jobs.toolpath.laser import make_program
from jobs.toolpath.operations import assign
from jobs.toolpath.order import order
from jobs.toolpath.placing import Placing, place

ROOT = Path(__file__).parents[4]
CORPUS = Path(os.environ.get("FABLAB_CORPUS", ROOT.parent / "shared" / "corpus")) / "dxf"
FILES = sorted(CORPUS.glob("*")) if CORPUS.is_dir() else []
LAB = read_settings(ROOT / "fablab_hub" / "cli" / "demo.toml")
LASER, PLYWOOD = LAB.machines["laser"], LAB.materials["plywood-3"]

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not FILES, reason="the corpus of real files is not here (FABLAB_CORPUS)"),
]

MOST_S = 15.0
"""For the largest drawing of the corpus, on a slow and busy machine."""


def _assigned(drawing):
    return place(assign(drawing), (0, 0, *LASER.bed_mm[:2]), Placing()).assigned


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_real_drawing_gets_an_answer_and_a_program_that_the_check_accepts(path):
    before_s = time.process_time()
    try:
        drawing = read_drawing(path)
    except FileError as error:
        assert error.code in TEXTS
        return
    assigned = _assigned(drawing)
    findings = check_drawing(drawing, assigned, LASER, PLYWOOD)
    for finding in findings:
        assert all(describe_finding(finding, "fr"))
    operations = order(assigned.operations)
    assert len(operations) == len(assigned.operations)
    assert math.fsum(op.path.length_mm for op in operations) == pytest.approx(
        math.fsum(op.path.length_mm for op in assigned.operations)
    )
    picture = draw_picture(LASER, strokes_of(operations), findings)
    assert len(picture) < 600_000
    if verdict_of(findings) is not Verdict.REFUSED:
        program = make_program(operations, LASER, PLYWOOD)
        checked = check_program(program, LASER, PLYWOOD, lambda _: None)
        assert [f for f in checked.findings if f.severity is not Severity.ADVISE] == []
        drawn = bounds_of(operation.path for operation in operations)
        assert checked.facts.bounds_mm.min_mm == pytest.approx(drawn.min_mm, abs=0.011)
        assert checked.facts.bounds_mm.max_mm == pytest.approx(drawn.max_mm, abs=0.011)
    assert time.process_time() - before_s < MOST_S


@pytest.mark.parametrize(
    ("name", "verdict", "rules"),
    [
        ("laser-cutting-and-engr__box.dxf", Verdict.ACCEPTED, set()),
        ("OpenIsobus__logo.dxf", Verdict.ACCEPTED, set()),
        ("LACC__front.dxf", Verdict.ACCEPTED, set()),  # as wide as the bed
        ("SofleKeyboard__shape.dxf", Verdict.ACCEPTED, {"unit-guessed"}),
        ("EP1000-raypng__sides1.dxf", Verdict.ACCEPTED, {"many-tiny-lines"}),
        ("bbctrl-enclosure__front.dxf", Verdict.ACCEPTED, {"hidden-layer"}),
        ("tapsterbot__top.dxf", Verdict.ACCEPTED, {"unit-guessed", "recovered"}),
        (
            "artpad__case.dxf",
            Verdict.NEEDS_APPROVAL,
            {"duplicate-lines", "overlapping-lines", "lines-cross", "too-close"},
        ),
        ("trimesh__uc.r13a.dxf", Verdict.NEEDS_APPROVAL, {"unit-doubtful"}),
        ("cabinet-cad__main_door.dxf", Verdict.REFUSED, {"off-the-bed", "larger-than-sheet"}),
        ("dxf__empty.dxf", Verdict.REFUSED, {"nothing-to-make"}),
        ("dxf__threeDFaces.dxf", Verdict.REFUSED, {"nothing-to-make", "solids-left-out"}),
    ],
)
def test_real_drawings_get_the_verdict_that_a_manager_would_give(name, verdict, rules):
    drawing = read_drawing(CORPUS / name)
    findings = check_drawing(drawing, _assigned(drawing), LASER, PLYWOOD)
    assert {finding.rule.removeprefix("drawing.") for finding in findings} == rules
    assert verdict_of(findings) is verdict


def test_two_drawings_in_three_are_accepted():
    verdicts = []
    for path in FILES:
        try:
            drawing = read_drawing(path)
        except FileError:
            continue
        findings = check_drawing(drawing, _assigned(drawing), LASER, PLYWOOD)
        verdicts.append(verdict_of(findings))
    assert verdicts.count(Verdict.ACCEPTED) > len(verdicts) * 0.65


def test_the_layers_of_a_box_generator_say_what_is_cut_and_what_is_engraved():
    drawing = read_drawing(CORPUS / "laser-cutting-and-engr__box.dxf")
    kinds = {}
    for operation in _assigned(drawing).operations:
        kinds.setdefault(operation.path.layer.rpartition("_")[2], set()).add(operation.kind.value)
    assert kinds["outsideCutPath"] == {"cut"}
    assert kinds["labelLayer"] == {"engrave"}
