"""Every rule is a row with sentences, a program that meets it, and one that just does not."""

import string
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from fablab_hub.core.machines import Machine, MachineKind
from fablab_hub.core.materials import Material
from fablab_hub.gcode.dialects.registry import DIALECTS
from fablab_hub.gcode.dialects.table import Policy, Reason
from jobs.checks.gcode_examples import EXAMPLES
from jobs.checks.gcode_rules import BY_ID, GCODE_RULES
from jobs.report import Severity
from tests.jobs.checks.gcode import machines

Check = Any


@pytest.fixture(scope="session")
def lab(laser: Machine, prusa: Machine, voron: Machine, duet: Machine) -> Mapping[str, Machine]:
    return {machine.id: machine for machine in (laser, machines.OPEN, prusa, voron, duet)}


@pytest.fixture(scope="session")
def materials(plywood: Material) -> Mapping[str, Material | None]:
    return {
        "": plywood,
        "unknown": None,
        "pvc": replace(plywood, id="pvc", is_forbidden=True),
        "mdf": replace(plywood, id="mdf", needs_staff=True),
        "pla": Material(id="pla", name=plywood.name, thickness_mm=1.75),
    }


def test_every_rule_has_an_example_and_there_are_at_least_60() -> None:
    assert {rule.id.removeprefix("gcode.") for rule in GCODE_RULES} == EXAMPLES.keys()
    assert len(GCODE_RULES) >= 60


@pytest.mark.parametrize("rule", EXAMPLES)
def test_the_first_example_meets_its_rule_and_the_second_just_does_not(
    check: Check, lab: Any, materials: Any, rule: str
) -> None:
    example = EXAMPLES[rule]
    machine = lab[example.machine]
    usual = materials["" if machine.kind is MachineKind.LASER else "pla"]
    met = check(example.meets, machine, materials[example.material] if example.material else usual)
    assert rule in met.rules
    _can_be_told(met.check.findings)
    assert rule not in check(example.passes, machine, usual).rules


def test_what_an_example_meets_is_a_rule_that_its_machine_can_meet(
    check: Check, lab: Any, materials: Any
) -> None:
    for example in EXAMPLES.values():
        machine = lab[example.machine]
        for program in (example.meets, example.passes):
            for finding in check(program, machine, materials[example.material]).check.findings:
                assert machine.kind in BY_ID[finding.rule].kinds, finding.rule
                assert machine.dialect in BY_ID[finding.rule].firmwares, finding.rule


@pytest.mark.parametrize(
    ("rule", "firmwares"),
    [
        ("gcode.origin-stored", ("grbl", "reprapfirmware")),
        ("gcode.meta-command", ("reprapfirmware",)),
        ("gcode.several-commands", ("marlin", "klipper")),
        ("gcode.settings", ("grbl", "marlin", "klipper", "reprapfirmware")),
        ("gcode.beam-while-still", ("grbl",)),
    ],
)
def test_a_rule_says_which_firmwares_it_can_occur_on(rule: str, firmwares: tuple[str, ...]) -> None:
    assert BY_ID[rule].firmwares == firmwares


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
