"""Holds the compiled scan against the interpreter in Python, on one program."""

import dataclasses
import os
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest

from fablab_hub.core.errors import LimitExceededError
from fablab_hub.core.machines import Machine
from fablab_hub.core.materials import Material
from fablab_hub.gcode.kernel import SWITCH
from jobs.checks.gcode import Checker
from jobs.checks.gcode_reading import Limits

Outcome = tuple[Any, bytes, dict[str, Any]]


def outcome(
    program: bytes, machine: Machine, material: Material | None, cuts: Sequence[int]
) -> Outcome | str:
    """Check a program that arrives in pieces; gives all that was found, or why it was not read."""
    pieces: list[bytes] = []
    checker = Checker(machine, material, pieces.append, Limits(max_moves=500_000))
    edges = [0, *sorted(min(cut, len(program)) for cut in cuts), len(program)]
    try:
        for start, end in pairwise(edges):
            checker.feed(program[start:end])
        found = checker.finish()
    except LimitExceededError as error:
        return error.code
    measured = checker._reading.measured
    sums = {field.name: getattr(measured, field.name) for field in dataclasses.fields(measured)}
    return found, b"".join(pieces), sums


def judged(program: bytes, machine: Machine, material: Material | None) -> Outcome | str:
    """Check a program in one piece, without anything compiled."""
    before = os.environ.get(SWITCH)
    os.environ[SWITCH] = "python"
    try:
        return outcome(program, machine, material, [])
    finally:
        if before is None:
            del os.environ[SWITCH]
        else:
            os.environ[SWITCH] = before


def agree(
    program: bytes,
    machine: Machine,
    cuts: Sequence[int] = (),
    material: Material | None = None,
    time_rel: float = 1e-9,
) -> Outcome | str:
    """Demand the same of both: the program, all counts and lines, and sums to a part in 1e9.

    Args:
        program: any bytes.
        machine: that it is checked for.
        cuts: where the kernel gets it in pieces.
        material: that it is checked for.
        time_rel: how far the times may lie apart.
    """
    fast, slow = outcome(program, machine, material, cuts), judged(program, machine, material)
    if isinstance(fast, str) or isinstance(slow, str):
        assert fast == slow
        return fast
    assert fast[1] == slow[1]
    assert fast[0].program_lines == slow[0].program_lines
    for name, value in slow[2].items():
        if isinstance(value, float) and not name.startswith("max"):
            assert fast[2][name] == pytest.approx(value, rel=1e-9, abs=1e-9), name
        elif name == "slips":
            _same_slips(fast[2]["slips"], value)
        else:
            assert fast[2][name] == value, name
    # Near a standstill a rounding of lengths counts more: ten billionths of a second, in all.
    assert fast[0].facts.duration_s == pytest.approx(
        slow[0].facts.duration_s, rel=time_rel, abs=1e-8
    )
    assert [f.rule for f in fast[0].findings] == [f.rule for f in slow[0].findings]
    assert [f.where for f in fast[0].findings] == [f.where for f in slow[0].findings]
    assert [f.count for f in fast[0].findings] == [f.count for f in slow[0].findings]
    return fast


def _same_slips(fast: Any, slow: Any) -> None:
    assert fast.keys() == slow.keys()
    for slip, known in slow.items():
        assert (fast[slip].count, fast[slip].lines) == (known.count, known.lines), slip
        assert fast[slip].worst == pytest.approx(known.worst, rel=1e-12), slip
