"""Paths: what a drawing is made of once every entity is plain geometry in millimetres.

A path is a chain of lines and arcs, each beginning where the one before ends; a circle is two
arcs. Arcs stay arcs as long as they are (machines run them better than many short lines).
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple

from fablab_hub.core.geometry import Box, Point

CLOSED_WITHIN_MM = 0.01
"""Ends nearer than this are one point: tight joining and 0.01 mm agree on nearly all real files."""

MAX_PIECES = 4096
"""An arc is flattened to so many pieces at most: 0.05 mm true up to a radius of 170 m."""


class Line(NamedTuple):
    """A straight piece; a tuple, because drawings have hundreds of thousands of them."""

    start_mm: Point
    end_mm: Point

    @property
    def length_mm(self) -> float:
        """How long it is."""
        return math.dist(self.start_mm, self.end_mm)


class Arc(NamedTuple):
    """A piece of a circle, from start to end around a centre.

    Attributes:
        is_clockwise: seen from above, as G2.
    """

    start_mm: Point
    end_mm: Point
    centre_mm: Point
    is_clockwise: bool

    @property
    def radius_mm(self) -> float:
        """Distance from the centre to the start."""
        return math.dist(self.start_mm, self.centre_mm)

    @property
    def start_rad(self) -> float:
        """Angle of the start, seen from the centre."""
        return math.atan2(
            self.start_mm[1] - self.centre_mm[1], self.start_mm[0] - self.centre_mm[0]
        )

    @property
    def sweep_rad(self) -> float:
        """Angle travelled: positive counter-clockwise; equal ends make a full circle."""
        end = math.atan2(self.end_mm[1] - self.centre_mm[1], self.end_mm[0] - self.centre_mm[0])
        sweep = (end - self.start_rad) % (2 * math.pi)
        if math.dist(self.start_mm, self.end_mm) < 1e-9:
            sweep = 2 * math.pi
        return (
            sweep - 2 * math.pi
            if self.is_clockwise and sweep < 2 * math.pi
            else (-sweep if self.is_clockwise else sweep)
        )

    @property
    def length_mm(self) -> float:
        """How long it is."""
        return abs(self.sweep_rad) * self.radius_mm

    def at(self, fraction: float) -> Point:
        """Give the point at a part of the way, 0..1."""
        angle = self.start_rad + self.sweep_rad * fraction
        radius, (cx, cy) = self.radius_mm, self.centre_mm
        return (cx + radius * math.cos(angle), cy + radius * math.sin(angle))


Segment = Line | Arc


class Drawn(StrEnum):
    """As what its author drew a path."""

    LINE = "line"
    FILL = "fill"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """A chain of segments from one entity of the drawing, or from several that were joined.

    Attributes:
        segments: at least one; each starts where the one before ends.
        layer: its layer's name.
        colour: AutoCAD colour index 1..255 after BYLAYER and BYBLOCK; None for a true colour.
        rgb: true colour, 0..255 each; None where it has none.
        linetype: name in capitals, after BYLAYER (`CONTINUOUS`, `DASHED`).
        handle: the (first) entity's handle in its file.
        drawn: a line; the edge of a filled area that has no line of its own; or a letter's edge.
    """

    segments: tuple[Segment, ...]
    layer: str
    colour: int | None = 7
    rgb: tuple[int, int, int] | None = None
    linetype: str = "CONTINUOUS"
    handle: str = ""
    drawn: Drawn = Drawn.LINE
    _box: list[tuple[float, float, float, float]] = field(
        default_factory=list, init=False, repr=False, compare=False
    )
    _length_mm: list[float] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def start_mm(self) -> Point:
        """Where it begins."""
        return self.segments[0].start_mm

    @property
    def end_mm(self) -> Point:
        """Where it ends."""
        return self.segments[-1].end_mm

    @property
    def is_closed(self) -> bool:
        """Tell whether it ends where it began."""
        return math.dist(self.start_mm, self.end_mm) <= CLOSED_WITHIN_MM

    @property
    def length_mm(self) -> float:
        """How long it is; worked out once."""
        if not self._length_mm:
            self._length_mm.append(sum(segment.length_mm for segment in self.segments))
        return self._length_mm[0]

    def scaled(self, factor: float) -> "Path":
        """Give the same path larger or smaller, seen from the origin."""
        if factor == 1.0:
            return self
        return replace(self, segments=tuple(_scaled(segment, factor) for segment in self.segments))

    def moved(self, by_mm: Point) -> "Path":
        """Give the same path elsewhere."""
        return replace(self, segments=tuple(_moved(segment, by_mm) for segment in self.segments))

    def turned(self, angle_deg: float) -> "Path":
        """Give the same path, turned to the left around the origin."""
        # Quarter turns are exact: a square sheet stays one.
        cos, sin = _QUARTERS.get(angle_deg % 360) or (
            math.cos(math.radians(angle_deg)), math.sin(math.radians(angle_deg))
        )  # fmt: skip
        return replace(self, segments=tuple(_turned(each, cos, sin) for each in self.segments))

    def reversed(self) -> "Path":
        """Give the same path, followed the other way."""
        return replace(self, segments=tuple(_reversed(s) for s in reversed(self.segments)))

    def started_at(self, index: int) -> "Path":
        """Give a closed path begun at another of its segments."""
        return replace(self, segments=self.segments[index:] + self.segments[:index])


def points_of(path: Path, tolerance_mm: float = 0.05) -> list[Point]:
    """Flatten a path to points no farther than the tolerance from it, both ends included."""
    points = [path.start_mm]
    for segment in path.segments:
        if isinstance(segment, Arc):
            points += _arc_points(segment, tolerance_mm)
        points.append(segment.end_mm)
    return points


def points_along(segment: Segment, tolerance_mm: float) -> list[Point]:
    """Flatten one segment, both ends included."""
    inner = _arc_points(segment, tolerance_mm) if isinstance(segment, Arc) else []
    return [segment.start_mm, *inner, segment.end_mm]


def part_of(segment: Segment, first: float, last: float) -> Segment:
    """Give a part of a segment: from one share of its length to another, 0..1."""

    def at(part: float) -> Point:
        if part <= 0.0:
            return segment.start_mm
        if part >= 1.0:
            return segment.end_mm
        if isinstance(segment, Arc):
            return segment.at(part)
        (x, y), (u, v) = segment.start_mm, segment.end_mm
        return (x + (u - x) * part, y + (v - y) * part)

    if isinstance(segment, Line):
        return Line(at(first), at(last))
    return segment._replace(start_mm=at(first), end_mm=at(last))


def bounds_of(paths: Iterable[Path]) -> Box | None:
    """Give the exact box around paths, arcs included; None for no paths."""
    boxes = [box_of(path) for path in paths]
    if not boxes:
        return None
    lefts, fronts, rights, backs = zip(*boxes, strict=True)
    return Box((min(lefts), min(fronts), 0.0), (max(rights), max(backs), 0.0))


def box_of(path: Path) -> tuple[float, float, float, float]:
    """Give the exact box around one path: left, front, right and back; worked out once."""
    if not path._box:
        path._box.append(_box_of(path))
    return path._box[0]


def _box_of(path: Path) -> tuple[float, float, float, float]:
    points = [segment[0] for segment in path.segments]
    points.append(path.segments[-1][1])
    if any(isinstance(segment, Arc) for segment in path.segments):
        points = list(_extreme_points(path))
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    return (min(xs), min(ys), max(xs), max(ys))


def _extreme_points(path: Path) -> Iterator[Point]:
    for segment in path.segments:
        yield segment.start_mm
        yield segment.end_mm
        if isinstance(segment, Arc):
            cx, cy = segment.centre_mm
            for quarter in range(4):
                if _passes(segment, quarter * math.pi / 2):
                    yield (
                        cx + segment.radius_mm * math.cos(quarter * math.pi / 2),
                        cy + segment.radius_mm * math.sin(quarter * math.pi / 2),
                    )


def _passes(arc: Arc, angle_rad: float) -> bool:
    turn = 2 * math.pi
    if arc.is_clockwise:
        return (arc.start_rad - angle_rad) % turn <= -arc.sweep_rad
    return (angle_rad - arc.start_rad) % turn <= arc.sweep_rad


def _arc_points(arc: Arc, tolerance_mm: float) -> list[Point]:
    """Give the points between start and end; the chord's height stays below the tolerance."""
    radius, sweep = arc.radius_mm, arc.sweep_rad
    if radius <= tolerance_mm:
        count = 4
    else:
        # 1 - cos(step / 2) = 2 sin²(step / 4): exact for large radii too, where acos(1 - …) is 0.
        step = 4 * math.asin(math.sqrt(tolerance_mm / (2 * radius)))
        count = max(2, min(MAX_PIECES, math.ceil(abs(sweep) / step)))
    cx, cy = arc.centre_mm
    angles = (arc.start_rad + sweep * index / count for index in range(1, count))
    return [(cx + radius * math.cos(a), cy + radius * math.sin(a)) for a in angles]


