"""Read `fablab.toml` into frozen settings, or say exactly what is wrong with it, and where."""

import dataclasses
import difflib
import re
import tomllib
import typing
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fablab_hub.core.errors import ConfigError
from fablab_hub.core.fitting import MisfitError, UnknownKeyError, WrongValueError, fitted
from fablab_hub.core.i18n.words import languages
from fablab_hub.core.machines import MachineKind
from fablab_hub.core.settings import Settings

_UNITS = (
    "mm_min",
    "mm_s2",
    "mm_s",
    "mm",
    "cm",
    "inch",
    "ms",
    "min",
    "mb",
    "deg",
    "h",
    "s",
    "c",
    "w",
)
"""Endings of names, right or not: a wrong unit is the likeliest misspelling."""
_KEYED = ("machines", "materials", "cameras")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


def read_settings(path: Path) -> Settings:
    """Read a settings file.

    Raises:
        ConfigError: names the file, the line, the key, what was found, the bound that it
            breaks, and for a misspelt key the likely spelling.
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
            "config.syntax", file=path.name, line=int(line[1]) if line else 0, found=str(error)
        ) from error
    return _Reader(path.name, text, body).settings()


class _Reader:
    """One reading of one file; knows where each key stands."""

    def __init__(self, name: str, text: str, body: dict[str, Any]) -> None:
        self._name = name
        self._text = text
        self._body = body

    def settings(self) -> Settings:
        for table in _KEYED:
            for key, entry in self._body.get(table, {}).items():
                if not _ID.fullmatch(key):
                    raise self._wrong((table, key), key, "not-an-id")
                if isinstance(entry, dict):
                    entry.setdefault("id", key)
        try:
            settings = fitted(Settings, self._body)
        except MisfitError as error:
            raise self._explain(error) from error
        self._check_meaning(settings)
        return settings

    def _explain(self, error: MisfitError) -> ConfigError:
        """Turn a misfit into a sentence that names the line."""
        place = error.place
        key = ".".join(place)
        match error:
            case UnknownKeyError():
                return ConfigError(
                    "config.unknown-key",
                    file=self._name,
                    line=self._line(place),
                    key=key,
                    likely=_likely(place[-1], _known_keys(place)),
                )
            case WrongValueError():
                return self._wrong(place, error.found, error.flaw, **error.fields)
            case _:
                return ConfigError(
                    "config.missing-key", file=self._name, line=self._line(place[:-1]), key=key
                )

    def _wrong(
        self, place: tuple[str, ...], found: object, flaw: str, **fields: str | int
    ) -> ConfigError:
        shown = str(found).lower() if isinstance(found, bool) else repr(found)
        return ConfigError(
            f"config.{flaw}",
            file=self._name,
            line=self._line(place),
            key=".".join(place),
            found=shown,
            **fields,
        )

    def _check_meaning(self, settings: Settings) -> None:
        """Check what one value cannot show: references, overlaps, and kinds."""
        self._check_lab(settings)
        ports: dict[str, str] = {}
        for id_, machine in settings.machines.items():
            place = ("machines", id_)
            needed = "laser" if machine.kind is MachineKind.LASER else "printer"
            if getattr(machine, needed) is None:
                raise ConfigError(
                    "config.missing-key",
                    file=self._name,
                    line=self._line(place),
                    key=f"machines.{id_}.{needed}",
                )
            if machine.camera is not None:
                self._refer((*place, "camera"), machine.camera, settings.cameras)
            other = ports.setdefault(machine.port, id_)
            if other != id_:
                raise ConfigError(
                    "config.conflict",
                    file=self._name,
                    line=self._line((*place, "port")),
                    key=f"machines.{id_}.port",
                    other=f"machines.{other}.port",
                    found=machine.port,
                )
        self._check_materials(settings)

    def _check_lab(self, settings: Settings) -> None:
        self._refer(("lab", "language"), settings.lab.language, dict.fromkeys(languages()))
        try:
            ZoneInfo(settings.lab.zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise self._wrong(("lab", "zone"), settings.lab.zone, "not-a-zone") from error

    def _check_materials(self, settings: Settings) -> None:
        """A word that people use for a material leads to one material only."""
        names: dict[str, str] = {}
        for id_, material in settings.materials.items():
            for alias in (id_, *material.aliases):
                other = names.setdefault(alias.casefold(), id_)
                if other != id_:
                    raise ConfigError(
                        "config.conflict",
                        file=self._name,
                        line=self._line(("materials", id_, "aliases")),
                        key=f"materials.{id_}",
                        other=f"materials.{other}",
                        found=alias,
                    )

    def _refer(self, place: tuple[str, ...], found: str, known: Mapping[str, object]) -> None:
        if found not in known:
            raise ConfigError(
                "config.unknown-reference",
                file=self._name,
                line=self._line(place),
                key=".".join(place),
                found=found,
                likely=_likely(found, known),
            )

    def _line(self, place: tuple[Any, ...]) -> int:
        """Find the line of a key; of the nearest table around it where it has none of its own."""
        names = [str(part) for part in place if not isinstance(part, int)]
        while names:
            if line := _find_line(self._text, names):
                return line
            names.pop()
        return 1


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


def _known_keys(place: tuple[Any, ...]) -> list[str]:
    """List the keys that the table around a place may have."""
    kind: Any = Settings
    parts = iter(place[:-1])
    for part in parts:
        field = {field.name: field.type for field in dataclasses.fields(kind)}.get(str(part))
        if typing.get_origin(field) is dict:
            next(parts, None)  # the id in `machines.laser` is no key of ours
        kind = _inner(field) or kind
    return [field.name for field in dataclasses.fields(kind)]


def _inner(annotation: Any) -> Any:
    """Find the settings class inside `dict[str, X]`, `X | None` or `tuple[X, ...]`."""
    if dataclasses.is_dataclass(annotation):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        if found := _inner(argument):
            return found
    return None


def _likely(found: str, known: Iterable[str]) -> str:
    """Guess the spelling, a forgotten or wrong unit included (`bed` for `bed_mm`)."""
    names = list(known)
    stem = re.sub(rf"_({'|'.join(_UNITS)})$", "", found)
    same = [name for name in names if re.sub(rf"_({'|'.join(_UNITS)})$", "", name) == stem]
    close = same or difflib.get_close_matches(found, names, n=1, cutoff=0.6)
    return f" “{close[0]}” ?" if close else ""
