"""Find what makes a French sentence hard to read; the rules are in `plain_rules`.

`findings` looks at one text, `catalogue_findings` at a whole catalogue, where the English key may
be no longer than the French; both are pure. On the command line,
`python -m fablab_hub.core.i18n.plain [catalogue.po]` prints what it found, as
`file:line: rule: what`, and ends with 1 when there was anything.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from fablab_hub.core.i18n.plain_rules import (
    CHARACTERS,
    EVERYBODY,
    EXEMPTIONS,
    HARD_WORDS,
    KNOWN_CAPITALS,
    NO_BREAK,
    NUMBERS,
    TERMINAL,
    TERMINAL_MARKS,
    TRADE_WORDS,
    UNITS,
    Exemption,
    Profile,
    Rule,
)

_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[»”)]?\s+|\n+")
_QUOTED = re.compile(r"«[^»]*»")
_FILE_NAME = re.compile(r"[\w./-]*\w\.(?:toml|md|po|gcode|bgcode|dxf)\b|--[\w-]+|\b\w+_\w+\b")
_CAPITALS = re.compile(r"\b[A-ZÀ-Þ0-9]*[A-ZÀ-Þ][A-ZÀ-Þ0-9]+\b")
_CODE_LIKE = re.compile(r"\b[GMSFEXYZ]\d+\b")
_BREAK = re.compile(r"[,;](?=\s)|\((?=[^)\s]+\s)")
_LOOSE_SPACE = re.compile(
    rf"(?<![{NO_BREAK}:;!?])[:;!?](?=\s|$|»)|«(?![{NO_BREAK}])|(?<![{NO_BREAK}])»"
)
_LOOSE_UNIT = re.compile(rf"(?:\d|\}}) (?:{UNITS})(?!\w)")


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark on one text: the rule, what breaks it, and what to do instead."""

    rule: Rule
    found: str
    advice: str


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding at its place in a catalogue: the line of the entry, and its English key."""

    line: int
    english: str
    finding: Finding


def sentences_of(text: str) -> tuple[str, ...]:
    """Cut a text into its sentences; a stop inside a file name or a number cuts nothing."""
    return tuple(part for part in _SENTENCE_END.split(text.strip()) if _words(part))


def word_count(sentence: str) -> int:
    """Count the words of a sentence; a placeholder is one, and so is `l’eau`."""
    return len(_words(sentence))


def findings(text: str, profile: Profile = EVERYBODY) -> tuple[Finding, ...]:
    """Find everything that makes a French text hard to read.

    Args:
        text: one entry of a catalogue, placeholders in braces.
        profile: who reads it, so how much it may hold.
    """
    return (*_lengths(text, profile), *_vocabulary(text, profile), *_typography(text))


def profile_of(english: str) -> Profile:
    """Tell who reads an entry, by its English key: see `TERMINAL_MARKS`."""
    return TERMINAL if TERMINAL_MARKS.search(english) else EVERYBODY


def catalogue_findings(
    catalogue: Catalog, exemptions: tuple[Exemption, ...] = EXEMPTIONS
) -> tuple[Remark, ...]:
    """Find the hard sentences of a French catalogue, in the order of its lines."""
    allowed = {(exempt.english, exempt.rule) for exempt in exemptions}
    remarks = [
        Remark(entry.lineno or 0, english, finding)
        for entry, english, text in _entries(catalogue)
        for finding in _judge(english, text)
        if (english, finding.rule) not in allowed
    ]
    return tuple(sorted(remarks, key=lambda remark: remark.line))


def stale(
    catalogue: Catalog, exemptions: tuple[Exemption, ...] = EXEMPTIONS
) -> tuple[Exemption, ...]:
    """Name the exemptions that nothing needs any more."""
    broken = {
        (english, finding.rule)
        for _, english, text in _entries(catalogue)
        for finding in _judge(english, text)
    }
    return tuple(exempt for exempt in exemptions if (exempt.english, exempt.rule) not in broken)


def _judge(english: str, text: str) -> tuple[Finding, ...]:
    if not text:
        return (Finding(Rule.MISSING, english, "translate it"),)
    profile = profile_of(english)
    too_long = (one for one in _lengths(english, profile) if one.rule is Rule.LONG_SENTENCE)
    return (*too_long, *findings(text, profile))


def _entries(catalogue: Catalog) -> Iterator[tuple[Message, str, str]]:
    for entry in catalogue:
        if not entry.id:
            continue
        english = entry.id if isinstance(entry.id, str) else entry.id[0]
        texts = entry.string if isinstance(entry.string, list | tuple) else [entry.string or ""]
        for text in dict.fromkeys(texts):
            yield entry, english, text


def _words(sentence: str) -> list[str]:
    bare = _PLACEHOLDER.sub("x", sentence)
    return [word for word in bare.split() if any(letter.isalnum() for letter in word)]


def _lengths(text: str, profile: Profile) -> Iterator[Finding]:
    sentences = sentences_of(text)
    if len(sentences) > profile.sentences:
        yield Finding(
            Rule.MANY_SENTENCES,
            f"{len(sentences)} sentences, at most {profile.sentences}",
            "say less, or make two entries",
        )
    for sentence in sentences:
        count = word_count(sentence)
        if count > profile.words:
            yield Finding(
                Rule.LONG_SENTENCE,
                f"{count} words, at most {profile.words}: {sentence}",
                "make two sentences",
            )
        breaks = len(_BREAK.findall(_PLACEHOLDER.sub("x", sentence)))
        if breaks > profile.breaks:
            yield Finding(
                Rule.MANY_IDEAS,
                f"{breaks} breaks, at most {profile.breaks}: {sentence}",
                "one idea, one sentence",
            )


def _vocabulary(text: str, profile: Profile) -> Iterator[Finding]:
    bare = _FILE_NAME.sub("", _PLACEHOLDER.sub("", text))
    for pattern, advice in {**HARD_WORDS, **(TRADE_WORDS if profile.everyday else {})}.items():
        for match in re.finditer(rf"(?<![\w-])(?:{pattern})(?![\w-])", bare, re.IGNORECASE):
            yield Finding(Rule.HARD_WORD, match.group(), advice)
    for match in re.finditer(rf"(?<![\w-])(?:{NUMBERS})(?![\w-])", bare, re.IGNORECASE):
        yield Finding(Rule.NUMBER_IN_LETTERS, match.group(), "write digits")
    if profile.everyday:
        for match in _CAPITALS.finditer(_CODE_LIKE.sub("", _QUOTED.sub("", bare))):
            if match.group() not in KNOWN_CAPITALS:
                yield Finding(Rule.CAPITALS, match.group(), "small letters, or another word")


def _typography(text: str) -> Iterator[Finding]:
    bare = _FILE_NAME.sub("", _PLACEHOLDER.sub("{}", text))
    for sign, advice in CHARACTERS.items():
        if sign in _QUOTED.sub("", bare):
            yield Finding(Rule.CHARACTER, sign, advice)
    for match in _LOOSE_SPACE.finditer(bare):
        yield Finding(Rule.SPACE, match.group(), "a no-break space beside : ; ! ? « »")
    for match in _LOOSE_UNIT.finditer(bare):
        yield Finding(Rule.SPACE, match.group(), "a no-break space between number and unit")


def main(arguments: list[str]) -> int:
    """Print what is hard to read in a catalogue; give the exit status."""
    path = Path(arguments[0]) if arguments else Path(__file__).parent / "fr.po"
    with path.open("rb") as lines:
        catalogue = read_po(lines, locale=path.stem)
    remarks = catalogue_findings(catalogue)
    unused = stale(catalogue) if not arguments else ()
    for remark in remarks:
        found = remark.finding
        sys.stdout.write(f"{path}:{remark.line}: {found.rule}: {found.found} ({found.advice})\n")
    for exempt in unused:
        sys.stdout.write(f"{path}: exemption of “{exempt.english}” is no longer needed\n")
    return 1 if remarks or unused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
