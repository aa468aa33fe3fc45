"""How the hub starts its other processes: this same program, never what lies in a data folder."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


def own_command(*arguments: str) -> tuple[str, ...]:
    """Give the command line of one of our own commands.

    `-P` keeps the current folder off the import path: a stray `jobs.py` there would win.
    """
    return (sys.executable, "-P", "-m", "fablab_hub.cli.main", *arguments)


def start_apart(arguments: Sequence[str], log: Path) -> None:
    """Start one of our commands in a session of its own, so that it outlives this process."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as stream:
        subprocess.Popen(  # noqa: S603 - our own program and arguments
            own_command(*arguments),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            start_new_session=True,
        )
