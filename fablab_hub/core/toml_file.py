"""A TOML file that was read, and where in it each key stands."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fablab_hub.core.errors import ConfigError


@dataclass(frozen=True, slots=True)
class TomlFile:
    """One file.

    Attributes:
        name: of the file, for sentences.
        text: of it.
        body: what it says.
    """

    name: str
    text: str
    body: dict[str, Any]

    def line(self, place: tuple[str, ...]) -> int:
        """Find the line of a key; of the nearest table around it where it has none of its own."""
        names = [part for part in place if not part.isdigit()]
        while names:
            if line := _find_line(self.text, names):
                return line
            names.pop()
        return 1


def read_toml(path: Path) -> TomlFile:
    """Read a file.

    Raises:
        ConfigError: it is not there, or no TOML; names the line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError("config.missing", file=str(path)) from error
    try:
        body = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise ConfigError(
            "config.syntax",
            file=path.name,
            line=int(line[1]) if line else text.count("\n"),
            found=str(error),
        ) from error
    return TomlFile(path.name, text, body)


def _find_line(text: str, names: list[str]) -> int | None:
    table: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[{1,2}\s*([^\]]+?)\s*\]{1,2}", line):
            table = [part.strip().strip("\"'") for part in header[1].split(".")]
            if table[: len(names)] == names:
                return number
        elif key := re.match(r"\s*([\w\"'.-]+)\s*=", line):
            path = table + [part.strip("\"'") for part in key[1].split(".")]
            if path == names:
                return number
    return None
