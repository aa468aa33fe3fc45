"""What a fuzzer's bytes mean: a machine, places to cut, and a program for it."""

from typing import NamedTuple

from fablab_hub.core.machines import Machine
from jobs.report import Verdict, verdict_of
from tests.jobs.checks.gcode.agreement import agree
from tests.jobs.checks.gcode.machines import DUET, LASER, OPEN, PLYWOOD, PRUSA, VORON

MACHINES = (LASER, PRUSA, VORON, DUET, OPEN)
_CUTS = 3
_TIME_REL = 1e-3
"""The judge's sums lose digits where a millimetre of curve asks for metres of filament."""
_REALTIME = frozenset(b"?!~")


class Input(NamedTuple):
    """One program, and how it arrives."""

    machine: Machine
    cuts: tuple[int, ...]
    program: bytes


def decode(data: bytes) -> Input:
    """Read a fuzzer's bytes: which machine, where the program is cut, and the program."""
    head = data[: 1 + _CUTS].ljust(1 + _CUTS, b"\0")
    machine = MACHINES[head[0] % len(MACHINES)]
    program = data[1 + _CUTS :]
    cuts = tuple(cut * max(1, len(program) // 255) for cut in head[1:])
    return Input(machine, cuts, program)


def encode(program: bytes, machine: Machine) -> bytes:
    """Write a program as the fuzzer keeps it."""
    return bytes([MACHINES.index(machine), 0, 0, 0]) + program


def judge(data: bytes) -> None:
    """Check one input; raises AssertionError where the kernel and its judge differ."""
    given = decode(data)
    material = PLYWOOD if given.machine.laser else None
    found = agree(given.program, given.machine, given.cuts, material, _TIME_REL)
    if isinstance(found, str):
        assert found.startswith("check.")
        return
    checked, program, _ = found
    assert all(32 <= byte < 127 or byte == 10 for byte in program)
    if verdict_of(checked.findings) is not Verdict.REFUSED and given.machine is LASER:
        assert not _REALTIME & set(program)
