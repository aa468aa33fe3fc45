"""What the checks of a drawing look at: the drawing laid on the bed, measured once."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from fablab_hub.core.geometry import Box, Point
from fablab_hub.core.machines import Machine
from fablab_hub.core.materials import Material, OperationKind
from jobs.geometry.drawing import Drawing
from jobs.geometry.path import Path, bounds_of
from jobs.report import Where
from jobs.toolpath.operations import Assigned


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A drawing on a machine's bed.

    Attributes:
        cut: paths to cut.
        marks: paths to score or engrave.
        bounds_mm: box around both, bed coordinates; None for nothing.
    """

    drawing: Drawing
    assigned: Assigned
    machine: Machine
    material: Material | None
    cut: tuple[Path, ...]
    marks: tuple[Path, ...]
    bounds_mm: Box | None

    @classmethod
    def of(
        cls, drawing: Drawing, assigned: Assigned, machine: Machine, material: Material | None
    ) -> "View":
        """Measure a drawing."""
        cut: list[Path] = []
        marks: list[Path] = []
        for operation in assigned.operations:
            (cut if operation.kind is OperationKind.CUT else marks).append(operation.path)
        return cls(
            drawing=drawing,
            assigned=assigned,
            machine=machine,
            material=material,
            cut=tuple(cut),
            marks=tuple(marks),
            bounds_mm=bounds_of(chain(cut, marks)),
        )

    def paths(self) -> Sequence[Path]:
        """List all paths."""
        return (*self.cut, *self.marks)


def place(path: Path, at_mm: Point | None = None) -> Where:
    """Say where something is: its layer, its handle in the file, and a spot of the bed."""
    return Where(layer=path.layer, handle=path.handle or None, at_mm=at_mm or path.start_mm)
