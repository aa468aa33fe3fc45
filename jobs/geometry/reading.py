"""Read a drawing, whichever kind it is: told from its first bytes, never from its name."""

from pathlib import Path

from fablab_hub.core.errors import UnreadableFileError
from jobs.geometry.drawing import Drawing, DrawingLimits, Unit
from jobs.geometry.dxf_sniff import HEAD_BYTES, looks_like_dxf
from jobs.geometry.svg_sniff import looks_like_svg


def read_drawing(
    path: Path, limits: DrawingLimits | None = None, unit: Unit | None = None
) -> Drawing:
    """Read a DXF or an SVG.

    Args:
        path: the file.
        limits: how much of it is read.
        unit: what a person said that one drawing unit is.

    Raises:
        UnreadableFileError: empty (`drawing.empty`), no drawing (`drawing.not-a-dxf`), or
            broken beyond repair (`drawing.broken`, `drawing.broken-svg`).
        LimitExceededError: too large, or too many entities or points.
    """
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if not head.strip(b"\0 \t\r\n"):
        raise UnreadableFileError("drawing.empty")
    # What reads the other kind is slow to load.
    if looks_like_svg(head) and not looks_like_dxf(head):
        from jobs.geometry.svg import read_svg  # noqa: PLC0415

        return read_svg(path, limits, unit)
    from jobs.geometry.dxf import read_dxf  # noqa: PLC0415

    return read_dxf(path, limits, unit)
