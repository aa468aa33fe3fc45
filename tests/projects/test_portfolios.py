"""What a portfolio shows of somebody's fabrications, and what it leaves out."""

import pytest

from projects.fabrications import tell_story
from projects.portfolios import gather_portfolio

pytestmark = pytest.mark.anyio


def _gather(lab, name="awa", language="fr"):
    return gather_portfolio(lab.database, lab.settings, lab.people[name], language)


async def _tell(lab, made, story):
    await tell_story(
        lab.database, lab.people["awa"], made.id, title=made.title, story=story, clock=lab.clock
    )


async def test_a_fabrication_is_shown_with_its_facts(lab):
    made = await lab.make(title="Lampe")
    await _tell(lab, made, "Ma première lampe.")
    portfolio = _gather(lab)
    (shown,) = portfolio.fabrications
    assert (portfolio.person_name, portfolio.lab_name) == ("awa", "Atelier de Rostrenen")
    assert (shown.title, shown.story) == ("Lampe", "Ma première lampe.")
    assert (shown.machine, shown.material) == ("Découpe laser", "Contreplaqué 3 mm")
    assert (shown.elapsed_s, shown.made_at) == (720.0, made.created_at)
    assert shown.photo_sha256 == made.photo.sha256


async def test_names_are_in_the_language_of_the_portfolio(lab):
    await lab.make()
    (shown,) = _gather(lab, language="en").fabrications
    assert (shown.machine, shown.material) == ("Laser cutter", "Plywood 3 mm")


@pytest.mark.parametrize("outcome", ["failed", "stopped"])
async def test_a_failure_is_shown_once_it_has_a_story(lab, outcome):
    made = await lab.make(outcome=outcome)
    assert _gather(lab).fabrications == ()
    await _tell(lab, made, "J’ai appris à mesurer.")
    assert [shown.outcome for shown in _gather(lab).fabrications] == [outcome]


async def test_projects_without_anything_to_show_are_left_out(lab, add_project):
    add_project("awa", "Rien encore")
    await lab.make(outcome="failed")
    assert _gather(lab).projects == ()


async def test_the_project_that_was_worked_on_last_comes_first(lab, add_project):
    older, newer = add_project("awa", "Ancien"), add_project("awa", "Nouveau")
    await lab.make(title="a", project_id=newer)
    await lab.make(title="b", project_id=older)
    await lab.make(title="c", project_id=older)
    shown = [
        (project.title, [made.title for made in project.fabrications])
        for project in _gather(lab).projects
    ]
    assert shown == [("Ancien", ["c", "b"]), ("Nouveau", ["a"])]


async def test_nobody_elses_work_is_in_it(lab):
    await lab.make("ben")
    assert _gather(lab, "awa").projects == ()


async def test_a_machine_and_a_material_that_left_the_lab_keep_their_short_names(lab):
    await lab.make(machine_id="old-laser", material_id="cork")
    (shown,) = _gather(lab).fabrications
    assert (shown.machine, shown.material) == ("old-laser", "cork")
