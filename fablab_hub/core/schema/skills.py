"""What was noted of people, and what trainers decided about their skills; lines are only added."""

from sqlite_utils import Database as Tables

from fablab_hub.core.schema.steps import STEPS, run


@STEPS()
def skills(tables: Tables) -> None:
    """Notes, proposals and decisions."""
    run(
        tables,
        """
        CREATE TABLE skill_notes (
            id TEXT PRIMARY KEY,
            person_id TEXT NOT NULL REFERENCES people (id),
            what TEXT NOT NULL,
            score REAL,
            text TEXT NOT NULL,
            noted_by TEXT NOT NULL REFERENCES people (id),
            noted_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX skill_notes_of_person ON skill_notes (person_id);
        CREATE TABLE skill_proposals (
            person_id TEXT NOT NULL REFERENCES people (id),
            skill TEXT NOT NULL,
            level INTEGER NOT NULL,
            evidence TEXT NOT NULL,
            proposed_at TEXT NOT NULL,
            answered_at TEXT,
            PRIMARY KEY (person_id, skill, level)
        ) STRICT;
        CREATE TABLE skill_decisions (
            id TEXT PRIMARY KEY,
            person_id TEXT NOT NULL REFERENCES people (id),
            skill TEXT NOT NULL,
            level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 4),
            verdict TEXT NOT NULL CHECK (verdict IN ('validated', 'missing')),
            text TEXT NOT NULL,
            evidence TEXT NOT NULL,
            framework TEXT NOT NULL,
            decided_by TEXT NOT NULL REFERENCES people (id),
            decided_at TEXT NOT NULL
        ) STRICT;
        CREATE INDEX skill_decisions_of_person ON skill_decisions (person_id);
        """,
    )
