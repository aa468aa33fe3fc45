"""Texts of a DXF: the outlines of their letters, where the drawing has them."""

import ezdxf
import pytest
from ezdxf.enums import TextEntityAlignment as Align

from jobs.geometry.drawing import LeftOut, Seen
from jobs.geometry.dxf_mending import mended
from jobs.geometry.path import Drawn, bounds_of
from jobs.geometry.reading import read_drawing


@pytest.fixture
def draw(tmp_path):
    def draw(make):
        document = ezdxf.new(units=4)
        make(document.modelspace())
        path = tmp_path / "text.dxf"
        document.saveas(path)
        return read_drawing(path)

    return draw


def test_a_text_is_as_high_as_its_capitals(draw):
    drawing = draw(lambda s: s.add_text("HEX", height=10))
    assert drawing.bounds_mm.size_mm[1] == pytest.approx(10, abs=0.3)
    assert drawing.seen == {Seen.TEXT_OUTLINED: 1}
    assert {path.drawn for path in drawing.paths} == {Drawn.TEXT}
    assert all(path.is_closed for path in drawing.paths)


@pytest.mark.parametrize(
    ("align", "corner"),
    [
        (Align.LEFT, (0, 0)), (Align.RIGHT, (1, 0)), (Align.MIDDLE_CENTER, (0.5, 0.5)),
        (Align.TOP_LEFT, (0, 1)), (Align.TOP_RIGHT, (1, 1)),
    ],
)  # fmt: skip
def test_a_text_stands_where_it_is_aligned(draw, align, corner):
    drawing = draw(lambda s: s.add_text("HHH", height=10).set_placement((50, 50), align=align))
    (x, y, _), (u, v, _) = drawing.bounds_mm.min_mm, drawing.bounds_mm.max_mm
    assert x + (u - x) * corner[0] == pytest.approx(50, abs=1.2)
    assert y + (v - y) * corner[1] == pytest.approx(50, abs=0.5)


def test_a_turned_text_is_turned(draw):
    drawing = draw(lambda s: s.add_text("HHHH", height=5, rotation=90))
    width, depth, _ = drawing.bounds_mm.size_mm
    assert depth > 2 * width


def test_a_text_in_a_block_is_as_large_as_its_block(draw):
    def make(space):
        block = space.doc.blocks.new("SIGN")
        block.add_text("HEX", height=10)
        space.add_blockref("SIGN", (0, 0), dxfattribs={"xscale": 2, "yscale": 2})

    assert draw(make).bounds_mm.size_mm[1] == pytest.approx(20, abs=0.6)


def test_lines_of_a_paragraph_stand_below_each_other_and_wrap(draw):
    one = draw(lambda s: s.add_mtext("HHH", {"char_height": 6})).bounds_mm.size_mm
    two = draw(lambda s: s.add_mtext("HHH\\PHHH", {"char_height": 6})).bounds_mm.size_mm
    assert two[1] - one[1] == pytest.approx(10, abs=0.1), "5/3 of the height"
    narrow = {"char_height": 6, "width": 20}
    wrapped = draw(lambda s: s.add_mtext("HHH HHH HHH", narrow)).bounds_mm.size_mm
    assert wrapped[1] > 2 * one[1]
    assert wrapped[0] < 25


def test_a_text_without_letters_is_counted(draw):
    drawing = draw(lambda s: s.add_text("\ue000\ue001", height=10))
    assert drawing.left_out == {LeftOut.TEXT: 1}


BARE = """0
SECTION
2
ENTITIES
0
LWPOLYLINE
8
cut
90
3
70
1
10
0
20
0
10
50
20
0
10
50
20
30
0
ENDSEC
0
EOF
"""


def test_polylines_without_their_marks_are_mended(tmp_path):
    path = tmp_path / "openjscad.dxf"
    path.write_text(BARE)
    drawing = read_drawing(path)
    (found,) = drawing.paths
    assert drawing.was_recovered
    assert found.is_closed
    assert found.layer == "cut"
    assert bounds_of([found]).size_mm == (50, 30, 0)


def test_what_lacks_nothing_is_not_touched(tmp_path):
    document = ezdxf.new()
    document.modelspace().add_lwpolyline([(0, 0), (5, 5)])
    path = tmp_path / "whole.dxf"
    document.saveas(path)
    assert mended(path.read_bytes()) is None
