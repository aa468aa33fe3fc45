"""Where the work lies: in the corner of the bed, turned, copied, and packed onto what is left."""

import dataclasses
import itertools

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from fablab_hub.core.materials import OperationKind
from jobs.geometry.drawing import PlacedImage
from jobs.geometry.path import bounds_of, points_of
from jobs.toolpath.nesting import free_rectangles, parts_of
from jobs.toolpath.operations import Assigned, Operation
from jobs.toolpath.placing import Placing, place
from tests.jobs.toolpath.conftest import circle, line, square

SHEET = (0.0, 0.0, 400.0, 300.0)
CUT, ENGRAVE = OperationKind.CUT, OperationKind.ENGRAVE


def _work(*paths) -> Assigned:
    return Assigned(operations=tuple(Operation(CUT, path) for path in paths), left_out_layers={})


def _box(operations):
    return bounds_of(operation.path for operation in operations)


@given(x=st.floats(-1e4, 1e4), y=st.floats(-1e4, 1e4))
def test_the_drawing_lies_where_it_is_wanted_wherever_it_was_drawn(x, y):
    placed = place(_work(circle(x, y, 20)), SHEET, Placing(at_mm=(5, 7)))
    box = _box(placed.assigned.operations)
    assert box.min_mm[:2] == pytest.approx((5, 7), abs=1e-6)
    assert box.size_mm[:2] == pytest.approx((40, 40), abs=1e-6)


@pytest.mark.parametrize(
    ("size", "low"), [(200, (5, 5)), (398, (2, 5)), (400, (0, 5)), (450, (0, 5))]
)
def test_a_drawing_as_large_as_the_bed_is_moved_into_the_corner(size, low):
    placed = place(_work(line((0, 0), (size, 0), (size, 20))), SHEET, Placing())
    assert _box(placed.assigned.operations).min_mm[:2] == pytest.approx(low)


@given(st.floats(-360, 360))
def test_turning_changes_no_length(angle_deg):
    placed = place(_work(square(3, 4, 50), circle(9, 9, 4)), SHEET, Placing(turn_deg=angle_deg))
    lengths = [operation.length_mm for operation in placed.assigned.operations]
    assert lengths == pytest.approx([200, circle(0, 0, 4).length_mm], abs=1e-6)


def test_a_quarter_turn_is_exact():
    placed = place(_work(line((0, 0), (100, 0), (100, 20))), SHEET, Placing(turn_deg=90))
    assert _box(placed.assigned.operations).size_mm == (20, 100, 0)


def test_copies_lie_side_by_side_and_say_how_many_found_no_place():
    placed = place(_work(square(0, 0, 100)), SHEET, Placing(copies=9))
    assert len(placed.assigned.operations) == 6
    assert placed.missing == 3
    assert _apart(placed.assigned.operations)


def test_copies_keep_off_what_is_used_up():
    taken = (0.0, 0.0, 200.0, 300.0)
    placed = place(_work(square(0, 0, 90)), SHEET, Placing(copies=4, taken_mm=(taken,)))
    assert placed.missing == 0
    assert _box(placed.assigned.operations).min_mm[0] >= 200


def test_parts_are_packed_onto_what_is_left_of_a_sheet():
    ring = (circle(0, 0, 30), circle(0, 0, 20))
    corner = line((200, 0), (300, 0), (300, 20), (220, 20), (220, 100), (200, 100), (200, 0))
    taken = (0.0, 0.0, 400.0, 120.0)
    wish = Placing(copies=3, is_nested=True, taken_mm=(taken,))
    placed = place(_work(*ring, corner), SHEET, wish)
    operations = placed.assigned.operations
    assert placed.missing == 0
    assert len(operations) == 9, "a hole goes with its part"
    box = _box(operations)
    assert box.min_mm[1] >= 120
    assert (box.max_mm[0], box.max_mm[1]) <= (400, 300)
    assert sum(each.length_mm for each in operations) == pytest.approx(
        3 * sum(path.length_mm for path in (*ring, corner)), rel=1e-6
    )
    parts = [part.outline for part in parts_of(operations)]
    for one, other in itertools.combinations(parts, 2):
        assert one.intersection(other).area < 1e-6


def test_a_picture_stays_with_its_part_even_where_packing_was_asked_for():
    image = PlacedImage(
        data=b"", corner_mm=(40, 60), across_mm=(60, 60), down_mm=(40, 40), layer="0"
    )
    work = dataclasses.replace(_work(square(0, 0, 100)), images=(image,))
    placed = place(work, SHEET, Placing(copies=2, is_nested=True)).assigned
    lefts = [_box([operation]).min_mm[0] for operation in placed.operations]
    assert [each.corner_mm[0] - 40 for each in placed.images] == pytest.approx(lefts)


def test_what_lies_inside_a_part_belongs_to_it():
    operations = _work(square(0, 0, 50), circle(25, 25, 5), square(100, 0, 20)).operations
    mark = Operation(ENGRAVE, line((10, 10), (20, 10)))
    sizes = sorted(len(part.operations) for part in parts_of((*operations, mark)))
    assert sizes == [1, 3]


@given(st.lists(st.tuples(st.floats(0, 350), st.floats(0, 250)), max_size=4))
def test_free_rectangles_keep_off_what_is_used_up_and_off_each_other(corners):
    taken = [(x, y, x + 50, y + 50) for x, y in corners]
    found = [shapely.box(*each) for each in free_rectangles(SHEET, taken)]
    used = [shapely.box(*each) for each in taken]
    for one, other in itertools.combinations([*found], 2):
        assert one.intersection(other).area < 1e-6
    for free, box in itertools.product(found, used):
        assert free.intersection(box).area < 1e-6


def _apart(operations) -> bool:
    shapes = [shapely.Polygon(points_of(operation.path)) for operation in operations]
    return all(one.disjoint(other) for one, other in itertools.combinations(shapes, 2))
