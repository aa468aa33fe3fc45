"""What lies inside what."""

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from jobs.geometry.containment import MOST_HOLDERS, holders_of, shapes_of
from jobs.geometry.path import Arc, Line, Path


def polygon(*corners) -> Path:
    return Path(segments=tuple(Line(a, b) for a, b in pairwise([*corners, corners[0]])), layer="0")


def square(x, y, side) -> Path:
    return polygon((x, y), (x + side, y), (x + side, y + side), (x, y + side))


def circle(x, y, radius) -> Path:
    right, left = (x + radius, y), (x - radius, y)
    arcs = (Arc(right, left, (x, y), False), Arc(left, right, (x, y), False))
    return Path(segments=arcs, layer="0")


def line(a, b) -> Path:
    return Path(segments=(Line(a, b),), layer="0")


def _holders(*paths) -> list[list[int]]:
    return holders_of(shapes_of(paths))


def test_each_shape_has_those_around_it_the_smallest_first():
    assert _holders(circle(50, 50, 2), square(0, 0, 100), circle(50, 50, 20)) == [[2, 1], [], [1]]


def test_a_hole_in_the_bend_of_an_l_is_not_inside_the_l():
    l_shape = polygon((0, 0), (100, 0), (100, 10), (10, 10), (10, 100), (0, 100))
    assert _holders(l_shape, circle(50, 50, 5), circle(5, 50, 3)) == [[], [], [0]]


def test_two_shapes_at_one_place_are_not_inside_each_other():
    assert _holders(square(0, 0, 10), square(0, 0, 10)) == [[], []]


def test_an_outline_in_loose_pieces_that_fork_holds_what_lies_in_its_box():
    sides = [line(a, b) for a, b in pairwise([(0, 0), (9, 0), (9, 9), (0, 9), (0, 0)])]
    shapes = shapes_of([*sides, line((0, 0), (-3, 0)), circle(5, 5, 1)])
    assert [shape.members for shape in shapes] == [(0, 1, 2, 3, 4), (5,)]
    assert holders_of(shapes) == [[], [0]]


@given(
    st.lists(
        st.tuples(st.floats(-100, 100), st.floats(-100, 100), st.floats(0.5, 80)),
        max_size=15,
        unique=True,
    )
)
def test_circles_are_inside_where_their_centres_and_radii_say_so(circles):
    holders = _holders(*(circle(*each) for each in circles))
    for (x, y, radius), found in zip(circles, holders, strict=True):
        for holder in found:
            u, v, around = circles[holder]
            assert around > radius
            assert math.dist((x, y + radius), (u, v)) < around + 0.2
        surely = {
            n
            for n, (u, v, around) in enumerate(circles)
            if math.dist((x, y), (u, v)) + radius < around - 0.2
        }
        assert surely <= set(found) or len(found) == MOST_HOLDERS
