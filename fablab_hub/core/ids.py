"""Ids that sort by time and never clash between sites: ULIDs.

A ULID is 48 bits of milliseconds and 80 random bits, in Crockford's base 32
(github.com/ulid/spec): 26 characters, safe in a URL and read aloud without I, L, O, U.
"""

import secrets
from datetime import UTC, datetime, timedelta
from typing import NewType

PersonId = NewType("PersonId", str)
JobId = NewType("JobId", str)
RunId = NewType("RunId", str)
ProjectId = NewType("ProjectId", str)
FabricationId = NewType("FabricationId", str)
MachineId = NewType("MachineId", str)
MaterialId = NewType("MaterialId", str)

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH = 26
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def new_id(at: datetime, random_bits: int | None = None) -> str:
    """Make a new id.

    Args:
        at: the moment of birth; ids of later milliseconds sort later.
        random_bits: 80 bits, given only by tests that need the same id twice.
    """
    bits = secrets.randbits(80) if random_bits is None else random_bits
    # Whole numbers: a float's rounding would now and then give the millisecond before.
    milliseconds = (at - _EPOCH) // timedelta(milliseconds=1)
    value = (milliseconds << 80) | bits
    return "".join(_ALPHABET[(value >> shift) & 31] for shift in range((_LENGTH - 1) * 5, -1, -5))


def is_id(text: str) -> bool:
    """Tell whether a text could be one of our ids, before it reaches a query or a path."""
    return len(text) == _LENGTH and all(letter in _ALPHABET for letter in text)
