"""PINs: which may be used, and how one is drawn."""

import re
import secrets

from fablab_hub.core.errors import SignInError
from fablab_hub.core.hashes import hash_secret

_YEAR = re.compile(r"(19[2-9]|20[0-4])[0-9]")
_FIRST_TRIED = frozenset(
    {
        "112233", "123123", "123321", "131313", "142536", "147258", "147852", "159357",
        "159753", "258456", "321654", "456123", "741852", "789456", "852456", "963852",
        "1397", "1470", "2580", "0852", "1379", "1212", "1122", "1313", "6969",
    }
)  # fmt: skip
"""Rows, columns and corners of a keypad, and well-known pairs."""


def is_weak(pin: str) -> bool:
    """Tell whether a PIN is among the first that anybody tries."""
    is_run = pin in "01234567890123456789" or pin in "98765432109876543210"
    half = pin[: len(pin) // 2]
    is_twice = len(pin) > 4 and pin == half * 2
    has_year = bool(_YEAR.fullmatch(pin[:4]) or _YEAR.fullmatch(pin[-4:]))
    return len(set(pin)) < 3 or is_run or is_twice or has_year or pin in _FIRST_TRIED


def hash_pin(pin: str, digits: int) -> str:
    """Turn a new PIN into what may be stored (Argon2id).

    Raises:
        SignInError: the PIN is not that many digits, or is among the first anybody tries.
    """
    if not re.fullmatch(rf"[0-9]{{{digits}}}", pin) or is_weak(pin):
        raise SignInError("signin.weak-pin", digits=digits)
    return hash_secret(pin)


def draw_pin(digits: int) -> str:
    """Draw a PIN for somebody; it is as good as one that they choose."""
    while is_weak(pin := "".join(secrets.choice("0123456789") for _ in range(digits))):
        pass
    return pin
