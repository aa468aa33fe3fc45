"""Reading drawings: every kind of line, every kind of file, and what a unit is."""

import math
from pathlib import Path

import ezdxf
import pytest
from ezdxf.document import Drawing as Document
from hypothesis import given, settings
from hypothesis import strategies as st

from fablab_hub.core.errors import FileError, LimitExceededError, UnreadableFileError
from jobs.geometry.drawing import DrawingLimits, LeftOut, Seen, Unit, UnitSource
from jobs.geometry.dxf import unit_facts
from jobs.geometry.path import Arc
from jobs.geometry.path import Path as DrawnPath
from jobs.geometry.reading import read_drawing
from jobs.geometry.units import Sizes


@pytest.fixture
def draw(tmp_path):
    """Save a drawing that a function makes, and read it back."""

    def draw(make, version="R2010", units=4, fmt="asc", **options):
        document = ezdxf.new(version, units=units)
        make(document.modelspace(), document)
        path = tmp_path / "drawing.dxf"
        document.saveas(path, fmt=fmt)
        return read_drawing(path, **options)

    return draw


def _length(drawing) -> float:
    return sum(path.length_mm for path in drawing.paths)


def _size(drawing) -> tuple[float, float]:
    return tuple(round(side, 2) for side in drawing.bounds_mm.size_mm[:2])


ENTITIES = [
    ("line", lambda s, _: s.add_line((0, 0), (30, 40)), 50, (30, 40)),
    ("circle", lambda s, _: s.add_circle((0, 0), 10), 20 * math.pi, (20, 20)),
    ("arc", lambda s, _: s.add_arc((0, 0), 10, 0, 180), 10 * math.pi, (20, 10)),
    ("arc over zero", lambda s, _: s.add_arc((0, 0), 10, 270, 90), 10 * math.pi, (10, 20)),
    (
        "polyline with a bulge",
        lambda s, _: s.add_lwpolyline([(0, 0, 1), (10, 0, 0)], format="xyb"),
        5 * math.pi,
        (10, 5),
    ),
    (
        "closed polyline",
        lambda s, _: s.add_lwpolyline([(0, 0), (10, 0), (10, 5), (0, 5)], close=True),
        30,
        (10, 5),
    ),
    (
        "old polyline",
        lambda s, _: s.add_polyline2d([(0, 0, 0), (10, 0, -1), (20, 0, 0)], format="xyb"),
        10 + 5 * math.pi,
        (20, 5),
    ),
    ("ellipse", lambda s, _: s.add_ellipse((0, 0), (10, 0), 0.5), 48.442, (20, 10)),
    ("solid", lambda s, _: s.add_solid([(0, 0), (10, 0), (0, 5), (10, 5)]), 30, (10, 5)),
]


@pytest.mark.parametrize(
    ("make", "length_mm", "size_mm"),
    [row[1:] for row in ENTITIES],
    ids=[row[0] for row in ENTITIES],
)
def test_every_kind_of_line_has_its_length_and_its_place(draw, make, length_mm, size_mm):
    drawing = draw(make)
    assert _length(drawing) == pytest.approx(length_mm, rel=2e-3)
    assert _size(drawing) == pytest.approx(size_mm, abs=0.05)


def test_a_spline_through_points_stays_near_them(draw):
    drawing = draw(lambda s, _: s.add_spline([(0, 0), (10, 10), (20, 0)]))
    nearest = min(math.dist(p.end_mm, (10, 10)) for path in drawing.paths for p in path.segments)
    assert nearest < 1


@pytest.mark.parametrize(("turn", "is_clockwise"), [(1, False), (-1, True)])
def test_a_mirrored_arc_keeps_its_shape_and_turns_the_other_way(draw, turn, is_clockwise):
    drawing = draw(
        lambda s, _: s.add_arc((10, 0), 5, 0, 90, dxfattribs={"extrusion": (0, 0, turn)})
    )
    (arc,) = drawing.paths[0].segments
    assert isinstance(arc, Arc)
    assert arc.is_clockwise is is_clockwise
    assert arc.start_mm == pytest.approx((15 * turn, 0), abs=1e-9)
    assert arc.end_mm == pytest.approx((10 * turn, 5), abs=1e-9)
    assert arc.length_mm == pytest.approx(5 * math.pi / 2)


