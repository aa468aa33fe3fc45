"""Is this file G-code at all? Asked before anything is read."""

from fablab_hub.core.errors import UnreadableFileError
from fablab_hub.gcode.sniff import why_not_gcode


def require_gcode(head: bytes) -> None:
    """Make sure that a file is G-code, from its first bytes.

    Raises:
        UnreadableFileError: it is not; the code of the error, `check.not-gcode-…`, says what it is.
    """
    found = why_not_gcode(head)
    if found is not None:
        raise UnreadableFileError(f"check.not-gcode-{found}")
