"""The check of drawings against ezdxf's own reading of them, and against a sorter for plotters."""

import statistics
import sys
import tempfile
from pathlib import Path

from tests.bench import peers
from tests.bench.drawing_data import drawing_file, settings_file
from tests.bench.ordering import VPYPE, sorting_time_s
from tests.bench.processes import Command, cpu_ratio, median_of, run_in_turn, run_once
from tests.bench.table import Row
from tests.conftest import corpus_folder

_ROUNDS = 3
_READ = """
import sys, ezdxf
from ezdxf import recover
try:
    ezdxf.readfile(sys.argv[1])
except Exception:
    recover.readfile(sys.argv[1])
"""
_FLATTEN = """
import sys, ezdxf
from ezdxf import path
for entity in ezdxf.readfile(sys.argv[1]).modelspace():
    list(path.make_path(entity).flattening(0.02))
"""
_LARGE = 115_000
"""Paths of a drawing of 91 MB."""


def run() -> list[Row]:
    """Measure the corpus, a full sheet, and a drawing that is far too large."""
    return [*_corpus(), *_full_sheet(), _too_large()]


def _check(path: Path, *more: str) -> Command:
    program = str(Path(sys.executable).with_name("fablab-hub"))
    arguments = (program, "check", str(path), "--machine", "laser", "--material", "plywood-3")
    return Command(arguments=(*arguments, *more), may_end_with=(0, 1, 3))


def _corpus() -> list[Row]:
    folder = corpus_folder()
    if folder is None:
        return []
    names, ratios, over = sorted((folder / "dxf").iterdir()), [], []
    for path in names:
        reads = Command(arguments=(sys.executable, "-c", _READ, str(path)), may_end_with=(0, 1))
        costs = run_in_turn({"ours": _check(path), "ezdxf": reads}, 1)
        ours, theirs = costs["ours"][0], costs["ezdxf"][0]
        ratios.append(ours.cpu_s / theirs.cpu_s)
        if ours.cpu_s > 2.5 * theirs.cpu_s + 0.5:
            over.append(path.name)
    share = 1 - len(over) / len(names)
    return [
        Row(
            name="drawing: a file of the corpus, whole check",
            median=statistics.median(ratios), unit="×", peer="ezdxf reads it",
            ratio=statistics.median(ratios),
        ),
        Row(
            name="drawing: files within 2.5 × ezdxf's reading + 0.5 s", median=100 * share,
            unit="%", goal="100 %", is_met=not over,
        ),
    ]  # fmt: skip


def _full_sheet() -> list[Row]:
    peers.install(VPYPE)
    path = drawing_file(20_000)
    config = str(settings_file())
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "sheet.gcode"
        program = str(Path(sys.executable).with_name("fablab-hub"))
        ours = Command(
            arguments=(
                program, "toolpath", str(path), "--machine", "laser", "--material", "plywood-3",
                "--config", config, "-o", str(out),
            ),
            may_end_with=(0, 3),
        )  # fmt: skip
        reads = Command(arguments=(sys.executable, "-c", _READ, str(path)))
        flattens = Command(arguments=(sys.executable, "-c", _FLATTEN, str(path)))
        costs = run_in_turn({"ours": ours, "reads": reads, "flattens": flattens}, _ROUNDS)
        emitted = out.read_text(encoding="ascii").splitlines()
    ours_s = median_of(costs["ours"], lambda cost: cost.cpu_s)
    flatten_s = median_of(costs["flattens"], lambda cost: cost.cpu_s)
    sort_s = _sorting_s()
    moves = [line for line in emitted if line.startswith(("X", "Y", "G1"))]
    bytes_each = sum(len(line) + 1 for line in moves) / len(moves)
    plain = sum(len(_plain(line)) + 1 for line in moves) / len(moves)
    peer_s = flatten_s + sort_s
    return [
        Row(
            name="drawing: 20,000 paths to ordered G-code", median=ours_s, unit="s",
            peer="ezdxf reads and flattens, vpype linesort", ratio=ours_s / peer_s,
            goal="≤ 0.8 ×", is_met=ours_s <= 0.8 * peer_s,
        ),
        Row(
            name="drawing: 20,000 paths, against reading", median=ours_s, unit="s",
            peer="ezdxf reads it", ratio=cpu_ratio(costs["ours"], costs["reads"]),
            goal="≤ 2.5 × + 0.5 s",
            is_met=ours_s
            <= 2.5 * median_of(costs["reads"], lambda cost: cost.cpu_s) + 0.5,
        ),
        Row(
            name="drawing: bytes of a move", median=bytes_each, unit="bytes",
            peer="G1 X%.3f Y%.3f", ratio=bytes_each / plain, goal="≤ 0.75 ×",
            is_met=bytes_each <= 0.75 * plain,
        ),
    ]  # fmt: skip


def _plain(line: str) -> str:
    """Write a move as it is written without care: both words, three decimals."""
    x = line.partition("X")[2].partition("Y")[0].partition("S")[0].partition("F")[0] or "0"
    y = line.partition("Y")[2].partition("S")[0].partition("F")[0] or x
    return f"G1 X{float(x.partition('I')[0]):.3f} Y{float(y.partition('I')[0]):.3f}"


def _sorting_s() -> float:
    """Give the processor time of vpype's sorting alone, without its start and its reading."""
    return sorting_time_s(20_000)


def _too_large() -> Row:
    path = drawing_file(_LARGE)
    cost = run_once(_check(path, "--config", str(settings_file())))
    return Row(
        name=f"drawing: {path.stat().st_size / 1e6:.0f} MB end in a report", median=cost.cpu_s,
        unit="s", goal="a report", is_met=bool(cost.output.strip()),
    )  # fmt: skip
