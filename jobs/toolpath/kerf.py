"""Make up for the beam's width: outside for parts, inside for holes.

A whole circle only changes its radius. Other contours are moved as polygons (GEOS), and the arcs
that get lost in it are found again.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import shapely

from jobs.geometry.containment import holders_of, shapes_of
from jobs.geometry.path import Arc, Line, Path, Segment, points_of
from jobs.toolpath.arc_fitting import with_arcs

_CHORD_MM = 0.003
_FIT_MM = 0.008
_MITRE = 2.5


def depths_of(paths: Sequence[Path]) -> list[int | None]:
    """Count the closed contours around each closed path; None for an open one."""
    shapes = shapes_of(paths)
    holders = holders_of(shapes)
    depths: list[int | None] = [None] * len(paths)
    for shape, around in zip(shapes, holders, strict=True):
        if shape.outline is not None:
            closed = [holder for holder in around if shapes[holder].outline is not None]
            depths[shape.members[0]] = len(closed)
    return depths


def moved_out(path: Path, by_mm: float) -> list[Path]:
    """Move a closed contour outwards (or inwards, below 0); it may fall apart, or vanish."""
    if (circle := _circle_of(path)) is not None:
        centre, radius, is_clockwise = circle
        return [_circle(path, centre, radius + by_mm, is_clockwise)] if radius + by_mm > 0 else []
    polygon = shapely.Polygon(points_of(path, _CHORD_MM))
    if not polygon.is_valid:
        polygon = polygon.buffer(0)
    moved = polygon.buffer(by_mm, join_style="mitre", mitre_limit=_MITRE)
    found: list[Path] = []
    for part in getattr(moved, "geoms", [moved]):
        ring = shapely.get_coordinates(shapely.get_exterior_ring(part))
        if len(ring) > 3:
            corners = [(float(x), float(y)) for x, y in ring]
            lines = tuple(Line(a, b) for a, b in pairwise(corners) if a != b)
            found.append(with_arcs(replace(path, segments=lines), _FIT_MM))
    return found


def _circle_of(path: Path) -> tuple[tuple[float, float], float, bool] | None:
    first = path.segments[0]
    if not isinstance(first, Arc) or not path.is_closed:
        return None
    for segment in path.segments[1:]:
        if not isinstance(segment, Arc) or segment.is_clockwise != first.is_clockwise:
            return None
        if math.dist(segment.centre_mm, first.centre_mm) > _CHORD_MM:
            return None
    return first.centre_mm, first.radius_mm, first.is_clockwise


def _circle(path: Path, centre: tuple[float, float], radius_mm: float, is_clockwise: bool) -> Path:
    x, y = centre
    right, left = (x + radius_mm, y), (x - radius_mm, y)
    segments: tuple[Segment, ...] = (
        Arc(right, left, centre, is_clockwise),
        Arc(left, right, centre, is_clockwise),
    )
    return replace(path, segments=segments)
