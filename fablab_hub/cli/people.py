"""`fablab-hub people`: who there is."""

import json
from pathlib import Path

import click

from fablab_hub.cli.data import open_database
from fablab_hub.cli.options import data_option, json_option
from fablab_hub.cli.say import say
from fablab_hub.core.i18n.words import N_
from fablab_hub.core.people import authorised_machines, read_people
from projects.store import ProjectStore


@click.command()
@data_option
@json_option
def people(
    data: Path,
    as_json: bool,
) -> None:
    """List people: id, name, role, fabrications, and badges (machines they may start).

    \b
    Example:
      fablab-hub people --data demo-lab --json
    """  # noqa: D301 - \b keeps click from re-wrapping the example
    with open_database(data) as database:
        counts = ProjectStore(database).counts()
        rows = [
            {
                "id": person.id,
                "name": person.name,
                "role": person.role.value,
                "fabrications": counts.get(person.id, 0),
                "badges": len(authorised_machines(database, person.id)),
            }
            for person in read_people(database)
        ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        say(
            N_("{name} ({role}) · fabrications: {fabrications} · machines: {badges}"),
            **{key: row[key] for key in ("name", "role", "fabrications", "badges")},
        )
