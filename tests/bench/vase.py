"""A vase of our own, fine enough that its sliced program is larger than any upload we expect."""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

_FACET = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("spare", "<u2")])
"""One facet of a binary STL: a normal (0 lets the reader work it out), corners, two spare bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vase:
    """How the vase is shaped: a solid of revolution with twisted flutes and a fine ripple.

    Attributes:
        radius_mm: mean radius.
        height_mm: from foot to rim.
        around, up: facets around and up the wall; the wall has twice their product.
    """

    radius_mm: float = 30.0
    height_mm: float = 100.0
    around: int = 1500
    up: int = 420

    @property
    def facets(self) -> int:
        """Give the number of facets, foot and rim included."""
        return 2 * self.around * self.up + 2 * self.around


BIG = Vase()
SMALL = Vase(radius_mm=18.0, height_mm=34.0, around=240, up=300)


def write_vase(path: Path, vase: Vase) -> None:
    """Write the vase as binary STL, in mm; the same bytes every time."""
    ring = np.arange(vase.around) * (2 * math.pi / vase.around)
    part = np.linspace(0.0, 1.0, vase.up + 1)[:, None]
    belly = 1 + 0.18 * np.sin(2 * math.pi * part) - 0.1 * part
    flutes = 0.06 * np.cos(9 * ring + 2.5 * part)
    ripple = 0.008 * np.cos(180 * ring - 40 * part)
    radius = vase.radius_mm * (belly + flutes + ripple)
    wall = np.stack(
        (
            radius * np.cos(ring),
            radius * np.sin(ring),
            np.broadcast_to(part * vase.height_mm, radius.shape),
        ),
        axis=-1,
    )
    low, high = wall[:-1], wall[1:]
    low_next, high_next = np.roll(low, -1, axis=1), np.roll(high, -1, axis=1)
    foot = np.broadcast_to((0.0, 0.0, 0.0), wall[0].shape)
    rim = np.broadcast_to((0.0, 0.0, vase.height_mm), wall[0].shape)
    corners = np.concatenate(
        [
            np.stack(triangle, axis=-2).reshape(-1, 3, 3)
            for triangle in (
                (low, low_next, high_next),
                (low, high_next, high),
                (foot, np.roll(wall[0], -1, axis=0), wall[0]),
                (rim, wall[-1], np.roll(wall[-1], -1, axis=0)),
            )
        ]
    )
    facets = np.zeros(len(corners), dtype=_FACET)
    facets["corners"] = corners
    with path.open("wb") as stream:
        stream.write(b"vase of the benchmarks".ljust(80))
        stream.write(np.uint32(len(facets)).tobytes())
        facets.tofile(stream)
