"""A test card: every square has its own power and speed, and the guard agrees to the whole."""

import re

import pytest

from fablab_hub.core.materials import OperationKind
from jobs.checks.gcode import check_program
from jobs.report import Severity
from jobs.toolpath.test_card import card_around, make_test_card


def _nowhere(_: bytes) -> None:
    """Drop the canonical program."""


@pytest.fixture(params=list(OperationKind))
def card(request, laser, plywood):
    return card_around(plywood.preset(request.param), request.param, laser)


def test_every_square_has_its_power_and_its_speed(card, laser, plywood):
    text = b"\n".join(make_test_card(card, laser, plywood)).decode()
    powers = {float(found) for found in re.findall(r"S([\d.]+)", text)}
    feeds = {float(found) for found in re.findall(r"F([\d.]+)", text)}
    assert {round(power * 1000) for power in card.powers} <= {round(power) for power in powers}
    assert {round(feed) for feed in card.feeds_mm_min} <= {round(feed) for feed in feeds}


def test_the_middle_square_is_the_setting_of_today(card, plywood):
    preset = plywood.preset(card.kind)
    assert preset.power in card.powers
    assert preset.feed_mm_min in card.feeds_mm_min


def test_the_strongest_square_comes_last(card, laser, plywood):
    *_, last = re.findall(
        r"S(?!0\b)([\d.]+)", b"\n".join(make_test_card(card, laser, plywood)).decode()
    )
    assert float(last) == pytest.approx(max(card.powers) * 1000)


def test_the_guard_lets_it_through_to_a_person(card, laser, plywood):
    checked = check_program(make_test_card(card, laser, plywood), laser, plywood, _nowhere)
    assert [f.rule for f in checked.findings if f.severity is Severity.REFUSE] == []


def test_it_stays_where_it_says(card, laser, plywood):
    checked = check_program(make_test_card(card, laser, plywood), laser, plywood, _nowhere)
    right, back, _ = checked.facts.bounds_mm.max_mm
    assert right <= card.size_mm[0]
    assert back <= card.size_mm[1]
    assert min(checked.facts.bounds_mm.min_mm) >= 0
