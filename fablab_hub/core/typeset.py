"""Set pages as a PDF that a screen reader can read: PDF/UA-1 and PDF/A-2a, by typst.

What people typed reaches a page as JSON: data, never markup. The same data gives the same bytes.
"""

import logging
import re
from pathlib import Path
from typing import Any

from fablab_hub.core.errors import FablabError
from fablab_hub.core.fonts import FONTS

log = logging.getLogger(__name__)

_TRIES = 4
_MISSING = re.compile(r"the text `\"(.+?)\"` could not|the codepoint `\"(.+?)\"`")
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_PLAIN = '{}[]",:\\0123456789abcdefghijklmnopqrstuvwxyz '
"""Letters that hold the JSON together; every font has them."""


def typeset(folder: Path, template: str, data: str, timestamp: int, failure: str) -> bytes:
    """Set a template's pages; letters that no font can draw are left out.

    PDF/A allows no letter without a shape. The own fonts come first and alone, so that nearly
    every document is the same on every computer; then the system's are asked.

    Args:
        folder: holds the template and its pictures; nothing outside is read.
        template: file name in the folder.
        data: JSON, given as `sys.inputs.data`.
        timestamp: date of the document, seconds since 1970.
        failure: code of the error.

    Raises:
        FablabError: typst could not set it (`failure`).
    """
    import typst  # noqa: PLC0415 - large, and rarely needed

    for attempt in range(_TRIES):
        try:
            made: Any = typst.compile(
                folder / template,
                root=folder,
                font_paths=[FONTS] if FONTS.is_dir() else [],
                ignore_system_fonts=attempt == 0,
                sys_inputs={"data": data},
                pdf_standards=["ua-1", "a-2a"],
                timestamp=timestamp,
            )
            return bytes(made)
        except typst.TypstError as error:
            missing = _missing_letters(error.diagnostic)
            if not missing:
                log.exception("%s could not be set", template)
                raise FablabError(failure) from error
            if attempt > 0:
                data = data.translate(dict.fromkeys(map(ord, missing)))
    raise FablabError(failure)


def _missing_letters(diagnostic: str) -> set[str]:
    """Read from typst's own words which letters it could not draw."""
    texts = ("".join(found) for found in _MISSING.findall(diagnostic))
    return {
        letter
        for text in texts
        for letter in _ESCAPED.sub(lambda escaped: chr(int(escaped[1], 16)), text)
    } - set(_PLAIN)
