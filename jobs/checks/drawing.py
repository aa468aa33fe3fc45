"""The check of a drawing, laid on the bed: what is dangerous, doubtful, or only worth saying."""

import math
from collections.abc import Iterator

from fablab_hub.core.materials import OperationKind
from jobs.checks.drawing_lines import line_findings
from jobs.checks.drawing_rules import BY_ID
from jobs.checks.drawing_stray import stray_parts
from jobs.checks.drawing_view import View, place
from jobs.geometry.drawing import Drawing, LeftOut, UnitSource
from jobs.geometry.path import bounds_of
from jobs.report import Finding
from fablab_hub.core.machines import Machine
from fablab_hub.core.materials import Material
from jobs.toolpath.operations import Assigned

_MM_PER_M = 1000
_NAMES_SHOWN = 6
_NAME_CHARS = 40

_LEFT_OUT_RULES = {
    LeftOut.HIDDEN_LAYER: "hidden-layers",
    LeftOut.TEXT: "text",
    LeftOut.DIMENSION: "dimensions",
    LeftOut.IMAGE: "images",
    LeftOut.SOLID_3D: "solids",
    LeftOut.ENDLESS: "endless",
    LeftOut.POINT: "points",
    LeftOut.NO_LENGTH: "no-length",
    LeftOut.OTHER: "other-things",
}


def check_drawing(
    drawing: Drawing, assigned: Assigned, machine: Machine, material: Material | None
) -> tuple[Finding, ...]:
    """Check a drawing for a machine and a material.

    Args:
        drawing: as it was read.
        assigned: the same, laid on the bed; the spots of findings are bed coordinates.
        machine: a laser.
        material: None when nobody chose one.

    Returns:
        Findings in the order of the rules, each rule once.
    """
    view = View.of(drawing, assigned, machine, material)
    return (
        *_size(view),
        *_unit(view),
        *stray_parts(view),
        *_file(view),
        *_material(view),
        *line_findings(view),
        *_left_out(view),
    )


def _size(view: View) -> Iterator[Finding]:
    if view.bounds_mm is None:
        yield BY_ID["nothing-to-make"].found()
        return
    width_mm, depth_mm, _ = view.bounds_mm.size_mm
    size = {"width_mm": math.ceil(width_mm), "depth_mm": math.ceil(depth_mm)}
    reach = view.machine.reach_mm
    if not reach.contains(view.bounds_mm):
        outside = [
            place(path, _farthest(view, path))
            for path in view.paths()
            if (box := bounds_of((path,))) is not None and not reach.contains(box)
        ]
        bed = {"bed_width_mm": view.machine.bed_mm[0], "bed_depth_mm": view.machine.bed_mm[1]}
        yield BY_ID["off-bed"].found(outside, **size, **_whole(bed))
    sheet = view.material.sheet_mm if view.material else None
    # Half a millimetre: a drawing as large as its sheet is meant to be so.
    if sheet and not _fits(width_mm - 0.5, depth_mm - 0.5, sheet):
        yield BY_ID["larger-than-sheet"].found(
            **size, **_whole({"sheet_width_mm": sheet[0], "sheet_depth_mm": sheet[1]})
        )
