"""A framework of skills: a data file that a lab may change (`skills.toml`).

It says which skills there are, how their levels are called, what people may note of each other,
and which evidence a level asks for. Rules only propose; people decide.
"""

import functools
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from fablab_hub.core.bounds import Ge, Le, MinLen
from fablab_hub.core.errors import ConfigError
from fablab_hub.core.fitting import MisfitError, fitted
from fablab_hub.core.machines import Label, MachineKind
from fablab_hub.core.toml_file import read_toml

DEFAULT = Path(__file__).with_name("default.toml")
TOP_LEVEL = 4


class NeedKind(StrEnum):
    """What a rule counts.

    RUNS: runs that were done. FILES: files that the check accepted as they were sent. ENTRIES:
    fabrications that were told. NOTED: what a trainer noted, or somebody of themselves. LEVEL:
    the level of another skill. QUIET: days without an incident. VALIDATORS: how many different
    trainers must agree.
    """

    RUNS = "runs"
    FILES = "files"
    ENTRIES = "entries"
    NOTED = "noted"
    LEVEL = "level"
    QUIET = "quiet"
    VALIDATORS = "validators"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One thing that a level asks for.

    Attributes:
        kind: what is counted.
        count: how many; days for QUIET, the level for LEVEL.
        on: only on machines of this kind (RUNS, FILES).
        materials: of at least so many different materials (RUNS).
        within_days: only what is not older (RUNS, NOTED); 0: whatever its age.
        what: the note (NOTED).
        least: the least score of it, 0 to 100.
        skill: the other skill (LEVEL).
        has_photo: only with a photo (ENTRIES).
        letters: only with a story of so many letters (ENTRIES).
    """

    kind: NeedKind
    count: Annotated[int, Ge(1), Le(10_000)] = 1
    on: MachineKind | None = None
    materials: Annotated[int, Ge(0), Le(50)] = 0
    within_days: Annotated[int, Ge(0), Le(10_000)] = 0
    what: str = ""
    least: Annotated[float, Ge(0), Le(100)] = 0
    skill: str = ""
    has_photo: bool = False
    letters: Annotated[int, Ge(0), Le(10_000)] = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What speaks for one level of a skill: all of its needs."""

    level: Annotated[int, Ge(1), Le(TOP_LEVEL)]
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """A skill in ESCO, the European Commission's classification."""

    uri: Annotated[str, MinLen(1)]
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill:
    """One skill.

    Attributes:
        hint: what it is, in a plain sentence.
        esco: where ESCO has it, with its French label.
        digcomp: competences of DigComp, as `4.3`.
        rome: codes of the French register of occupations.
        is_own: only the person themselves says how far they are; never a badge, never compared.
    """

    label: Label
    hint: Label
    id: str = ""
    esco: tuple[Concept, ...] = ()
    digcomp: tuple[str, ...] = ()
    rome: tuple[str, ...] = ()
    is_own: bool = False
    rules: tuple[Rule, ...] = ()

    def rule(self, level: int) -> Rule | None:
        """Give what a level asks for; None where nothing can speak for it."""
        return next((rule for rule in self.rules if rule.level == level), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteKind:
    """Something that people may note.

    Attributes:
        label: what was done or seen.
        has_score: with a score, 0 to 100.
        is_own: somebody may note it of themselves.
    """

    label: Label
    id: str = ""
    has_score: bool = False
    is_own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One of the four levels, in the first person."""

    label: Label
    hint: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Framework:
    """All of it.

    Attributes:
        version: goes into every decision, so that one knows years later what was asked.
        digcomp_version: of DigComp, whose competences skills name.
        levels: the four, from the first.
        notes, skills: by id, in the order of the file.
    """

    version: Annotated[str, MinLen(1)]
    levels: tuple[Level, Level, Level, Level]
    skills: dict[str, Skill]
    digcomp_version: str = ""
    notes: dict[str, NoteKind] = field(default_factory=dict)


@functools.lru_cache(maxsize=8)
def read_framework(path: Path = DEFAULT) -> Framework:
    """Read a framework.

    Raises:
        ConfigError: the file is missing or broken, or names what it does not have.
    """
    file = read_toml(path)
    body = dict(file.body)
    for table in ("skills", "notes"):
        found = body.get(table)
        if isinstance(found, dict):
            body[table] = {
                id_: {"id": id_, **each} if isinstance(each, dict) else each
                for id_, each in found.items()
            }
    try:
        framework = fitted(Framework, body)
    except MisfitError as error:
        raise ConfigError(
            "skills.misfit", file=file.name, line=file.line(error.place), key=".".join(error.place)
        ) from error
    for place in _dangling(framework):
        raise ConfigError(
            "skills.misfit", file=file.name, line=file.line(place), key=".".join(place)
        )
    return framework


def framework_beside(settings_path: Path) -> Framework:
    """Read the lab's own `skills.toml` beside its settings; the default where there is none.

    Raises:
        ConfigError: the lab's own file is broken.
    """
    own = settings_path.with_name("skills.toml")
    return read_framework(own if own.exists() else DEFAULT)


def _dangling(framework: Framework) -> list[tuple[str, ...]]:
    """Find rules that name a note or a skill that is not there, or count nothing."""
    return [
        ("skills", skill.id, "rules")
        for skill in framework.skills.values()
        for rule in skill.rules
        for need in rule.needs
        if (need.kind is NeedKind.NOTED and need.what not in framework.notes)
        or (need.kind is NeedKind.LEVEL and need.skill not in framework.skills)
    ]
