"""A file is checked while it travels: the verdict waits at its end, and only for what was asked."""

import asyncio
import contextlib

import httpx
import pytest

from jobs.states import State
from tests.web.test_uploads import CONTENT_TYPE, blob_files, body, part
from web.access import FORM_KEY_HEADER, SESSION_COOKIE

pytestmark = pytest.mark.anyio

HEAD = b"M83\nM104 S210\nG28\nM109 S210\nG1 Z0.2 F600\n"
TAIL = b"M104 S0\nG28 X\nM84\n"
LINES = b"".join(b"G1 X%d.%03d Y20 E0.01 F3000\n" % (n % 200, n % 1000) for n in range(60_000))
PROGRAM = HEAD + LINES + TAIL
"""1.6 MB: more than the first part, after which a check begins."""


@pytest.fixture
async def hub(running):
    """A client of a real server, with awa's session."""
    token, form_key = await asyncio.to_thread(running.sign_in, "awa")
    async with running.serve() as address:
        headers = {"Accept": "application/json", FORM_KEY_HEADER: form_key}
        async with httpx.AsyncClient(
            base_url=address, headers=headers, cookies={SESSION_COOKIE: token}, timeout=30
        ) as client:
            yield client


def programs(lab) -> list[int]:
    """How large the programs are that checks are writing just now."""
    return [path.stat().st_size for path in (lab.folder / "scratch").glob("check-*/program.gcode")]


class Slow:
    """A form whose file stops half-way, until the test lets the rest come."""

    def __init__(self, *fields: bytes, after: tuple[bytes, ...] = ()) -> None:
        whole = body(*fields, part("file", PROGRAM, "vase.gcode"), *after)
        self._halves = whole[:1_500_000], whole[1_500_000:]
        self.go_on = asyncio.Event()

    async def __aiter__(self):
        yield self._halves[0]
        await self.go_on.wait()
        yield self._halves[1]


def post(hub, slow: Slow, address: str = "/api/v1/jobs?wait_s=20") -> asyncio.Task[httpx.Response]:
    return asyncio.create_task(hub.post(address, content=aiter(slow), headers=CONTENT_TYPE))


async def test_the_program_is_written_before_the_file_is_whole(hub, running, until):
    slow = Slow(part("machine_id", b"printer"))

    sending = post(hub, slow)
    await until(lambda: any(size > 500_000 for size in programs(running)))
    slow.go_on.set()
    job = (await sending).json()

    assert job["state"] == "queued"
    kept = running.services.jobs.read(job["id"])
    assert kept.report.file.sha256 == kept.file_sha256
    assert kept.report.file.name == "vase.gcode"
    assert running.services.blobs.path(kept.program_sha256).read_bytes().endswith(PROGRAM[-200:])
    assert list((running.folder / "scratch").iterdir()) == []


async def test_the_verdict_is_the_same_as_for_a_file_that_was_there(hub, running, until):
    slow = Slow(part("machine_id", b"printer"))
    sending = post(hub, slow)
    await until(lambda: programs(running) != [])
    slow.go_on.set()
    early = (await sending).json()

    # A form that says only after the file what it is for gives nothing to begin with.
    whole = body(part("file", PROGRAM, "vase.gcode"), part("machine_id", b"printer"))
    late = await hub.post("/api/v1/jobs?wait_s=20", content=whole, headers=CONTENT_TYPE)

    ids = (early["id"], late.json()["id"])
    reports = [running.services.jobs.read(job_id).report for job_id in ids]
    assert reports[0] == reports[1]


async def test_an_early_check_of_anything_else_is_not_taken(hub, running, until):
    slow = Slow(
        part("machine_id", b"printer"),
        after=(part("machine_id", b"laser"), part("material_id", b"plywood-3")),
    )
    sending = post(hub, slow)
    await until(lambda: programs(running) != [])
    slow.go_on.set()
    job = (await sending).json()

    assert job["machine_id"] == "laser"
    assert job["state"] == State.REFUSED
    rules = {finding.rule for finding in running.services.jobs.read(job["id"]).report.findings}
    assert "gcode.unknown-command" in rules
    assert list((running.folder / "scratch").iterdir()) == []


async def test_whoever_hangs_up_leaves_no_check_behind(hub, running, until):
    before = blob_files(running)
    sending = post(hub, Slow(part("machine_id", b"printer")))
    await until(lambda: programs(running) != [])

    sending.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await sending

    await until(lambda: list((running.folder / "scratch").iterdir()) == [])
    assert blob_files(running) == before


async def test_a_file_that_takes_its_time_keeps_nobody_waiting(hub, running, until):
    most = running.services.settings.checks.workers
    slow = [Slow(part("machine_id", b"printer")) for _ in range(most + 1)]
    sending = [post(hub, each) for each in slow]
    await until(lambda: len(programs(running)) == most)

    short = await hub.post(
        "/api/v1/jobs?wait_s=20",
        data={"machine_id": "printer"},
        files={"file": ("short.gcode", HEAD + b"G1 X5 Y20 E0.2 F3000\n" + TAIL)},
    )
    assert short.json()["state"] == "queued"

    for each in slow:
        each.go_on.set()
    assert {(await each).json()["state"] for each in sending} == {"queued"}


async def test_a_better_file_is_checked_on_its_way_too(hub, running, until):
    job_id = (
        await hub.post(
            "/api/v1/jobs?wait_s=20",
            data={"machine_id": "printer"},
            files={"file": ("hot.gcode", HEAD.replace(b"210", b"410"))},
        )
    ).json()["id"]
    assert running.state(job_id) is State.REFUSED
    slow = Slow()

    sending = asyncio.create_task(
        hub.put(f"/api/v1/jobs/{job_id}/file?wait_s=20", content=aiter(slow), headers=CONTENT_TYPE)
    )
    await until(lambda: any(size > 500_000 for size in programs(running)))
    slow.go_on.set()

    assert (await sending).json()["state"] == "queued"
    assert running.services.jobs.read(job_id).file_name == "vase.gcode"
