"""Layers and colours to operations, as the lab agreed; where the author drew it means nothing."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fablab_hub.core.materials import OperationKind
from jobs.geometry.drawing import Drawing, Unit, UnitFacts, UnitSource
from jobs.geometry.path import bounds_of
from jobs.toolpath.convention import CONVENTION, Colour, Convention, convention_of
from jobs.toolpath.operations import assign
from tests.jobs.toolpath.conftest import circle, line, square

CUT, SCORE, ENGRAVE = OperationKind.CUT, OperationKind.SCORE, OperationKind.ENGRAVE
UNITS = UnitFacts(unit=Unit.MM, source=UnitSource.FILE, declared=Unit.MM)


def _drawing(*paths) -> Drawing:
    return Drawing(paths=paths, units=UNITS, left_out={}, bounds_mm=bounds_of(paths))


def _kinds(*paths) -> list[OperationKind]:
    return [operation.kind for operation in assign(_drawing(*paths)).operations]


@pytest.mark.parametrize(
    ("layer", "kind"),
    [
        ("0", CUT),
        ("CUT", CUT),
        ("Découpe", CUT),
        ("left_outsideCutPath", CUT),
        ("front_labelLayer", ENGRAVE),
        ("gravure texte", ENGRAVE),
        ("ETCH-TOP", ENGRAVE),
        ("BEND", SCORE),
        ("plis", SCORE),
        ("OUTER_PROFILES", CUT),
        ("图框", CUT),
    ],
)
def test_a_layers_name_decides(layer, kind):
    assert _kinds(square(0, 0, 20, layer=layer)) == [kind]


def test_one_colour_says_nothing_and_two_say_what_the_lab_agreed():
    assert _kinds(square(0, 0, 20, colour=5)) == [CUT]
    two = (square(0, 0, 50, colour=1), line((5, 5), (9, 9), colour=5))
    assert sorted(_kinds(*two)) == [CUT, SCORE]


def test_a_name_beats_a_colour():
    drawn = (square(0, 0, 50, colour=1, layer="gravure"), line((5, 5), (9, 9), colour=5))
    assert ENGRAVE in _kinds(*drawn)


def test_a_dashed_line_on_a_layer_with_a_meaning_is_made():
    fold = line((5, 5), (9, 9), layer="PLI", linetype="DASHED")
    assert sorted(_kinds(square(0, 0, 50), fold)) == [CUT, SCORE]


@pytest.mark.parametrize(
    ("colours", "kinds", "by_colour"),
    [
        ((1, 5), [CUT, SCORE], True),
        ((1, 7), [CUT, ENGRAVE], True),
        ((7, 5), [CUT, SCORE], True),
        ((1, 7, 3), [CUT, ENGRAVE, ENGRAVE], True),
        ((1, 252), [CUT, ENGRAVE], True),
        ((3, 6, 2), [CUT, CUT, CUT], False),
        ((7, 7), [CUT, CUT], False),
        ((10, 170), [CUT, SCORE], True),
    ],
)
def test_colours_mean_something_where_one_of_them_is_cut(colours, kinds, by_colour):
    paths = [circle(n * 20, 0, 5, colour=colour) for n, colour in enumerate(colours)]
    assigned = assign(_drawing(*paths))
    found = {op.path.colour: op.kind for op in assigned.operations}
    assert [found[colour] for colour in colours] == kinds
    assert assigned.by_colour is by_colour


@pytest.mark.parametrize(
    ("layer", "kind"),
    [
        ("cut and mark", ENGRAVE),  # the gentler of two
        ("cut text", CUT),  # a verb beats a noun
        ("Edge.Cuts", CUT),
        ("DÉCOUPES", CUT),
        ("shortcut", None),
        ("marketing", None),
        ("", None),
    ],
)
def test_words_of_a_layer_are_whole_words(layer, kind):
    assert CONVENTION.kind_of_layer(layer) is kind


def test_another_convention_can_say_that_blue_is_cut():
    blue_cuts = Convention(cut_colours=(Colour.BLUE,), colours={Colour.RED: ENGRAVE})
    drawn = _drawing(circle(0, 0, 5, colour=1), circle(20, 0, 5, colour=5))
    kinds = {op.path.colour: op.kind for op in assign(drawn, blue_cuts).operations}
    assert kinds == {1: ENGRAVE, 5: CUT}


@pytest.mark.parametrize("far", [float("inf"), float("nan"), 1e300, -1e8])
def test_a_line_with_a_broken_place_is_left_out_and_counted(far):
    assigned = assign(_drawing(square(0, 0, 20), line((0, 0), (far, 3))))
    assert (len(assigned.operations), assigned.misplaced) == (1, 1)
    assert bounds_of([assigned.operations[0].path]).max_mm == (20, 20, 0)


def test_a_lab_says_what_its_colours_and_layers_mean():
    lab = convention_of({"blue": "cut", "#ff8800": "fill", "green": "skip"}, {"Pli": "engrave",
                        "cote": "score"})  # fmt: skip
    drawn = _drawing(
        circle(0, 0, 5, colour=5), circle(20, 0, 5, colour=None, rgb=(255, 136, 0)),
        circle(40, 0, 5, colour=3), circle(60, 0, 5, layer="plis"), circle(80, 0, 5, layer="Côtes"),
    )  # fmt: skip
    assigned = assign(drawn, lab)
    kinds = {round(operation.path.start_mm[0]): operation.kind for operation in assigned.operations}
    fill = OperationKind.FILL
    assert kinds == {5: CUT, 25: fill, 65: ENGRAVE, 85: SCORE}


def test_one_colour_alone_means_what_the_lab_says():
    drawn = _drawing(circle(0, 0, 5, colour=5))
    assert [each.kind for each in assign(drawn).operations] == [CUT]
    blue = convention_of({"blue": "score"}, {})
    assert [each.kind for each in assign(drawn, blue).operations] == [SCORE]


def test_a_persons_word_is_stronger_than_everything():
    drawn = _drawing(circle(0, 0, 5, layer="cut"), circle(20, 0, 5, layer="notes"))
    first, second = (group.key for group in assign(drawn).groups)
    assigned = assign(drawn, wishes={first: None, second: SCORE}, remembered={first: ENGRAVE})
    assert [each.kind for each in assigned.operations] == [SCORE]
    again = assign(drawn, remembered={first: ENGRAVE})
    assert [each.kind for each in again.operations] == [ENGRAVE]


def test_a_drawing_without_a_line_has_no_operations():
    assert assign(_drawing()).operations == ()


def test_a_true_colour_counts_as_the_plain_one_that_it_is_like():
    drawn = (square(0, 0, 50, colour=1), line((5, 5), (9, 9), colour=None, rgb=(10, 20, 250)))
    assert SCORE in _kinds(*drawn)


@pytest.mark.parametrize(
    "look",
    [
        {"layer": "Dimensions"},
        {"layer": "COTES"},
        {"linetype": "DASHED2"},
        {"layer": "BEND_EXTENT"},
        {"layer": "NO_CUT"},
        {"layer": "Notes", "linetype": "HIDDEN"},
    ],
)
def test_what_is_drawn_for_people_is_left_out_and_said_so(look):
    assigned = assign(_drawing(square(0, 0, 20), line((0, 0), (900, 0), **look)))
    assert len(assigned.operations) == 1
    assert sum(assigned.left_out_layers.values()) == 1


def test_pieces_that_touch_become_one_closed_path():
    pieces = [line((0, 0), (10, 0)), line((10, 10), (10, 0)), line((10, 10), (0, 10)),
              line((0, 0), (0, 10))]  # fmt: skip
    (operation,) = assign(_drawing(*pieces)).operations
    assert operation.path.is_closed
    assert operation.path.length_mm == pytest.approx(40)


def test_where_three_ends_meet_nothing_is_guessed():
    star = [line((0, 0), (10, 0)), line((0, 0), (0, 10)), line((0, 0), (-10, 0))]
    assert len(assign(_drawing(*star)).operations) == 3


POINTS = st.tuples(st.integers(0, 6), st.integers(0, 6))


@given(st.lists(st.tuples(POINTS, POINTS).filter(lambda ends: ends[0] != ends[1]), max_size=25))
def test_joining_loses_and_adds_no_length(ends):
    drawn = [line(a, b) for a, b in ends]
    operations = assign(_drawing(*drawn)).operations
    joined = sum(operation.path.length_mm for operation in operations)
    assert joined == pytest.approx(sum(path.length_mm for path in drawn))
    for operation in operations:
        for before, after in pairwise(operation.path.segments):
            assert before.end_mm == pytest.approx(after.start_mm)
