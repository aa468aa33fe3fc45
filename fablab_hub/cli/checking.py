"""Check one file from a terminal, within the limits of the hub's workers."""

import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from fablab_hub.cli.language import terminal_language
from fablab_hub.cli.options import find_machine, find_material, load_settings
from fablab_hub.cli.progress_bar import ProgressBar, is_watched
from fablab_hub.core.i18n.words import N_, translate
from jobs.check_apart import check_apart
from jobs.check_request import CheckOutcome, CheckRequest

STOPPED = 130
"""Exit status after Ctrl-C, as a shell gives it: 128 and the number of SIGINT."""


@contextmanager
def checked(
    file: Path,
    machine_id: str,
    material_id: str | None,
    config: Path | None,
    options: Mapping[str, Any] | None = None,
    *,
    shows_progress: bool = True,
    wants_picture: bool = False,
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
        options=dict(options or {}),
        wants_picture=wants_picture,
    )
    is_shown = shows_progress and is_watched()
    bar = ProgressBar(sys.stderr, file.stat().st_size, time.monotonic) if is_shown else None
    with tempfile.TemporaryDirectory() as scratch:
        try:
            outcome = check_apart(request, settings, Path(scratch), bar.show if bar else None)
        except KeyboardInterrupt:
            _clear(bar)
            words = translate(N_("Stopped. The file was not checked."), terminal_language())
            click.echo(words, err=True)
            raise click.exceptions.Exit(STOPPED) from None
        _clear(bar)
        yield outcome


def _clear(bar: ProgressBar | None) -> None:
    if bar is not None:
        bar.clear()
