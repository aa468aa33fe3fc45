"""A bar on standard error for a file that takes long: bytes, percent, and the time that is left."""

import sys
from collections.abc import Callable
from typing import TextIO

from fablab_hub.cli.language import terminal_language
from fablab_hub.core.i18n.words import N_, duration_text, number_text, translate

_CELLS = 24
_PATIENCE_S = 0.5
"""Nothing is shown for a file that is ready before anybody wonders."""
_EVERY_S = 0.2
_CLEAR_LINE = "\r\x1b[K"
_MB = 1_000_000


def bar_text(read_bytes: int, total_bytes: int, elapsed_s: float, language: str) -> str:
    """Write the bar of one moment, on one line.

    The time left is the time so far, in proportion to the bytes; a file whose end is harder than
    its beginning takes longer.

    Args:
        read_bytes: checked so far.
        total_bytes: of the file.
        elapsed_s: since the start.
        language: of the reader.
    """
    part = min(1.0, read_bytes / total_bytes) if total_bytes else 1.0
    full = int(part * _CELLS)
    words = translate(
        N_("{done} of {total} MB"),
        language,
        done=number_text(read_bytes / _MB, language),
        total=number_text(total_bytes / _MB, language),
    )
    text = f"[{'#' * full}{'.' * (_CELLS - full)}] {int(part * 100):3d}\xa0%   {words}"
    if 0 < part < 1:
        left = duration_text(max(1.0, elapsed_s / part - elapsed_s), language)
        text += "   " + translate(N_("{time} left"), language, time=left)
    return text


class ProgressBar:
    """Draws the bar, and takes it away again."""

    def __init__(self, stream: TextIO, total_bytes: int, now_s: Callable[[], float]) -> None:
        """Begin; nothing is drawn yet.

        Args:
            stream: a terminal.
            total_bytes: of the file.
            now_s: a clock that never goes back.
        """
        self._stream, self._total_bytes, self._now_s = stream, total_bytes, now_s
        self._began_s = now_s()
        self._next_s = self._began_s + _PATIENCE_S
        self._is_drawn = False

    def show(self, read_bytes: int) -> None:
        """Draw the bar anew, where that is due."""
        now_s = self._now_s()
        if now_s < self._next_s:
            return
        self._next_s = now_s + _EVERY_S
        self._is_drawn = True
        elapsed_s = now_s - self._began_s
        text = bar_text(read_bytes, self._total_bytes, elapsed_s, terminal_language())
        self._stream.write(_CLEAR_LINE + text)
        self._stream.flush()

    def clear(self) -> None:
        """Take the bar away, so that the report begins on a clean line."""
        if self._is_drawn:
            self._stream.write(_CLEAR_LINE)
            self._stream.flush()
            self._is_drawn = False


def is_watched() -> bool:
    """Tell whether somebody sits at a terminal and sees both what is said and the bar."""
    return sys.stdout.isatty() and sys.stderr.isatty()
