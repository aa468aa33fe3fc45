"""The check of G-code against the goals: speed, memory, faults found, and times foretold.

Everything is measured process to process, on the programs of `gcode_data`; speeds are compared by
processor time, which holds better than the clock on a machine that does other things too.
"""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fablab_hub.cli.commands import own_command
from tests.bench import gcode_data, peers
from tests.bench.corpus_prints import SETTINGS, CorpusPrint, corpus_prints, settings_for
from tests.bench.estimates import Estimate, read_text, slicer_estimate
from tests.bench.gcode_data import FOLDER, Program
from tests.bench.processes import Command, Cost, cpu_ratio, median_of, run_in_turn, run_once
from tests.bench.slicing import MissingToolError
from tests.bench.table import Row
from tests.conftest import corpus_folder

FLOOR_GOALS = {"print_big": 2.0, "print_arc": 2.0, "laser_abs": 1.75, "laser_compact": 1.75}
"""Most processor time of a check, in that of `sha256sum`; ours writes the program as well."""

_FALLBACK_TIMES = 3.0
_GROWTH_MB = 8.0
_PEAK_MB = 64.0
_STARTS = 5.0
_OFF = 0.05
_TINY_LINES = 50
_FALLBACK = {"FABLAB_KERNEL": "python"}


def run() -> list[Row]:
    """Measure all of it; FABLAB_BENCH_ROUNDS says how often (5)."""
    try:
        programs = gcode_data.build()
        for peer in peers.PEERS:
            peers.install(peer)
    except MissingToolError as error:
        return [Row(name="G-code", median=0, unit="", goal=str(error), is_met=False)]
    rounds = int(os.environ.get("FABLAB_BENCH_ROUNDS", "5"))
    floor = {name: _beside_sha256(programs[name], rounds) for name in FLOOR_GOALS}
    small = [run_once(_check(programs["print_small"].clean, "printer")) for _ in range(rounds)]
    reports = {name: _report(costs["ours"][-1]) for name, costs in floor.items()}
    reports["print_small"] = _report(small[-1])
    rows = [_floor_row(programs[name], floor[name]) for name in FLOOR_GOALS]
    rows += _peer_rows(programs["print_mid"], rounds)
    rows += _memory_rows(floor["print_big"]["ours"], small)
    rows.append(_tiny_row(programs["print_small"], rounds))
    rows += _fault_rows(programs, reports)
    rows += _time_rows(programs, reports)
    return rows


def _check(
    path: Path, machine: str, settings: Path = SETTINGS, environment: dict[str, str] | None = None
) -> Command:
    material = ("--material", "plywood-3") if machine == "laser" else ()
    return Command(
        arguments=own_command(
            "check", str(path), "--machine", machine, *material, "--config", str(settings), "--json"
        ),
        environment=environment,
        may_end_with=(0, 1, 3),
    )


def _report(cost: Cost) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(cost.output)
    return report


def _beside_sha256(program: Program, rounds: int) -> dict[str, list[Cost]]:
    return run_in_turn(
        {
            "ours": _check(program.clean, program.machine),
            "sha256sum": Command(arguments=("sha256sum", str(program.clean))),
        },
        rounds,
    )


def _speed_row(
    name: str, ours: Sequence[Cost], theirs: Sequence[Cost], peer: str, most: float, goal: str
) -> Row:
    ratio = cpu_ratio(ours, theirs)
    clock_s = median_of(ours, lambda cost: cost.wall_s)
    return Row(
        name=f"G-code: {name}",
        median=median_of(ours, lambda cost: cost.cpu_s),
        unit=f"s of processor ({clock_s:.3g} s on the clock)",
        peer=f"{peer}: {median_of(theirs, lambda cost: cost.cpu_s):.3g} s",
        ratio=ratio,
        goal=goal,
        is_met=ratio <= most,
    )


def _floor_row(program: Program, costs: dict[str, list[Cost]]) -> Row:
    most = FLOOR_GOALS[program.name]
    size_mb = program.clean.stat().st_size / 1e6
    name = f"check of {program.name}, {size_mb:.0f} MB"
    return _speed_row(
        name, costs["ours"], costs["sha256sum"], "sha256sum", most, f"ratio ≤ {most:g}"
    )


def _peer_rows(program: Program, rounds: int) -> list[Row]:
    commands = {
        "ours": _check(program.clean, program.machine),
        "fallback": _check(program.clean, program.machine, environment=_FALLBACK),
        **{peer.name: peers.command(peer, program.clean) for peer in peers.PEERS},
    }
    costs = run_in_turn(commands, rounds)
    rows = [
        _speed_row(
            f"check of {program.name}, 1,000,000 lines",
            costs["ours"],
            costs[peer.name],
            f"{peer.name} {peer.version} ({peer.does})",
            1 / peer.times_slower,
            f"ratio ≤ 1/{peer.times_slower:g}",
        )
        for peer in peers.PEERS
    ]
    octoprint = peers.OCTOPRINT
    rows.append(
        _speed_row(
            f"check of {program.name} without the compiled kernel",
            costs["fallback"],
            costs[octoprint.name],
            f"{octoprint.name} {octoprint.version}",
            1 / _FALLBACK_TIMES,
            f"ratio ≤ 1/{_FALLBACK_TIMES:g}",
        )
    )
    return rows


