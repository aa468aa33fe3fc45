"""The simulated board's reading: characters to lines, lines to words, or an error number.

Written from grbl 1.1h's documentation and behaviour (`protocol.c`, `gcode.c`, the list of errors),
on its own: it shares nothing with the codec that it is used to test.
"""

import re
from dataclasses import dataclass, field

LINE_CHARS = 79
"""`LINE_BUFFER_SIZE` is 80, with its final zero; spaces and comments are not counted."""

EXPECTED_LETTER, BAD_NUMBER, BAD_STATEMENT, NEGATIVE = 1, 2, 3, 4
SETTING_OFF, NOT_IDLE, LOCKED, NEEDS_HOMING, OVERFLOW = 5, 8, 9, 10, 11
TRAVEL_EXCEEDED, BAD_JOG, UNSUPPORTED, MODAL_CLASH = 15, 16, 20, 21
NO_FEED, AXIS_CONFLICT, REPEATED, NO_AXES = 22, 24, 25, 26
MISSING_VALUE, AXES_EXIST, NO_AXES_IN_PLANE = 28, 31, 32
BAD_TARGET, BAD_RADIUS, NO_OFFSETS, UNUSED_WORDS = 33, 34, 35, 36

_WORD = re.compile(r"([A-Z])([+-]?(?:\d+\.?\d*|\.\d+))")
_LETTERS = frozenset("FIJKLNPRSTXYZ")
_NEVER_NEGATIVE = frozenset("FNPST")

_GROUPS: dict[float, str] = {
    **dict.fromkeys((0.0, 1.0, 2.0, 3.0, 80.0), "motion"),
    **dict.fromkeys((4.0, 28.0, 30.0, 53.0, 92.0, 92.1), "once"),
    17.0: "plane", 18.0: "plane", 19.0: "plane", 20.0: "units", 21.0: "units",
    40.0: "cutter", 49.0: "length",
    **dict.fromkeys((54.0, 55.0, 56.0, 57.0, 58.0, 59.0), "offset"),
    61.0: "path", 90.0: "distance", 91.0: "distance", 91.1: "arc", 94.0: "feed",
}  # fmt: skip
"""What this board plays; probing, tool lengths, stored offsets and G93 are `error:20` here."""

_M_GROUPS: dict[float, str] = {
    **dict.fromkeys((0.0, 1.0, 2.0, 30.0), "program"),
    **dict.fromkeys((3.0, 4.0, 5.0), "spindle"),
    **dict.fromkeys((8.0, 9.0), "coolant"),
}


class LineError(Exception):
    """The line is refused with this error number."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class LineReader:
    """Takes characters, drops spaces and comments, and gives lines.

    Attributes:
        is_long: the line given last was longer than the board can hold.
    """

    def __init__(self) -> None:
        self.is_long = False
        self._line = bytearray()
        self._comment = 0
        self._overflows = False

    def take(self, byte: int) -> str | None:
        """Take one character; gives the line that it ends."""
        if byte in b"\r\n":
            text, self.is_long = self._line.decode("ascii"), self._overflows
            self._line.clear()
            self._comment, self._overflows = 0, False
            return text
        if self._comment or self._overflows:
            if byte == ord(")") and self._comment == ord("("):
                self._comment = 0
        elif byte in b"(;":
            self._comment = byte
        elif byte > ord(" ") and byte != ord("/"):
            self._overflows = len(self._line) >= LINE_CHARS
            if not self._overflows:
                self._line += bytes((byte,)).upper()
        return None


@dataclass(slots=True)
class Line:
    """One line in words.

    Attributes:
        g, m: codes by their group.
        values: the other words.
    """

    g: dict[str, float] = field(default_factory=dict)
    m: dict[str, float] = field(default_factory=dict)
    values: dict[str, float] = field(default_factory=dict)

    @property
    def axes(self) -> frozenset[str]:
        """The axes that are named."""
        return frozenset("XYZ") & self.values.keys()


def parse(text: str) -> Line:
    """Read a line that a `LineReader` gave.

    Raises:
        LineError: as the firmware refuses it.
    """
    line, at = Line(), 0
    while at < len(text):
        if not text[at].isalpha():
            raise LineError(EXPECTED_LETTER)
        match = _WORD.match(text, at)
        if match is None:
            raise LineError(BAD_NUMBER)
        _take(line, match[1], float(match[2]))
        at = match.end()
    return line


def _take(line: Line, letter: str, value: float) -> None:
    if letter in "GM":
        groups, taken = (_GROUPS, line.g) if letter == "G" else (_M_GROUPS, line.m)
        group = groups.get(value)
        if group is None:
            raise LineError(UNSUPPORTED)
        if group in taken:
            raise LineError(MODAL_CLASH)
        taken[group] = value
    elif letter not in _LETTERS:
        raise LineError(UNSUPPORTED)
    elif letter in line.values:
        raise LineError(REPEATED)
    elif value < 0 and letter in _NEVER_NEGATIVE:
        raise LineError(NEGATIVE)
    else:
        line.values[letter] = value
