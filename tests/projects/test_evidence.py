"""From a run to its fabrication, with photos that show what they say they show."""

import asyncio

import pytest

from fablab_hub.core import journal
from fablab_hub.core.people import Role
from projects.store import Moment, Outcome

pytestmark = pytest.mark.anyio


async def test_a_run_gets_a_photo_of_its_start_and_one_of_its_end(lab):
    made = await lab.make()
    assert [photo.moment for photo in made.photos] == [Moment.START, Moment.END]
    for photo in made.photos:
        assert lab.blobs.path(photo.sha256).read_bytes().startswith(b"\xff\xd8")
    assert lab.verbs(f"run:{made.run_id}") == ["photo.take", "photo.take"]


async def test_the_end_is_what_stands_for_the_fabrication_and_never_the_empty_bed(lab):
    made = await lab.make()
    assert made.photo.moment is Moment.END
    lab.camera.error = "camera.no-picture"
    assert (await lab.make()).photo is None


@pytest.mark.parametrize("outcome", ["done", "failed", "stopped"])
async def test_a_run_becomes_a_fabrication_whatever_its_outcome(lab, outcome):
    made = await lab.make(outcome=outcome, title="Ma lampe")
    assert made.outcome is Outcome(outcome)
    assert (made.title, made.story) == ("Ma lampe", "")
    assert (made.machine_id, made.material_id) == ("laser", "plywood-3")
    assert made.elapsed_s == 720.0
    assert made.owner_id == lab.id_of("awa")


async def test_it_lies_in_the_project_that_the_job_was_sent_for(lab, add_project):
    project_id = add_project("awa", "Ma chambre")
    made = await lab.make(project_id=project_id)
    assert made.project_id == project_id
    assert len(lab.projects.projects_of(lab.id_of("awa"))) == 1


async def test_jobs_without_a_project_share_one(lab):
    first, second = await lab.make(), await lab.make()
    assert first.project_id == second.project_id
    assert (await lab.make("ben")).project_id != first.project_id


async def test_somebody_who_changes_language_keeps_that_project(lab):
    lab.add_person("kim", Role.TRAINEE, language="en")
    first = await lab.make("kim")
    assert lab.projects.projects_of(lab.id_of("kim"))[0].title == "My fabrications"
    lab.database.write_now(
        lambda tables: tables.table("people").update(lab.id_of("kim"), {"language": "fr"})
    )
    assert (await lab.make("kim")).project_id == first.project_id


async def test_news_that_come_twice_change_nothing(lab):
    run_id = lab.start_run(lab.add_job())
    await asyncio.gather(*(lab.evidence.run_started(run_id) for _ in range(3)))
    lab.end_run(run_id)
    await asyncio.gather(*(lab.evidence.run_ended(run_id) for _ in range(3)))
    await lab.evidence.run_ended(run_id)
    (made,) = lab.projects.fabrications_of(lab.id_of("awa"))
    assert [photo.moment for photo in made.photos] == [Moment.START, Moment.END]
    assert lab.verbs(f"run:{run_id}") == ["photo.take", "photo.take"]
    assert lab.verbs(f"fabrication:{made.id}") == ["fabrication.add"]


async def test_a_camera_that_fails_costs_no_fabrication_and_is_noted(lab):
    lab.camera.error = "camera.no-picture"
    made = await lab.make()
    assert made.photos == ()
    lines = journal.read_about(lab.database, f"run:{made.run_id}")
    assert [(line.verb, line.data) for line in lines] == [
        ("photo.missed", {"moment": moment, "camera": "bed", "code": "camera.no-picture"})
        for moment in ("start", "end")
    ]


async def test_a_machine_without_a_camera_is_not_photographed(lab):
    made = await lab.make(machine_id="printer")
    assert made.photos == ()
    assert lab.camera.stills == []
    assert lab.verbs(f"run:{made.run_id}") == []


async def test_a_run_that_never_began_becomes_nothing(lab):
    run_id = lab.start_run(lab.add_job(), is_begun=False)
    lab.end_run(run_id, "stopped")
    await lab.evidence.run_ended(run_id)
    await lab.evidence.recover()
    assert lab.projects.fabrications_of(lab.id_of("awa")) == []


async def test_a_run_that_is_still_open_becomes_nothing_yet(lab):
    run_id = lab.start_run(lab.add_job())
    await lab.evidence.run_ended(run_id)
    assert lab.projects.fabrication_of_run(run_id) is None
    assert lab.camera.stills == []


async def test_what_ended_while_the_hub_was_down_is_made_up_for(lab):
    run_id = lab.start_run(lab.add_job())
    lab.end_run(run_id)
    await lab.new_evidence().recover()
    (made,) = lab.projects.fabrications_of(lab.id_of("awa"))
    assert made.run_id == run_id
    assert [photo.moment for photo in made.photos] == [Moment.END], "the piece still lies there"


async def test_a_hub_killed_between_fabrication_and_photo_takes_it_when_it_is_back(lab):
    lab.camera.error = "camera.no-picture"
    run_id = lab.start_run(lab.add_job())
    lab.end_run(run_id)
    await lab.evidence.run_ended(run_id)
    lab.camera.error = None
    await lab.new_evidence().recover()
    assert [photo.moment for photo in lab.projects.photos_of_run(run_id)] == [Moment.END]


async def test_an_emptied_bed_is_never_shown_as_what_was_made(lab):
    run_id = lab.start_run(lab.add_job())
    lab.end_run(run_id)
    lab.clear_bed()
    for _ in range(2):
        await lab.new_evidence().recover()
    assert lab.camera.stills == []
    lines = journal.read_about(lab.database, f"run:{run_id}")
    assert [(line.verb, line.data["code"]) for line in lines] == [
        ("photo.missed", "camera.too-late")
    ], "noted once, however often the hub starts"


async def test_the_next_piece_is_never_shown_as_the_one_before(lab):
    first = lab.start_run(lab.add_job("awa"))
    lab.end_run(first)
    second = lab.start_run(lab.add_job("ben"))
    lab.end_run(second)
    await lab.evidence.recover()
    assert lab.projects.photos_of_run(first) == ()
    assert len(lab.projects.photos_of_run(second)) == 1


async def test_a_machine_that_left_the_lab_still_gives_its_fabrication(lab):
    run_id = lab.start_run(lab.add_job(machine_id="gone"))
    lab.end_run(run_id)
    await lab.evidence.recover()
    assert lab.projects.fabrication_of_run(run_id)
