"""Arcs as points."""

import itertools
import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fablab_hub.gcode.motion import (
    CHORD_ERROR_MM,
    MAX_PIECES,
    ArcFlaw,
    arc_points,
    centre_from_radius,
)

angles = st.floats(0, 2 * math.pi)


def on_circle(radius: float, angle: float) -> tuple[float, float, float]:
    return (radius * math.cos(angle), radius * math.sin(angle), 0.0)


@given(st.floats(0.5, 500), angles, angles, st.booleans())
@example(10.0, 0.0, math.pi / 2, False)
@example(10.0, 0.0, math.pi, True)
@example(200.0, 0.0, 0.0, False)
def test_every_point_of_an_arc_is_on_its_circle_and_no_chord_leaves_it(
    radius: float, start: float, end: float, is_clockwise: bool
) -> None:
    points = arc_points(
        on_circle(radius, start),
        on_circle(radius, end),
        (0.0, 0.0),
        is_clockwise=is_clockwise,
        plane="G17",
    )
    assert not isinstance(points, ArcFlaw)
    # So many pieces at most: a very large circle is cut more coarsely.
    coarsest_mm = radius * (1 - math.cos(math.pi / MAX_PIECES))
    chain = [on_circle(radius, start), *points]
    for (ax, ay, _), (bx, by, _) in itertools.pairwise(chain):
        assert math.hypot(bx, by) == pytest.approx(radius, abs=0.006)
        sagitta = radius - math.hypot((ax + bx) / 2, (ay + by) / 2)
        assert sagitta <= max(CHORD_ERROR_MM * 1.5, coarsest_mm) + 1e-6


@pytest.mark.parametrize("is_clockwise", [True, False])
def test_a_full_circle_reaches_its_four_outermost_points(is_clockwise: bool) -> None:
    start = on_circle(7.0, 0.3)
    points = arc_points(start, start, (0.0, 0.0), is_clockwise=is_clockwise, plane="G17")
    assert not isinstance(points, ArcFlaw)
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    assert [min(xs), max(xs), min(ys), max(ys)] == pytest.approx([-7, 7, -7, 7], abs=1e-9)


def test_a_helix_climbs_evenly() -> None:
    points = arc_points((5, 0, 0), (-5, 0, 4), (0, 0), is_clockwise=False, plane="G17")
    assert not isinstance(points, ArcFlaw)
    half_way = min(points, key=lambda point: abs(point[0]))
    assert half_way == pytest.approx((0, 5, 2), abs=1e-9)
    assert points[-1] == (-5, 0, 4)


def test_an_arc_in_another_plane_turns_there() -> None:
    points = arc_points((0, 3, 5), (0, 3, -5), (0, 0), is_clockwise=False, plane="G18")
    assert not isinstance(points, ArcFlaw)
    assert max(p[0] for p in points) == pytest.approx(5)
    assert {p[1] for p in points} == {3}


@given(st.floats(1, 100), st.floats(0.1, 3), st.booleans(), st.booleans())
def test_radius_and_centre_tell_the_same_arc(
    radius: float, sweep: float, is_clockwise: bool, is_long: bool
) -> None:
    a, b = (radius, 0.0), (radius * math.cos(sweep), radius * math.sin(sweep))
    start, end = (a, b) if is_clockwise == is_long else (b, a)
    centre = centre_from_radius(
        start, end, -radius if is_long else radius, is_clockwise=is_clockwise
    )
    assert not isinstance(centre, ArcFlaw)
    assert centre == pytest.approx((0, 0), abs=1e-5 * radius)


def test_arcs_that_cannot_be_are_named() -> None:
    assert centre_from_radius((0, 0), (10, 0), 4.99, is_clockwise=True) is ArcFlaw.RADIUS
    assert centre_from_radius((0, 0), (0, 0), 5, is_clockwise=True) is ArcFlaw.NO_END
    for centre, flaw in (((0, 0), ArcFlaw.NO_CENTRE), ((4.0, 0), ArcFlaw.RADIUS)):
        found = arc_points((0, 0, 0), (10, 0, 0), centre, is_clockwise=True, plane="G17")
        assert found is flaw
