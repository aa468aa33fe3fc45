"""DXF entities to paths, in drawing units; blocks are opened, arcs stay arcs.

Source: the DXF reference (AutoCAD 2018) for bulges, object coordinate systems and inheritance of
layer 0 and BYBLOCK through INSERT; ezdxf does the arithmetic of curves and of inserts.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from ezdxf import colors
from ezdxf import path as curves
from ezdxf.document import Drawing as Document
from ezdxf.entities.dxfentity import DXFEntity
from ezdxf.entities.dxfgfx import DXFGraphic
from ezdxf.entities.insert import Insert
from ezdxf.math import OCS, Vec3, bulge_center

from fablab_hub.core.errors import LimitExceededError
from fablab_hub.core.geometry import Point
from jobs.geometry.drawing import DrawingLimits, LeftOut, Seen
from jobs.geometry.dxf_text import text_edges
from jobs.geometry.path import Arc, Drawn, Line, Path, Segment

_DEEPEST_BLOCK = 16
_FLAT = 1e-6
_BYBLOCK, _BYLAYER = 0, 256

_LEFT_OUT = {
    **dict.fromkeys(("ATTDEF", "ARCTEXT"), LeftOut.TEXT),
    **dict.fromkeys(
        ("DIMENSION", "ARC_DIMENSION", "LARGE_RADIAL_DIMENSION", "LEADER", "MULTILEADER",
         "MLEADER", "TOLERANCE"),
        LeftOut.DIMENSION,
    ),
    **dict.fromkeys(
        ("IMAGE", "WIPEOUT", "PDFUNDERLAY", "DWFUNDERLAY", "DGNUNDERLAY", "OLE2FRAME", "OLEFRAME"),
        LeftOut.IMAGE,
    ),
    **dict.fromkeys(("XLINE", "RAY"), LeftOut.ENDLESS),
    **dict.fromkeys(
        ("3DSOLID", "BODY", "REGION", "MESH", "3DFACE", "SURFACE", "EXTRUDEDSURFACE",
         "LOFTEDSURFACE", "REVOLVEDSURFACE", "SWEPTSURFACE"),
        LeftOut.SOLID_3D,
    ),
    "POINT": LeftOut.POINT,
}  # fmt: skip
_CURVES = frozenset(
    {"ARC", "CIRCLE", "LWPOLYLINE", "POLYLINE", "ELLIPSE", "SPLINE", "HELIX", "SOLID", "TRACE"}
)
_TEXTS = frozenset({"TEXT", "MTEXT", "ATTRIB"})
_FILLED = frozenset({"HATCH", "MPOLYGON", "SOLID", "TRACE"})
_DRAWN = {**dict.fromkeys(_TEXTS, Drawn.TEXT), **dict.fromkeys(_FILLED, Drawn.FILL)}
_SILENT = frozenset({"VIEWPORT", "SEQEND", "ACAD_PROXY_ENTITY"})


@dataclass(frozen=True, slots=True)
class _Look:
    """What an entity inherits from the block reference it stands in."""

    layer: str = "0"
    colour: int = 7
    rgb: tuple[int, int, int] | None = None
    linetype: str = "CONTINUOUS"


@dataclass(slots=True)
class EntityReader:
    """Reads the entities of one document.

    Attributes:
        document: as ezdxf loaded it.
        limits: how much is read.
        unit_mm: millimetres in a drawing unit; only tolerances need it here.
        left_out: counts by reason, complete once `read` is exhausted.
        seen: what else was met, counted.
    """

    document: Document
    limits: DrawingLimits
    unit_mm: float
    left_out: Counter[LeftOut] = field(default_factory=Counter)
    seen: Counter[Seen] = field(default_factory=Counter)
    _entities: int = 0
    _points: int = 0

    def read(self) -> Iterator[Path]:
        """Give the paths of the model space, in file order.

        Raises:
            LimitExceededError: too many entities or points.
        """
        yield from self._read(self.document.modelspace(), _Look(), 0)

    def _read(self, entities: Iterable[DXFEntity], parent: _Look, depth: int) -> Iterator[Path]:
        for entity in entities:
            self._count_entity()
            if not isinstance(entity, DXFGraphic) or entity.dxftype() in _SILENT:
                continue
            look = self._look(entity, parent)
            if self._is_hidden(entity, look.layer):
                self.left_out[LeftOut.HIDDEN_LAYER] += 1
            elif isinstance(entity, Insert):
                if depth < _DEEPEST_BLOCK:
                    yield from self._open(entity, look, depth)
            else:
                yield from self._paths(entity, look)

    def _open(self, insert: Insert, look: _Look, depth: int) -> Iterator[Path]:
        """Open a block reference; an array of them one by one.

        A height scaled by 0 is what some programs write for flat work; it changes nothing here.
        """
        dxf = insert.dxf
        if abs(dxf.zscale) < _FLAT:
            dxf.zscale = 1.0
        if min(abs(dxf.xscale), abs(dxf.yscale)) < _FLAT:
            self.left_out[LeftOut.NO_LENGTH] += 1
            return
        references = insert.multi_insert() if insert.mcount > 1 else (insert,)
        for reference in references:
            yield from self._read(reference.virtual_entities(), look, depth + 1)

    def _paths(self, entity: DXFGraphic, look: _Look) -> Iterator[Path]:
        kind = entity.dxftype()
        if kind in _LEFT_OUT:
            self.left_out[_LEFT_OUT[kind]] += 1
            return
        chains = self._letters(entity) if kind in _TEXTS else self._chains(entity)
        if chains is None:
            self.left_out[LeftOut.OTHER] += 1
            return
        handle = entity.dxf.handle or (
            entity.source_of_copy.dxf.handle if entity.source_of_copy else ""
        )
        drawn = _DRAWN.get(kind, Drawn.LINE)
        for chain in chains:
            segments = tuple(segment for segment in chain if segment.length_mm > _FLAT)
            self._points += len(segments)
            if self._points > self.limits.max_points:
                raise LimitExceededError("drawing.too-many-points", max=self.limits.max_points)
            if segments:
                yield Path(
                    segments=segments,
                    layer=look.layer,
                    colour=None if look.rgb else look.colour,
                    rgb=look.rgb,
                    linetype=look.linetype,
                    handle=handle or "",
                    drawn=drawn,
                )
            else:
                self.left_out[LeftOut.NO_LENGTH] += 1

    def _letters(self, entity: Any) -> Iterable[list[Segment]]:
        """Draw a text by the outlines of its letters."""
        edges = list(text_edges(entity, self.limits.tolerance_mm / self.unit_mm))
        if edges:
            self.seen[Seen.TEXT_OUTLINED] += 1
        else:
            self.left_out[LeftOut.TEXT] += 1
        return [[Line(a, b) for a, b in pairwise([*edge, edge[0]]) if a != b] for edge in edges]

    def _chains(self, entity: Any) -> Iterable[list[Segment]] | None:
        """Turn an entity into chains of segments; None for a kind that has no geometry here.

        What lies tilted in space is flattened as a curve; the rest keeps its arcs.
        """
        kind, is_flat = entity.dxftype(), _faces_us(entity)
        if kind == "LINE":
            self._note_height(entity.dxf.start, entity.dxf.end)
            return [[Line(_flat(entity.dxf.start), _flat(entity.dxf.end))]]
        if kind in ("HATCH", "MPOLYGON"):
            return [self._curve(curve) for curve in curves.from_hatch(entity)]
        if kind == "POLYLINE" and (entity.is_poly_face_mesh or entity.is_polygon_mesh):
            self.left_out[LeftOut.SOLID_3D] += 1
            return []
        reads_flat = self._flat_readers().get(kind) if is_flat else None
        if reads_flat and (chain := reads_flat(entity)):
            return [chain]
        return [self._curve(curves.make_path(entity))] if kind in _CURVES else None

    def _flat_readers(self) -> dict[str, Callable[[Any], list[Segment]]]:
        return {
            "ARC": lambda arc: self._arc(arc, arc.dxf.start_angle, arc.dxf.end_angle),
            "CIRCLE": self._circle,
            "LWPOLYLINE": self._light_polyline,
            "POLYLINE": self._old_polyline,
        }

    def _light_polyline(self, entity: Any) -> list[Segment]:
        self._note_height(Vec3(0, 0, entity.dxf.elevation))
        return self._polyline(entity, list(entity.get_points("xyb")), is_closed=entity.closed)

    def _old_polyline(self, entity: Any) -> list[Segment]:
        """Read a POLYLINE of R12; one in space has no bulges and goes as a curve."""
        if not entity.is_2d_polyline:
            return []
        places = [vertex.dxf for vertex in entity.vertices]
        corners = [(place.location.x, place.location.y, place.bulge) for place in places]
        return self._polyline(entity, corners, is_closed=entity.is_closed)

    def _arc(self, entity: DXFGraphic, start_deg: float, end_deg: float) -> list[Segment]:
        centre, radius = Vec3(entity.dxf.center), abs(entity.dxf.radius)
        self._note_height(centre)
        start, end = (centre + Vec3.from_deg_angle(angle, radius) for angle in (start_deg, end_deg))
        if math.isclose((end_deg - start_deg) % 360, 0, abs_tol=1e-9):
            return self._circle(entity)
        ocs = entity.ocs()
        return [Arc(*_placed(ocs, start, end, centre), is_clockwise=_is_mirrored(entity))]

    def _circle(self, entity: DXFGraphic) -> list[Segment]:
        """Give two half circles: machines take an arc with equal ends in different ways."""
        centre, radius = Vec3(entity.dxf.center), abs(entity.dxf.radius)
        self._note_height(centre)
        right, left = centre + Vec3(radius, 0), centre - Vec3(radius, 0)
        ocs, is_clockwise = entity.ocs(), _is_mirrored(entity)
        return [
            Arc(*_placed(ocs, right, left, centre), is_clockwise=is_clockwise),
            Arc(*_placed(ocs, left, right, centre), is_clockwise=is_clockwise),
        ]

    def _polyline(
        self, entity: DXFGraphic, corners: list[tuple[float, float, float]], *, is_closed: bool
    ) -> list[Segment]:
        """Follow corners with bulges: tan of a quarter of the arc's angle, positive to the left."""
        if is_closed and corners:
            corners = [*corners, (corners[0][0], corners[0][1], 0.0)]
        if not entity.dxf.hasattr("extrusion") and not any(bulge for _, _, bulge in corners):
            # Nearly all polylines are flat and straight: no arithmetic, only their corners.
            points = [(float(x), float(y)) for x, y, _ in corners]
            return [Line(a, b) for a, b in pairwise(points)]
        ocs, is_mirrored = entity.ocs(), _is_mirrored(entity)
        segments: list[Segment] = []
        for (x, y, bulge), (u, v, _) in pairwise(corners):
            start, end = Vec3(x, y), Vec3(u, v)
            if abs(bulge) < 1e-9 or start.isclose(end):
                a, b, _ = _placed(ocs, start, end, start)
                segments.append(Line(a, b))
            else:
                centre = Vec3(bulge_center(start, end, bulge))
                is_clockwise = (bulge < 0) != is_mirrored
                segments.append(Arc(*_placed(ocs, start, end, centre), is_clockwise=is_clockwise))
        return segments

    def _curve(self, curve: curves.Path) -> list[Segment]:
        """Flatten a curve that is neither line nor arc."""
        tolerance = self.limits.tolerance_mm / self.unit_mm
        points: list[Vec3] = []
        for point in curve.flattening(tolerance, segments=4):
            points.append(point)
            if len(points) > self.limits.max_points:
                raise LimitExceededError("drawing.too-many-points", max=self.limits.max_points)
        self._note_height(*points)
        return [Line(_flat(a), _flat(b)) for a, b in pairwise(points)]

    def _note_height(self, *points: Vec3) -> None:
        self.seen[Seen.LAID_FLAT] += any(abs(Vec3(point).z) > _FLAT for point in points)

    def _count_entity(self) -> None:
        self._entities += 1
        if self._entities > self.limits.max_entities:
            raise LimitExceededError("drawing.too-many-entities", max=self.limits.max_entities)

    def _look(self, entity: DXFGraphic, parent: _Look) -> _Look:
        """Resolve layer 0, BYLAYER and BYBLOCK."""
        dxf = entity.dxf
        layer = dxf.get("layer", "0")
        layer = parent.layer if layer == "0" else layer
        style = self.document.layers.get(layer) if layer in self.document.layers else None
        colour = dxf.get("color", _BYLAYER)
        rgb = _true_colour(dxf)
        if colour == _BYBLOCK:
            colour, rgb = parent.colour, rgb or parent.rgb
        elif colour == _BYLAYER:
            colour = abs(style.dxf.color) if style is not None else 7
            if rgb is None and style is not None:
                rgb = _true_colour(style.dxf)
        linetype = str(dxf.get("linetype", "BYLAYER")).upper()
        if linetype == "BYBLOCK":
            linetype = parent.linetype
        elif linetype == "BYLAYER":
            linetype = str(style.dxf.linetype).upper() if style is not None else "CONTINUOUS"
        return _Look(layer, colour, rgb, linetype)

    def _is_hidden(self, entity: DXFGraphic, layer: str) -> bool:
        if entity.dxf.get("invisible", 0):
            return True
        if layer not in self.document.layers:
            return False
        style = self.document.layers.get(layer)
        return bool(style.is_off() or style.is_frozen())


def _true_colour(dxf: Any) -> tuple[int, int, int] | None:
    if not dxf.hasattr("true_color"):
        return None
    red, green, blue = colors.int2rgb(dxf.true_color)
    return (red, green, blue)


def _faces_us(entity: DXFGraphic) -> bool:
    """Tell whether an entity lies flat, seen from above or from below (mirrored)."""
    z = Vec3(entity.dxf.get("extrusion", (0, 0, 1))).normalize().z
    return bool(abs(abs(z) - 1) < _FLAT)


def _is_mirrored(entity: DXFGraphic) -> bool:
    return bool(Vec3(entity.dxf.get("extrusion", (0, 0, 1))).z < 0)


def _placed(ocs: OCS, *points: Vec3) -> tuple[Point, Point, Point]:
    a, b, c = (_flat(ocs.to_wcs(point)) for point in points)
    return a, b, c


def _flat(point: Vec3) -> Point:
    return (float(point[0]), float(point[1]))
