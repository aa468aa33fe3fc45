"""Say a sentence in somebody's language.

Sentences are written in English in the code and marked (`N_` where they stand in a table,
`translate` where they are used). A language is one catalogue, `<language>.po`, beside this file,
and nothing else: its name, its dates, its numbers and its units are Unicode's (CLDR, by Babel), its
plural forms those of its catalogue, and a sentence that it lacks is said in English. The file's
name must be a language that Babel knows. Named fields (`{machine}`) are filled in after
translation.

Babel takes a while to load, and most processes write neither a date nor an amount: each function
loads the part that it needs.
"""

# ruff: noqa: PLC0415 - see above

import functools
import gettext
import io
from datetime import datetime
from pathlib import Path

SOURCE_LANGUAGE = "en"
"""The language of the sentences in the code; its catalogue is the code itself."""

_SOURCE_LOCALE = "en_GB"
"""Whose manner of writing dates and numbers goes with the source: a European's English."""

FOLDER = Path(__file__).parent
"""Where the catalogues lie."""

_LENGTHS = ("short", "medium", "long", "full")


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "translate me later"
    """Mark a sentence of a table for translation; gives it back unchanged."""
    return text


@functools.cache
def languages() -> tuple[str, ...]:
    """List the languages that pages can be read in: the source's and one for each catalogue."""
    return (SOURCE_LANGUAGE, *sorted(path.stem for path in FOLDER.glob("*.po")))


@functools.cache
def language_name(language: str) -> str:
    """Give the name of a language in its own words (`Français`); it is never translated."""
    from babel import Locale

    name = str(Locale.parse(language).get_display_name())
    return name[:1].upper() + name[1:]


@functools.cache
def _catalogue(language: str) -> gettext.NullTranslations:
    path = FOLDER / f"{language}.po"
    if language == SOURCE_LANGUAGE or not path.is_file():
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with path.open("rb") as lines:
        write_mo(compiled, read_po(lines, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _locale(language: str) -> str:
    return _SOURCE_LOCALE if language == SOURCE_LANGUAGE else language


def translate(text: str, language: str, /, **fields: object) -> str:
    """Say a sentence in a language, with its fields filled in; a float as its readers write it."""
    sentence = _catalogue(language).gettext(text) if text else ""
    return sentence.format(**_written(fields, language)) if fields else sentence


def translate_count(one: str, many: str, count: int, language: str, /, **fields: object) -> str:
    """Say a sentence that depends on a number; `{count}` is filled in as well."""
    sentence = _catalogue(language).ngettext(one, many, count)
    return sentence.format(count=number_text(count, language, 0), **_written(fields, language))


def _written(fields: dict[str, object], language: str) -> dict[str, object]:
    # Whole numbers stay as they are: a line, a port or a year is no amount.
    return {
        name: number_text(value, language, 3) if isinstance(value, float) else value
        for name, value in fields.items()
    }


def number_text(value: float, language: str, digits: int = 1) -> str:
    """Write a number as a reader of the language does (`1,5` in French)."""
    from babel.numbers import format_decimal

    return str(format_decimal(round(value, digits), locale=_locale(language)))


def list_text(items: list[str], language: str) -> str:
    """Name several things in one sentence (`A, B and C`)."""
    from babel.lists import format_list

    return str(format_list(items, locale=_locale(language)))


def moment_text(at: datetime, language: str, zone: str, form: str = "short") -> str:
    """Write a moment in the lab's zone, as a reader of the language does.

    Args:
        at: the moment, with its zone.
        language: of the reader.
        zone: of the lab, `Europe/Paris`.
        form: a length (`short`, `medium`, `long`, `full`), or the fields to show as a CLDR
            skeleton: `Hm` is the time of day, `yMMMM` a month. Their order is the language's.
    """
    from babel.dates import format_datetime, format_skeleton, get_timezone

    here = get_timezone(zone)
    if form in _LENGTHS:
        return str(format_datetime(at, form, tzinfo=here, locale=_locale(language)))
    return str(format_skeleton(form, at, tzinfo=here, locale=_locale(language)))


def date_text(at: datetime, language: str, zone: str) -> str:
    """Write the day of a moment in full (`23 novembre 2026`)."""
    from babel.dates import format_date, get_timezone

    return str(format_date(at.astimezone(get_timezone(zone)), "long", locale=_locale(language)))


def duration_text(seconds: float, language: str) -> str:
    """Write a duration in the two units that matter: `45 secs`, `12 mins`, `2 hrs 5 mins`."""
    whole_s = max(0, round(seconds))
    if whole_s < 60:
        return _unit_text(whole_s, "second", language)
    minutes = round(whole_s / 60)
    if minutes < 60:
        return _unit_text(minutes, "minute", language)
    hours, rest = divmod(minutes, 60)
    return f"{_unit_text(hours, 'hour', language)} {_unit_text(rest, 'minute', language)}"


def _unit_text(count: int, unit: str, language: str) -> str:
    from babel.units import format_unit

    text = str(format_unit(count, f"duration-{unit}", length="short", locale=_locale(language)))
    # One kind of space that does not break: not every font has the narrow one.
    return text.replace(" ", "\u00a0").replace("\u202f", "\u00a0")
