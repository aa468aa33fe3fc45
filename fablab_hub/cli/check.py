"""`fablab-hub check`: what the hub thinks of a file, before anybody queues it."""

import json
from pathlib import Path

import click

from fablab_hub.cli.checking import checked
from fablab_hub.cli.language import terminal_language
from fablab_hub.cli.options import (
    config_option,
    file_argument,
    json_option,
    machine_option,
    material_option,
    unit_option,
)
from fablab_hub.cli.say import say
from fablab_hub.core.i18n.words import N_, duration_text, number_text
from jobs.checks.rules import describe_finding
from jobs.report import Finding, Report, Severity, Verdict
from jobs.report_shown import report_to_json

EXIT_STATUS = {Verdict.ACCEPTED: 0, Verdict.REFUSED: 1, Verdict.NEEDS_APPROVAL: 3}

_VERDICTS = {
    Verdict.ACCEPTED: N_("Accepted. This file can go to the queue."),
    Verdict.NEEDS_APPROVAL: N_("A manager must look at this file first."),
    Verdict.REFUSED: N_("Refused. This file cannot run as it is."),
}
_MARKS = {Severity.REFUSE: "✗", Severity.ASK: "?", Severity.ADVISE: "·"}


@click.command()
@file_argument
@machine_option
@material_option
@unit_option
@config_option
@json_option
@click.pass_context
def check(
    ctx: click.Context,
    file: Path,
    machine_id: str,
    material_id: str | None,
    unit: str | None,
    config: Path | None,
    as_json: bool,
) -> None:
    """Check FILE for one machine, and say what was found.

    Exit status: 0 accepted, 1 refused, 3 needs approval, 2 unusable.

    \b
    Example:
      fablab-hub check part.dxf --machine laser --material plywood-3
    """  # noqa: D301 - \b keeps click from re-wrapping the example
    with checked(file, machine_id, material_id, config, unit) as outcome:
        report = outcome.report
    if as_json:
        body = report_to_json(report, terminal_language())
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
    else:
        print_report(report)
    ctx.exit(EXIT_STATUS[report.verdict])


def print_report(report: Report) -> None:
    """Print a report for a person."""
    say(_VERDICTS[report.verdict])
    for finding in report.findings:
        _print_finding(finding)
    language, facts = terminal_language(), report.facts
    click.echo()
    if facts.bounds_mm is not None:
        width, depth, _ = (number_text(side, language) for side in facts.bounds_mm.size_mm)
        say(N_("Size: {width} × {depth} mm"), width=width, depth=depth)
    if facts.duration_s:
        say(N_("Time: about {time}"), time=duration_text(facts.duration_s, language))


def _print_finding(finding: Finding) -> None:
    text = describe_finding(finding, terminal_language())
    click.echo(f"\n{_MARKS[finding.severity]} {text.message}")
    click.echo(f"  {text.remedy}")
    lines = [str(where.line) for where in finding.where if where.line is not None]
    if lines:
        say(N_("  Lines: {lines}"), lines=", ".join(lines[:10]))
