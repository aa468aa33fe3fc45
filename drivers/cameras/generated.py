"""A camera for a lab that has none: it draws a machine's bed, and says so on the picture."""

import hashlib
from functools import cache

import cv2
import numpy as np

from drivers.cameras.camera import Frame, Pixels
from fablab_hub.core.clock import Clock

_WIDTH, _HEIGHT = 1280, 800
_BED = (70, 60, 1210, 700)
_SHEET = (170, 120, 1110, 640)
_INK = (250, 246, 238)
_SHADE = (38, 32, 24)
_ACCENT = (116, 108, 10)
_FONT = cv2.FONT_HERSHEY_SIMPLEX


class GeneratedCamera:
    """Draws a sheet of wood on a bed, with the time and the camera's name.

    Nobody must take it for evidence, so every picture carries its mark.
    """

    def __init__(self, camera_id: str, name: str, mark: str, moment: str, clock: Clock) -> None:
        """Prepare a picture.

        Args:
            camera_id: two cameras have sheets with different grain.
            name: what people call the camera.
            mark: words that say that this is no photo.
            moment: the time, as people read it.
            clock: dates the stills.
        """
        self._id = camera_id
        self._name = name
        self._mark = mark
        self._moment = moment
        self._clock = clock

    def still(self) -> Frame:
        """Draw the bed as it is now."""
        pixels = _draw_bed(self._id).copy()
        _write(pixels, self._name, (40, 52), 0.9)
        _write(pixels, self._moment, (_WIDTH // 2, 765), 0.9, is_centred=True)
        width = _text_width(self._mark, 0.8) + 40
        cv2.rectangle(pixels, (_WIDTH - width - 30, 732), (_WIDTH - 30, 780), _ACCENT, cv2.FILLED)
        _write(pixels, self._mark, (_WIDTH - width - 10, 765), 0.8)
        return Frame(pixels, self._clock.now())

    def close(self) -> None:
        """Nothing to let go of."""


@cache
def _draw_bed(camera_id: str) -> Pixels:
    seed = int.from_bytes(hashlib.sha256(camera_id.encode()).digest()[:8])
    picture = np.full((_HEIGHT, _WIDTH, 3), _SHADE, np.uint8)
    left, top, right, bottom = _BED
    cv2.rectangle(picture, (left, top), (right, bottom), (92, 94, 96), cv2.FILLED)
    for x in range(left, right, 16):
        cv2.line(picture, (x, top), (x, bottom), (78, 80, 82), 1)
    for y in range(top, bottom, 16):
        cv2.line(picture, (left, y), (right, y), (78, 80, 82), 1)
    _draw_rulers(picture)
    _lay_sheet(picture, seed)
    return _light(picture)


def _draw_rulers(picture: Pixels) -> None:
    left, top, right, bottom = _BED
    for place, x in enumerate(range(left, right + 1, 19)):
        cv2.line(picture, (x, top), (x, top - (18 if place % 10 == 0 else 9)), _INK, 1)
    for place, y in enumerate(range(top, bottom + 1, 19)):
        cv2.line(picture, (left, y), (left - (18 if place % 10 == 0 else 9), y), _INK, 1)


def _lay_sheet(picture: Pixels, seed: int) -> None:
    """Put a sheet of plywood on the bed, with its shadow."""
    left, top, right, bottom = _SHEET
    shadow = picture.copy()
    cv2.rectangle(shadow, (left + 10, top + 12), (right + 10, bottom + 12), (0, 0, 0), cv2.FILLED)
    cv2.GaussianBlur(shadow, (0, 0), 9, dst=shadow)
    cv2.addWeighted(shadow, 0.6, picture, 0.4, 0, dst=picture)
    picture[top:bottom, left:right] = _wood(right - left, bottom - top, seed)
    cv2.rectangle(picture, (left, top), (right - 1, bottom - 1), (96, 138, 178), 2)


def _wood(width: int, height: int, seed: int) -> Pixels:
    """Draw grain: rings of a trunk cut lengthwise, bent by slow noise."""
    chance = np.random.default_rng(seed)
    slow = cv2.resize(
        chance.normal(0.0, 1.0, (5, 7)).astype(np.float32),
        (width, height),
        interpolation=cv2.INTER_CUBIC,
    )
    fine = cv2.blur(chance.normal(0.0, 1.0, (height, width)).astype(np.float32), (61, 1))
    rows = np.arange(height, dtype=np.float32)[:, None] / 26.0
    rings = np.sin((rows + slow * 1.6) * 2 * np.pi / 1.7)
    tone = np.clip(0.82 + rings * 0.06 + fine * 0.22, 0.5, 1.05)[..., None]
    colour = np.array([142, 190, 226], np.float32)
    wood: Pixels = np.clip(colour * tone, 0, 255).astype(np.uint8)
    return wood


def _light(picture: Pixels) -> Pixels:
    """Darken the corners, as a lens over a lamp does."""
    x = np.linspace(-1, 1, _WIDTH, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, _HEIGHT, dtype=np.float32)[:, None]
    fall = np.clip(1.06 - 0.22 * (x * x + y * y), 0, 1)[..., None]
    lit: Pixels = np.clip(picture * fall, 0, 255).astype(np.uint8)
    return lit


def _text_width(text: str, scale: float) -> int:
    return int(cv2.getTextSize(text, _FONT, scale, 2)[0][0])


def _write(
    picture: Pixels, text: str, at: tuple[int, int], scale: float, *, is_centred: bool = False
) -> None:
    x = at[0] - _text_width(text, scale) // 2 if is_centred else at[0]
    cv2.putText(picture, text, (x, at[1]), _FONT, scale, _INK, 2, cv2.LINE_AA)
