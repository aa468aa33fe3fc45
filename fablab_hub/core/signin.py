"""The door: a name or a badge, then a PIN; sessions and tokens for whoever came in.

A PIN is short, so every try is counted, see `core.guards`.
"""

from dataclasses import dataclass

from fablab_hub.core.badges import Badges
from fablab_hub.core.clock import Clock
from fablab_hub.core.db import Database
from fablab_hub.core.errors import SignInError
from fablab_hub.core.guards import Guards, of_address, of_person, wait_after
from fablab_hub.core.hashes import NOBODYS, matches
from fablab_hub.core.ids import PersonId
from fablab_hub.core.kiosks import Kiosks
from fablab_hub.core.passphrase import Passphrases
from fablab_hub.core.people import Person, read_person
from fablab_hub.core.pin_changes import PinChanges
from fablab_hub.core.pins import hash_pin
from fablab_hub.core.sessions import Session, Sessions
from fablab_hub.core.settings import SignInSettings
from fablab_hub.core.tokens import ApiTokens
from fablab_hub.core.totp import Codes

__all__ = ["Proof", "Session", "SignIn", "hash_pin", "wait_after"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What somebody typed to show who they are; what was not asked is empty."""

    pin: str = ""
    passphrase: str = ""
    code: str = ""


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
        self.passphrases = Passphrases(database, clock)
        self.codes = Codes(database, clock)
        self.pins = PinChanges(database, settings, clock)

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

    async def enter(
        self, person_id: str, proof: Proof, address: str, *, at_kiosk: bool = False
    ) -> Person:
        """Make sure of somebody who wants to sign in: by passphrase if they have one, or by PIN.

        At a kiosk the PIN is enough: its sessions are short, and others look on.

        Raises:
            SignInError: as for `prove`; or the passphrase is needed (`signin.passphrase-needed`),
                or it or the code is wrong (`signin.wrong-passphrase`).
        """
        if at_kiosk or not self.passphrases.has_one(person_id):
            return await self.prove(person_id, proof.pin, address, at_kiosk=at_kiosk)
        return await self._prove_passphrase(person_id, proof, address, needs_code=True)

    async def prove_again(self, person: Person, proof: Proof, address: str) -> Person:
        """Make sure that whoever is signed in is still the same, before something that lasts.

        Raises:
            SignInError: as for `enter`; a code is not asked.
        """
        if not self.passphrases.has_one(person.id):
            return await self.prove(person.id, proof.pin, address, at_kiosk=True)
        return await self._prove_passphrase(person.id, proof, address, needs_code=False)

    async def _prove_passphrase(
        self, person_id: str, proof: Proof, address: str, *, needs_code: bool
    ) -> Person:
        if not proof.passphrase:
            raise SignInError("signin.passphrase-needed")
        subjects = (of_person(person_id), of_address(address))
        await self.guards.count(*subjects)
        is_right = await self.passphrases.is_right(person_id, proof.passphrase)
        if is_right and needs_code and self.codes.is_on(person_id):
            # Only now: a code is used up by being looked at.
            is_right = await self.codes.is_right(person_id, proof.code)
        if not is_right:
            raise SignInError("signin.wrong-passphrase")
        await self.guards.forget(*subjects)
        return read_person(self._database, person_id)

    async def confirm_code(self, person: Person, code: str, address: str) -> tuple[str, ...]:
        """Switch somebody's second proof on with a first code; gives their recovery codes.

        Raises:
            SignInError: not the app's code (`signin.wrong-code`), or too early.
        """
        subjects = (of_person(person.id), of_address(address))
        await self.guards.count(*subjects)
        codes = await self.codes.confirm(person, code)
        await self.guards.forget(*subjects)
        return codes

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
