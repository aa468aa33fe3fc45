"""A picture as a drawing of its own: one image, as wide as somebody says.

A picture knows pixels. What it says of its resolution is mostly a screen's, and rarely meant.
"""

import io
from pathlib import Path

from PIL import Image

from fablab_hub.core.errors import LimitExceededError, UnreadableFileError
from jobs.geometry.drawing import (
    Drawing,
    DrawingLimits,
    PlacedImage,
    Unit,
    UnitFacts,
    UnitSource,
)

_WIDTH_MM = 80.0
"""Of a picture that nobody measured: a beginner's first one fits on a coaster."""


def read_picture(path: Path, limits: DrawingLimits, width_mm: float | None) -> Drawing:
    """Read a PNG, a JPEG or a GIF.

    Args:
        path: the file.
        limits: how much of it is read.
        width_mm: what a person said; None takes `_WIDTH_MM` for the longer side.

    Raises:
        UnreadableFileError: no picture (`drawing.bad-image`).
        LimitExceededError: too large.
    """
    data = path.read_bytes()
    if len(data) > limits.max_image_bytes:
        raise LimitExceededError("drawing.too-large", max_mb=limits.max_image_bytes // 1_000_000)
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "GIF")) as picture:
            width, height = picture.size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnreadableFileError("drawing.bad-image") from error
    if not width or not height:
        raise UnreadableFileError("drawing.bad-image")
    pixel_mm = width_mm / width if width_mm else _WIDTH_MM / max(width, height)
    image = PlacedImage(
        data=data,
        corner_mm=(0.0, height * pixel_mm),
        across_mm=(width * pixel_mm, height * pixel_mm),
        down_mm=(0.0, 0.0),
        layer="0",
    )
    source = UnitSource.PERSON if width_mm else UnitSource.SIZE
    units = UnitFacts(unit=Unit.MM, source=source, declared=None, scale_mm=1.0)
    return Drawing(paths=(), units=units, images=(image,))
