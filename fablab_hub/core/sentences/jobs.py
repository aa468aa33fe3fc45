"""The sentences of every error of jobs, machines and their agents: what happened, what to do."""

from types import MappingProxyType

from fablab_hub.core.errors import ErrorText
from fablab_hub.core.i18n.words import N_

_JOBS = {
    "job.wrong-state": ErrorText(
        N_("This cannot be done with this job now. It may have moved on since you looked."),
        N_("Load the page again, and look where the job is."),
    ),
    "job.wrong-actor": ErrorText(
        N_("Somebody else must do this. Nothing was changed."),
        N_("Ask the owner of the job, or a manager."),
    ),
    "job.not-yours": ErrorText(
        N_("This is somebody else's work. Nothing was changed."),
        N_("Ask them, or a trainer."),
    ),
    "job.not-its-turn": ErrorText(
        N_("It is not the turn of this job yet. Nothing was started."),
        N_("Wait until your name is called. A trainer can tell you how long it takes."),
    ),
    "job.checklist": ErrorText(
        N_("One thing is not ticked yet: {item}. Nothing was started."),
        N_("Look at the machine, then tick the list. If you are not sure, ask a trainer."),
    ),
    "job.reason-needed": ErrorText(
        N_("The reason is missing. The job was not refused."),
        N_("Write in a few words what must change, then press again."),
    ),
    "job.interrupted": ErrorText(
        N_("The machine was interrupted, and nobody saw the end. It is not your fault."),
        N_("Look at the part. You can make it again from the start."),
    ),
    "job.no-show": ErrorText(
        N_("Nobody came when this job was called, so others went first. It is still in the queue."),
        N_("Stay near the machine. Your name will be called again."),
    ),
    "job.material-needed": ErrorText(
        N_("The laser must know what it cuts. Nothing was sent."),
        N_("Choose the material, then send the file again. If you are not sure, ask a trainer."),
    ),
    "job.material-forbidden": ErrorText(
        N_("{material} must never go into the laser. {reason}"),
        N_("Choose another material. A trainer can help you find one."),
    ),
    "job.unknown-material": ErrorText(
        N_("The lab does not have this material. Nothing was sent."),
        N_("Choose one from the list."),
    ),
    "job.unknown-project": ErrorText(
        N_("This project does not exist, or is not yours. Nothing was sent."),
        N_("Choose one of your own projects, or none."),
    ),
}

_MACHINES = {
    "machine.unknown": ErrorText(
        N_("The lab has no such machine."),
        N_("Choose one from the list of machines."),
    ),
    "machine.offline": ErrorText(
        N_("The hub cannot reach this machine. Nothing was started."),
        N_("Look whether it is switched on and its cable is in. Then ask a trainer."),
    ),
    "machine.busy": ErrorText(
        N_("The machine is at work. Nothing was changed."),
        N_("Wait until it has finished."),
    ),
    "machine.alarm": ErrorText(
        N_("The machine has stopped itself, to be safe. Nothing was started."),
        N_("Do not touch it. Call a trainer."),
    ),
    "machine.needs-clearing": ErrorText(
        N_("Nobody has said yet that the bed is empty. Nothing was started."),
        N_("Take out what is left on the bed, then press “The bed is empty”."),
    ),
    "machine.out-of-service": ErrorText(
        N_("This machine is out of service. {reason}"),
        N_("Choose another machine, or ask a trainer."),
    ),
}

_AGENTS = {
    "agent.not-reachable": ErrorText(
        N_("The hub cannot talk to this machine now. The order was not sent."),
        N_("If the machine moves and must stop, use its own stop button. Then call a trainer."),
    ),
    "agent.line-broke": ErrorText(
        N_("The line to this machine broke. The hub does not know whether the order arrived."),
        N_("Look at the machine. If it must stop, use its own stop button. Then call a trainer."),
    ),
    "agent.lost-run": ErrorText(
        N_("The power went, or the machine was restarted, in the middle of this job."),
        N_("Look at the part. You can make it again from the start. It never goes on by itself."),
    ),
    "agent.other-protocol": ErrorText(
        N_("The program that drives this machine is of another version than the hub."),
        N_("Wait until the machine has finished. A manager then restarts its agent."),
    ),
    "agent.other-machine": ErrorText(
        N_("The agent of “{found}” answers in the place of “{wanted}”."),
        N_("A manager must look at the data folder: two labs may use the same one."),
    ),
    "agent.bad-message": ErrorText(
        N_("The program that drives this machine said something that the hub does not know."),
        N_("If it happens again, tell a manager: the hub and its agents must be updated together."),
    ),
    "agent.not-started": ErrorText(
        N_("The hub could not start the program that drives this machine."),
        N_("Tell a manager. They can run: fablab-hub doctor."),
    ),
}

TEXTS: MappingProxyType[str, ErrorText] = MappingProxyType({**_JOBS, **_MACHINES, **_AGENTS})
"""Every error code of this room and its sentences."""
