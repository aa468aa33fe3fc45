"""The sentences of every error, by its code: what happened, and what to do now.

Every code that is raised anywhere stands once in `core.sentences`, and a test says so. A sentence
says what happened in words that a beginner understands; the remedy says what to do, or who can
help. Fields in braces are the facts of the error.
"""

from types import MappingProxyType

from fablab_hub.core.errors import ErrorText, FablabError
from fablab_hub.core.i18n.words import translate
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
    web,
)

__all__ = ["TEXTS", "ErrorText", "describe"]

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
        **web.TEXTS,
    }
)
"""Every error code and its sentences."""


def describe(error: FablabError, language: str) -> ErrorText:
    """Say an error in somebody's language, with its facts filled in."""
    text = TEXTS.get(error.code, TEXTS["internal"])
    return ErrorText(
        translate(text.message, language, **error.fields),
        translate(text.remedy, language, **error.fields),
    )
