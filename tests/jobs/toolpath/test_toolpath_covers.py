"""What the program burns is what was drawn: all of it, once, and nothing else."""

import dataclasses
import math
import random
import re

import ezdxf
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from fablab_hub.core.geometry import Point
from jobs.geometry.drawing import Drawing, Unit, UnitFacts, UnitSource
from jobs.geometry.path import Arc, Line, Path, part_of, points_of
from jobs.geometry.reading import read_drawing
from jobs.repairs.acts import draw_once
from jobs.repairs.repair import Bench
from jobs.toolpath.laser import make_program
from jobs.toolpath.operations import assign
from jobs.toolpath.placing import Placing, place
from jobs.toolpath.plan import plan
from tests.jobs.toolpath.conftest import circle, line, square

UNITS = UnitFacts(unit=Unit.MM, source=UnitSource.FILE, declared=Unit.MM)
SHEET = (0.0, 0.0, 600.0, 400.0)
_WORD = re.compile(r"([GXYIJSF])(-?[\d.]+)")

SHAPES = st.lists(
    st.tuples(
        st.sampled_from(["square", "circle", "line", "arc"]),
        st.integers(0, 10), st.integers(0, 10), st.integers(1, 5),
    ),
    min_size=1,
    max_size=7,
    unique=True,
)  # fmt: skip


def _paths(shapes) -> list[Path]:
    made = []
    for name, column, row, steps in shapes:
        x, y, size = column * 11.0, row * 13.0, steps * 3.0
        if name == "square":
            made.append(square(x, y, size))
        elif name == "circle":
            made.append(circle(x, y, size))
        elif name == "line":
            made.append(line((x, y), (x + size, y + size / 2)))
        else:
            arc = Arc((x + size, y), (x, y + size), (x, y), False)
            made.append(Path(segments=(arc,), layer="0"))
    return made


def _program(paths, laser, plywood, sheet=SHEET, wish=Placing()):  # noqa: B008 - frozen
    drawing = Drawing(paths=tuple(paths), units=UNITS)
    placed = place(assign(drawing), sheet, wish)
    steps = plan(placed.assigned, plywood)
    return placed.assigned, list(make_program(steps, laser, plywood))


def burnt(program) -> list[shapely.LineString]:
    """Follow a program as GRBL would, and give every lit move."""
    at, motion, power = (0.0, 0.0), 0, 0.0
    lit = []
    for row in program:
        words = {letter: float(value) for letter, value in _WORD.findall(row.decode())}
        if words.get("G") in (0, 1, 2, 3):
            motion = int(words["G"])
        power = words.get("S", power)
        if "X" not in words and "Y" not in words:
            continue
        to = (words.get("X", at[0]), words.get("Y", at[1]))
        if motion and power:
            lit.append(shapely.LineString(_curve(at, to, motion, words)))
        at = to
    return lit


def _curve(at: Point, to: Point, motion: int, words) -> list[Point]:
    if motion == 1:
        return [at, to]
    centre = (at[0] + words["I"], at[1] + words["J"])
    arc = Arc(at, to, centre, motion == 2)
    return points_of(Path(segments=(arc,), layer=""), 0.002)


def _edges(paths):
    return shapely.unary_union([shapely.LineString(points_of(path, 0.002)) for path in paths])


@given(SHAPES)
def test_every_line_is_burnt_and_nothing_else(laser, plywood, shapes):
    assigned, program = _program(_paths(shapes), laser, plywood)
    drawn = _edges([operation.path for operation in assigned.operations])
    done = shapely.unary_union(burnt(program))
    assert drawn.difference(done.buffer(0.06)).length < 0.01
    assert done.difference(drawn.buffer(0.06)).length < 0.01


@given(SHAPES)
def test_as_much_is_burnt_as_was_drawn(laser, plywood, shapes):
    paths = _paths(shapes)
    _, program = _program(paths, laser, plywood)
    total = sum(move.length for move in burnt(program))
    assert total == pytest.approx(sum(path.length_mm for path in paths), rel=0.005, abs=0.05)


@given(SHAPES, st.sampled_from([0, 90, 180, 270]), st.booleans())
def test_turning_or_mirroring_a_drawing_changes_no_length(
    laser, plywood, shapes, angle_deg, is_mirrored
):
    paths = _paths(shapes)
    other = [path.turned(float(angle_deg)) for path in paths]
    if is_mirrored:
        other = [_mirrored(path) for path in other]
    lengths = [
        sum(move.length for move in burnt(_program(each, laser, plywood)[1]))
        for each in (paths, other)
    ]
    assert lengths[0] == pytest.approx(lengths[1], rel=0.002, abs=0.05)


