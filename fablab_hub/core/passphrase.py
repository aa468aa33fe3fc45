"""Passphrases of staff: long, and theirs alone; a PIN is too little for whoever may do much.

Fifteen characters or more, any of them, and a small list of what everybody tries first: no rule
about kinds of characters, and no change by the calendar (NIST SP 800-63B-4, section 3.1.1.2).
"""

import asyncio
import re
import unicodedata

from sqlite_utils import Database as Tables

from fablab_hub.core import journal
from fablab_hub.core.clock import Clock, utc_text
from fablab_hub.core.db import Database
from fablab_hub.core.errors import SignInError
from fablab_hub.core.hashes import NOBODYS, hash_secret, matches
from fablab_hub.core.people import Person
from fablab_hub.core.sessions import close_all

MIN_LENGTH = 15
MAX_LENGTH = 200

_MIN_OWN = 8
"""Letters that must be left when the words that anybody would try are taken away."""

_COMMON = (
    "motdepasse", "phrasesecrete", "phrasedepasse", "password", "passphrase", "passwort", "secret",
    "azertyuiop", "qsdfghjklm", "wxcvbn", "azerty", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwerty",
    "abcdefghijklmnopqrstuvwxyz", "0123456789", "1234567890", "987654321", "123456", "bonjour",
    "welcome", "bienvenue", "jetaime", "iloveyou", "admin", "fablab", "atelier", "laser",
    "letmein", "ouvremoi", "soleil", "doudou", "marseille", "bretagne",
    "correcthorsebatterystaple", "unepommeparjour", "iletaitunefois",
)  # fmt: skip


def _normal(passphrase: str) -> str:
    """Write a passphrase in the one way that is hashed, however a keyboard composes its accents."""
    return unicodedata.normalize("NFKC", passphrase).strip()


def is_weak(passphrase: str, name: str) -> bool:
    """Tell whether a passphrase of somebody with this name is among the first to be tried."""
    text = _normal(passphrase)
    rest = _plain(text)
    is_repeated = rest in (rest + rest)[1:-1]
    tried = [*_COMMON, *(_plain(word) for word in name.split())]
    for word in sorted(tried, key=len, reverse=True):
        rest = rest.replace(word, "") if len(word) > 2 else rest
    rest = re.sub(r"(19|20)\d\d", "", rest)
    is_poor = len(rest) < _MIN_OWN or len(set(rest)) < 5
    return not MIN_LENGTH <= len(text) <= MAX_LENGTH or is_repeated or is_poor


def _plain(text: str) -> str:
    """Keep letters and digits, without accents and case."""
    split = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in split if letter.isalnum())


class Passphrases:
    """Keeps and checks passphrases."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def has_one(self, person_id: str) -> bool:
        """Tell whether somebody signs in with a passphrase."""
        row = self._database.read_one("SELECT 1 FROM passphrases WHERE person_id = ?", (person_id,))
        return row is not None

    async def is_right(self, person_id: str, passphrase: str) -> bool:
        """Tell whether this is somebody's passphrase; takes as long when they have none."""
        row = self._database.read_one(
            "SELECT passphrase_hash FROM passphrases WHERE person_id = ?", (person_id,)
        )
        stored = row["passphrase_hash"] if row else NOBODYS
        return await matches(stored, _normal(passphrase)) and row is not None

    async def choose(self, person: Person, passphrase: str, session_token: str) -> None:
        """Set somebody's passphrase, and sign them out everywhere but in this session.

        Raises:
            SignInError: too short, or too easy to guess.
        """
        if is_weak(passphrase, person.name):
            raise SignInError("signin.weak-passphrase", letters=MIN_LENGTH)
        hashed = await asyncio.to_thread(hash_secret, _normal(passphrase))
        now = self._clock.now()

        def act(tables: Tables) -> None:
            tables.conn.execute(
                "INSERT INTO passphrases (person_id, passphrase_hash, set_at) VALUES (?, ?, ?)"
                " ON CONFLICT (person_id) DO UPDATE SET"
                " passphrase_hash = excluded.passphrase_hash, set_at = excluded.set_at",
                (person.id, hashed, utc_text(now)),
            )
            close_all(tables, person.id, session_token)
            who = journal.person(person.id)
            journal.append(tables, now, who, "passphrase.set", who, {})

        await self._database.write(act)

    async def reset(self, person: Person, by: Person | None) -> None:
        """Take away a forgotten passphrase and its codes; the person stands beside `by`.

        From the command line there is nobody: whoever may read the hub's disk needs no proof.
        """
        now = self._clock.now()

        def act(tables: Tables) -> None:
            for table in ("passphrases", "totp", "recovery_codes"):
                tables.conn.execute(f"DELETE FROM {table} WHERE person_id = ?", (person.id,))  # noqa: S608 - names of ours
            close_all(tables, person.id)
            journal.append(
                tables, now, journal.person(by.id) if by else journal.HUB, "passphrase.reset",
                journal.person(person.id), {"reason": "in person" if by else "command line"},
            )  # fmt: skip

        await self._database.write(act)
