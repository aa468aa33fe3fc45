"""Bézier curves to points within a tolerance. Pure.

Source of the number of steps: R. Goldman, Pyramid Algorithms (2003), section 5.6.3 (Wang):
a curve of degree d cut into n equal steps of its parameter lies within
`d (d - 1) / 8 · max|p[i] - 2 p[i+1] + p[i+2]| / n²` of its chords.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from fablab_hub.core.geometry import Point
from jobs.geometry.path import MAX_PIECES


def bezier_points(corners: Sequence[Point], tolerance: float) -> list[Point]:
    """Give points along a curve, its start left out and its end included.

    Args:
        corners: its start, one or two control points, and its end.
        tolerance: how far the chords may be from the curve.
    """
    points = np.array(corners, dtype=np.float64)
    degree = len(corners) - 1
    bend = points[:-2] - 2 * points[1:-1] + points[2:]
    most = float(np.hypot(bend[:, 0], bend[:, 1]).max())
    if not math.isfinite(most):
        return [corners[-1]]
    steps = math.ceil(math.sqrt(degree * (degree - 1) / 8 * most / tolerance))
    steps = max(1, min(steps, MAX_PIECES))
    t = np.linspace(0.0, 1.0, steps + 1)[1:-1, None]
    level = list(points)
    for _ in range(degree):
        level = [(1 - t) * a + t * b for a, b in pairwise(level)]
    return [*((float(x), float(y)) for x, y in level[0]), corners[-1]]
