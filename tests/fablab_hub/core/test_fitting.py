"""Settings are fitted to their classes: nothing is guessed, and each misfit says where and why."""

import dataclasses
import math
from enum import StrEnum
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fablab_hub.core.bounds import Ge, Gt, Le, MinLen
from fablab_hub.core.fitting import MissingKeyError, UnknownKeyError, WrongValueError, fitted


class Wood(StrEnum):
    OAK = "oak"
    BEECH = "beech"


@dataclasses.dataclass(frozen=True)
class Drawer:
    name: Annotated[str, MinLen(1)]
    depth_mm: Annotated[float, Gt(0), Le(600)] = 400.0


@dataclasses.dataclass(frozen=True)
class Cabinet:
    size_mm: tuple[Annotated[float, Gt(0)], float]
    shelves: Annotated[int, Ge(0)] = 0
    is_locked: bool = False
    wood: Wood = Wood.OAK
    labels: tuple[str, ...] = ()
    drawers: dict[str, Drawer] = dataclasses.field(default_factory=dict)
    door: Drawer | None = None
    feet_mm: Annotated[float, Ge(0)] | None = None


FITS = {"size_mm": [900, 400.5]}

numbers = st.floats(0.1, 600)
drawers = st.builds(Drawer, name=st.text(min_size=1), depth_mm=numbers)
cabinets = st.builds(
    Cabinet,
    size_mm=st.tuples(numbers, st.floats(allow_nan=False, allow_infinity=False)),
    shelves=st.integers(0, 9),
    is_locked=st.booleans(),
    wood=st.sampled_from(Wood),
    labels=st.lists(st.text()).map(tuple),
    drawers=st.dictionaries(st.text(), drawers),
    door=st.none() | drawers,
    feet_mm=st.none() | numbers,
)


@given(cabinets)
def test_what_was_written_is_what_is_read(cabinet):
    table = {
        name: value for name, value in dataclasses.asdict(cabinet).items() if value is not None
    }
    table["wood"] = str(cabinet.wood)
    assert fitted(Cabinet, table) == cabinet


def test_a_whole_number_is_a_number_and_a_list_becomes_a_tuple():
    assert fitted(Cabinet, FITS).size_mm == (900.0, 400.5)
    assert isinstance(fitted(Cabinet, FITS).size_mm[0], float)


@pytest.mark.parametrize(
    ("given_", "place", "flaw"),
    [
        ({"size_mm": [0, 1]}, "size_mm.0", "not-above"),
        ({"size_mm": [math.nan, 1]}, "size_mm.0", "not-a-number"),
        ({"size_mm": [1, math.inf]}, "size_mm.1", "not-a-number"),
        ({"size_mm": ["9", 1]}, "size_mm.0", "not-a-number"),
        ({"size_mm": [True, 1]}, "size_mm.0", "not-a-number"),
        ({"size_mm": [1, 2, 3]}, "size_mm", "wrong-count"),
        ({"size_mm": 1}, "size_mm", "not-a-list"),
        ({"shelves": -1}, "shelves", "too-small"),
        ({"shelves": 1.0}, "shelves", "not-whole"),
        ({"shelves": True}, "shelves", "not-whole"),
        ({"is_locked": 1}, "is_locked", "not-yes-or-no"),
        ({"wood": "pine"}, "wood", "not-a-choice"),
        ({"labels": "a"}, "labels", "not-a-list"),
        ({"labels": [1]}, "labels.0", "not-text"),
        ({"door": 3}, "door", "not-a-table"),
        ({"drawers": {"a": {"name": ""}}}, "drawers.a.name", "empty"),
        ({"drawers": {"a": {"name": "A", "depth_mm": 601}}}, "drawers.a.depth_mm", "too-large"),
    ],
)  # fmt: skip
def test_a_misfit_says_where_and_why(given_, place, flaw):
    with pytest.raises(WrongValueError) as misfit:
        fitted(Cabinet, {**FITS, **given_})
    assert (".".join(misfit.value.place), misfit.value.flaw) == (place, flaw)


def test_a_misspelt_key_is_said_before_what_is_missing():
    with pytest.raises(UnknownKeyError, match=r"^door\.nmae$"):
        fitted(Cabinet, {**FITS, "door": {"nmae": "x"}})
    with pytest.raises(MissingKeyError, match=r"^size_mm$"):
        fitted(Cabinet, {})
