"""What the fuzzer once kept, and the programs that it begins with: kernel and judge still agree."""

import random

import pytest

from fablab_hub.gcode.kernel import compiled_scan
from jobs.checks.gcode_examples import EXAMPLES
from jobs.checks.gcode_rules import BY_ID
from jobs.report import Severity, Verdict, verdict_of
from tests.fuzz.corpus import examples, kept
from tests.fuzz.inputs import MACHINES, judge
from tests.jobs.checks.gcode.agreement import judged, outcome
from tests.jobs.checks.gcode.machines import PLYWOOD

pytestmark = pytest.mark.skipif(
    compiled_scan() is None, reason="the scan is not compiled here: no C compiler at set-up"
)


def test_they_are_judged_alike():
    inputs = [*kept(), *examples()]
    for data in inputs:
        judge(data)
    assert len(inputs) > 100


def _mutations(seed):
    """Dangerous programs, each with one byte changed, taken out or put in."""
    drawn = random.Random(seed)
    machines = {machine.id: machine for machine in MACHINES}
    dangerous = [
        (machines[example.machine], example.meets.encode())
        for rule, example in sorted(EXAMPLES.items())
        if BY_ID[f"gcode.{rule}"].severity is Severity.REFUSE and len(example.meets) < 500
    ]
    for machine, program in dangerous:
        for _ in range(25):
            at = drawn.randrange(len(program))
            byte = bytes([drawn.choice(program + bytes(range(256)))])
            end = drawn.choice((at, at + 1))
            yield machine, program[:at] + drawn.choice((byte, b"")) + program[end:]


def test_one_changed_byte_never_lets_through_what_the_judge_refuses():
    let_through = refused = 0
    for machine, program in _mutations(seed=20261123):
        material = PLYWOOD if machine.laser else None
        fast = outcome(program, machine, material, [len(program) // 2])
        slow = judged(program, machine, material)
        if isinstance(fast, str):
            assert fast == slow
            continue
        verdict = verdict_of(fast[0].findings)
        assert verdict is verdict_of(slow[0].findings), program
        refused += verdict is Verdict.REFUSED
        let_through += verdict is not Verdict.REFUSED
    assert refused > 300
    assert let_through > 15, "some changes make a program harmless"
