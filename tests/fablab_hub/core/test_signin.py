"""Signing in with a name and a PIN: easy for its owner, slow and then shut for anybody else."""

import asyncio
from dataclasses import replace

import pytest

from fablab_hub.core.errors import SignInError
from fablab_hub.core.people import Role, add_person, read_person
from fablab_hub.core.settings import SignInSettings
from fablab_hub.core.signin import SignIn, hash_pin, wait_after

PIN, WRONG = "280417", "000001"


@pytest.fixture
def lea(database, clock):
    pin_hash = hash_pin(PIN, 6)
    id_ = database.write_now(
        lambda tables: add_person(
            tables, name="Léa", role=Role.TRAINEE, pin_hash=pin_hash, language="fr", at=clock.now()
        )
    )
    return read_person(database, id_)


@pytest.fixture
def signin(database, clock):
    return SignIn(database, SignInSettings(), clock)


def _try(signin, person, pin, address="10.0.0.7"):
    try:
        asyncio.run(signin.prove(person.id, pin, address))
    except SignInError as error:
        return error.code
    return "in"


def test_the_right_pin_opens_a_session_that_ends_by_itself(signin, lea, clock):
    assert _try(signin, lea, PIN) == "in"
    token = asyncio.run(signin.open_session(lea))
    assert signin.session(token).person == lea
    assert signin.session(token + "x") is None
    clock.advance(8 * 3600 + 1)
    assert signin.session(token) is None


def test_signing_out_ends_the_session(signin, lea):
    token = asyncio.run(signin.open_session(lea))
    asyncio.run(signin.close_session(token))
    assert signin.session(token) is None


def test_three_tries_are_free_then_each_costs_longer(signin, lea, clock):
    answers = [_try(signin, lea, WRONG) for _ in range(4)]
    assert answers == ["signin.wrong"] * 3 + ["signin.wait"]
    clock.advance(29)
    assert _try(signin, lea, PIN) == "signin.wait"
    clock.advance(2)
    assert _try(signin, lea, WRONG) == "signin.wrong"
    clock.advance(31)
    assert _try(signin, lea, PIN) == "signin.wait", "the second wait is longer"
    clock.advance(30)
    assert _try(signin, lea, PIN) == "in"
    assert _try(signin, lea, WRONG) == "signin.wrong", "the right PIN makes tries free again"


def test_ten_wrong_pins_block_the_name_until_a_trainer_opens_it(signin, lea, clock, database):
    for _ in range(10):
        clock.advance(7200)
        assert _try(signin, lea, WRONG) == "signin.wrong"
    clock.advance(48 * 3600)
    assert _try(signin, lea, PIN) == "signin.blocked"
    assert signin.blocked_people() == {lea.id}
    asyncio.run(signin.unblock(lea.id, lea, "oubli"))
    assert _try(signin, lea, PIN) == "in"


def test_a_restart_forgives_nothing(signin, lea, database, clock):
    for _ in range(3):
        _try(signin, lea, WRONG)
    again = SignIn(database, SignInSettings(), clock)
    assert _try(again, lea, PIN) == "signin.wait"


def test_guesses_sent_side_by_side_do_not_slip_through(signin, lea):
    async def storm():
        tries = (signin.prove(lea.id, WRONG, "10.0.0.7") for _ in range(20))
        return await asyncio.gather(*tries, return_exceptions=True)

    codes = [error.code for error in asyncio.run(storm())]
    assert codes.count("signin.wrong") == 3
    assert codes.count("signin.wait") == 17


def test_one_address_that_guesses_many_names_is_slowed_down(signin, lea):
    nobodies = [replace(lea, id=f"nobody-{number}") for number in range(30)]
    answers = {_try(signin, nobody, WRONG) for nobody in nobodies}
    assert answers == {"signin.wrong"}
    assert _try(signin, lea, PIN) == "signin.wait"
    assert _try(signin, lea, PIN, address="10.0.0.8") == "in"


def test_an_unknown_name_gets_the_same_answer_as_a_wrong_pin(signin, lea):
    assert _try(signin, replace(lea, id="nobody"), PIN) == "signin.wrong"


def test_an_api_token_is_its_owners_and_only_its_hash_is_kept(signin, lea, database):
    token = asyncio.run(signin.make_token(lea, "trancheur"))
    assert signin.token_person(token) == lea
    assert signin.token_person("fab_x") is None
    stored = database.read("SELECT * FROM api_tokens")[0]
    assert token not in str(stored)


@pytest.mark.parametrize(
    "pin", ["000000", "123456", "987654", "121212", "12345", "1234567", "12a456", ""]
)
def test_easy_pins_are_refused(pin):
    with pytest.raises(SignInError):
        hash_pin(pin, 6)


def test_waits_double_up_to_an_hour():
    waits = [wait_after(failures, 3) for failures in range(13)]
    assert waits[:6] == [0, 0, 0, 30, 60, 120]
    assert waits == sorted(waits)
    assert waits[-1] == 3600
