"""From the words of a line to its commands, in the order in which the firmware runs them."""

from collections.abc import Iterable
from dataclasses import dataclass

from fablab_hub.gcode.dialects.table import Dialect, Group, Policy
from fablab_hub.gcode.words import Flaw, Unparsed, Word, encode

MOTIONS = frozenset({"G0", "G1", "G2", "G3"})
_AXES = frozenset("XYZ")
_ARC_WORDS = frozenset("IJKR")


@dataclass(frozen=True, slots=True)
class Command:
    """One command with its words: `G1` with `X10 F600`.

    `F` and `S` are the codes of GRBL's feed and power words that stand without a motion.
    """

    code: str
    words: tuple[Word, ...] = ()

    def value(self, letter: str) -> float | None:
        """Give the number after a letter; None when it has none."""
        for word in self.words:
            if word.letter == letter:
                return word.value
        return None

    def has(self, letter: str) -> bool:
        """Tell whether a letter is there, with a number or without."""
        return any(word.letter == letter for word in self.words)

    def text(self, *, is_compact: bool) -> bytes:
        """Write the command as one line; a compact one has no spaces."""
        own = encode(self.words, "" if is_compact else " ").decode("ascii")
        if self.code in ("F", "S"):
            return own.encode("ascii")
        return (self.code + ("" if is_compact or not own else " ") + own).encode("ascii")


Commands = tuple[Command, ...] | Unparsed


def commands_of(words: tuple[Word, ...], motion: str, dialect: Dialect) -> Commands:
    """Split a line into commands.

    Args:
        words: of one line, from `words.decode`.
        motion: code of the motion that goes on when a line only names axes.
        dialect: whose order and groups count.
    """
    split = _block(words, motion, dialect) if dialect.runs_blocks else _in_order(words, motion)
    if isinstance(split, Unparsed):
        return split
    for command in split:
        letters = [word.letter for word in command.words]
        if len(set(letters)) != len(letters):
            return _flaw(Flaw.REPEATED, words)
    return split


def _in_order(words: tuple[Word, ...], motion: str) -> Commands:
    """Split as printers' firmwares do: a command, then its words, as often as it comes."""
    found: list[tuple[str, list[Word]]] = []
    for word in words:
        if word.letter in "GM" or (word.letter == "T" and not found):
            found.append((word.code, []))
        elif not found and word.letter in "XYZEFIJR":
            found.append((motion, [word]))
        elif not found:
            return _flaw(Flaw.UNREADABLE, words)
        else:
            found[-1][1].append(word)
    return tuple(Command(code, tuple(own)) for code, own in found)


def _block(words: tuple[Word, ...], motion: str, dialect: Dialect) -> Commands:
    """Split as GRBL does: one of each group, the order of writing means nothing."""
    named: dict[Group, str] = {}
    rest: dict[str, Word] = {}
    for word in words:
        if word.letter in "GMT":
            row = dialect.row(word.code)
            if row.policy is Policy.REFUSE:
                return (Command(word.code),)
            if row.group in named:
                return _flaw(Flaw.CONFLICT, words)
            named[row.group] = word.code
        elif word.letter in rest:
            return _flaw(Flaw.REPEATED, words)
        else:
            rest[word.letter] = word
    if Group.MOTION not in named and rest.keys() & (_AXES | _ARC_WORDS):
        if Group.NON_MODAL not in named:
            named[Group.MOTION] = motion
    elif Group.MOTION in named and Group.NON_MODAL in named and rest.keys() & _AXES:
        return _flaw(Flaw.CONFLICT, words)
    return _share_out(named, rest, words, dialect)


def _share_out(
    named: dict[Group, str], rest: dict[str, Word], words: Iterable[Word], dialect: Dialect
) -> Commands:
    """Give each word of a block to the command that reads it."""
    given: dict[Group, list[Word]] = {group: [] for group in named}
    has_dropped = any(dialect.row(code).policy is Policy.DROP for code in named.values())
    for letter, word in rest.items():
        owners: tuple[Group, ...] = ()
        match letter:
            case "X" | "Y" | "Z":
                owners = (Group.NON_MODAL, Group.MOTION)
            case "I" | "J" | "K" | "R":
                owners = (Group.MOTION,)
            case "P":
                owners = (Group.DWELL, Group.NON_MODAL)
            case "L":
                owners = (Group.NON_MODAL,)
            case "F":
                owners = (Group.MOTION, Group.FEED)
            case "S":
                owners = (Group.SPINDLE, Group.MOTION, Group.POWER)
        owner = next((group for group in owners if group in named), None)
        if owner is None and letter in "FS":
            owner = owners[-1]
            named[owner] = letter
        if owner is None:
            if has_dropped:
                continue  # it belongs to a command that is left out, whatever it means there
            return _flaw(Flaw.UNKNOWN_WORD, words)
        given.setdefault(owner, []).append(word)
    return tuple(Command(named[group], tuple(given[group])) for group in sorted(named))


def _flaw(flaw: Flaw, words: Iterable[Word]) -> Unparsed:
    return Unparsed(flaw, encode(tuple(words)).decode("ascii")[:40])
