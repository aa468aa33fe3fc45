"""What people said of drawings, and tried on materials."""

from sqlite_utils import Database as Tables

from fablab_hub.core.schema.steps import STEPS, run


@STEPS()
def meanings_of_lines(tables: Tables) -> None:
    """What a person said that lines of some program's drawings are for."""
    run(
        tables,
        """
        CREATE TABLE line_meanings (
            person_id TEXT NOT NULL REFERENCES people (id) ON DELETE CASCADE,
            writer TEXT NOT NULL,
            group_key TEXT NOT NULL,
            operation TEXT NOT NULL,
            said_at TEXT NOT NULL,
            PRIMARY KEY (person_id, writer, group_key)
        ) STRICT;
        """,
    )


@STEPS()
def calibrations(tables: Tables) -> None:
    """What people tried on a machine and a material; lines are only added."""
    run(
        tables,
        """
        CREATE TABLE calibrations (
            id TEXT PRIMARY KEY,
            machine_id TEXT NOT NULL,
            material_id TEXT NOT NULL,
            operation TEXT NOT NULL,
            version INTEGER NOT NULL,
            power REAL NOT NULL,
            feed_mm_min REAL NOT NULL,
            passes INTEGER NOT NULL,
            air INTEGER NOT NULL,
            line_mm REAL NOT NULL,
            least_power REAL NOT NULL,
            kerf_mm REAL,
            note TEXT NOT NULL,
            made_by TEXT NOT NULL REFERENCES people (id),
            made_at TEXT NOT NULL,
            UNIQUE (machine_id, material_id, operation, version)
        ) STRICT;
        """,
    )
