"""What speaks for a unit: holes as wide as holes are, sides in round numbers, the size of all."""

import pytest

from jobs.geometry.drawing import Evidence, Unit, UnitSource
from jobs.geometry.units import Sizes, declared_facts, evidence_for, guessed_facts, sizes_of
from tests.jobs.toolpath.conftest import circle, square

HOLES, SIDES = Evidence.HOLES, Evidence.SIDES


@pytest.mark.parametrize(
    ("sizes", "mm", "inch"),
    [
        (Sizes(200, holes=(3.2, 3.2, 8.0)), {HOLES}, set()),
        (Sizes(8, holes=(0.125, 0.25)), set(), {HOLES}),
        (Sizes(200, sides=(10, 20, 12.5, 30)), {SIDES}, set()),
        (Sizes(8, sides=(0.3125, 1.03125, 2.09375, 3.15625)), set(), {SIDES}),
        (Sizes(200), set(), set()),
    ],
)
def test_holes_and_sides_speak_for_a_unit(sizes, mm, inch):
    assert set(evidence_for(sizes, Unit.MM)) - {SIDES} >= mm - {SIDES}
    assert mm <= set(evidence_for(sizes, Unit.MM))
    assert inch <= set(evidence_for(sizes, Unit.INCH))


def test_a_large_drawing_with_holes_of_a_tenth_of_a_millimetre_is_asked_about():
    facts = guessed_facts(Sizes(30, holes=(0.25, 0.3)), is_metric=None)
    assert facts.is_doubtful
    assert not guessed_facts(Sizes(30, holes=(3, 5)), is_metric=None).is_doubtful


def test_a_small_drawing_is_always_asked_about_and_the_evidence_chooses_the_guess():
    inches = guessed_facts(Sizes(8, holes=(0.125, 0.25)), is_metric=True)
    assert (inches.unit, inches.is_doubtful) == (Unit.INCH, True)
    millimetres = guessed_facts(Sizes(20, holes=(3, 4)), is_metric=None)
    assert (millimetres.unit, millimetres.is_doubtful) == (Unit.MM, True)


def test_three_metres_of_pixels_are_doubted():
    facts = declared_facts(Sizes(20_000), Unit.PX_96, UnitSource.WRITER)
    assert facts.is_doubtful
    assert facts.width_as_declared_mm == pytest.approx(20_000 * 25.4 / 96)


def test_holes_are_whole_circles_and_sides_are_straight():
    sizes = sizes_of([square(0, 0, 10), circle(5, 5, 1.5)], 10)
    assert sizes.holes == pytest.approx((3,))
    assert sizes.sides == pytest.approx((10,) * 4)
