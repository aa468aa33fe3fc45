"""New PINs: chosen by their owner, or given in person by somebody who may help."""

import asyncio

from sqlite_utils import Database as Tables

from fablab_hub.core import journal
from fablab_hub.core.clock import Clock
from fablab_hub.core.db import Database
from fablab_hub.core.errors import SignInError
from fablab_hub.core.guards import forget, of_person
from fablab_hub.core.hashes import hash_secret
from fablab_hub.core.people import Person, Role, add_person
from fablab_hub.core.pins import draw_pin, hash_pin
from fablab_hub.core.sessions import close_all
from fablab_hub.core.settings import SignInSettings

SHORT_DIGITS = 4
"""Of a PIN that opens kiosks only, where the lab allows it."""


class PinChanges:
    """Sets PINs, and adds the people who need one."""

    def __init__(self, database: Database, settings: SignInSettings, clock: Clock) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock

    async def choose(self, person: Person, pin: str, again: str, session_token: str) -> None:
        """Set the PIN that somebody chose, and sign them out everywhere but in this session.

        Raises:
            SignInError: typed differently the second time (`signin.not-the-same`), or too easy
                to guess (`signin.weak-pin`).
        """
        if pin != again:
            raise SignInError("signin.not-the-same")
        hashed = await asyncio.to_thread(hash_pin, pin, self._settings.pin_digits)
        now = self._clock.now()

        def act(tables: Tables) -> None:
            _set_pin(tables, person, hashed, None)
            close_all(tables, person.id, session_token)
            who = journal.person(person.id)
            journal.append(tables, now, who, "pin.change", who, {})

        await self._database.write(act)

    async def give(self, person: Person, by: Person | None, *, is_short: bool = False) -> str:
        """Give somebody a new PIN, and open their name; they stand beside `by`.

        From the command line there is nobody: whoever may read the hub's disk needs no proof.

        Returns:
            The PIN; it is shown once and never again.
        """
        pin, digits, now = *self._draw(is_short=is_short), self._clock.now()
        hashed = await asyncio.to_thread(hash_secret, pin)

        def act(tables: Tables) -> None:
            _set_pin(tables, person, hashed, digits)
            forget(tables, of_person(person.id))
            close_all(tables, person.id)
            journal.append(
                tables, now, journal.person(by.id) if by else journal.HUB, "pin.give",
                journal.person(person.id), {"reason": "in person" if by else "command line"},
            )  # fmt: skip

        await self._database.write(act)
        return pin

    async def add(
        self, name: str, role: Role, language: str, by: Person, *, is_short: bool = False
    ) -> tuple[Person, str]:
        """Let somebody new in; gives them, and their PIN, which is shown once.

        Raises:
            SignInError: somebody is called so already (`signin.name-taken`).
        """
        pin, digits, now = *self._draw(is_short=is_short), self._clock.now()
        hashed = await asyncio.to_thread(hash_secret, pin)

        def act(tables: Tables) -> Person:
            names = tables.query("SELECT name FROM people")
            if name.casefold() in {row["name"].casefold() for row in names}:
                raise SignInError("signin.name-taken", name=name)
            id_ = add_person(
                tables, name=name, role=role, pin_hash=hashed, language=language, at=now,
                actor=journal.person(by.id),
            )  # fmt: skip
            person = Person(id=id_, name=name, role=role, language=language)
            _set_pin(tables, person, hashed, digits)
            return person

        return await self._database.write(act), pin

    def _draw(self, *, is_short: bool) -> tuple[str, int | None]:
        """Draw a PIN; its length is noted where it is not the lab's usual one."""
        usual = self._settings.pin_digits
        if is_short and self._settings.kiosk_short_pin and usual > SHORT_DIGITS:
            return draw_pin(SHORT_DIGITS), SHORT_DIGITS
        return draw_pin(usual), None


def _set_pin(tables: Tables, person: Person, pin_hash: str, digits: int | None) -> None:
    tables.conn.execute(
        "UPDATE people SET pin_hash = ?, pin_digits = ? WHERE id = ?",
        (pin_hash, digits, person.id),
    )
