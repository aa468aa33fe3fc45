"""Check one file from a terminal, in a worker like the hub's."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fablab_hub.cli.commands import own_command
from fablab_hub.cli.options import find_machine, find_material, load_settings, settings_path
from jobs.workers import CheckOutcome, CheckRequest, Workers


@contextmanager
def checked(
    file: Path,
    machine_id: str,
    material_id: str | None,
    config: Path | None,
    unit: str | None = None,
) -> Iterator[CheckOutcome]:
    """Check a file in a process of its own: a hostile one costs nothing but time.

    What the check wrote is removed at the end of the `with` block.

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
            return await workers.check(request)
        finally:
            await workers.close()

    with tempfile.TemporaryDirectory() as scratch:
        yield asyncio.run(check(Path(scratch)))
