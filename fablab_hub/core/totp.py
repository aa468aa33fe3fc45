"""A second proof beside a passphrase: six digits from an app, and codes on paper for its loss.

RFC 6238 with its usual values (SHA-1, 30 s, six digits), which every app knows. One step before
and after is taken for clocks that differ, and no code twice (RFC 6238, 5.2). The app's secret must
be stored as it is, since the hub computes the same codes; recovery codes are drawn, 79 bits each,
and only their SHA-256 is kept.
"""

import hmac
import re
import secrets

import pyotp
from sqlite_utils import Database as Tables

from fablab_hub.core import journal
from fablab_hub.core.clock import Clock, utc_text
from fablab_hub.core.db import Database
from fablab_hub.core.errors import SignInError
from fablab_hub.core.hashes import digest
from fablab_hub.core.people import Person

_STEP_S = 30
_RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that looks like another on paper."""


class Codes:
    """Enrols apps, and checks what they show."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def is_on(self, person_id: str) -> bool:
        """Tell whether somebody must give a code beside their passphrase."""
        return self._secret(person_id, is_confirmed=True) is not None

    def pending(self, person_id: str) -> str | None:
        """Give the secret that somebody's app has not confirmed yet; None when there is none."""
        return self._secret(person_id, is_confirmed=False)

    async def begin(self, person: Person) -> str:
        """Draw the secret for somebody's app; nothing is asked until a code confirms it.

        Raises:
            SignInError: there is an app already (`signin.has-code`).
        """
        secret = pyotp.random_base32()

        def act(tables: Tables) -> None:
            changed = tables.conn.execute(
                "INSERT INTO totp (person_id, secret, last_step) VALUES (?, ?, 0)"
                " ON CONFLICT (person_id) DO UPDATE SET secret = excluded.secret"
                " WHERE confirmed_at IS NULL",
                (person.id, secret),
            ).rowcount
            if not changed:
                raise SignInError("signin.has-code")

        await self._database.write(act)
        return secret

    async def confirm(self, person: Person, code: str) -> tuple[str, ...]:
        """Switch the second proof on; gives the recovery codes, which are shown once.

        Raises:
            SignInError: the code is not the app's (`signin.wrong-code`).
        """
        secret, now = self.pending(person.id), self._clock.now()
        step = self._step_of(secret, code) if secret else None
        codes = tuple(_draw_code() for _ in range(_RECOVERY_CODES))

        def act(tables: Tables) -> None:
            confirmed = tables.conn.execute(
                "UPDATE totp SET confirmed_at = ?, last_step = ?"
                " WHERE person_id = ? AND secret = ? AND confirmed_at IS NULL",
                (utc_text(now), step, person.id, secret),
            ).rowcount
            if not confirmed:
                raise SignInError("signin.wrong-code")
            for recovery in codes:
                tables.conn.execute(
                    "INSERT INTO recovery_codes (person_id, code_hash) VALUES (?, ?)",
                    (person.id, digest(_plain(recovery))),
                )
            who = journal.person(person.id)
            journal.append(tables, now, who, "totp.on", who, {})

        if step is None:
            raise SignInError("signin.wrong-code")
        await self._database.write(act)
        return codes

    async def is_right(self, person_id: str, code: str) -> bool:
        """Tell whether a code may be used now; it is used by that, and never again."""
        plain, secret = _plain(code), self._secret(person_id, is_confirmed=True)
        step = self._step_of(secret, plain) if secret else None
        now = self._clock.now()

        def act(tables: Tables) -> bool:
            if step is not None:
                used = tables.conn.execute(
                    "UPDATE totp SET last_step = ? WHERE person_id = ? AND last_step < ?",
                    (step, person_id, step),
                )
                return used.rowcount == 1
            used = tables.conn.execute(
                "DELETE FROM recovery_codes WHERE person_id = ? AND code_hash = ?",
                (person_id, digest(plain)),
            )
            if used.rowcount:
                who = journal.person(person_id)
                journal.append(tables, now, who, "totp.recovery", who, {})
            return used.rowcount == 1

        return await self._database.write(act)

    def recovery_left(self, person_id: str) -> int:
        """Count the recovery codes that somebody has not used."""
        rows = self._database.read(
            "SELECT count(*) AS n FROM recovery_codes WHERE person_id = ?", (person_id,)
        )
        return int(rows[0]["n"])

    async def remove(self, person: Person) -> None:
        """Switch the second proof off."""
        now = self._clock.now()

        def act(tables: Tables) -> None:
            tables.conn.execute("DELETE FROM totp WHERE person_id = ?", (person.id,))
            tables.conn.execute("DELETE FROM recovery_codes WHERE person_id = ?", (person.id,))
            who = journal.person(person.id)
            journal.append(tables, now, who, "totp.off", who, {})

        await self._database.write(act)

    def _secret(self, person_id: str, *, is_confirmed: bool) -> str | None:
        row = self._database.read_one(
            "SELECT secret FROM totp WHERE person_id = ? AND (confirmed_at IS NOT NULL) = ?",
            (person_id, int(is_confirmed)),
        )
        return row["secret"] if row else None

    def _step_of(self, secret: str, code: str) -> int | None:
        """Give the step of time at which the app shows this code; None when it does not now."""
        app, now = pyotp.TOTP(secret, interval=_STEP_S), int(self._clock.now().timestamp())
        found = None
        for step in (now // _STEP_S + offset for offset in (-1, 0, 1)):
            if hmac.compare_digest(app.generate_otp(step).encode(), _plain(code).encode()):
                found = step
        return found


def enrolment_address(secret: str, person: Person, lab: str) -> str:
    """Give what the QR code says that an app reads (`otpauth://totp/...`)."""
    return pyotp.TOTP(secret, interval=_STEP_S).provisioning_uri(name=person.name, issuer_name=lab)


def _draw_code() -> str:
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def _plain(code: str) -> str:
    return re.sub(r"[^0-9a-z]", "", code.casefold())
