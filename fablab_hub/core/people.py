"""People of the lab: who they are, and what their role lets them do.

`submit`, `approve` and `start` are three different rights. The table below is the whole
truth; routes name a right, and a test walks every route with every role.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from sqlite_utils import Database as Tables

from fablab_hub.core import journal
from fablab_hub.core.clock import utc_text
from fablab_hub.core.db import Database, Row
from fablab_hub.core.errors import NotAllowedError, NotFoundError
from fablab_hub.core.ids import PersonId, new_id
from fablab_hub.core.look import Colours, Contrast, Look, TextSize


class Role(StrEnum):
    """What somebody is in the lab."""

    TRAINEE = "trainee"
    TRAINER = "trainer"
    MANAGER = "manager"
    ADMIN = "admin"


STAFF = frozenset({Role.TRAINER, Role.MANAGER, Role.ADMIN})
"""Who looks after others."""


class Right(StrEnum):
    """One thing that a role may do; about one's own things unless it says otherwise."""

    SUBMIT = "submit"
    APPROVE = "approve"
    START = "start"
    SEE_OWN = "see_own"
    SEE_ALL = "see_all"
    SUPERVISE = "supervise"
    AUTHORISE = "authorise"
    CALIBRATE = "calibrate"
    VALIDATE = "validate"
    UNBLOCK = "unblock"
    MANAGE_PEOPLE = "manage_people"
    SEE_JOURNAL = "see_journal"


_TRAINEE = frozenset({Right.SUBMIT, Right.START, Right.SEE_OWN})
_TRAINER = _TRAINEE | {
    Right.SEE_ALL,
    Right.SUPERVISE,
    Right.AUTHORISE,
    Right.VALIDATE,
    Right.UNBLOCK,
}
_MANAGER = _TRAINER | {Right.APPROVE, Right.CALIBRATE, Right.SEE_JOURNAL}

RIGHTS: MappingProxyType[Role, frozenset[Right]] = MappingProxyType(
    {
        Role.TRAINEE: _TRAINEE,
        Role.TRAINER: _TRAINER,
        Role.MANAGER: _MANAGER,
        Role.ADMIN: _MANAGER | {Right.MANAGE_PEOPLE},
    }
)
"""What each role may do. `START` also needs an authorisation for the machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who can sign in."""

    id: PersonId
    name: str
    role: Role
    language: str
    look: Look = field(default_factory=Look)

    def may(self, right: Right) -> bool:
        """Tell whether this person's role has a right."""
        return right in RIGHTS[self.role]

    @property
    def is_staff(self) -> bool:
        """Tell whether this person looks after others."""
        return self.role in STAFF


def first_name(name: str) -> str:
    """Give what a room may call somebody: `Léa` for `Léa Le Goff`."""
    return name.split(maxsplit=1)[0] if name.split() else ""


def require(person: Person, right: Right) -> None:
    """Let through only somebody who has a right.

    Raises:
        NotAllowedError: this person has not.
    """
    if not person.may(right):
        raise NotAllowedError("rights.denied", right=right.value)


def may_help(helper: Person, person: Person) -> bool:
    """Tell whether somebody may renew another's badge, PIN or passphrase, in person.

    Whoever does it could come in as the other, so the other may have no right that they lack.
    """
    is_other = helper.id != person.id
    return is_other and helper.may(Right.UNBLOCK) and RIGHTS[person.role] <= RIGHTS[helper.role]


def require_help(helper: Person, person: Person) -> None:
    """Let through only somebody who may renew another's badge, PIN or passphrase.

    Raises:
        NotAllowedError: the other may do things that this person may not, or is themselves.
    """
    if not may_help(helper, person):
        raise NotAllowedError("rights.denied", right=Right.UNBLOCK.value)


def add_person(
    tables: Tables,
    *,
    name: str,
    role: Role,
    pin_hash: str,
    language: str,
    at: datetime,
    actor: str = journal.HUB,
    is_welcomed: bool = False,
) -> PersonId:
    """Write a new person, inside the caller's transaction; gives their id.

    Whoever `is_welcomed` is not asked how they read best when they first come in.
    """
    id_ = PersonId(new_id(at))
    tables.conn.execute(
        "INSERT INTO people (id, name, role, language, pin_hash, created_at, welcomed_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (id_, name, role.value, language, pin_hash, utc_text(at),
         utc_text(at) if is_welcomed else None),
    )  # fmt: skip
    journal.append(tables, at, actor, "person.add", journal.person(id_), {"role": role.value})
    return id_


def set_language(tables: Tables, person_id: PersonId, language: str) -> None:
    """Remember the language that somebody reads best."""
    tables.conn.execute("UPDATE people SET language = ? WHERE id = ?", (language, person_id))


def read_people(database: Database) -> list[Person]:
    """List everybody who can sign in, by name."""
    rows = database.read("SELECT * FROM people WHERE is_active = 1 ORDER BY name COLLATE NOCASE")
    return [_person(row) for row in rows]


def read_person(database: Database, person_id: str) -> Person:
    """Read one person.

    Raises:
        NotFoundError: there is no such person, or no longer.
    """
    row = database.read_one("SELECT * FROM people WHERE id = ? AND is_active = 1", (person_id,))
    if row is None:
        raise NotFoundError("found.nothing")
    return _person(row)


def authorise(
    tables: Tables, person_id: PersonId, machine_id: str, by: PersonId, at: datetime
) -> None:
    """Let somebody start a machine, inside the caller's transaction."""
    tables.conn.execute(
        "INSERT INTO authorisations (person_id, machine_id, granted_by, granted_at)"
        " VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (person_id, machine_id, by, utc_text(at)),
    )
    journal.append(
        tables, at, journal.person(by), "machine.authorise", journal.person(person_id),
        {"machine": machine_id},
    )  # fmt: skip


def withdraw(
    tables: Tables, person_id: PersonId, machine_id: str, by: PersonId, at: datetime
) -> None:
    """Take an authorisation back, inside the caller's transaction."""
    tables.conn.execute(
        "DELETE FROM authorisations WHERE person_id = ? AND machine_id = ?", (person_id, machine_id)
    )
    journal.append(
        tables, at, journal.person(by), "machine.withdraw", journal.person(person_id),
        {"machine": machine_id},
    )  # fmt: skip


def authorised_machines(database: Database, person_id: str) -> frozenset[str]:
    """Give the ids of the machines that somebody may start."""
    rows = database.read("SELECT machine_id FROM authorisations WHERE person_id = ?", (person_id,))
    return frozenset(row["machine_id"] for row in rows)


def _person(row: Row) -> Person:
    return Person(
        id=PersonId(row["id"]),
        name=row["name"],
        role=Role(row["role"]),
        language=row["language"],
        look=Look(
            text_size=TextSize(row["text_size"]),
            contrast=Contrast(row["contrast"]),
            colours=Colours(row["colours"]),
        ),
    )
