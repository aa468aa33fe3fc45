"""Areas and pictures as rows: what is dark is burnt, what is light is not, and nothing twice."""

import io
import itertools

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from fablab_hub.core.errors import UnreadableFileError
from fablab_hub.core.materials import OperationKind, Preset
from jobs.geometry.drawing import PlacedImage
from jobs.geometry.path import Drawn, points_of
from jobs.toolpath.pixels import scan_of
from jobs.toolpath.scans import TooManyRowsError, fill
from jobs.toolpath.shading import Shading
from tests.jobs.toolpath.conftest import circle, square

PRESET = Preset(power=0.5, feed_mm_min=6000, line_mm=0.2, least_power=0.1)
AREA = {"drawn": Drawn.FILL}


def _area_mm2(scans, line_mm=0.2):
    return sum(scan.length_mm for scan in scans) * line_mm


def test_a_ring_is_filled_and_its_hole_is_not():
    ring = [square(0, 0, 20, **AREA), circle(10, 10, 5, **AREA)]
    scans = fill(ring, 0.2)
    assert len(scans) == 1
    assert _area_mm2(scans) == pytest.approx(400 - 25 * np.pi, rel=0.01)


def test_shapes_apart_are_filled_one_after_the_other():
    scans = fill([square(0, 0, 5), square(50, 0, 5), square(52, 2, 1)], 0.2)
    assert [round(scan.start_mm[0]) for scan in scans] == [0, 50]


@given(
    st.lists(
        st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(1, 10)),
        min_size=1, max_size=6,
    )
)  # fmt: skip
def test_rows_cover_the_area_and_nothing_else(shapes):
    paths = [square(x * 1.0, y * 1.0, size * 1.0) for x, y, size in shapes]
    area = shapely.Polygon()
    for path in paths:
        area = area.symmetric_difference(shapely.Polygon(points_of(path)))
    scans = fill(paths, 0.2)
    assert _area_mm2(scans) == pytest.approx(area.area, abs=0.02 * max(1, area.length))
    near = area.buffer(0.02)
    for row in itertools.chain.from_iterable(scan.rows for scan in scans):
        for start, end in zip(row.starts_mm, row.ends_mm, strict=True):
            assert near.covers(shapely.LineString([(start, row.y_mm), (end, row.y_mm)]))


def test_rows_go_back_and_forth():
    (scan,) = fill([square(0, 0, 10)], 0.5)
    ways = [np.sign(row.ends_mm[0] - row.starts_mm[0]) for row in scan.rows]
    assert ways == [1, -1] * (len(ways) // 2) + [1] * (len(ways) % 2)


def test_an_area_too_large_for_its_rows_says_so():
    with pytest.raises(TooManyRowsError):
        fill([square(0, 0, 1e6)], 0.1)


def _image(pixels, width_mm=20.0, height_mm=10.0) -> PlacedImage:
    stream = io.BytesIO()
    Image.fromarray(np.asarray(pixels, dtype=np.uint8)).save(stream, "PNG")
    return PlacedImage(
        data=stream.getvalue(),
        corner_mm=(5, 5 + height_mm),
        across_mm=(5 + width_mm, 5 + height_mm),
        down_mm=(5, 5),
        layer="0",
    )


def test_the_dark_half_of_a_picture_is_burnt_where_it_lies():
    pixels = np.full((50, 100), 255)
    pixels[:25, :50] = 0  # up and left
    scan = scan_of(_image(pixels), PRESET)
    assert scan.kind is OperationKind.IMAGE
    low, high = scan.bounds_mm.min_mm, scan.bounds_mm.max_mm
    assert (low[0], high[0]) == pytest.approx((5, 15), abs=0.3)
    assert (low[1], high[1]) == pytest.approx((10, 15), abs=0.3)
    assert scan.length_mm * 0.2 == pytest.approx(50, rel=0.05)


def test_dots_are_as_dense_as_the_grey_is_dark():
    for grey in (64, 128, 192):
        scan = scan_of(_image(np.full((50, 100), grey)), PRESET)
        assert scan.length_mm * 0.2 / 200 == pytest.approx(1 - grey / 255, abs=0.04)
        assert {float(power) for row in scan.rows for power in row.powers} == {1.0}


def test_grey_is_power_from_the_lightest_to_the_full():
    ramp = np.tile(np.linspace(0, 255, 100), (50, 1))
    scan = scan_of(_image(ramp), PRESET, Shading.GREY)
    powers = sorted({float(power) for row in scan.rows for power in row.powers})
    assert powers[-1] == pytest.approx(1.0, abs=0.05)
    assert powers[0] == pytest.approx(0.2, abs=0.1), "least_power of power"
    assert len(powers) > 20


def test_a_white_picture_is_no_work():
    assert scan_of(_image(np.full((5, 5), 255)), PRESET) is None


@pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 50])
def test_what_is_no_picture_is_refused(data):
    image = PlacedImage(data=data, corner_mm=(0, 9), across_mm=(9, 9), down_mm=(0, 0), layer="0")
    with pytest.raises(UnreadableFileError):
        scan_of(image, PRESET)


def test_a_picture_that_is_packed_too_well_is_refused(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    with pytest.raises(UnreadableFileError):
        scan_of(_image(np.zeros((100, 100))), PRESET)
