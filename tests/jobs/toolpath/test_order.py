"""What runs first: marks before cuts, inside before outside, the nearest next."""

import math
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fablab_hub.core.materials import OperationKind
from fablab_hub.gcode.kernel import SWITCH
from jobs.geometry.containment import holders_of, shapes_of
from jobs.geometry.path import Arc
from jobs.toolpath.operations import Operation
from jobs.toolpath.order import order
from tests.jobs.toolpath.conftest import circle, line, square


@pytest.fixture(scope="module", params=["compiled", "python"], autouse=True)
def way(request):
    """Order with the compiled kernel, and the way that is taken where there is none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(SWITCH, request.param)
        yield


CUT, SCORE, ENGRAVE = OperationKind.CUT, OperationKind.SCORE, OperationKind.ENGRAVE

SHAPES = st.lists(
    st.tuples(
        st.sampled_from([square, circle]),
        st.floats(0, 300),
        st.floats(0, 300),
        st.floats(1, 60),
        st.sampled_from(OperationKind),
    ),
    max_size=25,
)


def _operations(shapes):
    return [Operation(kind, make(x, y, size)) for make, x, y, size, kind in shapes]


def _travel(operations) -> float:
    at, total = (0.0, 0.0), 0.0
    for operation in operations:
        total += math.dist(at, operation.path.start_mm)
        at = operation.path.end_mm
    return total


@given(SHAPES)
def test_nothing_is_lost_or_doubled(shapes):
    before = _operations(shapes)
    after = order(before)
    assert sorted((op.kind, round(op.path.length_mm, 6)) for op in after) == sorted(
        (op.kind, round(op.path.length_mm, 6)) for op in before
    )


@given(SHAPES)
def test_marks_come_before_cuts(shapes):
    kinds = [operation.kind for operation in order(_operations(shapes))]
    rank = {OperationKind.IMAGE: 0, OperationKind.FILL: 1, ENGRAVE: 2, SCORE: 3, CUT: 4}
    assert kinds == sorted(kinds, key=rank.__getitem__)


def test_a_hole_is_cut_before_the_part_around_it():
    part, hole, inner = square(0, 0, 100), circle(50, 50, 30), circle(50, 50, 5)
    ordered = order([Operation(CUT, path) for path in (part, hole, inner)])
    assert [operation.path.length_mm for operation in ordered] == sorted(
        path.length_mm for path in (part, hole, inner)
    )


def test_shapes_side_by_side_are_not_inside_each_other():
    paths = [square(0, 0, 10), square(20, 0, 10), circle(5, 5, 2)]
    assert holders_of(shapes_of(paths)) == [[], [], [0]]


def test_travel_is_much_shorter_than_in_a_zigzag_of_the_file():
    zigzag = [Operation(CUT, square(x * 20, (x % 2) * 350, 10)) for x in range(25)]
    assert _travel(order(zigzag)) < 0.5 * _travel(zigzag)


def test_an_open_line_may_be_followed_from_its_other_end():
    far_first = Operation(SCORE, line((100, 0), (1, 0)))
    (ordered,) = order([far_first])
    assert ordered.path.start_mm == (1, 0)


def _sides(path):
    """Name the pieces of a path, whichever way and wherever it begins."""
    return sorted(
        (min(s.start_mm, s.end_mm), max(s.start_mm, s.end_mm), isinstance(s, Arc))
        for s in path.segments
    )


@given(SHAPES)
def test_no_geometry_changes(shapes):
    before = _operations(shapes)
    assert sorted(_sides(op.path) for op in order(before)) == sorted(
        _sides(op.path) for op in before
    )


@given(
    st.lists(
        st.tuples(st.floats(0, 300), st.floats(0, 300), st.floats(1, 150)), max_size=20, unique=True
    )
)
def test_whatever_lies_inside_a_cut_is_cut_before_it(circles):
    ordered = order([Operation(CUT, circle(*each)) for each in circles])
    done = [(op.path.segments[0].centre_mm, op.path.segments[0].radius_mm) for op in ordered]
    for later, (centre, radius) in enumerate(done):
        for other, around in done[:later]:
            assert math.dist(centre, other) + radius > around - 0.2


def test_the_same_drawing_is_ordered_the_same_every_time():
    shapes = [Operation(CUT, circle(x * 10, y * 10, 3)) for x in range(12) for y in range(12)]
    assert order(shapes) == order(shapes)


def test_twenty_thousand_holes_are_ordered_soon():
    near = random.Random(1)
    holes = [circle(near.uniform(10, 590), near.uniform(10, 390), 1) for _ in range(20_000)]
    before_s = time.process_time()
    ordered = order([Operation(CUT, path) for path in (square(0, 0, 600), *holes)])
    assert time.process_time() - before_s < 15
    assert len(ordered) == 20_001
    assert ordered[-1].path.length_mm == 2400
