"""What a machine's finished runs teach: the estimate is corrected, and its doubt is said."""

import statistics
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fablab_hub.core.clock import utc_text
from jobs.queue import CHANGEOVER_S, estimated_starts
from jobs.run_store import end_run, update_run
from jobs.run_times import NEWEST, Habit, habit_of
from jobs.store import add_run

HOUR_S = 3600.0


def test_a_new_machine_takes_what_is_estimated():
    assert habit_of([]) == Habit(ratio=1.0, low=1.0, high=1.0, runs=0)


def test_the_first_runs_do_not_decide_alone():
    assert habit_of([(HOUR_S, 1.4 * HOUR_S)]).ratio == 1.0
    assert habit_of([(HOUR_S, 1.4 * HOUR_S)] * 3).ratio == pytest.approx(1.2)
    assert habit_of([(HOUR_S, 1.4 * HOUR_S)] * 4).ratio == pytest.approx(1.4)


def test_a_run_on_hold_over_lunch_changes_nothing():
    usual = [(HOUR_S, 1.1 * HOUR_S)] * 9
    assert habit_of([*usual, (HOUR_S, 3 * HOUR_S)]).ratio == pytest.approx(1.1)


def test_how_sure_it_is_comes_from_how_much_the_runs_differ():
    few = habit_of([(HOUR_S, 0.9 * HOUR_S), (HOUR_S, 1.3 * HOUR_S)])
    assert few.low == few.high == few.ratio
    real_s = [HOUR_S * (0.9 + n * 0.02) for n in range(11)]
    many = habit_of([(HOUR_S, one_s) for one_s in real_s])
    assert (many.low, many.high) == pytest.approx((0.92, 1.08))


@given(st.lists(st.tuples(st.floats(60, 1e5), st.floats(1, 1e6)), max_size=NEWEST))
def test_a_habit_stays_between_what_was_estimated_and_what_was_seen(runs):
    habit = habit_of(runs)
    ratios = [1.0, *(real_s / estimated_s for estimated_s, real_s in runs)]
    assert min(ratios) <= habit.low <= habit.ratio <= habit.high <= max(ratios)
    if len(runs) > 6:
        seen = statistics.median(ratios[1:])
        assert min(1.0, seen) <= habit.ratio <= max(1.0, seen)


def _finish(lab, real_s, outcome="done"):
    """Let a job of ten minutes run to its end on the laser."""
    job = lab.jobs.read(lab.add_job("awa"))
    lab.clock.advance(HOUR_S)

    def act(tables):
        run_id = add_run(tables, job, lab.people["awa"].id, lab.clock.now())
        changes = {"started_at": utc_text(lab.clock.now()), "elapsed_s": real_s}
        update_run(tables, run_id, changes)
        end_run(tables, run_id, lab.clock.now() + timedelta(seconds=real_s), outcome, "")

    lab.database.write_now(act)


def test_a_machine_learns_from_runs_that_ended_well(lab):
    machine_id = lab.jobs.read(lab.add_job("awa")).machine_id
    for _ in range(5):
        _finish(lab, 750.0)
    _finish(lab, 20.0, outcome="stopped")

    habit = lab.jobs.habit(machine_id)

    assert (habit.ratio, habit.runs) == (pytest.approx(1.25), 5)
    assert lab.jobs.habit("another") == Habit()


def test_old_runs_are_forgotten(lab):
    machine_id = lab.jobs.read(lab.add_job("awa")).machine_id
    for _ in range(NEWEST):
        _finish(lab, 1200.0)
    for _ in range(NEWEST):
        _finish(lab, 600.0)
    assert lab.jobs.habit(machine_id).ratio == 1.0


def test_the_queue_reckons_with_what_the_machine_has_taught(lab):
    jobs = [lab.jobs.read(lab.add_job("awa")) for _ in range(2)]
    now = lab.clock.now()
    starts = estimated_starts(jobs, now, None, ratio=1.5)
    waits_s = jobs[0].report.facts.duration_s * 1.5 + CHANGEOVER_S
    assert starts[jobs[1].id] == now + timedelta(seconds=waits_s)
