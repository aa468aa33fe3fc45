"""Bounds of settings, for `Annotated`: `Annotated[float, Gt(0), Le(500)]`.

The names are those of Python's comparisons (`operator.gt` …). `core.fitting` holds values against
them, and docs/settings.md is written from them.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gt:
    """Greater than `gt`."""

    gt: float


@dataclass(frozen=True, slots=True)
class Ge:
    """Greater than or equal to `ge`."""

    ge: float


@dataclass(frozen=True, slots=True)
class Le:
    """Less than or equal to `le`."""

    le: float


@dataclass(frozen=True, slots=True)
class MinLen:
    """A text of at least so many letters."""

    min_length: int
