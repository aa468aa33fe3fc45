"""The words of Marlin: bytes to events, commands to bytes. Never raises on what a board says.

Sources: Marlin 2.0.9.7 as heard on its serial port, the host notes of the Marlin documentation
("Serial communication"), and the RepRap wiki for `rs`, which older firmwares say for `Resend`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from fablab_hub.core.geometry import Point3
from fablab_hub.core.machines import Temperatures

MAX_LINE_BYTES = 1024
"""A line longer than this is noise; what was kept of it is named, the rest is dropped."""


@dataclass(frozen=True, slots=True)
class Ok:
    """A command was taken; for a motion that means queued, not done.

    Attributes:
        temperatures: what `M105` answers on the same line.
        number: the acknowledged line, where the board tells it (`ADVANCED_OK`).
        free_commands: free places for commands (`B`), where it tells that too.
    """

    temperatures: Temperatures | None = None
    number: int | None = None
    free_commands: int | None = None


@dataclass(frozen=True, slots=True)
class Heat:
    """A temperature report that answers no command.

    Attributes:
        temperatures: measured and aimed at.
        is_waiting: the board is waiting for a heater, and is alive (`W:`).
    """

    temperatures: Temperatures
    is_waiting: bool


@dataclass(frozen=True, slots=True)
class Busy:
    """The board works on a long command; no answer, but a sign of life."""

    doing: str


@dataclass(frozen=True, slots=True)
class Resend:
    """The board wants everything again from this line on; an `ok` that means nothing follows."""

    number: int


@dataclass(frozen=True, slots=True)
class Start:
    """The board has just started: whatever it did before is lost."""


@dataclass(frozen=True, slots=True)
class Wait:
    """The board is idle and waits for a command (some older firmwares say it each second)."""


@dataclass(frozen=True, slots=True)
class Halted:
    """The board stopped by itself and stays silent until somebody resets it.

    Attributes:
        text: its own words.
        is_thermal: a heater did what a safe heater cannot do.
    """

    text: str
    is_thermal: bool


@dataclass(frozen=True, slots=True)
class Complaint:
    """An error about the line of communication; a `Resend` says what to do about it."""

    text: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """An error that no table here knows."""

    text: str


@dataclass(frozen=True, slots=True)
class ColdExtrusion:
    """The nozzle is too cold, so the board left the extrusion out."""


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """The board does not know a command; it says `ok` all the same."""

    command: str


@dataclass(frozen=True, slots=True)
class Position:
    """Where the board says the tool is (`M114`)."""

    at_mm: Point3


@dataclass(frozen=True, slots=True)
class Firmware:
    """The first line of what `M115` answers."""

    name: str
    version: str
    machine: str


@dataclass(frozen=True, slots=True)
class Capability:
    """One `Cap:` line of what `M115` answers."""

    name: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class Remark:
    """An `echo:` or `//` line that changes nothing."""

    text: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A line that is no word of Marlin: noise, or a firmware that we do not know."""

    line: bytes


Event = (
    Ok
    | Heat
    | Busy
    | Resend
    | Start
    | Wait
    | Halted
    | Complaint
    | Trouble
    | ColdExtrusion
    | NotUnderstood
    | Position
    | Firmware
    | Capability
    | Remark
    | Unknown
)

_NUMBER = r"-?\d{1,6}(?:\.\d{1,6})?"
_HEATER = re.compile(rf"\b(T0?|B):\s*({_NUMBER})\s*/\s*({_NUMBER})")
_OK = re.compile(r"ok(?: N(\d{1,9}))?(?: P\d{1,3})?(?: B(\d{1,3}))?(?=\s|$)")
_RESEND = re.compile(r"(?:resend|rs)\s*:?\s*N?:?\s*(\d{1,9})\s*$", re.IGNORECASE)
_POSITION = re.compile(rf"X:\s*({_NUMBER})\s+Y:\s*({_NUMBER})\s+Z:\s*({_NUMBER})\s+E:")
_FIRMWARE = re.compile(r"FIRMWARE_NAME:\s*(\S+)[ _-]*(.*?)(?:\s+[A-Z_]{4,}:|$)")
_MACHINE_TYPE = re.compile(r"MACHINE_TYPE:(.*?)(?:\s+[A-Z_]{4,}:|$)")
_CAPABILITY = re.compile(r"Cap:([A-Z0-9_]+):([01])$")
_BUSY = re.compile(r"(?:echo:\s*)?busy:\s*(.*)")
_NOT_UNDERSTOOD = re.compile(r'echo:\s*Unknown command:\s*"?(.*?)"?(?:\(\d+\))?$')
_ERROR = re.compile(r"(?:!!\s*)?error\s*:\s*(.*)", re.IGNORECASE)
_LINE_TROUBLE = re.compile(r"checksum|line number|format error|expected line", re.IGNORECASE)
_HALT = re.compile(r"halted|stopped|kill|M999", re.IGNORECASE)
_THERMAL = re.compile(r"thermal|heating failed|mintemp|maxtemp|thermistor", re.IGNORECASE)


