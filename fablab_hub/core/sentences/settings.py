"""What is wrong with one value of `fablab.toml`."""

from fablab_hub.core.errors import ErrorText, Harm, Helper
from fablab_hub.core.i18n.words import N_

_CORRECT = N_("Correct the value. docs/settings.md gives the unit and the limits.")

TEXTS = {
    code: ErrorText(message, _CORRECT, Harm.NOT_STARTED, Helper.ADMIN)
    for code, message in {
        "config.not-a-number": N_(
            "{file}, line {line}: “{key}” cannot be {found}. It must be a number."
        ),
        "config.not-whole": N_(
            "{file}, line {line}: “{key}” cannot be {found}. It must be a whole number."
        ),
        "config.not-text": N_(
            "{file}, line {line}: “{key}” cannot be {found}. It must be a text, in quotes."
        ),
        "config.not-yes-or-no": N_(
            "{file}, line {line}: “{key}” cannot be {found}. It must be true or false."
        ),
        "config.not-a-table": N_(
            "{file}, line {line}: “{key}” cannot be {found}. It must be a table of settings."
        ),
        "config.not-a-list": N_(
            "{file}, line {line}: “{key}” cannot be {found}. It must be a list, in square brackets."
        ),
        "config.wrong-count": N_(
            "{file}, line {line}: “{key}” cannot be {found}. It must be a list of {count}."
        ),
        "config.not-a-choice": N_(
            "{file}, line {line}: “{key}” cannot be {found}. It must be one of these: {choices}."
        ),
        "config.not-above": N_(
            "{file}, line {line}: “{key}” cannot be {found}. It must be greater than {bound}."
        ),
        "config.too-small": N_(
            "{file}, line {line}: “{key}” cannot be {found}. It must be {bound} or more."
        ),
        "config.too-large": N_(
            "{file}, line {line}: “{key}” cannot be {found}. It must be {bound} or less."
        ),
        "config.empty": N_("{file}, line {line}: “{key}” cannot be {found}. It must not be empty."),
        "config.not-a-zone": N_(
            "{file}, line {line}: “{key}” cannot be {found}. Write a zone such as Europe/Paris."
        ),
        "config.not-an-id": N_(
            "{file}, line {line}: “{key}” cannot be {found}. "
            "Use small letters, digits and “-”, 32 at most."
        ),
        "config.dangerous-material": N_(
            "{file}, line {line}: “{key}” is made of {found}, which must never be burnt. "
            "Write is_forbidden = true."
        ),
    }.items()
}
