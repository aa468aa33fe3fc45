"""Profiles: what a common machine is, for a lab that has one (`profile = "prusa-mk3s"`).

A profile is a table of a machine in a file of its own, and says where its figures come from. The
hub's own lie in `fablab_hub/profiles`, a lab's in `profiles` beside its `fablab.toml`; of two with
one name the lab's counts. Whatever the lab writes of its machine counts more than its profile.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fablab_hub.core.errors import ConfigError
from fablab_hub.core.toml_file import TomlFile, read_toml

SHIPPED = Path(__file__).parents[1] / "profiles"
_SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile.

    Attributes:
        id: how `fablab.toml` names it.
        file: where it stands.
        source: where its figures come from.
    """

    id: str
    file: TomlFile
    source: str

    @property
    def table(self) -> dict[str, Any]:
        """What it says of the machine."""
        return {key: value for key, value in self.file.body.items() if key != _SOURCE}


def profile_files(lab_folder: Path | None) -> dict[str, Path]:
    """List the files of all profiles by id; `lab_folder` is that of `fablab.toml`."""
    folders = (SHIPPED, lab_folder / "profiles") if lab_folder else (SHIPPED,)
    found = {path.stem: path for folder in folders for path in folder.glob("*.toml")}
    return dict(sorted(found.items()))


def read_profile(path: Path) -> Profile:
    """Read one profile.

    Raises:
        ConfigError: it is no TOML, or does not say where its figures come from.
    """
    file = read_toml(path)
    source = file.body.get(_SOURCE)
    if not isinstance(source, str) or not source.strip():
        raise ConfigError("config.missing-key", file=file.name, line=1, key=_SOURCE)
    return Profile(path.stem, file, source.strip())


def laid_over(table: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Lay a lab's own words over a profile's, table by table."""
    joined = dict(table)
    for key, value in own.items():
        below = joined.get(key)
        if isinstance(below, dict) and isinstance(value, dict):
            joined[key] = laid_over(below, value)
        else:
            joined[key] = value
    return joined