def _mirrored(path: Path) -> Path:
    def flip(at: Point) -> Point:
        return (-at[0], at[1])

    return Path(
        segments=tuple(
            Line(flip(each.start_mm), flip(each.end_mm))
            if isinstance(each, Line)
            else Arc(flip(each.start_mm), flip(each.end_mm), flip(each.centre_mm),
                     not each.is_clockwise)
            for each in path.segments
        ),
        layer=path.layer,
    )  # fmt: skip


@given(SHAPES, st.integers(0, 999))
def test_a_drawing_cut_to_pieces_in_any_order_is_the_same_work(laser, plywood, shapes, seed):
    paths = _paths(shapes)
    chance = random.Random(seed)
    pieces = []
    for path in paths:
        for segment in path.segments:
            at = chance.uniform(0.3, 0.7)
            for half in (part_of(segment, 0, at), part_of(segment, at, 1)):
                whole = Path(segments=(half,), layer="0")
                pieces.append(whole.reversed() if chance.random() < 0.5 else whole)
    chance.shuffle(pieces)
    whole, parts = (
        shapely.unary_union(burnt(_program(each, laser, plywood)[1])) for each in (paths, pieces)
    )
    assert whole.difference(parts.buffer(0.08)).length < 0.05
    assert parts.difference(whole.buffer(0.08)).length < 0.05


@given(SHAPES)
def test_lines_drawn_twice_are_burnt_once_after_the_repair(laser, plywood, shapes):
    paths = _paths(shapes)
    drawing = Drawing(paths=(*paths, *(path.reversed() for path in paths)), units=UNITS)
    operations = draw_once(assign(drawing).operations, Bench()).operations
    once = draw_once(assign(Drawing(paths=tuple(paths), units=UNITS)).operations, Bench())
    assert sum(each.length_mm for each in operations) == pytest.approx(
        sum(each.length_mm for each in once.operations), abs=0.1
    )


@pytest.mark.parametrize("turn_deg", [0, 30, 90])
@pytest.mark.parametrize("scale", [1, -1, 2])
def test_a_block_is_the_same_as_its_parts(laser, plywood, tmp_path, turn_deg, scale):
    """Opening a block by hand (“explode”) changes nothing that is made."""
    lengths = []
    for explodes in (False, True):
        document = ezdxf.new(units=4)
        block = document.blocks.new("PART")
        block.add_lwpolyline([(0, 0), (30, 0), (30, 20, 0.0, 0.0, 0.5), (0, 20)], close=True)
        block.add_circle((15, 10), 4)
        block.add_ellipse((8, 8), (3, 0), 0.5)
        insert = document.modelspace().add_blockref(
            "PART", (50, 50), dxfattribs={"xscale": scale, "yscale": abs(scale),
                                          "rotation": turn_deg},
        )  # fmt: skip
        if explodes:
            insert.explode()
        path = tmp_path / f"{explodes}.dxf"
        document.saveas(path)
        drawing = read_drawing(path)
        _, program = _program(drawing.paths, laser, plywood)
        lengths.append(sum(move.length for move in burnt(program)))
    assert lengths[0] == pytest.approx(lengths[1], rel=1e-3)
    assert lengths[0] > 100 * abs(scale)


def test_marks_are_made_before_anything_is_cut(laser, plywood):
    paths = [square(0, 0, 50), line((5, 5), (20, 5), layer="gravure"), circle(25, 25, 4)]
    _, program = _program(paths, laser, plywood)
    powers = [
        float(found[1]) for row in program if (found := re.search(r"S([\d.]+)", row.decode()))
    ]
    lit = [power for power in powers if power]
    assert lit == sorted(lit), "engraving is weaker than cutting here"


def test_the_program_of_a_machine_without_arcs_has_none(laser, plywood):
    plain = dataclasses.replace(laser, laser=dataclasses.replace(laser.laser, arcs=False))
    _, program = _program([circle(50, 50, 20)], plain, plywood)
    assert not any(b"I" in row for row in program)
    drawn = shapely.unary_union(burnt(program))
    assert drawn.length == pytest.approx(40 * math.pi, rel=1e-3)