def _moved(segment: Segment, by_mm: Point) -> Segment:
    dx, dy = by_mm
    start, end = segment.start_mm, segment.end_mm
    if isinstance(segment, Line):
        return Line((start[0] + dx, start[1] + dy), (end[0] + dx, end[1] + dy))
    centre = segment.centre_mm
    return Arc(
        (start[0] + dx, start[1] + dy),
        (end[0] + dx, end[1] + dy),
        (centre[0] + dx, centre[1] + dy),
        segment.is_clockwise,
    )


def _scaled(segment: Segment, factor: float) -> Segment:
    (x, y), (u, v) = segment.start_mm, segment.end_mm
    if isinstance(segment, Line):
        return Line((x * factor, y * factor), (u * factor, v * factor))
    cx, cy = segment.centre_mm
    return Arc(
        (x * factor, y * factor),
        (u * factor, v * factor),
        (cx * factor, cy * factor),
        segment.is_clockwise,
    )


_QUARTERS = {0.0: (1.0, 0.0), 90.0: (0.0, 1.0), 180.0: (-1.0, 0.0), 270.0: (0.0, -1.0)}


def _turned(segment: Segment, cos: float, sin: float) -> Segment:
    def turned(point: Point) -> Point:
        return (point[0] * cos - point[1] * sin, point[0] * sin + point[1] * cos)

    start, end = turned(segment.start_mm), turned(segment.end_mm)
    if isinstance(segment, Line):
        return Line(start, end)
    return Arc(start, end, turned(segment.centre_mm), segment.is_clockwise)


def _reversed(segment: Segment) -> Segment:
    if isinstance(segment, Line):
        return Line(segment.end_mm, segment.start_mm)
    return Arc(segment.end_mm, segment.start_mm, segment.centre_mm, not segment.is_clockwise)
