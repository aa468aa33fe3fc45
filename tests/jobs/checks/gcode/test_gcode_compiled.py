"""The compiled scan and the interpreter in Python are one checker: same counts, same program."""

import dataclasses
import math
import pickle
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fablab_hub.core.machines import Cornering, Machine, MotionLimits
from fablab_hub.core.materials import Material
from fablab_hub.gcode.kernel import compiled_scan
from tests.jobs.checks.gcode.agreement import agree, outcome
from tests.jobs.checks.gcode.test_gcode_properties import laser_line, printer_line

pytestmark = pytest.mark.skipif(
    compiled_scan() is None, reason="the scan is not compiled here: no C compiler at set-up"
)
many = settings(max_examples=250, suppress_health_check=[HealthCheck.too_slow], deadline=None)

ends = st.sampled_from(["\n", "\r\n", "\r", "  \n", " ; é\n", "\n\n", "\n; note\n"])


def programs(lines: st.SearchStrategy[str]) -> st.SearchStrategy[bytes]:
    return st.tuples(
        st.lists(st.tuples(lines, ends), max_size=40), st.sampled_from(["", "G1 X1", "\r", " "])
    ).map(lambda parts: ("".join(a + b for a, b in parts[0]) + parts[1]).encode())


cornerings = st.sampled_from(list(Cornering))


def with_motion(machine: Machine, cornering: Cornering) -> Machine:
    limits = MotionLimits(
        max_feed_mm_min=(12_000, 10_000, 700, 7_000),
        max_accel_mm_s2=(1_000, 900, 200, 5_000),
        print_accel_mm_s2=1_250,
        travel_accel_mm_s2=1_500,
        retract_accel_mm_s2=1_000,
        cornering=cornering,
        jerk_mm_s=(8, 7, 0.4, 4.5),
        planned_moves=7,
    )
    return dataclasses.replace(machine, motion=limits)


@many
@given(programs(laser_line), st.lists(st.integers(0, 400), max_size=6))
@example(b"G1 X5 F600\r\nX6\rG2X9Y9I2J2 F5\nM4 S5\nX1E5\nG0 X 7\nx8", [13])
@example(b"M4 S1\nG1 X1 F1\nG1 X900 Y2\nM2\nG1 X1\n", [])
def test_on_a_laser(laser: Machine, plywood: Material, program: bytes, cuts: list[int]) -> None:
    agree(program, laser, cuts, plywood)


@many
@given(programs(printer_line), st.lists(st.integers(0, 400), max_size=6), cornerings)
@example(b"M83\nG1 X5 F600\nG1 E5\nG1X6Y7E.1\nG01 X007 Y-.5 E1\nG1 F9\nM204 P5\n", [9], "jerk")
def test_on_a_printer(
    prusa: Machine, program: bytes, cuts: list[int], cornering: Cornering
) -> None:
    agree(program, with_motion(prusa, Cornering(cornering)), cuts)


@many
@given(st.binary(max_size=300), st.lists(st.integers(0, 300), max_size=4))
def test_on_any_bytes(laser: Machine, prusa: Machine, program: bytes, cuts: list[int]) -> None:
    for machine in (laser, prusa):
        agree(program, machine, cuts)


near_number = st.text("0123456789.-+ eE", max_size=20)


@many
@given(st.lists(st.tuples(st.sampled_from(["G1 X", "X", "G2 I", "M4 S", "G1E"]), near_number)))
def test_on_everything_that_is_nearly_a_number(
    laser: Machine, prusa: Machine, lines: list[tuple[str, str]]
) -> None:
    program = "\n".join(head + tail for head, tail in lines).encode()
    for machine in (laser, prusa):
        agree(program, machine)


@pytest.mark.parametrize("cornering", list(Cornering))
def test_on_many_moves_in_many_batches(
    prusa: Machine, laser: Machine, cornering: Cornering
) -> None:
    """A spiral of thousands of small moves, arcs among them, which the planner sees a few of."""
    lines = ["G28", "M109 S200", "G1 F3000", "M83"]
    for step in range(9_000):
        angle, radius = step / 9, 20 + step / 300
        at = f"X{100 + radius * math.cos(angle):.3f} Y{100 + radius * math.sin(angle):.3f}"
        if step % 50 == 49:
            lines.append(f"G3 {at} R{radius:.3f} E0.02")
        else:
            lines.append(
                f"G1 {at} E{0.01 if step % 7 else 0:g}{' F1800' if step % 11 == 0 else ''}"
            )
        if step % 400 == 0:
            lines += [f"G1 Z{step / 2000:.3f}", "G92 E0", f"M204 P{500 + step / 10:g}"]
    agree("\n".join(lines).encode(), with_motion(prusa, cornering), [1000, 5000, 70_000])
    burnt = "\n".join(line for line in lines if line[:2] in ("G1", "G3"))
    burnt = "G21\nM4 S300\n" + "\n".join(line.split(" E")[0] for line in burnt.split("\n"))
    agree(burnt.encode(), with_motion(laser, cornering), [333])


@pytest.mark.corpus
def test_on_every_real_file(corpus: Path, laser: Machine, prusa: Machine) -> None:
    for path in sorted((corpus / "gcode").iterdir()):
        if path.stat().st_size > 500_000:
            continue
        content = path.read_bytes()
        for machine in (laser, prusa):
            agree(content, machine, [len(content) // 3])


def test_marks_say_where_the_program_stands_after_how_long(prusa: Machine) -> None:
    """Each mark is the beginning of a line of the program, and the times run up to the whole."""
    lines = ["G28", "M109 S200", "G1 F1200 Z0.2"]
    lines += [f"G1 X{10 + step % 90} Y{10 + step // 90} E{step / 50:.2f}" for step in range(5_000)]
    lines += ["G1 Z0.4", "G1 X99 Y99 E101"]

    found, program, _ = outcome("\n".join(lines).encode(), prusa, None, [700])

    assert len(found.program_marks) > 60
    rows = program.split(b"\n")
    for mark in found.program_marks:
        assert b"\n".join(rows[: mark.line]) + b"\n" == program[: mark.byte]
    assert [mark.after_s for mark in found.program_marks] == sorted(
        mark.after_s for mark in found.program_marks
    )
    moving_s = found.facts.duration_s - (found.facts.heating_s or 0.0)
    assert found.program_marks[-1].after_s == pytest.approx(moving_s, rel=0.01)
    assert {mark.layer for mark in found.program_marks} == {1, 2}


def test_a_scan_that_was_not_begun_refuses_to_run() -> None:
    """Nothing that Python can do with it may make the compiled code touch foreign memory."""
    kind = compiled_scan().Scan
    with pytest.raises((ValueError, AttributeError)):
        kind.__new__(kind).run(b"G1 X1\n", 0, True)
    idle = kind.__new__(kind)
    idle.drive((1.0, 2.0, 3.0), 0.0, 600.0, 0.0, 0, 1, None, 0, 0)
    assert idle.finish() >= 0
    with pytest.raises(TypeError):
        pickle.dumps(idle)
