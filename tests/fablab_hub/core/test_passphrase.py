"""Staff's passphrases and codes: long, their own, never taken twice, and helped with in person."""

import asyncio

import pyotp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fablab_hub.core.errors import SignInError
from fablab_hub.core.passphrase import is_weak
from fablab_hub.core.people import Role, add_person, read_person
from fablab_hub.core.settings import SignInSettings
from fablab_hub.core.signin import Proof, SignIn, hash_pin

PIN, PHRASE, HERE = "280417", "goéland vis tournesol 4 pinces", "10.0.0.7"
PIN_HASH = hash_pin(PIN, 6)


@pytest.fixture
def soizic(database, clock):
    id_ = database.write_now(
        lambda tables: add_person(
            tables, name="Soizic Le Bris", role=Role.TRAINER, pin_hash=PIN_HASH, language="fr",
            at=clock.now(),
        )
    )  # fmt: skip
    return read_person(database, id_)


@pytest.fixture
def signin(database, clock):
    return SignIn(database, SignInSettings(), clock)


@pytest.fixture
def phrase(signin, soizic):
    asyncio.run(signin.passphrases.choose(soizic, PHRASE, ""))


@pytest.fixture
def app(signin, soizic, phrase, clock):
    """Her app, and her recovery codes."""
    app = pyotp.TOTP(asyncio.run(signin.codes.begin(soizic)))
    recovery = asyncio.run(signin.codes.confirm(soizic, app.at(clock.now())))
    clock.advance(30)
    return app, recovery


def _enter(signin, person, at_kiosk=False, **proof):
    try:
        asyncio.run(signin.enter(person.id, Proof(**proof), HERE, at_kiosk=at_kiosk))
    except SignInError as error:
        return error.code
    return "in"


def test_with_a_passphrase_the_pin_is_for_machines_and_kiosks(signin, soizic, phrase):
    assert _enter(signin, soizic, pin=PIN) == "signin.passphrase-needed"
    assert _enter(signin, soizic, passphrase=PHRASE) == "in"
    assert _enter(signin, soizic, at_kiosk=True, pin=PIN) == "in"
    assert asyncio.run(signin.prove(soizic.id, PIN, HERE)) == soizic


def test_without_one_the_pin_is_enough_and_a_passphrase_is_nothing(signin, soizic):
    assert _enter(signin, soizic, pin=PIN) == "in"
    assert _enter(signin, soizic, passphrase=PHRASE) == "signin.wrong"


def test_accents_are_the_same_however_they_are_composed(signin, soizic, phrase):
    decomposed = PHRASE.replace("é", "e\u0301")
    assert decomposed != PHRASE
    assert _enter(signin, soizic, passphrase=f" {decomposed}\n") == "in"
    assert _enter(signin, soizic, passphrase=PHRASE.upper()) == "signin.wrong-passphrase"


def test_only_an_argon2id_hash_is_kept(phrase, database):
    (row,) = database.read("SELECT * FROM passphrases")
    assert row["passphrase_hash"].startswith("$argon2id$")
    assert PHRASE not in str(row)


def test_passphrases_and_pins_are_guessed_from_one_supply_of_tries(signin, soizic, phrase):
    for _ in range(2):
        assert _enter(signin, soizic, passphrase="x" * 20) == "signin.wrong-passphrase"
    with pytest.raises(SignInError, match=r"signin\.wrong"):
        asyncio.run(signin.prove(soizic.id, "111222", HERE))
    assert _enter(signin, soizic, passphrase=PHRASE) == "signin.wait"


def test_a_new_passphrase_ends_the_other_sessions(signin, soizic, database):
    mine, other = (asyncio.run(signin.open_session(soizic)) for _ in range(2))
    asyncio.run(signin.passphrases.choose(soizic, PHRASE, mine))
    assert signin.session(mine)
    assert signin.session(other) is None
    assert "passphrase.set" in {row["verb"] for row in database.read("SELECT verb FROM journal")}


@pytest.mark.parametrize(
    "weak",
    [
        "", "trop court", "14 characters.", "aaaaaaaaaaaaaaaa", "abcabcabcabcabcabc",
        "motdepassemotdepasse", "Mot de passe 1234567890", "azertyuiopqsdfghjklm",
        "Soizic Le Bris 2026", "Fablab Bretagne 1998", "123456789012345678", "x" * 201,
        "password password password", "Correct Horse Battery Staple",
    ],
)  # fmt: skip
def test_what_everybody_tries_first_is_refused(weak):
    assert is_weak(weak, "Soizic Le Bris")


