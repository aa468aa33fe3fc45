"""Damaged drawings: cut off anywhere, or with bytes that changed. Each ends in a report, soon.

`python -m tests.fuzz.drawings` does it with 200 ends of each of ten real files and 2,000 changed
bytes; a test does less of the same in every run.
"""

import logging
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from fablab_hub.core.config import read_settings
from fablab_hub.core.errors import FileError
from fablab_hub.core.settings import CheckSettings
from jobs.check import check_file
from tests.conftest import ROOT, corpus_folder

FILES = (
    "dxf/EP1000-raypng__sides1.dxf", "dxf/LACC__front.dxf", "dxf/bbctrl-enclosure__top.dxf",
    "dxf/dxf__elliptical-arc9.dxf", "dxf/dxf__blocks2.dxf", "dxf/tapsterbot__tapster.dxf",
    "dxf/netDxf__sample_binary.dxf", "svg/LACC__side.svg", "svg/smart-timer__case2.svg",
    "svg/power-v4-hw__labels_back.svg",
)  # fmt: skip
_LAB = read_settings(ROOT / "fablab_hub/cli/demo.toml")
_LASER, _PLYWOOD = _LAB.machines["laser"], _LAB.materials["plywood-3"]


def truncated(data: bytes, count: int, chance: random.Random) -> Iterator[bytes]:
    """Cut a file off at random places."""
    for _ in range(count):
        yield data[: chance.randrange(len(data))]


def changed(data: bytes, count: int, chance: random.Random) -> Iterator[bytes]:
    """Change one byte to eight of a file."""
    for _ in range(count):
        damaged = bytearray(data)
        for _ in range(chance.randint(1, 8)):
            damaged[chance.randrange(len(data))] = chance.randrange(256)
        yield bytes(damaged)


def outcome_of(data: bytes, name: str, folder: Path) -> tuple[str, float]:
    """Check a damaged file; gives its verdict, or why it was not read, and the processor time."""
    path = folder / name
    path.write_bytes(data)
    out = folder / "out"
    out.mkdir(exist_ok=True)
    start_s = time.process_time()
    try:
        report = check_file(path, name, _LASER, _PLYWOOD, out, CheckSettings(), {}).report
        outcome = report.verdict.value
    except FileError as error:
        outcome = error.code
    return outcome, time.process_time() - start_s


def run(corpus: Path, ends: int, changes: int, seed: int = 1) -> tuple[Counter[str], float]:
    """Damage real files in many ways; gives how each ended, and the longest time."""
    chance = random.Random(seed)
    outcomes: Counter[str] = Counter()
    longest_s = 0.0
    with tempfile.TemporaryDirectory() as name:
        for file in FILES:
            data = (corpus / file).read_bytes()
            damaged = (*truncated(data, ends, chance), *changed(data, changes, chance))
            for each in damaged:
                outcome, took_s = outcome_of(each, Path(file).name, Path(name))
                outcomes[outcome] += 1
                longest_s = max(longest_s, took_s)
    return outcomes, longest_s


def main() -> int:
    """Do it at length."""
    corpus = corpus_folder()
    if corpus is None:
        print("The corpus of real files is not here; set FABLAB_CORPUS to its folder.")
        return 0
    logging.getLogger("ezdxf").setLevel(logging.CRITICAL)  # it says each number that it mends
    outcomes, longest_s = run(corpus, 200, 200, seed=random.randrange(1 << 30))
    for outcome, count in outcomes.most_common():
        print(f"{count:6} {outcome}")
    print(f"the longest took {longest_s:.1f} s of processor")
    return 0


if __name__ == "__main__":
    sys.exit(main())
