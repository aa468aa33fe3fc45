"""Make frozen settings of what TOML gave, or say which value does not fit, and why.

Types are those of the dataclasses' own annotations. Nothing is turned into something else, but for
whole numbers where a number is due, and lists into tuples: a settings file says what it means.
"""

import dataclasses
import functools
import math
import types
import typing
from collections.abc import Hashable, Mapping
from enum import Enum
from typing import Any, TypeVar

from fablab_hub.core.bounds import Ge, Gt, Le, MinLen

T = TypeVar("T")

Place = tuple[str, ...]
"""The keys that lead to a value: `("machines", "laser", "bed_mm", "0")`."""

_KINDS: Mapping[type, str] = types.MappingProxyType(
    {float: "not-a-number", int: "not-whole", str: "not-text", bool: "not-yes-or-no"}
)


class MisfitError(Exception):
    """A value that does not fit.

    Attributes:
        place: where it stands; of a missing value, where it should.
    """

    def __init__(self, place: Place) -> None:
        super().__init__(".".join(place))
        self.place = place


class UnknownKeyError(MisfitError):
    """A key that no setting has."""


class MissingKeyError(MisfitError):
    """A setting without which nothing works."""


class WrongValueError(MisfitError):
    """A value of a wrong kind, or beyond its bounds.

    Attributes:
        found: the value.
        flaw: what is wrong; `config.<flaw>` is the error that says so.
        fields: of that error: `bound`, `count` or `choices`.
    """

    def __init__(self, place: Place, found: object, flaw: str, **fields: str | int) -> None:
        super().__init__(place)
        self.found = found
        self.flaw = flaw
        self.fields = fields


def fitted(kind: type[T], found: object, place: Place = ()) -> T:
    """Make a settings class of a table.

    Args:
        kind: a dataclass.
        found: what `tomllib` gave.
        place: where it stands in its file.

    Raises:
        MissingKeyError: a setting without a default is not there.
        UnknownKeyError: there is no such setting; said before anything else of its table.
        WrongValueError: a value is of a wrong kind, or beyond its bounds.
    """
    table = _table(found, place)
    fields = _fields(typing.cast("Hashable", kind))
    for key in table:
        if key not in fields:
            raise UnknownKeyError((*place, key))
    values = {}
    for name, (annotation, is_needed) in fields.items():
        if name in table:
            values[name] = _fit(annotation, table[name], (*place, name))
        elif is_needed:
            raise MissingKeyError((*place, name))
    return kind(**values)


@functools.cache
def _fields(kind: Hashable) -> Mapping[str, tuple[Any, bool]]:
    """Give the annotation of each field of a dataclass, and whether it has no default."""
    missing = dataclasses.MISSING
    return {
        field.name: (
            field.type,
            field.default is missing and field.default_factory is missing,
        )
        for field in dataclasses.fields(typing.cast("type[Any]", kind))
    }


def _fit(annotation: Any, found: object, place: Place) -> Any:
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        value = _fit(annotation.__origin__, found, place)
        for bound in annotation.__metadata__:
            _hold_against(bound, value, place)
        return value
    if origin in (types.UnionType, typing.Union):
        # `X | None`, a `typing.Union` where X is `Annotated`. TOML knows no null: it is an X.
        return _fit(annotation.__args__[0], found, place)
    if origin is tuple:
        return _fit_tuple(annotation.__args__, found, place)
    if origin is dict:
        value_kind = annotation.__args__[1]
        table = _table(found, place)
        return {key: _fit(value_kind, value, (*place, key)) for key, value in table.items()}
    if dataclasses.is_dataclass(annotation):
        return fitted(typing.cast("type[Any]", annotation), found, place)
    return _fit_plain(annotation, found, place)


def _fit_plain(kind: Any, found: object, place: Place) -> Any:
    """Fit a number, a text, a choice, or true and false."""
    if issubclass(kind, Enum):
        choices = [str(member.value) for member in kind]
        if found in choices:
            return kind(found)
        raise WrongValueError(place, found, "not-a-choice", choices=", ".join(choices))
    if kind is float and type(found) is int:
        found = float(found)
    # A type's own name, not `isinstance`: to Python, true is a whole number.
    is_endless = isinstance(found, float) and not math.isfinite(found)
    if type(found) is not kind or is_endless:
        raise WrongValueError(place, found, _KINDS[kind])
    return found


def _fit_tuple(kinds: tuple[Any, ...], found: object, place: Place) -> tuple[Any, ...]:
    if not isinstance(found, list | tuple):
        raise WrongValueError(place, found, "not-a-list")
    if kinds[-1] is Ellipsis:
        kinds = (kinds[0],) * len(found)
    if len(found) != len(kinds):
        raise WrongValueError(place, found, "wrong-count", count=len(kinds))
    fits = enumerate(zip(kinds, found, strict=True))
    return tuple(_fit(kind, item, (*place, str(at))) for at, (kind, item) in fits)


def _table(found: object, place: Place) -> Mapping[str, Any]:
    if not isinstance(found, dict):
        raise WrongValueError(place, found, "not-a-table")
    return found


def _hold_against(bound: object, value: Any, place: Place) -> None:
    match bound:
        case Gt(gt=least) if value <= least:
            raise WrongValueError(place, value, "not-above", bound=f"{least:g}")
        case Ge(ge=least) if value < least:
            raise WrongValueError(place, value, "too-small", bound=f"{least:g}")
        case Le(le=most) if value > most:
            raise WrongValueError(place, value, "too-large", bound=f"{most:g}")
        case MinLen(min_length=least) if len(value) < least:
            raise WrongValueError(place, value, "empty")
