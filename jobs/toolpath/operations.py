"""From a drawing to operations: what is done with each line."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from fablab_hub.core.geometry import Point
from fablab_hub.core.materials import OperationKind
from jobs.geometry.drawing import Drawing, PlacedImage
from jobs.geometry.joining import join
from jobs.geometry.path import Arc, Drawn, Path, box_of
from jobs.toolpath.convention import CONVENTION, Colour, Convention, colour_of
from jobs.toolpath.groups import DecidedBy, LineGroup, hex_of, key_of

__all__ = ["CONVENTION", "Assigned", "Convention", "Operation", "OperationKind", "assign"]

_FARTHEST_MM = 1e7
"""No workshop has ten kilometres: farther away, a number is broken, and adding loses digits."""


class Side(StrEnum):
    """Where the beam runs, seen from a closed contour: outside of a part, inside of a hole."""

    ON = "on"
    OUTSIDE = "outside"
    INSIDE = "inside"


@dataclass(frozen=True, slots=True)
class Operation:
    """One path, and what the beam does along it."""

    kind: OperationKind
    path: Path
    side: Side = Side.ON

    @property
    def start_mm(self) -> Point:
        """Where it begins."""
        return self.path.start_mm

    @property
    def end_mm(self) -> Point:
        """Where it ends."""
        return self.path.end_mm

    @property
    def length_mm(self) -> float:
        """How far the head goes with the beam on."""
        return self.path.length_mm


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """What is done with a drawing: where its author drew it, or laid on the bed (`placing`).

    Attributes:
        operations: by kind, then in file order; pieces joined.
        images: pictures to engrave.
        groups: every group of lines, and what is done with it.
        left_out_layers: how many paths are not made, by layer, because of the layer's name or
            because they are dashed.
        misplaced: how many are not made because they lie nowhere (broken or endless numbers).
        by_colour: colours decided, because layers did not.
        offset_mm: what was added to the drawing's coordinates.
    """

    operations: tuple[Operation, ...]
    left_out_layers: dict[str, int]
    images: tuple[PlacedImage, ...] = ()
    groups: tuple[LineGroup, ...] = ()
    misplaced: int = 0
    by_colour: bool = False
    offset_mm: Point = (0.0, 0.0)


Wishes = Mapping[str, OperationKind | None]
"""What a person said of groups, by their key; None: leave it out."""

_NO_WISHES: Wishes = MappingProxyType({})


def assign(
    drawing: Drawing,
    convention: Convention = CONVENTION,
    wishes: Wishes = _NO_WISHES,
    remembered: Wishes = _NO_WISHES,
) -> Assigned:
    """Decide what is done with each path of a drawing, where its author drew it.

    A person's word decides first, then what they said of such a file before, then a layer's name.
    Lines without such a layer are left out when they are dashed; texts are engraved, areas filled;
    the others go by colour where they have two or more, and are cut otherwise.

    Args:
        drawing: in millimetres.
        convention: what layers, line types and colours mean.
        wishes: what a person said of this drawing.
        remembered: what they said of the last one from the same program.
    """
    placed = [path for path in drawing.paths if _lies_somewhere(path)]
    keys = [key_of(path) for path in placed]
    by_key: dict[str, list[Path]] = {}
    for key, path in zip(keys, placed, strict=True):
        by_key.setdefault(key, []).append(path)
    decide = _Decider(by_key, convention, wishes, remembered)
    groups = tuple(decide.group(key, paths) for key, paths in by_key.items())
    made_as = {group.key: group.operation for group in groups}
    left_out: Counter[str] = Counter()
    for group in groups:
        if group.operation is None and group.by in (DecidedBy.LAYER, DecidedBy.DASHES):
            left_out[group.layer] += group.count
    made: dict[OperationKind, list[Path]] = {kind: [] for kind in OperationKind}
    for key, path in zip(keys, placed, strict=True):
        if (kind := made_as[key]) is not None:
            made[kind].append(path)
    return Assigned(
        operations=tuple(
            Operation(kind, path) for kind, paths in made.items() for path in join(paths)
        ),
        images=drawing.images,
        groups=groups,
        left_out_layers=dict(left_out),
        misplaced=len(drawing.paths) - len(placed),
        by_colour=decide.by_colour,
    )


class _Decider:
    """Decides what is done with each group; all paths of one are alike."""

    def __init__(
        self,
        by_key: Mapping[str, list[Path]],
        convention: Convention,
        wishes: Wishes,
        remembered: Wishes,
    ) -> None:
        self._convention, self._wishes, self._remembered = convention, wishes, remembered
        firsts = [paths[0] for paths in by_key.values()]
        self._has_lines = any(path.drawn is Drawn.LINE for path in firsts)
        open_ = [path for path in firsts if self._says(path) is None]
        lines = [path for path in open_ if path.drawn is Drawn.LINE]
        self._present = frozenset(colour_of(path) for path in lines)
        meant = {convention.kind_of_colour(colour_of(path), self._present) for path in lines}
        self.by_colour = len(meant) > 1

    def group(self, key: str, paths: list[Path]) -> LineGroup:
        """Decide about one group."""
        first = paths[0]
        kind, by = self._said_by_person(key) or self._says(first) or self._by_colour(first)
        return LineGroup(
            key=key,
            layer=first.layer,
            colour=hex_of(first),
            drawn=first.drawn,
            count=len(paths),
            length_mm=sum(path.length_mm for path in paths),
            operation=kind,
            by=by,
            is_odd=colour_of(first) is Colour.OTHER,
        )

    def _said_by_person(self, key: str) -> tuple[OperationKind | None, DecidedBy] | None:
        if key in self._wishes:
            return self._wishes[key], DecidedBy.PERSON
        if key in self._remembered:
            return self._remembered[key], DecidedBy.REMEMBERED
        return None

    def _says(self, path: Path) -> tuple[OperationKind | None, DecidedBy] | None:
        """Give what its layer, its dashes or its shape say; None where only its colour is left."""
        convention = self._convention
        if convention.leaves_out(path):
            is_layer = convention.is_for_people(path.layer)
            return None, DecidedBy.LAYER if is_layer else DecidedBy.DASHES
        kind = convention.kind_of_layer(path.layer)
        if kind is not None:
            is_filled = kind is OperationKind.ENGRAVE and path.drawn is Drawn.FILL
            return (OperationKind.FILL if is_filled else kind), DecidedBy.LAYER
        for name in (hex_of(path), colour_of(path).value):
            if name in convention.stated:
                return convention.stated[name], DecidedBy.COLOUR
        kind = convention.kind_of_shape(path.drawn, colour_of(path), has_lines=self._has_lines)
        return None if kind is None else (kind, DecidedBy.SHAPE)

    def _by_colour(self, path: Path) -> tuple[OperationKind, DecidedBy]:
        kind = self._convention.kind_of_colour(colour_of(path), self._present)
        return kind, DecidedBy.COLOUR if self.by_colour else DecidedBy.DEFAULT


def corners_of(image: PlacedImage) -> list[Point]:
    """Give the four corners of a picture."""
    (x, y), (u, v), (a, b) = image.corner_mm, image.across_mm, image.down_mm
    return [(x, y), (u, v), (a, b), (u + a - x, v + b - y)]


def moved_image(image: PlacedImage, by_mm: Point) -> PlacedImage:
    """Give the same picture elsewhere."""

    def moved(at: Point) -> Point:
        return (at[0] + by_mm[0], at[1] + by_mm[1])

    return replace(
        image,
        corner_mm=moved(image.corner_mm),
        across_mm=moved(image.across_mm),
        down_mm=moved(image.down_mm),
    )


def _lies_somewhere(path: Path) -> bool:
    """Tell whether every number of a path is one that a machine could be told."""
    # A sum is finite only if all its numbers are.
    total = 0.0
    for segment in path.segments:
        (x, y), (u, v) = segment[0], segment[1]
        total += x + y + u + v
        if isinstance(segment, Arc):
            a, b = segment.centre_mm
            total += a + b
            if not abs(a) + abs(b) < _FARTHEST_MM:
                return False
    return math.isfinite(total) and max(map(abs, box_of(path))) < _FARTHEST_MM
