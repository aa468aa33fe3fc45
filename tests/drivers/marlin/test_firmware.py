"""The simulated Marlin behaves as real boards were seen to behave."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.marlin.firmware import Faults, MarlinFirmware
from drivers.marlin.firmware_commands import Build


def powered(build: Build | None = None, faults: Faults | None = None) -> MarlinFirmware:
    board = MarlinFirmware(build, faults)
    board.power_on(0.0)
    return board


def run_until_idle(board: MarlinFirmware, now_s: float, limit_s: float = 1000.0) -> float:
    while (due_s := board.next_event_s()) is not None and due_s < limit_s:
        now_s = due_s
        board.tick(now_s)
    return now_s


def test_it_says_start_and_then_nothing():
    board = MarlinFirmware()
    assert board.receive(b"M115\n", 0.0) == b""
    assert board.power_on(1.0).startswith(b"start\nMarlin 2.0.9.7\n")
    assert board.next_event_s() is None


def test_m105_answers_on_the_line_of_its_ok():
    assert powered().receive(b"M105\n", 0.0) == b"ok T:21.87 /0.00 B:21.87 /0.00 @:0 B@:0\n"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"N1 G1 X1*0\n", b"Error:checksum mismatch, Last Line: 0\nResend: 1\nok\n"),
        (b"N5 M105*34\n", b"Error:Line Number is not Last Line Number+1, Last Line: 0\n"),
        (b"N1 M105\n", b"Error:No Checksum with line number, Last Line: 0\nResend: 1\nok\n"),
        (b"M9999\n", b'echo:Unknown command: "M9999"\nok\n'),
        (b"G1 E5 F300\n", b"echo: cold extrusion prevented\nok\n"),
        (b"M113\n", b"echo:M113 S2\nok\n"),
        (b"M114\n", b"X:0.00 Y:0.00 Z:0.00 E:0.00 Count X:0 Y:0 Z:0\nok\n"),
    ],
)
def test_it_answers_as_the_real_one(line, said):
    assert powered().receive(line, 0.0).startswith(said)


def test_an_ok_means_queued_and_m400_waits_for_the_end_of_motion():
    board = powered()
    assert board.receive(b"G1 X10 F600\nM400\n", 0.0) == b"ok\n"
    assert board.state()["is_moving"]
    now_s = run_until_idle(board, 0.0)
    assert not board.state()["is_moving"]
    # 10 mm at 10 mm/s, with 500 mm/s2: 1 s and one ramp of 20 ms
    assert now_s == pytest.approx(1.02)


def test_the_planner_holds_fifteen_moves_and_the_next_ok_waits():
    board = powered()
    oks = sum(board.receive(b"G1 X%d F600\n" % x, 0.0).count(b"ok") for x in range(1, 30))
    assert oks == 15


def test_unpaced_lines_are_lost_and_glued():
    board = powered()
    said = b""
    for x in range(60):
        said += board.receive(b"G1 X%d F3000\n" % (x * 3), 0.0)
    while (due_s := board.next_event_s()) is not None:
        said += board.tick(due_s)
    assert 20 < said.count(b"ok\n") < 40
    said = board.receive(b"\n", 100.0)
    assert board.state()["position_mm"][0] < 59 * 3


def test_a_row_of_short_moves_does_not_stop_at_each_joint():
    in_pieces = powered()
    in_pieces.receive(b"G91\n", 0.0)
    for _ in range(14):
        in_pieces.receive(b"G1 X1 F3000\n", 0.0)
    at_once = powered()
    at_once.receive(b"G1 X14 F3000\n", 0.0)
    stop_at_each = 14 * 2 * (1 / 500) ** 0.5
    assert run_until_idle(in_pieces, 0.0) < run_until_idle(at_once, 0.0) + 0.1 < stop_at_each


def test_an_arc_ends_where_it_should_and_is_as_long_as_it_is_round():
    board = powered()
    board.receive(b"G1 X10 F6000\nM400\n", 0.0)
    began_s = run_until_idle(board, 0.0)
    board.receive(b"G3 X0 Y10 I-10 J0 F600\n", began_s)
    ended_s = run_until_idle(board, began_s)
    assert board.state()["position_mm"] == [0.0, 10.0, 0.0]
    assert ended_s - began_s == pytest.approx(15.708 / 10, abs=0.05)


def test_homing_takes_seconds_and_says_that_it_is_busy():
    board = powered()
    assert board.receive(b"G28\n", 0.0) == b""
    assert board.tick(2.0) == b"echo:busy: processing\n"
    assert b"ok" in board.tick(10.0)


def test_heating_says_busy_every_two_seconds_and_temperatures_every_second():
    board = powered()
    board.receive(b"M109 S100\n", 0.0)
    said = b"".join(board.tick(second / 10) for second in range(1, 201))
    assert said.count(b"busy") == 10
    assert said.count(b"W:?") == 20
    assert b"ok" not in said


def test_m155_reports_by_itself():
    board = powered()
    board.receive(b"M155 S1\n", 0.0)
    said = b"".join(board.tick(float(second)) for second in range(1, 6))
    assert said.count(b" T:21.87 /0.00") == 5
    assert b"ok" not in said


def test_m108_ends_a_wait_for_heat_at_once():
    board = powered()
    board.receive(b"M109 S200\n", 0.0)
    assert board.receive(b"M108\n", 0.5) == b"ok\nok\n"


def test_m410_ends_motion_as_it_arrives_and_moves_are_dropped_for_a_second():
    board = powered()
    board.receive(b"G1 X100 F600\nG1 X0\nM400\n", 0.0)
    assert board.receive(b"M410\n", 5.0).count(b"ok\n") == 2
    stopped_mm = board.state()["position_mm"]
    assert 40 < stopped_mm[0] < 60
    board.receive(b"G1 X0\n", 5.5)
    assert not board.state()["is_moving"]
    board.receive(b"G1 X0\n", 6.5)
    assert board.state()["is_moving"]


def test_without_an_emergency_parser_m410_waits_its_turn():
    board = powered(Build(has_emergency_parser=False))
    board.receive(b"M109 S200\n", 0.0)
    assert board.receive(b"M108\n", 0.5) == b""
    assert b"Cap:EMERGENCY_PARSER:0" in powered(Build(has_emergency_parser=False)).receive(
        b"M115\n", 0.0
    )


def test_m112_switches_everything_off_and_only_a_restart_helps():
    board = powered()
    board.receive(b"M104 S200\nM106\nG1 X100 F600\n", 0.0)
    said = board.receive(b"M112\n", 1.0)
    assert b"Error:Printer halted. kill() called!" in said
    state = board.state()
    assert (state["nozzle_target_c"], state["fan"], state["is_moving"]) == (0, 0, False)
    assert board.receive(b"M105\n", 2.0) == b""
    assert board.power_on(3.0).startswith(b"start\n")
    assert board.receive(b"M105\n", 4.0).startswith(b"ok T:")


def test_advanced_ok_names_the_line_and_the_places():
    board = powered(Build(has_advanced_ok=True))
    board.receive(b"M110 N0\n", 0.0)
    assert board.receive(b"N1 M107*36\n", 0.0) == b"ok N1 P15 B4\n"


@pytest.mark.parametrize(
    ("faults", "said"),
    [
        (Faults(lost_ok_at=(2,)), b"ok\nok\n"),
        (Faults(doubled_ok_at=(2,)), b"ok\nok\nok\nok\n"),
        (Faults(lost_line_at=(2,)), b"ok\nok\n"),
        (Faults(silent_from=2), b"ok\n"),
    ],
)
def test_faults_happen_at_their_line(faults, said):
    assert powered(faults=faults).receive(b"M107\nM107\nM107\n", 0.0) == said


@given(st.lists(st.floats(0.01, 3.0), max_size=60))
def test_how_often_it_is_looked_at_changes_nothing(steps):
    script = b"M155 S3\nG1 X30 F1200\nM109 S60\nG1 Y20\nG28\nG1 X5\n"
    often, once = powered(), powered()
    said_often, said_once = often.receive(script, 0.0), once.receive(script, 0.0)
    now_s = 0.0
    for step in steps:
        now_s += step
        said_often += often.tick(now_s)
    said_once += once.tick(now_s)
    assert said_often == said_once
    assert often.state() == once.state()
