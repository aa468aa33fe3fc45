"""The time of a chain of moves."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fablab_hub.core.machines import Cornering
from fablab_hub.gcode.duration import Moves, Planner
from fablab_hub.gcode.pace import Pace


def pace_of(accel: float, ahead: int, cornering: Cornering) -> Pace:
    return Pace(
        max_speed_mm_s=(500, 500, 10, 100),
        max_accel_mm_s2=(accel, accel, 100, 5000),
        print_accel_mm_s2=accel,
        travel_accel_mm_s2=accel,
        retract_accel_mm_s2=accel,
        cornering=cornering,
        junction_deviation_mm=0.01,
        jerk_mm_s=(10, 10, 0.4, 5),
        square_corner_mm_s=5,
        arc_ease=1.0,
        arc_tolerance_mm=0.0,
        turning_accel_mm_s2=accel,
        planned_moves=ahead,
        min_speed_mm_s=0.0,
    )


def time_s(
    moves: list[tuple[float, float]],
    speed: float,
    accel: float,
    *,
    ahead: int = 15,
    cut: int = 10**9,
    cornering: Cornering = Cornering.JUNCTION_DEVIATION,
) -> float:
    pace = pace_of(accel, ahead, cornering)
    planner = Planner(pace)
    for first in range(0, len(moves), cut):
        part = moves[first : first + cut]
        n = len(part)
        batch = Moves(np.array([(x, y, 0.0) for x, y in part]), np.zeros(n))
        batch.set_pace(pace, np.full(n, speed * 60), np.full((n, 3), accel), np.zeros(n, bool))
        planner.add(batch)
    return planner.finish()


def test_a_long_move_is_a_trapezoid() -> None:
    # 100 mm at 50 mm/s with 500 mm/s2: 0.1 s up and down with 2.5 mm each, 95 mm at full speed.
    assert time_s([(100, 0)], 50, 500) == pytest.approx(0.1 + 0.1 + 95 / 50)


def test_a_short_move_never_reaches_its_speed() -> None:
    assert time_s([(2, 0)], 400, 500) == pytest.approx(2 * (2 / 500) ** 0.5)


def test_a_straight_line_in_pieces_takes_as_long_as_in_one() -> None:
    whole = time_s([(100, 0)], 50, 500)
    assert time_s([(1, 0)] * 100, 50, 500, ahead=100) == pytest.approx(whole, rel=1e-6)


def test_a_short_view_ahead_costs_time_on_tiny_moves() -> None:
    assert time_s([(0.1, 0)] * 1000, 200, 500, ahead=15) > 1.2 * time_s(
        [(0.1, 0)] * 1000, 200, 500, ahead=1000
    )


def test_a_full_stop_in_the_middle_costs_time() -> None:
    there_and_back = time_s([(50, 0), (-50, 0)], 50, 500)
    assert there_and_back == pytest.approx(2 * time_s([(50, 0)], 50, 500), rel=1e-6)


steps = st.tuples(st.floats(-20, 20), st.floats(-20, 20)).filter(lambda m: abs(m[0]) > 1e-3)


@given(
    st.lists(steps, min_size=1, max_size=60), st.integers(1, 7), st.sampled_from(list(Cornering))
)
def test_where_batches_are_cut_changes_nothing(
    moves: list[tuple[float, float]], cut: int, cornering: Cornering
) -> None:
    whole = time_s(moves, 80, 700, cornering=cornering)
    assert time_s(moves, 80, 700, cut=cut, cornering=cornering) == pytest.approx(whole, rel=1e-9)


@given(st.lists(steps, min_size=1, max_size=40), st.sampled_from(list(Cornering)))
def test_no_job_is_faster_than_its_feed_nor_slower_than_stopping_at_every_corner(
    moves: list[tuple[float, float]], cornering: Cornering
) -> None:
    length = sum(float(np.hypot(*move)) for move in moves)
    alone = sum(time_s([move], 80, 700, cornering=cornering) for move in moves)
    together = time_s(moves, 80, 700, cornering=cornering)
    assert length / 80 - 1e-9 <= together
    if cornering is not Cornering.JERK:  # there a corner may be slower than two standing starts
        assert together <= alone + 1e-9


def test_a_corner_of_90_degrees_is_taken_at_the_square_corner_velocity() -> None:
    # Two sides of 100 mm at 50 mm/s: each side speeds up or slows down between 50 and 5 mm/s.
    cornered = time_s([(100, 0), (0, 100)], 50, 500, cornering=Cornering.SQUARE_CORNER)
    assert cornered == pytest.approx(2 * side_s(50, 500, 100, ends=(0, 5)))


def test_an_axis_changes_its_speed_at_once_by_its_jerk() -> None:
    # At 10 mm/s neither axis has more to change than its jerk: there is nothing to slow down for.
    assert time_s([(100, 0), (0, 100)], 10, 500, cornering=Cornering.JERK) == pytest.approx(20)


def side_s(speed: float, accel: float, way: float, ends: tuple[float, float]) -> float:
    ramps_mm = sum((speed**2 - end**2) / (2 * accel) for end in ends)
    return sum((speed - end) / accel for end in ends) + (way - ramps_mm) / speed
