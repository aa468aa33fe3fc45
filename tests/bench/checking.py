"""Checking a real print against a parser that does nothing but parse."""

import statistics
from pathlib import Path

import gcodeparser

from fablab_hub.cli.options import demo_settings_path
from fablab_hub.core.config import read_settings
from jobs.checks.gcode import check_program
from tests.bench.table import Row, interleaved, median_ratio

PRINT = Path(__file__).parents[2] / "fablab_hub" / "cli" / "demo_files" / "jeton.gcode"


def run() -> list[Row]:
    """Check the demo's print in this process; the peer is gcodeparser (MIT), parsing only."""
    machine = read_settings(demo_settings_path()).machines["prusa"]
    content = PRINT.read_bytes() * 20
    lines = content.count(b"\n")

    def ours() -> object:
        return check_program(content.splitlines(keepends=True), machine, None, lambda _: None)

    def theirs() -> object:
        return gcodeparser.GcodeParser(content.decode()).lines

    own, other = interleaved((ours, theirs), rounds=5)
    ratio = median_ratio(own, other)
    return [
        Row(
            name=f"check: {lines} lines of a print",
            median=lines / statistics.median(own) / 1000,
            unit="k lines/s",
            peer="gcodeparser 0.3 (parses only)",
            ratio=ratio,
            goal="ratio < 1",
            is_met=ratio < 1,
        )
    ]
