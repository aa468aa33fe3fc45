"""From a file to a checked job: written down first, checked by a worker, never half."""

import asyncio
import json
import os

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fablab_hub.core import people
from fablab_hub.core.errors import (
    DiskFullError,
    FileError,
    ForbiddenMoveError,
    NotAllowedError,
    NotFoundError,
)
from jobs import submission
from jobs.meanings import remembered_by
from jobs.names import MAX_NAME, display_name
from jobs.report import Verdict
from jobs.states import State
from jobs.store import subject

pytestmark = pytest.mark.anyio


async def _submit(lab, submissions, words=b"accept", **changes):
    choice = {
        "file_name": "part.gcode", "machine_id": "laser", "material_id": "plywood-3",
        "project_id": None, "title": "", "options": {}, **changes,
    }  # fmt: skip
    person = lab.people[choice.pop("owner", "awa")]
    return await submissions.submit(person, blob=lab.blobs.keep([words]), **choice)


@pytest.mark.parametrize(
    ("words", "state"),
    [(b"accept", State.QUEUED), (b"ask", State.TO_APPROVE), (b"refuse", State.REFUSED)],
)
async def test_the_verdict_moves_the_job(lab, new_submissions, words, state):
    submissions = new_submissions()
    submitted = await _submit(lab, submissions, words)
    assert submitted.state is State.CHECKING
    job = await submissions.checked(submitted.id)
    assert job.state is state
    assert job.report is not None
    assert (job.queued_at is not None) is (state is State.QUEUED)


async def test_the_checked_program_and_its_picture_are_kept_and_the_workers_folder_is_not(
    lab, new_submissions
):
    submissions = new_submissions()
    job = await submissions.checked((await _submit(lab, submissions)).id)
    assert lab.blobs.path(job.program_sha256).read_bytes() == b"; accept"
    assert lab.blobs.path(job.picture_sha256).read_text() == "<svg/>"
    assert job.program_sha256 == job.report.program_sha256
    assert list((lab.folder / "check").iterdir()) == []
    kept = lab.database.read("SELECT sha256 FROM files")
    assert {row["sha256"] for row in kept} == {
        job.file_sha256, job.program_sha256, job.picture_sha256,
    }  # fmt: skip
    assert lab.verbs(subject(job.id)) == ["job.submit", "job.accept"]


@pytest.mark.parametrize("words", [b"lie", b"forget"])
async def test_a_program_that_is_not_the_checked_one_is_refused(lab, new_submissions, words):
    submissions = new_submissions()
    job = await submissions.checked((await _submit(lab, submissions, words)).id)
    assert (job.state, job.reason) == (State.REFUSED, "program.changed")
    assert job.program_sha256 is None


async def test_a_file_that_kills_its_worker_is_refused_and_the_next_file_is_checked(
    lab, new_submissions
):
    submissions = new_submissions()
    bad, good = await _submit(lab, submissions, b"die"), await _submit(lab, submissions)
    assert (await submissions.checked(bad.id)).state is State.REFUSED
    assert (await submissions.checked(good.id)).state is State.QUEUED


@pytest.mark.parametrize(
    ("changes", "error", "code"),
    [
        ({"machine_id": "lathe"}, NotFoundError, "machine.unknown"),
        ({"material_id": "granite"}, NotFoundError, "job.unknown-material"),
        ({"material_id": None}, FileError, "job.material-needed"),
        ({"material_id": ""}, FileError, "job.material-needed"),
        ({"material_id": "pvc-3"}, FileError, "job.material-forbidden"),
        ({"project_id": "nobody's"}, NotFoundError, "job.unknown-project"),
    ],
)
async def test_a_wrong_choice_is_refused_before_anything_is_written(
    lab, new_submissions, changes, error, code
):
    with pytest.raises(error) as raised:
        await _submit(lab, new_submissions(), **changes)
    assert raised.value.code == code
    assert lab.database.read("SELECT id FROM jobs") == []


async def test_a_forbidden_material_says_why_in_the_persons_language(lab, new_submissions):
    with pytest.raises(FileError) as raised:
        await _submit(lab, new_submissions(), material_id="pvc-3")
    assert raised.value.fields == {"material": "PVC (fr)", "reason": "It gives off chlorine. (fr)"}


