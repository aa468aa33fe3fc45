"""Real prints that carry their slicer's own time, each on the machine it was sliced for."""

import csv
import tomllib
from dataclasses import dataclass
from pathlib import Path

from tests.bench.estimates import (
    Estimate,
    motion_table,
    read_text,
    slicer_estimate,
    slicer_limits,
)

SETTINGS = Path(__file__).with_name("gcode.toml")

_CURA_MOTION = """\
max_feed_mm_min = [1000000, 1000000, 1000000, 1000000]
max_accel_mm_s2 = [9000, 9000, 100, 10000]
print_accel_mm_s2 = 4000
travel_accel_mm_s2 = 4000
retract_accel_mm_s2 = 4000
cornering = "jerk"
jerk_mm_s = [20, 20, 0.4, 5]
"""
"""What Cura takes where a machine's definition says nothing (`fdmprinter.def.json`)."""

_OLD_CURA_MOTION = """\
max_feed_mm_min = [36000, 36000, 2400, 1500]
max_accel_mm_s2 = [9000, 9000, 100, 10000]
print_accel_mm_s2 = 3000
travel_accel_mm_s2 = 3000
retract_accel_mm_s2 = 3000
cornering = "jerk"
jerk_mm_s = [20, 20, 0.4, 5]
"""
"""What Cura 15 takes for every machine (`timeEstimate.cpp` of its engine)."""

UNFIT = {
    "grblController__sampleFile1.nc": "only the first 38 lines of the print are there",
    "cura-g-code-converter__Kreistest.gcode": "Cura took two `G92 E0` for 208 s of motion each",
}
"""Prints whose written time is not that of their moves, and why."""

OWN_CODE_S = {
    "UAF__SolarPanel_Bracket.gcode": 66.6,
    "UAF__4NeedleTestBlock.gcode": 65.9,
}
"""What Cura 15 leaves out of its time: the machine's start and end code (distance over feed)."""

_DIALECTS = {"klipper": "klipper", "reprapfirmware": "marlin"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusPrint:
    """One real print.

    Attributes:
        name: of its file.
        path: of its file.
        machine: in the settings that `settings_for` writes.
        estimate: its slicer's.
        limits_from: where the limits of its machine are known from; empty where they are not.
        own_code_s: time of start and end code that the estimate leaves out.
        unfit: why its time cannot be compared; empty where it can.
    """

    name: str
    path: Path
    machine: str
    estimate: Estimate
    limits_from: str
    own_code_s: float = 0.0
    unfit: str = ""


def corpus_prints(folder: Path) -> list[CorpusPrint]:
    """Find the prints of the corpus whose slicer wrote how long they take."""
    prints = []
    with (folder / "MANIFEST.csv").open(newline="", encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["kind"] == "gcode"]
    for row in rows:
        path = folder / row["file"]
        if path.suffix == ".bgcode":
            continue
        text = read_text(path)
        estimate = slicer_estimate(text)
        if estimate is not None:
            _, limits_from = _motion(text)
            prints.append(
                CorpusPrint(
                    name=path.name,
                    path=path,
                    machine=f"of-{len(prints)}",
                    estimate=estimate,
                    limits_from=limits_from,
                    own_code_s=OWN_CODE_S.get(path.name, 0.0),
                    unfit=UNFIT.get(path.name, ""),
                )
            )
    return prints


def settings_for(prints: list[CorpusPrint]) -> str:
    """Write settings with one printer for each print, its limits those that the slicer had."""
    text = SETTINGS.read_text(encoding="utf-8")
    for each in prints:
        content = read_text(each.path)
        motion, _ = _motion(content)
        fastest = max(tomllib.loads(motion)["max_feed_mm_min"][:2])
        text += (
            f"\n[machines.{each.machine}]\n"
            f'name = {{ fr = "{each.machine}", en = "{each.machine}" }}\n'
            f'kind = "printer"\ndriver = "marlin"\ndialect = "{_dialect(content)}"\n'
            f'port = "{each.machine}.tty"\nbed_mm = [400, 400, 400]\nmargin_mm = 50\n'
            f"max_feed_mm_min = {min(fastest, 200_000):g}\n"
            f"max_accel_mm_s2 = {max(tomllib.loads(motion)['max_accel_mm_s2'][:2]):g}\n"
            "printer = { max_nozzle_c = 500, max_bed_c = 200 }\n"
            f"[machines.{each.machine}.motion]\n{motion}"
        )
    return text


def _motion(text: str) -> tuple[str, str]:
    """Give a print's motion table, and where its figures come from."""
    limits = slicer_limits(text)
    if "machine_max_acceleration_x" in limits:
        return motion_table(limits), "file"
    if ";Generated with Cura_SteamEngine" in text[:4000]:
        return _CURA_MOTION, "Cura’s defaults"
    if ";Sliced at:" in text[:4000]:
        return _OLD_CURA_MOTION, "Cura 15’s defaults"
    return _OLD_CURA_MOTION, ""


def _dialect(text: str) -> str:
    for flavor, dialect in _DIALECTS.items():
        if f"; gcode_flavor = {flavor}" in text:
            return dialect
    return "marlin"
