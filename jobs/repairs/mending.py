"""Do the repairs that were asked for, offer those that would help, and show both."""

from collections.abc import Sequence
from dataclasses import replace

from jobs.repairs.repair import Bench, Mended, Repair
from jobs.repairs.table import FOR_RULE, REPAIRS
from jobs.report import Finding
from jobs.toolpath.operations import Assigned, Operation


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


def tried(operations: Sequence[Operation], repair: Repair, bench: Bench) -> Mended:
    """Do a repair to see what it would change."""
    return repair.act(operations, bench)
