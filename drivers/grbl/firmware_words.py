"""The simulated board's G-code parser: one line to one checked command, or an error number.

Written from grbl 1.1h's documentation and behaviour (`gcode.c`, error list in `doc/csv`), on its
own: it shares nothing with the codec that it is used to test.
"""

import math
import re
from dataclasses import dataclass, field

_WORD = re.compile(r"([A-Z])([+-]?(?:\d+\.?\d*|\.\d+))")

MOTION = {0.0, 1.0, 2.0, 3.0, 80.0}
_GROUPS: dict[float, str] = {
    **dict.fromkeys(MOTION, "motion"),
    **dict.fromkeys((4.0, 10.0, 28.0, 28.1, 30.0, 30.1, 53.0, 92.0, 92.1), "once"),
    17.0: "plane", 18.0: "plane", 19.0: "plane",
    20.0: "units", 21.0: "units",
    40.0: "cutter", 43.1: "length", 49.0: "length",
    **dict.fromkeys((54.0, 55.0, 56.0, 57.0, 58.0, 59.0), "offset"),
    61.0: "path", 90.0: "distance", 91.0: "distance", 91.1: "arc", 93.0: "feed", 94.0: "feed",
}  # fmt: skip
_M_GROUPS: dict[float, str] = {
    0.0: "program", 1.0: "program", 2.0: "program", 30.0: "program",
    3.0: "spindle", 4.0: "spindle", 5.0: "spindle",
    7.0: "coolant", 8.0: "coolant", 9.0: "coolant",
}  # fmt: skip

EXPECTED_LETTER, BAD_NUMBER, UNSUPPORTED, MODAL_CLASH = 1, 2, 20, 21
NO_FEED, REPEATED, NO_AXES, BAD_ARC, NO_OFFSETS = 22, 25, 26, 33, 35
NO_RADIUS_POINTS = 34


class LineError(Exception):
    """The line is refused with this error number."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@dataclass(slots=True)
class Modal:
    """What holds from line to line."""

    motion: float = 0.0
    is_inch: bool = False
    is_relative: bool = False
    feed_mm_min: float = 0.0
    power_s: float = 0.0
    spindle: float = 5.0
    is_mist: bool = False
    is_flood: bool = False
    offset: float = 54.0
    plane: float = 17.0
    g92_mm: tuple[float, float, float] = (0.0, 0.0, 0.0)


@dataclass(slots=True)
class Line:
    """One checked line.

    Attributes:
        g, m: codes by their group.
        values: the other words.
    """

    g: dict[str, float] = field(default_factory=dict)
    m: dict[str, float] = field(default_factory=dict)
    values: dict[str, float] = field(default_factory=dict)

    @property
    def has_axes(self) -> bool:
        """Tell whether X, Y or Z is named."""
        return any(axis in self.values for axis in "XYZ")


def clean(text: str) -> str:
    """Drop comments, spaces and the block-delete mark; turn to capitals."""
    text = re.sub(r"\([^)]*\)?", "", text.split(";", maxsplit=1)[0])
    return re.sub(r"[\s/]", "", text).upper()


def parse(text: str) -> Line:
    """Read a cleaned line.

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
    elif letter not in "FIJKLNPRSTXYZ":
        raise LineError(UNSUPPORTED)
    elif letter in line.values:
        raise LineError(REPEATED)
    else:
        line.values[letter] = value


def arc_centre(
    line: Line, start: tuple[float, float], target: tuple[float, float], scale: float,
    *, is_clockwise: bool,
) -> tuple[float, float]:  # fmt: skip
    """Find the centre of an arc in the XY plane, in mm.

    Raises:
        LineError: no offsets, no way to reach the target with the radius, or a radius that
            differs between start and end (0.5 mm, or 0.1 % beyond 0.005 mm).
    """
    if "R" in line.values:
        return _centre_of_radius(line.values["R"] * scale, start, target, is_clockwise=is_clockwise)
    if "I" not in line.values and "J" not in line.values:
        raise LineError(NO_OFFSETS)
    cx = start[0] + line.values.get("I", 0.0) * scale
    cy = start[1] + line.values.get("J", 0.0) * scale
    radius = math.hypot(start[0] - cx, start[1] - cy)
    difference = abs(math.hypot(target[0] - cx, target[1] - cy) - radius)
    if difference > 0.5 or (difference > 0.005 and difference > 0.001 * radius):
        raise LineError(BAD_ARC)
    return cx, cy


def _centre_of_radius(
    radius: float, start: tuple[float, float], target: tuple[float, float], *, is_clockwise: bool
) -> tuple[float, float]:
    dx, dy = target[0] - start[0], target[1] - start[1]
    span = math.hypot(dx, dy)
    rest = radius * radius - span * span / 4
    if span == 0 or rest < 0:
        raise LineError(BAD_ARC if span == 0 else NO_RADIUS_POINTS)
    height = math.sqrt(rest) * (-1 if is_clockwise == (radius > 0) else 1)
    return (
        start[0] + dx / 2 - height * dy / span,
        start[1] + dy / 2 + height * dx / span,
    )
