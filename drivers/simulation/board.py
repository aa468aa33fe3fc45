"""What a simulated board is: a firmware as pure bytes and time, without a port of its own."""

from typing import Any, Protocol


class Board(Protocol):
    """A firmware that takes bytes and time, and gives bytes.

    `now_s` never jumps back; motion happens in it, so that a host may let it run faster.
    """

    def power_on(self, now_s: float) -> bytes:
        """Start, or start again after a reset of the board; gives the banner."""
        ...

    def receive(self, data: bytes, now_s: float) -> bytes:
        """Take bytes from the line; gives what the firmware says to them now."""
        ...

    def tick(self, now_s: float) -> bytes:
        """Let time pass; gives what the firmware says by itself until now."""
        ...

    def next_event_s(self) -> float | None:
        """Give the moment when `tick` is wanted next; None when nothing is under way."""
        ...

    def state(self) -> dict[str, Any]:
        """Show what an eye at the machine would see (position, beam, heaters), for tests."""
        ...
