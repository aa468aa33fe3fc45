"""What whole processes cost: processor time, time on the clock and memory, run in turn."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_LAUNCHER = Path(__file__).with_name("launch.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one run cost, the processes that it started included.

    Attributes:
        wall_s: on the clock.
        cpu_s: of processors, user and system.
        rss_mb: peak memory of its largest process, in megabytes of 1,000,000 bytes.
        status: what it ended with.
        output: what it said.
    """

    wall_s: float
    cpu_s: float
    rss_mb: float
    status: int
    output: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command to measure.

    Attributes:
        arguments: the program first.
        environment: added to ours.
        may_end_with: statuses that are no failure.
    """

    arguments: tuple[str, ...]
    environment: Mapping[str, str] | None = None
    may_end_with: tuple[int, ...] = (0,)


def run_once(command: Command) -> Cost:
    """Run a command to its end.

    Raises:
        RuntimeError: it ended with a status that it may not end with.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        environment = {
            **os.environ,
            # What is installed has its bytecode beside it; the warm-up round sees to that.
            "PYTHONDONTWRITEBYTECODE": "",
            **(command.environment or {}),
            "LAUNCH_OUT": str(out),
        }
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(_LAUNCHER), *command.arguments],
            env=environment,
            stdout=subprocess.PIPE,
            check=True,
        )
        figures = json.loads(done.stdout)
        output = out.read_text(encoding="utf-8", errors="replace")
    if figures["status"] not in command.may_end_with:
        raise RuntimeError(
            f"{' '.join(command.arguments)} ended with {figures['status']}:\n{output}"
        )
    return Cost(
        wall_s=figures["wall_s"],
        cpu_s=figures["cpu_s"],
        rss_mb=figures["rss_kib"] * 1024 / 1e6,
        status=figures["status"],
        output=output,
    )


def run_in_turn(commands: Mapping[str, Command], rounds: int) -> dict[str, list[Cost]]:
    """Run commands A B C A B C …; the first round only warms up, and is dropped."""
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            cost = run_once(command)
            if number:
                costs[name].append(cost)
    return costs


def median_of(costs: Sequence[Cost], figure: Callable[[Cost], float]) -> float:
    """Give the median of one figure."""
    return statistics.median(figure(cost) for cost in costs)


def cpu_ratio(ours: Sequence[Cost], theirs: Sequence[Cost]) -> float:
    """Give the median, round by round, of our processor time divided by theirs."""
    return statistics.median(a.cpu_s / b.cpu_s for a, b in zip(ours, theirs, strict=True))
