"""Check one file from a terminal, in a worker like the hub's."""

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from fablab_hub.cli.commands import own_command
from fablab_hub.cli.language import terminal_language
from fablab_hub.cli.options import find_machine, find_material, load_settings, settings_path
from fablab_hub.cli.progress_bar import ProgressBar, is_watched
from fablab_hub.core.i18n.words import N_, translate
from jobs.workers import CheckOutcome, CheckRequest, Workers

STOPPED = 130
"""Exit status after Ctrl-C, as a shell gives it: 128 and the number of SIGINT."""


@contextmanager
def checked(
    file: Path,
    machine_id: str,
    material_id: str | None,
    config: Path | None,
    unit: str | None = None,
    *,
    shows_progress: bool = True,
) -> Iterator[CheckOutcome]:
    """Check a file in a process of its own: a hostile one costs nothing but time.

    What the check wrote is removed at the end of the `with` block. Ctrl-C ends the worker and the
    command, and leaves nothing behind.

    Raises:
        ConfigError: no such machine or material, or the settings are wrong.
    """
    settings = load_settings(config)
    find_machine(settings, machine_id)
    find_material(settings, material_id)
    request = CheckRequest(
        path=file.resolve(),
        name=file.name,
        machine_id=machine_id,
        material_id=material_id,
        options={"unit": unit} if unit else {},
    )
    command = own_command("check-worker", "--config", str(settings_path(config).resolve()))

    async def check(scratch: Path) -> CheckOutcome:
        workers = Workers(command, settings.checks, scratch)
        try:
            return await workers.check(request, bar.show if bar else None)
        finally:
            await workers.close()
            if bar:
                bar.clear()

    is_shown = shows_progress and is_watched()
    bar = ProgressBar(sys.stderr, file.stat().st_size, time.monotonic) if is_shown else None
    with tempfile.TemporaryDirectory() as scratch:
        try:
            outcome = asyncio.run(check(Path(scratch)))
        except KeyboardInterrupt:
            words = translate(N_("Stopped. The file was not checked."), terminal_language())
            click.echo(words, err=True)
            raise click.exceptions.Exit(STOPPED) from None
        yield outcome
