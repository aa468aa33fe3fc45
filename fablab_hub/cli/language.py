"""Which language a terminal is spoken to in."""

import os

from fablab_hub.core.i18n.words import SOURCE_LANGUAGE, languages


def terminal_language() -> str:
    """Give the language of the terminal's locale, where there is a catalogue for it."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            found = value[:2].lower()
            return found if found in languages() else SOURCE_LANGUAGE
    return SOURCE_LANGUAGE
