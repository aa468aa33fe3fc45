"""How secrets are kept: Argon2id for what people choose, SHA-256 for what the hub draws.

Something that a person can remember can be guessed from its hash, so each guess must be slow. A
drawn secret of 128 bits or more cannot: a quick hash is enough, and lets a table find it.
"""

import asyncio
import hashlib

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

_HASHER = PasswordHasher()

NOBODYS = _HASHER.hash("nobody")
"""Compared for somebody unknown, so that the answer takes as long as for somebody known."""


def hash_secret(secret: str) -> str:
    """Turn what somebody chose into what may be stored (Argon2id)."""
    return _HASHER.hash(secret)


async def matches(stored: str, secret: str) -> bool:
    """Tell whether this is the secret behind a stored hash; takes tens of milliseconds."""
    return await asyncio.to_thread(_matches, stored, secret)


def _matches(stored: str, secret: str) -> bool:
    try:
        return _HASHER.verify(stored, secret)
    except VerificationError:
        return False


def digest(token: str) -> str:
    """Turn what the hub drew into what may be stored (SHA-256)."""
    return hashlib.sha256(token.encode()).hexdigest()
