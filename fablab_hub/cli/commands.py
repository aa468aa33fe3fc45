"""How the hub starts its other processes: this same program, never what lies in a data folder."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


def own_command(*arguments: str) -> tuple[str, ...]:
    """Give the command line of one of our own commands.

    `-P` keeps the current folder off the import path: a stray `jobs.py` there would win.
    """
    return (sys.executable, "-P", "-m", "fablab_hub.cli.main", *arguments)


def start_apart(arguments: Sequence[str], log: Path, pid_file: Path) -> None:
    """Start one of our commands in a session of its own, so that it outlives this process.

    Args:
        arguments: of the command, its name first.
        log: takes what it says.
        pid_file: takes its process id, for `end_apart`.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as stream:
        process = subprocess.Popen(  # noqa: S603 - our own program and arguments
            own_command(*arguments),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
            start_new_session=True,
        )
    pid_file.write_text(str(process.pid))


def end_apart(pid_file: Path) -> None:
    """Ask a process that `start_apart` started to end; does nothing when it has ended already."""
    try:
        pid = int(pid_file.read_text())
    except (OSError, ValueError):
        return
    # The number may belong to somebody else by now: only a command of ours is ended.
    shown = subprocess.run(  # noqa: S603 - our own arguments
        ["ps", "-p", str(pid), "-o", "command="],  # noqa: S607 - the system's own ps
        capture_output=True,
        text=True,
        check=False,
    )
    if "fablab_hub.cli.main" in shown.stdout:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
    pid_file.unlink(missing_ok=True)
