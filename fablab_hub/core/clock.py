"""Time, as an argument: the one place that asks the computer what time it is."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Where time comes from; tests give a clock that they advance."""

    def now(self) -> datetime:
        """Give the time of day, in UTC."""
        ...

    def now_s(self) -> float:
        """Give seconds on a clock that never jumps back; its zero means nothing."""
        ...


class SystemClock:
    """The computer's own clock."""

    def now(self) -> datetime:
        """Give the time of day, in UTC."""
        return datetime.now(UTC)

    def now_s(self) -> float:
        """Give seconds on a clock that never jumps back; its zero means nothing."""
        return time.monotonic()


class ManualClock:
    """A clock that stands still until it is advanced; for tests and replays."""

    def __init__(self, start: datetime = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)) -> None:
        self._start = start
        self._elapsed_s = 0.0

    def now(self) -> datetime:
        """Give the start plus what was advanced."""
        return datetime.fromtimestamp(self._start.timestamp() + self._elapsed_s, UTC)

    def now_s(self) -> float:
        """Give the seconds advanced so far."""
        return self._elapsed_s

    def advance(self, by_s: float) -> None:
        """Let time pass.

        Args:
            by_s: seconds, not negative.
        """
        self._elapsed_s += by_s


def utc_text(at: datetime) -> str:
    """Write a moment as it is stored: UTC, milliseconds, `2026-11-23T14:05:09.120Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def read_utc(text: str) -> datetime:
    """Read a moment that `utc_text` wrote.

    Raises:
        ValueError: the text is not such a moment.
    """
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
