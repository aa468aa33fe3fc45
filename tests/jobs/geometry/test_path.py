"""Paths: moving and turning them round changes nothing else, and boxes and points are true."""

import dataclasses
import math
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jobs.geometry.path import MAX_PIECES, Arc, Line, Path, bounds_of, points_of

PLACES = st.tuples(st.floats(-500, 500), st.floats(-500, 500))
LINES = st.builds(Line, PLACES, PLACES)


def arc(centre, radius, start_rad, sweep_rad, is_clockwise) -> Arc:
    """Make an arc that travels an angle; its direction is apart."""
    sign = -1 if is_clockwise else 1

    def at(angle):
        return (centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle))

    return Arc(at(start_rad), at(start_rad + sign * sweep_rad), centre, is_clockwise)


ARCS = st.builds(
    arc, PLACES, st.floats(0.01, 300), st.floats(0, 6.28), st.floats(0.01, 6.2), st.booleans()
)


def chain(segments) -> Path:
    """Move segments so that each begins where the one before ends."""
    path = Path(segments=(segments[0],), layer="0")
    for segment in segments[1:]:
        more = Path(segments=(segment,), layer="0")
        (x, y), (u, v) = path.end_mm, more.start_mm
        path = dataclasses.replace(
            path, segments=path.segments + more.moved((x - u, y - v)).segments
        )
    return path


PATHS = st.lists(LINES | ARCS, min_size=1, max_size=4).map(chain)


def _far_from(path: Path, point) -> float:
    """Give the distance of a point from the true path, measured with formulas of its own."""
    return min(_far(segment, point) for segment in path.segments)


def _far(segment, point) -> float:
    ends = min(math.dist(point, segment.start_mm), math.dist(point, segment.end_mm))
    if isinstance(segment, Arc):
        angle = math.atan2(point[1] - segment.centre_mm[1], point[0] - segment.centre_mm[0])
        turned = (angle - segment.start_rad) * (-1 if segment.is_clockwise else 1) % math.tau
        on_it = turned <= abs(segment.sweep_rad)
        around = abs(math.dist(point, segment.centre_mm) - segment.radius_mm)
        return min(ends, around) if on_it else ends
    (x, y), (u, v) = segment.start_mm, segment.end_mm
    length = math.dist(segment.start_mm, segment.end_mm)
    if length < 1e-9:
        return ends
    along = ((point[0] - x) * (u - x) + (point[1] - y) * (v - y)) / length**2
    if not 0 <= along <= 1:
        return ends
    return abs((point[0] - x) * (v - y) - (point[1] - y) * (u - x)) / length


@pytest.mark.parametrize(
    ("segment", "sweep_deg"),
    [
        (Arc((1, 0), (0, 1), (0, 0), False), 90),
        (Arc((1, 0), (0, 1), (0, 0), True), -270),
        (Arc((0, -1), (0, 1), (0, 0), False), 180),
        (Arc((1, 0), (1, 0), (0, 0), False), 360),
        (Arc((1, 0), (1, 0), (0, 0), True), -360),
        (Arc((-1, 0), (0, -1), (0, 0), False), 90),
    ],
)
def test_an_arc_knows_how_far_and_which_way_it_turns(segment, sweep_deg):
    assert math.degrees(segment.sweep_rad) == pytest.approx(sweep_deg)
    assert segment.length_mm == pytest.approx(math.radians(abs(sweep_deg)))


@given(PATHS, PLACES)
def test_moving_a_path_moves_its_box_and_keeps_its_length(path, by):
    moved = path.moved(by)
    assert moved.length_mm == pytest.approx(path.length_mm, abs=1e-6)
    before, after = bounds_of([path]), bounds_of([moved])
    for axis in (0, 1):
        assert after.min_mm[axis] == pytest.approx(before.min_mm[axis] + by[axis], abs=1e-6)
        assert after.max_mm[axis] == pytest.approx(before.max_mm[axis] + by[axis], abs=1e-6)


@given(PATHS)
def test_a_path_turned_round_goes_the_other_way_and_twice_is_itself(path):
    turned = path.reversed()
    assert (turned.start_mm, turned.end_mm) == (path.end_mm, path.start_mm)
    assert turned.length_mm == pytest.approx(path.length_mm)
    assert turned.reversed() == path
    before, after = bounds_of([path]), bounds_of([turned])
    assert after.min_mm == pytest.approx(before.min_mm, abs=1e-6)
    assert after.max_mm == pytest.approx(before.max_mm, abs=1e-6)


@given(PATHS, st.floats(0.001, 2))
def test_the_box_holds_the_path_and_no_more(path, tolerance):
    box = bounds_of([path])
    xs, ys = zip(*points_of(path, tolerance), strict=True)
    for axis, values in ((0, xs), (1, ys)):
        assert box.min_mm[axis] - 1e-6 <= min(values) <= box.min_mm[axis] + tolerance + 1e-6
        assert box.max_mm[axis] - tolerance - 1e-6 <= max(values) <= box.max_mm[axis] + 1e-6


@given((LINES | ARCS).map(lambda one: Path(segments=(one,), layer="0")), st.floats(0.001, 2))
@example(Path(segments=(arc((0, 0), 0.5, 0, 6.2, False),), layer="0"), 0.49)
@example(Path(segments=(arc((0, 0), 0.5, 0, 6.2, True),), layer="0"), 2.0)
def test_points_of_a_path_are_no_farther_from_it_than_they_may(path, tolerance):
    points = points_of(path, tolerance)
    assert points[0] == path.start_mm
    assert points[-1] == path.end_mm
    for a, b in pairwise(points):
        middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
        assert _far_from(path, middle) <= tolerance * 1.001 + 1e-6


@pytest.mark.parametrize("radius", [1e6, 1e12, 1e16, 1e100])
def test_an_arc_beyond_measure_costs_no_more_than_others(radius):
    huge = Path(segments=(Arc((radius, 0), (-radius, 0), (0, 0), False),), layer="0")
    assert 100 < len(points_of(huge)) <= MAX_PIECES + 1


def test_a_closed_path_may_begin_at_any_of_its_segments():
    corners = [(0, 0), (9, 0), (9, 9), (0, 9), (0, 0)]
    square = Path(segments=tuple(Line(a, b) for a, b in pairwise(corners)), layer="0")
    turned = square.started_at(2)
    assert turned.is_closed
    assert turned.start_mm == (9, 9)
    assert sorted(turned.segments, key=repr) == sorted(square.segments, key=repr)


@pytest.mark.parametrize(("gap", "is_closed"), [(0.0, True), (0.01, True), (0.011, False)])
def test_ends_that_nearly_meet_close_a_path(gap, is_closed):
    path = Path(segments=(Line((0, 0), (9, 0)), Line((9, 0), (0, gap))), layer="0")
    assert path.is_closed is is_closed


def test_no_paths_have_no_box():
    assert bounds_of([]) is None
