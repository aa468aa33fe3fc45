"""The check of a drawing, laid on the bed: what is dangerous, doubtful, or only worth saying."""

import math
from collections.abc import Iterator
from types import MappingProxyType

import shapely

from fablab_hub.core.geometry import Box, Point
from fablab_hub.core.machines import Machine, Rectangle
from fablab_hub.core.materials import Material, OperationKind
from fablab_hub.core.units import MM_PER_M, S_PER_MIN
from jobs.checks.drawing_lines import line_findings
from jobs.checks.drawing_rules import BY_ID
from jobs.checks.drawing_view import View, place
from jobs.geometry.drawing import Drawing, LeftOut, Seen, UnitSource
from jobs.geometry.path import Path, bounds_of, points_of
from jobs.geometry.stray import stray_indexes
from jobs.report import Finding
from jobs.toolpath.operations import Assigned

_LAYERS_SHOWN = 5
_ROUNDING_MM = 0.004
"""Programs round what they write: a program for the laser has hundredths."""
_NAME_CHARS = 40
_SHEET_SLACK_MM = 0.5
"""A drawing as large as its sheet is meant to be so; its kerf or a rounding is forgiven."""

_HOT_J_MM2, _TOO_HOT_J_MM2 = 2.5, 4.0
_SLOWEST_MM_S = 2.0
_MOST_PASSES = 3
_SEEN_RULES = MappingProxyType({
    "text-outlined": Seen.TEXT_OUTLINED,
    "clipped": Seen.CLIPPED,
    "active-content": Seen.ACTIVE,
    "outside-links": Seen.OUTSIDE,
})  # fmt: skip
_LEFT_OUT_RULES = MappingProxyType({
    "hidden-layer": (LeftOut.HIDDEN_LAYER,),
    "text-left-out": (LeftOut.TEXT,),
    "dimensions-left-out": (LeftOut.DIMENSION,),
    "images-left-out": (LeftOut.IMAGE,),
    "solids-left-out": (LeftOut.SOLID_3D,),
    "zero-length": (LeftOut.NO_LENGTH,),
    "others-left-out": (LeftOut.ENDLESS, LeftOut.POINT, LeftOut.OTHER),
})  # fmt: skip


def check_drawing(
    drawing: Drawing,
    assigned: Assigned,
    machine: Machine,
    material: Material | None,
    missing: int = 0,
    *,
    holds_parts: bool = False,
) -> tuple[Finding, ...]:
    """Check a drawing for a machine and a material.

    Args:
        drawing: as it was read.
        assigned: the same, laid on the bed; the spots of findings are bed coordinates.
        machine: a laser.
        material: None when nobody chose one.
        missing: copies that found no place.
        holds_parts: bridges keep parts in the sheet.

    Returns:
        Findings in the order of the rules, each rule once.
    """
    view = View.of(drawing, assigned, machine, material, missing, holds_parts=holds_parts)
    return (
        *_size(view),
        *_unit(view),
        *_stray(view),
        *_file(view),
        *_material(view),
        *line_findings(view),
        *_seen(view),
        *_left_out(view),
    )


def _size(view: View) -> Iterator[Finding]:
    if view.bounds_mm is None:
        yield BY_ID["nothing-to-make"].found()
        return
    width_mm, depth_mm, _ = view.bounds_mm.size_mm
    width, depth = math.ceil(width_mm), math.ceil(depth_mm)
    reach = view.machine.reach_mm
    if not reach.contains(view.bounds_mm, _ROUNDING_MM):
        bed_width, bed_depth, _ = view.machine.bed_mm
        yield BY_ID["off-the-bed"].found(
            [place(path, at_mm) for path in view.paths() if (at_mm := _outside(path, reach))],
            width=width,
            depth=depth,
            bed_width=math.floor(bed_width),
            bed_depth=math.floor(bed_depth),
        )
        if _turned_fits(view.bounds_mm, reach):
            yield BY_ID["fits-turned"].found()
    forbidden = [
        place(path, at_mm)
        for zone in (view.machine.laser.no_go_mm if view.machine.laser else ())
        for path in view.paths()
        if (at_mm := _point_in(path, zone)) is not None
    ]
    if forbidden:
        yield BY_ID["no-go-zone"].found(forbidden)
    if view.missing:
        yield BY_ID["copies-missing"].found(count=view.missing, missing=view.missing)
    sheet = view.material.sheet_mm if view.material else None
    if sheet and not _fits(width_mm - _SHEET_SLACK_MM, depth_mm - _SHEET_SLACK_MM, sheet):
        yield BY_ID["larger-than-sheet"].found(
            width=width,
            depth=depth,
            sheet_width=math.floor(sheet[0]),
            sheet_depth=math.floor(sheet[1]),
        )


def _turned_fits(bounds: Box, reach: Box) -> bool:
    (width, depth, _), (across, up, _) = bounds.size_mm, reach.size_mm
    return depth <= across and width <= up


def _point_in(path: Path, zone: Rectangle) -> Point | None:
    """Give the first place of a path that lies in a zone; None where it keeps off."""
    box = bounds_of((path,))
    left, front, right, back = zone
    if box is None or box.max_mm[0] <= left or box.min_mm[0] >= right:
        return None
    if box.max_mm[1] <= front or box.min_mm[1] >= back:
        return None
    edges = shapely.LineString(points_of(path, 0.1))
    inside = shapely.intersection(edges, shapely.box(left, front, right, back))
    if shapely.is_empty(inside):
        return None
    at_mm = shapely.get_coordinates(inside)[0]
    return (float(at_mm[0]), float(at_mm[1]))


def _stray(view: View) -> Iterator[Finding]:
    paths = view.paths()
    if stray := stray_indexes(paths):
        yield BY_ID["stray-part"].found([place(paths[index]) for index in stray])


