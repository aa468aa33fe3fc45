"""What slicers say of their own files: how long they take, and on which machine."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_D, _H, _MIN = 86400.0, 3600.0, 60.0
_UNITS_S = {"d": _D, "day": _D, "h": _H, "hour": _H, "m": _MIN, "min": _MIN, "minute": _MIN,
            "s": 1.0, "sec": 1.0, "second": 1.0}  # fmt: skip
_PART = re.compile(r"([\d.]+)\s*(days?|d|hours?|h|minutes?|min|m|seconds?|sec|s)\b")
_SECONDS = re.compile(r"^;(?:TIME|Print Time):\s*(\d+(?:\.\d+)?)\s*$", re.MULTILINE)
_WORDS = re.compile(
    r"^; ?(?:estimated printing time \(normal mode\)\s*=|estimated (?:print|build) time:"
    r"|print time:)([^\n]*)$",
    re.MULTILINE | re.IGNORECASE,
)
_SETTING = re.compile(
    r"^; (machine_(?:max|min)_\w+|default_acceleration) = ([^\n]*)$", re.MULTILINE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A slicer's own estimate.

    Attributes:
        time_s: of the whole program.
        rounding_s: half of the smallest unit it is written in: nobody can be nearer than that.
    """

    time_s: float
    rounding_s: float


def slicer_estimate(text: str) -> Estimate | None:
    """Read the time that a slicer wrote into its program; None where it wrote none.

    Known are PrusaSlicer, OrcaSlicer and SuperSlicer (`1d 2h 3m 4s`), Cura and ideaMaker (seconds),
    Cura 15, MatterControl and KISSlicer (`1 hour 9 minutes`, `113.73 minutes`).
    """
    if found := _WORDS.search(text):
        parts = _PART.findall(found[1].lower())
        if parts:
            values = [(float(number), _UNITS_S[_singular(unit)], number) for number, unit in parts]
            number, unit_s = values[-1][2], values[-1][1]
            step_s = unit_s / 10 ** len(number.partition(".")[2])
            return Estimate(
                time_s=sum(value * unit_s for value, unit_s, _ in values), rounding_s=step_s / 2
            )
    if found := _SECONDS.search(text):
        return Estimate(time_s=float(found[1]), rounding_s=0.5)
    return None


def slicer_limits(text: str) -> dict[str, float]:
    """Read the limits of the machine that PrusaSlicer and its kin write after the program.

    Gives them by the slicer's own names (`machine_max_acceleration_x`), of the normal mode.
    """
    return {
        name: float(value.split(",")[0]) for name, value in _SETTING.findall(text) if value.strip()
    }


def motion_table(limits: Mapping[str, float]) -> str:
    """Write a slicer's limits as the `motion` table of a machine in `fablab.toml`."""

    def axes(name: str, factor: float = 1.0) -> str:
        return ", ".join(f"{limits[f'{name}_{axis}'] * factor:g}" for axis in "xyze")

    feed = "machine_max_feedrate" if "machine_max_feedrate_x" in limits else "machine_max_speed"
    extruding = limits["machine_max_acceleration_extruding"]
    # Marlin's old M204 S speaks of travel too; slicers for it write no travel limit of their own.
    travel = limits.get("machine_max_acceleration_travel") or extruding
    return (
        f"max_feed_mm_min = [{axes(feed, 60.0)}]\n"
        f"max_accel_mm_s2 = [{axes('machine_max_acceleration')}]\n"
        f"print_accel_mm_s2 = {extruding:g}\n"
        f"travel_accel_mm_s2 = {travel:g}\n"
        f"retract_accel_mm_s2 = {limits['machine_max_acceleration_retracting']:g}\n"
        f'cornering = "jerk"\njerk_mm_s = [{axes("machine_max_jerk")}]\n'
        f"min_feed_mm_s = {limits.get('machine_min_extruding_rate', 0):g}\n"
        f"min_travel_feed_mm_s = {limits.get('machine_min_travel_rate', 0):g}\n"
    )


def read_text(path: Path) -> str:
    """Read a program as text, whatever its bytes."""
    return path.read_bytes().decode("latin-1")


def _singular(unit: str) -> str:
    return unit.removesuffix("s") if len(unit) > 1 else unit
