"""What a rule looks for and what to do about it, said from the table that the checks walk."""

import dataclasses
import difflib
import re
from collections.abc import Callable, Iterator

import click

from fablab_hub.cli.language import terminal_language
from fablab_hub.cli.options import Command
from fablab_hub.cli.say import say
from fablab_hub.core.error_texts import TEXTS, describe
from fablab_hub.core.errors import FablabError
from fablab_hub.core.i18n.words import N_, translate
from jobs.checks.rule import Rule
from jobs.checks.rules import RULES
from jobs.report import Severity

UNKNOWN_RULE = 2
"""Exit status for a rule that does not exist: the command's own `unusable`."""

_EFFECTS = {
    Severity.REFUSE: N_("The file is refused."),
    Severity.ASK: N_("A manager must look at the file."),
    Severity.ADVISE: N_("The file may run. This is advice."),
}
_MARKS = {Severity.REFUSE: "✗", Severity.ASK: "?", Severity.ADVISE: "·"}
_HARD = "!"
_FACT = re.compile(r"\{\w+\}")
_OWN_LINES = frozenset({"id", "severity", "is_hard", "title", "message", "remedy"})
_LIST = "fablab-hub check --rules"
_NEAR = 5
_LIKE_ENOUGH = 0.7
_FILE_ERRORS = ("check.", "drawing.", "gcode.")
"""Beginnings of the errors that a report can hold instead of a rule's finding."""


def _answer_explain(ctx: click.Context, param: click.Parameter, name: str | None) -> None:
    """Answer `--explain RULE` and end, before a file or a machine is asked for."""
    del param
    if name is None or ctx.resilient_parsing:
        return
    ctx.exit(_explain(name.strip().casefold()))


def _answer_rules(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    """Answer `--rules` and end: every rule on a line of its own."""
    del param
    if not value or ctx.resilient_parsing:
        return
    language = terminal_language()
    width = max(map(len, RULES))
    for rule in sorted(RULES.values(), key=lambda rule: rule.id):
        hard = _HARD if rule.is_hard else " "
        title = translate(rule.title, language)
        click.echo(f"{_MARKS[rule.severity]}{hard} {rule.id:<{width}}  {title}")
    click.echo()
    for severity, mark in _MARKS.items():
        click.echo(f"{mark}  {translate(_EFFECTS[severity], language)}")
    click.echo(f"{_HARD}  {translate(N_('No fablab can lower this rule.'), language)}")
    ctx.exit()


explain_option: Callable[[Command], Command] = click.option(
    "--explain",
    metavar="RULE",
    is_eager=True,
    expose_value=False,
    callback=_answer_explain,
    help="Say what a rule looks for and what to do, and end.",
)
rules_option: Callable[[Command], Command] = click.option(
    "--rules",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_answer_rules,
    help="List every rule, and end.",
)


def _explain(name: str) -> int:
    """Print what is known by a name; gives the exit status."""
    rule = RULES.get(name) or _only_ending(name)
    if rule is not None:
        _print_rule(rule)
        return 0
    if name in TEXTS and name.startswith(_FILE_ERRORS):
        _print_error(name)
        return 0
    language = terminal_language()
    click.echo(translate(N_("There is no rule {name}."), language, name=name), err=True)
    near = near_names(name)
    if near:
        click.echo(
            translate(N_("Did you mean: {names}?"), language, names=", ".join(near)), err=True
        )
    click.echo(translate(N_("Type “{command}” for the list."), language, command=_LIST), err=True)
    return UNKNOWN_RULE


def near_names(name: str) -> list[str]:
    """Find the rules that somebody may have meant, the nearest first.

    A name is compared with and without its `gcode.` or `drawing.`; a part of a name counts too.
    """
    words = name.rpartition(".")[2]
    scores: dict[str, float] = {}
    for known in RULES:
        ending = known.partition(".")[2]
        score = max(_likeness(name, known), _likeness(words, ending))
        if words and words in ending:
            score += 0.5
        scores[known] = score
    best = sorted(scores, key=lambda known: (-scores[known], known))
    return [known for known in best if scores[known] >= _LIKE_ENOUGH][:_NEAR]


def _likeness(a: str, b: str) -> float:
    return difflib.SequenceMatcher(None, a, b).ratio()


def _only_ending(name: str) -> Rule | None:
    """Find a rule whose name was given without its `gcode.` or `drawing.`."""
    found = [rule for rule in RULES.values() if rule.id.partition(".")[2] == name]
    return found[0] if len(found) == 1 else None


def _print_rule(rule: Rule) -> None:
    language = terminal_language()
    click.echo(f"{rule.id} · {translate(rule.title, language)}\n")
    _paragraph(N_("What it finds"), _without_facts(translate(rule.message, language)))
    effect = translate(_EFFECTS[rule.severity], language)
    if rule.is_hard:
        effect += " " + translate(N_("No fablab can lower this rule."), language)
    _paragraph(N_("What happens then"), effect)
    _paragraph(N_("What to do"), _without_facts(translate(rule.remedy, language)))
    for name, value in _further(rule):
        click.echo(f"{name.replace('_', ' ')}: {value}")


def _print_error(code: str) -> None:
    told = describe(FablabError(code), terminal_language())
    click.echo(f"{code}\n")
    _paragraph(N_("What it finds"), _without_facts(told.message))
    _paragraph(N_("What happens then"), translate(_EFFECTS[Severity.REFUSE], terminal_language()))
    _paragraph(N_("What to do"), _without_facts(f"{told.remedy} {told.help}"))


def _paragraph(heading: str, text: str) -> None:
    say(heading)
    click.echo(f"  {text}\n")


def _without_facts(text: str) -> str:
    """Put an ellipsis where a finding names its facts."""
    return _FACT.sub("…", text)


def _further(rule: Rule) -> Iterator[tuple[str, str]]:
    """Give whatever else a row of the table says, by the names of its columns."""
    language = terminal_language()
    for field in dataclasses.fields(rule):
        value = getattr(rule, field.name)
        if field.name in _OWN_LINES or value is None:
            continue
        several = value if isinstance(value, (tuple, list)) else (value,)
        if isinstance(value, (set, frozenset)):
            several = sorted(map(str, value))
        text = ", ".join(translate(str(item), language) for item in several)
        if text:
            yield field.name, text
