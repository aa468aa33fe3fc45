"""The table of a job's life: whole, closed, and the only way that a row ever moves."""

import itertools
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from fablab_hub.core import journal
from fablab_hub.core.blob import Blob
from fablab_hub.core.blobs import register
from fablab_hub.core.db import Database
from fablab_hub.core.errors import ForbiddenMoveError
from fablab_hub.core.messages import RunEventKind
from fablab_hub.core.migrations import migrate
from fablab_hub.core.people import Role, add_person
from jobs.run_story import verbs_for
from jobs.states import FINAL, ON_MACHINE, TABLE, WAITING, Actor, State, Verb, after, verbs
from jobs.store import JobStore, add_job, move, subject

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def _reachable(start: State) -> set[State]:
    found, edge = {start}, {start}
    while edge:
        edge = {move.to for (state, _), move in TABLE.items() if state in edge} - found
        found |= edge
    return found


def test_every_state_can_be_reached_from_a_new_job():
    assert _reachable(State.CHECKING) == set(State)


def test_every_state_leads_to_an_end():
    assert all(_reachable(state) & FINAL for state in State)


def test_nothing_leaves_an_end():
    assert {State.DONE, State.FAILED, State.STOPPED} == FINAL


def test_every_verb_and_every_actor_is_used():
    assert {verb for _, verb in TABLE} == set(Verb)
    assert {actor for row in TABLE.values() for actor in row.by} == set(Actor)


def test_only_a_person_starts_and_only_an_agent_says_that_a_machine_moves():
    starts = [row for (_, verb), row in TABLE.items() if verb is Verb.START]
    assert [row.by for row in starts] == [frozenset({Actor.OWNER, Actor.STAFF, Actor.MANAGER})]
    moving = [row for row in TABLE.values() if row.to is State.RUNNING]
    assert moving
    assert all(row.by == {Actor.AGENT} for row in moving)


@pytest.mark.parametrize("state", State)
def test_what_the_table_does_not_know_is_forbidden(state):
    for verb, actor in itertools.product(Verb, Actor):
        row = TABLE.get((state, verb))
        is_known = row is not None and actor in row.by
        assert (verb in verbs(state, actor)) is is_known
        if is_known:
            assert after(state, verb, actor) is row.to
            continue
        with pytest.raises(ForbiddenMoveError) as raised:
            after(state, verb, actor)
        assert raised.value.code == ("job.wrong-state" if row is None else "job.wrong-actor")


@pytest.mark.parametrize("state", [*sorted(ON_MACHINE), State.INTERRUPTED])
@pytest.mark.parametrize("kind", RunEventKind)
def test_whatever_an_agent_tells_of_an_open_run_the_job_follows(state, kind):
    end = {
        RunEventKind.STARTED: State.RUNNING,
        RunEventKind.RESUMED: State.RUNNING,
        RunEventKind.PAUSED: State.PAUSED,
        RunEventKind.DONE: State.DONE,
        RunEventKind.FAILED: State.FAILED,
        RunEventKind.STOPPED: State.STOPPED,
    }[kind]
    if state is State.PAUSED and kind is RunEventKind.STARTED:
        end = State.PAUSED  # the beginning, told again
    for verb in verbs_for(state, kind):
        state = after(state, verb, Actor.AGENT)
    assert state is end


@pytest.mark.parametrize("state", [*sorted(FINAL | WAITING), State.CHECKING, State.REFUSED])
@pytest.mark.parametrize("kind", RunEventKind)
def test_an_agent_cannot_move_a_job_that_is_not_on_a_machine(state, kind):
    assert verbs_for(state, kind) == ()


class AJobsLife(RuleBasedStateMachine):
    """Any verb by anybody, in any order: the row and the journal agree with the table."""

    @initialize()
    def submit(self):
        self.folder = tempfile.TemporaryDirectory()
        self.database = Database(Path(self.folder.name) / "hub.db")
        migrate(self.database, START, Path(self.folder.name))
        self.at, self.state = START, State.CHECKING
        self.job_id = self.database.write_now(self._add)
        self.lines = ["job.submit"]

    def _add(self, tables):
        owner = add_person(
            tables, name="Awa", role=Role.TRAINEE, pin_hash="x", language="fr", at=START
        )
        register(tables, Blob("0" * 64, 1), "text/plain", START)
        return add_job(
            tables, owner_id=owner, machine_id="laser", material_id=None, project_id=None,
            title="part", file_name="part.gcode", file_sha256="0" * 64, options={}, at=START,
        )  # fmt: skip

    @rule(verb=st.sampled_from(Verb), actor=st.sampled_from(Actor), reason=st.text(max_size=5))
    def try_to_move(self, verb, actor, reason):
        self._move(verb, actor, reason.encode("utf-8", "ignore").decode())

    @rule(data=st.data())
    def move_on(self, data):
        rows = [(verb, by) for (s, verb), row in TABLE.items() if s is self.state for by in row.by]
        if rows:
            self._move(*data.draw(st.sampled_from(sorted(rows))), "")

    def _move(self, verb, actor, reason):
        self.at += timedelta(seconds=1)
        row = TABLE.get((self.state, verb))

        def act(tables):
            return move(
                tables, self.job_id, verb, actor, who=journal.HUB, at=self.at, reason=reason
            )

        if row is None or actor not in row.by:
            with pytest.raises(ForbiddenMoveError):
                self.database.write_now(act)
            return
        assert self.database.write_now(act) is row.to
        self.state = row.to
        self.lines.append(f"job.{verb}")

    @invariant()
    def the_row_is_where_the_table_says(self):
        assert JobStore(self.database).read(self.job_id).state is self.state

    @invariant()
    def each_move_has_its_line(self):
        entries = journal.read_about(self.database, subject(self.job_id))
        assert [entry.verb for entry in entries] == self.lines
        moves = [entry.data for entry in entries[1:]]
        assert all(a["to"] == b["from"] for a, b in itertools.pairwise(moves))
        assert (moves[-1]["to"] if moves else State.CHECKING) == self.state

    @invariant()
    def the_chain_holds(self):
        assert journal.verify(self.database) == len(self.lines) + 1  # and the owner's own line

    def teardown(self):
        if hasattr(self, "database"):
            self.database.close()
            self.folder.cleanup()


AJobsLife.TestCase.settings = settings(
    max_examples=12,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestAJobsLife = AJobsLife.TestCase
