"""What the database knows that may speak for somebody's skills."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

from fablab_hub.core.clock import read_utc
from fablab_hub.core.db import Database
from fablab_hub.core.machines import Machine
from projects.skills.decisions import Decision, Verdict, decision_of
from projects.skills.framework import Framework
from projects.skills.proof import (
    AcceptedFile,
    DoneRun,
    Note,
    Proof,
    ToldEntry,
    validators_wanted,
)

INCIDENT = "incident"
"""The note after which days without an incident are counted anew."""


def gather_proof(
    database: Database, framework: Framework, machines: Mapping[str, Machine], person_id: str
) -> Proof:
    """Gather everything that may speak for somebody.

    Args:
        database: the lab's.
        framework: says how many trainers must agree to a level.
        machines: of the lab, by id; runs of a machine that it has no more do not count.
        person_id: whose.
    """
    notes = read_notes(database, person_id)
    decisions = read_decisions(database, person_id)
    agreed = agreed_of(decisions)
    row = database.read_one("SELECT created_at FROM people WHERE id = ?", (person_id,))
    return Proof(
        runs=_runs(database, machines, person_id),
        files=_files(database, machines, person_id),
        entries=_entries(database, person_id),
        notes=notes,
        levels=levels_of(framework, agreed),
        agreed=agreed,
        incidents=[note.at for note in notes if note.what == INCIDENT],
        since=read_utc(row["created_at"]) if row else None,
    )


def read_notes(database: Database, person_id: str) -> list[Note]:
    """List what was noted of somebody, oldest first."""
    rows = database.read(
        "SELECT skill_notes.*, people.name FROM skill_notes"
        " JOIN people ON people.id = noted_by WHERE person_id = ? ORDER BY skill_notes.id",
        (person_id,),
    )
    return [
        Note(
            id=row["id"], what=row["what"], score=row["score"], by=row["name"], text=row["text"],
            at=read_utc(row["noted_at"]),
        )
        for row in rows
    ]  # fmt: skip


def read_decisions(database: Database, person_id: str) -> list[Decision]:
    """List what was decided about somebody's skills, oldest first."""
    rows = database.read(
        "SELECT skill_decisions.*, people.name FROM skill_decisions"
        " JOIN people ON people.id = decided_by WHERE person_id = ? ORDER BY skill_decisions.id",
        (person_id,),
    )
    return [decision_of(row) for row in rows]


def agreed_of(decisions: list[Decision]) -> dict[tuple[str, int], int]:
    """Count the trainers whose last word on a level was yes, by skill and level."""
    last: dict[tuple[str, int, str], Verdict] = {}
    for decision in decisions:
        last[(decision.skill, decision.level, decision.by_id)] = decision.verdict
    return dict(
        Counter(
            (skill, level)
            for (skill, level, _), verdict in last.items()
            if verdict is Verdict.VALIDATED
        )
    )


def levels_of(framework: Framework, agreed: Mapping[tuple[str, int], int]) -> dict[str, int]:
    """Give the level that is reached in each skill: the highest to which enough agreed."""
    found: dict[str, int] = {}
    for (skill_id, level), count in sorted(agreed.items()):
        skill = framework.skills.get(skill_id)
        if skill is not None and count >= validators_wanted(skill.rule(level)):
            found[skill_id] = level
    return found


def _runs(database: Database, machines: Mapping[str, Machine], person_id: str) -> list[DoneRun]:
    rows = database.read(
        "SELECT runs.id, runs.machine_id, runs.ended_at, jobs.material_id, jobs.title,"
        " fabrications.id AS fabrication_id FROM runs JOIN jobs ON jobs.id = runs.job_id"
        " LEFT JOIN fabrications ON fabrications.run_id = runs.id"
        " WHERE jobs.owner_id = ? AND runs.outcome = 'done' ORDER BY runs.id",
        (person_id,),
    )
    return [
        DoneRun(
            run_id=row["id"],
            fabrication_id=row["fabrication_id"] or "",
            title=row["title"],
            on=machines[row["machine_id"]].kind,
            material_id=row["material_id"] or "",
            at=_moment(row["ended_at"]),
        )
        for row in rows
        if row["machine_id"] in machines and row["ended_at"]
    ]


def _files(
    database: Database, machines: Mapping[str, Machine], person_id: str
) -> list[AcceptedFile]:
    """List files that were right as they came: no second file, and nothing mended for them."""
    rows = database.read(
        "SELECT id, machine_id, title, created_at, file_sha256 FROM jobs WHERE owner_id = ?"
        " AND revision = 1 AND json_extract(report, '$.verdict') = 'accepted'"
        " AND coalesce(json_array_length(options, '$.repairs'), 0) = 0"
        " ORDER BY file_sha256, id",
        (person_id,),
    )
    known = [row for row in rows if row["machine_id"] in machines]
    # The same file sent again shows nothing new.
    first = [next(rows) for _, rows in groupby(known, key=lambda row: str(row["file_sha256"]))]
    return [
        AcceptedFile(
            job_id=row["id"],
            title=row["title"],
            on=machines[row["machine_id"]].kind,
            at=_moment(row["created_at"]),
        )
        for row in first
    ]


def _entries(database: Database, person_id: str) -> list[ToldEntry]:
    rows = database.read(
        "SELECT fabrications.id, title, story, created_at,"
        " EXISTS (SELECT 1 FROM photos WHERE photos.run_id = fabrications.run_id"
        "  AND moment IN ('person', 'end', 'progress')) AS has_photo"
        " FROM fabrications WHERE owner_id = ? AND story <> '' ORDER BY id",
        (person_id,),
    )
    return [
        ToldEntry(
            fabrication_id=row["id"],
            title=row["title"],
            has_photo=bool(row["has_photo"]),
            letters=len(row["story"]),
            at=_moment(row["created_at"]),
        )
        for row in rows
    ]


def _moment(text: Any) -> datetime:
    return read_utc(str(text))