async def test_a_printer_needs_no_material(lab, new_submissions):
    job = await _submit(lab, new_submissions(), machine_id="printer", material_id=None)
    assert job.material_id is None


async def test_a_project_must_be_the_owners_own(lab, new_submissions):
    def act(tables):
        for name in ("awa", "ben"):
            tables.table("projects").insert(
                {"id": name, "owner_id": lab.people[name].id, "title": "x", "created_at": "x"}
            )

    lab.database.write_now(act)
    submissions = new_submissions()
    assert (await _submit(lab, submissions, project_id="awa")).project_id == "awa"
    with pytest.raises(NotFoundError):
        await _submit(lab, submissions, project_id="ben")


async def test_a_better_file_is_a_new_revision_of_the_same_job(lab, new_submissions):
    submissions = new_submissions()
    first = await submissions.checked((await _submit(lab, submissions, b"refuse")).id)
    second = await submissions.replace(
        lab.people["awa"], first.id, file_name="x/better.gcode",
        blob=lab.blobs.keep([b"accept 2"]), options={"unit": "mm"},
    )  # fmt: skip
    assert (second.state, second.revision, second.report) == (State.CHECKING, 2, None)
    job = await submissions.checked(first.id)
    assert (job.state, job.file_name, job.options) == (
        State.QUEUED, "better.gcode", {"unit": "mm"},
    )  # fmt: skip
    assert job.file_sha256 != first.file_sha256


async def test_an_answer_has_the_same_file_checked_again(lab, new_submissions):
    submissions = new_submissions()
    first = await _submit(lab, submissions, b"ask", options={"unit": "mm"})
    await submissions.checked(first.id)
    await submissions.answer(lab.people["awa"], first.id, {"say": "accept"})
    job = await submissions.checked(first.id)
    assert job.state is State.QUEUED
    assert (job.file_sha256, job.revision) == (first.file_sha256, 1)
    assert job.options == {"unit": "mm", "say": "accept"}


async def test_only_the_owner_replaces_and_answers_and_a_file_only_before_it_is_queued(
    lab, new_submissions
):
    submissions = new_submissions()
    job_id = lab.add_job("awa", verdict=Verdict.REFUSED)
    with pytest.raises(NotFoundError):
        await submissions.answer(lab.people["ben"], job_id, {})
    with pytest.raises(ForbiddenMoveError) as raised:
        await submissions.answer(lab.people["dora"], job_id, {})
    assert raised.value.code == "job.wrong-actor"
    with pytest.raises(ForbiddenMoveError):
        await submissions.replace(
            lab.people["awa"], lab.add_job("awa"), file_name="b.dxf",
            blob=lab.blobs.keep([b"accept"]), options={},
        )  # fmt: skip


async def test_a_job_that_is_adjusted_in_the_queue_keeps_its_place(lab, new_submissions):
    submissions = new_submissions()
    first = await submissions.checked((await _submit(lab, submissions, b"accept")).id)
    lab.clock.advance(60)
    second = await submissions.checked((await _submit(lab, submissions, b"accept")).id)
    lab.clock.advance(60)
    lab.database.write_now(
        lambda tables: tables.table("jobs").update(first.id, {"approved_by": lab.people["dora"].id})
    )
    await submissions.answer(lab.people["awa"], first.id, {"say": "accept", "copies": 2})
    await submissions.checked(first.id)
    (kept,) = lab.database.read("SELECT approved_by FROM jobs WHERE id = ?", (first.id,))
    assert kept["approved_by"] is None, "what a manager agreed to was another program"
    assert [job.id for job in lab.jobs.queue("laser")] == [first.id, second.id]


async def test_what_lines_are_for_is_remembered_for_the_next_drawing(lab, new_submissions):
    submissions = new_submissions()
    job_id = lab.add_job("awa", verdict=Verdict.REFUSED)
    meanings = {"0|#ff0000|line": "score", "notes|#000000|text": "skip"}
    await submissions.answer(lab.people["awa"], job_id, {"operations": meanings})
    assert remembered_by(lab.database, lab.people["awa"].id) == {"": meanings}
    assert remembered_by(lab.database, lab.people["ben"].id) == {}


