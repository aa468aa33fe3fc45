"""`fablab-hub toolpath`: a file as the program that a machine would run."""

import shutil
from pathlib import Path

import click

from fablab_hub.cli.check import EXIT_STATUS, print_report
from fablab_hub.cli.checking import checked
from fablab_hub.cli.drawing_options import drawing_answers, drawing_options
from fablab_hub.cli.options import (
    config_option,
    file_argument,
    machine_option,
    material_option,
    output_option,
)


@click.command()
@file_argument
@machine_option
@material_option
@drawing_options
@config_option
@output_option
@click.pass_context
def toolpath(
    ctx: click.Context,
    file: Path,
    machine_id: str,
    material_id: str | None,
    config: Path | None,
    output: Path,
) -> None:
    """Turn FILE into the checked program that a machine would run.

    A refused file is not written. Exit status: as for `check`.

    \b
    Example:
      fablab-hub toolpath part.dxf --machine laser --material plywood-3 -o part.gcode
    """  # noqa: D301 - \b keeps click from re-wrapping the example
    with checked(file, machine_id, material_id, config, drawing_answers(ctx)) as outcome:
        print_report(outcome.report, file)
        if outcome.program is not None:
            shutil.copyfile(outcome.program, output)
    ctx.exit(EXIT_STATUS[outcome.report.verdict])
