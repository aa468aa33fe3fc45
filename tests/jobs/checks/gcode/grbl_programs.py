"""Programs whose times real GRBL has told: what a laser does, and what is hard to foretell.

Each is made by a few lines, always the same bytes: `grbl_seconds.json` holds their hashes.
"""

import math
import random
from collections.abc import Callable, Iterator

_HEAD = ["G21", "G90", "M4 S500"]


def raster_absolute() -> Iterator[str]:
    """Engrave rows of pixels of 0.1 mm, each a move of its own, faster than it can be planned."""
    shades = random.Random(1)
    yield "F6000"
    for row in range(20):
        yield f"G0 X10 Y{10 + row * 0.5:.2f}"
        yield from (f"G1 X{10 + n * 0.1:.3f} S{shades.randrange(1000)}" for n in range(1, 400))


def raster_relative() -> Iterator[str]:
    """Engrave rows to and fro, as compact as LightBurn writes them."""
    shades = random.Random(2)
    yield from ("G0 X10 Y10", "G91", "G1 F9000 S0")
    for row in range(20):
        step = 0.3 if row % 2 == 0 else -0.3
        yield from (f"X{step}S{shades.randrange(1000)}" for _ in range(200))
        yield "Y0.3S0"
    yield "G90"


def boxes_cut() -> Iterator[str]:
    """Cut plates with round corners and holes as slowly as plywood wants it, beam off between."""
    for n in range(12):
        x, y = 10 + 45 * (n % 4), 10 + 45 * (n // 4)
        yield from (f"G0 X{x + 5} Y{y}", "M3 S750", f"G1 X{x + 35} F900")
        yield from (f"G3 X{x + 40} Y{y + 5} I0 J5", f"G1 Y{y + 35}")
        yield from (f"G3 X{x + 35} Y{y + 40} I-5 J0", f"G1 X{x + 5}")
        yield from (f"G3 X{x} Y{y + 35} I0 J-5", f"G1 Y{y + 5}", f"G3 X{x + 5} Y{y} I5 J0", "M5")
        yield from (f"G0 X{x + 22} Y{y + 20}", "M3 S750", f"G2 X{x + 22} Y{y + 20} I-2 J0", "M5")


def zigzag() -> Iterator[str]:
    """Hatch with sharp corners."""
    yield "F9000"
    yield from (f"G1 X{n * 0.5:.3f} Y{n % 2 * 10}" for n in range(400))


def fine_curves() -> Iterator[str]:
    """Follow circles drawn with 720 straight pieces."""
    yield "F6000"
    for radius in (5, 20):
        for n in range(3 * 720 + 1):
            turn = n * math.pi / 360
            x, y = 100 + radius * math.cos(turn), 100 + radius * math.sin(turn)
            yield f"G1 X{x:.3f} Y{y:.3f}"


def large_arcs() -> Iterator[str]:
    """Drive full circles of 20 mm."""
    yield "F6000"
    for n in range(20):
        x, y = 30 + 22 * (n % 8), 30 + 22 * (n // 8)
        yield from (f"G0 X{x} Y{y}", f"G2 X{x} Y{y} I-10 J0")


def small_arcs() -> Iterator[str]:
    """Drive full circles of 1 to 8 mm, faster than their pieces can be planned."""
    yield "F6000"
    for n, radius in enumerate((0.5, 1, 2, 4) * 12):
        x, y = 30 + 10 * (n % 8), 30 + 10 * (n // 8)
        yield from (f"G0 X{x} Y{y}", f"G2 X{x} Y{y} I{-radius} J0")


def wandering() -> Iterator[str]:
    """Go anywhere, at changing feeds, with travel between."""
    chance = random.Random(3)
    x = y = 150.0
    for n in range(1500):
        far = (0.5, 5, 50)[n % 3]
        x = min(290.0, max(10.0, x + chance.uniform(-far, far)))
        y = min(290.0, max(10.0, y + chance.uniform(-far, far)))
        feed = f" F{chance.choice((1000, 3000, 8000, 12000))}" if n % 5 == 0 else ""
        yield f"{'G0' if n % 10 == 9 else 'G1'} X{x:.3f} Y{y:.3f}{feed}"


def dots() -> Iterator[str]:
    """Mark dots: drive, stand, burn for a moment."""
    yield "M3 S0"
    for n in range(100):
        yield from (f"G0 X{n % 10 * 7} Y{n // 10 * 7}", "G1 S200 F1000", "G4 P0.05", "S0")


PROGRAMS: dict[str, Callable[[], Iterator[str]]] = {
    made.__name__: made
    for made in (
        raster_absolute, raster_relative, boxes_cut, zigzag, fine_curves, large_arcs, small_arcs,
        wandering, dots,
    )
}  # fmt: skip


def program(name: str) -> bytes:
    """Write one of them."""
    return "\n".join([*_HEAD, *PROGRAMS[name](), "M5", ""]).encode()