def _memory_rows(big: Sequence[Cost], small: Sequence[Cost]) -> list[Row]:
    big_mb, small_mb = (median_of(costs, lambda cost: cost.rss_mb) for costs in (big, small))
    return [
        Row(
            name="G-code: peak memory, print_big",
            median=big_mb,
            unit="MB",
            goal=f"≤ {_PEAK_MB:g} MB",
            is_met=big_mb <= _PEAK_MB,
        ),
        Row(
            name="G-code: peak memory, print_big above print_small",
            median=big_mb - small_mb,
            unit="MB",
            goal=f"≤ {_GROWTH_MB:g} MB",
            is_met=big_mb - small_mb <= _GROWTH_MB,
        ),
    ]


def _tiny_row(program: Program, rounds: int) -> Row:
    tiny = FOLDER / "tiny.gcode"
    with program.clean.open("rb") as stream:
        tiny.write_bytes(b"".join(stream.readline() for _ in range(_TINY_LINES)))
    empty = own_command()[0]
    costs = run_in_turn(
        {"ours": _check(tiny, "printer"), "python": Command(arguments=(empty, "-c", "pass"))},
        rounds * 2,
    )
    name = f"check of {_TINY_LINES} lines"
    return _speed_row(
        name, costs["ours"], costs["python"], "python -c pass", _STARTS, f"ratio ≤ {_STARTS:g}"
    )


def _fault_rows(programs: dict[str, Program], reports: dict[str, dict[str, Any]]) -> list[Row]:
    planted = found = strays = 0
    dirty = []
    for name, program in programs.items():
        report = _report(run_once(_check(program.faulty, program.machine)))
        missed, stray = compare_with_planted(program, report)
        planted += len(program.planted)
        found += len(program.planted) - len(missed)
        strays += len(stray)
        for text in (*missed, *stray):
            print(f"{name}: {text}")
        clean = reports.get(name) or _report(run_once(_check(program.clean, program.machine)))
        for finding in serious(clean):
            dirty.append(name)
            print(f"{name}: {finding['rule']} found in the clean file")
    return [
        Row(name="G-code: planted faults found on their line", median=found, unit=f"of {planted}",
            goal="all", is_met=found == planted),
        Row(name="G-code: remarks where no fault was planted", median=strays, unit="",
            goal="0", is_met=strays == 0),
        Row(name="G-code: refusals and questions on clean files", median=len(dirty), unit="",
            goal="0", is_met=not dirty),
    ]  # fmt: skip


def compare_with_planted(program: Program, report: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Compare a report with what was planted; gives what was missed, and what is too much."""
    lines: dict[str, set[int]] = {}
    for finding in serious(report):
        rule = finding["rule"].removeprefix("gcode.")
        lines[rule] = {where["line"] for where in finding["where"] if "line" in where}
    missed = [
        f"{item.rule} not found on line {item.line}"
        for item in program.planted
        if item.line not in lines.get(item.rule, set())
    ]
    inside = {
        line for item in program.planted for line in range(item.first_line, item.last_line + 1)
    }
    strays = [
        f"{rule} found on line {line}"
        for rule, places in lines.items()
        for line in sorted(places - inside)
    ]
    return missed, strays


def serious(report: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the findings that refuse a file or ask about it."""
    return [finding for finding in report["findings"] if finding["severity"] != "advise"]


def _time_rows(programs: dict[str, Program], reports: dict[str, dict[str, Any]]) -> list[Row]:
    rows = []
    for name in ("print_small", "print_big"):
        estimate = slicer_estimate(read_text(programs[name].clean))
        if estimate is None:
            raise RuntimeError(f"PrusaSlicer wrote no time into {name}")
        rows.append(_time_row(name, reports[name], estimate, ""))
    folder = corpus_folder()
    if folder is None:
        print("The corpus of real files is not here: its times are not compared.")
        return rows
    prints = corpus_prints(folder)
    settings = FOLDER / "corpus.toml"
    settings.write_text(settings_for(prints), encoding="utf-8")
    for each in prints:
        report = _report(run_once(_check(each.path, each.machine, settings)))
        if each.unfit:
            rows.append(_unfit_row(each, report))
            continue
        note = {"file": "", "": ", machine unknown"}.get(
            each.limits_from, f", machine: {each.limits_from}"
        )
        rows.append(_time_row(each.name, report, each.estimate, note, each.own_code_s))
    return rows


def _unfit_row(each: CorpusPrint, report: dict[str, Any]) -> Row:
    return Row(
        name=f"G-code: time of {each.name}, not compared: {each.unfit}",
        median=_moving_s(report),
        unit="s",
        peer=_slicer(each.estimate),
    )


def _time_row(
    name: str, report: dict[str, Any], estimate: Estimate, note: str, own_code_s: float = 0.0
) -> Row:
    ours_s, theirs_s = _moving_s(report), estimate.time_s + own_code_s
    off_s = max(0.0, abs(ours_s - theirs_s) - estimate.rounding_s)
    code = f", and {own_code_s:.0f} s of start and end code" if own_code_s else ""
    return Row(
        name=f"G-code: time of {name}{note}",
        median=ours_s,
        unit="s",
        peer=f"{_slicer(estimate)} ± {estimate.rounding_s:g}{code}",
        ratio=ours_s / theirs_s,
        goal=f"within {_OFF:.0%}",
        is_met=off_s <= _OFF * theirs_s,
    )


def _moving_s(report: dict[str, Any]) -> float:
    """Give the time without that of the heaters, which slicers do not count."""
    facts = report["facts"]
    return float(facts["duration_s"] - facts.get("heating_s", 0.0))


def _slicer(estimate: Estimate) -> str:
    return f"{estimate.slicer or 'its slicer'}: {estimate.time_s:.0f} s"
