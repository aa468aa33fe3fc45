"""What the check lets through, GRBL answers with `ok`; each error that GRBL knows is found before.

The judge is the simulated board's own reader (`drivers.grbl.firmware_*`), which was written from
GRBL's documentation and shares no code with the checker.
"""

from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from drivers.grbl.firmware import GrblBoard
from drivers.grbl.firmware_gcode import Modal, Move, interpret
from drivers.grbl.firmware_words import OVERFLOW, LineError, LineReader, parse
from fablab_hub.core.machines import Machine
from fablab_hub.gcode.dialects.grbl import GRBL
from fablab_hub.gcode.dialects.table import Policy
from jobs.checks.gcode_rules import BY_ID
from jobs.report import Severity, Verdict

Check = Any

REALTIME = frozenset(b"?!~\x18") | frozenset(range(0x80, 0x100))


def answers(program: bytes) -> list[tuple[str, str]]:
    """Read a program as the board would, without its time; gives what it refuses, and why."""
    reader, modal, at_mm, refused = LineReader(), Modal(), (0.0, 0.0, 0.0), []
    for byte in program:
        line = reader.take(byte)
        if not line:
            continue
        try:
            if reader.is_long:
                raise LineError(OVERFLOW)
            modal, orders = interpret(parse(line), modal, at_mm)
        except LineError as error:
            refused.append((line, f"error:{error.number}"))
        else:
            for order in orders:
                at_mm = order.target_mm if isinstance(order, Move) else at_mm
    return refused


# M7 is for boards that were built with it, so a person is asked; the simulated board was not.
codes = sorted(
    code
    for code, row in GRBL.commands.items()
    if row.policy is not Policy.REFUSE and code[1:] and code != "M7"
)
# Without K: GRBL forgives the offset of an axis that is not in the plane, the simulated board not.
number = st.sampled_from(["0", "1", "2.5", "10", "-1", "0.001", "40", "", "1e3", "7.", ".5"])
word = st.tuples(st.sampled_from("XYZIJRFSPLENTX"), number).map("".join)
code = st.sampled_from([*codes, "G0", "G1", "G2", "G3", "G01", "G92.2", "G64", "M6", "G43", "G5"])
line = st.lists(st.one_of(code, word, word), min_size=1, max_size=5).map(" ".join)
arc = st.tuples(
    st.sampled_from(["G2", "G3", "G18 G2"]),
    st.lists(word, min_size=1, max_size=4).map(" ".join),
).map(" ".join)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(line, arc), min_size=1, max_size=8))
@example(["G4"])
@example(["G4 S1"])
@example(["G1 F600", "G80", "X1"])
@example(["G92"])
@example(["G2 X2 I1 F600", "G2 X2"])
@example(["G20 G1 X1 F1", "G91", "X.5"])
@example(["G28 G1 X1"])
@example(["G2 X1 I0 R1"])
@example(["G0 X1", "G1 X1"])
def test_every_line_that_passes_is_answered_with_ok(
    check: Check, laser: Machine, lines: list[str]
) -> None:
    kept: list[str] = []
    for each in lines:
        if check("\n".join([*kept, each, "G0 X1"]), laser).verdict is not Verdict.REFUSED:
            kept.append(each)
    found = check("\n".join([*kept, "G0 X1"]), laser)
    assert answers(found.program) == []
    assert not REALTIME & set(found.program)


def test_the_whole_board_answers_ok_too(check: Check, laser: Machine) -> None:
    program = check(
        "g21 g90\n(é ! ?)\nM4\nG0X5Y5\nG1 X9 F3000 S200\nG2 X13 I2\nM5\nM30", laser
    ).program
    board = GrblBoard()
    board.power_on(0.0)
    said, now_s = b"", 0.0
    for each in program.splitlines(keepends=True):
        said += board.receive(each, now_s)
        now_s += 1.0
        said += board.tick(now_s)
    assert said.count(b"ok") == len(program.splitlines())
    assert b"error" not in said


ERRORS = {
    1: ("5 G0 X1", "unreadable-line"),
    2: ("G1 XA F600", "unreadable-line"),
    3: ("$Z", "settings"),
    4: ("G1 X1 F-5", "missing-value"),
    5: ("$H", "settings"),
    6: ("$0=1", "settings"),
    8: ("$$", "settings"),
    10: ("$20=1", "settings"),
    11: ("G1" + "".join(f" {axis}0." + "0" * 16 for axis in "XYZSF"), "line-too-long"),
    12: ("$110=999999", "settings"),
    14: ("$N0=" + "G0 X0" * 20, "settings"),
    15: ("$J=X9999 F100", "settings"),
    16: ("$J=G2 X1 F100", "settings"),
    17: ("$32=1", "settings"),
    20: ("G64", "unknown-command"),
    21: ("G0 G1 X1 F600", "conflicting-words"),
    22: ("G1 X3", "no-feed"),
    23: ("G1.5 X1 F600", "unknown-command"),
    24: ("G92 G1 X1 F600", "conflicting-words"),
    25: ("G1 X1 X2 F600", "repeated-word"),
    26: ("G92", "missing-value"),
    28: ("G4", "missing-value"),
    29: ("G59.1", "unknown-command"),
    30: ("G2 G53 X1 I1 F600", "machine-position"),
    31: ("G80 X1", "unknown-word"),
    32: ("G2 Z1 I1 F600", "bad-arc"),
    33: ("G2 X10 Y0 I1 J0 F600", "bad-arc"),
    34: ("G2 X10 Y0 R1 F600", "bad-arc"),
    35: ("G2 X10 Y0 F600", "bad-arc"),
    36: ("G0 X1 P3", "unknown-word"),
    37: ("G43.1 X1", "milling"),
    38: ("T999", "milling"),
}
"""GRBL 1.1's own numbers (wiki, "Interface", error codes): a line that earns it, and our rule."""

NOT_BY_A_FILE = {
    7: "its memory cannot be read",
    9: "it is locked in an alarm: the agent's matter",
    13: "its door is open: the agent's matter",
    27: "line numbers never reach it",
}
UNUSED_IDS = {18, 19}
BOARD_IS_MILDER = {30, 38}
"""The simulated board takes any tool, and G53 with any motion; the check refuses both codes."""


def test_every_error_of_grbl_is_accounted_for() -> None:
    assert ERRORS.keys() | NOT_BY_A_FILE.keys() | UNUSED_IDS == set(range(1, 39))


@pytest.mark.parametrize("number", ERRORS)
def test_what_grbl_would_answer_with_an_error_is_refused_before(
    check: Check, laser: Machine, number: int
) -> None:
    line, rule = ERRORS[number]
    found = check(f"G0 X1\n{line}\nG0 X2", laser)
    assert rule in found.rules
    assert BY_ID[f"gcode.{rule}"].severity is Severity.REFUSE
    (place,) = [f.where[0].line for f in found.check.findings if f.rule == f"gcode.{rule}"]
    assert place == 2


@pytest.mark.parametrize(
    "number", [n for n in ERRORS if n not in BOARD_IS_MILDER and ERRORS[n][0][0] != "$"]
)
def test_the_board_itself_answers_those_lines_with_an_error(number: int) -> None:
    assert answers(ERRORS[number][0].encode() + b"\n")


def test_line_numbers_never_reach_the_board(check: Check, laser: Machine) -> None:
    found = check("N99999999 G0 X1\nN1 G0 X2", laser)
    assert found.verdict is not Verdict.REFUSED
    assert b"N" not in found.program
