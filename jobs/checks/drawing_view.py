"""What the checks of a drawing look at: the drawing laid on the bed, measured once."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np

from fablab_hub.core.geometry import Box, Point
from fablab_hub.core.machines import Machine
from fablab_hub.core.materials import Material, OperationKind
from jobs.geometry.drawing import Drawing
from jobs.geometry.neighbours import Neighbours, neighbours_of
from jobs.geometry.path import Path, bounds_of, box_of
from jobs.report import Where
from jobs.toolpath.kerf import depths_of
from jobs.toolpath.operations import Assigned, corners_of

_SMALLEST_MM = 1.0


@dataclass(frozen=True, kw_only=True)
class View:
    """A drawing on a machine's bed.

    Attributes:
        cut: paths to cut.
        marks: paths to score or engrave.
        areas: edges of what is filled.
        bounds_mm: box around everything, pictures too; bed coordinates; None for nothing.
        boxes: the box of each path of `cut`, in its order.
        missing: copies that found no place.
        holds_parts: bridges keep parts in the sheet.
    """

    drawing: Drawing
    assigned: Assigned
    machine: Machine
    material: Material | None
    cut: tuple[Path, ...]
    marks: tuple[Path, ...]
    areas: tuple[Path, ...]
    bounds_mm: Box | None
    boxes: tuple[Box, ...] = field(repr=False)
    missing: int = 0
    holds_parts: bool = False

    @classmethod
    def of(
        cls,
        drawing: Drawing,
        assigned: Assigned,
        machine: Machine,
        material: Material | None,
        missing: int = 0,
        *,
        holds_parts: bool = False,
    ) -> "View":
        """Measure a drawing."""
        cut: list[Path] = []
        marks: list[Path] = []
        areas: list[Path] = []
        for operation in assigned.operations:
            if operation.kind is OperationKind.CUT:
                cut.append(operation.path)
            elif operation.kind is OperationKind.FILL:
                areas.append(operation.path)
            else:
                marks.append(operation.path)
        boxes = tuple(_box(*box_of(path)) for path in cut)
        corners = [corner for image in assigned.images for corner in corners_of(image)]
        pictures = Box.around(corners)
        whole = bounds_of(chain(marks, areas))
        if boxes:
            lows, highs = (
                np.array([getattr(box, name) for box in boxes]) for name in ("min_mm", "max_mm")
            )
            (left, front), (right, back) = lows.min(axis=0)[:2], highs.max(axis=0)[:2]
            whole = _box(float(left), float(front), float(right), float(back)).union(whole)
        if pictures:
            whole = pictures.union(whole)
        return cls(
            drawing=drawing,
            assigned=assigned,
            machine=machine,
            material=material,
            cut=tuple(cut),
            marks=tuple(marks),
            areas=tuple(areas),
            bounds_mm=whole,
            boxes=boxes,
            missing=missing,
            holds_parts=holds_parts,
        )

    def paths(self) -> Sequence[Path]:
        """List all paths."""
        return (*self.cut, *self.marks, *self.areas)

    @functools.cached_property
    def cut_neighbours(self) -> Neighbours:
        """What cuts do to each other; narrower than the beam is too close."""
        return neighbours_of(self.cut, self.material.kerf_mm if self.material else 0.15)

    @functools.cached_property
    def depths(self) -> list[int | None]:
        """How many closed cuts lie around each cut; None for an open one."""
        return depths_of(self.cut)

    @functools.cached_property
    def mark_neighbours(self) -> Neighbours:
        """What marks do to each other."""
        return neighbours_of(self.marks, 0.0)

    def marks_outside(self) -> list[Path]:
        """List the marks that begin outside the boxes of everything that is cut."""
        if not self.boxes or not self.marks:
            return []
        boxes = np.array([(*box.min_mm[:2], *box.max_mm[:2]) for box in self.boxes])
        starts = np.array([path.start_mm for path in self.marks])
        outside = []
        for path, (x, y) in zip(self.marks, starts, strict=True):
            inside = (
                (boxes[:, 0] - _SMALLEST_MM <= x) & (x <= boxes[:, 2] + _SMALLEST_MM)
                & (boxes[:, 1] - _SMALLEST_MM <= y) & (y <= boxes[:, 3] + _SMALLEST_MM)
            )  # fmt: skip
            if not inside.any():
                outside.append(path)
        return outside

    @property
    def smallest_mm(self) -> float:
        """Narrower shapes burn away."""
        return smallest_mm(self.material)


def _box(left: float, front: float, right: float, back: float) -> Box:
    return Box((left, front, 0.0), (right, back, 0.0))


def smallest_mm(material: Material | None) -> float:
    """Give the width below which shapes burn away: half the thickness, or a millimetre."""
    return max(_SMALLEST_MM, material.thickness_mm / 2 if material else 0.0)


def place(path: Path, at_mm: Point | None = None) -> Where:
    """Say where something is: its layer, its handle in the file, and a spot of the bed."""
    return Where(layer=path.layer, handle=path.handle or None, at_mm=at_mm or path.start_mm)