def _outside(path: Path, reach: Box) -> Point | None:
    """Give the place where a path is farthest off the bed; None where it never is."""
    box = bounds_of((path,))
    if box is None or reach.contains(box, _ROUNDING_MM):
        return None
    (left, low, _), (right, high, _) = reach.min_mm, reach.max_mm
    return max(
        points_of(path, 1.0),
        key=lambda at: max(left - at[0], at[0] - right, low - at[1], at[1] - high),
    )


def _fits(width: float, depth: float, sheet: tuple[float, float]) -> bool:
    """Tell whether a drawing fits a sheet, which may be turned."""
    return (width <= sheet[0] and depth <= sheet[1]) or (width <= sheet[1] and depth <= sheet[0])


def _unit(view: View) -> Iterator[Finding]:
    units, bounds = view.drawing.units, view.bounds_mm
    if bounds is None or units.source is not UnitSource.SIZE or not view.drawing.paths:
        return
    unit, width = units.unit.value if units.unit else "mm", _readable(bounds.size_mm[0])
    declared_mm, evidence = units.width_as_declared_mm, " ".join(units.evidence)
    if units.is_doubtful and declared_mm is not None and math.isfinite(declared_mm):
        declared_m = _readable(declared_mm / MM_PER_M)
        yield BY_ID["unit-unlikely"].found(
            unit=unit, width=width, declared_m=declared_m, evidence=evidence
        )
    elif units.is_doubtful:
        yield BY_ID["unit-doubtful"].found(unit=unit, width=width, evidence=evidence)
    else:
        yield BY_ID["unit-guessed"].found(unit=unit, width=width, evidence=evidence)


def _readable(value: float) -> float:
    """Round for reading: three digits or so, whole numbers without a point."""
    return round(value) if value >= 10 else round(value, 1)


def _file(view: View) -> Iterator[Finding]:
    if view.drawing.was_recovered:
        yield BY_ID["recovered"].found()


def _material(view: View) -> Iterator[Finding]:
    material = view.material
    if material is None:
        yield BY_ID["no-material"].found()
        return
    if material.is_forbidden:
        yield BY_ID["forbidden-material"].found(material=material.id)
        return
    if material.needs_staff:
        yield BY_ID["material-needs-staff"].found(material=material.id)
    yield from _setting(view, material)
    missing = [
        operation
        for operation in view.assigned.operations
        if material.preset(operation.kind) is None
    ]
    if missing:
        kinds = ", ".join(sorted({operation.kind.value for operation in missing}))
        where = [place(operation.path) for operation in missing]
        yield BY_ID["no-preset"].found(where, material=material.id, kinds=kinds)


def _setting(view: View, material: Material) -> Iterator[Finding]:
    """Look at the presets that will be used: were they tried, and how hot is the cut?

    Energy for the area of the cut, `P · power · passes / (speed · thickness)`: 0.3 to 2 J/mm² is
    usual on organic sheets with a CO2 tube, by the tables of makers of such machines.
    """
    kinds = {operation.kind for operation in view.assigned.operations}
    presets = [preset for kind in sorted(kinds) if (preset := material.preset(kind))]
    if any(not preset.is_proven for preset in presets):
        yield BY_ID["preset-untried"].found()
    cut, laser = material.preset(OperationKind.CUT), view.machine.laser
    if cut is None or laser is None or not view.cut or material.thickness_mm <= 0:
        return
    speed_mm_s = min(cut.feed_mm_min, view.machine.max_feed_mm_min) / S_PER_MIN
    power_w = laser.tube_w * min(cut.power, laser.max_power)
    energy = power_w * cut.passes / (speed_mm_s * material.thickness_mm)
    is_too_hot = energy > _TOO_HOT_J_MM2 or speed_mm_s < _SLOWEST_MM_S or cut.passes > _MOST_PASSES
    if is_too_hot or energy > _HOT_J_MM2:
        rule = "too-hot-setting" if is_too_hot else "hot-setting"
        yield BY_ID[rule].found(energy=f"{energy:.1f}")


def _seen(view: View) -> Iterator[Finding]:
    """Say what was met in the file, and what becomes of it."""
    for rule, what in _SEEN_RULES.items():
        if count := view.drawing.seen.get(what, 0):
            yield BY_ID[rule].found(count=count)
    if view.areas:
        yield BY_ID["areas-filled"].found([place(path) for path in view.areas])
    for image in view.assigned.images[:1]:
        width = round(math.dist(image.corner_mm, image.across_mm))
        yield BY_ID["picture-engraved"].found(count=len(view.assigned.images), width=width)
    if count := view.drawing.left_out.get(LeftOut.INVISIBLE, 0):
        yield BY_ID["invisible"].found(count=count)


def _left_out(view: View) -> Iterator[Finding]:
    drawing, assigned = view.drawing, view.assigned
    if assigned.left_out_layers:
        names = [name[:_NAME_CHARS] for name in assigned.left_out_layers][:_LAYERS_SHOWN]
        if len(assigned.left_out_layers) > _LAYERS_SHOWN:
            names.append("…")
        count = sum(assigned.left_out_layers.values())
        yield BY_ID["layers-for-people"].found(count=count, layers=", ".join(names))
    for rule, reasons in _LEFT_OUT_RULES.items():
        if count := sum(drawing.left_out.get(reason, 0) for reason in reasons):
            yield BY_ID[rule].found(count=count)
    for rule, count in (
        ("misplaced", assigned.misplaced),
        ("laid-flat", drawing.seen.get(Seen.LAID_FLAT, 0)),
        ("layouts-left-out", drawing.seen.get(Seen.LAYOUT, 0)),
    ):
        if count:
            yield BY_ID[rule].found(count=count)
