"""What a benchmark measured, beside its goal."""

import platform
import re
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

RESULTS = Path(__file__).parents[2] / "docs" / "benchmarks.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure.

    Attributes:
        name: the benchmark and what of it.
        median: of the runs, in `unit`.
        unit: of the median.
        peer: what it was compared with in the same run; empty for none.
        ratio: our time divided by the peer's; lower is better.
        goal: in words.
        is_met: whether the goal was reached; a figure without a goal always is.
    """

    name: str
    median: float
    unit: str
    peer: str = ""
    ratio: float | None = None
    goal: str = ""
    is_met: bool = True


def interleaved(acts: Sequence[Callable[[], object]], rounds: int) -> list[list[float]]:
    """Time acts in turn (A B A B …) after one warm-up round; seconds, one list an act."""
    times: list[list[float]] = [[] for _ in acts]
    for number in range(rounds + 1):
        for act, taken in zip(acts, times, strict=True):
            start = time.perf_counter()
            act()
            if number:
                taken.append(time.perf_counter() - start)
    return times


def median_ratio(ours: list[float], theirs: list[float]) -> float:
    """Give the median of the ratios round by round; holds when the machine's speed drifts."""
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))


def markdown(rows: list[Row]) -> str:
    """Write rows as a table."""
    text = (
        "| benchmark | median | against | ratio | goal | |\n| --- | --- | --- | --- | --- | --- |\n"
    )
    for row in rows:
        ratio = f"{row.ratio:.3g}" if row.ratio is not None else ""
        mark = ("met" if row.is_met else "**missed**") if row.goal else ""
        figure = f"{row.median:.3g} {row.unit}"
        text += f"| {row.name} | {figure} | {row.peer} | {ratio} | {row.goal} | {mark} |\n"
    return text


def print_table(rows: list[Row]) -> None:
    """Print rows for a person."""
    print(markdown(rows))


def write_results(results: dict[str, list[Row]], notes: Mapping[str, str]) -> None:
    """Keep the results in the docs, a section for each benchmark; others stay as they are.

    Args:
        results: rows by the name of their benchmark; one without rows was not run.
        notes: what a reader must know of a benchmark's figures, by its name.
    """
    sections = read_sections(RESULTS.read_text(encoding="utf-8")) if RESULTS.is_file() else {}
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    for name, rows in results.items():
        if rows:
            note = f"\n{notes[name]}\n" if name in notes else ""
            sections[name] = f"{system}.\n\n{markdown(rows)}{note}"
    text = (
        "# Benchmarks\n\nMade by `make bench`, or one section by `make bench ONLY=name`. Absolute"
        " times are this machine's;\ntrust the ratios, which come from the same run.\n"
    )
    for name, section in sections.items():
        text += f"\n## {name}\n\n{section}"
    RESULTS.write_text(text, encoding="utf-8")


def read_sections(text: str) -> dict[str, str]:
    """Take the page apart again: what stands under each heading, by its name."""
    parts = re.split(r"^## (\w+)\n\n", text, flags=re.MULTILINE)
    return {
        name: f"{section.rstrip()}\n"
        for name, section in zip(parts[1::2], parts[2::2], strict=True)
    }
