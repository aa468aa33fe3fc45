"""The simulated board does what a real GRBL 1.1h was seen to do."""

import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.grbl.firmware import GrblBoard
from drivers.grbl.firmware_faults import Faults

SQUARE = ("G21", "G90", "M4 S0 F3000", "G1 X20 S500", "G1 Y20", "G1 X0", "G1 Y0", "M5 S0")


def test_it_greets_and_is_idle_at_zero(bench):
    laser = bench()
    assert laser.greeting == "\r\nGrbl 1.1h ['$' for help]\r\n"
    report = laser.send("?")
    assert report == "<Idle|MPos:0.000,0.000,0.000|FS:0,0|WCO:0.000,0.000,0.000>\n"


def test_work_offset_and_overrides_come_only_now_and_then(bench):
    laser = bench()
    reports = [laser.send("?") for _ in range(21)]
    assert [n for n, text in enumerate(reports) if "WCO" in text] == [0, 10, 20]
    assert "Ov:100,100,100" in reports[1]
    assert not any("WCO" in text and "Ov" in text for text in reports)
    laser.send(b"\x9a")
    assert "Ov:100,100,110" in laser.send("?")


def test_buffers_are_reported_only_with_their_setting(bench):
    laser = bench()
    assert "Bf:" not in laser.send("?")
    assert laser.line("$10=3") == "ok"
    assert "|Bf:15,128|" in laser.send("?")
    laser.line("$10=0")
    laser.line("G92 X5")
    assert "WPos:5.000,0.000,0.000" in laser.send("?")


def test_128_bytes_fit_during_a_dwell_and_not_one_more(bench):
    laser = bench()
    laser.line("$10=3")
    assert laser.line("G4 P1") == ""
    line = b"G1 X1.0 F100 S1" + b"\n"
    assert laser.send(line * 8) == ""
    assert "|Bf:15,0|" in laser.send("?")
    assert laser.board.overflows == 0
    assert laser.wait(1.1).count("ok") == 9


def test_an_overrun_loses_the_end_of_a_line_without_a_word(bench):
    laser = bench()
    laser.line("G4 P1")
    laser.send(b"G4 P0\n" * 19 + b"G91 G0 X1.0000\n")  # 129 bytes
    assert laser.board.overflows == 1
    said = laser.wait(1.5)
    assert said.count("ok") == 20
    assert "error" not in said
    assert laser.line("Y2") == "ok"  # glued to what was left of the line before
    laser.finish()
    assert laser.at_mm == [1.0, 2.0, 0.0]


def test_sixty_uncounted_lines_lose_lines_and_end_elsewhere(bench):
    laser = bench()
    laser.line("G91")
    said = laser.send(b"G1 X1.000 F600\n" * 60) + laser.wait(60)
    assert "error" not in said
    assert said.count("ok") < 60
    assert laser.at_mm[0] != 60.0


def test_an_empty_line_and_a_carriage_return_answer_ok(bench):
    laser = bench()
    assert laser.send("\n") == "ok\n"
    assert laser.send("G21\r\n").count("ok") == 2


def test_ok_means_planned_and_the_last_ok_comes_before_the_end(bench):
    laser = bench()
    assert [laser.line(line) for line in ("G91", "G1 X50 F600")] == ["ok", "ok"]
    assert laser.state == "Run"
    took_s, _ = laser.finish()
    assert took_s == pytest.approx(5.0, abs=0.1)


def test_the_planner_takes_fifteen_lines_then_holds_its_ok_back(bench):
    laser = bench()
    laser.line("G91")
    said = laser.send(b"G1X1F60\n" * 16)
    assert said.count("ok") == 15
    assert laser.wait(1.1).count("ok") == 1


@pytest.mark.parametrize("line", ["G4 P0.5", "M8", "M5", "M2"])
def test_a_dwell_and_a_sync_answer_only_when_motion_has_ended(bench, line):
    laser = bench()
    for text in ("M4 S10", "G91", "G1 X10 F600"):
        laser.line(text)
    assert laser.line(line) == ""
    assert laser.wait(0.9) == ""
    assert laser.wait(0.7).endswith("ok")
    assert laser.state == "Idle"


def test_a_dwell_begins_when_motion_has_ended(bench):
    laser = bench()
    laser.send("G91\nG1 X10 F600\nG4 P0.5\n")
    moving_s, _ = laser.finish()
    assert moving_s == pytest.approx(1.0, abs=0.05)
    assert laser.wait(0.4) == ""
    assert laser.wait(0.2) == "ok"


