"""What a person said that lines are for, remembered for their next file of the same program."""

from collections.abc import Mapping
from datetime import datetime

from sqlite_utils import Database as Tables

from fablab_hub.core.clock import utc_text
from fablab_hub.core.db import Database
from fablab_hub.core.materials import OperationKind
from jobs.drawing_choices import SKIP


def remember(
    tables: Tables,
    person_id: str,
    writer: str,
    meanings: Mapping[str, OperationKind | None],
    now: datetime,
) -> None:
    """Keep what somebody said of groups of lines; the newest word counts.

    Args:
        tables: of the transaction.
        person_id: who said it.
        writer: the program that made the drawing.
        meanings: by the key of the group; None: left out.
        now: when it was said.
    """
    for key, operation in meanings.items():
        tables.execute(
            "INSERT INTO line_meanings VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET operation = excluded.operation, said_at = excluded.said_at",
            [person_id, writer, key, operation.value if operation else SKIP, utc_text(now)],
        )


def remembered_by(database: Database, person_id: str) -> dict[str, dict[str, str]]:
    """Give what somebody said, by program and group, as the options of a check have it."""
    found: dict[str, dict[str, str]] = {}
    rows = database.read(
        "SELECT writer, group_key, operation FROM line_meanings WHERE person_id = ?", (person_id,)
    )
    for row in rows:
        found.setdefault(str(row["writer"]), {})[str(row["group_key"])] = str(row["operation"])
    return found
