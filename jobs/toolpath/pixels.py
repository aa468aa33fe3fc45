"""Pictures made of pixels, as rows for the beam: grey as power, or black dots (dithering).

Pillow reads the picture and spreads the dots (Floyd and Steinberg, 1976).
"""

import io
import math
import warnings

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fablab_hub.core.errors import UnreadableFileError
from fablab_hub.core.geometry import Point
from fablab_hub.core.materials import OperationKind, Preset
from jobs.geometry.drawing import PlacedImage
from jobs.toolpath.scans import Scan, TooManyRowsError, rows_of_pixels
from jobs.toolpath.shading import Shading

_MOST_PIXELS = 40_000_000
_GREYS = 32
_WHITE_FROM = 0.97
"""Paper is never quite white: the beam leaves out what is nearly."""

Image.MAX_IMAGE_PIXELS = _MOST_PIXELS


def scan_of(image: PlacedImage, preset: Preset, shading: Shading = Shading.DOTS) -> Scan | None:
    """Engrave a picture; None where it is all white.

    Args:
        image: in place on the bed, turned or leaning as it may be.
        preset: gives the distance of rows, which is the width of a pixel too, and the power of
            the lightest grey.
        shading: black dots, or more power where it is darker.

    Raises:
        UnreadableFileError: no picture, or one too large (`drawing.bad-image`).
    """
    grey = _grey(image.data)
    pitch_mm = round(preset.line_mm, 2)
    (left, low), (right, high) = _box(image)
    columns, rows = (max(1, math.ceil(side / pitch_mm)) for side in (right - left, high - low))
    if columns * rows > _MOST_PIXELS:
        raise UnreadableFileError("drawing.bad-image")
    dark = 1.0 - _laid(grey, image, (left, high), pitch_mm, columns, rows)
    powers = _dots(dark) if shading is Shading.DOTS else _levels(dark, preset)
    try:
        done = tuple(rows_of_pixels(powers, left, high, pitch_mm, pitch_mm))
    except TooManyRowsError as error:
        raise UnreadableFileError("drawing.bad-image") from error
    return Scan(OperationKind.IMAGE, done) if done else None


def size_px(data: bytes) -> tuple[int, int]:
    """Give width and height of a picture.

    Raises:
        UnreadableFileError: no picture, or one too large (`drawing.bad-image`).
    """
    return _grey(data).size


def _grey(data: bytes) -> Image.Image:
    """Open a picture as grey, what is transparent as white."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "GIF", "BMP", "WEBP"))
            picture = opened.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning) as error:
        raise UnreadableFileError("drawing.bad-image") from error
    paper = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(paper, picture).convert("L")


def _box(image: PlacedImage) -> tuple[Point, Point]:
    (x, y), (u, v), (a, b) = image.corner_mm, image.across_mm, image.down_mm
    xs, ys = (x, u, a, u + a - x), (y, v, b, v + b - y)
    return (min(xs), min(ys)), (max(xs), max(ys))


def _laid(
    grey: Image.Image,
    image: PlacedImage,
    corner_mm: Point,
    pitch_mm: float,
    columns: int,
    rows: int,
) -> NDArray[np.float64]:
    """Lay a picture onto the rows of the bed: 0 is black, 1 white; outside it all is white."""
    width, height = grey.size
    (x, y), (u, v), (a, b) = image.corner_mm, image.across_mm, image.down_mm
    across = np.array([(u - x) / width, (v - y) / width])
    down = np.array([(a - x) / height, (b - y) / height])
    turn = np.array([across, down]).T
    if abs(np.linalg.det(turn)) < 1e-12:
        return np.ones((rows, columns))
    back = np.linalg.inv(turn)
    left, top = corner_mm
    # Pillow asks: which pixel of the picture lies at a pixel of the bed (its middle)?
    step_x, step_y = back @ np.array([pitch_mm, 0.0]), back @ np.array([0.0, -pitch_mm])
    start = back @ np.array([left - x, top - y])
    shrink = max(1.0, float(np.hypot(*step_x)), float(np.hypot(*step_y)))
    if shrink > 2:
        # Many pixels fall on one: their mean, not one of them.
        part = max(1, int(shrink / 1.5))
        grey = grey.reduce(part)
        scale = np.array([grey.size[0] / width, grey.size[1] / height])
        step_x, step_y, start = step_x * scale, step_y * scale, start * scale
    laid = grey.transform(
        (columns, rows),
        Image.Transform.AFFINE,
        (step_x[0], step_y[0], start[0], step_x[1], step_y[1], start[1]),
        resample=Image.Resampling.BILINEAR,
        fillcolor=255,
    )
    return np.asarray(laid, dtype=np.float64) / 255.0


def _dots(dark: NDArray[np.float64]) -> NDArray[np.float64]:
    dark = np.where(dark < 1 - _WHITE_FROM, 0.0, dark)
    picture = Image.fromarray(((1 - dark) * 255).round().astype(np.uint8), "L")
    return 1.0 - np.asarray(picture.convert("1"), dtype=np.float64)


def _levels(dark: NDArray[np.float64], preset: Preset) -> NDArray[np.float64]:
    """Give steps of power, from the lightest grey's to all of it."""
    least = min(1.0, preset.least_power / preset.power)
    steps = np.ceil(dark * _GREYS) / _GREYS
    return np.where(dark < 1 - _WHITE_FROM, 0.0, least + (1 - least) * steps)