def test_a_hold_slows_down_stands_still_and_goes_on(bench):
    laser = bench()
    laser.send("G91\nG1 X100 F6000\n")
    laser.wait(0.5)
    laser.send("!")
    assert "<Hold:1|" in laser.send("?")
    laser.wait(0.2)
    assert "<Hold:0|" in laser.send("?")
    stood_at = laser.at_mm
    assert laser.line("G4 P0") == ""
    assert laser.wait(5) == ""
    assert laser.at_mm == stood_at
    assert laser.send("~") == ""
    laser.finish()
    assert laser.at_mm[0] == 100.0


def test_resume_is_ignored_while_the_hold_still_slows_down(bench):
    laser = bench()
    laser.send("G91\nG1 X100 F6000\n")
    laser.wait(0.5)
    laser.send("!")
    laser.send("~")
    laser.wait(1)
    assert laser.state == "Hold:0"


def test_a_hold_while_idle_holds_too(bench):
    laser = bench()
    laser.send("!")
    assert laser.state == "Hold:0"
    assert laser.line("G21") == ""
    assert laser.send("~").strip() == "ok"


def test_a_hold_stops_a_dwell(bench):
    laser = bench()
    laser.line("G4 P1")
    laser.wait(0.5)
    laser.send("!")
    assert laser.wait(5) == ""
    laser.send("~")
    assert laser.wait(0.4) == ""
    assert laser.wait(0.2) == "ok"


def test_a_reset_in_a_hold_keeps_the_position_and_raises_no_alarm(bench):
    laser = bench()
    laser.send("G91\nG1 X100 F6000\n")
    laser.wait(0.5)
    laser.send("!")
    laser.wait(0.5)
    where = laser.at_mm
    said = laser.send(b"\x18")
    assert "ALARM" not in said
    assert "Grbl 1.1h" in said
    assert laser.state == "Idle"
    assert laser.at_mm == where
    laser.wait(5)
    assert laser.at_mm == where


def test_a_reset_in_motion_is_alarm_3_and_locks(bench):
    laser = bench()
    laser.send("G91\nG1 X100 F6000\n")
    laser.wait(0.5)
    said = laser.send(b"\x18")
    assert said.index("ALARM:3") < said.index("Grbl") < said.index("[MSG:'$H'|'$X' to unlock]")
    assert laser.state == "Alarm"
    assert laser.line("G1 X1 F100") == "error:9"
    assert laser.line("$X") == "[MSG:Caution: Unlocked]\nok"
    assert laser.line("G21") == "ok"


def test_m4_follows_the_speed_and_is_dark_when_still(bench):
    laser = bench()
    laser.send("G91\nM4 S800\nG1 X100 F6000\n")
    laser.wait(0.05)
    assert 0 < laser.beam < 0.79
    laser.wait(0.4)
    assert laser.beam == pytest.approx(0.8)
    laser.send("!")
    laser.wait(0.05)
    assert 0 < laser.beam < 0.8
    laser.wait(0.5)
    assert laser.beam == 0
    laser.send("~")
    laser.wait(0.4)
    assert laser.beam == pytest.approx(0.8)
    laser.finish()
    assert laser.beam == 0


def test_m3_is_dark_in_a_hold_and_on_again_standing_still_without_m5(bench):
    laser = bench()
    laser.send("G91\nM3 S500\nG1 X100 F6000\n")
    laser.wait(0.5)
    laser.send("!")
    laser.wait(0.5)
    assert laser.beam == 0
    laser.send("~")
    laser.finish()
    assert laser.beam == 0.5
    assert "<Idle|" in (report := laser.send("?"))
    assert "|FS:0,500" in report
    laser.line("M5")
    assert laser.beam == 0


def test_rapids_are_dark_even_with_m3(bench):
    laser = bench()
    laser.send("G91\nM3 S500\nG1 X1 F6000\n")
    laser.finish()
    laser.line("G0 X50")
    laser.wait(0.1)
    assert laser.state == "Run"
    assert laser.beam == 0


def test_a_reset_puts_the_beam_out_at_once(bench):
    laser = bench()
    laser.send("G91\nM3 S500\nG1 X100 F600\n")
    laser.wait(0.5)
    assert laser.beam == 0.5
    laser.send(b"\x18")
    assert laser.beam == 0


