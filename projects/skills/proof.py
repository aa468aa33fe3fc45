"""What speaks for somebody's skills, and what a level still asks for, as pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from fablab_hub.core.machines import MachineKind
from projects.skills.framework import Framework, Need, NeedKind, Rule, Skill


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneRun:
    """A run that was done, and what it became.

    Attributes:
        fabrication_id: empty where it became none.
    """

    run_id: str
    fabrication_id: str
    title: str
    on: MachineKind
    material_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedFile:
    """A file that the check accepted as it was sent."""

    job_id: str
    title: str
    on: MachineKind
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldEntry:
    """A fabrication that its owner told."""

    fabrication_id: str
    title: str
    has_photo: bool
    letters: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What somebody noted of a person.

    Attributes:
        score: 0 to 100; None where there is none.
        by: the name of whoever noted it.
    """

    id: str
    what: str
    score: float | None
    by: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Everything that may speak for somebody.

    Attributes:
        levels: that a trainer validated, by skill.
        agreed: how many trainers have agreed so far, by skill and level.
        incidents: when something happened.
    """

    runs: Sequence[DoneRun] = ()
    files: Sequence[AcceptedFile] = ()
    entries: Sequence[ToldEntry] = ()
    notes: Sequence[Note] = ()
    levels: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    agreed: Mapping[tuple[str, int], int] = field(default_factory=lambda: MappingProxyType({}))
    incidents: Sequence[datetime] = ()
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far one need is met.

    Attributes:
        have: what counts so far; never more than `want`.
        materials: how many different materials are among it.
        evidence: ids of what counts: of fabrications, runs, jobs or notes.
    """

    need: Need
    have: int
    want: int
    materials: int = 0
    evidence: tuple[str, ...] = ()

    @property
    def is_met(self) -> bool:
        """Tell whether it is enough."""
        return self.have >= self.want and self.materials >= self.need.materials


def progress_of(rule: Rule, skill: Skill, proof: Proof, now: datetime) -> list[Progress]:
    """Look how far each need of a rule is met.

    What only counts trainers who agree is left out: nobody can do anything for it.
    """
    needs = [need for need in rule.needs if need.kind is not NeedKind.VALIDATORS]
    return [_progress(need, skill, proof, now) for need in needs]


def validators_wanted(rule: Rule | None) -> int:
    """Give how many different trainers must agree to a level."""
    needs = rule.needs if rule else ()
    return max((need.count for need in needs if need.kind is NeedKind.VALIDATORS), default=1)


def proposed_levels(framework: Framework, proof: Proof, now: datetime) -> dict[str, int]:
    """Give the next level of each skill for which everything speaks; one step at a time.

    What only its owner judges is never proposed.
    """
    found: dict[str, int] = {}
    for skill in framework.skills.values():
        level = proof.levels.get(skill.id, 0) + 1
        rule = skill.rule(level)
        if skill.is_own or rule is None:
            continue
        if all(each.is_met for each in progress_of(rule, skill, proof, now)):
            found[skill.id] = level
    return found


def _progress(need: Need, skill: Skill, proof: Proof, now: datetime) -> Progress:
    match need.kind:
        case NeedKind.QUIET:
            return _quiet(need, proof, now)
        case NeedKind.LEVEL:
            level = min(proof.levels.get(need.skill, 0), need.count)
            return Progress(need=need, have=level, want=need.count)
        case NeedKind.VALIDATORS:
            level = proof.levels.get(skill.id, 0) + 1
            agreed = proof.agreed.get((skill.id, level), 0)
            return Progress(need=need, have=min(agreed, need.count), want=need.count)
    runs = [r for r in proof.runs if need.on in (None, r.on) and _is_new(need, r.at, now)]
    materials = {run.material_id for run in runs if run.material_id}
    is_runs = need.kind is NeedKind.RUNS
    return _counted(
        need, _ids(need, runs, proof, now), min(len(materials), need.materials) if is_runs else 0
    )


def _ids(need: Need, runs: Sequence[DoneRun], proof: Proof, now: datetime) -> list[str]:
    """List what counts for a need, by its ids."""
    if need.kind is NeedKind.RUNS:
        return [run.fabrication_id or run.run_id for run in runs]
    if need.kind is NeedKind.FILES:
        return [file.job_id for file in proof.files if need.on in (None, file.on)]
    if need.kind is NeedKind.ENTRIES:
        return [
            entry.fabrication_id
            for entry in proof.entries
            if entry.letters >= max(need.letters, 1) and (entry.has_photo or not need.has_photo)
        ]
    return [
        note.id
        for note in proof.notes
        if note.what == need.what
        and (note.score or 0.0) >= need.least
        and _is_new(need, note.at, now)
    ]


def _counted(need: Need, ids: Sequence[str], materials: int = 0) -> Progress:
    return Progress(
        need=need,
        have=min(len(ids), need.count),
        want=need.count,
        materials=materials,
        evidence=tuple(ids),
    )


def _quiet(need: Need, proof: Proof, now: datetime) -> Progress:
    """Count the days since the last incident; without one, since the person came."""
    last = max(proof.incidents, default=proof.since)
    days = (now - last).days if last is not None else 0
    return Progress(need=need, have=max(0, min(days, need.count)), want=need.count)


def _is_new(need: Need, at: datetime, now: datetime) -> bool:
    return not need.within_days or now - at <= timedelta(days=need.within_days)
