"""`fablab-hub check`: what the hub thinks of a file, before anybody queues it."""

import json
from pathlib import Path

import click

from fablab_hub.cli.checking import checked
from fablab_hub.cli.drawing_options import drawing_answers, drawing_options
from fablab_hub.cli.explain import explain_option, rules_option
from fablab_hub.cli.language import terminal_language
from fablab_hub.cli.options import (
    config_option,
    file_argument,
    json_option,
    machine_option,
    material_option,
)
from fablab_hub.cli.report_text import print_report
from jobs.report import Verdict
from jobs.report_shown import report_to_json

__all__ = ["EXIT_STATUS", "check", "print_report"]

EXIT_STATUS = {Verdict.ACCEPTED: 0, Verdict.REFUSED: 1, Verdict.NEEDS_APPROVAL: 3}


@click.command()
@file_argument
@machine_option
@material_option
@drawing_options
@config_option
@json_option
@explain_option
@rules_option
@click.pass_context
def check(
    ctx: click.Context,
    file: Path,
    machine_id: str,
    material_id: str | None,
    config: Path | None,
    as_json: bool,
) -> None:
    """Check FILE for one machine, and say what was found.

    Exit status: 0 accepted, 1 refused, 3 needs approval, 2 unusable, 130 stopped by Ctrl-C.

    \b
    Examples:
      fablab-hub check part.dxf --machine laser --material plywood-3
      fablab-hub check --explain gcode.cold-extrusion
    """  # noqa: D301 - \b keeps click from re-wrapping the example
    with checked(
        file, machine_id, material_id, config, drawing_answers(ctx), shows_progress=not as_json
    ) as outcome:
        report = outcome.report
    if as_json:
        body = report_to_json(report, terminal_language())
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
    else:
        print_report(report, file)
    ctx.exit(EXIT_STATUS[report.verdict])
