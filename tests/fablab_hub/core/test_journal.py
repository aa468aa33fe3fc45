"""The journal: nobody can change it without being seen."""

import sqlite3

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fablab_hub.core import journal
from fablab_hub.core.errors import StorageError

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


def _append(database, clock, verb="job.start", data=None):
    return database.write_now(
        lambda tables: journal.append(tables, clock.now(), "hub", verb, "job:1", data or {})
    )


def test_lines_are_numbered_without_a_gap_and_chained(database, clock):
    first, second = _append(database, clock), _append(database, clock)
    assert (first.seq, second.seq) == (1, 2)
    assert first.previous_hash == journal.GENESIS
    assert second.previous_hash == first.hash
    assert journal.verify(database) == 2
    assert journal.read_after(database, 1) == [second]


def test_the_database_itself_refuses_to_change_or_delete_a_line(database, clock):
    _append(database, clock)
    for statement in ("UPDATE journal SET verb = 'x'", "DELETE FROM journal"):
        with pytest.raises(StorageError, match="append-only"):
            database.write_now(lambda tables, s=statement: tables.conn.execute(s))


@pytest.mark.parametrize(
    "tamper",
    [
        "UPDATE journal SET actor = 'person:somebody-else' WHERE seq = 2",
        "UPDATE journal SET data = '{\"a\":2}' WHERE seq = 2",
        "UPDATE journal SET at = '2020-01-01T00:00:00.000Z' WHERE seq = 2",
        "DELETE FROM journal WHERE seq = 2",
    ],
)
def test_a_line_changed_behind_the_hub_is_found_and_named(database, clock, tmp_path, tamper):
    for _ in range(3):
        _append(database, clock)
    with sqlite3.connect(tmp_path / "hub.db") as intruder:
        intruder.execute("DROP TRIGGER journal_is_never_changed")
        intruder.execute("DROP TRIGGER journal_is_never_deleted")
        intruder.execute(tamper)
    intruder.close()
    with pytest.raises(StorageError) as broken:
        journal.verify(database)
    assert broken.value.fields == {"seq": 2}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.text(max_size=8), VALUES, max_size=4))
def test_any_facts_survive_and_verify(database, clock, data):
    entry = _append(database, clock, data=data)
    assert journal.read_after(database, entry.seq - 1)[0].data == data
    assert journal.verify(database) == entry.seq
