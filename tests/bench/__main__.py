"""Run the benchmarks, print medians and ratios beside their goals, and fail where one is missed."""

import sys
from collections.abc import Callable

from tests.bench import (
    checking,
    corpus,
    drawing_check,
    gcode_check,
    ordering,
    pages,
    starting,
    uploading,
)
from tests.bench.table import Row, print_table, write_results

BENCHMARKS: dict[str, Callable[[], list[Row]]] = {
    "corpus": corpus.run,
    "check": checking.run,
    "gcode": gcode_check.run,
    "upload": uploading.run,
    "drawing": drawing_check.run,
    "ordering": ordering.run,
    "start": starting.run,
    "pages": pages.run,
}

NOTES = {
    "gcode": """\
Whole processes, from start to end, in turn; medians of the rounds. A ratio is our processor time
divided by the other's; of a time, ours divided by the slicer's. Faults are known wrong lines in
copies of the same files. How all are made: `tests/bench/gcode_data.py`.""",
    "upload": """\
The large print of the G-code benchmark goes over a socket to a hub in a process of its own, with
the client on the same two cores. "Only hashed" is the same server's own upload with nothing behind
it; "at 1 Gbit/s" is sent no faster than such a line carries (117 MB/s).""",
    "drawing": """\
Whole processes and their processor time. The sheets are made by `tests/bench/drawing_data.py`; the
corpus is that of real files. Sorting by vpype is timed alone, without its start.""",
    "ordering": """\
Drawings of small contours, holes in parts and open lines, as `tests/bench/drawings.py` makes them.
Travel is the way between paths, from the origin of the sheet on; a ratio is ours divided by
vpype's. vpype begins closed paths where the drawing does, and does not cut the inside first. Times
are of processors, and of the ordering alone; ours is the shortest of three.""",
    "pages": """\
Pages are opened cold in Chromium with a processor four times slower and a slow 4G network
(1.6 Mbit/s down, 750 kbit/s up, 150 ms): Lighthouse's figures. Each is the median of five.""",
}
"""What stands under a benchmark's table in the docs."""


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all; gives the exit status."""
    unknown = sorted(set(names) - set(BENCHMARKS))
    if unknown:
        print(f"No benchmark is called {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}.")
        return 2
    results = {name: BENCHMARKS[name]() for name in names or BENCHMARKS}
    rows = [row for each in results.values() for row in each]
    print_table(rows)
    write_results(results, NOTES)
    return 0 if all(row.is_met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
