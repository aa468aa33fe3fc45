"""`fablab-hub demo`: a whole lab on simulated machines, one command after clone."""

import shutil
from pathlib import Path

import click

from fablab_hub.cli.boards import end_demo_processes, start_boards
from fablab_hub.cli.hub import build_hub
from fablab_hub.cli.language import terminal_language
from fablab_hub.cli.options import demo_settings_path
from fablab_hub.cli.say import say
from fablab_hub.cli.seed import LOGINS, seed_lab
from fablab_hub.cli.serve import host_option, port_option, serve_hub
from fablab_hub.core.config import read_settings
from fablab_hub.core.folders import DataFolder
from fablab_hub.core.i18n.words import N_, translate
from fablab_hub.core.log import start_logging
from fablab_hub.core.people import Role

ROLE_NAMES = {
    Role.TRAINEE: N_("trainee"),
    Role.TRAINER: N_("trainer"),
    Role.MANAGER: N_("manager"),
    Role.ADMIN: N_("administrator"),
}


@click.command()
@host_option
@port_option
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("demo-lab"),
    show_default=True,
    help="Folder of the demo; what is there is used again.",
)
@click.option("--seed-only", is_flag=True, help="Fill the folder, print the logins, and end.")
@click.option(
    "--speed-up",
    type=click.FloatRange(0.1, 1000),
    default=10.0,
    show_default=True,
    help="How much faster than real machines the simulated ones move.",
)
def demo(
    host: str,
    port: int,
    data: Path,
    seed_only: bool,
    speed_up: float,
) -> None:
    """Start a whole lab: a laser, two printers, a camera, people and their files.

    No machine, camera, broker or database server is needed. Everything is kept in one folder.

    \b
    Example:
      fablab-hub demo --port 8000 --data demo-lab
    """  # noqa: D301 - \b keeps click from re-wrapping the example
    start_logging("WARNING")
    folder = DataFolder(data.resolve())
    data.mkdir(parents=True, exist_ok=True)
    if not folder.settings.exists():
        shutil.copyfile(demo_settings_path(), folder.settings)
    settings = read_settings(folder.settings)
    seed_lab(settings, folder.settings, folder)
    if seed_only:
        print_logins()
        return
    start_boards(settings, folder, speed_up)
    hub = build_hub(settings, folder.settings, folder)
    try:
        serve_hub(hub, host, port, lambda: _welcome(host, port))
    finally:
        end_demo_processes(folder)


def _welcome(host: str, port: int) -> None:
    say(N_("The demo lab is ready: http://{host}:{port}"), host=host, port=port)
    print_logins()
    say(N_("Ctrl-C ends it. What you made stays."))


def print_logins() -> None:
    """Print who can sign in, and how."""
    width = max(len(login.name) for login in LOGINS)
    for login in LOGINS:
        role = translate(ROLE_NAMES[login.role], terminal_language())
        click.echo(f"  {login.name:<{width}}  PIN {login.pin}  {role}")
