"""Every page in every way people have it: `make a11y` prints a table, and fails on any fault."""

import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from tests.a11y.pages import find_pages
from tests.a11y.scenes import scenes
from tests.a11y.stage import set_stage
from tests.a11y.walk import look_at, whole_product
from tests.journeys.conftest import open_chromium, open_lab

_SPEED_UP = 3
"""Slow enough that the cut lasts while all pages are looked at that show it."""


def main() -> int:
    """Look at everything; gives the exit status."""
    began = time.monotonic()
    looks: dict[str, int] = defaultdict(int)
    faults: dict[str, list[str]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder, open_lab(Path(folder), _SPEED_UP) as lab:
        stage = set_stage(lab)
        visits = whole_product([*find_pages(stage), *scenes(stage)])
        with open_chromium() as browser:
            for visit, found in look_at(stage, browser, visits):
                looks[visit.address.name] += 1
                faults[visit.address.name] += [
                    f"[{', '.join(visit.row.values())}] {fault}" for fault in found
                ]
    print("| page | looked at | faults |\n| --- | --- | --- |")
    for name, count in sorted(looks.items()):
        print(f"| {name} | {count} times | {len(faults[name]) or 'none'} |")
    for name, found in faults.items():
        for fault in found:
            print(f"{name} {fault}")
    total = sum(map(len, faults.values()))
    print(
        f"\n{len(looks)} pages, {sum(looks.values())} looks, {total} faults,"
        f" {(time.monotonic() - began) / 60:.0f} min"
    )
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main())
