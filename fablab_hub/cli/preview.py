"""`fablab-hub preview`: the part on the bed, as a picture."""

import shutil
from pathlib import Path

import click
import typst

from fablab_hub.cli.check import EXIT_STATUS, print_report
from fablab_hub.cli.checking import checked
from fablab_hub.cli.options import (
    config_option,
    file_argument,
    machine_option,
    material_option,
    output_option,
    unit_option,
)

_PIXELS_PER_INCH = 144.0


@click.command()
@file_argument
@machine_option
@material_option
@unit_option
@config_option
@output_option
@click.pass_context
def preview(
    ctx: click.Context,
    file: Path,
    machine_id: str,
    material_id: str | None,
    unit: str | None,
    config: Path | None,
    output: Path,
) -> None:
    """Draw FILE on the machine's bed (OUTPUT ends in .svg or .png).

    Exit status: as for `check`.

    \b
    Example:
      fablab-hub preview part.dxf --machine laser --material plywood-3 -o part.svg
    """  # noqa: D301 - \b keeps click from re-wrapping the example
    with checked(file, machine_id, material_id, config, unit) as outcome:
        if outcome.picture is None:
            print_report(outcome.report)
        elif output.suffix.lower() == ".png":
            output.write_bytes(_png(outcome.picture))
        else:
            shutil.copyfile(outcome.picture, output)
    ctx.exit(EXIT_STATUS[outcome.report.verdict])


def _png(picture: Path) -> bytes:
    """Turn an SVG into a PNG; typst draws SVG, and is here for the portfolio anyway."""
    page = picture.with_suffix(".typ")
    page.write_text(
        f'#set page(width: auto, height: auto, margin: 0pt)\n#image("{picture.name}")\n'
    )
    png: bytes = typst.compile(
        page, root=picture.parent, format="png", ppi=_PIXELS_PER_INCH, ignore_system_fonts=True
    )
    return png
