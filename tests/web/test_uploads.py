"""Uploads on a real server: whole or not at all, bounded while they arrive, harmless names."""

import asyncio
import contextlib
import hashlib
import resource
import shutil
import subprocess
import unicodedata

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fablab_hub.core.errors import FileError, LimitExceededError
from fablab_hub.core.people import Right
from jobs.names import MAX_NAME
from web.access import FORM_KEY_HEADER, SESSION_COOKIE
from web.multipart import FormReader
from web.uploads import harmless_name

pytestmark = pytest.mark.anyio

MB = 1_000_000
PROGRAM = b"G90\nG1 X1 Y1 F600\n"
BOUNDARY = "cut-here"


def part(name: str, value: bytes, file_name: str | None = None) -> bytes:
    file = f'; filename="{file_name}"' if file_name is not None else ""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
    return head.encode() + value + b"\r\n"


def body(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


CONTENT_TYPE = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


def blob_files(lab) -> list[str]:
    folder = lab.folder / "blobs"
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.fixture
async def hub(running):
    """A client of a real server, with awa's session."""
    token, form_key = await asyncio.to_thread(running.sign_in, "awa")
    async with running.serve() as address:
        headers = {"Accept": "application/json", FORM_KEY_HEADER: form_key}
        cookies = {SESSION_COOKIE: token}
        async with httpx.AsyncClient(
            base_url=address, headers=headers, cookies=cookies, timeout=30
        ) as client:
            yield client


async def test_a_file_arrives_byte_for_byte_and_becomes_a_job(hub, running):
    data = b"".join(b"G1 X%d\n" % n for n in range(100_000))

    answer = await hub.post(
        "/api/v1/jobs",
        data={"machine_id": "printer", "title": "Été"},
        files={"file": ("pièce.gcode", data)},
    )

    assert answer.status_code == 201
    job = running.services.jobs.read(answer.json()["id"])
    assert running.services.blobs.path(job.file_sha256).read_bytes() == data
    assert (job.title, job.file_name) == ("Été", "pièce.gcode")
    assert job.owner_id == running.people["awa"].id


async def test_a_file_that_says_it_is_too_large_is_refused_before_it_comes(hub, running):
    before = blob_files(running)

    answer = await hub.post(
        "/api/v1/jobs", data={"machine_id": "printer"}, files={"file": ("a", b"x" * 4 * MB)}
    )

    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "check.too-large"
    assert answer.json()["error"]["fields"] == {"max_mb": 2}
    assert blob_files(running) == before


async def test_a_file_that_does_not_say_its_size_is_refused_while_it_arrives(hub, running):
    before, sent = blob_files(running), 0

    async def endless():
        nonlocal sent
        yield part("machine_id", b"printer")
        yield part("file", b"", "a.gcode")[:-2]
        while sent < 200 * MB:
            sent += MB
            yield b"x" * MB

    with contextlib.suppress(httpx.WriteError):
        answer = await hub.post("/api/v1/jobs", content=endless(), headers=CONTENT_TYPE)

    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "check.too-large"
    assert blob_files(running) == before


async def test_a_client_that_reads_nothing_before_it_sent_everything_still_gets_the_refusal(
    hub, running
):
    data = body(part("machine_id", b"printer"), part("file", b"x" * 30 * MB, "a.gcode"))
    host, port = hub.base_url.host, hub.base_url.port
    cookie = f"{SESSION_COOKIE}={hub.cookies[SESSION_COOKIE]}"
    head = (
        f"POST /api/v1/jobs HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(data)}\r\n"
        f"Content-Type: {CONTENT_TYPE['Content-Type']}\r\nCookie: {cookie}\r\n"
        f"{FORM_KEY_HEADER}: {hub.headers[FORM_KEY_HEADER]}\r\nConnection: close\r\n\r\n"
    )

    reader, writer = await asyncio.open_connection(host, port)
    writer.write(head.encode() + data)
    await writer.drain()
    answer = await reader.read()
    writer.close()

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"check.too-large" in answer


async def test_a_client_that_hangs_up_half_way_leaves_nothing(hub, running, until):
    before = blob_files(running)
    has_begun = asyncio.Event()

    async def broken():
        yield part("machine_id", b"printer")
        yield part("file", b"x" * MB, "a.gcode")
        await until(lambda: len(blob_files(running)) > len(before))
        has_begun.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(hub.post("/api/v1/jobs", content=broken(), headers=CONTENT_TYPE))
    await has_begun.wait()
    task.cancel()

    await until(lambda: blob_files(running) == before)
    assert running.services.jobs.of_owner(running.people["awa"].id) == []


@contextlib.contextmanager
def _tmpfs(folder):
    """A real file system with room for 300 kB; needs the right to mount."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", "size=300k", "none", str(folder)]
    if mount is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting a tmpfs is not permitted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@contextlib.contextmanager
def _file_limit(_folder):
    """No file may grow beyond 300 kB (`setrlimit(2)`, RLIMIT_FSIZE): EFBIG."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("full", [_tmpfs, _file_limit])
@pytest.mark.parametrize("size", [301 * 1024, int(1.5 * MB)], ids=["at the end", "half-way"])
async def test_a_full_disk_is_said_and_leaves_nothing(hub, running, full, size):
    with full(running.folder / "blobs"):
        before = blob_files(running)
        answer = await hub.post(
            "/api/v1/jobs",
            data={"machine_id": "printer"},
            files={"file": ("a.gcode", b"x" * size)},
        )
        after = blob_files(running)

    assert answer.status_code == 507
    assert answer.json()["error"]["code"] == "storage.disk-full"
    assert after == before


async def test_the_key_may_be_a_field_before_the_file(hub, running):
    key = hub.headers.pop(FORM_KEY_HEADER).encode()
    data = body(
        part("form_key", key), part("machine_id", b"printer"), part("file", PROGRAM, "a.gcode")
    )

    answer = await hub.post("/api/v1/jobs", content=data, headers=CONTENT_TYPE)

    assert answer.status_code == 201


@pytest.mark.parametrize("key", [b"", b"wrong"])
async def test_without_the_key_not_a_byte_is_kept(hub, running, key):
    del hub.headers[FORM_KEY_HEADER]
    before = blob_files(running)
    data = body(part("form_key", key), part("file", PROGRAM, "a.gcode"))

    answer = await hub.post("/api/v1/jobs", content=data, headers=CONTENT_TYPE)

    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "rights.bad-form"
    assert blob_files(running) == before


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (body(part("machine_id", b"printer")), "upload.no-file"),
        (body(part("file", b"", "a.gcode")), "upload.no-file"),
        (body(part("file", b"", "")), "upload.no-file"),
        (body(part("file", b"x", "a"), part("file", b"x", "b")), "upload.several-files"),
        (body(part("file", PROGRAM, "a.gcode"))[:-8], "upload.broken"),
        (b"nonsense", "upload.broken"),
        (b"", "upload.broken"),
        (body(part("file", PROGRAM, "a.gcode")), "form.invalid"),
        (
            body(
                part("options", b'{"unit": "league"}'), part("machine_id", b"printer"),
                part("file", PROGRAM, "a.gcode"),
            ),
            "form.invalid",
        ),
    ],
)  # fmt: skip
async def test_a_form_that_is_not_right_is_refused_by_name(hub, data, code):
    answer = await hub.post("/api/v1/jobs", content=data, headers=CONTENT_TYPE)

    assert answer.json()["error"]["code"] == code
    assert answer.status_code in (400, 422)


