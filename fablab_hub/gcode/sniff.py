"""Is this G-code? Told from the first bytes of a file; its name and suffix prove nothing."""

import re
from enum import StrEnum

HEAD_BYTES = 1 << 16
"""How much of a file's beginning `looks_like_gcode` wants to see."""


class NotGcode(StrEnum):
    """What a file is, when it is not G-code."""

    EMPTY = "empty"
    BINARY_GCODE = "binary-gcode"
    LFS_POINTER = "lfs-pointer"
    ARCHIVE = "archive"
    IMAGE = "image"
    PDF = "pdf"
    NETCDF = "netcdf"
    BINARY = "binary"
    DRILL = "drill"
    MARKUP = "markup"
    MODEL = "model"
    SETTINGS = "settings"
    TEXT = "text"


_SIGNATURES = (
    (b"GCDE", NotGcode.BINARY_GCODE),  # libbgcode's file header
    (b"version https://git-lfs", NotGcode.LFS_POINTER),
    (b"PK\x03\x04", NotGcode.ARCHIVE),
    (b"\x1f\x8b", NotGcode.ARCHIVE),
    (b"\xff\xd8\xff", NotGcode.IMAGE),
    (b"\x89PNG", NotGcode.IMAGE),
    (b"GIF8", NotGcode.IMAGE),
    (b"RIFF", NotGcode.IMAGE),
    (b"%PDF", NotGcode.PDF),
    (b"CDF\x01", NotGcode.NETCDF),
    (b"CDF\x02", NotGcode.NETCDF),
    (b"\x89HDF", NotGcode.NETCDF),
    (b"<", NotGcode.MARKUP),
    (b"solid", NotGcode.MODEL),
)

_COMMENT = re.compile(rb"\([^)\n]*\)?|;.*")
_GCODE = re.compile(rb"[ \t/]*(?:[Nn]\s*\d+\s*)?[GMTgmt]\s*\d{1,4}(?!\d)")
_WORDS = re.compile(rb"[ \t]*(?:[Nn]\s*\d+\s*)?(?:[A-Za-z]\s*[+-]?[\d.]+\s*)+")
_MACRO = re.compile(rb"[ \t]*[A-Za-z]+_[A-Za-z0-9_]*(?:\s.*)?")
_SETTING = re.compile(rb"\$\d+\s*=")
_DRILL = re.compile(rb"M48\b|(?:METRIC|INCH)\b|T\d+[CF]\d|FMAT,")


def why_not_gcode(head: bytes) -> NotGcode | None:
    """Say what a file is instead of G-code; None when it looks like G-code.

    Args:
        head: the first `HEAD_BYTES` of the file, or all of it.
    """
    if not head.strip(b"\0 \t\r\n"):
        return NotGcode.EMPTY
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    for signature, kind in _SIGNATURES:
        if start.startswith(signature):
            return kind
    if b"\0" in head:
        return NotGcode.BINARY
    return _judge_lines(re.split(rb"\r\n?|\n", start))


def looks_like_gcode(head: bytes) -> bool:
    """Tell whether the first bytes of a file look like G-code of any firmware."""
    return why_not_gcode(head) is None


def _judge_lines(lines: list[bytes]) -> NotGcode | None:
    codes = [code for line in lines if (code := _COMMENT.sub(b"", line).strip(b" \t%"))]
    if not codes:
        # Thumbnails can fill the beginning of a slicer's file with comments.
        return None if any(line.lstrip()[:1] in (b";", b"(") for line in lines) else NotGcode.TEXT
    if any(_DRILL.match(code) for code in codes[:10]):
        return NotGcode.DRILL
    commands = sum(1 for code in codes if _GCODE.match(code) or _MACRO.fullmatch(code))
    if not commands and any(_SETTING.match(code) for code in codes):
        return NotGcode.SETTINGS
    words = sum(1 for code in codes if _WORDS.match(code) or _MACRO.fullmatch(code))
    return None if commands and words * 2 >= len(codes) else NotGcode.TEXT
