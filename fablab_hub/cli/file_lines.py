"""The text of a few lines of a file, safe to show on a terminal."""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from jobs.line_chunks import line_chunks

_KEPT_BYTES = 400
"""Of one line: more than any terminal shows of it."""

_PICTURES = 0x2400
_DELETE, _DELETE_PICTURE = "\x7f", "\u2421"
_ELLIPSIS = "…"


def text_of_lines(path: Path, lines: Collection[int]) -> dict[int, str]:
    r"""Read a few lines of a file, by their numbers; memory does not grow with the file.

    Lines are counted as the check counts them: `\n`, `\r\n` and `\r` all end one.

    Args:
        path: the file as it was sent.
        lines: 1-based; those past its end are left out.

    Returns:
        The text of each, made visible; only the beginning of a very long one.

    Raises:
        OSError: the file cannot be read any more.
    """
    wanted = sorted(set(lines))
    if not wanted:
        return {}
    with path.open("rb") as stream:
        found = _find(line_chunks(stream), wanted)
        return {number: visible(text.decode("utf-8", "backslashreplace")) for number, text in found}


def visible(text: str) -> str:
    """Make a stranger's text safe for a terminal: what cannot be seen becomes something that can.

    Control characters are shown by their pictures (␛, ␀), invisible ones and those that turn the
    writing direction by their number; letters of every language and spaces stay.
    """
    return "".join(map(_visible, text))


def shortened(text: str, most_chars: int) -> str:
    """Cut a text to a number of characters, an ellipsis included."""
    return text if len(text) <= most_chars else text[: max(0, most_chars - 1)] + _ELLIPSIS


def _visible(char: str) -> str:
    if char < " ":
        return chr(_PICTURES + ord(char))
    if char == _DELETE:
        return _DELETE_PICTURE
    # `isprintable` knows no space but one; the no-break ones of French are harmless too.
    if char.isprintable() or char in "\xa0\u202f":
        return char
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


def _find(chunks: Iterable[bytes], wanted: list[int]) -> Iterator[tuple[int, bytes]]:
    """Give the wanted lines, in their order, without splitting what lies between them."""
    line, begun, waiting = 1, b"", list(reversed(wanted))
    for chunk in chunks:
        ends = chunk.count(b"\n")
        if waiting and waiting[-1] <= line + ends:
            texts = chunk.split(b"\n")
            while waiting and waiting[-1] < line + ends:
                number = waiting.pop()
                text = texts[number - line]
                yield number, (begun + text if number == line else text)[:_KEPT_BYTES]
        last_end = chunk.rfind(b"\n")
        begun = (begun + chunk if last_end < 0 else chunk[last_end + 1 :])[:_KEPT_BYTES]
        line += ends
        if not waiting:
            return
    if waiting and waiting[-1] == line and begun:
        yield line, begun
