"""`fablab-hub journal`: read the journal, and make sure nobody changed it."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from fablab_hub.cli.data import open_database
from fablab_hub.cli.options import data_option, json_option
from fablab_hub.cli.say import say
from fablab_hub.core import journal
from fablab_hub.core.i18n.words import N_


@click.group("journal")
def journal_commands() -> None:
    """Who did what, and when.

    \b
    Example:
      fablab-hub journal verify --data demo-lab
    """  # noqa: D301 - \b keeps click from re-wrapping the example


@journal_commands.command()
@data_option
def verify(data: Path) -> None:
    """Walk the whole chain of hashes; a changed line is named."""
    with open_database(data) as database:
        count = journal.verify(database)
    say(N_("The journal is whole: {count} lines."), count=count)


@journal_commands.command("list")
@data_option
@json_option
@click.option("--after", default=0, show_default=True, help="Only lines after this number.")
def list_lines(
    data: Path,
    as_json: bool,
    after: int,
) -> None:
    """Print the lines, oldest first."""
    with open_database(data) as database:
        while entries := journal.read_after(database, after):
            for entry in entries:
                if as_json:
                    click.echo(json.dumps(asdict(entry), ensure_ascii=False))
                else:
                    click.echo(f"{entry.seq} {entry.at} {entry.actor} {entry.verb} {entry.subject}")
            after = entries[-1].seq