def test_power_is_scaled_from_the_feed_that_was_asked_for(bench):
    laser = bench()
    laser.send("G91\nM4 S1000\nG1 X500 F30000\n")  # the axis can only do 15000
    laser.wait(0.6)
    assert laser.beam == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("Q1", 20), ("G1X", 2), ("G1 X1", 22), ("G5", 20), ("G1 X1 X2 F100", 25),
        ("G2 X10 F100", 35), ("G2 X10 I1 F100", 33), ("G2 X10 R2 F100", 34), ("G2 I5 F100", 26),
        ("G0 G1 X1 F100", 21), ("%", 1), ("M6", 20), ("$999=1", 3), ("$20=1", 10), ("$H", 5),
        ("G1 X" + "1" * 90, 11), ("G1 X1 F-5", 4), ("G4", 28), ("G0 X1 I5", 36), ("G80 X1", 31),
        ("G92", 26), ("G0 G92 X1", 24), ("G93", 20), ("$J=G91 X1", 22), ("$30=-1", 4),
    ],
)  # fmt: skip
def test_refused_lines_get_their_number_and_change_nothing(bench, line, number):
    laser = bench()
    before = laser.line("$G")
    assert laser.line(line) == f"error:{number}"
    assert laser.line("$G") == before
    assert laser.wait(1) == ""
    assert laser.at_mm == [0, 0, 0]


def test_comments_spaces_and_block_delete_are_accepted(bench):
    laser = bench()
    assert laser.line("(hello) g 1 x 1 0 f600 ; good bye") == "ok"
    assert laser.line("/G0 X0") == "ok"
    assert laser.line("G0 X1 (" + "x" * 200 + ")") == "ok"


def test_settings_and_questions_are_refused_in_motion(bench):
    laser = bench()
    laser.send("G91\nG1 X100 F600\n")
    assert laser.line("$$") == "error:8"
    assert laser.line("$30=500") == "error:8"


def test_real_time_bytes_act_inside_comments(bench):
    laser = bench()
    laser.send("G91\nG1 X100 F600\n")
    laser.wait(0.5)
    assert "<Run|" in laser.send("(prêt ?")
    laser.send("(stop !")
    laser.wait(0.5)
    assert laser.state == "Hold:0"


@given(st.binary(min_size=1, max_size=6).map(lambda raw: bytes(byte | 0x80 for byte in raw)))
def test_no_byte_above_7f_ever_reaches_a_line(raw):
    board = GrblBoard()
    board.power_on(0.0)
    calm = bytes(byte for byte in raw if byte != 0x84)
    assert board.receive(b"G2" + calm + b"1\n", 0.0) == b"ok\r\n"
    assert b"[GC:G0 G54 G17 G21 G90" in board.receive(b"$G\n", 0.0)


def test_homing_is_silent_and_says_home_just_before_its_ok(bench):
    laser = bench(settings={22: 1})
    assert "unlock" in laser.greeting
    assert laser.line("$H") == ""
    assert laser.send("??") == ""
    assert laser.wait(3.9) == ""
    assert re.fullmatch(r"<Home\|.*>\nok", laser.wait(0.2))
    assert laser.state == "Idle"


def test_a_reset_while_homing_is_alarm_6(bench):
    laser = bench(settings={22: 1})
    laser.line("$H")
    assert "ALARM:6" in laser.send(b"\x18")
    assert laser.state == "Alarm"


@pytest.mark.parametrize("number", [1, 2])
def test_after_a_limit_nothing_is_heard_until_a_reset(bench, number):
    faults = Faults(alarm_at_line=2) if number == 1 else None
    laser = bench(settings={22: 1, 20: 1}, faults=faults)
    laser.line("$X")
    laser.line("G90")
    said = laser.line("G1 X9999 F1000")
    assert said == f"ALARM:{number}\n[MSG:Reset to continue]"
    assert [laser.send("?"), laser.line("$X"), laser.line("G21"), laser.wait(5)] == [""] * 4
    assert "unlock" in laser.send(b"\x18")
    assert "<Alarm|" in laser.send("?")
    assert laser.line("$X").endswith("ok")


def test_power_up_locks_a_board_that_can_home_and_a_soft_reset_does_not(bench):
    laser = bench(settings={22: 1})
    assert laser.state == "Alarm"
    assert laser.line("G21") == "error:9"
    laser.line("$X")
    laser.send(b"\x18")
    assert laser.state == "Idle"


def test_power_up_loses_the_position_without_an_alarm_when_it_cannot_home(bench):
    laser = bench()
    laser.send("G91\nG1 X10 F6000\n")
    laser.wait(0.05)
    laser.board.power_on(laser.now_s)
    assert (laser.state, laser.at_mm) == ("Idle", [0, 0, 0])


