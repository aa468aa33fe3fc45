"""From a drawing on the bed to the steps of the work, in their order.

Pictures and areas come first, then lines that mark, then what is cut: a part that is loose may
tilt, and nothing can be engraved on it any more.
"""

from collections.abc import Iterator, Sequence

from fablab_hub.core.errors import FileError
from fablab_hub.core.materials import Material, OperationKind
from jobs.toolpath.operations import Assigned, Operation
from jobs.toolpath.order import order
from jobs.toolpath.pixels import scan_of
from jobs.toolpath.scans import Scan, TooManyRowsError, fill
from jobs.toolpath.shading import Shading
from jobs.toolpath.shaping import Shaping, begun, shaped

Step = Operation | Scan
"""One thing that is done in one go."""

_AS_DRAWN = Shaping()


def plan(assigned: Assigned, material: Material, wish: Shaping = _AS_DRAWN) -> list[Step]:
    """Put everything into the order in which it is done.

    Args:
        assigned: laid on the bed.
        material: gives the distance of rows, and the width of the beam.
        wish: how pictures are shaded, and cuts shaped.

    Raises:
        UnreadableFileError: a picture that is none (`drawing.bad-image`).
        FileError: an area too large for its rows (`drawing.too-many-rows`).
    """
    lines = [each for each in assigned.operations if each.kind is not OperationKind.FILL]
    done = order(shaped(lines, material, wish))
    return [
        *_images(assigned, material, wish.shading),
        *_areas(assigned, material),
        *(begun(each, wish) for each in done),
    ]


def vector_steps(steps: Sequence[Step]) -> list[Operation]:
    """Give the steps that follow lines."""
    return [step for step in steps if isinstance(step, Operation)]


def _images(assigned: Assigned, material: Material, shading: Shading) -> Iterator[Scan]:
    preset = material.preset(OperationKind.IMAGE)
    for image in assigned.images if preset else ():
        scan = scan_of(image, preset, shading) if preset else None
        if scan is not None:
            yield scan


def _areas(assigned: Assigned, material: Material) -> Iterator[Scan]:
    """Fill what lies on one layer in one colour together: a white ring in it stays white."""
    preset = material.preset(OperationKind.FILL)
    if preset is None:
        return
    areas: dict[tuple[str, int | None, object], list[Operation]] = {}
    for operation in assigned.operations:
        if operation.kind is OperationKind.FILL:
            path = operation.path
            areas.setdefault((path.layer, path.colour, path.rgb), []).append(operation)
    for operations in areas.values():
        try:
            yield from fill([operation.path for operation in operations], preset.line_mm)
        except TooManyRowsError as error:
            raise FileError("drawing.too-many-rows") from error
