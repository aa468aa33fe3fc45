"""The OpenCV source, on real files and a real stream."""

import time

import pytest

from drivers.cameras.opencv import OpenCvCamera
from fablab_hub.core.clock import SystemClock
from fablab_hub.core.errors import TransportError


@pytest.fixture
def new_camera():
    cameras = []

    def make(address, timeout_s=4.0):
        cameras.append(OpenCvCamera("bed", str(address), timeout_s, SystemClock()))
        return cameras[-1]

    yield make
    for camera in cameras:
        camera.close()


def test_a_picture_file_is_a_camera_again_and_again(new_camera, photo):
    camera = new_camera(photo)
    for _ in range(3):
        assert camera.still().pixels.shape == (240, 320, 3)


def test_a_video_file_goes_on_from_still_to_still_and_starts_anew_at_its_end(new_camera, clip):
    camera = new_camera(clip)
    greys = [round(float(camera.still().pixels.mean()), -1) for _ in range(5)]
    assert greys == [40, 90, 140, 190, 40]


def test_a_stream_gives_what_is_there_now_and_not_what_was_buffered(new_camera, mjpeg):
    camera = new_camera(mjpeg.address)
    assert camera.still().pixels.mean() == pytest.approx(90, abs=3)
    mjpeg.grey = 180
    assert camera.still().pixels.mean() == pytest.approx(180, abs=3)


def test_the_line_to_a_live_camera_is_closed_after_each_still(new_camera, mjpeg):
    camera = new_camera(mjpeg.address)
    camera.still()
    camera.still()
    assert mjpeg.connections == 2


def test_a_stalled_stream_costs_its_time_out_and_no_more(new_camera, mjpeg):
    mjpeg.is_stalled = True
    camera = new_camera(mjpeg.address, timeout_s=1.5)
    started_s = time.monotonic()
    with pytest.raises(TransportError, match=r"camera\.no-picture"):
        camera.still()
    assert time.monotonic() - started_s < 3.0


def test_a_stream_that_stalled_is_opened_again(new_camera, mjpeg):
    mjpeg.is_stalled = True
    camera = new_camera(mjpeg.address, timeout_s=1.0)
    with pytest.raises(TransportError):
        camera.still()
    mjpeg.is_stalled = False
    assert camera.still().pixels.size


@pytest.mark.parametrize("address", ["no-file.avi", "http://127.0.0.1:9/stream", "/dev/video99"])
def test_what_is_not_there_is_said_to_be_not_there(new_camera, address):
    with pytest.raises(TransportError) as caught:
        new_camera(address, timeout_s=2.0).still()
    assert caught.value.fields == {"camera": "bed"}


def test_a_file_that_is_no_picture_gives_none(new_camera, tmp_path):
    path = tmp_path / "bed.jpg"
    path.write_bytes(b"this is no picture")
    with pytest.raises(TransportError):
        new_camera(path).still()
