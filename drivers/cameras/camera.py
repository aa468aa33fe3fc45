"""What every camera is to us: something that gives a still."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from numpy import uint8
from numpy.typing import NDArray

Pixels = NDArray[uint8]
"""Rows, columns, and blue, green, red: OpenCV's own order."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One still, not yet a JPEG."""

    pixels: Pixels
    taken_at: datetime


class Camera(Protocol):
    """One camera; it may block, so it lives in a process of its own."""

    def still(self) -> Frame:
        """Take a picture of what is there now.

        Raises:
            TransportError: no picture came in time (`camera.no-picture`).
        """
        ...

    def close(self) -> None:
        """Let go of the device or the line; never raises."""
        ...