def _block(space, document: Document, **reference) -> None:
    block = document.blocks.new("PART")
    block.add_circle((0, 0), 1, dxfattribs={"color": 0})
    inner = document.blocks.new("PAIR")
    inner.add_blockref("PART", (0, 0), dxfattribs={"color": 0})
    inner.add_blockref("PART", (10, 0), dxfattribs={"color": 0})
    document.layers.add("DECOUPE", color=1)
    space.add_blockref("PAIR", (0, 0), dxfattribs={"layer": "DECOUPE", "color": 3, **reference})


@pytest.mark.parametrize(
    ("reference", "count", "size_mm"),
    [
        ({}, 2, (12, 2)),
        ({"xscale": 2, "yscale": 2}, 2, (24, 4)),
        ({"xscale": -1}, 2, (12, 2)),
        ({"rotation": 90}, 2, (2, 12)),
        ({"xscale": 2}, 2, (24, 2)),
        ({"zscale": 0}, 2, (12, 2)),
        ({"column_count": 3, "column_spacing": 20}, 6, (52, 2)),
        ({"row_count": 2, "row_spacing": 5}, 4, (12, 7)),
    ],
)
def test_blocks_are_opened_nested_scaled_mirrored_turned_and_arrayed(
    draw, reference, count, size_mm
):
    drawing = draw(lambda s, d: _block(s, d, **reference))
    assert len(drawing.paths) == count
    assert _size(drawing) == pytest.approx(size_mm, abs=0.05)


def test_a_block_gives_its_layer_and_colour_to_what_names_none(draw):
    drawing = draw(_block)
    assert {(path.layer, path.colour) for path in drawing.paths} == {("DECOUPE", 3)}


def test_hidden_layers_texts_and_dimensions_are_left_out_and_counted(draw):
    def make(space, document):
        document.layers.add("OFF").off()
        document.layers.add("COLD").freeze()
        space.add_line((0, 0), (50, 0))
        space.add_line((0, 0), (900, 0), dxfattribs={"layer": "OFF"})
        space.add_line((0, 0), (900, 0), dxfattribs={"layer": "COLD"})
        space.add_attdef("NAME", (9, 9), "hello")
        space.add_point((1, 1))
        space.add_line((3, 3), (3, 3))
        space.add_xline((0, 0), (1, 0))

    drawing = draw(make)
    assert _size(drawing) == (50, 0)
    assert drawing.left_out == {
        LeftOut.HIDDEN_LAYER: 2,
        LeftOut.TEXT: 1,
        LeftOut.POINT: 1,
        LeftOut.NO_LENGTH: 1,
        LeftOut.ENDLESS: 1,
    }


def test_what_lies_in_space_is_laid_flat_and_counted(draw):
    drawing = draw(lambda s, _: s.add_line((0, 0, 5), (30, 40, 9)))
    assert _length(drawing) == pytest.approx(50)
    assert drawing.seen == {Seen.LAID_FLAT: 1}


@pytest.mark.parametrize("version", ["R12", "R2000", "R2004", "R2007", "R2010", "R2013", "R2018"])
@pytest.mark.parametrize("fmt", ["asc", "bin"])
def test_every_version_is_read_as_text_and_as_binary(draw, version, fmt):
    drawing = draw(lambda s, _: s.add_circle((50, 50), 20), version=version, fmt=fmt)
    assert _size(drawing) == (40, 40)
    if version != "R12":  # R12 knows no units
        assert drawing.units.declared is Unit.MM


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "drawing.empty"),
        (b"\0" * 4000, "drawing.empty"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\x01" * 400, "drawing.not-a-dxf"),
        (b"%PDF-1.7\n", "drawing.not-a-dxf"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "drawing.not-a-dxf"),
        (b"  0\nSECTION\n  2\nENTITIES\nthis is\nnonsense\n", "drawing.broken"),
    ],
)
def test_a_file_that_is_no_drawing_is_named(tmp_path, content, code):
    path = tmp_path / "picture.dxf"
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError) as unreadable:
        read_drawing(path)
    assert unreadable.value.code == code


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (DrawingLimits(max_bytes=100), "drawing.too-large"),
        (DrawingLimits(max_entities=5), "drawing.too-many-entities"),
        (DrawingLimits(max_points=5), "drawing.too-many-points"),
    ],
)
def test_a_drawing_over_its_limits_is_refused(draw, limits, code):
    def make(space, _):
        for x in range(10):
            space.add_line((x, 0), (x, 50))

    with pytest.raises(LimitExceededError) as over:
        draw(make, limits=limits)
    assert over.value.code == code


