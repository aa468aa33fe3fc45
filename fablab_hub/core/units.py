"""Conversions into the units used inside: millimetres, mm/min, seconds, degrees Celsius."""

MM_PER_INCH = 25.4
"""Exact since 1959 (international yard and pound agreement)."""

S_PER_MIN = 60.0
MM_PER_M = 1000.0


def mm_from_inch(value_in: float) -> float:
    """Turn inches into millimetres."""
    return value_in * MM_PER_INCH


def mm_s_from_mm_min(feed_mm_min: float) -> float:
    """Turn a feed as machines write it into millimetres per second."""
    return feed_mm_min / S_PER_MIN


def mm_min_from_mm_s(speed_mm_s: float) -> float:
    """Turn millimetres per second into a feed as machines write it."""
    return speed_mm_s * S_PER_MIN