async def test_a_check_that_died_with_the_hub_is_begun_again(lab, new_submissions):
    dying = new_submissions()
    job = await _submit(lab, dying, b"wait")
    await dying.close()
    assert lab.state(job.id) is State.CHECKING
    lab.database.write_now(
        lambda tables: tables.table("jobs").update(
            job.id, {"options": json.dumps({"say": "accept"})}
        )
    )
    reborn = new_submissions()
    await reborn.recover()
    assert (await reborn.checked(job.id)).state is State.QUEUED


async def test_waiting_for_a_check_ends_when_the_hub_closes(lab, new_submissions):
    submissions = new_submissions()
    job = await _submit(lab, submissions, b"wait")
    waiting = asyncio.create_task(submissions.checked(job.id))
    await asyncio.sleep(0)
    await submissions.close()
    async with asyncio.timeout(5):
        assert (await waiting).state is State.CHECKING


async def test_somebody_who_hangs_up_half_way_still_has_their_file_checked(
    lab, new_submissions, until
):
    submissions = new_submissions()
    sending = asyncio.create_task(_submit(lab, submissions))
    await asyncio.sleep(0)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    await until(lambda: lab.jobs.in_states(frozenset({State.QUEUED})))


async def test_a_full_disk_refuses_the_file_whole(lab, new_submissions):
    submissions = new_submissions()
    lab.database.write_now(_no_more_room)
    with pytest.raises(DiskFullError):
        await _submit(lab, submissions, title="x" * 100, options={"a": "b" * 100_000})
    lab.database.write_now(_room_again)
    assert lab.database.read("SELECT id FROM jobs") == []
    assert lab.database.read("SELECT sha256 FROM files") == []


async def test_a_report_that_finds_no_room_is_written_when_there_is(
    lab, new_submissions, until, monkeypatch, caplog
):
    monkeypatch.setattr(submission, "_RETRY_S", 0.01)
    submissions = new_submissions()
    job = await _submit(lab, submissions, b"big")
    lab.database.write_now(_no_more_room)
    await until(lambda: "is not saved yet" in caplog.text)
    assert lab.state(job.id) is State.CHECKING
    assert lab.verbs(subject(job.id)) == ["job.submit"]
    lab.database.write_now(_room_again)
    job = await submissions.checked(job.id)
    assert job.state is State.QUEUED
    assert len(job.report.file.name) == 1_000_000


async def test_a_file_that_is_gone_from_the_disk_is_refused_with_a_reason(lab, new_submissions):
    submissions = new_submissions()
    blob = lab.blobs.keep([b"accept"])
    os.unlink(lab.blobs.path(blob.sha256))  # noqa: PTH108 - one line
    job = await submissions.submit(
        lab.people["awa"], file_name="a", blob=blob, machine_id="printer", material_id=None,
        project_id=None, title="", options={},
    )  # fmt: skip
    job = await submissions.checked(job.id)
    assert (job.state, job.reason) == (State.REFUSED, "storage.missing-blob")


def _no_more_room(tables):
    """Let the database file not grow any more (SQLITE_FULL, as on a full disk)."""
    tables.conn.execute("PRAGMA max_page_count = 1")


def _room_again(tables):
    tables.conn.execute("PRAGMA max_page_count = 1000000000")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("C:\\Users\\Léa\\étoile.dxf", "étoile.dxf"),
        ("../../etc/passwd", "passwd"),
        ("folder/", "file"),
        ("", "file"),
        ("a\x00b\x1b[31m\u202egpj.dxf", "ab[31mgpj.dxf"),
    ],
)
def test_a_files_name_is_only_ever_shown(name, shown):
    assert display_name(name) == shown


@given(st.text(max_size=300))
@example("\ud800.dxf")
@example("x" * 500)
def test_whatever_the_name_it_can_be_shown_and_stored(name):
    shown = display_name(name)
    assert 0 < len(shown) <= MAX_NAME
    assert "/" not in shown
    assert "\\" not in shown
    shown.encode()
    assert all(letter.isprintable() or letter == "\u3000" or letter.isspace() for letter in shown)


async def test_only_somebody_with_the_right_submits(lab, new_submissions, monkeypatch):
    bare = {**people.RIGHTS, people.Role.TRAINEE: frozenset()}
    monkeypatch.setattr(people, "RIGHTS", bare)
    with pytest.raises(NotAllowedError):
        await _submit(lab, new_submissions())
