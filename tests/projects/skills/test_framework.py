"""The data file of skills: complete, in plain words, and every mistake in it is named."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fablab_hub.core.errors import ConfigError
from fablab_hub.core.i18n.plain import findings
from fablab_hub.core.machines import MachineKind
from projects.skills.framework import DEFAULT, NeedKind, read_framework
from projects.skills.proof import DoneRun, Note, Proof, progress_of, proposed_levels

FRAMEWORK = read_framework()
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_fifteen_skills_have_four_levels_each_and_a_place_in_esco():
    assert len(FRAMEWORK.skills) == 15
    for skill in FRAMEWORK.skills.values():
        assert [rule.level for rule in skill.rules] == [1, 2, 3, 4]
        assert skill.esco
        assert all(c.uri.startswith("http://data.europa.eu/esco/skill/") for c in skill.esco)


def test_every_word_of_it_is_plain_french():
    labelled = [*FRAMEWORK.levels, *FRAMEWORK.skills.values()]
    words = [each.label.fr for each in (*labelled, *FRAMEWORK.notes.values())]
    words += [each.hint.fr for each in labelled]
    assert [(text, found) for text in words for found in findings(text)] == []


def test_every_note_serves_some_level_and_the_incidents():
    used = {
        need.what
        for skill in FRAMEWORK.skills.values()
        for rule in skill.rules
        for need in rule.needs
        if need.kind is NeedKind.NOTED
    }
    assert used | {"incident"} == set(FRAMEWORK.notes)


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ('what = "visit"', 'what = "visits"', "skills.SEC.rules"),
        ('skill = "SEC"', 'skill = "SAFETY"', "skills.LAS.rules"),
        ("level = 4", "level = 5", "level"),
        ('kind = "quiet"', 'kind = "silent"', "kind"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path, before, after, key):
    path = tmp_path / "skills.toml"
    path.write_text(DEFAULT.read_text().replace(before, after, 1))
    with pytest.raises(ConfigError) as error:
        read_framework(path)
    assert error.value.code == "skills.misfit"
    assert key in error.value.fields["key"]
    assert error.value.fields["line"] > 1


runs = st.builds(
    DoneRun, run_id=st.uuids().map(str), fabrication_id=st.just(""), title=st.just(""),
    on=st.sampled_from(MachineKind), material_id=st.sampled_from(["", "wood", "card"]),
    at=st.timedeltas(timedelta(days=1), timedelta(days=300)).map(lambda age: NOW - age),
)  # fmt: skip
notes = st.builds(
    Note, id=st.uuids().map(str), what=st.sampled_from([*FRAMEWORK.notes]),
    score=st.none() | st.floats(0, 100), by=st.just("Soizic"), text=st.just(""),
    at=st.timedeltas(timedelta(days=1), timedelta(days=300)).map(lambda age: NOW - age),
)  # fmt: skip
reached = st.dictionaries(st.sampled_from([*FRAMEWORK.skills]), st.integers(0, 4))


@given(st.lists(runs), st.lists(notes), reached, runs | notes)
def test_one_more_thing_done_never_takes_anything_away(runs, notes, levels, more):
    before = Proof(runs=runs, notes=notes, levels=levels, since=NOW - timedelta(days=400))
    after = Proof(
        runs=[*runs, more] if isinstance(more, DoneRun) else runs,
        notes=[*notes, more] if isinstance(more, Note) else notes,
        levels=levels,
        since=before.since,
    )
    assert proposed_levels(FRAMEWORK, before, NOW).items() <= (
        proposed_levels(FRAMEWORK, after, NOW).items()
    )
    for skill in FRAMEWORK.skills.values():
        for rule in skill.rules:
            for old, new in zip(
                progress_of(rule, skill, before, NOW), progress_of(rule, skill, after, NOW),
                strict=True,
            ):  # fmt: skip
                assert old.have <= new.have <= new.want


@given(st.lists(runs), st.lists(notes), reached)
def test_only_the_next_level_is_proposed_and_never_what_one_judges_oneself(runs, notes, levels):
    proof = Proof(runs=runs, notes=notes, levels=levels, since=NOW)
    for skill_id, level in proposed_levels(FRAMEWORK, proof, NOW).items():
        assert level == levels.get(skill_id, 0) + 1
        assert not FRAMEWORK.skills[skill_id].is_own
