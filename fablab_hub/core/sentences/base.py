"""The base's own errors: settings, storage, journal, signing in, rights, programs, checks."""

from fablab_hub.core.errors import ErrorText
from fablab_hub.core.i18n.words import N_

TEXTS = {
    "internal": ErrorText(
        N_("Something went wrong in the hub. Your work is safe."),
        N_("Try once more. If it happens again, tell a trainer."),
    ),
    "config.missing": ErrorText(
        N_("There is no settings file at {file}."),
        N_("Give another one with --config, or start the demo lab: fablab-hub demo."),
    ),
    "config.syntax": ErrorText(
        N_("{file}, line {line}: this is not valid TOML ({found})."),
        N_("Correct that line. Quotes and brackets are the usual cause."),
    ),
    "config.unknown-key": ErrorText(
        N_("{file}, line {line}: “{key}” is not a setting.{likely}"),
        N_("Correct the spelling, or remove the line. docs/settings.md lists every setting."),
    ),
    "config.wrong-value": ErrorText(
        N_("{file}, line {line}: “{key}” cannot be {found}. {bound}"),
        N_("Correct the value. docs/settings.md gives the unit and the limits."),
    ),
    "config.missing-key": ErrorText(
        N_("{file}, line {line}: “{key}” is missing."),
        N_("Add it. docs/settings.md says what it means."),
    ),
    "config.conflict": ErrorText(
        N_("{file}, line {line}: “{key}” clashes with “{other}”: {found}."),
        N_("Change one of the two."),
    ),
    "config.unknown-reference": ErrorText(
        N_("{file}, line {line}: “{key}” names “{found}”, which is described nowhere.{likely}"),
        N_("Correct the name, or describe it."),
    ),
    "config.no-such-machine": ErrorText(
        N_("There is no machine “{machine}” in the settings."),
        N_("Choose one of these: {known}."),
    ),
    "config.no-such-driver": ErrorText(
        N_("There is no driver called “{driver}”."),
        N_("Choose one of these: {known}."),
    ),
    "config.not-simulated": ErrorText(
        N_("No simulated machine speaks to the driver “{driver}”."),
        N_("Choose one of these: {known}."),
    ),
    "config.no-such-material": ErrorText(
        N_("There is no material “{material}” in the settings."),
        N_("Choose one of these: {known}."),
    ),
    "storage.newer-database": ErrorText(
        N_("This data was written by a newer version of FabLab Hub. It was left untouched."),
        N_("Install the newer version again, or restore an older backup."),
    ),
    "storage.disk-full": ErrorText(
        N_("The hub's disk is full. Nothing was saved just now, and nothing older is lost."),
        N_("Tell a manager: room must be made on the hub's disk. Then try again."),
    ),
    "storage.failed": ErrorText(
        N_("The hub could not save this. Nothing older is lost."),
        N_("Tell a manager. They can run: fablab-hub doctor."),
    ),
    "storage.missing-blob": ErrorText(
        N_("A stored file is missing: {sha256}."),
        N_("Restore the last backup: fablab-hub restore."),
    ),
    "storage.no-lab": ErrorText(
        N_("There is no lab in the folder {folder}."),
        N_("Give its folder with --data, or start one: fablab-hub demo."),
    ),
    "storage.not-empty": ErrorText(
        N_("There is already a lab in {folder}. It was left untouched."),
        N_("Give another folder with --data."),
    ),
    "storage.bad-backup": ErrorText(
        N_("{archive} is not a whole backup of a lab."),
        N_("Take another backup. Nothing was changed."),
    ),
    "found.no-person": ErrorText(
        N_("There is nobody called {who}."),
        N_("List the names: fablab-hub people."),
    ),
    "journal.broken": ErrorText(
        N_("The journal was changed by hand at line {seq}."),
        N_("Keep this data folder as it is, and compare it with the last backup."),
    ),
    "signin.wrong": ErrorText(
        N_("The name and the PIN do not go together."),
        N_("Look at the name you chose. Type the PIN again, slowly."),
    ),
    "signin.wait": ErrorText(
        N_("Too many tries. Nothing is broken."),
        N_("Wait {wait_s} seconds, then try again. A trainer can also help."),
    ),
    "signin.blocked": ErrorText(
        N_("This name is blocked after too many wrong PINs. Nothing is lost."),
        N_("Call a trainer: they can open it again in one tap."),
    ),
    "signin.weak-pin": ErrorText(
        N_("This PIN is too easy to guess."),
        N_("Choose {digits} digits that do not follow each other."),
    ),
    "signin.name-taken": ErrorText(
        N_("There is somebody called {name} already."),
        N_("Add something that tells them apart, such as a second first name."),
    ),
    "signin.needed": ErrorText(
        N_("You are not signed in."),
        N_("Choose your name and type your PIN."),
    ),
    "rights.denied": ErrorText(
        N_("This is not for you to do."),
        N_("Ask a trainer or a manager."),
    ),
    "rights.no-authorisation": ErrorText(
        N_("{person} may not start this machine yet."),
        N_("A trainer can show you the machine and then authorise you."),
    ),
    "rights.bad-form": ErrorText(
        N_("This page was open for too long, so the button did not work. Nothing was changed."),
        N_("Load the page again and press once more."),
    ),
    "found.nothing": ErrorText(
        N_("There is nothing at this address, or it is not yours."),
        N_("Go back to the start page."),
    ),
    "form.invalid": ErrorText(
        N_("Something is missing or wrong: {field}."),
        N_("Fill it in, then press again. What you typed is kept."),
    ),
    "program.missing": ErrorText(
        N_("The checked program is not on the hub's disk any more."),
        N_("Send the file again. If this happens twice, tell a manager."),
    ),
    "program.changed": ErrorText(
        N_("The program on the disk is not the one that was checked. Nothing was started."),
        N_("Send the file again, and tell a manager."),
    ),
    "check.too-slow": ErrorText(
        N_("Reading this file takes too long. It may be broken, or far too detailed."),
        N_("Save it again from your drawing program, in a simpler form. A trainer can help."),
    ),
    "check.worker-died": ErrorText(
        N_("The hub could not finish reading this file. Nothing else is broken."),
        N_("Save it again from your drawing program. If it stays so, show it to a trainer."),
    ),
}
