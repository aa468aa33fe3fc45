"""What several commands ask for: the settings, the data folder, a machine, a material."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import click

from fablab_hub.core.config import read_settings
from fablab_hub.core.errors import ConfigError
from fablab_hub.core.folders import DataFolder
from fablab_hub.core.machines import Machine
from fablab_hub.core.materials import Material
from fablab_hub.core.settings import Settings

Command = Callable[..., Any]

config_option: Callable[[Command], Command] = click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Settings; else ./fablab.toml, else the demo lab's.",
)
data_option: Callable[[Command], Command] = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo-lab"),
    show_default=True,
    help="Folder with the lab's data.",
)
json_option: Callable[[Command], Command] = click.option(
    "--json", "as_json", is_flag=True, help="Answer in JSON, for another program."
)
machine_option: Callable[[Command], Command] = click.option(
    "--machine", "machine_id", required=True, help="Id of a machine of the settings."
)
material_option: Callable[[Command], Command] = click.option(
    "--material", "material_id", help="Id of a material of the settings (for a laser)."
)
output_option: Callable[[Command], Command] = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="File to write.",
)
file_argument: Callable[[Command], Command] = click.argument(
    "file", type=click.Path(path_type=Path, exists=True, dir_okay=False, readable=True)
)


def demo_settings_path() -> Path:
    """Give the settings file of the demo lab, which comes with the hub."""
    return Path(str(files("fablab_hub.cli").joinpath("demo.toml")))


def settings_path(config: Path | None) -> Path:
    """Choose the settings file: the one given, else `./fablab.toml`, else the demo lab's."""
    if config is not None:
        return config
    here = Path("fablab.toml")
    return here if here.is_file() else demo_settings_path()


def load_settings(config: Path | None) -> Settings:
    """Read the settings that a command works with.

    Raises:
        ConfigError: they cannot be read, or say something wrong.
    """
    return read_settings(settings_path(config))


def data_settings_path(config: Path | None, folder: DataFolder) -> Path:
    """Choose the settings of a lab that has data: the one given, else the folder's own."""
    if config is None and folder.settings.is_file():
        return folder.settings
    return settings_path(config)


def find_machine(settings: Settings, machine_id: str) -> Machine:
    """Find a machine by its id.

    Raises:
        ConfigError: there is none; names those there are.
    """
    if machine_id not in settings.machines:
        known = ", ".join(settings.machines)
        raise ConfigError("config.no-such-machine", machine=machine_id, known=known)
    return settings.machines[machine_id]


def find_material(settings: Settings, material_id: str | None) -> Material | None:
    """Find a material by its id.

    Raises:
        ConfigError: there is none; names those there are.
    """
    if material_id is None:
        return None
    if material_id not in settings.materials:
        known = ", ".join(settings.materials)
        raise ConfigError("config.no-such-material", material=material_id, known=known)
    return settings.materials[material_id]
