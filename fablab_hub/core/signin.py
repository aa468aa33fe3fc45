"""The door: a name or a badge, then a PIN; sessions and tokens for whoever came in.

A PIN is short, so every try is counted, see `core.guards`.
"""

from fablab_hub.core.badges import Badges
from fablab_hub.core.clock import Clock
from fablab_hub.core.db import Database
from fablab_hub.core.errors import SignInError
from fablab_hub.core.guards import Guards, of_address, of_person, wait_after
from fablab_hub.core.hashes import NOBODYS, matches
from fablab_hub.core.ids import PersonId
from fablab_hub.core.kiosks import Kiosks
from fablab_hub.core.people import Person, read_person
from fablab_hub.core.pins import hash_pin
from fablab_hub.core.sessions import Session, Sessions
from fablab_hub.core.settings import SignInSettings
from fablab_hub.core.tokens import ApiTokens

__all__ = ["Session", "SignIn", "hash_pin", "wait_after"]


class SignIn:
    """The door: checks PINs, opens and ends sessions."""

    def __init__(self, database: Database, settings: SignInSettings, clock: Clock) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self.guards = Guards(database, settings, clock)
        self.badges = Badges(database, clock)
        self.tokens = ApiTokens(database, clock)
        self.sessions = Sessions(database, settings, clock)
        self.kiosks = Kiosks(database, clock)

    async def prove(
        self, person_id: str, pin: str, address: str, *, at_kiosk: bool = False
    ) -> Person:
        """Make sure that it is really this person; used to sign in and at a machine.

        Args:
            person_id: who they say they are.
            pin: what they typed.
            address: where from; counted apart from the name.
            at_kiosk: at a machine's own screen, where a short PIN may be enough.

        Raises:
            SignInError: wrong (`signin.wrong`), too early (`signin.wait`), `signin.blocked`, or
                too short for this place (`signin.kiosk-only`).
        """
        subjects = (of_person(person_id), of_address(address))
        await self.guards.count(*subjects)
        row = self._database.read_one(
            "SELECT pin_hash, pin_digits FROM people WHERE id = ? AND is_active = 1", (person_id,)
        )
        pin_hash = row["pin_hash"] if row else NOBODYS
        if not await matches(pin_hash, pin) or row is None:
            raise SignInError("signin.wrong")
        is_short = (row["pin_digits"] or self._settings.pin_digits) < self._settings.pin_digits
        if is_short and not (at_kiosk and self._settings.kiosk_short_pin):
            raise SignInError("signin.kiosk-only")
        await self.guards.forget(*subjects)
        return read_person(self._database, person_id)

    async def find_badge(self, typed: str, address: str) -> Person:
        """Give whose badge this is; their PIN is asked next.

        A badge that nobody has costs what a wrong PIN costs, in time and in patience.

        Raises:
            SignInError: nobody's badge (`signin.wrong`), or too early (`signin.wait`).
        """
        subject = of_address(address)
        await self.guards.count(subject)
        person = self.badges.holder(typed)
        await matches(NOBODYS, typed)
        if person is None:
            raise SignInError("signin.wrong")
        # Not `forget`: somebody with a badge of their own could guess others' PINs between.
        await self.guards.give_back(subject)
        return person

    async def open_session(self, person: Person, kiosk_id: str | None = None) -> str:
        """Sign somebody in; gives the secret for their cookie."""
        return await self.sessions.open(person, kiosk_id)

    def session(self, token: str) -> Session | None:
        """Give the session of a cookie; None when there is none, or it has ended."""
        return self.sessions.find(token)

    async def close_session(self, token: str) -> None:
        """Sign out."""
        await self.sessions.close(token)

    async def make_token(self, person: Person, name: str) -> str:
        """Make an API token for somebody; it is shown once and never again."""
        return await self.tokens.make(person, name)

    def token_person(self, token: str) -> Person | None:
        """Give whose API token this is; None when it is nobody's, or was revoked."""
        return self.tokens.owner(token)

    async def unblock(self, person_id: PersonId, by: Person, reason: str) -> None:
        """Open a name again after too many wrong PINs; a trainer does it, in person."""
        await self.guards.unblock(person_id, by, reason)

    def blocked_people(self) -> frozenset[str]:
        """Give the ids of the people whom a trainer must let in again."""
        return self.guards.blocked_people()
