"""GRBL's errors and alarms in plain words.

Source: grbl 1.1h `doc/csv/error_codes_en_US.csv` and `alarm_codes_en_US.csv`, in our own words.
"""

from fablab_hub.core.errors import ErrorText, Harm, Helper
from fablab_hub.core.i18n.words import N_

_CALL = N_("Do not touch the laser. Somebody must look at it first.")
_FILE = N_("Show the file to somebody who knows the laser.")

TEXTS = {
    "driver.beam-unknown": ErrorText(
        N_("The hub cannot see whether the laser beam is off."),
        N_("Press the emergency stop on the machine now."),
        Harm.BEAM_UNKNOWN,
        Helper.TRAINER_NOW,
    ),
    "driver.silent": ErrorText(
        N_("The machine does not answer."),
        N_("Is the machine on? Is its cable in? If it moves, press its emergency stop."),
        Harm.MACHINE_UNKNOWN,
        Helper.TRAINER,
    ),
    "driver.stopped": ErrorText(
        N_("Somebody stopped the machine."),
        N_("Empty the bed. The file can be started again."),
        Harm.PIECE_DOUBTFUL,
        Helper.TRAINER,
    ),
    "driver.port-missing": ErrorText(
        N_("The machine's cable is not plugged in, or the machine is off ({port})."),
        N_("Switch the machine on and check its USB cable."),
        Harm.NOT_STARTED,
        Helper.TRAINER,
    ),
    "driver.port-busy": ErrorText(
        N_("Another program is using the machine ({port})."),
        N_("Close that program."),
        Harm.NOT_STARTED,
        Helper.MANAGER,
    ),
    "driver.port-lost": ErrorText(
        N_("The cable to the machine was cut in the middle of the work."),
        N_("Look at the machine. If it still works, press its emergency stop."),
        Harm.MACHINE_UNKNOWN,
        Helper.TRAINER_NOW,
    ),
    "grbl.locked": ErrorText(
        N_("The laser is locked. It waits for somebody to look at it."),
        N_("Do not touch the laser. Somebody must look at it before it is unlocked."),
        Harm.STOPPED,
        Helper.TRAINER_NOW,
    ),
    "grbl.not-idle": ErrorText(
        N_("The laser is not ready: it says “{state}”."),
        N_("Wait a moment, then look again."),
        Harm.NOT_STARTED,
        Helper.TRAINER,
    ),
    "grbl.rebooted": ErrorText(
        N_("The laser's board started again in the middle of the work. The job is lost."),
        N_("Leave the piece where it is. It cannot be finished."),
        Harm.BEAM_OFF,
        Helper.TRAINER_NOW,
    ),
    "grbl.lost-answer": ErrorText(
        N_("The laser forgot to answer, so the hub stopped it."),
        N_("Start the job again on new material."),
        Harm.PIECE_DOUBTFUL,
        Helper.TRAINER,
    ),
    "grbl.extra-answer": ErrorText(
        N_("The laser answered more often than it was asked, so the hub stopped it."),
        N_("Start the job again on new material."),
        Harm.PIECE_DOUBTFUL,
        Helper.TRAINER,
    ),
    "grbl.still-held": ErrorText(
        N_("The laser does not go on: it says “{state}”."),
        N_("Is the lid closed? Close it, then press again."),
        Harm.KEPT,
        Helper.TRAINER,
    ),
    "grbl.no-answer": ErrorText(
        N_("The laser would not say who it is (it refused {question})."),
        N_("Switch the laser off and on again."),
        Harm.NOT_STARTED,
        Helper.MANAGER,
    ),
    "grbl.other-setting": ErrorText(
        N_("The laser's setting {setting} is {found}, and the lab expects {wanted}."),
        N_("Do not use the laser. Its setting or fablab.toml must be corrected."),
        Harm.NOT_STARTED,
        Helper.MANAGER,
    ),
    "grbl.error": ErrorText(
        N_("The laser refused line {line} of the program ({text})."),
        _FILE,
        Harm.STOPPED,
        Helper.TRAINER,
    ),
    "grbl.error-2": ErrorText(
        N_("The laser cannot read a number in line {line} ({text})."),
        _FILE,
        Harm.STOPPED,
        Helper.TRAINER,
    ),
    "grbl.error-11": ErrorText(
        N_("Line {line} is too long for the laser ({text})."),
        _FILE,
        Harm.STOPPED,
        Helper.TRAINER,
    ),
    "grbl.error-15": ErrorText(
        N_("Line {line} would leave the bed ({text})."),
        _FILE,
        Harm.STOPPED,
        Helper.TRAINER,
    ),
    "grbl.error-20": ErrorText(
        N_("The laser does not know line {line} ({text})."),
        _FILE,
        Harm.STOPPED,
        Helper.TRAINER,
    ),
    "grbl.error-22": ErrorText(
        N_("Line {line} works without a speed ({text})."),
        _FILE,
        Harm.STOPPED,
        Helper.TRAINER,
    ),
    "grbl.error-33": ErrorText(
        N_("The curve in line {line} is impossible ({text})."),
        _FILE,
        Harm.STOPPED,
        Helper.TRAINER,
    ),
    "grbl.alarm": ErrorText(
        N_("The laser stopped by itself."),
        _CALL,
        Harm.BEAM_OFF,
        Helper.TRAINER_NOW,
    ),
    "grbl.alarm-1": ErrorText(
        N_("The laser's head touched an end switch."),
        _CALL,
        Harm.BEAM_OFF,
        Helper.TRAINER_NOW,
    ),
    "grbl.alarm-2": ErrorText(
        N_("The program tried to leave the bed. The laser stopped."),
        _CALL,
        Harm.BEAM_OFF,
        Helper.TRAINER_NOW,
    ),
    "grbl.alarm-3": ErrorText(
        N_("The laser was stopped while it moved. It no longer knows where its head is."),
        _CALL,
        Harm.BEAM_OFF,
        Helper.TRAINER_NOW,
    ),
    "grbl.alarm-6": ErrorText(
        N_("The laser was stopped while it looked for its zero."),
        _CALL,
        Harm.BEAM_OFF,
        Helper.TRAINER_NOW,
    ),
    "grbl.alarm-8": ErrorText(
        N_("The laser did not find its end switch."),
        _CALL,
        Harm.BEAM_OFF,
        Helper.TRAINER_NOW,
    ),
    "grbl.alarm-9": ErrorText(
        N_("The laser did not find its end switch."),
        _CALL,
        Harm.BEAM_OFF,
        Helper.TRAINER_NOW,
    ),
}
"""By code. What is not here is said by `grbl.error` or `grbl.alarm`."""
