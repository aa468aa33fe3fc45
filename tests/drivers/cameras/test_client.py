"""The hub's side: real workers, in processes of their own, that hang, die and talk nonsense."""

import asyncio
import os
import signal
import sys
import time

import cv2
import numpy as np
import pytest

from drivers.cameras.wire import StillRequest, request_bytes
from fablab_hub.core.errors import DriverError
from fablab_hub.core.machines import Label
from fablab_hub.core.settings import Camera, CameraSource

pytestmark = pytest.mark.anyio

SILENT = (
    sys.executable,
    "-c",
    "import sys;"
    "sys.stdout.buffer.write(b'\\0\\0\\0\\2{}' + b'\\0\\0\\0\\0'); sys.stdout.flush();"
    "[None for line in sys.stdin.buffer]",
)
"""A worker that says that it is ready, and then hangs."""
BABBLING = (sys.executable, "-c", "print('Traceback: something else entirely')")


def _pid(client, camera_id):
    return client._workers[camera_id].process.pid


async def test_a_file_becomes_a_jpeg_dated_by_the_hub(
    new_client, camera_at, photo, clock, greyness
):
    picture = await new_client({"bed": camera_at(str(photo))})("bed")
    assert (picture.width_px, picture.height_px) == (320, 240)
    assert greyness(picture.jpeg) == pytest.approx(200, abs=3)
    assert abs((picture.taken_at - clock.now()).total_seconds()) < 10
    assert not picture.is_generated


async def test_a_picture_holds_no_exif(new_client, camera_at, tmp_path, photo):
    # A JPEG with an EXIF block after its first marker, as a phone writes it.
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0 somewhere in Brest"
    jpeg = photo.read_bytes()
    block = b"\xff\xe1" + (len(exif) + 2).to_bytes(2) + exif
    marked = tmp_path / "phone.jpg"
    marked.write_bytes(jpeg[:2] + block + jpeg[2:])
    picture = await new_client({"bed": camera_at(str(marked))})("bed")
    assert b"Exif" not in picture.jpeg
    assert b"Brest" not in picture.jpeg


async def test_a_large_picture_is_made_smaller(new_client, camera_at, tmp_path):
    path = tmp_path / "large.png"
    cv2.imwrite(str(path), np.zeros((3000, 4000, 3), np.uint8))
    picture = await new_client({"bed": camera_at(str(path))})("bed")
    assert (picture.width_px, picture.height_px) == (1920, 1440)


async def test_a_generated_picture_says_that_it_is_one(new_client):
    label = Label(fr="Caméra du laser", en="Laser camera")
    camera = Camera(name=label, source=CameraSource.GENERATED)
    client = new_client({"laser": camera})
    picture = await client("laser")
    assert picture.is_generated
    assert picture.jpeg.startswith(b"\xff\xd8")
    request = client._request("laser", camera)
    assert request.name == "Caméra du laser"
    assert request.moment.endswith("10:00"), "the lab's own time"


async def test_two_stills_come_from_one_worker(new_client, camera_at, photo):
    client = new_client({"bed": camera_at(str(photo))})
    await client("bed")
    first = _pid(client, "bed")
    await client("bed")
    assert _pid(client, "bed") == first


async def test_pages_that_ask_at_the_same_time_share_one_still(new_client, camera_at, mjpeg):
    client = new_client({"bed": camera_at(mjpeg.address)})
    pictures = await asyncio.gather(*(client("bed") for _ in range(8)))
    assert mjpeg.connections == 1
    assert len({picture.jpeg for picture in pictures}) == 1


async def test_somebody_who_leaves_does_not_take_the_picture_away(new_client, camera_at, mjpeg):
    client = new_client({"bed": camera_at(mjpeg.address)})
    leaving, staying = asyncio.create_task(client("bed")), asyncio.create_task(client("bed"))
    await asyncio.sleep(0)
    leaving.cancel()
    assert (await staying).jpeg
    assert leaving.cancelled()


async def test_a_stalled_camera_costs_its_time_out_and_works_again_later(
    new_client, camera_at, mjpeg
):
    mjpeg.is_stalled = True
    client = new_client({"bed": camera_at(mjpeg.address, timeout_s=1.0)})
    with pytest.raises(DriverError) as caught:
        await client("bed")
    assert (caught.value.code, caught.value.fields) == ("camera.no-picture", {"camera": "bed"})
    mjpeg.is_stalled = False
    assert (await client("bed")).jpeg


