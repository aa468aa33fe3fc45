"""A few combinations that hold every pair of values: most faults need no third."""

from collections.abc import Mapping, Sequence
from itertools import combinations, product

Row = dict[str, str]
Pair = frozenset[tuple[str, str]]


def cover(factors: Mapping[str, Sequence[str]]) -> list[Row]:
    """Choose combinations, greedily, until each pair of values of two factors is in one.

    Args:
        factors: the values of each factor; the product must be small enough to be listed.
    """
    rows = [dict(zip(factors, values, strict=True)) for values in product(*factors.values())]
    missing = set().union(*(pairs_of(row) for row in rows))
    chosen: list[Row] = []
    while missing:
        best = max(rows, key=lambda row: len(missing & pairs_of(row)))
        missing -= pairs_of(best)
        chosen.append(best)
    return chosen


def pairs_of(row: Row) -> set[Pair]:
    """List the pairs of values that a combination holds; its single values when it has but one."""
    if len(row) < 2:
        return {frozenset(row.items())} if row else set()
    return {frozenset(pair) for pair in combinations(row.items(), 2)}
