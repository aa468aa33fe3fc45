"""Who finds which project, fabrication and photo."""

import pytest

from fablab_hub.core.errors import NotFoundError

pytestmark = pytest.mark.anyio


async def test_a_trainee_reads_their_own(lab):
    made, awa = await lab.make(), lab.people["awa"]
    assert lab.projects.read_fabrication(awa, made.id) == made
    assert lab.projects.read_project(awa, made.project_id).owner_id == awa.id
    assert lab.projects.read_photo(awa, made.photos[0].sha256) == made.photos[0]
    assert lab.projects.read_photo(awa, made.photos[0].id) == made.photos[0]


async def test_a_trainee_does_not_find_what_another_made(lab):
    made, ben = await lab.make(), lab.people["ben"]
    for read, key in (
        (lab.projects.read_fabrication, made.id),
        (lab.projects.read_project, made.project_id),
        (lab.projects.read_photo, made.photos[0].sha256),
        (lab.projects.read_photo, made.photos[0].id),
    ):
        with pytest.raises(NotFoundError):
            read(ben, key)


async def test_a_trainer_sees_everything(lab):
    made, chloe = await lab.make(), lab.people["chloe"]
    assert lab.projects.read_fabrication(chloe, made.id) == made
    assert lab.projects.read_project(chloe, made.project_id).title
    assert lab.projects.read_photo(chloe, made.photos[0].sha256)


async def test_a_photo_whose_bytes_two_people_share_is_found_by_both(lab):
    first = await lab.make("awa")
    lab.camera.stills.clear()  # the same two pictures again, as a fixed camera file gives them
    second = await lab.make("ben")
    assert first.photos[0].sha256 == second.photos[0].sha256
    for name, made in (("awa", first), ("ben", second)):
        found = lab.projects.read_photo(lab.people[name], made.photos[0].sha256)
        assert found.run_id == made.run_id


@pytest.mark.parametrize("key", ["", "0" * 64, "' OR 1=1 --"])
async def test_what_is_not_there_is_not_found(lab, key):
    await lab.make()
    chloe = lab.people["chloe"]
    for read in (
        lab.projects.read_fabrication, lab.projects.read_project, lab.projects.read_photo
    ):  # fmt: skip
        with pytest.raises(NotFoundError):
            read(chloe, key)


async def test_a_file_that_is_no_photo_is_not_given_out_as_one(lab):
    job = lab.jobs.read(lab.add_job())
    with pytest.raises(NotFoundError):
        lab.projects.read_photo(lab.people["chloe"], job.file_sha256)


async def test_lists_come_newest_first_with_their_own_photos(lab):
    first, second = await lab.make(title="one"), await lab.make(title="two")
    listed = lab.projects.fabrications_of(lab.id_of("awa"))
    assert listed == [second, first]
    assert lab.projects.fabrications_in(first.project_id) == [second, first]
    for made in listed:
        assert {photo.run_id for photo in made.photos} == {made.run_id}


async def test_everybody_who_made_something_is_counted(lab):
    assert lab.projects.counts() == {}
    await lab.make()
    await lab.make()
    await lab.make("ben")
    assert lab.projects.counts() == {lab.id_of("awa"): 2, lab.id_of("ben"): 1}
