"""`fablab-hub preview`: the part on the bed, as a picture."""

from pathlib import Path

import click
import typst

from fablab_hub.cli.check import EXIT_STATUS, print_report
from fablab_hub.cli.checking import checked
from fablab_hub.cli.drawing_options import drawing_answers, drawing_options
from fablab_hub.cli.language import terminal_language
from fablab_hub.cli.options import (
    config_option,
    file_argument,
    machine_option,
    material_option,
    output_option,
)
from fablab_hub.core.fonts import FONTS
from jobs.checks.rules import describe_finding
from jobs.picture_legend import mm_per_pixel, with_legend
from jobs.picture_print import with_scaled_widths
from jobs.report import Report

_ENDINGS = (".svg", ".png")
_PIXELS_PER_INCH = 144.0


@click.command()
@file_argument
@machine_option
@material_option
@drawing_options
@config_option
@output_option
@click.pass_context
def preview(
    ctx: click.Context,
    file: Path,
    machine_id: str,
    material_id: str | None,
    config: Path | None,
    output: Path,
) -> None:
    """Draw FILE on the machine's bed (OUTPUT ends in .svg or .png).

    Every finding is marked by its number where it is, and said in words below the picture.
    Exit status: as for `check`.

    \b
    Example:
      fablab-hub preview part.dxf --machine laser --material plywood-3 -o part.svg
    """  # noqa: D301 - \b keeps click from re-wrapping the example
    if output.suffix.lower() not in _ENDINGS:
        raise click.BadParameter("it must end in .svg or .png", ctx, param_hint="--output")
    with checked(
        file, machine_id, material_id, config, drawing_answers(ctx), wants_picture=True
    ) as outcome:
        if outcome.picture is None:
            print_report(outcome.report, file)
        else:
            try:
                _write(outcome.picture, outcome.report, output)
            except OSError as error:
                message = f"{output}: {error.strerror}"
                raise click.BadParameter(message, ctx, param_hint="--output") from error
    ctx.exit(EXIT_STATUS[outcome.report.verdict])


def _write(picture: Path, report: Report, output: Path) -> None:
    """Write a picture with its legend, in the terminal's language."""
    language = terminal_language()
    drawn = picture.read_text(encoding="utf-8")
    remarks = [describe_finding(finding, language).message for finding in report.findings]
    if output.suffix.lower() != ".png":
        output.write_text(with_legend(drawn, remarks, language), encoding="utf-8")
        return
    drawn = with_scaled_widths(drawn, mm_per_pixel(drawn))
    picture.write_text(with_legend(drawn, remarks, language), encoding="utf-8")
    output.write_bytes(_png(picture))


def _png(picture: Path) -> bytes:
    """Turn an SVG into a PNG; typst draws SVG, and is here for the portfolio anyway."""
    page = picture.with_suffix(".typ")
    page.write_text(
        f'#set page(width: auto, height: auto, margin: 0pt)\n#image("{picture.name}")\n'
    )
    # The portfolio's letters: those that typst brings have no plain ones.
    png: bytes = typst.compile(
        page,
        root=picture.parent,
        format="png",
        ppi=_PIXELS_PER_INCH,
        font_paths=[FONTS] if FONTS.is_dir() else [],
        ignore_system_fonts=True,
    )
    return png
