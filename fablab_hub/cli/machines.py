"""`fablab-hub machines`: the lab's machines, and the profiles that describe common ones."""

from pathlib import Path

import click

from fablab_hub.cli.language import terminal_language
from fablab_hub.cli.options import config_option, load_settings, settings_path
from fablab_hub.core.errors import ConfigError
from fablab_hub.core.i18n.words import number_text
from fablab_hub.core.machines import Machine
from fablab_hub.core.profiles import profile_files, read_profile


@click.command()
@click.option("--profiles", "lists_profiles", is_flag=True, help="List the known profiles instead.")
@click.option("--profile", "profile_id", help="Show one profile, ready to be copied.")
@config_option
def machines(lists_profiles: bool, profile_id: str | None, config: Path | None) -> None:
    """List the lab's machines, or what the hub knows of common ones.

    \b
    Examples:
      fablab-hub machines
      fablab-hub machines --profiles
      fablab-hub machines --profile prusa-mk3s > profiles/our-mk3s.toml
    """  # noqa: D301 - \b keeps click from re-wrapping the example
    files = profile_files(settings_path(config).parent)
    if profile_id is not None:
        if profile_id not in files:
            known = ", ".join(files)
            raise ConfigError("config.no-such-profile", profile=profile_id, known=known)
        click.echo(files[profile_id].read_text(encoding="utf-8"), nl=False)
    elif lists_profiles:
        profiles = [read_profile(path) for path in files.values()]
        wide = max(len(profile.id) for profile in profiles)
        for profile in profiles:
            table = profile.table
            size = " × ".join(f"{side:g}" for side in table["bed_mm"][:2])
            click.echo(f"{profile.id:{wide}}  {table['kind']:7}  {size:>9} mm  {table['dialect']}")
    else:
        for machine in load_settings(config).machines.values():
            click.echo(_line(machine))


def _line(machine: Machine) -> str:
    language = terminal_language()
    width, depth = (number_text(side, language) for side in machine.bed_mm[:2])
    profile = f"  ({machine.profile})" if machine.profile else ""
    name = machine.name.text(language)
    return f"{machine.id:12}  {name}  {width} × {depth} mm  {machine.dialect}{profile}"
