"""What is said about a drawing: each rule has a drawing that breaks it."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fablab_hub.core.error_texts import TEXTS
from fablab_hub.core.i18n.words import languages
from jobs.checks.drawing import check_drawing
from jobs.checks.drawing_rules import DRAWING_RULES
from jobs.checks.rules import describe_finding
from jobs.geometry.drawing import Drawing, LeftOut, PlacedImage, Seen, Unit, UnitFacts, UnitSource
from jobs.geometry.path import bounds_of
from jobs.report import Severity, Verdict, verdict_of
from jobs.toolpath.operations import assign
from jobs.toolpath.placing import Placing, place
from tests.jobs.toolpath.conftest import circle, lab, laser, line, plywood, square  # noqa: F401

MM = UnitFacts(unit=Unit.MM, source=UnitSource.FILE, declared=Unit.MM)
GUESSED = UnitFacts(unit=Unit.MM, source=UnitSource.SIZE, declared=None)
DOUBTFUL = dataclasses.replace(GUESSED, is_doubtful=True)
UNLIKELY = dataclasses.replace(DOUBTFUL, declared=Unit.M, width_as_declared_mm=100_000.0)


def laid(drawing, sheet=(0, 0, 600, 400)):
    return place(assign(drawing), sheet, Placing()).assigned


def _drawing(*paths, **more) -> Drawing:
    return Drawing(
        **{"paths": paths, "units": MM, "left_out": {}, "bounds_mm": bounds_of(paths), **more}
    )


@pytest.fixture
def check(laser, plywood):  # noqa: F811 - fixtures of these names
    def check(drawing, material=plywood):
        return check_drawing(drawing, laid(drawing), laser, material)

    return check


def _rules(findings) -> set[str]:
    return {finding.rule.removeprefix("drawing.") for finding in findings}


PLATE = square(0, 0, 100)


@pytest.mark.parametrize(
    ("drawing", "rule"),
    [
        (_drawing(), "nothing-to-make"),
        (_drawing(square(0, 0, 406)), "off-the-bed"),
        (_drawing(PLATE, units=DOUBTFUL), "unit-doubtful"),
        (_drawing(PLATE, units=GUESSED), "unit-guessed"),
        (_drawing(PLATE, units=UNLIKELY), "unit-unlikely"),
        (_drawing(PLATE, square(0, 0, 100)), "duplicate-lines"),
        (_drawing(PLATE, *[line((5, 5), (9, 9), layer="pli")] * 2), "duplicate-marks"),
        (_drawing(*(line((0, y / 10), (390, y / 10)) for y in range(100))), "long-cut"),
        (_drawing(PLATE, line((5, 5), (9, 9), colour=5)), "by-colour"),
        (_drawing(PLATE, left_out={LeftOut.SOLID_3D: 1}), "solids-left-out"),
        (_drawing(PLATE, line((5, 5), (1e12, 9))), "misplaced"),
        (_drawing(circle(50, 50, 9), circle(50, 50, 9).reversed()), "duplicate-lines"),
        (_drawing(PLATE, line((10, 10), (40, 10))), "open-contour"),
        (_drawing(line((0, 0), (50, 0), (50, 50), (0, 0.05))), "tiny-gap"),
        (_drawing(PLATE, circle(50, 50, 0.4)), "too-small"),
        (_drawing(PLATE, left_out={LeftOut.HIDDEN_LAYER: 2}), "hidden-layer"),
        (_drawing(PLATE, left_out={LeftOut.TEXT: 1}), "text-left-out"),
        (_drawing(PLATE, left_out={LeftOut.DIMENSION: 1}), "dimensions-left-out"),
        (_drawing(PLATE, left_out={LeftOut.IMAGE: 1}), "images-left-out"),
        (_drawing(PLATE, left_out={LeftOut.ENDLESS: 1}), "others-left-out"),
        (_drawing(PLATE, left_out={LeftOut.NO_LENGTH: 3}), "zero-length"),
        (_drawing(PLATE, seen={Seen.LAID_FLAT: 1}), "laid-flat"),
        (_drawing(PLATE, seen={Seen.LAYOUT: 1}), "layouts-left-out"),
        (_drawing(PLATE, was_recovered=True), "recovered"),
        (_drawing(PLATE, line((0, 0), (9, 9), layer="COTES")), "layers-for-people"),
        (_drawing(square(0, 0, 20), circle(9, 9, 4), circle(300, 300, 0.6)), "stray-part"),
        (
            _drawing(*(line((x / 50, 0), (x / 50 + 0.02, 0)) for x in range(2500))),
            "many-tiny-lines",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_drawing_that_breaks_a_rule_is_told(check, drawing, rule):
    assert rule in _rules(check(drawing))


@pytest.mark.parametrize(
    "drawing",
    [
        _drawing(PLATE),
        _drawing(square(0, 0, 395)),
        _drawing(PLATE, circle(50, 50, 9), circle(20, 20, 9)),
        _drawing(square(-500, -500, 100)),
        _drawing(line((0, 0), (50, 0), (50, 50), (0, 0.005))),
    ],
)
def test_an_ordinary_drawing_is_told_nothing(check, drawing):
    assert check(drawing) == ()


@pytest.mark.parametrize(
    ("material_id", "rule", "verdict"),
    [
        (None, "no-material", Verdict.REFUSED),
        ("pvc-3", "forbidden-material", Verdict.REFUSED),
        ("mdf-3", "material-needs-staff", Verdict.NEEDS_APPROVAL),
        ("plywood-3", None, Verdict.ACCEPTED),
    ],
)
def test_the_material_decides(check, lab, material_id, rule, verdict):  # noqa: F811
    findings = check(_drawing(PLATE), lab.materials[material_id] if material_id else None)
    assert verdict_of(findings) is verdict
    assert rule is None or rule in _rules(findings)


def test_an_operation_without_a_preset_is_refused(check, plywood):  # noqa: F811
    scored = _drawing(PLATE, line((5, 5), (9, 9), layer="pli"))
    assert "no-preset" in _rules(check(scored, dataclasses.replace(plywood, score=None)))


def test_a_sheet_that_is_too_small_is_asked_about(check, plywood):  # noqa: F811
    small = dataclasses.replace(plywood, sheet_mm=(80, 120))
    assert "larger-than-sheet" in _rules(check(_drawing(PLATE), small))
    turned = dataclasses.replace(plywood, sheet_mm=(90, 200))
    assert "larger-than-sheet" not in _rules(
        check(_drawing(line((0, 0), (150, 80), (0, 0))), turned)
    )


def test_a_finding_says_where_on_the_bed(check):
    findings = check(_drawing(PLATE, line((10, 10), (40, 10), handle="2F")))
    (found,) = [f for f in findings if f.rule == "drawing.open-contour"]
    assert found.where[0].handle == "2F"
    assert found.where[0].at_mm == (15, 15)


def test_every_rule_has_its_words_and_names_only_facts_that_it_has(check, lab):  # noqa: F811
    assert len({rule.id for rule in DRAWING_RULES}) == len(DRAWING_RULES) >= 15
    for rule in DRAWING_RULES:
        assert rule.id not in TEXTS or rule.id == "drawing.no-preset"
        assert rule.severity in Severity
    shown = check(_drawing(square(0, 0, 900), units=DOUBTFUL))
    for finding in shown:
        for language in languages():
            assert "{" not in "".join(describe_finding(finding, language))


def test_findings_come_in_the_order_of_the_table_and_each_rule_once(check):
    messy = _drawing(
        PLATE, PLATE, line((0, 0), (500, 5)), line((9, 9), (12, 9), colour=5), units=DOUBTFUL,
        left_out={LeftOut.TEXT: 2, LeftOut.POINT: 1, LeftOut.ENDLESS: 1}, seen={Seen.LAYOUT: 1},
    )  # fmt: skip
    table = [rule.id for rule in DRAWING_RULES]
    places = [table.index(finding.rule) for finding in check(messy)]
    assert len(places) > 6
    assert places == sorted(set(places))


def test_a_spot_off_the_bed_is_where_the_drawing_is_farthest_off(check):
    (found,) = [f for f in check(_drawing(line((0, 0), (700, 50)))) if "off" in f.rule]
    assert found.where[0].at_mm == (700, 55)


def test_a_drawing_as_large_as_its_sheet_is_no_matter(check, plywood):  # noqa: F811
    same = dataclasses.replace(plywood, sheet_mm=(100, 100))
    assert check(_drawing(square(0, 0, 100.3)), same) == ()


def test_a_forbidden_material_can_never_be_allowed_by_the_lab():
    hard = {rule.id.removeprefix("drawing.") for rule in DRAWING_RULES if rule.is_hard}
    assert hard == {"nothing-to-make", "off-the-bed", "no-go-zone", "forbidden-material"}


@given(
    st.lists(
        st.tuples(st.floats(0, 500), st.floats(0, 500), st.floats(1, 300)), min_size=1, max_size=6
    ),
    st.floats(0, 500),
)
def test_a_larger_bed_refuses_no_more(laser, plywood, shapes, more_mm):  # noqa: F811
    drawing = _drawing(*(square(*shape) for shape in shapes))
    width, depth, height = laser.bed_mm
    larger = dataclasses.replace(laser, bed_mm=(width + more_mm, depth + more_mm, height))

    def refused(machine):
        findings = check_drawing(drawing, laid(drawing), machine, plywood)
        return {f.rule for f in findings if f.severity is Severity.REFUSE}

    assert refused(larger) <= refused(laser)


@given(x=st.floats(-5000, 5000), y=st.floats(-5000, 5000))
def test_where_it_was_drawn_changes_no_finding(laser, plywood, x, y):  # noqa: F811
    paths = (PLATE, line((10, 10), (40, 10)), circle(50, 50, 0.4), circle(70, 70, 9))
    moved = _drawing(*(path.moved((x, y)) for path in paths))

    def rules(drawing):
        return [(f.rule, f.count) for f in check_drawing(drawing, laid(drawing), laser, plywood)]

    assert rules(moved) == rules(_drawing(*paths))


def test_a_picture_alone_is_told_its_size_and_nothing_else(check):
    image = PlacedImage(data=b"", corner_mm=(0, 40), across_mm=(60, 40), down_mm=(0, 0), layer="0")
    (found,) = check(_drawing(images=(image,), units=GUESSED))
    assert (found.rule, found.facts["width"]) == ("drawing.picture-engraved", 60)
