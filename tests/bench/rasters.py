"""Large laser rasters of our own, in the two styles that laser software writes."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

_LEFT_MM, _FRONT_MM = 20.0, 20.0
_FEED_MM_MIN = 9000
_MOST_S = 880.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Raster:
    """A grey picture as rows of short moves.

    Attributes:
        pixel_mm: length of one move.
        columns, rows: how many pixels; rows lie 0.1 mm apart.
    """

    pixel_mm: float
    columns: int
    rows: int


ABSOLUTE = Raster(pixel_mm=0.1, columns=3000, rows=1060)
"""About 50 MB as `G1 X161.10 S346`: 300 by 106 mm."""

COMPACT = Raster(pixel_mm=0.087, columns=3500, rows=1520)
"""About 60 MB as `X0.087S362`: 304 by 152 mm."""


def write_absolute(path: Path, raster: Raster) -> None:
    """Write the raster with absolute coordinates, a word of motion on each line, and spaces."""
    ends_mm = _LEFT_MM + raster.pixel_mm * np.arange(raster.columns + 1)
    places = [f"{x:.2f}" for x in ends_mm]
    with path.open("w", encoding="ascii", newline="\n") as stream:
        stream.write(f"; raster\nG21\nG90\nM4 S0\nG1 F{_FEED_MM_MIN}\n")
        for row, powers in enumerate(_greys(raster)):
            targets, start = places[1:], places[0]
            if row % 2:
                targets, start = places[-2::-1], places[-1]
            stream.write(f"G0 X{start} Y{_FRONT_MM + row * 0.1:.2f}\n")
            stream.writelines(
                f"G1 X{x} S{s}\n" for x, s in zip(targets, powers, strict=True)
            )  # fmt: skip
        stream.write("M5\nG0 X0 Y0\nM2\n")


def write_compact(path: Path, raster: Raster) -> None:
    """Write the raster with relative coordinates, no spaces, and nothing said twice."""
    with path.open("w", encoding="ascii", newline="\n") as stream:
        stream.write(f"; raster\nG21\nG90\nG0X{_LEFT_MM:g}Y{_FRONT_MM:g}\nG91\nM4S0\n")
        stream.write(f"G1F{_FEED_MM_MIN}\n")
        for row, powers in enumerate(_greys(raster)):
            step = f"{-raster.pixel_mm if row % 2 else raster.pixel_mm:.3f}"
            first, *rest = powers
            stream.write(f"G1X{step}S{first}\n")
            stream.writelines(f"X{step}S{s}\n" for s in rest)
            stream.write("G0Y0.1\n")
        stream.write("M5\nG90\nG0X0Y0\nM2\n")


def _greys(raster: Raster) -> Iterator[list[int]]:
    """Give the `S` of each pixel, row by row: waves that cross; few neighbours are equal."""
    across = np.arange(raster.columns)
    for row in range(raster.rows):
        wave = np.sin(across / 37.0) * np.cos(row / 53.0) + np.cos(across / 3.1 + row / 11.0)
        yield np.rint(_MOST_S * (wave + 2) / 4).astype(int).tolist()
