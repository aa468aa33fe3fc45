"""Do the repairs that were asked for, offer those that would help, and show both."""

from collections.abc import Sequence
from dataclasses import replace

from fablab_hub.core.geometry import Point
from jobs.geometry.path import box_of
from jobs.repairs.repair import Bench, Mended, Repair
from jobs.repairs.table import FOR_RULE, REPAIRS
from jobs.report import Finding
from jobs.toolpath.operations import Assigned, Operation

_NEAR_MM = 30.0
"""As far as a small picture of a spot shows."""


def mend(
    assigned: Assigned, wanted: frozenset[str], bench: Bench
) -> tuple[Assigned, list[tuple[Repair, Mended]]]:
    """Do some repairs, in the order of the table; gives what each of them changed."""
    done: list[tuple[Repair, Mended]] = []
    for repair in REPAIRS:
        if repair.id in wanted:
            mended = repair.act(assigned.operations, bench)
            assigned = replace(assigned, operations=mended.operations)
            done.append((repair, mended))
    return assigned, done


def offers(findings: Sequence[Finding], done: Sequence[str]) -> list[tuple[Repair, Finding]]:
    """List the repairs that would settle a finding, each once, with the first such finding."""
    found: dict[str, tuple[Repair, Finding]] = {}
    for finding in findings:
        repair = FOR_RULE.get(finding.rule)
        if repair is not None and repair.id not in done:
            found.setdefault(repair.id, (repair, finding))
    return list(found.values())


def tried(
    operations: Sequence[Operation], repair: Repair, bench: Bench, spots_mm: Sequence[Point]
) -> tuple[list[Operation], Mended]:
    """Do a repair near the first spots where it is needed, to see what it would change.

    Returns:
        What lies near those spots, and the same after the repair.
    """
    if repair.is_global or not spots_mm:
        near = list(operations)
    else:
        near = [each for each in operations if _is_near(each, spots_mm[0])]
    return near, repair.act(near, bench)


def _is_near(operation: Operation, spot_mm: Point) -> bool:
    """Tell whether something of an operation lies in the window around a spot."""
    x, y = spot_mm
    left, front, right, back = box_of(operation.path)
    return left - _NEAR_MM <= x <= right + _NEAR_MM and front - _NEAR_MM <= y <= back + _NEAR_MM
