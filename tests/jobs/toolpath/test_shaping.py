"""What is done to cuts: the beam beside the line, bridges, a start on the waste, a little more."""

import dataclasses
import math

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from fablab_hub.core.materials import OperationKind
from jobs.geometry.path import Arc, Line, Path, bounds_of, points_of
from jobs.toolpath.arc_fitting import with_arcs
from jobs.toolpath.operations import Operation, Side
from jobs.toolpath.shaping import Shaping, begun, shaped
from tests.jobs.toolpath.conftest import circle, line, square

CUT, SCORE = OperationKind.CUT, OperationKind.SCORE


@pytest.fixture
def wood(plywood):
    return dataclasses.replace(plywood, kerf_mm=0.2)


def _width(operation) -> float:
    return bounds_of([operation.path]).size_mm[0]


def test_a_part_grows_and_its_hole_shrinks_by_the_beams_width(wood):
    cuts = [Operation(CUT, square(0, 0, 50)), Operation(CUT, circle(25, 25, 10)),
            Operation(CUT, circle(25, 25, 4))]  # fmt: skip
    sizes = [_width(each) for each in shaped(cuts, wood, Shaping(keeps_size=True))]
    assert sizes == pytest.approx([50.2, 19.8, 8.2], abs=0.005), "a part in a hole is a part"


def test_without_the_wish_nothing_moves(wood):
    cuts = [Operation(CUT, square(0, 0, 50)), Operation(SCORE, line((5, 5), (9, 9)))]
    assert [each.path for each in shaped(cuts, wood, Shaping())] == [cuts[1].path, cuts[0].path]


def test_marks_and_open_cuts_are_never_moved(wood):
    rest = [Operation(SCORE, circle(9, 9, 3)), Operation(CUT, line((0, 0), (9, 9)))]
    moved = shaped(rest, wood, Shaping(keeps_size=True))
    assert [each.path for each in moved] == [each.path for each in rest]


@given(st.floats(5, 60), st.floats(0.05, 0.4))
def test_a_moved_contour_is_as_far_away_as_half_the_beam(plywood, size, kerf_mm):
    wood = dataclasses.replace(plywood, kerf_mm=kerf_mm)
    part = Path(
        segments=(
            Line((0, 0), (size, 0)), Arc((size, 0), (size, size), (size, size / 2), False),
            Line((size, size), (0, size)), Line((0, size), (0, 0)),
        ),
        layer="0",
    )  # fmt: skip
    (moved,) = shaped([Operation(CUT, part)], wood, Shaping(keeps_size=True))
    edge = shapely.LinearRing(points_of(part, 0.001))
    for point in points_of(moved.path, 0.001):
        assert edge.distance(shapely.Point(point)) <= kerf_mm / 2 * math.sqrt(2) + 0.02
        assert edge.distance(shapely.Point(point)) >= kerf_mm / 2 - 0.02
    assert any(isinstance(segment, Arc) for segment in moved.path.segments), "arcs are found again"


def test_a_part_has_its_bridges_and_a_hole_has_none(wood):
    cuts = [Operation(CUT, square(0, 0, 50)), Operation(CUT, circle(25, 25, 10))]
    done = shaped(cuts, wood, Shaping(tabs=3, tab_mm=0.8))
    assert len(done) == 4
    outer = [each for each in done if each.side is Side.OUTSIDE]
    assert sum(each.length_mm for each in outer) == pytest.approx(200 - 3 * 0.8)
    assert not any(each.path.is_closed for each in outer)
    ring = shapely.LinearRing(points_of(square(0, 0, 50)))
    assert all(ring.buffer(0.01).covers(shapely.LineString(points_of(e.path))) for e in outer)


def test_a_lead_in_begins_on_the_waste(wood):
    cuts = [Operation(CUT, square(0, 0, 50)), Operation(CUT, circle(25, 25, 10).reversed())]
    wish = Shaping(lead_in_mm=2)
    part = shapely.Polygon([(0, 0), (50, 0), (50, 50), (0, 50)]).difference(
        shapely.Point(25, 25).buffer(10)
    )
    for each in shaped(cuts, wood, wish):
        start = begun(each, wish).path.start_mm
        assert not part.covers(shapely.Point(start))
        assert math.dist(start, each.path.start_mm) == pytest.approx(2)


def test_an_overcut_follows_the_first_bit_again(wood):
    (cut,) = shaped([Operation(CUT, square(0, 0, 50))], wood, Shaping())
    done = begun(cut, Shaping(overcut_mm=3))
    assert done.length_mm == pytest.approx(203)
    assert done.path.end_mm == pytest.approx((3, 0))


@given(st.floats(3, 200), st.floats(0.3, 6.0), st.integers(12, 200))
def test_lines_along_a_circle_become_few_arcs_within_the_tolerance(radius, sweep, count):
    corners = [
        (radius * math.cos(sweep * n / count), radius * math.sin(sweep * n / count))
        for n in range(count + 1)
    ]
    path = line(*corners)
    fitted = with_arcs(path, 0.02)
    drawn = shapely.LineString(points_of(fitted, 0.001))
    # A chord of a coarse polygon is farther from the circle than the tolerance: it stays a line.
    assert drawn.hausdorff_distance(shapely.LineString(corners)) <= 0.03
    if radius * (sweep / count) ** 2 / 8 < 0.01 and sweep / count < 0.4:
        assert len(fitted.segments) <= 5


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=2, max_size=40))
def test_corners_stay_corners(corners):
    path = line(*corners)
    drawn = points_of(with_arcs(path, 0.01), 0.001)
    line_ = shapely.LineString(drawn)
    assert line_.hausdorff_distance(shapely.LineString(corners)) <= 0.02
