"""From a drawing to operations: what is done with each line, and where on the bed it lies."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from fablab_hub.core.geometry import Box, Point
from fablab_hub.core.materials import OperationKind
from jobs.geometry.drawing import Drawing
from jobs.geometry.joining import join
from jobs.geometry.path import Arc, Path, bounds_of
from jobs.toolpath.convention import CONVENTION, Convention, colour_of

__all__ = ["CONVENTION", "Assigned", "Convention", "Operation", "OperationKind", "assign"]

_FARTHEST_MM = 1e7
"""No workshop has ten kilometres: farther away, a number is broken, and adding loses digits."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One path, and what the beam does along it."""

    kind: OperationKind
    path: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """A drawing laid on the bed.

    Attributes:
        operations: by kind, then in file order; pieces joined; bed coordinates.
        left_out_layers: how many paths are not made, by layer, because of the layer's name or
            because they are dashed.
        misplaced: how many are not made because they lie nowhere (broken or endless numbers).
        by_colour: colours decided, because layers did not.
        offset_mm: what was added to the drawing's coordinates.
    """

    operations: tuple[Operation, ...]
    left_out_layers: dict[str, int]
    misplaced: int = 0
    by_colour: bool = False
    offset_mm: Point = (0.0, 0.0)


def assign(
    drawing: Drawing,
    convention: Convention = CONVENTION,
    at_mm: Point = (5.0, 5.0),
    room_mm: Point | None = None,
) -> Assigned:
    """Decide what is done with each path of a drawing, and lay it on the bed.

    A layer's name decides first. Lines without such a layer are left out when they are dashed;
    the others go by colour where they have two or more, and are cut otherwise.

    Args:
        drawing: in millimetres.
        convention: what layers, line types and colours mean.
        at_mm: where the lower left corner of all that is made comes to lie.
        room_mm: width and depth of the bed. A drawing that would leave it only because of `at_mm`
            is moved nearer to the corner, so that one as large as the bed fits.
    """
    left_out: Counter[str] = Counter()
    made: list[Path] = []
    misplaced = 0
    for path in drawing.paths:
        if not _lies_somewhere(path):
            misplaced += 1
        elif convention.leaves_out(path):
            left_out[path.layer] += 1
        else:
            made.append(path)
    kinds, by_colour = _kinds(made, convention)
    bounds = bounds_of(made)
    offset_mm = _offset_mm(bounds, at_mm, room_mm) if bounds else (0.0, 0.0)
    return Assigned(
        operations=_operations([path.moved(offset_mm) for path in made], kinds),
        left_out_layers=dict(left_out),
        misplaced=misplaced,
        by_colour=by_colour,
        offset_mm=offset_mm,
    )


def _offset_mm(bounds: Box, at_mm: Point, room_mm: Point | None) -> Point:
    x, y = at_mm
    if room_mm is not None:
        width, depth, _ = bounds.size_mm
        x, y = max(0.0, min(x, room_mm[0] - width)), max(0.0, min(y, room_mm[1] - depth))
    return (x - bounds.min_mm[0], y - bounds.min_mm[1])


def _kinds(paths: list[Path], convention: Convention) -> tuple[list[OperationKind], bool]:
    """Give the kind of each path, and whether colours decided any of them."""
    by_layer = {path.layer: convention.kind_of_layer(path.layer) for path in paths}
    present = frozenset(colour_of(path) for path in paths if by_layer[path.layer] is None)
    kinds = [
        by_layer[path.layer] or convention.kind_of_colour(colour_of(path), present)
        for path in paths
    ]
    undecided = {
        kind for path, kind in zip(paths, kinds, strict=True) if by_layer[path.layer] is None
    }
    return kinds, len(undecided) > 1


def _operations(paths: Sequence[Path], kinds: Sequence[OperationKind]) -> tuple[Operation, ...]:
    operations: list[Operation] = []
    for kind in OperationKind:
        own = [path for path, its_kind in zip(paths, kinds, strict=True) if its_kind is kind]
        operations += [Operation(kind, path) for path in join(own)]
    return tuple(operations)


def _lies_somewhere(path: Path) -> bool:
    """Tell whether every number of a path is one that a machine could be told."""
    for segment in path.segments:
        numbers = [*segment.start_mm, *segment.end_mm]
        if isinstance(segment, Arc):
            numbers += segment.centre_mm
        if not all(math.isfinite(number) and abs(number) < _FARTHEST_MM for number in numbers):
            return False
    return True
