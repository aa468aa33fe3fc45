"""Is this a DXF? Told from the first bytes of a file; its name proves nothing."""

import re

BINARY_MARK = b"AutoCAD Binary DXF\r\n\x1a\x00"
HEAD_BYTES = 1 << 16


def looks_like_dxf(head: bytes) -> bool:
    """Tell from a file's first bytes whether it can be a DXF at all."""
    if head.startswith(BINARY_MARK):
        return True
    return (
        b"\0" not in head
        and re.search(rb"^\s*0\s*[\r\n]+\s*SECTION", head, re.MULTILINE) is not None
    )
