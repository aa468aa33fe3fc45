"""What a firmware's table holds: every command it knows, and what may happen to it.

A table is an allow-list: what it does not know is refused on a laser and asked about on a
printer, never passed on silently.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from types import MappingProxyType

from fablab_hub.core.machines import MachineKind
from fablab_hub.gcode.words import Syntax


class Policy(StrEnum):
    """What happens to a command of a file."""

    ALLOW = "allow"
    ASK = "ask"
    REFUSE = "refuse"
    DROP = "drop"


class Reason(StrEnum):
    """Why a command is not simply allowed; `gcode.<reason>` is the rule that says so."""

    NONE = ""
    UNKNOWN_COMMAND = "unknown-command"
    UNFAMILIAR_COMMAND = "unfamiliar-command"
    SETTINGS = "settings"
    FILES = "files"
    FIRMWARE = "firmware"
    PROTECTION = "protection"
    PINS = "pins"
    CALIBRATION = "calibration"
    ORIGIN_STORED = "origin-stored"
    MACHINE_POSITION = "machine-position"
    PROBE = "probe"
    FEED_MODE = "feed-mode"
    MILLING = "milling"
    INCHES = "inches"
    NEEDS_PERSON = "needs-person"
    SHIFTED_ORIGIN = "shifted-origin"
    STORED_PLACE = "stored-place"
    CONSTANT_POWER = "constant-power"
    MIST = "mist"
    OTHER_PLANE = "other-plane"
    TEST_PRINT = "test-print"
    SPINDLE_ON_PRINTER = "spindle-on-printer"
    OTHER_TOOL = "other-tool"
    META_COMMAND = "meta-command"
    LEFT_OUT = "left-out"


class Group(IntEnum):
    """Commands of one group exclude each other; the order is the one a GRBL block runs in.

    Source: grbl 1.1h `gcode.c`, step 4, where units count for the whole block and so come first.
    """

    OTHER = 0
    UNITS = 1
    FEED_MODE = 2
    FEED = 3
    POWER = 4
    TOOL = 5
    SPINDLE = 6
    COOLANT = 7
    DWELL = 8
    PLANE = 9
    CUTTER = 10
    LENGTH = 11
    WORK_OFFSET = 12
    PATH = 13
    DISTANCE = 14
    ARC_DISTANCE = 15
    NON_MODAL = 16
    MOTION = 17
    END = 18


ANY = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Row:
    """One command of a firmware.

    Attributes:
        policy: what happens to it.
        reason: why, when it is not simply allowed.
        takes: letters of the words it may have.
        group: its modal group.
    """

    policy: Policy
    reason: Reason = Reason.NONE
    takes: str = ""
    group: Group = Group.OTHER


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One firmware's G-code.

    Attributes:
        name: as `fablab.toml` writes it.
        kind: of the machines that it runs on.
        syntax: how it reads a line.
        commands: code or macro name to row.
        unknown: the row of everything that `commands` does not know.
        runs_blocks: the words of a line run in the order of `Group`; otherwise as written.
        max_line_chars: longest line that its buffer takes, without the end.
        dwell_p_s: seconds that `G4 P1` waits.
        distance_covers_extruder: `G90` and `G91` count for `E` too.
        takes_one_command: of a line; it misreads a second one.
        sets_tools_with_g10: `G10` names temperatures and offsets of tools; otherwise it retracts.
        speed_limits_per_min: `M203` counts in mm/min; otherwise in mm/s.
    """

    name: str
    kind: MachineKind
    syntax: Syntax
    commands: Mapping[str, Row]
    unknown: Row
    runs_blocks: bool = False
    max_line_chars: int
    dwell_p_s: float
    distance_covers_extruder: bool = True
    takes_one_command: bool = False
    sets_tools_with_g10: bool = False
    speed_limits_per_min: bool = False

    def row(self, code: str) -> Row:
        """Give the row of a command; `T` stands for every tool without a row of its own."""
        found = self.commands.get(code)
        if found is None and code[:1] == "T" and code[1:].isdigit():
            found = self.commands.get("T")
        return found or self.unknown


Entries = Iterable[tuple[str, Row]]


def allow(codes: str, takes: str = "", group: Group = Group.OTHER) -> Entries:
    """Make rows of commands that are passed on."""
    return [(code, Row(Policy.ALLOW, Reason.NONE, takes, group)) for code in codes.split()]


def ask(reason: Reason, codes: str, takes: str = "", group: Group = Group.OTHER) -> Entries:
    """Make rows of commands that a manager must look at."""
    return [(code, Row(Policy.ASK, reason, takes, group)) for code in codes.split()]


def refuse(reason: Reason, codes: str, group: Group = Group.OTHER) -> Entries:
    """Make rows of commands that never reach a machine."""
    return [(code, Row(Policy.REFUSE, reason, ANY, group)) for code in codes.split()]


def drop(codes: str) -> Entries:
    """Make rows of commands that are left out: the file is as good without them."""
    return [(code, Row(Policy.DROP, Reason.LEFT_OUT, ANY)) for code in codes.split()]


def numbered(letter: str, *spans: tuple[int, int]) -> str:
    """Write out codes: `numbered("M", (28, 30))` is `M28 M29 M30`."""
    return " ".join(
        f"{letter}{number}" for first, last in spans for number in range(first, last + 1)
    )


def without(codes: str, *entries: Entries) -> Entries:
    """Take rows, but for some codes, which another firmware reads in its own way."""
    left_out = set(codes.split())
    return [(code, row) for group in entries for code, row in group if code not in left_out]


def table(*entries: Entries) -> Mapping[str, Row]:
    """Join rows into one table.

    Raises:
        ValueError: a command stands in it twice.
    """
    rows: dict[str, Row] = {}
    for code, row in (pair for group in entries for pair in group):
        if code in rows:
            raise ValueError(code)
        rows[code] = row
    return MappingProxyType(rows)
