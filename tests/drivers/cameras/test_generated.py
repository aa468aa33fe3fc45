"""The drawn bed: always marked, never the same for two cameras, never different for one."""

import cv2
import numpy as np

from drivers.cameras.generated import GeneratedCamera
from fablab_hub.core.clock import ManualClock

MARK = "image de démonstration"


def _still(camera_id="laser", name="Caméra", mark=MARK, moment="23/11/2026 10:00"):
    return GeneratedCamera(camera_id, name, mark, moment, ManualClock()).still().pixels


def _differs(first, second):
    """Give the box (x, y, width, height) in which two pictures differ."""
    return cv2.boundingRect(np.any(first != second, axis=2).astype(np.uint8))


def test_the_same_camera_draws_the_same_sheet():
    assert np.array_equal(_still(), _still())


def test_two_cameras_see_two_different_sheets():
    _, _, width, height = _differs(_still("laser"), _still("prusa"))
    assert width > 800
    assert height > 400


def test_the_name_is_written_above_the_bed_and_the_mark_and_the_time_below():
    plain = _still(name="", mark="", moment="")
    for change in ({"name": "Caméra"}, {"mark": MARK}, {"moment": "10:00"}):
        words = {"name": "", "mark": "", "moment": "", **change}
        _, top, width, _ = _differs(plain, _still(**words))
        assert top < 60 if "name" in change else top > 700
        assert width > 40


def test_the_mark_stands_out_in_the_accent_colour():
    corner = _still()[735:778, 1240]
    assert (corner == np.array([116, 108, 10])).all()
