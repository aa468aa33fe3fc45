"""Real drawings, from file to program: each gets an answer soon, and a fair one."""

import time
from pathlib import Path

import pytest

from fablab_hub.core.config import read_settings
from jobs.checks.drawing import check_drawing
from jobs.geometry.reading import read_drawing
from jobs.report import Verdict, verdict_of
from jobs.toolpath.operations import assign
from jobs.toolpath.placing import Placing, place
from tests.bench.corpus_drawings import (
    ASKED,
    OUTCOMES,
    PAGE,
    REFUSED,
    UNREADABLE,
    check,
    files,
    row_of,
)
from tests.conftest import corpus_folder

ROOT = Path(__file__).parents[4]
_FOLDER = corpus_folder()
FILES = files(_FOLDER) if _FOLDER else []
CORPUS = _FOLDER / "dxf" if _FOLDER else ROOT
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
def test_every_real_drawing_gets_the_answer_that_is_written_down(path):
    before_s = time.process_time()
    found = check(path)
    assert time.process_time() - before_s < MOST_S
    assert row_of(path, found) in PAGE.read_text(encoding="utf-8"), (
        "run `python -m tests.bench.corpus_drawings`"
    )
    if found.outcome in (ASKED, REFUSED):
        assert found.left, "whoever must wait or change something is told what"


def test_the_page_of_answers_adds_up():
    text = PAGE.read_text(encoding="utf-8")
    for outcome in OUTCOMES:
        rows = text.count(f"| {outcome} |")
        assert f"- {outcome}: {rows} of {len(FILES)} " in text


def test_nearly_every_drawing_ends_in_a_program_or_in_something_to_act_on():
    text = PAGE.read_text(encoding="utf-8")
    assert text.count(f"| {UNREADABLE} |") <= 0.05 * len(FILES)


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


def test_the_layers_of_a_box_generator_say_what_is_cut_and_what_is_engraved():
    drawing = read_drawing(CORPUS / "laser-cutting-and-engr__box.dxf")
    kinds = {}
    for operation in _assigned(drawing).operations:
        kinds.setdefault(operation.path.layer.rpartition("_")[2], set()).add(operation.kind.value)
    assert kinds["outsideCutPath"] == {"cut"}
    assert kinds["labelLayer"] == {"engrave"}
