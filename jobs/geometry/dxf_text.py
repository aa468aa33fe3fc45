"""Texts of a DXF to the outlines of their letters, in drawing units.

Source: the DXF reference (AutoCAD 2018), TEXT and MTEXT: heights are those of capitals, lines of an
MTEXT stand 5/3 of its height apart, and attachment points count from the upper left.
"""

import math
from collections.abc import Iterator
from typing import Any

from ezdxf.enums import TextEntityAlignment as Align
from ezdxf.math import OCS, Vec3

from fablab_hub.core.geometry import Point
from jobs.geometry.letters import Outline, cap_height, outline_of

_LINE_PITCH = 5 / 3
_MOST_LINES = 200
_ON_THE_RIGHT = frozenset({Align.RIGHT, Align.TOP_RIGHT, Align.MIDDLE_RIGHT, Align.BOTTOM_RIGHT})
_IN_THE_MIDDLE = frozenset(
    {Align.CENTER, Align.TOP_CENTER, Align.MIDDLE_CENTER, Align.BOTTOM_CENTER, Align.MIDDLE}
)
_AT_THE_TOP = frozenset({Align.TOP_LEFT, Align.TOP_CENTER, Align.TOP_RIGHT})
_HALFWAY_UP = frozenset({Align.MIDDLE_LEFT, Align.MIDDLE_CENTER, Align.MIDDLE_RIGHT, Align.MIDDLE})


def text_edges(entity: Any, tolerance: float) -> Iterator[list[Point]]:
    """Give the closed edges of the letters of a TEXT, an ATTRIB or an MTEXT, seen from above."""
    if entity.dxftype() == "MTEXT":
        yield from _paragraph(entity, tolerance)
    else:
        yield from _line(entity, tolerance)


def _line(entity: Any, tolerance: float) -> Iterator[list[Point]]:
    dxf, height = entity.dxf, abs(entity.dxf.height)
    outline = outline_of(entity.plain_text().strip(), _size(height), tolerance)
    align, first, second = entity.get_placement()
    stretch = dxf.get("width", 1.0)
    if align in (Align.FIT, Align.ALIGNED) and second is not None and outline.width > 0:
        stretch = (Vec3(second) - Vec3(first)).magnitude / outline.width
    across = _share_across(align) * outline.width
    up = _share_up(align) * height
    angle = math.radians(dxf.rotation)
    lean = math.tan(math.radians(dxf.get("oblique", 0.0)))
    mirror_x, mirror_y = (-1 if dxf.text_generation_flag & bit else 1 for bit in (2, 4))

    def placed(x: float, y: float) -> tuple[float, float]:
        y = (y - up) * mirror_y
        return ((x - across) * stretch * mirror_x + y * lean, y)

    yield from _turned(outline.edges, placed, Vec3(first), angle, entity.ocs())


def _paragraph(entity: Any, tolerance: float) -> Iterator[list[Point]]:
    """Set the lines of an MTEXT under each other; long ones are wrapped at its width."""
    dxf, height = entity.dxf, abs(entity.dxf.char_height)
    outlines = list(_wrapped(entity.plain_text(split=True), height, dxf.get("width", 0), tolerance))
    pitch = height * _LINE_PITCH * dxf.get("line_spacing_factor", 1.0)
    row, column = divmod(dxf.attachment_point - 1, 3)
    tall = height + pitch * (len(outlines) - 1)
    top = (0.0, tall / 2, tall)[min(row, 2)]
    angle = math.radians(entity.get_rotation())
    for number, outline in enumerate(outlines):
        left = -column / 2 * outline.width
        base = top - height - number * pitch

        def placed(x: float, y: float, left: float = left, base: float = base) -> Point:
            return (x + left, y + base)

        yield from _turned(outline.edges, placed, Vec3(dxf.insert), angle, OCS())


def _wrapped(lines: list[str], height: float, width: float, tolerance: float) -> Iterator[Outline]:
    count = 0
    for line in lines:
        words, rest = line.split(), [""]
        for word in words:
            longer = f"{rest[-1]} {word}".strip()
            is_full = width > 0 and outline_of(longer, _size(height), height).width > width
            if is_full and rest[-1]:
                rest.append(word)
            else:
                rest[-1] = longer
        for text in rest:
            count += 1
            if count <= _MOST_LINES:
                yield outline_of(text, _size(height), tolerance)


def _turned(
    edges: list[list[Point]], placed: Any, at: Vec3, angle_rad: float, ocs: OCS
) -> Iterator[list[Point]]:
    cos, sin = math.cos(angle_rad), math.sin(angle_rad)
    for edge in edges:
        corners = (placed(x, y) for x, y in edge)
        points = (at + Vec3(x * cos - y * sin, x * sin + y * cos) for x, y in corners)
        yield [(float(point.x), float(point.y)) for point in map(ocs.to_wcs, points)]


def _size(height: float) -> float:
    """Give the size of a font whose capitals are so high."""
    return height / cap_height(1.0)


def _share_across(align: Align) -> float:
    return 1.0 if align in _ON_THE_RIGHT else 0.5 if align in _IN_THE_MIDDLE else 0.0


def _share_up(align: Align) -> float:
    return 1.0 if align in _AT_THE_TOP else 0.5 if align in _HALFWAY_UP else 0.0
