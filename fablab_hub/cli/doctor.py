"""`fablab-hub doctor`: is this lab in good health, and if not, what to do."""

import asyncio
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import click

from drivers.cameras.client import CameraClient
from drivers.registry import driver_names
from fablab_hub.cli.commands import own_command
from fablab_hub.cli.data import open_database
from fablab_hub.cli.language import terminal_language
from fablab_hub.cli.options import config_option, data_option, data_settings_path, json_option
from fablab_hub.core import journal
from fablab_hub.core.blobs import BlobStore
from fablab_hub.core.clock import SystemClock
from fablab_hub.core.config import read_settings
from fablab_hub.core.error_texts import describe
from fablab_hub.core.errors import (
    ConfigError,
    DiskFullError,
    FablabError,
    StorageError,
    TransportError,
)
from fablab_hub.core.folders import DataFolder
from fablab_hub.core.i18n.words import N_, number_text, translate
from fablab_hub.core.settings import Settings

_LEAST_FREE_MB = 500


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that was looked at."""

    what: str
    is_well: bool
    remark: str


@click.command()
@config_option
@data_option
@json_option
@click.pass_context
def doctor(
    ctx: click.Context,
    config: Path | None,
    data: Path,
    as_json: bool,
) -> None:
    """Look at settings, disk, database, journal, files, drivers, ports and cameras.

    Exit status: 0 all is well, 1 something needs a person.

    \b
    Example:
      fablab-hub doctor --data demo-lab
    """  # noqa: D301 - \b keeps click from re-wrapping the example
    folder = DataFolder(data)
    settings = read_settings(data_settings_path(config, folder))
    signs = list(_examine(settings, folder))
    if as_json:
        click.echo(json.dumps([asdict(sign) for sign in signs], ensure_ascii=False, indent=2))
    else:
        for sign in signs:
            click.echo(f"{'✓' if sign.is_well else '✗'} {sign.what}  {sign.remark}".rstrip())
    ctx.exit(0 if all(sign.is_well for sign in signs) else 1)


def _examine(settings: Settings, folder: DataFolder) -> Iterator[Sign]:
    language = terminal_language()
    yield _look(translate(N_("Room on the disk"), language), lambda: _disk(folder))
    yield _look(translate(N_("Database and journal"), language), lambda: _database(folder))
    for machine in settings.machines.values():
        name = machine.name.text(language)
        yield _look(
            translate(N_("Driver of {machine}"), language, machine=name),
            partial(_driver, machine.driver),
        )
        yield _look(
            translate(N_("Port of {machine}"), language, machine=name),
            partial(_port, folder.port(machine.port)),
        )
    for camera in settings.cameras.values():
        yield _look(
            translate(N_("Picture of {camera}"), language, camera=camera.name.text(language)),
            partial(_camera, settings, camera.id),
        )


def _look(what: str, at: Callable[[], str]) -> Sign:
    try:
        return Sign(what, is_well=True, remark=at())
    except FablabError as error:
        text = describe(error, terminal_language())
        return Sign(what, is_well=False, remark=" ".join(text))


def _disk(folder: DataFolder) -> str:
    free_mb = shutil.disk_usage(folder.path if folder.path.exists() else Path()).free // 1_000_000
    if free_mb < _LEAST_FREE_MB:
        raise DiskFullError("storage.disk-full")
    language = terminal_language()
    return translate(N_("{free} MB are free"), language, free=number_text(free_mb, language))


def _database(folder: DataFolder) -> str:
    with open_database(folder.path) as database:
        result = database.read("PRAGMA integrity_check")[0]["integrity_check"]
        if result != "ok":
            raise StorageError("storage.failed", cause=str(result))
        count = journal.verify(database)
        blobs = BlobStore(folder.blobs)
        for row in database.read("SELECT sha256 FROM files"):
            blobs.path(row["sha256"])
    return str(count)


def _driver(name: str) -> str:
    if name not in driver_names():
        raise ConfigError("config.no-such-driver", driver=name, known=", ".join(driver_names()))
    return name


def _port(port: str) -> str:
    if not Path(port).exists():
        raise TransportError("driver.port-missing", port=port)
    return port


def _camera(settings: Settings, camera_id: str) -> str:
    async def take() -> str:
        client = CameraClient(settings.cameras, list(own_command("camera-worker")), SystemClock())
        try:
            picture = await client(camera_id)
            return f"{picture.width_px} × {picture.height_px}"
        finally:
            await client.close()

    return asyncio.run(take())
