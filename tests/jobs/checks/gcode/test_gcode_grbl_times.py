"""Times held against GRBL's own planner.

`grbl_seconds.json` was recorded once: grbl 1.1h (commit bfb67f0), built for a desktop computer,
with its parser, planner and stepper untouched and the ticks of its steps added up; 250 steps a
millimetre, `$11=0.01`, `$12=0.002`, laser mode, and a line that always keeps its planner full.
"""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from jobs.checks.gcode import Checker
from jobs.checks.gcode_reading import Limits
from tests.jobs.checks.gcode.grbl_programs import program
from tests.jobs.checks.gcode.machines import LASER, PLYWOOD

RECORDED = json.loads(Path(__file__).with_name("grbl_seconds.json").read_text())
_FASTEST_LINE = 4_000_000
_LIMITS = Limits(max_bytes=10_000_000, max_run_s=86_400)


def estimate_s(data: bytes, max_accel_mm_s2: float, max_feed_mm_min: float) -> float:
    motion = replace(
        LASER.motion_limits,
        max_accel_mm_s2=(max_accel_mm_s2, max_accel_mm_s2, 100, 100),
        max_feed_mm_min=(max_feed_mm_min, max_feed_mm_min, 3000, 3000),
    )
    machine = replace(LASER, motion=motion, baud=_FASTEST_LINE)
    checker = Checker(machine, PLYWOOD, lambda _: None, _LIMITS)
    checker.feed(data)
    return checker.finish().facts.duration_s


@pytest.mark.parametrize(
    "known", RECORDED, ids=lambda known: f"{known['program']}-{known['max_accel_mm_s2']}"
)
def test_a_time_is_within_one_percent_of_grbls_own(known):
    data = program(known["program"])
    assert hashlib.sha256(data).hexdigest() == known["sha256"]

    ours_s = estimate_s(data, known["max_accel_mm_s2"], known["max_feed_mm_min"])

    assert ours_s == pytest.approx(known["seconds"], rel=0.01)
