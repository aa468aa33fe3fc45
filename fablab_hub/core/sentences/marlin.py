"""What a person is told when a printer with Marlin, or a machine's agent, fails."""

from types import MappingProxyType

from fablab_hub.core.errors import ErrorText, Harm, Helper
from fablab_hub.core.i18n.words import N_

_LOOK = N_("Look at the printer. Start the job again once the bed is empty.")
_CABLE = N_("Look at the cable and at the printer's switch.")

_CALM = N_("Nothing was started. Nothing is broken.")
_WAS_HELD = N_("Look at the machine, clear it, then start the job again.")

_AGENT = {
    "agent.already-runs": ErrorText(
        N_("Something else already speaks to the machine “{machine}”."),
        N_("Only one may. End the other one first: fablab-hub doctor shows it."),
        Harm.REST_WORKS,
        Helper.ADMIN,
    ),
    "agent.busy": ErrorText(
        N_("The machine is already working."),
        N_("Wait until it has finished, then start again."),
        Harm.UNCHANGED,
        Helper.TRAINER,
    ),
    "agent.not-ready": ErrorText(
        N_("The machine is not ready to start yet."),
        N_("Wait a moment and look at its page."),
        Harm.NOT_STARTED,
        Helper.TRAINER,
    ),
    "agent.no-run": ErrorText(
        N_("The machine is running nothing right now."),
        N_("There is nothing to pause. Load the page again."),
        Harm.UNCHANGED,
        Helper.TRAINER,
    ),
    "agent.not-paused": ErrorText(
        N_("The machine is not paused."),
        N_("Load the page again to see what it is doing."),
        Harm.UNCHANGED,
        Helper.TRAINER,
    ),
    "agent.stopped-early": ErrorText(
        N_("Stop was pressed before the machine had started."),
        N_("You can send your file again when you want."),
        Harm.NOT_STARTED,
        Helper.YOURSELF,
    ),
    "agent-lost": ErrorText(
        N_("The program that drives the machine ended in the middle of the job."),
        _WAS_HELD,
        Harm.PIECE_DOUBTFUL,
        Helper.TRAINER,
    ),
    "agent-ended": ErrorText(
        N_("The hub's computer was shut down in the middle of the job."),
        _WAS_HELD,
        Harm.PIECE_DOUBTFUL,
        Helper.TRAINER,
    ),
    "driver.broken": ErrorText(
        N_("The driver “{driver}” does not work on this computer: {cause}."),
        N_("Install this driver again."),
        Harm.REST_WORKS,
        Helper.MANAGER,
    ),
}

_MARLIN = {
    "marlin.no-answer": ErrorText(
        N_("The printer does not answer."),
        N_("Is it switched on, and is its cable plugged in?"),
        Harm.NOT_STARTED,
        Helper.TRAINER,
    ),
    "marlin.other-firmware": ErrorText(
        N_("Something answers on the printer's port, but it is not a printer with Marlin."),
        N_("The port or the driver in the settings is the wrong one."),
        Harm.NOT_STARTED,
        Helper.MANAGER,
    ),
    "marlin.silent": ErrorText(
        N_("The printer stopped answering."),
        _CABLE,
        Harm.HOT,
        Helper.TRAINER,
    ),
    "marlin.noise": ErrorText(
        N_("The printer no longer understands the hub. The same line was lost again and again."),
        N_("Look at the cable. It is too long, damaged, or too close to a motor."),
        Harm.HOT,
        Helper.MANAGER,
    ),
    "marlin.lost-count": ErrorText(
        N_("The printer and the hub lost count of the lines. The job was stopped."),
        _LOOK,
        Harm.HOT,
        Helper.TRAINER,
    ),
    "marlin.rebooted": ErrorText(
        N_("The printer restarted by itself in the middle of the job."),
        N_("Empty the bed and start again."),
        Harm.HOT,
        Helper.TRAINER,
    ),
    "marlin.halted": ErrorText(
        N_("The printer stopped itself, to be safe. It says: {text}"),
        N_("Do not touch the hot parts."),
        Harm.MACHINE_FAULTY,
        Helper.TRAINER_NOW,
    ),
    "marlin.thermal": ErrorText(
        N_("The printer stopped itself: a heater does not behave. It says: {text}"),
        N_("Do not touch it and do not restart it."),
        Harm.MACHINE_FAULTY,
        Helper.TRAINER_NOW,
    ),
    "marlin.error": ErrorText(
        N_("The printer reported a fault. It says: {text}"),
        _LOOK,
        Harm.MACHINE_FAULTY,
        Helper.TRAINER,
    ),
    "marlin.cold-extrusion": ErrorText(
        N_("The nozzle was too cold to push plastic (line {line})."),
        N_("Slice the file again with the right filament chosen."),
        Harm.STOPPED,
        Helper.TRAINER,
    ),
    "marlin.not-open": ErrorText(
        N_("The printer is not connected."),
        _CABLE,
        Harm.NOT_STARTED,
        Helper.TRAINER,
    ),
    "marlin.stop-unseen": ErrorText(
        N_("The printer was told to stop, but did not say that it did."),
        N_("Switch it off at its own switch."),
        Harm.HOT,
        Helper.TRAINER_NOW,
    ),
}

TEXTS = MappingProxyType({**_AGENT, **_MARLIN})
"""Every code of the agent, the registry and the Marlin driver; `driver.stopped` and the codes of
the port are GRBL's as well, and stand there."""
