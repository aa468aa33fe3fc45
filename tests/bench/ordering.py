"""The order of paths against vpype, a sorter for pen plotters: travel of the head, and time.

vpype may not turn closed paths, and knows nothing of what lies inside what; ours is measured with
and without that. Times are of processors, and of the ordering alone.
"""

import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jobs.toolpath.kernel import compiled_tour, quick_kicks, thorough_kicks
from tests.bench import peers
from tests.bench.drawings import Outline, Paths, cut_drawing, paths_of, travel_mm, way_mm
from tests.bench.peers import Peer
from tests.bench.processes import run_once
from tests.bench.table import Row

VPYPE = Peer(name="vpype", package="vpype", version="1.15.0", script="vpype_.py",
             does="sorts paths", times_slower=10)  # fmt: skip

_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class _Goal:
    """What is asked for drawings of one size.

    Attributes:
        sorted_travel: most travel, in that of `linesort`.
        two_opt_travel: most travel, in that of `linesort --two-opt`.
        time_s: most time.
        two_opt_time: most time, in that of `linesort --two-opt`; None where that is short.
    """

    sorted_travel: float
    two_opt_travel: float
    time_s: float
    two_opt_time: float | None


_GOALS = {2_000: _Goal(0.78, 0.95, 1.0, None), 20_000: _Goal(0.78, 0.94, 2.0, 0.1)}


@dataclass(frozen=True, slots=True)
class _Result:
    travel_mm: float
    time_s: float


def run() -> list[Row]:
    """Order drawings of two sizes, with inside first and without."""
    if compiled_tour() is None:
        return [Row(name="order", median=0, unit="", goal="a compiled kernel", is_met=False)]
    peers.install(VPYPE)
    rows = []
    for count, goal in _GOALS.items():
        drawing = cut_drawing(count)
        plain, two_opt = _theirs(drawing, "linesort"), _theirs(drawing, "linesort --two-opt")
        for is_inside_first in (False, True):
            paths = paths_of(drawing, is_inside_first=is_inside_first)
            name = f"order of {count:,} paths{', inside first' if is_inside_first else ''}"
            ours = _ours(paths, thorough_kicks(count))
            rows += _rows(name, goal, ours, plain, two_opt)
            quick = _ours(paths, quick_kicks(count))
            # What a page waits for has no goal of its own.
            rows += [
                replace(row, goal="", is_met=True)
                for row in _rows(f"{name}, quick", goal, quick, plain, two_opt)
            ]
    return rows


def _ours(paths: Paths, kicks: int) -> _Result:
    """Give the shortest time of a few; the order is always the same."""
    times = []
    for _ in range(_ROUNDS):
        start_s = time.process_time()
        order, begins = compiled_tour().best_order(*paths.arrays(), kicks)
        times.append(time.process_time() - start_s)
    return _Result(travel_mm(paths, order, begins), min(times))


def _theirs(drawing: list[Outline], command: str) -> _Result:
    """Sort with vpype, once: the longest of it takes half a minute."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "drawing.npz"
        np.savez(
            path,
            points=np.concatenate([each.points for each in drawing]),
            first=np.cumsum([0, *(len(each.points) for each in drawing)]),
            is_closed=np.array([each.is_closed for each in drawing]),
        )
        call = peers.command(VPYPE, path)
        cost = run_once(replace(call, arguments=(*call.arguments, command)))
        with np.load(path.with_suffix(".sorted.npz")) as stored:
            starts, ends = (_table(stored[name]) for name in ("starts", "ends"))
    if len(starts) != len(drawing):
        raise RuntimeError(f"vpype gave {len(starts)} paths back, not {len(drawing)}")
    return _Result(way_mm((0.0, 0.0), starts, ends), float(cost.output))


def sorting_time_s(count: int) -> float:
    """Give the processor time of vpype's `linesort` alone, on a drawing with so many paths."""
    return _theirs(cut_drawing(count), "linesort").time_s


def _table(points: NDArray[np.complex128]) -> NDArray[np.float64]:
    return np.stack((points.real, points.imag), axis=1)


def _rows(name: str, goal: _Goal, ours: _Result, plain: _Result, two_opt: _Result) -> list[Row]:
    sorted_travel = ours.travel_mm / plain.travel_mm
    two_opt_travel = ours.travel_mm / two_opt.travel_mm
    two_opt_time = ours.time_s / two_opt.time_s
    time_goal = f"≤ {goal.time_s:g} s"
    is_fast = ours.time_s <= goal.time_s
    if goal.two_opt_time is not None:
        time_goal += f", ratio ≤ {goal.two_opt_time:g}"
        is_fast = is_fast and two_opt_time <= goal.two_opt_time
    version = f"{VPYPE.name} {VPYPE.version}"
    return [
        Row(
            name=f"{name}: travel",
            median=ours.travel_mm / 1000,
            unit="m",
            peer=f"{version} linesort: {plain.travel_mm / 1000:.3g} m",
            ratio=sorted_travel,
            goal=f"ratio ≤ {goal.sorted_travel:g}",
            is_met=sorted_travel <= goal.sorted_travel,
        ),
        Row(
            name=f"{name}: travel",
            median=ours.travel_mm / 1000,
            unit="m",
            peer=f"{version} linesort --two-opt: {two_opt.travel_mm / 1000:.3g} m",
            ratio=two_opt_travel,
            goal=f"ratio ≤ {goal.two_opt_travel:g}",
            is_met=two_opt_travel <= goal.two_opt_travel,
        ),
        Row(
            name=f"{name}: time",
            median=ours.time_s,
            unit="s of processor",
            peer=f"{version} linesort --two-opt: {two_opt.time_s:.3g} s",
            ratio=two_opt_time,
            goal=time_goal,
            is_met=is_fast,
        ),
    ]
