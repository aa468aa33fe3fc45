"""A report as a person reads it on a terminal: the verdict, then each finding, then the size."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from fablab_hub.cli.file_lines import shortened, text_of_lines, visible
from fablab_hub.cli.language import terminal_language
from fablab_hub.cli.say import say
from fablab_hub.core.i18n.words import (
    N_,
    duration_text,
    number_text,
    translate,
    translate_count,
)
from jobs.checks.rules import describe_finding
from jobs.report import FileKind, Finding, Report, Severity, Verdict, Where

_VERDICTS = {
    Verdict.ACCEPTED: N_("Accepted. This file can go to the queue."),
    Verdict.NEEDS_APPROVAL: N_("A manager must look at this file first."),
    Verdict.REFUSED: N_("Refused. This file cannot run as it is."),
}
MARKS = {Severity.REFUSE: "✗", Severity.ASK: "?", Severity.ADVISE: "·"}
"""What stands before a finding, so that its weight can be seen without reading."""

_PLACES_EACH = 3
_MOST_COLUMNS = 120
_INDENT = " " * 5


def print_report(report: Report, file: Path | None = None) -> None:
    """Print a report for a person.

    Args:
        report: of the check.
        file: the checked file, to show the text of the lines that findings name; without it, or
            when it has gone, only their numbers are shown.
    """
    say(_VERDICTS[report.verdict])
    # The lines of a drawing's findings are those of the program made from it: nobody wrote them.
    has_lines = report.file.kind is FileKind.GCODE
    texts = _texts(report.findings, file) if file is not None and has_lines else {}
    for number, finding in enumerate(report.findings, 1):
        where = [place for place in finding.where if has_lines or place.line is None]
        _print_finding(number, finding, [_place(place, texts) for place in where])
    language, facts = terminal_language(), report.facts
    click.echo()
    if facts.bounds_mm is not None:
        width, depth, _ = (number_text(side, language) for side in facts.bounds_mm.size_mm)
        say(N_("Size: {width} × {depth} mm"), width=width, depth=depth)
    if facts.duration_s:
        say(N_("Time: about {time}"), time=duration_text(facts.duration_s, language))


def _texts(findings: Sequence[Finding], file: Path) -> Mapping[int, str]:
    """Read the lines that are shown; none when the file has gone meanwhile."""
    shown = (where.line for finding in findings for where in finding.where[:_PLACES_EACH])
    try:
        return text_of_lines(file, {line for line in shown if line is not None})
    except OSError:
        return {}


def _print_finding(number: int, finding: Finding, places: Sequence[str]) -> None:
    text = describe_finding(finding, terminal_language())
    click.echo(f"\n{MARKS[finding.severity]} {number}. {visible(text.message)}")
    shown = [place for place in places[:_PLACES_EACH] if place]
    for place in shown:
        click.echo(_INDENT + place)
    more = finding.count - len(shown)
    # A rule may count what has no place of its own: "more" only follows a full list.
    if len(shown) == _PLACES_EACH and more > 0:
        rest = translate_count(
            "and at {count} more place", "and at {count} more places", more, terminal_language()
        )
        click.echo(_INDENT + rest)
    click.echo(f"   → {visible(text.remedy)}")
    click.echo(f"     {finding.rule}")


def _place(where: Where, texts: Mapping[int, str]) -> str:
    """Say one place of a finding on one line; empty for one that cannot be said."""
    language = terminal_language()
    if where.line is not None:
        said = translate(N_("Line {line}"), language, line=where.line)
        room = min(shutil.get_terminal_size((100, 24)).columns, _MOST_COLUMNS)
        text = shortened(texts.get(where.line, "").strip(), room - len(_INDENT) - len(said) - 3)
        return f"{said}  {text}".rstrip()
    if where.at_mm is not None:
        x, y = (number_text(side, language) for side in where.at_mm)
        place = translate(N_("{x} mm from the left, {y} mm from the front"), language, x=x, y=y)
        return f"{visible(where.layer)} · {place}" if where.layer else place
    return visible(where.layer or "")
