"""A badge says who somebody is; it opens nothing by itself, and a lost one is worth nothing."""

import asyncio
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fablab_hub.core.badges import LENGTH, LETTERS, draw_badge, read_badge
from fablab_hub.core.errors import SignInError
from fablab_hub.core.people import RIGHTS, Role, add_person, may_help, read_person
from fablab_hub.core.settings import SignInSettings
from fablab_hub.core.signin import SignIn, hash_pin

HERE = "10.0.0.7"
PIN_HASH = hash_pin("280417", 6)


@pytest.fixture
def add(database, clock):
    def add(name, role):
        id_ = database.write_now(
            lambda tables: add_person(
                tables, name=name, role=role, pin_hash=PIN_HASH, language="fr", at=clock.now()
            )
        )
        return read_person(database, id_)

    return add


@pytest.fixture
def lea(add):
    return add("Léa", Role.TRAINEE)


@pytest.fixture
def trainer(add):
    return add("Soizic", Role.TRAINER)


@pytest.fixture
def signin(database, clock):
    return SignIn(database, SignInSettings(), clock)


def _show(signin, badge, address=HERE):
    try:
        return asyncio.run(signin.find_badge(badge, address)).name
    except SignInError as error:
        return error.code


def test_a_badge_leads_to_its_owner_however_the_scanner_types_it(signin, lea, trainer):
    badge = asyncio.run(signin.badges.make(lea, trainer))
    for typed in (badge, badge.lower(), f" {badge[:10]} {badge[10:]}\r\n"):
        assert _show(signin, typed) == "Léa"


def test_only_its_hash_is_kept(signin, lea, trainer, database):
    badge = asyncio.run(signin.badges.make(lea, trainer))
    assert badge not in str(database.read("SELECT * FROM badges"))
    assert badge not in str(database.read("SELECT * FROM journal"))


def test_a_new_badge_makes_the_old_one_worthless_and_both_are_in_the_journal(
    signin, lea, trainer, database
):
    old, new = (asyncio.run(signin.badges.make(lea, trainer)) for _ in range(2))
    assert _show(signin, old) == "signin.wrong"
    assert _show(signin, new) == "Léa"
    asyncio.run(signin.badges.revoke(lea, trainer))
    assert _show(signin, new) == "signin.wrong"
    assert signin.badges.made_at(lea.id) is None
    lines = database.read("SELECT verb, actor, subject FROM journal WHERE verb LIKE 'badge.%'")
    assert [line["verb"] for line in lines] == ["badge.make", "badge.make", "badge.revoke"]
    assert {(line["actor"], line["subject"]) for line in lines} == {
        (f"person:{trainer.id}", f"person:{lea.id}")
    }


def test_guessing_badges_is_slowed_down_by_address_alone(signin, lea, trainer):
    badge = asyncio.run(signin.badges.make(lea, trainer))
    answers = [_show(signin, draw_badge()) for _ in range(31)]
    assert answers == ["signin.wrong"] * 30 + ["signin.wait"]
    assert _show(signin, badge) == "signin.wait"
    assert _show(signin, badge, address="10.0.0.8") == "Léa"


def test_a_badge_of_ones_own_does_not_make_guesses_free_again(signin, lea, trainer):
    badge = asyncio.run(signin.badges.make(lea, trainer))
    for _ in range(29):
        _show(signin, draw_badge())
    assert _show(signin, badge) == "Léa"
    assert [_show(signin, draw_badge()) for _ in range(2)] == ["signin.wrong", "signin.wait"]


def test_a_badge_is_as_hard_to_guess_as_128_bits():
    assert len(set(LETTERS)) == len(LETTERS)
    assert LENGTH * math.log2(len(LETTERS)) >= 128
    assert len({draw_badge() for _ in range(100)}) == 100


def test_a_badge_is_typed_alike_on_every_keyboard_of_the_region():
    # The rows of letters as printed on the keys, in the order of the scan codes 16 to 50.
    qwerty = "qwertyuiopasdfghjklzxcvbnm"
    azerty = "azertyuiopqsdfghjklwxcvbn,"
    qwertz = "qwertzuiopasdfghjklyxcvbnm"
    moved = {us for us, fr, de in zip(qwerty, azerty, qwertz, strict=True) if not us == fr == de}
    assert set(LETTERS.lower()) == set(qwerty) - moved


@given(st.text())
def test_any_text_is_read_without_complaint_and_the_same_twice(typed):
    assert read_badge(read_badge(typed)) == read_badge(typed)


def test_helping_somebody_gives_nobody_a_right_that_they_lack(add):
    people = [add(role.value, role) for role in Role]
    for helper in people:
        for person in people:
            if may_help(helper, person):
                assert helper.is_staff
                assert helper != person
                assert all(helper.may(right) for right in RIGHTS[person.role])
    assert sum(may_help(people[-1], person) for person in people) == 3