def test_door_stops_and_goes_on(bench):
    laser = bench()
    laser.send("G91\nM4 S500\nG1 X100 F6000\n")
    laser.wait(0.5)
    assert laser.send(b"\x84").strip() == "[MSG:Check Door]"
    assert laser.state == "Door:2"
    laser.wait(0.5)
    assert (laser.state, laser.beam) == ("Door:0", 0)
    laser.send("~")
    laser.finish()
    assert laser.at_mm[0] == 100.0


def test_a_jog_can_be_cancelled_and_leaves_no_alarm(bench):
    laser = bench()
    assert laser.line("$J=G91 X100 F6000") == "ok"
    laser.wait(0.3)
    assert laser.state == "Jog"
    assert laser.line("G21") == "error:9"
    laser.send(b"\x85")
    laser.wait(0.5)
    assert laser.state == "Idle"
    assert 0 < laser.at_mm[0] < 100
    assert laser.line("G90") == "ok"


def test_a_jog_beyond_travel_is_an_error_not_an_alarm(bench):
    laser = bench(settings={22: 1, 20: 1})
    laser.line("$X")
    assert laser.line("$J=G91 X9999 F6000") == "error:15"
    assert laser.state == "Idle"


def test_check_mode_moves_nothing_and_its_end_is_a_reset(bench):
    laser = bench()
    assert laser.line("$C") == "[MSG:Enabled]\nok"
    assert [laser.line(line) for line in SQUARE] == ["ok"] * len(SQUARE)
    assert laser.at_mm == [0, 0, 0]
    assert "Grbl" in laser.line("$C")


def test_sleep_ends_only_with_a_reset_and_is_then_locked(bench):
    laser = bench()
    assert "Sleeping" in laser.line("$SLP")
    assert laser.line("G21") == ""
    assert "unlock" in laser.send(b"\x18")
    assert laser.state == "Alarm"


def test_m0_holds_until_somebody_resumes(bench):
    laser = bench()
    assert laser.line("M0") == ""
    assert laser.state == "Hold:0"
    assert laser.send("~").strip() == "ok"


def test_a_program_s_end_resets_the_modes_and_not_the_units(bench):
    laser = bench()
    for line in ("G20", "G91", "G0", "M4 S100"):
        laser.line(line)
    assert laser.line("M2") == "[MSG:Pgm End]\nok"
    assert laser.line("$G").startswith("[GC:G1 G54 G17 G20 G90 G94 M5 M9")


def test_a_boot_loader_eats_what_is_sent_before_the_banner(bench):
    laser = bench(boot_s=1.6, junk=b"\x00\xf0")
    assert laser.greeting == "\x00\xf0"
    assert laser.send("$I\n?") == ""
    assert "Grbl" not in laser.wait(1.5)
    assert "Grbl" in laser.wait(0.2)
    assert laser.line("$I").endswith("ok")


def test_questions_are_answered_as_a_driver_needs_them(bench):
    laser = bench(settings={30: 500})
    assert "[OPT:VZ,15,128]" in laser.line("$I")
    answer = laser.line("$$").split("\n")
    assert {"$30=500", "$32=1", "$130=600.000", "$131=400.000"} <= set(answer)
    assert laser.line("$131=350") == "ok"
    assert "$131=350.000" in laser.line("$$")
    assert "[G92:0.000,0.000,0.000]" in laser.line("$#")


# --- motion -------------------------------------------------------------------------------


def test_inches_relative_moves_and_a_shifted_origin(bench):
    laser = bench()
    for line in (
        "G20",
        "G91",
        "G1 X1 F100",
        "G21",
        "G90",
        "G92 X0",
        "G1 X10",
        "G92.1",
        "G53 G0 Y5",
    ):
        assert laser.line(line) == "ok"
    laser.finish()
    assert laser.at_mm == [35.4, 5.0, 0.0]


@pytest.mark.parametrize(
    ("words", "half_mm"),
    [("G2 X20 Y0 I10 J0", 10.0), ("G3 X20 Y0 R10", -10.0), ("G2 X20 Y0 R10", 10.0)],
)
def test_arcs_turn_the_right_way_and_end_where_they_should(bench, words, half_mm):
    laser = bench()
    laser.line("G90 G1 F1000")
    highest = lowest = 0.0
    assert laser.line(words) in ("ok", "")
    while laser.state == "Run":
        laser.wait(0.02)
        highest, lowest = max(highest, laser.at_mm[1]), min(lowest, laser.at_mm[1])
    assert laser.at_mm == [20.0, 0.0, 0.0]
    assert (highest if half_mm > 0 else lowest) == pytest.approx(half_mm, abs=0.1)


