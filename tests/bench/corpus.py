"""Check every real file in the hub's own workers: none of them ends a worker.

What becomes of each is written down in docs/corpus-verdicts-gcode.md and -drawings.md.
"""

import asyncio
import csv
import re
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from fablab_hub.cli.commands import own_command
from fablab_hub.cli.options import demo_settings_path
from fablab_hub.core.config import read_settings
from jobs.check_request import CheckRequest
from jobs.report import Report
from jobs.workers import Workers
from tests.bench.table import Row
from tests.conftest import corpus_folder

_CRASHES = ("check.worker-died", "internal")


@dataclass(frozen=True, slots=True)
class _Checked:
    file: str
    machine: str
    report: Report
    seconds: float


def run() -> list[Row]:
    """Check the whole corpus in the hub's own workers."""
    folder = corpus_folder()
    if folder is None:
        print("The corpus of real files is not here: benchmark “corpus” skipped.")
        return []
    checked = asyncio.run(_check_all(folder))
    crashes = [item for item in checked if item.report.findings and
               item.report.findings[0].rule in _CRASHES]  # fmt: skip
    times = [item.seconds for item in checked]
    return [
        Row(name="corpus: one file", median=statistics.median(times), unit="s"),
        Row(name="corpus: slowest file", median=max(times), unit="s"),
        Row(
            name="corpus: files that ended a worker",
            median=len(crashes),
            unit=f"of {len(checked)}",
            goal="0",
            is_met=not crashes,
        ),
    ]


async def _check_all(folder: Path) -> list[_Checked]:
    settings = read_settings(demo_settings_path())
    command = own_command("check-worker", "--config", str(demo_settings_path()))
    checked = []
    with tempfile.TemporaryDirectory() as scratch:
        workers = Workers(command, settings.checks, Path(scratch))
        for row in _manifest(folder):
            machine = machine_for(folder / row["file"], row["kind"])
            request = CheckRequest(
                path=folder / row["file"],
                name=Path(row["file"]).name,
                machine_id=machine,
                material_id="plywood-3" if machine == "laser" else None,
            )
            start = time.perf_counter()
            outcome = await workers.check(request)
            seconds = time.perf_counter() - start
            outcome.discard()
            checked.append(_Checked(row["file"], machine, outcome.report, seconds))
        await workers.close()
    return checked


def _manifest(folder: Path) -> list[dict[str, str]]:
    with (folder / "MANIFEST.csv").open(newline="", encoding="utf-8") as stream:
        return [row for row in csv.DictReader(stream) if row["kind"] in ("dxf", "svg", "gcode")]


def machine_for(path: Path, kind: str) -> str:
    """Choose the demo machine that a real file fits best: what heats or extrudes is a print."""
    if kind in ("dxf", "svg"):
        return "laser"
    text = path.read_bytes()[:400_000]
    is_print = re.search(rb"^\s*M1(?:04|09)\b|^\s*G1\b[^;\n]*\sE-?[\d.]", text, re.MULTILINE)
    return "prusa" if is_print else "laser"
