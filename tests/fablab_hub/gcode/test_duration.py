"""The time of a chain of moves."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fablab_hub.gcode.duration import Planner


def time_s(
    moves: list[tuple[float, float]],
    speed: float,
    accel: float,
    *,
    ahead: int = 15,
    cut: int = 10**9,
) -> float:
    planner = Planner(0.01, ahead)
    for first in range(0, len(moves), cut):
        part = moves[first : first + cut]
        n = len(part)
        planner.add(
            np.array([(x, y, 0.0) for x, y in part]),
            np.zeros(n), np.full(n, speed), np.full(n, accel), np.zeros(n),
        )  # fmt: skip
    return planner.finish()


def test_a_long_move_is_a_trapezoid() -> None:
    # 100 mm at 50 mm/s with 500 mm/s2: 0.1 s up and down with 2.5 mm each, 95 mm at full speed.
    assert time_s([(100, 0)], 50, 500) == pytest.approx(0.1 + 0.1 + 95 / 50)


def test_a_short_move_never_reaches_its_speed() -> None:
    assert time_s([(2, 0)], 1000, 500) == pytest.approx(2 * (2 / 500) ** 0.5)


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


@given(st.lists(steps, min_size=1, max_size=60), st.integers(1, 7))
def test_where_batches_are_cut_changes_nothing(moves: list[tuple[float, float]], cut: int) -> None:
    assert time_s(moves, 80, 700, cut=cut) == pytest.approx(time_s(moves, 80, 700), rel=1e-9)


@given(st.lists(steps, min_size=1, max_size=40))
def test_no_job_is_faster_than_its_feed_nor_slower_than_stopping_at_every_corner(
    moves: list[tuple[float, float]],
) -> None:
    length = sum(float(np.hypot(*move)) for move in moves)
    alone = sum(time_s([move], 80, 700) for move in moves)
    assert length / 80 - 1e-9 <= time_s(moves, 80, 700) <= alone + 1e-9
