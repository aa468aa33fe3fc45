"""PINs: none that anybody would try first, new ones drawn, given in person and written down."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fablab_hub.core.errors import SignInError
from fablab_hub.core.people import Role, add_person, read_person
from fablab_hub.core.pins import draw_pin, hash_pin, is_weak
from fablab_hub.core.settings import SignInSettings
from fablab_hub.core.signin import SignIn

PIN, HERE = "280417", "10.0.0.7"
PIN_HASH = hash_pin(PIN, 6)


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
def malo(add):
    return add("Malo", Role.ADMIN)


@pytest.fixture
def signin(database, clock):
    return SignIn(database, SignInSettings(), clock)


def _try(signin, person, pin, at_kiosk=False):
    try:
        asyncio.run(signin.prove(person.id, pin, HERE, at_kiosk=at_kiosk))
    except SignInError as error:
        return error.code
    return "in"


@pytest.mark.parametrize(
    "pin",
    ["0000", "1234", "4321", "1987", "2009", "2580", "1212", "000000", "123456", "654321",
     "789012", "198706", "061987", "123123", "112233", "159753", "121212", "555556"],
)  # fmt: skip
def test_what_anybody_tries_first_is_weak(pin):
    assert is_weak(pin)


@given(st.integers(4, 12))
def test_a_drawn_pin_is_never_weak_and_has_the_length_asked_for(digits):
    pin = draw_pin(digits)
    assert len(pin) == digits
    assert pin.isdigit()
    assert not is_weak(pin)


@given(st.from_regex(r"[0-9]{4}", fullmatch=True))
def test_few_of_the_short_pins_are_refused_beside_the_known_ones(pin):
    years = pin[:2] in {"19", "20"}
    few = len(set(pin)) < 3
    runs = pin in "01234567890123456789" or pin in "98765432109876543210"
    known = {"1397", "1470", "2580", "0852", "1379"}
    assert is_weak(pin) <= (years or few or runs or pin in known)


def test_at_least_nine_in_ten_pins_of_six_digits_are_free_to_choose():
    assert sum(is_weak(f"{number:06d}") for number in range(0, 1_000_000, 7)) < 143_000 / 10


def test_somebody_chooses_a_new_pin_and_is_out_elsewhere(signin, lea, database):
    mine, other = (asyncio.run(signin.open_session(lea)) for _ in range(2))
    asyncio.run(signin.pins.choose(lea, "740268", "740268", mine))
    assert _try(signin, lea, PIN) == "signin.wrong"
    assert _try(signin, lea, "740268") == "in"
    assert signin.session(mine)
    assert signin.session(other) is None


@pytest.mark.parametrize(
    ("pin", "again", "code"),
    [("740268", "740269", "not-the-same"), ("123456", "123456", "weak"), ("7402", "7402", "weak")],
)
def test_a_new_pin_that_is_mistyped_or_weak_changes_nothing(signin, lea, pin, again, code):
    with pytest.raises(SignInError, match=code):
        asyncio.run(signin.pins.choose(lea, pin, again, ""))
    assert _try(signin, lea, PIN) == "in"


def test_a_given_pin_opens_the_name_again_and_is_in_the_journal(signin, lea, malo, clock, database):
    for _ in range(10):
        clock.advance(7200)
        _try(signin, lea, "000001")
    assert signin.blocked_people() == {lea.id}
    pin = asyncio.run(signin.pins.give(lea, malo))
    assert _try(signin, lea, pin) == "in"
    (line,) = database.read("SELECT * FROM journal WHERE verb = 'pin.give'")
    assert (line["actor"], line["subject"]) == (f"person:{malo.id}", f"person:{lea.id}")
    assert pin not in str(line)


def test_a_short_pin_is_given_only_where_the_lab_allows_it(lea, malo, database, clock, signin):
    assert len(asyncio.run(signin.pins.give(lea, malo, is_short=True))) == 6
    relaxed = SignIn(database, SignInSettings(kiosk_short_pin=True), clock)
    pin = asyncio.run(relaxed.pins.give(lea, malo, is_short=True))
    assert len(pin) == 4
    assert _try(relaxed, lea, pin, at_kiosk=True) == "in"
    assert _try(relaxed, lea, pin) == "signin.kiosk-only"
    assert _try(signin, lea, pin, at_kiosk=True) == "signin.kiosk-only", "the lab changed its mind"
    assert _try(relaxed, lea, asyncio.run(relaxed.pins.give(lea, malo))) == "in"


def test_somebody_new_gets_a_pin_and_a_name_of_their_own(signin, malo, database):
    who, pin = asyncio.run(signin.pins.add("Thomas Riou", Role.TRAINEE, "fr", malo))
    assert _try(signin, who, pin) == "in"
    assert read_person(database, who.id) == who
    with pytest.raises(SignInError, match="name-taken"):
        asyncio.run(signin.pins.add("thomas RIOU", Role.TRAINEE, "fr", malo))
    lines = database.read("SELECT * FROM journal WHERE verb = 'person.add'")
    assert lines[-1]["actor"] == f"person:{malo.id}"
