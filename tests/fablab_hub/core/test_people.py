"""Roles and rights: submit, approve and start are three different things."""

import pytest

from fablab_hub.core.errors import NotAllowedError
from fablab_hub.core.ids import PersonId
from fablab_hub.core.people import (
    RIGHTS,
    Person,
    Right,
    Role,
    add_person,
    authorise,
    authorised_machines,
    require,
    withdraw,
)


def test_every_role_has_a_row_and_every_right_has_somebody():
    assert set(RIGHTS) == set(Role)
    assert set(Right) == frozenset().union(*RIGHTS.values())


def test_a_trainee_submits_and_starts_but_never_approves_or_sees_others():
    assert {Right.SUBMIT, Right.START} <= RIGHTS[Role.TRAINEE]
    assert not RIGHTS[Role.TRAINEE] & {Right.APPROVE, Right.SEE_ALL, Right.SUPERVISE}


def test_a_trainer_authorises_people_but_does_not_approve_files():
    assert Right.AUTHORISE in RIGHTS[Role.TRAINER]
    assert Right.APPROVE not in RIGHTS[Role.TRAINER]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("right", Right)
def test_require_lets_through_what_the_table_says(role, right):
    person = Person(id=PersonId("p"), name="P", role=role, language="fr")
    if right in RIGHTS[role]:
        require(person, right)
    else:
        with pytest.raises(NotAllowedError):
            require(person, right)


def test_an_authorisation_is_granted_and_taken_back_and_both_are_journalled(database, clock):
    def act(tables):
        ids = [
            add_person(tables, name=name, role=role, pin_hash="x", language="fr", at=clock.now())
            for name, role in (("Léa", Role.TRAINEE), ("Hervé", Role.TRAINER))
        ]
        authorise(tables, ids[0], "laser", ids[1], clock.now())
        authorise(tables, ids[0], "prusa", ids[1], clock.now())
        return ids

    lea, herve = database.write_now(act)
    assert authorised_machines(database, lea) == {"laser", "prusa"}
    database.write_now(lambda tables: withdraw(tables, lea, "laser", herve, clock.now()))
    assert authorised_machines(database, lea) == {"prusa"}
    verbs = [row["verb"] for row in database.read("SELECT verb FROM journal ORDER BY seq")]
    assert verbs[-3:] == ["machine.authorise", "machine.authorise", "machine.withdraw"]
