"""What may be shown of the names that people and their programs give to files."""

import unicodedata

MAX_NAME = 120
"""Characters that are kept of a file's name or a title."""


def display_name(file_name: str) -> str:
    """Keep of a file's name what may be shown: no folders, no control characters, not too long."""
    return plain(file_name.replace("\\", "/").rpartition("/")[2]) or "file"


def plain(text: str) -> str:
    """Drop what cannot be seen: control and format characters, and broken surrogates."""
    kept = "".join(letter for letter in text if unicodedata.category(letter)[0] != "C")
    return kept.strip()[:MAX_NAME].strip()
