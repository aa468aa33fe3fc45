"""Pictures, and the one way to ask a camera for one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One still.

    Attributes:
        jpeg: the bytes.
        glimpse: the same, small enough to be sent every few seconds to a phone.
        width_px, height_px: its size.
        taken_at: UTC.
        is_generated: drawn by the hub because the lab has no camera there.
    """

    jpeg: bytes
    width_px: int
    height_px: int
    taken_at: datetime
    is_generated: bool = False
    glimpse: bytes = b""


class TakePicture(Protocol):
    """Ask a camera of `fablab.toml` for a still; a camera that hangs costs a time-out, no more."""

    async def __call__(self, camera_id: str) -> Picture:
        """Take one.

        Raises:
            DriverError: no such camera, no picture in time (`camera.no-picture`).
        """
        ...
