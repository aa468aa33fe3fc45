"""What a command costs is that command's own, and a failed one is no measurement."""

import sys

import pytest

from tests.bench.processes import Command, Cost, cpu_ratio, run_in_turn, run_once

_MB = 1_000_000


def _python(code: str, **more: tuple[int, ...]) -> Command:
    return Command(arguments=(sys.executable, "-I", "-S", "-c", code), **more)


def test_memory_of_the_one_who_measures_is_not_counted() -> None:
    held = bytearray(200 * _MB)
    held[::4096] = b"x" * len(held[::4096])

    assert run_once(_python("pass")).rss_mb < 60
    assert len(held) == 200 * _MB


def test_a_process_started_by_the_command_counts_too() -> None:
    child = "x = bytearray(b'x') * 100_000_000"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"

    assert run_once(_python(parent)).rss_mb > 100


def test_a_command_that_fails_is_told_with_what_it_said() -> None:
    with pytest.raises(RuntimeError, match="ended with 3:\nwhy"):
        run_once(_python("print('why'); raise SystemExit(3)"))


def test_a_status_that_is_expected_is_no_failure() -> None:
    assert run_once(_python("raise SystemExit(3)", may_end_with=(3,))).status == 3


def test_the_first_round_is_dropped_and_the_rest_kept_in_turn() -> None:
    costs = run_in_turn({"a": _python("print(1)"), "b": _python("print(2)")}, rounds=2)

    assert [cost.output for cost in costs["a"]] == ["1\n", "1\n"]
    assert [cost.output for cost in costs["b"]] == ["2\n", "2\n"]


def test_a_ratio_is_taken_round_by_round() -> None:
    def cost(cpu_s: float) -> Cost:
        return Cost(wall_s=9, cpu_s=cpu_s, rss_mb=1, status=0, output="")

    assert cpu_ratio([cost(2), cost(40), cost(3)], [cost(1), cost(10), cost(3)]) == 2
