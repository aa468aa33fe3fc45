"""What counts as standing still, as dark, and as a state: unknown is never taken for safe."""

import pytest

from drivers.grbl.codec import Alarm, ErrorLine, Status
from drivers.grbl.view import is_at_rest, is_dark, machine_status, stands_still, trouble_code
from fablab_hub.core.machines import Label, LaserLimits, Machine, MachineKind, MachineState

LASER = Machine(
    id="laser",
    name=Label("Laser", "Laser"),
    kind=MachineKind.LASER,
    driver="grbl",
    dialect="grbl",
    port="/dev/null",
    bed_mm=(600, 400, 0),
    laser=LaserLimits(tube_w=60, full_power_s=500),
)


def shown(report: Status, **other):
    facts = {"alarm": None, "is_deaf": False, "is_running": False, "position_mm": None}
    return machine_status(report, LASER, lines=3, fraction=0.25, **(facts | other))


@pytest.mark.parametrize(
    ("report", "is_still"),
    [
        (None, False),
        (Status(state="Run"), False),
        (Status(state="Run", feed_mm_min=0.0), False),
        (Status(state="Hold", detail="1"), False),
        (Status(state="Hold", detail="0"), True),
        (Status(state="Hold", feed_mm_min=100.0), False),
        (Status(state="Hold", feed_mm_min=0.0), True),
        (Status(state="Door", detail="2"), False),
        (Status(state="Door", detail="3"), False),
        (Status(state="Door", detail="1"), True),
        (Status(state="Door", detail="0"), True),
        (Status(state="Alarm"), True),
        (Status(state="Sleep"), True),
        (Status(state="Jog"), False),
        (Status(state="Home"), False),
        (Status(state="Tool"), False),
    ],
)
def test_a_head_stands_only_when_the_board_says_so(report, is_still):
    assert stands_still(report, idle_reports=9) is is_still


def test_one_idle_report_may_be_from_before_the_hold():
    report = Status(state="Idle")
    assert [stands_still(report, idle_reports=n) for n in range(5)] == [False] * 3 + [True] * 2


def test_a_beam_is_off_only_when_its_power_is_told_and_is_nothing():
    assert is_dark(Status(state="Idle", power_s=0.0))
    assert not is_dark(Status(state="Idle", power_s=1.0))
    assert not is_dark(Status(state="Idle"))
    assert not is_dark(None)


def test_a_hold_is_no_rest():
    assert is_at_rest(Status(state="Idle"))
    assert not is_at_rest(Status(state="Hold", detail="0"))
    assert not is_at_rest(None)


@pytest.mark.parametrize(
    ("report", "state"),
    [
        ("Idle", MachineState.IDLE),
        ("Run", MachineState.BUSY),
        ("Jog", MachineState.BUSY),
        ("Home", MachineState.BUSY),
        ("Hold", MachineState.PAUSED),
        ("Door", MachineState.PAUSED),
        ("Alarm", MachineState.ALARM),
        ("Sleep", MachineState.ALARM),
        ("Check", MachineState.ALARM),
        ("Unheard", MachineState.ALARM),
    ],
)
def test_each_state_of_the_board_is_one_of_ours_and_an_unknown_one_wants_a_person(report, state):
    assert shown(Status(state=report)).state is state


def test_power_is_a_part_of_full_power_and_progress_a_part_of_the_lines():
    status = shown(Status(state="Run", power_s=250.0), is_running=True)
    assert (status.power, status.line, status.fraction) == (0.5, 3, 0.25)
    assert shown(Status(state="Run", power_s=900.0)).power == 1.0
    assert shown(Status(state="Run")).power is None


def test_idle_between_two_moves_of_a_run_is_busy():
    assert shown(Status(state="Idle"), is_running=True).state is MachineState.BUSY


def test_a_deaf_board_is_in_alarm_whatever_it_last_said():
    status = shown(Status(state="Run", power_s=250.0), is_deaf=True, alarm=Alarm(1))
    assert (status.state, status.error_code) == (MachineState.ALARM, "grbl.alarm-1")
    assert status.power is None


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (ErrorLine(22), "grbl.error-22"),
        (ErrorLine(0), "grbl.error"),
        (ErrorLine(7777), "grbl.error"),
        (Alarm(2), "grbl.alarm-2"),
        (Alarm(99), "grbl.alarm"),
        (None, "grbl.locked"),
    ],
)
def test_every_trouble_has_a_code_with_a_sentence(trouble, code):
    assert trouble_code(trouble) == code
