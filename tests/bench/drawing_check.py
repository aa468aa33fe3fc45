"""The check of drawings against ezdxf's own reading of them, and against a sorter for plotters."""

import io
import statistics
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

from fablab_hub.core.config import read_settings
from fablab_hub.core.materials import OperationKind
from jobs.geometry.drawing import PlacedImage
from jobs.toolpath.laser import make_program
from jobs.toolpath.pixels import scan_of
from jobs.toolpath.shading import Shading
from tests.bench import peers
from tests.bench.drawing_data import drawing_file, settings_file
from tests.bench.drawings import cut_drawing
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
    return [*_corpus(), *_full_sheet(), _picture(), _too_large()]


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
        emitted = out.stat().st_size
    ours_s = median_of(costs["ours"], lambda cost: cost.cpu_s)
    flatten_s = median_of(costs["flattens"], lambda cost: cost.cpu_s)
    sort_s = _sorting_s()
    corners = sum(len(each.points) + each.is_closed for each in cut_drawing(20_000))
    bytes_each, plain = emitted / corners, _plain_bytes(20_000) / corners
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
            name="drawing: whole program, bytes of a corner", median=bytes_each, unit="bytes",
            peer="G1 X%.3f Y%.3f", ratio=bytes_each / plain, goal="≤ 0.75 ×",
            is_met=bytes_each <= 0.75 * plain,
        ),
    ]  # fmt: skip


def _plain_bytes(paths: int) -> int:
    """Count what the corners of a drawing take when each is written without care."""
    return sum(
        len(f"G1 X{x:.3f} Y{y:.3f}\n")
        for outline in cut_drawing(paths)
        for x, y in (*outline.points, *outline.points[: int(outline.is_closed)])
    )


def _picture() -> Row:
    """Engrave a picture with all greys; a run is what has one power, dark or not."""
    across, down = np.meshgrid(np.arange(800), np.arange(600))
    greys = (np.sin(across / 37) + np.cos(down / 23) + 2) / 4 * 255
    stream = io.BytesIO()
    Image.fromarray(greys.astype(np.uint8)).save(stream, "PNG")
    lab = read_settings(settings_file())
    wood, laser = lab.materials["plywood-3"], lab.machines["laser"]
    image = PlacedImage(
        data=stream.getvalue(), corner_mm=(300, 260), across_mm=(380, 260), down_mm=(300, 200),
        layer="0",
    )  # fmt: skip
    worst = 0.0
    for shading in Shading:
        scan = scan_of(image, wood.preset(OperationKind.IMAGE), shading)
        lines = [line for line in make_program([scan], laser, wood) if b"S" in line]
        worst = max(worst, sum(len(line) + 1 for line in lines) / len(lines))
    return Row(
        name="drawing: bytes of a run of a picture", median=worst, unit="bytes",
        goal="≤ 12 bytes", is_met=worst <= 12,
    )  # fmt: skip


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
