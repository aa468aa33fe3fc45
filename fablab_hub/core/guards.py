"""Slowing down whoever guesses: wrong tries are counted for each name and each address.

Three are free, then the wait doubles up to an hour, and after ten in a row only a trainer opens
the name again (CNIL 2022 recommendation; NIST SP 800-63B-4 section 5.2.2). Counts are kept on
disk: a restart forgives nothing.
"""

from datetime import datetime, timedelta

from sqlite_utils import Database as Tables

from fablab_hub.core import journal
from fablab_hub.core.clock import Clock, read_utc, utc_text
from fablab_hub.core.db import Database
from fablab_hub.core.errors import SignInError
from fablab_hub.core.ids import PersonId
from fablab_hub.core.people import Person
from fablab_hub.core.settings import SignInSettings

_FIRST_WAIT_S = 30.0
_LONGEST_WAIT_S = 3600.0


def wait_after(failures: int, free_tries: int) -> float:
    """Give how many seconds must pass after that many wrong tries in a row."""
    if failures < free_tries:
        return 0.0
    return float(min(_FIRST_WAIT_S * 2 ** (failures - free_tries), _LONGEST_WAIT_S))


def of_person(person_id: str) -> str:
    """Name a person as somebody whose tries are counted."""
    return f"person:{person_id}"


def of_address(address: str) -> str:
    """Name an address as something whose tries are counted."""
    return f"address:{address}"


class Guards:
    """Counts tries, and refuses those that come too early."""

    def __init__(self, database: Database, settings: SignInSettings, clock: Clock) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock

    async def count(self, *subjects: str) -> None:
        """Count one more try, before it is judged: guesses sent side by side cannot slip through.

        Raises:
            SignInError: too early (`signin.wait`), or `signin.blocked`; nothing is counted then.
        """
        await self._database.write(lambda tables: self._count(tables, subjects))

    async def forget(self, *subjects: str) -> None:
        """Make tries free again, after a right one."""
        await self._database.write(lambda tables: forget(tables, *subjects))

    async def give_back(self, subject: str) -> None:
        """Undo one `count`: the try was fine, but proves nothing about those before it."""
        await self._database.write(
            lambda tables: tables.conn.execute(
                "UPDATE signin_guards SET failures = max(failures - 1, 0) WHERE subject = ?",
                (subject,),
            )
        )

    async def unblock(self, person_id: PersonId, by: Person, reason: str) -> None:
        """Open a name again after too many wrong tries; a trainer does it, in person."""
        now = self._clock.now()

        def act(tables: Tables) -> None:
            forget(tables, of_person(person_id))
            journal.append(
                tables, now, journal.person(by.id), "person.unblock",
                journal.person(person_id), {"reason": reason},
            )  # fmt: skip

        await self._database.write(act)

    def blocked_people(self) -> frozenset[str]:
        """Give the ids of the people whom a trainer must let in again."""
        rows = self._database.read(
            "SELECT subject FROM signin_guards WHERE is_blocked = 1 AND subject LIKE 'person:%'"
        )
        return frozenset(row["subject"].removeprefix("person:") for row in rows)

    def _count(self, tables: Tables, subjects: tuple[str, ...]) -> None:
        now = self._clock.now()
        for subject in subjects:
            self._refuse_early(tables, subject, now)
            tables.conn.execute(
                "INSERT INTO signin_guards (subject, failures, last_at) VALUES (?, 1, ?)"
                " ON CONFLICT (subject) DO UPDATE SET failures = failures + 1,"
                " last_at = excluded.last_at",
                (subject, utc_text(now)),
            )
        tables.conn.execute(
            "UPDATE signin_guards SET is_blocked = 1"
            " WHERE failures >= ? AND subject LIKE 'person:%'",
            (self._settings.block_after,),
        )

    def _refuse_early(self, tables: Tables, subject: str, now: datetime) -> None:
        guard = next(tables.query("SELECT * FROM signin_guards WHERE subject = ?", [subject]), None)
        if guard is None:
            return
        if guard["is_blocked"]:
            raise SignInError("signin.blocked")
        wait_s = wait_after(guard["failures"], self._free_tries(subject))
        until = read_utc(guard["last_at"]) + timedelta(seconds=wait_s)
        if now < until:
            raise SignInError("signin.wait", wait_s=int((until - now).total_seconds()) + 1)

    def _free_tries(self, subject: str) -> int:
        """A shared computer is many people: its address gets ten times a name's patience."""
        return self._settings.free_tries * (10 if subject.startswith("address:") else 1)


def forget(tables: Tables, *subjects: str) -> None:
    """Make tries free again, inside the caller's transaction."""
    for subject in subjects:
        tables.conn.execute("DELETE FROM signin_guards WHERE subject = ?", (subject,))
