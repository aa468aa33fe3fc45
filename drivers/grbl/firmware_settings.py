"""The simulated board's `$` settings: what a 60 W laser with a 600 × 400 mm bed would hold."""

SETTINGS: dict[int, float] = {
    0: 10, 1: 25, 2: 0, 3: 0, 4: 0, 5: 0, 6: 0, 10: 1, 11: 0.01, 12: 0.002, 13: 0,
    20: 0, 21: 0, 22: 0, 23: 0, 24: 25, 25: 500, 26: 250, 27: 1,
    30: 1000, 31: 0, 32: 1,
    100: 80, 101: 80, 102: 80, 110: 15000, 111: 15000, 112: 3000,
    120: 1000, 121: 1000, 122: 500, 130: 600, 131: 400, 132: 50,
}  # fmt: skip
"""By number, as `$$` lists them; the values that count are those of the demo's laser."""

WHOLE = frozenset({0, 1, 2, 3, 4, 5, 6, 10, 13, 20, 21, 22, 23, 26, 32})
"""Settings without decimals."""


def setting_text(number: int, value: float) -> str:
    """Write one setting as `$$` does."""
    return f"${number}={value:.0f}" if number in WHOLE else f"${number}={value:.3f}"
