"""Calls for help, whatever people press and in which order."""

from collections import Counter
from datetime import timedelta
from functools import partial

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fablab_hub.core import journal
from fablab_hub.core.calls import (
    LONGEST_CALL_S,
    answer_call,
    close_call,
    open_call,
    open_calls,
)
from fablab_hub.core.ids import new_id
from fablab_hub.core.people import Role, add_person

ACTS = st.lists(
    st.tuples(
        st.sampled_from(["open", "answer", "close", "wait"]),
        st.integers(0, 2),
        st.sampled_from([None, "laser", "prusa"]),
    ),
    max_size=25,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=ACTS)
def test_somebody_has_one_open_call_at_most_and_it_is_where_they_last_pressed(
    database, clock, acts
):
    people = [
        database.write_now(
            lambda tables: add_person(
                tables,
                name=new_id(clock.now()),
                role=Role.TRAINEE,
                pin_hash="-",
                language="fr",
                at=clock.now(),
            )
        )
        for _ in range(3)
    ]
    places, calls = {}, []
    for act, n, place in acts:
        who = people[n]
        clock.advance(1)
        now = clock.now()
        if act == "open":
            press = partial(open_call, person_id=who, machine_id=place, at=now)
            calls.append(database.write_now(press))
            places[who] = place
        elif act == "wait":
            clock.advance(LONGEST_CALL_S + 1)
            places.clear()
        elif calls:
            id_ = calls[n % len(calls)]
            closed = [c for c in open_calls(database, now) if c.id == id_ and act == "close"]
            step = answer_call if act == "answer" else close_call
            database.write_now(partial(step, call_id=id_, by=who, at=now))
            for call in closed:
                places.pop(call.person_id, None)
    seen = [call for call in open_calls(database, clock.now()) if call.person_id in people]

    assert {call.person_id: call.machine_id for call in seen} == places
    assert max(Counter(call.person_id for call in seen).values(), default=1) == 1
    assert [call.at for call in seen] == sorted(call.at for call in seen)


def test_two_tablets_call_each_for_itself(database, clock):
    for machine_id in ("laser", "prusa", "laser"):
        press = partial(open_call, person_id=None, machine_id=machine_id, at=clock.now())
        database.write_now(press)
        clock.advance(1)

    assert [call.machine_id for call in open_calls(database, clock.now())] == ["laser", "prusa"]
    entries = journal.read_after(database, 0)
    assert [entry.actor for entry in entries] == ["kiosk:laser", "kiosk:prusa"]


def test_a_call_ends_where_patience_does(database, clock):
    database.write_now(lambda tables: open_call(tables, None, "laser", clock.now()))
    now = clock.now()

    assert len(open_calls(database, now + timedelta(seconds=LONGEST_CALL_S - 1))) == 1
    assert open_calls(database, now + timedelta(seconds=LONGEST_CALL_S)) == ()
