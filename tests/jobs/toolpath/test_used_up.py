"""What of a sheet is used up: few rectangles, apart from each other, and nothing left out."""

import shapely
from hypothesis import given
from hypothesis import strategies as st

from fablab_hub.core.materials import OperationKind
from jobs.toolpath.nesting import free_rectangles, meet
from jobs.toolpath.operations import Assigned, Operation
from jobs.toolpath.used_up import MOST_BOXES, fewer, used_boxes
from tests.jobs.toolpath.conftest import circle, square

sides = st.floats(0, 300)
boxes = st.lists(
    st.tuples(sides, sides, st.floats(1, 80), st.floats(1, 80)).map(
        lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3])
    ),
    min_size=1,
    max_size=30,
)


@given(boxes, st.integers(1, 12))
def test_few_boxes_cover_all_of_many_and_do_not_overlap(boxes, most):
    found = fewer(boxes, most)
    assert 1 <= len(found) <= most
    covered = shapely.unary_union([shapely.box(*box) for box in found]).buffer(1e-6)
    assert all(covered.covers(shapely.box(*box)) for box in boxes)
    assert not any(meet(one, two) for i, one in enumerate(found) for two in found[i + 1 :])


@given(boxes)
def test_what_is_free_is_never_used_up_however_many_cuts_there_were(boxes):
    for free in free_rectangles((0, 0, 400, 400), boxes):
        assert not any(meet(free, box) for box in boxes)


def test_a_part_with_its_holes_is_one_box():
    work = [square(5, 5, 40), circle(20, 20, 4), square(80, 5, 20)]
    assigned = Assigned(
        operations=tuple(Operation(OperationKind.CUT, path) for path in work), left_out_layers={}
    )
    assert used_boxes(assigned) == ((5, 5, 45, 45), (80, 5, 100, 25))
    many = [square(10 * n, 30 * m, 5) for n in range(20) for m in range(3)]
    assigned = Assigned(
        operations=tuple(Operation(OperationKind.CUT, path) for path in many), left_out_layers={}
    )
    assert len(used_boxes(assigned)) <= MOST_BOXES
