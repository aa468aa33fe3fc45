"""For each rule, a program that meets it, and one that only just does not: the rules' own tests.

The pages of the rules show them, and one test runs all of them through the check. They are for the
machines of a small lab: a laser (`laser`, 600 x 400 mm, 60 W, S1000 full, at most 90 % of it), one
like it whose jobs begin anywhere (`open`), and printers
with Marlin (`prusa`, 250 x 210 x 210 mm, 300 °C, bed 120 °C), Klipper (`voron`) and
RepRapFirmware (`duet`); with plywood and PLA.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_LASER, _OPEN = "laser", "open"
_PRUSA, _VORON, _DUET = "prusa", "voron", "duet"
_CUT = "M4 S100\nG1 X1 F600"
_LIT = "M3 S100\nG1 X1 F600"
_HOT = "G28\nM109 S200\n"
_ZEROS = "0" * 16


@dataclass(frozen=True, slots=True)
class Example:
    """Two programs of a rule.

    Attributes:
        machine: whose rules count.
        meets: a program that the rule finds something in.
        passes: one as near to it as can be, in which it finds nothing.
        material: of the first; the second is of the usual one.
    """

    machine: str
    meets: str
    passes: str
    material: str = ""


EXAMPLES: Mapping[str, Example] = MappingProxyType({
    # how lines are written
    "not-ascii": Example(_LASER, "G1 X1é F600", "G1 X1 F600 ; é"),
    "realtime": Example(_LASER, "G1 X1 F600 !", "G1 X1 F600 ; !"),
    "exponent": Example(_LASER, "G1 X1e2 F600", "G1 X100 F600"),
    "checksum": Example(_LASER, "N1 G0 X1*3", "N1 G0 X1*97"),
    "unreadable-line": Example(_LASER, "hello world", "(hello world)"),
    "repeated-word": Example(_LASER, "G1 X1 X2 F600", "G1 X1 Y2 F600"),
    "conflicting-words": Example(_LASER, "G0 G1 X1 F600", "G0 X1\nG1 X2 F600"),
    "unknown-word": Example(_LASER, "G1 X1 E5 F600", "G1 X1 S5 F600"),
    "unfamiliar-word": Example(_PRUSA, "G1 X1 Q4", "G1 X1"),
    "missing-value": Example(_LASER, "G1 X1 F-5", "G1 X1 F5"),
    "absurd-number": Example(_PRUSA, "M220 S1000001", "M220 S100"),
    "several-commands": Example(_PRUSA, "G1 X1 F600 G1 Y1", "G1 X1 F600\nG1 Y1"),
    "line-too-long": Example(
        _LASER,
        f"G1 X1.{_ZEROS} Y1.{_ZEROS} Z0.{_ZEROS} F1.{_ZEROS} S0",
        f"G1 X1.{_ZEROS} Y1.{_ZEROS} Z0.{_ZEROS} F1.{_ZEROS[1:]} S0",
    ),
    "after-end": Example(_LASER, "M2\nG0 X1", "G0 X1\nM2"),
    # commands that a table knows, and why they do not simply pass
    "unknown-command": Example(_LASER, "M4711", "M5"),
    "unfamiliar-command": Example(_PRUSA, "M4711", "M400"),
    "settings": Example(_LASER, "$1=2", "; $1=2"),
    "files": Example(_PRUSA, "M30 a.gco", "M117 a.gco"),
    "firmware": Example(_PRUSA, "M997", "M115"),
    "protection": Example(_PRUSA, "M211 S0", "M107"),
    "pins": Example(_PRUSA, "M42 P4 S255", "M106 S255"),
    "calibration": Example(_PRUSA, "M303 S200 C8", "M109 S200"),
    "origin-stored": Example(_LASER, "G10 L2 P1 X0", "G92 X0"),
    "machine-position": Example(_LASER, "G53 G0 X1", "G54 G0 X1"),
    "probe": Example(_LASER, "G38.2 X5 F10", "G1 X5 F10"),
    "feed-mode": Example(_LASER, "G93", "G94"),
    "milling": Example(_LASER, "T1 M6", "M5"),
    "meta-command": Example(_DUET, "var step = 5\nG1 X{var.step}", "G1 X5"),
    "inches": Example(_PRUSA, "G20", "G21"),
    "needs-person": Example(_LASER, "M0", "G4 P1"),
    "shifted-origin": Example(_LASER, "G55", "G54"),
    "stored-place": Example(_LASER, "G28", "G0 X0 Y0"),
    "constant-power": Example(_LASER, "M3 S100", "M4 S100"),
    "mist": Example(_LASER, "M7", "M8"),
    "other-plane": Example(_LASER, "G18", "G17"),
    "test-print": Example(_PRUSA, "G26", "G28"),
    "spindle-on-printer": Example(_PRUSA, "M3 S255", "M106 S255"),
    "other-tool": Example(_PRUSA, "T1", "T0"),
    "left-out": Example(_PRUSA, "M117 hi", "; hi"),
    # where it goes
    "out-of-bounds": Example(_LASER, "M4 S100\nG1 X601 F600", "M4 S100\nG1 X600 F600"),
    "travel-out-of-bounds": Example(_LASER, "G0 Y-1", "G0 Y0"),
    "place-it": Example(_OPEN, "G0 X-5", "M5"),
    "below-bed": Example(_PRUSA, "G28\nG1 Z-1 F600", "G28\nG1 Z-0.05 F600"),
    "not-homed": Example(_PRUSA, "M109 S200\nG1 X1 E1 F600", f"{_HOT}G1 X1 E1 F600"),
    "motors-off": Example(_PRUSA, f"{_HOT}M84\nG1 X1 E1 F600", f"{_HOT}G1 X1 E1 F600\nM84"),
    "bad-arc": Example(_LASER, "G2 X10 Y0 R1 F600", "G2 X10 Y0 R5 F600"),
    "ends-relative": Example(_LASER, "G91\nG0 X1", "G91\nG0 X1\nG90"),
    "no-motion": Example(_LASER, "G21", "G21\nG0 X1"),
    "no-work": Example(_LASER, "G0 X1", _CUT),
    "no-units": Example(_LASER, "G0 X1", "G21\nG0 X1"),
    # how fast, how long
    "feed-over-max": Example(_LASER, "M4 S100\nG1 X1 F12001", "M4 S100\nG1 X1 F12000"),
    "no-feed": Example(_LASER, "G1 X1", "G1 X1 F600"),
    "no-feed-printer": Example(_PRUSA, "G1 X1", "G1 X1 F600"),
    "override": Example(_PRUSA, "M221 S151", "M221 S150"),
    "motion-limits": Example(
        _VORON, "SET_VELOCITY_LIMIT ACCEL=1501", "SET_VELOCITY_LIMIT ACCEL=1500"
    ),
    "negative-dwell": Example(_LASER, "G4 P-1", "G4 P0"),
    "long-dwell": Example(_LASER, "G4 P3\nG4 P3", "G4 P3\nG0 X1\nG4 P3"),
    "too-long": Example(_LASER, "G21\nG1 X121 F1", "G21\nG1 X119 F1"),
    # the beam
    "power-over-max": Example(_LASER, "M4 S901\nG1 X1 F600", "M4 S900\nG1 X1 F600"),
    "power-scale": Example(_LASER, "M4 S255\nG1 X1 F600", "M4 S254\nG1 X1 F600"),
    "beam-on-rapid": Example(_LASER, f"{_LIT}\nG0 X2", f"{_LIT}\nM5\nG0 X2"),
    "beam-while-still": Example(_LASER, f"{_LIT}\nG4 P1", f"{_LIT}\nM5\nG4 P1"),
    "ends-with-beam-on": Example(_LASER, _CUT, f"{_CUT}\nM5"),
    "material-forbidden": Example(_LASER, _CUT, _CUT, "pvc"),
    "material-staff": Example(_LASER, _CUT, _CUT, "mdf"),
    "material-unknown": Example(_LASER, _CUT, _CUT, "unknown"),
    "material-power": Example(_LASER, "M4 S900\nG1 X9 F710", "M4 S900\nG1 X9 F730"),
    # heat and filament
    "nozzle-too-hot": Example(_PRUSA, "M104 S301", "M104 S300"),
    "bed-too-hot": Example(_PRUSA, "M140 S121", "M140 S120"),
    "chamber-heater": Example(_PRUSA, "M141 S50", "M141 S0"),
    "chamber-too-hot": Example(_DUET, "M141 S61", "M141 S60"),
    "ends-hot": Example(_PRUSA, "M104 S200", "M104 S200\nM104 S0"),
    "hot-standstill": Example(_PRUSA, "M109 S200\nG4 S301", "M109 S200\nG4 S300"),
    "not-waited": Example(_PRUSA, "G28\nM104 S200\nG1 X1 E1 F600", f"{_HOT}G1 X1 E1 F600"),
    "heat-changes": Example(
        _PRUSA, "M104 S200\nM104 S201\n" * 50 + "M104 S0", "M104 S200\nM104 S201\n" * 50
    ),
    "motors-stay-on": Example(_PRUSA, "G28\nG1 X1 F600", "G28\nG1 X1 F600\nM84"),
    "cold-extrusion": Example(_PRUSA, "G28\nG1 X1 E1 F600", f"{_HOT}G1 X1 E1 F600"),
    "thick-line": Example(
        _PRUSA, f"{_HOT}G1 Z1 F600\nG1 X10 E17", f"{_HOT}G1 Z1 F600\nG1 X10 E16"
    ),
    "thin-lines": Example(
        _PRUSA,
        f"{_HOT}M83\nG1 Z1 F600\n" + "G1 X100 E0.4\nG1 X0 E0.4\n" * 6,
        f"{_HOT}M83\nG1 Z1 F600\n" + "G1 X100 E0.5\nG1 X0 E0.5\n" * 6,
    ),
    "long-feed": Example(_PRUSA, f"{_HOT}G1 E201 F600", f"{_HOT}G1 E200 F600"),
    "in-the-air": Example(
        _PRUSA, f"{_HOT}G1 Z2.1 F600\nG1 X1 E1", f"{_HOT}G1 Z2 F600\nG1 X1 E1"
    ),
    "filament-range": Example(_PRUSA, "M104 S236", "M104 S235"),
})  # fmt: skip
"""By the rule's id, without its `gcode.`."""
