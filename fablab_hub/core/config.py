"""Read `fablab.toml` into frozen settings, or say exactly what is wrong with it, and where."""

import dataclasses
import difflib
import re
import typing
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fablab_hub.core.errors import ConfigError
from fablab_hub.core.fitting import MisfitError, UnknownKeyError, WrongValueError, fitted
from fablab_hub.core.i18n.words import languages
from fablab_hub.core.machines import MachineKind
from fablab_hub.core.materials import Material
from fablab_hub.core.profiles import Profile, laid_over, profile_files, read_profile
from fablab_hub.core.settings import Settings
from fablab_hub.core.substances import Burning, substance_of
from fablab_hub.core.toml_file import TomlFile, read_toml

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
    return _Reader(read_toml(path), path.parent).settings()


class _Reader:
    """One reading of one file; knows where each key stands."""

    def __init__(self, file: TomlFile, folder: Path) -> None:
        self._file = file
        self._folder = folder
        self._profiles: dict[str, Profile] = {}

    def settings(self) -> Settings:
        body = dict(self._file.body)
        for table in _KEYED:
            entries = body.get(table)
            if not isinstance(entries, dict):
                continue
            for key in entries:
                if not _ID.fullmatch(key):
                    raise self._wrong((table, key), key, "not-an-id")
            body[table] = {
                key: {"id": key, **entry} if isinstance(entry, dict) else entry
                for key, entry in entries.items()
            }
        if isinstance(body.get("machines"), dict):
            body["machines"] = {
                id_: self._with_profile(id_, entry) for id_, entry in body["machines"].items()
            }
        try:
            settings = fitted(Settings, body)
        except MisfitError as error:
            raise self._explain(error) from error
        self._check_meaning(settings)
        return dataclasses.replace(settings, materials=self._guarded(settings.materials))

    def _with_profile(self, id_: str, entry: Any) -> Any:
        """Lay what the lab says of a machine over the profile that it names."""
        named = entry.get("profile") if isinstance(entry, dict) else None
        if named is None:
            return entry
        if not isinstance(named, str):
            raise self._wrong(("machines", id_, "profile"), named, "not-text")
        files = profile_files(self._folder)
        self._refer(("machines", id_, "profile"), named, files)
        self._profiles[id_] = profile = read_profile(files[named])
        return laid_over(profile.table, entry)

    def _stands(self, place: tuple[str, ...]) -> dict[str, Any]:
        """Say in which file and line a value stands: the lab's own, or a profile's."""
        profile = self._profiles.get(place[1]) if place[0] == "machines" and place[2:] else None
        if profile is None or _has(self._file.body, place) or not _has(profile.table, place[2:]):
            return {"file": self._file.name, "line": self._file.line(place)}
        return {"file": profile.file.name, "line": profile.file.line(place[2:])}

    def _explain(self, error: MisfitError) -> ConfigError:
        """Turn a misfit into a sentence that names the line."""
        place = error.place
        key = ".".join(place)
        match error:
            case UnknownKeyError():
                return ConfigError(
                    "config.unknown-key",
                    **self._stands(place),
                    key=key,
                    likely=_likely(place[-1], _known_keys(place)),
                )
            case WrongValueError():
                return self._wrong(place, error.found, error.flaw, **error.fields)
            case _:
                return ConfigError("config.missing-key", **self._stands(place[:-1]), key=key)

    def _wrong(
        self, place: tuple[str, ...], found: object, flaw: str, **fields: str | int
    ) -> ConfigError:
        shown = str(found).lower() if isinstance(found, bool) else repr(found)
        return ConfigError(
            f"config.{flaw}",
            **self._stands(place),
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
                    **self._stands(place),
                    key=f"machines.{id_}.{needed}",
                )
            if machine.camera is not None:
                self._refer((*place, "camera"), machine.camera, settings.cameras)
            other = ports.setdefault(machine.port, id_)
            if other != id_:
                raise ConfigError(
                    "config.conflict",
                    **self._stands((*place, "port")),
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
                        **self._stands(("materials", id_, "aliases")),
                        key=f"materials.{id_}",
                        other=f"materials.{other}",
                        found=alias,
                    )

    def _guarded(self, materials: Mapping[str, Material]) -> dict[str, Material]:
        """Hold the lab's materials against what is known of their substances.

        SAFETY: what is known to be dangerous can only be listed as forbidden, and staff looks at
        what nobody knows. See test_a_dangerous_material_can_only_be_forbidden.
        """
        guarded: dict[str, Material] = {}
        for id_, material in materials.items():
            names = (id_, material.name.fr, material.name.en, *material.aliases)
            substance = substance_of(names)
            burning = substance.burning if substance else Burning.ASK
            if substance and burning is Burning.NEVER and not material.is_forbidden:
                raise ConfigError(
                    "config.dangerous-material",
                    **self._stands(("materials", id_)),
                    key=f"materials.{id_}",
                    found=substance.id,
                )
            is_doubtful = burning is Burning.ASK and not material.is_forbidden
            needs_staff = material.needs_staff or is_doubtful
            guarded[id_] = dataclasses.replace(material, needs_staff=needs_staff)
        return guarded

    def _refer(self, place: tuple[str, ...], found: str, known: Mapping[str, object]) -> None:
        if found not in known:
            raise ConfigError(
                "config.unknown-reference",
                **self._stands(place),
                key=".".join(place),
                found=found,
                likely=_likely(found, known),
            )


def _has(table: Any, place: tuple[str, ...]) -> bool:
    """Tell whether a table says something at a place; the parts of a list count as the list."""
    for part in place:
        if isinstance(table, list):
            return True
        if not isinstance(table, dict) or part not in table:
            return False
        table = table[part]
    return True


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
