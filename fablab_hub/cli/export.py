"""`fablab-hub export`: somebody's portfolio as a PDF."""

from pathlib import Path

import click

from fablab_hub.cli.data import open_database
from fablab_hub.cli.options import config_option, data_option, data_settings_path, output_option
from fablab_hub.cli.say import say
from fablab_hub.core.blobs import BlobStore
from fablab_hub.core.config import read_settings
from fablab_hub.core.db import Database
from fablab_hub.core.errors import NotFoundError
from fablab_hub.core.folders import DataFolder
from fablab_hub.core.i18n.words import N_
from fablab_hub.core.people import Person, read_people
from projects.exports.portfolio import make_portfolio_pdf
from projects.portfolios import gather_portfolio


@click.command()
@click.argument("who")
@data_option
@config_option
@output_option
def export(who: str, data: Path, config: Path | None, output: Path) -> None:
    """Write the portfolio of WHO (a name or an id) as a PDF.

    \b
    Example:
      fablab-hub export "Léa Le Goff" --data demo-lab -o lea.pdf
    """  # noqa: D301 - \b keeps click from re-wrapping the example
    folder = DataFolder(data)
    settings = read_settings(data_settings_path(config, folder))
    with open_database(data) as database:
        person = _find(database, who)
        portfolio = gather_portfolio(database, settings, person, person.language)
        pdf = make_portfolio_pdf(
            portfolio, BlobStore(folder.blobs), person.language, settings.lab.zone
        )
    output.write_bytes(pdf)
    say(N_("The portfolio of {name} is in {file}."), name=person.name, file=output)


def _find(database: Database, who: str) -> Person:
    for person in read_people(database):
        if who in (person.id, person.name):
            return person
    raise NotFoundError("found.no-person", who=who)
