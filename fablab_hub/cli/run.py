"""`fablab-hub run`: check one file and run it on one machine, from a terminal, without a hub."""

import asyncio
import dataclasses
import signal
from pathlib import Path

import click

from drivers.protocol import Driver
from drivers.registry import make_driver
from fablab_hub.cli.check import EXIT_STATUS, print_report
from fablab_hub.cli.checking import checked
from fablab_hub.cli.drawing_options import drawing_answers, drawing_options
from fablab_hub.cli.language import terminal_language
from fablab_hub.cli.options import (
    config_option,
    data_option,
    file_argument,
    find_machine,
    load_settings,
    machine_option,
    material_option,
)
from fablab_hub.cli.say import say
from fablab_hub.core.clock import SystemClock
from fablab_hub.core.errors import RunStoppedError
from fablab_hub.core.folders import DataFolder
from fablab_hub.core.i18n.words import N_, translate
from fablab_hub.core.machines import Machine
from fablab_hub.core.programs import Program
from jobs.check_request import CheckOutcome
from jobs.report import Verdict

_REFRESH_S = 0.2
_STOPPED = 4
"""Exit status when somebody stopped the run."""


@click.command()
@file_argument
@machine_option
@material_option
@drawing_options
@config_option
@data_option
@click.option("--port", help="Serial port, instead of the one in the settings.")
@click.option("--yes", is_flag=True, help="Do not ask before the start.")
@click.pass_context
def run(
    ctx: click.Context,
    file: Path,
    machine_id: str,
    material_id: str | None,
    config: Path | None,
    data: Path,
    port: str | None,
    yes: bool,
) -> None:
    """Check FILE, ask, and run it on one machine. Ctrl-C stops the machine.

    A refused file is never run; one that needs a manager is run only after a yes at the question.
    Exit status: 0 done, 1 refused, 2 unusable or failed, 3 not approved, 4 stopped.

    \b
    Example:
      fablab-hub run part.gcode --machine laser --port /dev/ttyUSB0
    """  # noqa: D301 - \b keeps click from re-wrapping the example
    machine = find_machine(load_settings(config), machine_id)
    machine = dataclasses.replace(machine, port=port or DataFolder(data).port(machine.port))
    with checked(file, machine_id, material_id, config, drawing_answers(ctx)) as outcome:
        report = outcome.report
        print_report(report, file)
        if report.verdict is Verdict.REFUSED or not _is_wanted(machine, report.verdict, yes=yes):
            ctx.exit(EXIT_STATUS[report.verdict] or EXIT_STATUS[Verdict.NEEDS_APPROVAL])
        ctx.exit(asyncio.run(_drive(machine, _program(outcome))))


def _is_wanted(machine: Machine, verdict: Verdict, *, yes: bool) -> bool:
    """Ask before anything moves; `--yes` answers only for a file without questions."""
    if yes and verdict is Verdict.ACCEPTED:
        return True
    language = terminal_language()
    question = N_("Start it on {machine} now? Somebody must stand in front of the machine.")
    return click.confirm(
        translate(question, language, machine=machine.name.text(language)), default=False
    )


def _program(outcome: CheckOutcome) -> Program:
    report = outcome.report
    return Program(
        path=outcome.program or Path(),
        sha256=report.program_sha256 or "",
        lines=report.program_lines,
        duration_s=report.facts.duration_s,
    )


async def _drive(machine: Machine, program: Program) -> int:
    """Run a program to its end; gives the exit status."""
    program.verify()
    driver = make_driver(machine, SystemClock())
    identity = await driver.open()
    click.echo(f"{identity.firmware} {identity.version}")
    stops: set[asyncio.Task[None]] = set()
    asyncio.get_running_loop().add_signal_handler(
        signal.SIGINT, lambda: stops.add(asyncio.create_task(driver.stop()))
    )
    try:
        await _run_with_bar(driver, program)
    except RunStoppedError:
        await asyncio.gather(*stops)
        say(N_("Stopped."))
        return _STOPPED
    finally:
        await driver.close()
    say(N_("Done."))
    return 0


async def _run_with_bar(driver: Driver, program: Program) -> None:
    running = asyncio.create_task(driver.run(program))
    with click.progressbar(length=program.lines) as bar:
        while not running.done():
            await asyncio.wait({running}, timeout=_REFRESH_S)
            bar.update(driver.status().line - bar.pos)
    await running
