"""`fablab-hub people`: who there is, and how somebody new comes in."""

import asyncio
import json
from pathlib import Path

import click
from sqlite_utils import Database as Tables

from fablab_hub.cli.data import open_database
from fablab_hub.cli.options import (
    config_option,
    data_option,
    data_settings_path,
    find_machine,
    json_option,
)
from fablab_hub.cli.say import say
from fablab_hub.core.clock import SystemClock
from fablab_hub.core.config import read_settings
from fablab_hub.core.errors import NotFoundError, SignInError
from fablab_hub.core.folders import DataFolder
from fablab_hub.core.i18n.words import N_
from fablab_hub.core.people import Role, add_person, authorise, authorised_machines, read_people
from fablab_hub.core.signin import SignIn, hash_pin
from projects.store import ProjectStore


@click.group(invoke_without_command=True)
@data_option
@json_option
@click.pass_context
def people(
    ctx: click.Context,
    data: Path,
    as_json: bool,
) -> None:
    """List people: id, name, role, fabrications, and badges (machines they may start).

    \b
    Example:
      fablab-hub people --data demo-lab --json
      fablab-hub people add "Nolwenn Cadiou" --role admin --data /srv/fablab
    """  # noqa: D301 - \b keeps click from re-wrapping the example
    if ctx.invoked_subcommand is not None:
        return
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


@people.command()
@click.argument("name")
@data_option
@config_option
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default=Role.TRAINEE.value,
    show_default=True,
    help="What they are in the lab.",
)
@click.option("--pin", prompt=True, hide_input=True, help="Asked for when it is not given.")
@click.option("--machine", "machine_ids", multiple=True, help="A machine that they may start.")
def add(
    name: str,
    data: Path,
    config: Path | None,
    role: str,
    pin: str,
    machine_ids: tuple[str, ...],
) -> None:
    """Let NAME sign in; begins a lab in a folder that holds none.

    \b
    Example:
      fablab-hub people add "Léa Le Goff" --machine laser --data /srv/fablab
    """  # noqa: D301 - \b keeps click from re-wrapping the example
    folder, now = DataFolder(data), SystemClock().now()
    settings = read_settings(data_settings_path(config, folder))
    for machine_id in machine_ids:
        find_machine(settings, machine_id)
    pin_hash = hash_pin(pin, settings.signin.pin_digits)

    def act(tables: Tables) -> None:
        person_id = add_person(
            tables,
            name=name.strip(),
            role=Role(role),
            pin_hash=pin_hash,
            language=settings.lab.language,
            at=now,
        )
        for machine_id in machine_ids:
            authorise(tables, person_id, machine_id, person_id, now)

    with open_database(data, may_create=True) as database:
        if any(person.name == name.strip() for person in read_people(database)):
            raise SignInError("signin.name-taken", name=name.strip())
        database.write_now(act)
    say(N_("{name} can sign in now."), name=name.strip())


@people.command("let-in")
@click.argument("name")
@data_option
@config_option
def let_in(name: str, data: Path, config: Path | None) -> None:
    """Give NAME a new PIN, and take a forgotten passphrase away.

    For whoever has nobody left to help them from the pages, such as the only administrator.

    \b
    Example:
      fablab-hub people let-in "Nolwenn Cadiou" --data /srv/fablab
    """  # noqa: D301 - \b keeps click from re-wrapping the example
    settings = read_settings(data_settings_path(config, DataFolder(data)))
    with open_database(data) as database:
        who = next((person for person in read_people(database) if person.name == name), None)
        if who is None:
            raise NotFoundError("found.no-person", who=name)
        signin = SignIn(database, settings.signin, SystemClock())
        asyncio.run(signin.passphrases.reset(who, None))
        pin = asyncio.run(signin.pins.give(who, None))
    say(N_("{name} comes in with this PIN: {pin}. It is shown only once."), name=name, pin=pin)
