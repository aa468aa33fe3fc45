"""The arcs of `print_arc` lie where the moves lay."""

import math
import re

import pytest

from tests.bench.arcs import Point, fit_arc, fit_program

_TOLERANCE_MM = 0.05


def _circle(count: int, step_deg: float, radius_mm: float = 20.0) -> list[Point]:
    turns = (math.radians(step_deg * number) for number in range(count))
    return [
        Point(50 + radius_mm * math.cos(turn), 60 + radius_mm * math.sin(turn), f"{number}")
        for number, turn in enumerate(turns)
    ]


def _moves(points: list[Point]) -> list[str]:
    return [f"G1 X{p.x_mm:.3f} Y{p.y_mm:.3f} E{p.e_text}\n" for p in points]


@pytest.mark.parametrize(("step_deg", "is_clockwise"), [(4.0, False), (-4.0, True)])
def test_points_of_a_circle_become_its_arc(step_deg: float, is_clockwise: bool) -> None:
    arc = fit_arc(_circle(9, step_deg), _TOLERANCE_MM)

    assert arc is not None
    assert arc.centre_mm == pytest.approx((50.0, 60.0))
    assert arc.radius_mm == pytest.approx(20.0)
    assert arc.is_clockwise is is_clockwise


def test_a_point_beside_the_circle_is_not_taken_for_an_arc() -> None:
    points = _circle(9, 4.0)
    points[2] = Point(points[2].x_mm + 2 * _TOLERANCE_MM, points[2].y_mm, "2")

    assert fit_arc(points, _TOLERANCE_MM) is None


def test_chords_whose_middle_is_far_from_the_circle_stay_straight() -> None:
    assert fit_arc(_circle(5, 20.0), _TOLERANCE_MM) is None


def test_points_that_turn_back_are_not_an_arc() -> None:
    points = _circle(9, 4.0)

    assert fit_arc([*points, points[-2]], _TOLERANCE_MM) is None


def test_points_on_a_line_are_not_an_arc() -> None:
    line = [Point(float(x), 2.0 * x, f"{x}") for x in range(6)]

    assert fit_arc(line, _TOLERANCE_MM) is None


def test_an_arc_ends_where_its_last_move_ended_with_the_same_filament() -> None:
    moves = _moves(_circle(9, 4.0))

    first, arc, last = fit_program(moves, _TOLERANCE_MM)

    assert first == moves[0]
    assert last == moves[8]
    found = re.fullmatch(r"G3 X(\S+) Y(\S+) I(\S+) J(\S+) E7\n", arc)
    assert found is not None
    x, y, i, j = map(float, found.groups())
    assert moves[7].startswith(f"G1 X{x:.3f} Y{y:.3f} ")
    assert (70 + i, 60 + j) == pytest.approx((50, 60), abs=0.01)


def test_every_other_line_stays_as_it_is_and_ends_the_arc() -> None:
    moves = _moves(_circle(10, 4.0))
    lines = [*moves[:5], "M106 S100\n", *moves[5:], "G1 X1 F9000\n"]

    fitted = list(fit_program(lines, _TOLERANCE_MM))

    assert "M106 S100\n" in fitted
    assert fitted[-1] == "G1 X1 F9000\n"
    assert fitted.index("M106 S100\n") < fitted.index(moves[5])
    assert len([line for line in fitted if line.startswith("G3")]) == 2