async def test_a_stalled_camera_does_not_hold_up_another(new_client, camera_at, mjpeg, photo):
    mjpeg.is_stalled = True
    client = new_client(
        {"bad": camera_at(mjpeg.address, timeout_s=30.0), "good": camera_at(str(photo))}
    )
    bad = asyncio.create_task(client("bad"))
    assert (await client("good")).jpeg
    assert not bad.done()
    await client.close()
    with pytest.raises(asyncio.CancelledError):
        await bad


async def test_a_worker_that_hangs_is_killed_and_replaced(new_client, camera_at, photo):
    client = new_client({"bed": camera_at(str(photo), timeout_s=0.3)}, SILENT)
    started_s = time.monotonic()
    for _ in range(2):
        with pytest.raises(DriverError, match=r"camera\.no-picture"):
            await client("bed")
        assert client._workers == {}, "a hung process is not kept"
    assert time.monotonic() - started_s < 10


async def test_opencv_that_never_returns_is_killed_with_its_worker(
    new_client, camera_at, tmp_path, photo
):
    # Nobody ever writes into this pipe, so opening it never ends: a dead device does the same.
    pipe = tmp_path / "stuck.avi"
    os.mkfifo(pipe)
    client = new_client({"bed": camera_at(str(pipe), timeout_s=0.5)})
    with pytest.raises(DriverError, match=r"camera\.no-picture"):
        await client("bed")
    pipe.unlink()
    photo.rename(pipe)
    assert (await client("bed")).jpeg


async def test_a_worker_that_hangs_ends_by_itself_when_the_hub_is_gone(tmp_path, worker):
    pipe = tmp_path / "stuck.avi"
    os.mkfifo(pipe)
    request = StillRequest(
        camera_id="bed", source="opencv", address=str(pipe), timeout_s=0.3,
        now="2026-11-23T09:00:00.000Z", name="", mark="", moment="",
    )  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        *worker, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL
    )
    async with asyncio.timeout(30):
        await process.communicate(request_bytes(request))
    assert process.returncode == -signal.SIGALRM


async def test_a_worker_that_was_killed_between_two_stills_is_replaced(
    new_client, camera_at, photo
):
    client = new_client({"bed": camera_at(str(photo))})
    await client("bed")
    worker = client._workers["bed"].process
    os.kill(worker.pid, signal.SIGKILL)
    await worker.wait()
    assert (await client("bed")).jpeg
    assert _pid(client, "bed") != worker.pid


async def test_a_worker_killed_in_the_middle_of_a_still_is_an_error_and_then_replaced(
    new_client, camera_at, mjpeg
):
    mjpeg.is_stalled = True
    client = new_client({"bed": camera_at(mjpeg.address, timeout_s=30.0)})
    still = asyncio.create_task(client("bed"))
    assert await asyncio.to_thread(mjpeg.was_opened.wait, 30)
    os.kill(_pid(client, "bed"), signal.SIGKILL)
    with pytest.raises(DriverError, match=r"camera\.no-picture"):
        await still
    mjpeg.is_stalled = False
    assert (await client("bed")).jpeg


@pytest.mark.parametrize("command", [BABBLING, ("/no/such/program",), (sys.executable, "-c", "")])
async def test_a_worker_that_cannot_work_is_an_error_and_nothing_worse(
    new_client, camera_at, photo, command
):
    client = new_client({"bed": camera_at(str(photo))}, command)
    with pytest.raises(DriverError, match=r"camera\.no-picture"):
        await client("bed")


async def test_a_camera_that_nobody_described_is_unknown(new_client):
    with pytest.raises(DriverError, match=r"camera\.unknown"):
        await new_client({})("bed")


async def test_a_worker_ends_when_the_hub_is_gone(new_client, camera_at, photo):
    client = new_client({"bed": camera_at(str(photo))})
    await client("bed")
    process = client._workers["bed"].process
    process.stdin.close()
    async with asyncio.timeout(10):
        assert await process.wait() == 0
