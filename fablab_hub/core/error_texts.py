"""The sentences of every error, by its code, in four parts.

What happened; what is broken, or that nothing is; what to do now; who can help. Every code that
is raised anywhere stands once in `core.sentences`, and a test says so. The second and the last
part come from closed sets, so that they are always said in the same words, and the first and the
third do not say them again. Fields in braces are the facts of the error.
"""

from types import MappingProxyType
from typing import NamedTuple

from fablab_hub.core.errors import ErrorText, FablabError, Harm, Helper
from fablab_hub.core.i18n.words import N_, translate
from fablab_hub.core.sentences import (
    base,
    cameras,
    drawing,
    gcode,
    grbl,
    jobs,
    marlin,
    projects,
    publishing,
    settings,
    web,
)

HARMS: MappingProxyType[Harm, str] = MappingProxyType(
    {
        Harm.NOTHING: N_("Nothing is broken."),
        Harm.UNCHANGED: N_("Nothing was changed."),
        Harm.NOT_STARTED: N_("Nothing was started."),
        Harm.KEPT: N_("What you did is kept."),
        Harm.OLDER_KEPT: N_("Everything saved before is kept."),
        Harm.REST_WORKS: N_("Everything else goes on working."),
        Harm.DATA_DAMAGED: N_("Stored data is missing, or was changed."),
        Harm.STOPPED: N_("The machine has stopped."),
        Harm.PIECE_DOUBTFUL: N_("Perhaps this piece is lost."),
        Harm.BEAM_OFF: N_("The beam is off."),
        Harm.BEAM_UNKNOWN: N_("The beam may still be on."),
        Harm.HOT: N_("The printer may still be hot."),
        Harm.MACHINE_FAULTY: N_("Something on the machine may be broken."),
        Harm.MACHINE_UNKNOWN: N_("The hub does not know what the machine is doing."),
    }
)
"""What is broken, in words."""

HELPERS: MappingProxyType[Helper, str] = MappingProxyType(
    {
        Helper.YOURSELF: N_("You can do this without help."),
        Helper.OWNER: N_("Ask the person whose work it is."),
        Helper.TRAINER: N_("A trainer can help you."),
        Helper.TRAINER_NOW: N_("Call a trainer now."),
        Helper.MANAGER: N_("Tell a manager: they can help."),
        Helper.ADMIN: N_("Whoever installed the hub can help."),
    }
)
"""Who can help, in words."""


class Problem(NamedTuple):
    """One error told to somebody, in their language and with its facts filled in."""

    message: str
    harm: str
    remedy: str
    help: str


TEXTS: MappingProxyType[str, ErrorText] = MappingProxyType(
    {
        **base.TEXTS,
        **cameras.TEXTS,
        **drawing.TEXTS,
        **gcode.TEXTS,
        **grbl.TEXTS,
        **jobs.TEXTS,
        **marlin.TEXTS,
        **projects.TEXTS,
        **publishing.TEXTS,
        **settings.TEXTS,
        **web.TEXTS,
    }
)
"""Every error code and its sentences."""


def describe(error: FablabError, language: str) -> Problem:
    """Say an error in somebody's language, with its facts filled in."""
    text = TEXTS.get(error.code, TEXTS["internal"])
    return Problem(
        translate(text.message, language, **error.fields),
        translate(HARMS[text.harm], language),
        translate(text.remedy, language, **error.fields),
        translate(HELPERS[text.helper], language),
    )
