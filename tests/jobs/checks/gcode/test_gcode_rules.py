"""Every rule is a row with sentences, and every rule has a program that meets it."""

import string
from typing import Any

import pytest

from fablab_hub.core.machines import Machine
from fablab_hub.core.materials import Material
from fablab_hub.gcode.dialects.registry import DIALECTS
from fablab_hub.gcode.dialects.table import Policy, Reason
from jobs.checks.gcode_rules import BY_ID, GCODE_RULES
from jobs.report import Severity

Check = Any

LASER = {
    "unknown-command": "M4711",
    "settings": "$1=2",
    "origin-stored": "G10 L2 P1 X0",
    "machine-position": "G53 G0 X1",
    "probe": "G38.2 Z-5 F10",
    "feed-mode": "G93",
    "milling": "T1 M6",
    "needs-person": "M0",
    "shifted-origin": "G55",
    "stored-place": "G28",
    "constant-power": "M3",
    "mist": "M7",
    "other-plane": "G18",
    "not-ascii": "G1 X1é",
    "realtime": "G1 X1 !",
    "exponent": "G1 X1e2",
    "checksum": "N1 G1 X1 *3",
    "unreadable-line": "hello world",
    "repeated-word": "G1 X1 X2",
    "conflicting-words": "G0 G1 X1",
    "unknown-word": "G1 X1 E5",
    "missing-value": "G1 X1 F-5",
    "line-too-long": "G1" + "".join(f" {letter}1." + "0" * 16 for letter in "XYZSF"),
    "after-end": "M2\nG1 X1",
    "out-of-bounds": "M4 S100\nG1 X601 F600",
    "travel-out-of-bounds": "G0 Y-1",
    "power-over-max": "M4 S901\nG1 X1 F600",
    "power-scale": "M4 S255\nG1 X1 F600",
    "feed-over-max": "G1 X1 F12001",
    "no-feed": "G1 X1",
    "no-units": "G0 X1",
    "bad-arc": "G2 X10 Y0 R1 F600",
    "beam-on-rapid": "M3 S100\nG1 X1 F600\nG0 X2",
    "beam-while-still": "M3 S100\nG1 X1 F600\nG4 P1",
    "ends-with-beam-on": "M4 S100\nG1 X1 F600",
    "ends-relative": "G91\nG0 X1",
    "negative-dwell": "G4 P-1",
    "long-dwell": "G4 P6",
    "no-motion": "G21",
    "no-work": "G0 X1",
    "material-unknown": "G0 X1",
    "too-long": "M4 S10\n" + "G1 X600 F1\nG1 X0\n" * 2,
    "material-power": "M4 S900\nG1 X10 F100",
}  # fmt: skip
PRINTER = {
    "unfamiliar-command": "M4711",
    "files": "M30 a.gco",
    "firmware": "M997",
    "protection": "M211 S0",
    "pins": "M42 P4 S255",
    "calibration": "M303 S200 C8",
    "inches": "G20",
    "test-print": "G26",
    "spindle-on-printer": "M3 S255",
    "other-tool": "T1",
    "left-out": "M117 hi",
    "unfamiliar-word": "G1 X1 Q4",
    "below-bed": "G1 Z-1",
    "no-feed-printer": "G1 X1",
    "ends-hot": "M104 S200",
    "nozzle-too-hot": "M104 S301",
    "bed-too-hot": "M140 S121",
    "cold-extrusion": "G1 X1 E1",
    "filament-range": "M104 S290",
    "not-homed": "G1 X1 E1",
    "motors-off": "M84\nG1 X1 E1",
    "override": "M221 S151",
}
ELSEWHERE = {"motion-limits", "material-forbidden", "material-staff"}
"""Met in `test_gcode_laser` and `test_gcode_printer`."""


def test_every_rule_has_an_example() -> None:
    assert {rule.id.removeprefix("gcode.") for rule in GCODE_RULES} == (
        LASER.keys() | PRINTER.keys() | ELSEWHERE
    )


@pytest.mark.parametrize("rule", LASER)
def test_a_laser_program_meets_the_rule(
    check: Check, laser: Machine, plywood: Material, rule: str
) -> None:
    found = check(LASER[rule], laser, None if rule == "material-unknown" else plywood)
    assert rule in found.rules
    _can_be_told(found.check.findings)


@pytest.mark.parametrize("rule", PRINTER)
def test_a_printer_program_meets_the_rule(check: Check, prusa: Machine, rule: str) -> None:
    pla = Material(id="pla", name=prusa.name, thickness_mm=1.75)
    found = check(PRINTER[rule], prusa, pla)
    assert rule in found.rules
    _can_be_told(found.check.findings)


def _can_be_told(findings: Any) -> None:
    """Every fact that a sentence names is there, for every finding."""
    for finding in findings:
        rule = BY_ID[finding.rule]
        for text in (rule.message, rule.remedy):
            wanted = {name for _, name, _, _ in string.Formatter().parse(text) if name}
            assert wanted <= finding.facts.keys(), (finding.rule, wanted)
            assert text.format(**finding.facts)


def test_ids_are_unique_and_sentences_are_short() -> None:
    assert len(BY_ID) == len(GCODE_RULES)
    for rule in GCODE_RULES:
        assert rule.title and rule.message.endswith((".", "?")) and rule.remedy.endswith("."), (
            rule.id
        )
        assert len(rule.message) <= 120 and len(rule.title) <= 50, rule.id


def test_only_refusals_are_hard() -> None:
    assert {rule.severity for rule in GCODE_RULES if rule.is_hard} == {Severity.REFUSE}


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=list(DIALECTS))
def test_the_policy_of_a_command_is_the_severity_of_its_rule(dialect: Any) -> None:
    severities = {
        Policy.REFUSE: Severity.REFUSE,
        Policy.ASK: Severity.ASK,
        Policy.DROP: Severity.ADVISE,
    }
    for code, row in (*dialect.commands.items(), ("?", dialect.unknown)):
        if row.reason is not Reason.NONE:
            assert BY_ID[f"gcode.{row.reason}"].severity is severities[row.policy], code


def test_a_long_job_is_one_that_takes_longer_than_its_kind_of_machine_may(
    check: Check, laser: Machine, prusa: Machine
) -> None:
    program = "G21\nG1 X180 F1"  # three hours
    assert "too-long" in check(program, laser).rules
    assert "too-long" not in check(program, prusa).rules