def test_a_full_circle_comes_back_and_takes_its_time(bench):
    laser = bench()
    laser.line("G90 G1 F1000")
    laser.line("G2 X0 Y0 I10 J0")
    took_s, _ = laser.finish()
    assert took_s == pytest.approx(2 * math.pi * 10 / 1000 * 60, rel=0.05)


def test_an_arc_in_another_plane(bench):
    laser = bench()
    laser.line("G18 G90 G1 F300")
    laser.line("G2 X10 Z0 I5 K0")
    laser.finish()
    assert laser.at_mm == [10.0, 0.0, 0.0]


def test_time_of_a_long_move_counts_both_ramps(bench):
    laser = bench(settings={120: 500})
    laser.line("G91")
    laser.line("G1 X100 F6000")  # 100 mm/s, 0.2 s and 10 mm for each ramp
    took_s, _ = laser.finish()
    assert took_s == pytest.approx(0.2 + 0.8 + 0.2, abs=0.02)


def test_lines_in_a_row_are_not_slowed_down_and_corners_are(bench):
    straight, corner = bench(), bench()
    for laser, second in ((straight, "G1 X20 F6000"), (corner, "G1 Y20 F6000")):
        laser.send(f"G91\nG1 X20 F6000\n{second}\n")
    fast_s, _ = straight.finish()
    slow_s, _ = corner.finish()
    assert fast_s == pytest.approx(40 / 100 + 0.1, abs=0.03)
    assert slow_s > fast_s + 0.05


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(-30, 30), st.integers(-30, 30), st.integers(100, 15000)),
        min_size=1,
        max_size=12,
    ),
    st.floats(0.001, 0.7),
)
def test_wherever_time_is_cut_the_head_ends_at_the_sum_of_the_moves_and_never_jumps(moves, step_s):
    board = GrblBoard()
    board.power_on(0.0)
    lines = "".join(f"G91G1X{x}Y{y}F{feed}\n" for x, y, feed in moves)
    said, now_s, at = board.receive(lines.encode(), 0.0), 0.0, [0.0, 0.0]
    while board.state()["state"] == "Run" or said.count(b"ok") < len(moves):
        before = at
        now_s += step_s
        said += board.tick(now_s)
        at = board.state()["position_mm"][:2]
        assert math.dist(at, before) <= 15000 / 60 * math.sqrt(2) * step_s + 0.01
        assert now_s < 1000
    assert at == [sum(x for x, _, _ in moves), sum(y for _, y, _ in moves)]


# --- faults -------------------------------------------------------------------------------


def answers(faults: Faults) -> str:
    board = GrblBoard(faults=faults)
    board.power_on(0.0)
    said = board.receive("".join(f"{line}\n" for line in SQUARE).encode(), 0.0)
    now_s = 0.0
    while now_s < 30:
        now_s += 0.02
        said += board.tick(now_s)
    return said.decode("latin-1").replace("\r", "")


@pytest.mark.parametrize(
    ("faults", "oks", "words"),
    [
        (Faults(), len(SQUARE), ""),
        (Faults(refuse_line=4), len(SQUARE) - 1, "error:20"),
        (Faults(lost_ok_at=4), len(SQUARE) - 1, ""),
        (Faults(doubled_ok_at=4), len(SQUARE) + 1, ""),
        (Faults(garbage_at=4), len(SQUARE) - 1, "o\xff\x13k"),
        (Faults(alarm_at_line=4), 3, "ALARM:1\n[MSG:Reset to continue]"),
        (Faults(limit_unannounced_at=8), 7, "Grbl 1.1h ['$' for help]\n[MSG:Check Limits]"),
        (Faults(reboot_at_line=4), 4, "Grbl 1.1h ['$' for help]\nerror:22"),
        (Faults(silent_from_line=4), 3, ""),
    ],
)
def test_faults_are_counted_in_lines(faults, oks, words):
    said = answers(faults)
    assert said.count("ok\n") == oks
    assert words in said


def test_a_silent_board_still_works_and_a_restart_gives_its_voice_back(bench):
    laser = bench(faults=Faults(silent_from_line=2))
    laser.send("G91\nG1 X10 F600\n")
    assert laser.send("?") == ""
    laser.wait(1.5)
    assert laser.at_mm[0] == 10.0
    assert b"Grbl" in laser.board.power_on(laser.now_s)
    assert "<Idle|" in laser.send("?")
