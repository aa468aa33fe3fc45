"""GRBL's words: bytes from the board to frozen events, and the bytes that it obeys.

Source: grbl 1.1h `doc/markdown/interface.md` and `commands.md`. Any bytes get a name; where the
chunks are cut changes nothing; unknown fields of a status are ignored, as grblHAL's come and go.
"""

import re
from dataclasses import dataclass

STATUS = b"?"
HOLD = b"!"
RESUME = b"~"
SOFT_RESET = b"\x18"
IDENTIFY = b"$I\n"
READ_SETTINGS = b"$$\n"
LONGEST_LINE = 4096
"""A line that is longer is junk: its beginning is named, the rest up to its end is dropped."""


@dataclass(frozen=True, slots=True)
class Ok:
    """One line was taken and planned."""


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """One line was refused; 0 where the board only says it in words."""

    number: int


@dataclass(frozen=True, slots=True)
class Alarm:
    """The board stopped by itself; 0 where it only says so in words."""

    number: int


@dataclass(frozen=True, slots=True)
class Banner:
    """The board started, or was reset."""

    firmware: str
    version: str


@dataclass(frozen=True, slots=True)
class Message:
    """`[KIND:text]`: a remark, or part of an answer to `$I`, `$G`, `$#`."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Setting:
    """One `$n=value` of `$$`."""

    number: int
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """One `<...>` report; None for what this report leaves out.

    Attributes:
        state: `Idle`, `Run`, `Hold`, `Alarm`, `Door`, `Home`, `Jog`, `Check`, `Sleep`.
        detail: what follows the state's colon (`0` in `Hold:0`).
        machine_mm, work_mm: positions, whichever the board reports.
        offset_mm: work offset; only now and then.
        feed_mm_min: present speed.
        power_s: present `S` at the tool.
        free_blocks, free_bytes: room in planner and receive buffer (`$10=2`).
        pins: active inputs.
    """

    state: str
    detail: str = ""
    machine_mm: tuple[float, ...] | None = None
    work_mm: tuple[float, ...] | None = None
    offset_mm: tuple[float, ...] | None = None
    feed_mm_min: float | None = None
    power_s: float | None = None
    free_blocks: int | None = None
    free_bytes: int | None = None
    pins: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A line that is none of these, noise included."""

    line: bytes


Event = Ok | ErrorLine | Alarm | Banner | Message | Setting | Status | Unknown

_BANNER = re.compile(r"(grbl\w*)\s+(\S+)", re.IGNORECASE)
_MESSAGE = re.compile(r"\[([^:\]]*):?(.*)\]")
_SETTING = re.compile(r"\$(\d{1,5})=(-?\d{1,12}(?:\.\d{1,9})?)(?:\s.*)?")
_REFUSAL = re.compile(r"(error|ALARM):\s*(?:(\d{1,4})\b)?.*")
_STATE = re.compile(r"[A-Z][A-Za-z]{1,11}")
_NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,9})?")


class Decoder:
    """Cuts a stream of bytes into events."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._is_junk = False

    def feed(self, data: bytes) -> list[Event]:
        """Take bytes; gives the events of the lines that are complete now."""
        events: list[Event] = []
        *ended, begun = re.split(rb"[\r\n]", data)
        for part in ended:
            events += self._take(part)
            if self._rest:
                events.append(decode(bytes(self._rest)))
            self.reset()
        return events + self._take(begun)

    def reset(self) -> None:
        """Forget a line that had begun (the port was opened anew)."""
        self._rest.clear()
        self._is_junk = False

    def _take(self, part: bytes) -> list[Event]:
        """Take a piece of a line; gives its beginning once it is too long to be one."""
        if self._is_junk:
            return []
        self._rest += part
        if len(self._rest) <= LONGEST_LINE:
            return []
        event = Unknown(bytes(self._rest[:LONGEST_LINE]))
        self._rest.clear()
        self._is_junk = True
        return [event]


def decode(line: bytes) -> Event:
    """Name one line, given without its end; never raises."""
    try:
        text = line.decode("ascii").strip(" \t")
    except UnicodeDecodeError:
        return Unknown(line)
    event: Event | None = None
    if text == "ok":
        event = Ok()
    elif match := _REFUSAL.fullmatch(text):
        number = int(match[2] or 0)
        event = ErrorLine(number) if match[1] == "error" else Alarm(number)
    elif text.startswith("<") and text.endswith(">"):
        event = _status(text[1:-1])
    elif match := _SETTING.fullmatch(text):
        event = Setting(int(match[1]), float(match[2]))
    elif match := _MESSAGE.fullmatch(text):
        event = Message(match[1], match[2])
    elif match := _BANNER.match(text):
        event = Banner(match[1], match[2])
    return event or Unknown(line)


def buffer_bytes(options: str) -> int | None:
    """Read the size of the receive buffer from `[OPT:V,15,128]`; None when it is not told."""
    parts = options.split(",")
    is_told = len(parts) >= 3 and parts[2].strip().isdigit()
    return int(parts[2]) if is_told else None


def _status(text: str) -> Status | None:
    """Read a status by the names of its fields; None when it is garbled."""
    head, *fields = text.split("|")
    state, _, detail = head.partition(":")
    if not _STATE.fullmatch(state):
        return None
    values = {name: value for name, _, value in (field.partition(":") for field in fields)}
    try:
        speeds = _numbers(values.get("FS") or values.get("F"))
        room = _numbers(values.get("Bf"))
        return Status(
            state=state,
            detail=detail,
            machine_mm=_numbers(values.get("MPos")),
            work_mm=_numbers(values.get("WPos")),
            offset_mm=_numbers(values.get("WCO")),
            feed_mm_min=speeds[0] if speeds else None,
            power_s=speeds[1] if speeds and len(speeds) > 1 else None,
            free_blocks=int(room[0]) if room else None,
            free_bytes=int(room[1]) if room and len(room) > 1 else None,
            pins=values.get("Pn", ""),
        )
    except ValueError:
        return None


def _numbers(text: str | None) -> tuple[float, ...] | None:
    """Read numbers between commas.

    Raises:
        ValueError: one of them is none.
    """
    if not text:
        return None
    parts = text.split(",")
    if not all(_NUMBER.fullmatch(part) for part in parts):
        raise ValueError(text)
    return tuple(float(part) for part in parts)
