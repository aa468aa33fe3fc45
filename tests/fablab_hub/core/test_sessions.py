"""Sessions end by themselves: after hours, when nobody is there, and sooner at a kiosk."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fablab_hub.core.errors import NotFoundError
from fablab_hub.core.people import Role, add_person, read_person
from fablab_hub.core.sessions import close_all
from fablab_hub.core.settings import SignInSettings
from fablab_hub.core.signin import SignIn, hash_pin

SETTINGS = SignInSettings()
IDLE_S, KIOSK_S = SETTINGS.idle_minutes * 60, SETTINGS.kiosk_s
HOURS_S = SETTINGS.session_hours * 3600
PIN_HASH = hash_pin("280417", 6)


@pytest.fixture
def lea(database, clock):
    id_ = database.write_now(
        lambda tables: add_person(
            tables, name="Léa", role=Role.TRAINER, pin_hash=PIN_HASH, language="fr", at=clock.now()
        )
    )
    return read_person(database, id_)


@pytest.fixture
def signin(database, clock):
    return SignIn(database, SETTINGS, clock)


@pytest.fixture
def kiosk(signin, lea):
    return signin.kiosks.find(asyncio.run(signin.kiosks.make("laser", lea)))


def _touch(signin, token) -> bool:
    """Press something; tells whether the session was still there."""
    session = signin.session(token)
    if session:
        asyncio.run(signin.sessions.touch(token, session))
    return session is not None


def test_a_session_that_nobody_uses_ends(signin, lea, clock):
    token = asyncio.run(signin.open_session(lea))
    clock.advance(IDLE_S - 1)
    assert _touch(signin, token)
    clock.advance(IDLE_S - 1)
    assert signin.session(token)
    clock.advance(1)
    assert signin.session(token) is None


def test_looking_a_session_up_is_no_sign_of_life(signin, lea, clock):
    token = asyncio.run(signin.open_session(lea))
    for _ in range(30):
        assert signin.session(token)
        clock.advance(60)
    assert signin.session(token) is None


def test_at_a_kiosk_it_ends_within_minutes(signin, lea, clock, kiosk):
    token = asyncio.run(signin.open_session(lea, kiosk.id))
    clock.advance(KIOSK_S - 1)
    assert _touch(signin, token)
    clock.advance(KIOSK_S)
    assert signin.session(token) is None


def test_signs_of_life_are_written_at_most_once_a_minute(signin, lea, clock):
    token = asyncio.run(signin.open_session(lea))
    written = set()
    for _ in range(180):
        clock.advance(1)
        assert _touch(signin, token)
        written.add(signin.session(token).seen_at)
    assert len(written) == 4, "the beginning, and three minutes"


STEPS = st.lists(st.tuples(st.floats(0.1, 2 * IDLE_S), st.booleans()), max_size=40)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS, st.booleans())
@example([(IDLE_S, True)], False)
@example([(KIOSK_S, True)], True)
@example([(60.0, True), (IDLE_S - 0.1, False)], False)
@example([(1700.0, True)] * 17, False)
def test_a_session_lives_as_long_as_somebody_is_there_and_never_comes_back(
    signin, lea, clock, kiosk, steps, is_kiosk
):
    idle_s = KIOSK_S if is_kiosk else IDLE_S
    slack_s = min(60.0, idle_s / 24)
    token = asyncio.run(signin.open_session(lea, kiosk.id if is_kiosk else None))
    begun = pressed = clock.now()
    is_over = False
    for advance_s, is_press in steps:
        clock.advance(advance_s)
        now = clock.now()
        is_there = signin.session(token) is not None
        silent = now - pressed
        if (
            is_over
            or silent >= timedelta(seconds=idle_s)
            or now - begun >= timedelta(seconds=HOURS_S)
        ):
            assert not is_there
        elif silent < timedelta(seconds=idle_s - slack_s):
            assert is_there
        is_over = not is_there
        if is_press and is_there:
            assert _touch(signin, token)
            pressed = now


def test_a_kiosk_is_known_by_its_secret_of_which_only_a_hash_is_kept(signin, lea, database):
    token = asyncio.run(signin.kiosks.make("laser", lea))
    kiosk = signin.kiosks.find(token)
    assert (kiosk.machine_id, kiosk.made_by) == ("laser", "Léa")
    assert signin.kiosks.find(token + "x") is None
    assert token not in str(database.read("SELECT * FROM kiosks"))


def test_a_kiosk_that_is_taken_back_ends_what_is_open_at_it(signin, lea, database):
    token = asyncio.run(signin.kiosks.make("laser", lea))
    kiosk = signin.kiosks.find(token)
    here = asyncio.run(signin.open_session(lea, kiosk.id))
    elsewhere = asyncio.run(signin.open_session(lea))
    asyncio.run(signin.kiosks.revoke(kiosk.id, lea))
    assert signin.kiosks.find(token) is None
    assert signin.kiosks.all() == []
    assert signin.session(here) is None
    assert signin.session(elsewhere)
    with pytest.raises(NotFoundError):
        asyncio.run(signin.kiosks.revoke(kiosk.id, lea))
    verbs = [row["verb"] for row in database.read("SELECT verb FROM journal")]
    assert verbs.count("kiosk.make") == verbs.count("kiosk.revoke") == 1


def test_signing_out_everywhere_may_leave_one_session(signin, lea, database):
    mine, other = (asyncio.run(signin.open_session(lea)) for _ in range(2))
    database.write_now(lambda tables: close_all(tables, lea.id, mine))
    assert signin.session(mine)
    assert signin.session(other) is None
    database.write_now(lambda tables: close_all(tables, lea.id))
    assert signin.session(mine) is None
