"""A circle drawn once more as chords: seen, taken away, and never mistaken for a touch."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.geometry.along_arcs import runs_along_arcs
from jobs.geometry.neighbours import neighbours_of
from jobs.geometry.once import once
from jobs.geometry.path import Arc, Line, Path, points_of


def circle(x, y, radius) -> Path:
    right, left = (x + radius, y), (x - radius, y)
    return Path(
        segments=(Arc(right, left, (x, y), False), Arc(left, right, (x, y), False)), layer=""
    )


def chords(x, y, radius, count, turn=0.0) -> Path:
    """A circle as somebody's program flattened it; the first corner lies at an angle."""
    steps = [turn + 2 * math.pi * number / count for number in range(count + 1)]
    return chain(*((x + radius * math.cos(a), y + radius * math.sin(a)) for a in steps))


def chain(*points) -> Path:
    return Path(segments=tuple(Line(a, b) for a, b in pairwise(points)), layer="")


def length(paths) -> float:
    return sum(path.length_mm for path in paths)


radii = st.floats(2.0, 200.0)
turns = st.floats(0.0, 6.3)


@given(radii, turns, st.booleans())
def test_a_circle_and_its_chords_are_cut_once(radius, turn, is_first):
    fine = math.ceil(math.pi / math.acos(1 - 0.015 / radius))
    both = [circle(9, 4, radius), chords(9, 4, radius, fine, turn)]
    both = both if is_first else both[::-1]
    whole = 2 * math.pi * radius
    runs = neighbours_of(both, 0.0).overlaps
    assert sum(run.length_mm for run in runs) == pytest.approx(whole, rel=0.02)
    left = once(both)
    assert length(left) == pytest.approx(whole, rel=0.02)
    for path in left:
        for x, y in points_of(path, 0.01):
            assert math.dist((x, y), (9, 4)) == pytest.approx(radius, abs=0.04)


@given(radii, st.floats(-0.2, 0.2), turns)
def test_a_line_that_touches_or_crosses_a_circle_is_none_of_it(radius, off, turn):
    y = radius * (1 + off)
    ends = [(x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn))
            for x in (-3 * radius, 3 * radius)]  # fmt: skip
    assert runs_along_arcs([circle(0, 0, radius), chain(*ends)]) == []


@given(radii, st.floats(1.2, 5.0))
def test_circles_that_touch_are_none_of_each_other(radius, share):
    for apart in (radius + radius * share, radius * share - radius):
        assert runs_along_arcs([circle(0, 0, radius), circle(apart, 0, radius * share)]) == []


@pytest.mark.parametrize("teeth", [12, 60, 300])
def test_a_gear_crosses_its_pitch_circle_and_keeps_it(teeth):
    steps = [(2 * math.pi * n / teeth, 19.5 if n % 2 else 20.5) for n in range(teeth + 1)]
    gear = chain(*((r * math.cos(a), r * math.sin(a)) for a, r in steps))
    assert runs_along_arcs([circle(0, 0, 20), gear]) == []


def test_parts_that_lie_a_beam_apart_are_left_alone():
    pair = [circle(0, 0, 20), chords(0, 0, 20.1, 200)]
    assert runs_along_arcs(pair) == []
    assert once(pair) == pair


def test_half_a_circle_over_chords_goes_and_the_rest_stays():
    half = Path(segments=(Arc((20, 0), (-20, 0), (0, 0), False),), layer="")
    tail = chain((-20, 0), (-60, 0))
    left = once([chords(0, 0, 20, 200), half, tail])
    assert length(left) == pytest.approx(2 * math.pi * 20 + 40, rel=0.01)
