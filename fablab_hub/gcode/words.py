"""The words of G-code: one line of bytes to words, and words back to bytes.

Nothing here raises on input: what cannot be read comes back as `Unparsed`, with its flaw named.
What words mean is for `commands` and the tables of `dialects`.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from operator import xor
from typing import NamedTuple


class Flaw(StrEnum):
    """Why a line, or the commands on it, cannot be read."""

    NOT_ASCII = "not-ascii"
    REALTIME = "realtime"
    SETTING = "settings"
    EXPONENT = "exponent"
    CHECKSUM = "checksum"
    UNREADABLE = "unreadable-line"
    REPEATED = "repeated-word"
    CONFLICT = "conflicting-words"
    UNKNOWN_WORD = "unknown-word"


class Word(NamedTuple):
    """A letter and its number, as written: `X`, `-1.50`; the text is empty for a bare letter."""

    letter: str
    text: str

    @property
    def value(self) -> float | None:
        """The number; None for a bare letter (`G28 X`)."""
        return float(self.text) if self.text else None

    @property
    def code(self) -> str:
        """The name of a command without needless zeros: `G01` and `G1.0` are `G1`."""
        whole, _, part = self.text.partition(".")
        part = part.rstrip("0")
        return self.letter + (whole.lstrip("+0") or "0") + (f".{part}" if part else "")


class Named(NamedTuple):
    """A command with free text after it: a macro (`START_PRINT BED=60`), or `M117 hello`."""

    name: str
    rest: str


class Unparsed(NamedTuple):
    """A line that is not G-code of this dialect; `text` is its beginning, printable."""

    flaw: Flaw
    text: str


Line = tuple[Word, ...] | Named | Unparsed
"""What one line of a file can be; no words at all for blank lines and comments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Syntax:
    """How a firmware reads a line.

    Attributes:
        has_paren_comments: `( )` encloses a comment; otherwise only `;` starts one.
        joins_spaces: spaces mean nothing anywhere (`X1 0` is X10), and every letter has a number.
        has_names: a line may begin with the name of a macro.
        text_commands: commands whose arguments are free text.
    """

    has_paren_comments: bool = False
    joins_spaces: bool = False
    has_names: bool = False
    text_commands: frozenset[str] = frozenset()


NUMBER = r"[+-]?(?:\d{1,9}(?:\.\d{0,16})?|\.\d{1,16})"
"""A number as firmwares read it: no exponent, and no more digits than a machine can mean."""

_COMMENT = re.compile(rb"\([^)]*\)?|;.*", re.DOTALL)
_PRINTABLE = re.compile(rb"[\t\x20-\x7e]*")
_LINE_NUMBER = re.compile(r"N\s*\d{1,10}\s*")
_CHECKSUM = re.compile(rb"\s*([Nn]\s*\d[^*]*)\*\s*(\d{1,3})\s*")
_NAME = re.compile(r"([A-Z_]{2}[A-Z0-9_]*)(?:\s+([-A-Z0-9_=.,:+\[\]\"'()/#%@ \t]*))?")
_HEAD = re.compile(r"([GMT])\s*(\d{1,9}(?:\.\d{1,2})?)(?![\d.])\s*(.*)")
_JOINED = re.compile(rf"([A-Z])({NUMBER})")
_LOOSE = re.compile(rf"([A-Z])[ \t]*({NUMBER})?[ \t]*")
_GLUED_E = re.compile(r"\dE[+-]?\d")
_SHOWN_CHARS = 40


def decode(line: bytes, syntax: Syntax) -> Line:
    """Read one line, with or without its end.

    Comments, line numbers, checksums, case and needless spaces are gone from the answer.

    Args:
        line: bytes of one line; non-ASCII is fine inside a comment and a flaw elsewhere.
        syntax: how the firmware reads.
    """
    summed = _CHECKSUM.match(line) if b"*" in line else None
    if summed is not None:
        if reduce(xor, summed[1], 0) != int(summed[2]):
            return _unparsed(Flaw.CHECKSUM, line)
        line = summed[1] + line[summed.end() :]
    code = _COMMENT.sub(b"", line) if syntax.has_paren_comments else line.partition(b";")[0]
    code = code.strip()
    if code in (b"", b"%"):
        return ()
    if _PRINTABLE.fullmatch(code) is None:
        text = _shown(code)
        return _text_command(text, syntax) or Unparsed(Flaw.NOT_ASCII, text[:_SHOWN_CHARS])
    if code.startswith(b"$"):
        return _unparsed(Flaw.SETTING, code)
    text = code.decode("ascii").upper()
    numbered = _LINE_NUMBER.match(text)
    return _decode_text(text[numbered.end() :] if numbered else text, syntax)


def encode(words: tuple[Word, ...], joiner: str = " ") -> bytes:
    """Write words as one line without its end; `decode` reads the same words back."""
    return joiner.join([word.letter + word.text for word in words]).encode("ascii")


def _decode_text(text: str, syntax: Syntax) -> Line:
    if syntax.joins_spaces:
        return _decode_joined(text)
    if syntax.has_names and (named := _NAME.fullmatch(text)):
        return Named(named[1], (named[2] or "").replace("\t", " ").strip())
    if texted := _text_command(text, syntax):
        return texted
    words = _all_words(_LOOSE, text)
    if words is None:
        return _unparsed(Flaw.UNREADABLE, text.encode())
    letters = [word.letter for word in words]
    if letters.count("E") > 1 and _GLUED_E.search(text):
        return _unparsed(Flaw.EXPONENT, text.encode())
    return words


def _decode_joined(spaced: str) -> Line:
    if _GLUED_E.search(spaced):
        return _unparsed(Flaw.EXPONENT, spaced.encode())
    text = "".join(spaced.split())
    if any(mark in text for mark in "?!~"):
        return _unparsed(Flaw.REALTIME, text.encode())
    if text.startswith("$"):
        return _unparsed(Flaw.SETTING, text.encode())
    words = _all_words(_JOINED, text)
    return _unparsed(Flaw.UNREADABLE, text.encode()) if words is None else words


def _all_words(pattern: re.Pattern[str], text: str) -> tuple[Word, ...] | None:
    words, at = [], 0
    for found in pattern.finditer(text):
        if found.start() != at or (found[1] in "GM" and not (found[2] or "-")[0].isdigit()):
            return None
        words.append(Word(found[1], (found[2] or "").lstrip("+")))
        at = found.end()
    return tuple(words) if at == len(text) else None


def _text_command(text: str, syntax: Syntax) -> Named | None:
    """Read a command whose arguments are for people, in whatever letters they write."""
    head = _HEAD.fullmatch(text.upper()) if syntax.text_commands else None
    code = Word(head[1], head[2]).code if head else ""
    return Named(code, head[3].strip()) if head and code in syntax.text_commands else None


def _unparsed(flaw: Flaw, line: bytes) -> Unparsed:
    return Unparsed(flaw, _shown(line)[:_SHOWN_CHARS])


def _shown(line: bytes) -> str:
    """Give a line as printable ASCII."""
    text = line.strip().decode("ascii", "replace").replace("\ufffd", "?")
    return "".join([letter if letter.isprintable() else "?" for letter in text])
