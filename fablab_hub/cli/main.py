"""`fablab-hub`: the one entry point. A command's module is imported only when it is called."""

import importlib
import sys
from typing import Any

import click

from fablab_hub.cli.say import say_error
from fablab_hub.core.errors import FablabError

UNUSABLE = 2
"""Exit status when what was asked cannot be tried at all: no such file, machine or option."""

COMMANDS = {
    "agent": "fablab_hub.cli.processes:agent",
    "backup": "fablab_hub.cli.backup:backup",
    "camera-worker": "fablab_hub.cli.processes:camera_worker",
    "check": "fablab_hub.cli.check:check",
    "check-worker": "fablab_hub.cli.processes:check_worker",
    "demo": "fablab_hub.cli.demo:demo",
    "doctor": "fablab_hub.cli.doctor:doctor",
    "export": "fablab_hub.cli.export:export",
    "journal": "fablab_hub.cli.journal:journal_commands",
    "machines": "fablab_hub.cli.machines:machines",
    "people": "fablab_hub.cli.people:people",
    "preview": "fablab_hub.cli.preview:preview",
    "restore": "fablab_hub.cli.backup:restore",
    "run": "fablab_hub.cli.run:run",
    "serve": "fablab_hub.cli.serve:serve",
    "simulate": "fablab_hub.cli.processes:simulate",
    "toolpath": "fablab_hub.cli.toolpath:toolpath",
}


class _Commands(click.Group):
    """Finds a command by name, and tells an error of ours in its four parts."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List every command that people use."""
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command's module, and give the command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; no traceback ever reaches a person."""
        try:
            return super().invoke(ctx)
        except FablabError as error:
            say_error(error)
            sys.exit(UNUSABLE)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="fablab-hub")
def main() -> None:
    """A fablab's machines, queues and portfolios: from a file to a line on a CV."""


if __name__ == "__main__":
    main()