def test_a_block_that_holds_itself_a_million_times_is_refused_in_time(draw):
    def make(space, document):
        for level in range(12):
            block = document.blocks.new(f"L{level}")
            for _ in range(10):
                if level:
                    block.add_blockref(f"L{level - 1}", (0, 0))
                else:
                    block.add_line((0, 0), (1, 1))
        space.add_blockref("L11", (0, 0))

    with pytest.raises(LimitExceededError):
        draw(make)


@pytest.mark.parametrize(
    ("largest", "declared", "is_metric", "unit", "source", "is_doubtful"),
    [
        (200, Unit.MM, True, Unit.MM, UnitSource.FILE, False),
        (8, Unit.INCH, False, Unit.INCH, UnitSource.FILE, False),
        (48, Unit.INCH, None, Unit.INCH, UnitSource.FILE, False),
        (48.1, Unit.INCH, None, Unit.MM, UnitSource.SIZE, True),
        (300, Unit.M, None, Unit.MM, UnitSource.SIZE, True),
        (20, Unit.CM, None, Unit.CM, UnitSource.FILE, False),
        (300, None, None, Unit.MM, UnitSource.SIZE, False),
        (25, None, None, Unit.MM, UnitSource.SIZE, False),
        (24.9, None, None, Unit.INCH, UnitSource.SIZE, True),
        (24.9, None, True, Unit.MM, UnitSource.SIZE, True),
    ],
)
def test_the_unit_is_the_files_own_unless_its_size_says_otherwise(
    largest, declared, is_metric, unit, source, is_doubtful
):
    facts = unit_facts(Sizes(largest), declared, None, is_metric=is_metric)
    assert (facts.unit, facts.source, facts.is_doubtful) == (unit, source, is_doubtful)
    answered = unit_facts(Sizes(largest), declared, Unit.CM, is_metric=is_metric)
    assert (answered.unit, answered.is_doubtful) == (Unit.CM, False), "a person's answer wins"


def test_a_file_without_a_header_is_not_taken_for_metres(tmp_path):
    path = tmp_path / "bare.dxf"
    lines = ["0", "SECTION", "2", "ENTITIES", "0", "LINE", "8", "0", "10", "0", "20", "0", "11",
             "120", "21", "0", "0", "ENDSEC", "0", "EOF", ""]  # fmt: skip
    path.write_text("\n".join(lines))
    drawing = read_drawing(path)
    assert drawing.units.declared is None
    assert _size(drawing) == (120, 0)


@settings(max_examples=25, deadline=None)
@given(
    dx=st.floats(-1000, 1000), dy=st.floats(-1000, 1000), unit=st.sampled_from([Unit.MM, Unit.INCH])
)
def test_moving_a_drawing_moves_its_box_and_nothing_else(tmp_path_factory, dx, dy, unit):
    document = ezdxf.new(units=4)
    document.modelspace().add_lwpolyline(
        [(dx, dy, 0.4), (dx + 30, dy, 0), (dx, dy + 9, 0)], format="xyb"
    )
    path = tmp_path_factory.mktemp("dxf") / "moved.dxf"
    document.saveas(path)
    drawing = read_drawing(path, unit=unit)
    low = drawing.bounds_mm.min_mm
    still = read_drawing(_saved_at_origin(path.parent), unit=unit)
    assert _length(drawing) == pytest.approx(_length(still), rel=1e-6)
    assert low[0] - still.bounds_mm.min_mm[0] == pytest.approx(dx * unit.mm, abs=1e-4)


def _saved_at_origin(folder: Path) -> Path:
    document = ezdxf.new(units=4)
    document.modelspace().add_lwpolyline([(0, 0, 0.4), (30, 0, 0), (0, 9, 0)], format="xyb")
    document.saveas(folder / "still.dxf")
    return folder / "still.dxf"


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_drawing_or_a_named_error(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("dxf") / "any.dxf"
    for body in (content, b"  0\nSECTION\n  2\nENTITIES\n" + content):
        path.write_bytes(body)
        try:
            read_drawing(path)
        except FileError as error:
            assert error.code.startswith("drawing.")


def test_a_path_is_what_the_reader_gives(draw):
    (path,) = draw(
        lambda s, _: s.add_line((0, 0), (60, 0), dxfattribs={"layer": "CUT", "color": 1})
    ).paths
    assert isinstance(path, DrawnPath)
    assert (path.layer, path.colour, path.linetype) == ("CUT", 1, "CONTINUOUS")
    assert path.handle
