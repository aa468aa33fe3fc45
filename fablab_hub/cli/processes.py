"""The hub's other processes; the hub or systemd starts them, people rarely do."""

import asyncio
import dataclasses
from pathlib import Path

import click

from fablab_hub.cli.options import config_option, data_option, find_machine, load_settings
from fablab_hub.core.clock import SystemClock
from fablab_hub.core.folders import DataFolder
from fablab_hub.core.log import start_logging

_machine = click.option("--machine", "machine_id", required=True, help="Id of the machine.")
_idle_exit = click.option(
    "--idle-exit-s",
    type=float,
    default=60.0,
    show_default=True,
    help="End by itself after this long with nothing to do and nobody connected.",
)


@click.command()
@_machine
@config_option
@data_option
@_idle_exit
def agent(machine_id: str, config: Path | None, data: Path, idle_exit_s: float) -> None:
    """Own one machine's port, and speak with the hub about it.

    \b
    Example:
      fablab-hub agent --machine laser --config fablab.toml --data /srv/fablab
    """  # noqa: D301 - \b keeps click from re-wrapping the example
    from drivers.agent import serve_agent  # noqa: PLC0415 - only what this process needs
    from drivers.registry import make_driver  # noqa: PLC0415

    start_logging()
    folder = DataFolder(data)
    machine = find_machine(load_settings(config), machine_id)
    machine = dataclasses.replace(machine, port=folder.port(machine.port))
    clock = SystemClock()
    asyncio.run(
        serve_agent(
            machine,
            make_driver(machine, clock),
            folder.agent_socket(machine_id),
            folder.spool(machine_id),
            clock,
            idle_exit_s=idle_exit_s,
        )
    )


@click.command("check-worker", hidden=True)
@config_option
def check_worker(config: Path | None) -> None:
    """Check files that come in on standard input, one request a line."""
    from jobs.checkworker import serve_checks  # noqa: PLC0415 - only what this process needs

    start_logging("WARNING")
    serve_checks(load_settings(config))


@click.command("camera-worker", hidden=True)
def camera_worker() -> None:
    """Take pictures that are asked for on standard input."""
    from drivers.cameras.worker import run_worker  # noqa: PLC0415 - only what this process needs

    start_logging("WARNING")
    run_worker()


@click.command(hidden=True)
@_machine
@config_option
@data_option
@click.option("--speed-up", type=float, default=1.0, show_default=True, help="Motion's speed.")
@_idle_exit
def simulate(
    machine_id: str, config: Path | None, data: Path, speed_up: float, idle_exit_s: float
) -> None:
    """Play a machine's board on a pseudo-terminal."""
    from fablab_hub.cli.boards import play_board  # noqa: PLC0415 - only what this process needs

    start_logging()
    machine = find_machine(load_settings(config), machine_id)
    play_board(machine, DataFolder(data), speed_up=speed_up, idle_exit_s=idle_exit_s)