async def test_a_body_that_is_no_multipart_is_refused(hub):
    answer = await hub.post("/api/v1/jobs", json={"machine_id": "printer"})

    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "upload.broken"


async def test_every_other_body_is_bounded_too(hub):
    answer = await hub.post("/api/v1/session", json={"person": "awa", "pin": "1" * 2 * MB})

    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "web.too-large"


async def test_nobody_uploads_without_a_session(hub, running):
    hub.cookies.clear()
    before = blob_files(running)

    answer = await hub.post("/api/v1/jobs", files={"file": ("a.gcode", PROGRAM)})

    assert answer.status_code == 401
    assert blob_files(running) == before
    assert running.people["awa"].may(Right.SUBMIT)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/absolute/part.dxf", "part.dxf"),
        ("C:\\Users\\awa\\pièce.dxf", "pièce.dxf"),
        ("🐸.gcode", "🐸.gcode"),
        ("a\x00b\n\x1b[31mc.dxf", "ab[31mc.dxf"),
        ("part\u202efxd.exe", "partfxd.exe"),
        ("..", "file"),
        ("", "file"),
        (" . ", "file"),
        ("x" * 300 + ".gcode", "x" * (MAX_NAME - 6) + ".gcode"),
        ("x" * 300, "x" * MAX_NAME),
    ],
)
def test_a_name_is_made_harmless(name, expected):
    assert harmless_name(name) == expected


@given(st.text(max_size=400))
@example("\ud800" * 5)
@example("é" * 118 + ".nc")
def test_no_name_can_do_harm(name):
    shown = harmless_name(name)

    assert 0 < len(shown) <= MAX_NAME
    assert "/" not in shown
    assert "\\" not in shown
    assert shown not in (".", "..")
    assert not any(unicodedata.category(letter).startswith("C") for letter in shown)
    shown.encode()


@given(
    st.binary(max_size=300),
    st.lists(st.integers(min_value=1, max_value=60), min_size=1, max_size=30),
)
@example(b"\r\n--cut-her", [1])
def test_where_a_form_is_cut_changes_nothing(data, sizes):
    data = data.replace(f"--{BOUNDARY}".encode(), b"")
    sent = body(part("title", "été".encode()), part("file", data, "a.gcode"), part("x", b"1"))
    form, at, read = FormReader(CONTENT_TYPE["Content-Type"]), 0, b""

    for turn in range(len(sent)):
        form.feed(sent[at : at + sizes[turn % len(sizes)]])
        at += sizes[turn % len(sizes)]
        read += form.take_piece()
    form.end()

    assert hashlib.sha256(read).digest() == hashlib.sha256(data).digest()
    assert form.fields == {"title": "été", "x": "1"}
    assert form.file_name == "a.gcode"


@given(st.binary(max_size=500))
def test_any_bytes_are_a_form_or_refused_by_name(data):
    form = FormReader(CONTENT_TYPE["Content-Type"])
    try:
        form.feed(f"--{BOUNDARY}\r\n".encode() + data)
        form.end()
    except (FileError, LimitExceededError) as error:
        assert error.code.startswith(("upload.", "web."))
