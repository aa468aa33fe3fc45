"""Whose turn it is: first come, first served, one at a time, on a machine that is ready."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fablab_hub.core.errors import ForbiddenMoveError
from fablab_hub.core.machines import (
    Label,
    LaserLimits,
    Machine,
    MachineKind,
    MachineState,
    MachineStatus,
)
from jobs.conditions import machine_state, require_ready, view_machine
from jobs.queue import CHANGEOVER_S, estimated_starts, is_no_show, next_to_call
from jobs.report import CheckedFile, Facts, FileKind, Report, Verdict
from jobs.run_store import Condition
from jobs.states import State
from jobs.store import Job

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MACHINE = Machine(
    id="laser", name=Label(fr="Laser", en="Laser"), kind=MachineKind.LASER, driver="grbl",
    dialect="grbl-1.1", port="/dev/laser", bed_mm=(600.0, 400.0, 0.0),
    laser=LaserLimits(tube_w=60.0),
)  # fmt: skip
AT_REST = [state for state in MachineState if state not in (MachineState.BUSY, MachineState.PAUSED)]
SAID_BY_AGENTS = [
    state
    for state in MachineState
    if state not in (MachineState.NEEDS_CLEARING, MachineState.OUT_OF_SERVICE)
]


def _job(number: int, state: State = State.QUEUED, duration_s: float = 60.0) -> Job:
    file = CheckedFile(
        name="a", sha256="0" * 64, bytes=1, kind=FileKind.GCODE, dialect="grbl-1.1"
    )  # fmt: skip
    report = Report(
        file=file, verdict=Verdict.ACCEPTED, findings=(), facts=Facts(duration_s=duration_s)
    )  # fmt: skip
    return Job(
        id=f"job-{number}", owner_id="awa", machine_id="laser", material_id=None, project_id=None,
        title="part", state=state, reason="", revision=1, file_name="a", file_sha256="0" * 64,
        options={}, report=report, program_sha256="0" * 64, picture_sha256=None, queued_at=NOW,
        called_at=NOW if state is State.CALLED else None, created_at=NOW, updated_at=NOW,
    )  # fmt: skip


def _view(state=MachineState.IDLE, condition=Condition(), job=None, fraction=0.0):  # noqa: B008 - frozen
    return view_machine(
        MACHINE, MachineStatus(state=state, fraction=fraction), condition, job, None
    )


@given(st.lists(st.sampled_from([State.QUEUED, State.CALLED]), max_size=6))
def test_the_first_who_waits_is_called_unless_somebody_is_called_already(states):
    waiting = [_job(number, state) for number, state in enumerate(states)]
    called = next_to_call(waiting, _view())
    if not waiting or State.CALLED in states:
        assert called is None
    else:
        assert called == "job-0"


@pytest.mark.parametrize("state", [s for s in SAID_BY_AGENTS if s is not MachineState.IDLE])
def test_nobody_is_called_to_a_machine_that_cannot_start(state):
    assert next_to_call([_job(1)], _view(state)) is None


@pytest.mark.parametrize(
    "condition", [Condition(needs_clearing=True), Condition(is_out_of_service=True)]
)
def test_nobody_is_called_before_the_bed_is_clear_and_the_machine_in_service(condition):
    assert next_to_call([_job(1)], _view(condition=condition)) is None


def test_nobody_is_called_while_a_job_is_on_the_machine():
    assert next_to_call([_job(1)], _view(job=_job(0, State.STARTING))) is None


@given(
    st.sampled_from(SAID_BY_AGENTS),
    st.builds(Condition, needs_clearing=st.booleans(), is_out_of_service=st.booleans()),
)
def test_only_a_free_clear_and_well_machine_is_idle(said, condition):
    state = machine_state(MachineStatus(state=said), condition)
    fine = said is MachineState.IDLE and condition == Condition()
    assert (state is MachineState.IDLE) is fine
    if said in (MachineState.BUSY, MachineState.PAUSED):
        assert state is said  # a machine that moves is never shown at rest
    elif condition.is_out_of_service:
        assert state is MachineState.OUT_OF_SERVICE
    view = _view(said, condition)
    if fine:
        require_ready(view)
    else:
        with pytest.raises(ForbiddenMoveError) as raised:
            require_ready(view)
        assert raised.value.code.startswith("machine.")


def test_an_alarm_is_shown_before_a_bed_to_clear():
    condition = Condition(needs_clearing=True)
    assert machine_state(MachineStatus(state=MachineState.ALARM), condition) is MachineState.ALARM


@given(minutes=st.floats(0, 60))
@example(minutes=15.0)
def test_a_called_person_has_their_minutes_and_then_lets_others_pass(minutes):
    called, other = _job(1, State.CALLED), _job(2)
    now = NOW + timedelta(minutes=minutes)
    assert is_no_show(called, [called, other], now, 15.0) is (now - NOW >= timedelta(minutes=15))


def test_a_called_person_whom_nobody_waits_behind_stays_called():
    called = _job(1, State.CALLED)
    assert not is_no_show(called, [called], NOW + timedelta(hours=8), 15.0)


@given(
    st.lists(st.floats(0, 1e5), max_size=6),
    st.none() | st.floats(0, 1e5),
)
def test_estimated_starts_follow_the_queue_and_leave_room_for_each_job(durations_s, remaining_s):
    jobs = [_job(number, duration_s=s) for number, s in enumerate(durations_s)]
    starts = estimated_starts(jobs, NOW, remaining_s)
    assert list(starts) == [job.id for job in jobs]
    if jobs:
        wait_s = 0.0 if remaining_s is None else remaining_s + CHANGEOVER_S
        assert starts["job-0"] == NOW + timedelta(seconds=wait_s)
    for one, two in pairwise(jobs):
        gap_s = (starts[two.id] - starts[one.id]).total_seconds()
        assert gap_s == pytest.approx(one.report.facts.duration_s + CHANGEOVER_S, abs=0.01)


def test_a_job_without_a_report_still_has_a_place():
    jobs = [replace(_job(1), report=None), _job(2)]
    assert estimated_starts(jobs, NOW, None)["job-2"] == NOW + timedelta(seconds=CHANGEOVER_S)


@given(st.floats(-1, 2))
@example(0.0)
@example(1.0)
def test_what_remains_of_a_run_is_between_all_of_it_and_nothing(fraction):
    view = _view(MachineState.BUSY, job=_job(1, State.RUNNING), fraction=fraction)
    assert 0.0 <= view.remaining_s <= 60.0
    if fraction in (0.0, 1.0):
        assert view.remaining_s == 60.0 * (1 - fraction)


def test_a_free_machine_has_nothing_left_to_do():
    assert _view().remaining_s is None
