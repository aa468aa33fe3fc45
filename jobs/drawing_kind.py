"""What kind of drawing a file is: from its bytes, or where it is empty from its name."""

from jobs.geometry.dxf_sniff import looks_like_dxf
from jobs.geometry.svg_sniff import looks_like_svg
from jobs.report import FileKind

_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")
_ENDINGS = {
    ".dxf": FileKind.DXF,
    ".svg": FileKind.SVG,
    ".png": FileKind.IMAGE,
    ".jpg": FileKind.IMAGE,
    ".jpeg": FileKind.IMAGE,
    ".gif": FileKind.IMAGE,
}


def drawing_kind(head: bytes) -> FileKind | None:
    """Tell from a file's first bytes which kind of drawing it is; None for no drawing."""
    if head.startswith(_PICTURES):
        return FileKind.IMAGE
    if looks_like_dxf(head):
        return FileKind.DXF
    return FileKind.SVG if looks_like_svg(head) else None


def kind_of_name(name: str) -> FileKind | None:
    """Guess from a file's name which kind of drawing it should be; None for no drawing."""
    return next((kind for end, kind in _ENDINGS.items() if name.casefold().endswith(end)), None)
