"""Remarks gathered while a program is read, and the findings made of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from jobs.checks.rule import MAX_PLACES, Rule
from jobs.report import Finding, Where

_MAX_NAMES = 5

Fact = str | int | float


@dataclass(slots=True)
class _Heap:
    """All remarks of one rule."""

    count: int = 0
    lines: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    facts: dict[str, Fact] = field(default_factory=dict)


class Remarks:
    """What was noticed so far; its size does not grow with the file."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self._rules = rules
        self._heaps: dict[str, _Heap] = {}

    def note(
        self, rule: str, line: int | None = None, *, name: str = "", count: int = 1, **facts: Fact
    ) -> None:
        """Remember that a rule was met.

        Args:
            rule: its id without `gcode.`.
            line: where, 1-based; None for the file as a whole.
            name: what to show, such as a command; the first few different ones are kept.
            count: how often.
            facts: named values for the message; the first remark's are kept.
        """
        heap = self._heaps.setdefault(rule, _Heap())
        heap.count += count
        if line is not None and len(heap.lines) < MAX_PLACES and line not in heap.lines:
            heap.lines.append(line)
        if name and name not in heap.names and len(heap.names) <= _MAX_NAMES:
            heap.names.append(name)
        for key, value in facts.items():
            heap.facts.setdefault(key, _tidy(value))

    def raise_fact(self, rule: str, key: str, value: float) -> None:
        """Keep the largest value of a fact of a rule that was noted."""
        facts = self._heaps[rule].facts
        facts[key] = _tidy(max(float(facts.get(key, 0.0)), round(value, 1)))

    def has(self, rule: str) -> bool:
        """Tell whether a rule was met."""
        return rule in self._heaps

    def findings(self) -> tuple[Finding, ...]:
        """Give one finding for each rule, in the order of the file; the whole file's come last."""
        found = []
        for rule_id, heap in self._heaps.items():
            facts = dict(heap.facts)
            if heap.names:
                more = len(heap.names) > _MAX_NAMES
                facts["names"] = ", ".join(heap.names[:_MAX_NAMES]) + (" …" if more else "")
            lines = sorted(heap.lines)
            where = [Where(line=line) for line in lines]
            order = (not lines, lines[0] if lines else 0)
            rule = self._rules[f"gcode.{rule_id}"]
            found.append((order, rule.found(where, count=heap.count, **facts)))
        return tuple(finding for _, finding in sorted(found, key=lambda pair: pair[0]))


def _tidy(value: Fact) -> Fact:
    """Let a whole number be shown without its point."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
