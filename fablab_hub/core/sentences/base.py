"""The base's own errors: settings, storage, journal, signing in, rights, programs, checks."""

from fablab_hub.core.errors import ErrorText, Harm, Helper
from fablab_hub.core.i18n.words import N_

TEXTS = {
    "internal": ErrorText(
        N_("Something went wrong in the hub."),
        N_("Try once more."),
        Harm.OLDER_KEPT,
        Helper.TRAINER,
    ),
    "config.missing": ErrorText(
        N_("There is no settings file at {file}."),
        N_("Give another one with --config, or start the demo lab: fablab-hub demo."),
        Harm.NOT_STARTED,
        Helper.ADMIN,
    ),
    "config.syntax": ErrorText(
        N_("{file}, line {line}: this is not valid TOML ({found})."),
        N_("Correct that line. Quotes and brackets are the usual cause."),
        Harm.NOT_STARTED,
        Helper.ADMIN,
    ),
    "config.unknown-key": ErrorText(
        N_("{file}, line {line}: “{key}” is not a setting.{likely}"),
        N_("Correct the spelling, or remove the line. docs/settings.md lists every setting."),
        Harm.NOT_STARTED,
        Helper.ADMIN,
    ),
    "config.wrong-value": ErrorText(
        N_("{file}, line {line}: “{key}” cannot be {found}. {bound}"),
        N_("Correct the value. docs/settings.md gives the unit and the limits."),
        Harm.NOT_STARTED,
        Helper.ADMIN,
    ),
    "config.missing-key": ErrorText(
        N_("{file}, line {line}: “{key}” is missing."),
        N_("Add it. docs/settings.md says what it means."),
        Harm.NOT_STARTED,
        Helper.ADMIN,
    ),
    "config.conflict": ErrorText(
        N_("{file}, line {line}: “{key}” clashes with “{other}”: {found}."),
        N_("Change one of the two."),
        Harm.NOT_STARTED,
        Helper.ADMIN,
    ),
    "config.unknown-reference": ErrorText(
        N_("{file}, line {line}: “{key}” names “{found}”, which is described nowhere.{likely}"),
        N_("Correct the name, or describe it."),
        Harm.NOT_STARTED,
        Helper.ADMIN,
    ),
    "config.no-such-machine": ErrorText(
        N_("There is no machine “{machine}” in the settings."),
        N_("Choose one of these: {known}."),
        Harm.NOT_STARTED,
        Helper.YOURSELF,
    ),
    "config.no-such-driver": ErrorText(
        N_("There is no driver called “{driver}”."),
        N_("Choose one of these: {known}."),
        Harm.NOT_STARTED,
        Helper.ADMIN,
    ),
    "config.not-simulated": ErrorText(
        N_("No simulated machine speaks to the driver “{driver}”."),
        N_("Choose one of these: {known}."),
        Harm.NOT_STARTED,
        Helper.ADMIN,
    ),
    "config.no-such-material": ErrorText(
        N_("There is no material “{material}” in the settings."),
        N_("Choose one of these: {known}."),
        Harm.NOT_STARTED,
        Helper.YOURSELF,
    ),
    "storage.newer-database": ErrorText(
        N_("A newer FabLab Hub wrote this data."),
        N_("Install the newer version again, or restore an older backup."),
        Harm.UNCHANGED,
        Helper.ADMIN,
    ),
    "storage.disk-full": ErrorText(
        N_("The hub's disk is full. This was not saved."),
        N_("Make room on the hub's disk. Then try again."),
        Harm.OLDER_KEPT,
        Helper.MANAGER,
    ),
    "storage.failed": ErrorText(
        N_("The hub could not save this."),
        N_("Look for the cause: fablab-hub doctor."),
        Harm.OLDER_KEPT,
        Helper.MANAGER,
    ),
    "storage.missing-blob": ErrorText(
        N_("A stored file is missing: {sha256}."),
        N_("Restore the last backup: fablab-hub restore."),
        Harm.DATA_DAMAGED,
        Helper.ADMIN,
    ),
    "storage.no-lab": ErrorText(
        N_("There is no lab in the folder {folder}."),
        N_("Give its folder with --data, or start one: fablab-hub demo."),
        Harm.UNCHANGED,
        Helper.ADMIN,
    ),
    "storage.not-empty": ErrorText(
        N_("There is already a lab in {folder}."),
        N_("Give another folder with --data."),
        Harm.UNCHANGED,
        Helper.ADMIN,
    ),
    "storage.bad-backup": ErrorText(
        N_("{archive} is not a whole backup of a lab."),
        N_("Take another backup."),
        Harm.UNCHANGED,
        Helper.ADMIN,
    ),
    "found.no-person": ErrorText(
        N_("There is nobody called {who}."),
        N_("List the names: fablab-hub people."),
        Harm.UNCHANGED,
        Helper.YOURSELF,
    ),
    "journal.broken": ErrorText(
        N_("The journal was changed by hand at line {seq}."),
        N_("Keep this data folder as it is, and compare it with the last backup."),
        Harm.DATA_DAMAGED,
        Helper.ADMIN,
    ),
    "signin.wrong": ErrorText(
        N_("The name or the badge does not go with the PIN."),
        N_("Look at the name, or show the badge again. Type the PIN slowly."),
        Harm.NOTHING,
        Helper.TRAINER,
    ),
    "signin.wait": ErrorText(
        N_("That was the wrong PIN too many times."),
        N_("Wait {wait_s} seconds, then try again."),
        Harm.NOTHING,
        Helper.TRAINER,
    ),
    "signin.blocked": ErrorText(
        N_("This name is blocked after too many wrong PINs."),
        N_("Ask for your name to be opened again. It is quick."),
        Harm.KEPT,
        Helper.TRAINER,
    ),
    "signin.kiosk-only": ErrorText(
        N_("This short PIN works at the machine's screen only."),
        N_("Come in at the machine, or ask a trainer for a longer PIN."),
    ),
    "signin.weak-pin": ErrorText(
        N_("This PIN is too easy to guess."),
        N_("Choose {digits} digits that do not follow each other."),
        Harm.UNCHANGED,
        Helper.YOURSELF,
    ),
    "signin.passphrase-needed": ErrorText(
        N_("This person comes in with a passphrase."),
        N_("Type the passphrase. The PIN is for machines."),
    ),
    "signin.wrong-passphrase": ErrorText(
        N_("The passphrase or the code is not right."),
        N_("Type both again. A code works once: wait for the next one."),
    ),
    "signin.weak-passphrase": ErrorText(
        N_("This passphrase is too short, or too easy to guess."),
        N_("Take four words or more that have nothing in common: {letters} letters at least."),
    ),
    "signin.wrong-code": ErrorText(
        N_("This is not the code that the app shows now."),
        N_("Wait for the next code, then type it at once. Is the phone's time right?"),
    ),
    "signin.has-code": ErrorText(
        N_("There is an app for your codes already."),
        N_("Remove it first, then add the new one."),
    ),
    "signin.name-taken": ErrorText(
        N_("There is somebody called {name} already."),
        N_("Add something that tells them apart, such as a second first name."),
        Harm.UNCHANGED,
        Helper.YOURSELF,
    ),
    "signin.needed": ErrorText(
        N_("You are not signed in."),
        N_("Choose your name and type your PIN."),
        Harm.NOTHING,
        Helper.TRAINER,
    ),
    "rights.denied": ErrorText(
        N_("This is not for you to do."),
        N_("Go back to the start page."),
        Harm.UNCHANGED,
        Helper.TRAINER,
    ),
    "rights.no-authorisation": ErrorText(
        N_("{person} may not start this machine yet."),
        N_("Ask to be shown the machine. Then you may start it."),
        Harm.NOT_STARTED,
        Helper.TRAINER,
    ),
    "rights.bad-form": ErrorText(
        N_("This page was open for too long. The button did not work."),
        N_("Load the page again and press once more."),
        Harm.UNCHANGED,
        Helper.TRAINER,
    ),
    "found.nothing": ErrorText(
        N_("There is nothing at this address, or it is not yours."),
        N_("Go back to the start page."),
        Harm.NOTHING,
        Helper.TRAINER,
    ),
    "form.invalid": ErrorText(
        N_("Something is missing or wrong: {field}."),
        N_("Fill it in, then press again."),
        Harm.KEPT,
        Helper.TRAINER,
    ),
    "program.missing": ErrorText(
        N_("The checked program is not on the hub's disk any more."),
        N_("Send the file again."),
        Harm.DATA_DAMAGED,
        Helper.MANAGER,
    ),
    "program.changed": ErrorText(
        N_("The program on the disk is not the one that was checked."),
        N_("Send the file again."),
        Harm.DATA_DAMAGED,
        Helper.MANAGER,
    ),
    "check.too-slow": ErrorText(
        N_("Reading this file takes too long. It may be broken, or far too detailed."),
        N_("Save it again from your drawing program, in a simpler form."),
        Harm.NOTHING,
        Helper.TRAINER,
    ),
    "check.worker-died": ErrorText(
        N_("The hub could not finish reading this file."),
        N_("Save it again from your drawing program. Then send it again."),
        Harm.NOTHING,
        Helper.TRAINER,
    ),
}
