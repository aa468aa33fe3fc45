"""The simulated board's `$` settings: what a 60 W laser with a 600 × 400 mm bed would hold."""

from drivers.grbl.firmware_words import (
    BAD_NUMBER,
    BAD_STATEMENT,
    NEEDS_HOMING,
    NEGATIVE,
    LineError,
)

SETTINGS: dict[int, float] = {
    0: 10, 1: 25, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0, 10: 1, 11: 0.01, 12: 0.002, 13: 0,
    20: 0, 21: 0, 22: 0, 23: 0, 24: 25, 25: 500, 26: 250, 27: 1,
    30: 1000, 31: 0, 32: 1,
    100: 80, 101: 80, 102: 80, 110: 15000, 111: 15000, 112: 3000,
    120: 1000, 121: 1000, 122: 500, 130: 600, 131: 400, 132: 50,
}  # fmt: skip
"""By number, as `$$` lists them; the values that count are those of the demo's laser."""

WHOLE = frozenset({0, 1, 2, 3, 4, 5, 6, 10, 13, 20, 21, 22, 23, 26, 30, 31, 32})
"""Settings without decimals."""

_SOFT_LIMITS, _HOMING = 20, 22


def setting_text(number: int, value: float) -> str:
    """Write one setting as `$$` does."""
    return f"${number}={value:.0f}" if number in WHOLE else f"${number}={value:.3f}"


def set_setting(settings: dict[int, float], text: str) -> None:
    """Obey `$n=value`.

    Raises:
        LineError: no such setting, no number, negative, or soft limits without homing.
    """
    name, is_given, value_text = text[1:].partition("=")
    if not name.isdigit() or not is_given or int(name) not in settings:
        raise LineError(BAD_STATEMENT)
    try:
        number, value = int(name), float(value_text)
    except ValueError:
        raise LineError(BAD_NUMBER) from None
    if value < 0:
        raise LineError(NEGATIVE)
    if number == _SOFT_LIMITS and value and not settings[_HOMING]:
        raise LineError(NEEDS_HOMING)
    if number == _HOMING and not value:
        settings[_SOFT_LIMITS] = 0
    settings[number] = value
