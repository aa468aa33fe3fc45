"""A laser, a sheet, and shapes to cut from it."""

from itertools import pairwise
from pathlib import Path as FilePath

import pytest

from fablab_hub.core.config import read_settings
from jobs.geometry.path import Arc, Line, Path

DEMO = FilePath(__file__).parents[3] / "fablab_hub" / "cli" / "demo.toml"


@pytest.fixture(scope="session")
def lab():
    return read_settings(DEMO)


@pytest.fixture(scope="session")
def laser(lab):
    return lab.machines["laser"]


@pytest.fixture(scope="session")
def plywood(lab):
    return lab.materials["plywood-3"]


def square(x, y, side, **look) -> Path:
    corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)]
    lines = tuple(Line(a, b) for a, b in pairwise(corners))
    return Path(segments=lines, **{"layer": "0", **look})


def circle(x, y, radius, **look) -> Path:
    right, left = (x + radius, y), (x - radius, y)
    arcs = (Arc(right, left, (x, y), False), Arc(left, right, (x, y), False))
    return Path(segments=arcs, **{"layer": "0", **look})


def line(*points, **look) -> Path:
    lines = tuple(Line(a, b) for a, b in pairwise(points))
    return Path(segments=lines, **{"layer": "0", **look})
