"""Is this an SVG? Told from the first bytes of a file; its name proves nothing."""

import re

_SVG_TAG = re.compile(rb"<([A-Za-z_][\w.-]*:)?svg[\s>/]")


def looks_like_svg(head: bytes) -> bool:
    """Tell from a file's first bytes whether it can be an SVG at all."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "ignore").encode()
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return text.startswith(b"<") and b"\0" not in text and _SVG_TAG.search(text) is not None