@pytest.mark.parametrize(
    "good",
    [PHRASE, "cinq souris dansent mal", "日本語のとても長い合言葉ですよね", "k3)w!Rz9-pLq27_t"],
)
def test_any_long_words_of_ones_own_are_taken(good):
    assert not is_weak(good, "Soizic Le Bris")


@given(st.text(max_size=14))
def test_nothing_short_is_taken_and_no_text_is_too_strange(text):
    assert is_weak(text, text) or len(text) < 15


def test_the_code_is_asked_beside_the_passphrase_and_works_once(signin, soizic, app, clock):
    code = app[0].at(clock.now())
    assert _enter(signin, soizic, passphrase=PHRASE) == "signin.wrong-passphrase"
    assert _enter(signin, soizic, passphrase=PHRASE, code=f"{code[:3]} {code[3:]}") == "in"
    assert _enter(signin, soizic, passphrase=PHRASE, code=code) == "signin.wrong-passphrase"
    clock.advance(30)
    assert _enter(signin, soizic, passphrase=PHRASE, code=app[0].at(clock.now())) == "in"


def test_a_wrong_passphrase_uses_no_code_up(signin, soizic, app, clock):
    code = app[0].at(clock.now())
    assert _enter(signin, soizic, passphrase="x" * 20, code=code) == "signin.wrong-passphrase"
    assert _enter(signin, soizic, passphrase=PHRASE, code=code) == "in"


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(-4, 4))
def test_a_clock_may_differ_by_one_step(signin, soizic, app, clock, steps):
    clock.advance(300)
    code = app[0].at(clock.now(), counter_offset=steps)
    assert asyncio.run(signin.codes.is_right(soizic.id, code)) == (abs(steps) <= 1)


def test_a_code_of_an_earlier_step_is_not_taken_after_a_later_one(signin, soizic, app, clock):
    before = app[0].at(clock.now())
    clock.advance(30)
    assert asyncio.run(signin.codes.is_right(soizic.id, app[0].at(clock.now())))
    assert not asyncio.run(signin.codes.is_right(soizic.id, before))


def test_of_many_tries_with_one_code_at_once_one_gets_in(signin, soizic, app, clock):
    code = app[0].at(clock.now())

    async def storm():
        return await asyncio.gather(*(signin.codes.is_right(soizic.id, code) for _ in range(8)))

    assert sum(asyncio.run(storm())) == 1


def test_a_recovery_code_works_once_and_only_hashes_are_kept(signin, soizic, app, database):
    _, recovery = app
    assert len(set(recovery)) == 10
    stored = str(database.read("SELECT * FROM recovery_codes"))
    assert not any(code in stored or code.replace("-", "") in stored for code in recovery)
    assert _enter(signin, soizic, passphrase=PHRASE, code=recovery[3].upper()) == "in"
    assert _enter(signin, soizic, passphrase=PHRASE, code=recovery[3]) == "signin.wrong-passphrase"
    assert signin.codes.recovery_left(soizic.id) == 9


def test_an_app_that_never_showed_its_code_is_not_asked_for(signin, soizic, phrase):
    asyncio.run(signin.codes.begin(soizic))
    with pytest.raises(SignInError, match="wrong-code"):
        asyncio.run(signin.codes.confirm(soizic, "000000"))
    assert _enter(signin, soizic, passphrase=PHRASE) == "in"


def test_a_second_app_does_not_slip_in_beside_the_first(signin, soizic, app):
    with pytest.raises(SignInError, match="has-code"):
        asyncio.run(signin.codes.begin(soizic))
    asyncio.run(signin.codes.remove(soizic))
    assert _enter(signin, soizic, passphrase=PHRASE) == "in"
    assert signin.codes.recovery_left(soizic.id) == 0


def test_a_reset_takes_everything_away_and_is_in_the_journal(signin, soizic, app, database):
    token = asyncio.run(signin.open_session(soizic))
    asyncio.run(signin.passphrases.reset(soizic, soizic))
    assert signin.session(token) is None
    assert _enter(signin, soizic, pin=PIN) == "in"
    verbs = [row["verb"] for row in database.read("SELECT verb FROM journal")]
    assert verbs.count("passphrase.reset") == 1
    assert {"totp.on", "session.open"} <= set(verbs)


def test_before_something_that_lasts_the_passphrase_is_asked_without_a_code(signin, soizic, app):
    proved = asyncio.run(signin.prove_again(soizic, Proof(passphrase=PHRASE), HERE))
    assert proved == soizic
    with pytest.raises(SignInError, match="passphrase-needed"):
        asyncio.run(signin.prove_again(soizic, Proof(pin=PIN), HERE))
