"""Every rule of every check, and how a finding is said to a person."""

from types import MappingProxyType
from typing import NamedTuple

from fablab_hub.core.error_texts import describe
from fablab_hub.core.errors import FablabError
from fablab_hub.core.i18n.words import translate
from jobs.checks.drawing_rules import DRAWING_RULES
from jobs.checks.gcode_rules import GCODE_RULES
from jobs.checks.rule import Rule
from jobs.report import Finding

RULES: MappingProxyType[str, Rule] = MappingProxyType(
    {rule.id: rule for rule in (*GCODE_RULES, *DRAWING_RULES)}
)
"""By id. A finding whose id is not here is a file that could not be read: its id is an error's."""


class FindingText(NamedTuple):
    """One finding in somebody's language."""

    title: str
    message: str
    remedy: str


def describe_finding(finding: Finding, language: str) -> FindingText:
    """Say a finding, with its facts filled in."""
    facts = {"count": finding.count, **finding.facts}
    if rule := RULES.get(finding.rule):
        return FindingText(
            translate(rule.title, language, **facts),
            translate(rule.message, language, **facts),
            translate(rule.remedy, language, **facts),
        )
    problem = describe(FablabError(finding.rule, **facts), language)
    remedy = f"{problem.remedy} {problem.help}"
    return FindingText(problem.message, problem.message, remedy)