def decode(line: bytes) -> Event:
    """Name one line of a board, given without its end."""
    if any(not 32 <= byte < 127 and byte != 9 for byte in line):
        return Unknown(line)
    text = line.decode("ascii").strip()
    for pattern, make in _WORDS:
        if found := pattern.match(text):
            return make(found)
    if temperatures := _decode_heat(text):
        return Heat(temperatures, is_waiting=" W:" in text)
    return Remark(text) if text.startswith(("echo:", "//")) else Unknown(line)


def _decode_ok(found: re.Match[str]) -> Ok:
    number, free = (int(field) if field else None for field in found.groups())
    return Ok(_decode_heat(found.string), number, free)


def _decode_error(found: re.Match[str]) -> Event:
    text = found[1].strip()
    if _HALT.search(text) or _THERMAL.search(text):
        return Halted(text, is_thermal=bool(_THERMAL.search(text)))
    return Complaint(text) if _LINE_TROUBLE.search(text) else Trouble(text)


def _decode_heat(text: str) -> Temperatures | None:
    """Read `T:21.87 /0.00 B:21.87 /0.00`; a printer without a heated bed has no `B`."""
    heaters = {name[0]: (float(now), float(aim)) for name, now, aim in _HEATER.findall(text)}
    if "T" not in heaters:
        return None
    nozzle, bed = heaters["T"], heaters.get("B", (0.0, 0.0))
    return Temperatures(
        nozzle_c=nozzle[0], nozzle_target_c=nozzle[1], bed_c=bed[0], bed_target_c=bed[1]
    )


def _decode_firmware(found: re.Match[str]) -> Firmware:
    machine = _MACHINE_TYPE.search(found.string)
    return Firmware(found[1], found[2].strip(), machine[1].strip() if machine else "")


_WORDS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Event]], ...] = (
    (_OK, _decode_ok),
    (_RESEND, lambda found: Resend(int(found[1]))),
    (_BUSY, lambda found: Busy(found[1])),
    (re.compile(r"start$"), lambda _: Start()),
    (re.compile(r"wait$"), lambda _: Wait()),
    (_ERROR, _decode_error),
    (_POSITION, lambda found: Position((float(found[1]), float(found[2]), float(found[3])))),
    (_CAPABILITY, lambda found: Capability(found[1], found[2] == "1")),
    (_FIRMWARE, _decode_firmware),
    (
        re.compile(r"(?:echo:)?\s*cold extrusion prevented", re.IGNORECASE),
        lambda _: ColdExtrusion(),
    ),
    (_NOT_UNDERSTOOD, lambda found: NotUnderstood(found[1])),
)
"""Every line that starts in a way we know, in the order they are tried."""


class Reader:
    """Cuts a stream of bytes into events; where the chunks are cut changes nothing."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[tuple[bytes, Event]]:
        """Take a chunk; give each line that is now whole, raw and named. Empty lines are none."""
        *lines, self._rest = (self._rest + data).replace(b"\r", b"\n").split(b"\n")
        self._rest = self._rest[: MAX_LINE_BYTES + 1]
        return [(line, decode(line)) for raw in lines if (line := raw[:MAX_LINE_BYTES]).strip()]


def numbered(number: int, text: bytes) -> bytes:
    """Write a command with its line number and checksum: the XOR of all before the `*`."""
    body = b"N%d %s" % (number, text)
    check = 0
    for byte in body:
        check ^= byte
    return b"%s*%d\n" % (body, check)
