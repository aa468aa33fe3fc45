"""Ids sort by time; times are stored in UTC to the millisecond."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fablab_hub.core.clock import read_utc, utc_text
from fablab_hub.core.ids import is_id, new_id

MOMENTS = st.integers(946_684_800_000, 4_102_444_800_000).map(
    lambda ms: datetime.fromtimestamp(ms / 1000, UTC)
)


@given(MOMENTS, st.integers(1, 10**9))
def test_a_later_id_sorts_later(at, ms):
    assert new_id(at) < new_id(at + timedelta(milliseconds=ms))


@given(MOMENTS)
def test_ids_are_26_letters_and_never_repeat(at):
    first, second = new_id(at), new_id(at)
    assert is_id(first)
    assert first != second


def test_a_path_is_not_an_id():
    assert not is_id("../../../etc/passwd")
    assert not is_id("")


@given(MOMENTS)
def test_a_moment_survives_storage_to_the_millisecond(at):
    assert timedelta(0) <= at - read_utc(utc_text(at)) < timedelta(milliseconds=1)


def test_a_moment_is_written_in_utc():
    at = datetime(2026, 11, 23, 9, 5, 7, 120_999, tzinfo=UTC)
    assert utc_text(at) == "2026-11-23T09:05:07.120Z"
