"""Each piece of a line once: nothing is lost, nothing is left twice, nothing moves."""

import math
import random

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from jobs.geometry.neighbours import neighbours_of
from jobs.geometry.once import once
from jobs.geometry.path import part_of, points_of
from tests.jobs.toolpath.conftest import circle, line, square


def _length(paths) -> float:
    return sum(path.length_mm for path in paths)


def _cover(paths):
    return shapely.unary_union([shapely.LineString(points_of(path, 0.005)) for path in paths])


@pytest.mark.parametrize(
    ("paths", "left"),
    [
        ([square(0, 0, 10), square(0, 0, 10)], 40),
        ([square(0, 0, 10), square(10, 0, 10)], 70),  # a shared side
        ([line((0, 0), (100, 0)), line((40, 0), (60, 0))], 100),
        ([line((40, 0), (60, 0)), line((0, 0), (100, 0))], 100),
        ([line((0, 0), (60, 0)), line((100, 0.01), (40, 0.01))], 100),
        ([line((0, 0), (10, 0), (0, 0))], 10),
        ([circle(0, 0, 5), circle(0, 0, 5).reversed()], 10 * math.pi),
        ([circle(0, 0, 5), circle(0.005, 0, 5)], 10 * math.pi),
        ([square(0, 0, 10), square(0.5, 0, 10)], 61.0),
        ([circle(0, 0, 5), circle(0, 0, 6)], 22 * math.pi),
        ([line((0, 0), (10, 10)), line((0, 10), (10, 0))], 20 * math.sqrt(2)),
    ],
)
def test_what_lies_over_an_earlier_line_is_taken_away(paths, left):
    assert _length(once(paths)) == pytest.approx(left, abs=0.05)


SHAPES = st.lists(
    st.tuples(
        st.sampled_from(["square", "circle", "line"]),
        st.integers(0, 8), st.integers(0, 8), st.integers(1, 6),
    ),
    min_size=1,
    max_size=8,
)  # fmt: skip


def _paths(shapes):
    makers = {
        "square": square,
        "circle": circle,
        "line": lambda x, y, size: line((x, y), (x + size, y)),
    }
    return [makers[name](x * 5.0, y * 5.0, size * 5.0) for name, x, y, size in shapes]


@given(SHAPES)
def test_everything_is_still_there_and_nothing_lies_over_anything(shapes):
    paths = _paths(shapes)
    left = once(paths)
    before, after = _cover(paths), _cover(left)
    assert before.difference(after.buffer(0.03)).length < 0.1
    assert after.difference(before.buffer(0.03)).length < 0.1
    assert neighbours_of(left, 0.0).overlaps == ()
    assert _length(left) <= _length(paths) + 1e-6


@given(SHAPES)
def test_what_is_drawn_once_stays_as_it_is(shapes):
    left = once(_paths(shapes))
    again = once(left)
    assert _length(again) == pytest.approx(_length(left), abs=0.05)


@given(SHAPES, st.floats(0, 360))
def test_turning_a_drawing_changes_nothing(shapes, angle_deg):
    paths = _paths(shapes)
    turned = [path.turned(angle_deg) for path in paths]
    assert _length(once(turned)) == pytest.approx(_length(once(paths)), abs=0.1)


@given(SHAPES, st.integers(0, 1000))
def test_lines_cut_to_pieces_are_the_same_lines(shapes, seed):
    paths = _paths(shapes)
    chance = random.Random(seed)
    pieces = []
    for path in paths:
        for segment in path.segments:
            at = chance.uniform(0.2, 0.8)
            halves = (part_of(segment, 0, at), part_of(segment, at, 1))
            pieces += [type(path)(segments=(half,), layer="0") for half in halves]
    assert _length(once(pieces)) == pytest.approx(_length(once(paths)), abs=0.3)


@pytest.mark.parametrize(
    ("paths", "crossings", "narrow"),
    [
        ([line((0, 0), (10, 10)), line((0, 10), (10, 0))], 1, 0),
        ([line((0, 0), (10, 10), (0, 10), (10, 0))], 1, 0),
        ([line((0, 0), (10, 0)), line((5, 0), (5, 9))], 0, 0),  # a T is no crossing
        ([square(0, 0, 10), square(10.1, 0, 10)], 0, 1),
        ([square(0, 0, 10), square(10.3, 0, 10)], 0, 0),
        ([square(0, 0, 10), line((10, 5), (20, 5))], 0, 0),  # they touch
        ([circle(0, 0, 5), circle(10.1, 0, 5)], 0, 1),
    ],
)
def test_crossings_and_narrow_places_are_found(paths, crossings, narrow):
    found = neighbours_of(paths, 0.2)
    assert (len(found.crossings), len(found.narrow)) == (crossings, narrow)
    assert found.overlaps == ()
