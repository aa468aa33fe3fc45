"""The sentences of every error of jobs, machines and their agents: what happened, what to do."""

from types import MappingProxyType

from fablab_hub.core.errors import ErrorText, Harm, Helper
from fablab_hub.core.i18n.words import N_

_JOBS = {
    "job.wrong-state": ErrorText(
        N_("This cannot be done with this job now. Perhaps it has moved on."),
        N_("Load the page again, and look where the job is."),
        Harm.UNCHANGED,
        Helper.TRAINER,
    ),
    "job.wrong-actor": ErrorText(
        N_("Somebody else must do this."),
        N_("Go back to the start page."),
        Harm.UNCHANGED,
        Helper.OWNER,
    ),
    "job.not-yours": ErrorText(
        N_("This is somebody else's work."),
        N_("Go back to the start page."),
        Harm.UNCHANGED,
        Helper.OWNER,
    ),
    "job.not-its-turn": ErrorText(
        N_("It is not the turn of this job yet."),
        N_("Wait until your name is called."),
        Harm.NOT_STARTED,
        Helper.TRAINER,
    ),
    "job.checklist": ErrorText(
        N_("One thing is not ticked yet: {item}."),
        N_("Look at the machine, then tick the list."),
        Harm.NOT_STARTED,
        Helper.TRAINER,
    ),
    "job.reason-needed": ErrorText(
        N_("The reason is missing."),
        N_("Write in a few words what must change, then press again."),
        Harm.UNCHANGED,
        Helper.YOURSELF,
    ),
    "job.interrupted": ErrorText(
        N_("The machine was interrupted, and nobody saw the end. It is not your fault."),
        N_("Look at the part. You can make it again from the start."),
        Harm.PIECE_DOUBTFUL,
        Helper.TRAINER,
    ),
    "job.no-show": ErrorText(
        N_("Nobody came when this job was called, so others went first."),
        N_("Stay near the machine. Your name will be called again."),
        Harm.KEPT,
        Helper.TRAINER,
    ),
    "calibration.impossible": ErrorText(
        N_("This laser cannot work with these values."),
        N_("Power: up to {percent} %. Speed: up to {feed} mm a minute."),
        Harm.UNCHANGED,
        Helper.TRAINER,
    ),
    "job.material-needed": ErrorText(
        N_("The laser must know what it cuts."),
        N_("Choose the material, then send the file again."),
        Harm.UNCHANGED,
        Helper.TRAINER,
    ),
    "job.material-forbidden": ErrorText(
        N_("{material} must never go into the laser. {reason}"),
        N_("Choose another material."),
        Harm.UNCHANGED,
        Helper.TRAINER,
    ),
    "job.sheet-failed": ErrorText(
        N_("The sheet could not be made."),
        N_("Try once more."),
        Harm.KEPT,
        Helper.MANAGER,
    ),
    "job.unknown-material": ErrorText(
        N_("The lab does not have this material."),
        N_("Choose one from the list."),
        Harm.UNCHANGED,
        Helper.TRAINER,
    ),
    "job.unknown-project": ErrorText(
        N_("This project does not exist, or is not yours."),
        N_("Choose one of your own projects, or none."),
        Harm.UNCHANGED,
        Helper.TRAINER,
    ),
}

_MACHINES = {
    "machine.unknown": ErrorText(
        N_("The lab has no such machine."),
        N_("Choose one from the list of machines."),
        Harm.UNCHANGED,
        Helper.TRAINER,
    ),
    "machine.offline": ErrorText(
        N_("The hub cannot reach this machine."),
        N_("Look whether it is switched on and its cable is in."),
        Harm.NOT_STARTED,
        Helper.TRAINER,
    ),
    "machine.busy": ErrorText(
        N_("The machine is at work."),
        N_("Wait until it has finished."),
        Harm.UNCHANGED,
        Helper.TRAINER,
    ),
    "machine.alarm": ErrorText(
        N_("The machine has stopped itself, to be safe."),
        N_("Do not touch it."),
        Harm.NOT_STARTED,
        Helper.TRAINER_NOW,
    ),
    "machine.needs-clearing": ErrorText(
        N_("Nobody has said yet that the bed is empty."),
        N_("Take out what is left on the bed, then press “The bed is empty”."),
        Harm.NOT_STARTED,
        Helper.TRAINER,
    ),
    "machine.out-of-service": ErrorText(
        N_("This machine is out of service. {reason}"),
        N_("Choose another machine."),
        Harm.REST_WORKS,
        Helper.TRAINER,
    ),
}

_AGENTS = {
    "agent.not-reachable": ErrorText(
        N_("The hub cannot talk to this machine now. The order was not sent."),
        N_("Look at the machine. If it must stop, use its own stop button."),
        Harm.MACHINE_UNKNOWN,
        Helper.TRAINER,
    ),
    "agent.line-broke": ErrorText(
        N_("The line to this machine broke. Perhaps the order did not arrive."),
        N_("Look at the machine. If it must stop, use its own stop button."),
        Harm.MACHINE_UNKNOWN,
        Helper.TRAINER_NOW,
    ),
    "agent.stop-unheard": ErrorText(
        N_("No answer from: {machines}."),
        N_("Press the red button on the machine itself, now."),
        Harm.MACHINE_UNKNOWN,
        Helper.TRAINER_NOW,
    ),
    "agent.lost-run": ErrorText(
        N_("The power went in the middle of this job. Or the machine was restarted."),
        N_("Look at the part. You can make it again from the start. It never goes on by itself."),
        Harm.PIECE_DOUBTFUL,
        Helper.TRAINER,
    ),
    "agent.other-protocol": ErrorText(
        N_("The program that drives this machine is of another version than the hub."),
        N_("Wait until the machine has finished. Then its agent is restarted."),
        Harm.REST_WORKS,
        Helper.MANAGER,
    ),
    "agent.other-machine": ErrorText(
        N_("The agent of “{found}” answers in the place of “{wanted}”."),
        N_("Look at the data folder: two labs may use the same one."),
        Harm.NOT_STARTED,
        Helper.ADMIN,
    ),
    "agent.bad-message": ErrorText(
        N_("The program that drives this machine said something that the hub does not know."),
        N_("Look at the machine. The hub and its agents must be updated together."),
        Harm.MACHINE_UNKNOWN,
        Helper.MANAGER,
    ),
    "agent.not-started": ErrorText(
        N_("The hub could not start the program that drives this machine."),
        N_("Look for the cause: fablab-hub doctor."),
        Harm.NOT_STARTED,
        Helper.MANAGER,
    ),
}

TEXTS: MappingProxyType[str, ErrorText] = MappingProxyType({**_JOBS, **_MACHINES, **_AGENTS})
"""Every error code of this room and its sentences."""
