"""Run the benchmarks, print medians and ratios beside their goals, and fail where one is missed."""

import sys
from collections.abc import Callable

from tests.bench import checking, corpus, pages, starting
from tests.bench.table import Row, print_table, write_results

BENCHMARKS: dict[str, Callable[[], list[Row]]] = {
    "corpus": corpus.run,
    "check": checking.run,
    "start": starting.run,
    "pages": pages.run,
}


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all; gives the exit status."""
    unknown = sorted(set(names) - set(BENCHMARKS))
    if unknown:
        print(f"No benchmark is called {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}.")
        return 2
    rows: list[Row] = []
    for name in names or BENCHMARKS:
        rows += BENCHMARKS[name]()
    print_table(rows)
    if not names:
        write_results(rows)
    return 0 if all(row.is_met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
