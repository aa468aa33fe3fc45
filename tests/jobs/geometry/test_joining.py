"""Loose ends: what belongs together is joined, and nothing is lost, bent or guessed."""

import math
import random
import time
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.geometry.duplicates import find_duplicates
from jobs.geometry.joining import cluster, join
from jobs.geometry.path import Arc, Line, Path


def line(*points, **look) -> Path:
    return Path(segments=tuple(Line(a, b) for a, b in pairwise(points)), **{"layer": "0", **look})


def arc(start, end, centre, *, is_clockwise=False) -> Path:
    return Path(segments=(Arc(start, end, centre, is_clockwise),), layer="0")


def _sides(corners) -> list[Path]:
    return [line(a, b) for a, b in pairwise([*corners, corners[0]])]


SQUARE = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]


@given(
    st.permutations(_sides([(9 * math.cos(n), 9 * math.sin(n)) for n in range(6)])),
    st.lists(st.booleans(), min_size=6, max_size=6),
)
def test_a_contour_in_pieces_is_closed_in_any_order_and_direction(sides, turned):
    pieces = [side.reversed() if t else side for side, t in zip(sides, turned, strict=True)]
    (joined,) = join(pieces)
    assert joined.is_closed
    assert len(joined.segments) == 6
    assert all(a.end_mm == b.start_mm for a, b in pairwise(joined.segments))


@pytest.mark.parametrize(("gap", "count"), [(0.0, 1), (0.0099, 1), (0.0101, 2)])
def test_only_ends_that_are_near_enough_are_joined(gap, count):
    assert len(join([line((0, 0), (5, 0)), line((5 + gap, 0), (9, 0))])) == count


def test_an_arc_is_never_bent_to_fit():
    arcs = [arc((1, 0), (-1, 0), (0, 0)), arc((-1.005, 0), (1, 0), (0, 0))]
    (joined,) = join(arcs)
    assert {s for s in joined.segments if isinstance(s, Arc)} == {a.segments[0] for a in arcs}
    assert joined.is_closed
    assert all(a.end_mm == b.start_mm for a, b in pairwise(joined.segments))


def test_pieces_shorter_than_the_tolerance_stay_in_their_place():
    tiny = [line((n * 0.004, 0), ((n + 1) * 0.004, 0)) for n in range(50)]
    (joined,) = join([line((0.2, 0), (5, 0)), *reversed(tiny)])
    assert joined.length_mm == pytest.approx(5)
    assert len(joined.segments) == 51


def test_a_fork_is_left_as_it_is():
    assert len(join([line((0, 0), (5, y)) for y in (-1, 0, 1)])) == 3


def test_shapes_that_meet_in_a_corner_stay_two():
    other = [(10.0 + x, 10.0 + y) for x, y in SQUARE]
    joined = join([*_sides(SQUARE), *_sides(other)])
    assert sorted(path.length_mm for path in joined if path.is_closed) == [40, 40]


def test_a_joined_path_is_called_after_the_first_of_its_pieces_in_the_file():
    pieces = [line((5, 0), (9, 0), handle="A"), line((5, 0), (0, 0), handle="B")]
    assert join(pieces)[0].handle == "A"


GRID = st.tuples(st.integers(0, 5), st.integers(0, 5))


@given(st.lists(st.tuples(GRID, GRID).filter(lambda ends: ends[0] != ends[1]), max_size=20))
def test_every_piece_is_there_once(ends):
    pieces = [line(a, b) for a, b in ends]

    def sides(paths):
        return sorted(sorted((s.start_mm, s.end_mm)) for path in paths for s in path.segments)

    assert sides(join(pieces)) == sides(pieces)


@given(
    st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), max_size=30),
    st.floats(0.001, 0.5),
)
def test_a_place_has_nothing_far_in_it_and_two_places_are_apart(points, within):
    numbers = cluster(points, within)
    first = {number: points[numbers.index(number)] for number in numbers}
    for point, number in zip(points, numbers, strict=True):
        assert math.dist(point, first[number]) <= within
    for one, other in combinations(first.values(), 2):
        assert math.dist(one, other) > within - 1e-9


def test_twenty_thousand_pieces_are_joined_soon():
    corners = [[(x * 9 + u, y * 9 + v) for u, v in SQUARE_7] for x in range(70) for y in range(72)]
    pieces = [side for own in corners for side in _sides(own)]
    random.Random(1).shuffle(pieces)
    before_s = time.process_time()
    joined = join(pieces)
    assert time.process_time() - before_s < 5
    assert len(pieces) > 20_000
    assert len(joined) == len(corners)


SQUARE_7 = [(0.0, 0.0), (7.0, 0.0), (7.0, 7.0), (0.0, 7.0)]


@pytest.mark.parametrize(
    ("paths", "found"),
    [
        ([line((0, 0), (9, 0)), line((0, 0), (9, 0))], {1: 9}),
        ([line((0, 0), (9, 0)), line((9, 0), (0, 0))], {1: 9}),
        ([line((0, 0), (9, 0), (0, 0))], {0: 9}),
        ([line((0, 0), (9, 0)), line((0, 0), (9.01, 0))], {}),
        ([arc((5, 0), (-5, 0), (0, 0)), arc((-5, 0), (5, 0), (0, 0))], {}),
        (
            [arc((5, 0), (-5, 0), (0, 0)), arc((-5, 0), (5, 0), (0, 0), is_clockwise=True)],
            {1: 5 * math.pi},
        ),
        ([line((0, 0), (9, 0))] * 3, {1: 9, 2: 9}),
        ([line((0, 0), (0.001, 0))] * 2, {}),
        ([line((-0.0, 0), (9, 0)), line((0.0, -0.0), (9, 0))], {1: 9}),
    ],
)
def test_the_very_same_line_is_found_whichever_way_it_was_drawn(paths, found):
    assert {
        index: pytest.approx(length) for index, (_, length) in find_duplicates(paths).items()
    } == found


def test_a_contour_drawn_twice_is_found_after_joining():
    joined = join([*_sides(SQUARE), *_sides(SQUARE)])
    assert sum(length for _, length in find_duplicates(joined).values()) == pytest.approx(40)
