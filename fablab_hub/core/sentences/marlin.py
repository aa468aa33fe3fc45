"""What a person is told when a printer with Marlin, or a machine's agent, fails."""

from types import MappingProxyType

from fablab_hub.core.errors import ErrorText
from fablab_hub.core.i18n.words import N_

_LOOK = N_("Look at the printer, and call a trainer. Start the job again once the bed is empty.")
_CABLE = N_("Look at the cable and at the printer's switch. If both are fine, call a trainer.")

_CALM = N_("Nothing was started. Nothing is broken.")
_WAS_HELD = N_("Look at the machine, clear it, then start the job again. A trainer can help.")

_AGENT = {
    "agent.already-runs": ErrorText(
        N_("Something else already speaks to the machine “{machine}”."),
        N_("Only one may. End the other one first: fablab-hub doctor shows it."),
    ),
    "agent.busy": ErrorText(
        N_("The machine is already working. Nothing was changed."),
        N_("Wait until it has finished, then start again."),
    ),
    "agent.not-ready": ErrorText(
        N_("The machine is not ready to start yet."),
        N_("Wait a moment and look at its page. If it stays so, call a trainer."),
    ),
    "agent.no-run": ErrorText(
        N_("The machine is running nothing right now."),
        N_("There is nothing to pause. Load the page again."),
    ),
    "agent.not-paused": ErrorText(
        N_("The machine is not paused."),
        N_("Load the page again to see what it is doing."),
    ),
    "agent.stopped-early": ErrorText(
        N_("Stop was pressed before the machine had started."),
        _CALM,
    ),
    "agent-lost": ErrorText(
        N_("The program that drives the machine ended in the middle of the job."),
        _WAS_HELD,
    ),
    "agent-ended": ErrorText(
        N_("The hub's computer was shut down in the middle of the job."),
        _WAS_HELD,
    ),
    "driver.broken": ErrorText(
        N_("The driver “{driver}” does not work on this computer: {cause}."),
        N_("Tell a manager. They can install it again. The other machines go on."),
    ),
}

_MARLIN = {
    "marlin.no-answer": ErrorText(
        N_("The printer does not answer."),
        N_("Is it switched on, and is its cable plugged in? A trainer can help."),
    ),
    "marlin.other-firmware": ErrorText(
        N_("Something answers on the printer's port, but it is not a printer with Marlin."),
        N_("Tell a manager: the port or the driver in the settings is the wrong one."),
    ),
    "marlin.silent": ErrorText(
        N_("The printer stopped answering. It may still be hot."),
        _CABLE,
    ),
    "marlin.noise": ErrorText(
        N_("The line to the printer is full of noise: the same line was lost again and again."),
        N_("Tell a manager: the cable is too long, damaged, or too close to a motor."),
    ),
    "marlin.lost-count": ErrorText(
        N_("The printer and the hub lost count of the lines. The job was stopped."),
        _LOOK,
    ),
    "marlin.rebooted": ErrorText(
        N_("The printer restarted by itself in the middle of the job."),
        N_("This cannot go on. Clear the bed and start again. If it comes back, tell a trainer."),
    ),
    "marlin.halted": ErrorText(
        N_("The printer stopped itself to stay safe. It says: {text}"),
        N_("Do not touch the hot parts. Call a trainer: they will look and switch it on again."),
    ),
    "marlin.thermal": ErrorText(
        N_("The printer stopped itself: a heater does not behave. It says: {text}"),
        N_("Do not touch it and do not restart it. Call a trainer now."),
    ),
    "marlin.error": ErrorText(
        N_("The printer reported a fault and was stopped. It says: {text}"),
        _LOOK,
    ),
    "marlin.cold-extrusion": ErrorText(
        N_("The nozzle was too cold to push plastic (line {line}). The job was stopped."),
        N_("Nothing is broken. Slice the file again with the right filament chosen."),
    ),
    "marlin.not-open": ErrorText(
        N_("The printer is not connected."),
        _CABLE,
    ),
    "marlin.stop-unseen": ErrorText(
        N_("The printer was told to stop, but did not say that it did. It may still be hot."),
        N_("Switch it off at its own switch, and call a trainer."),
    ),
}

TEXTS = MappingProxyType({**_AGENT, **_MARLIN})
"""Every code of the agent, the registry and the Marlin driver; `driver.stopped` and the codes of
the port are GRBL's as well, and stand there."""
