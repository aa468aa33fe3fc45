"""The simulated board's reports: `<...>`, and the answers to `$`, `$$`, `$#`, `$G`, `$I`, `$N`.

Source: grbl 1.1h, `report.c`, and what a real board was seen to say.
"""

from drivers.grbl.firmware_arcs import Vector
from drivers.grbl.firmware_gcode import Modal
from drivers.grbl.firmware_motion import Motion
from drivers.grbl.firmware_settings import setting_text

_QUIET = frozenset({"Idle", "Alarm", "Check", "Sleep"})
_SHIFT_QUIET, _SHIFT_BUSY = 10, 30
_OVERRIDES_QUIET, _OVERRIDES_BUSY = 10, 20
_MASK_MACHINE, _MASK_BUFFER = 1, 2

_OVERRIDES: dict[int, tuple[int, int | None, int]] = {
    0x90: (0, 100, 0), 0x91: (0, None, 10), 0x92: (0, None, -10),
    0x93: (0, None, 1), 0x94: (0, None, -1),
    0x95: (1, 100, 0), 0x96: (1, 50, 0), 0x97: (1, 25, 0),
    0x99: (2, 100, 0), 0x9A: (2, None, 10), 0x9B: (2, None, -10),
    0x9C: (2, None, 1), 0x9D: (2, None, -1),
}  # fmt: skip
"""By byte: which of feed, rapid and power; what it is set to, or how much is added, in percent.

They are shown; this board's motion does not follow them.
"""


class Reporter:
    """Writes status reports; the work offset and the overrides come only now and then."""

    def __init__(self, settings: dict[int, float]) -> None:
        self._settings = settings
        self._overrides = [100, 100, 100]
        self._until_shift = 0
        self._until_overrides = 0

    def override(self, byte: int) -> None:
        """Take a real-time override; other bytes above 0x7F mean nothing."""
        if byte in _OVERRIDES:
            index, value, step = _OVERRIDES[byte]
            new = self._overrides[index] + step if value is None else value
            self._overrides[index] = min(200, max(10, new))
            self._until_overrides = 0

    def shift_changed(self) -> None:
        """Tell the offset with the next report."""
        self._until_shift = 0

    def write(
        self, word: str, motion: Motion, *, power_s: float, shift_mm: Vector, free_bytes: int
    ) -> bytes:
        """Write one report.

        Args:
            word: the state, with its detail.
            motion: where the head is, and how fast.
            power_s: `S` at the beam now.
            shift_mm: the work offset.
            free_bytes: room in the receive buffer.
        """
        mask = int(self._settings[10])
        at = motion.position_mm
        fields = [word]
        if mask & _MASK_MACHINE:
            fields.append("MPos:" + _text(at))
        else:
            x, y, z = (value - shift for value, shift in zip(at, shift_mm, strict=True))
            fields.append("WPos:" + _text((x, y, z)))
        if mask & _MASK_BUFFER:
            fields.append(f"Bf:{motion.room},{free_bytes}")
        fields.append(f"FS:{motion.speed_mm_s * 60:.0f},{power_s:.0f}")
        fields += self._rare(shift_mm, is_quiet=word.partition(":")[0] in _QUIET)
        return f"<{'|'.join(fields)}>\r\n".encode()

    def _rare(self, shift_mm: Vector, *, is_quiet: bool) -> list[str]:
        shift: list[str] = []
        if self._until_shift > 0:
            self._until_shift -= 1
        else:
            self._until_shift = (_SHIFT_QUIET if is_quiet else _SHIFT_BUSY) - 1
            self._until_overrides = max(self._until_overrides, 1)  # not both in one report
            shift = ["WCO:" + _text(shift_mm)]
        if self._until_overrides > 0:
            self._until_overrides -= 1
            return shift
        self._until_overrides = (_OVERRIDES_QUIET if is_quiet else _OVERRIDES_BUSY) - 1
        return [*shift, "Ov:" + ",".join(str(value) for value in self._overrides)]


def answers(text: str, settings: dict[int, float], modal: Modal) -> bytes | None:
    """Answer a `$` question, without the `ok`; None when it is not one of them."""
    match text:
        case "$":
            lines = ["[HLP:$$ $# $G $I $N $x=val $Nx=line $J=line $SLP $C $X $H ~ ! ? ctrl-x]"]
        case "$$":
            lines = [setting_text(number, value) for number, value in sorted(settings.items())]
        case "$I":
            lines = ["[VER:1.1h.20190830:]", "[OPT:VZ,15,128]"]
        case "$G":
            lines = [_modes(modal)]
        case "$N":
            lines = ["$N0=", "$N1="]
        case "$#":
            zero = _text((0.0, 0.0, 0.0))
            stored = ("G54", "G55", "G56", "G57", "G58", "G59", "G28", "G30")
            lines = [f"[{name}:{zero}]" for name in stored]
            lines += [f"[G92:{_text(modal.g92_mm)}]", "[TLO:0.000]", f"[PRB:{zero}:0]"]
        case _:
            return None
    return "".join(f"{line}\r\n" for line in lines).encode()


def _modes(modal: Modal) -> str:
    return (
        f"[GC:G{modal.motion:.0f} G{modal.offset:.0f} G{modal.plane:.0f}"
        f" G{20 if modal.is_inch else 21} G{91 if modal.is_relative else 90} G94"
        f" M{modal.spindle:.0f} M{modal.coolant:.0f} T0"
        f" F{modal.feed_mm_min:.0f} S{modal.power_s:.0f}]"
    )


def _text(at: Vector) -> str:
    return ",".join(f"{value:.3f}" for value in at)
