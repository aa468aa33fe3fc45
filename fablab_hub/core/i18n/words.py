"""Say a sentence in somebody's language.

Sentences are written in English in the code and marked (`N_` where they stand in a table,
`translate` where they are used); a language is one catalogue, `<language>.po`, beside this file.
Named fields (`{machine}`) are filled in after translation.
"""

import functools
import gettext
import io
from datetime import datetime
from pathlib import Path

from babel.dates import format_datetime, get_timezone
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

SOURCE_LANGUAGE = "en"
"""The language of the sentences in the code; its catalogue is the code itself."""

_FOLDER = Path(__file__).parent


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "translate me later"
    """Mark a sentence of a table for translation; gives it back unchanged."""
    return text


@functools.cache
def languages() -> tuple[str, ...]:
    """List the languages that pages can be read in: the source's and one for each catalogue."""
    return (SOURCE_LANGUAGE, *sorted(path.stem for path in _FOLDER.glob("*.po")))


@functools.cache
def _catalogue(language: str) -> gettext.NullTranslations:
    path = _FOLDER / f"{language}.po"
    if language == SOURCE_LANGUAGE or not path.is_file():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as lines:
        write_mo(compiled, read_po(lines, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def translate(text: str, language: str, /, **fields: object) -> str:
    """Say a sentence in a language, with its fields filled in."""
    sentence = _catalogue(language).gettext(text) if text else ""
    return sentence.format(**fields) if fields else sentence


def translate_count(one: str, many: str, count: int, language: str, /, **fields: object) -> str:
    """Say a sentence that depends on a number; `{count}` is filled in as well."""
    sentence = _catalogue(language).ngettext(one, many, count)
    return sentence.format(count=count, **fields)


def number_text(value: float, language: str, digits: int = 1) -> str:
    """Write a number as a reader of the language does (`1,5` in French)."""
    return str(format_decimal(round(value, digits), locale=language))


def moment_text(at: datetime, language: str, zone: str, form: str = "short") -> str:
    """Write a moment in the lab's zone, as a reader of the language does."""
    return str(format_datetime(at, form, tzinfo=get_timezone(zone), locale=language))


def duration_text(seconds: float, language: str) -> str:
    """Write a duration in the two units that matter: `45 s`, `12 min`, `2 h 05 min`."""
    whole_s = max(0, round(seconds))
    if whole_s < 60:
        return translate(N_("{s} s"), language, s=whole_s)
    minutes = round(whole_s / 60)
    if minutes < 60:
        return translate(N_("{min} min"), language, min=minutes)
    hours, rest = divmod(minutes, 60)
    return translate(N_("{h} h {min} min"), language, h=hours, min=f"{rest:02d}")
