"""Pictures of parts: what is shown, where, and that it is small and holds nothing but shapes."""

import math
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fablab_hub.core.geometry import Box
from fablab_hub.core.machines import (
    Label,
    LaserLimits,
    Machine,
    MachineKind,
    PrinterLimits,
    Zero,
)
from fablab_hub.gcode.reading import read_lines
from jobs.checks.gcode import check_program
from jobs.geometry.drawing import DrawingLimits
from jobs.geometry.path import bounds_of
from jobs.geometry.reading import read_drawing
from jobs.picture import PENS, draw_picture, strokes_of
from jobs.picture_trace import Stroke, Trait, trace_program
from jobs.report import Finding, Severity, Where
from jobs.toolpath.operations import assign

DEMO = Path(__file__).parents[2] / "fablab_hub" / "cli" / "demo_files"
LASER = Machine(
    id="laser",
    name=Label(fr="Laser", en="Laser"),
    kind=MachineKind.LASER,
    driver="grbl",
    dialect="grbl",
    port="/dev/laser",
    bed_mm=(600.0, 400.0, 0.0),
    laser=LaserLimits(tube_w=60.0),
)
PRINTER = Machine(
    id="printer",
    name=Label(fr="Imprimante", en="Printer"),
    kind=MachineKind.PRINTER,
    driver="marlin",
    dialect="marlin",
    port="/dev/printer",
    bed_mm=(250.0, 210.0, 210.0),
    printer=PrinterLimits(max_nozzle_c=280.0, max_bed_c=120.0),
)
SVG = "{http://www.w3.org/2000/svg}"
ALLOWED = {"svg", "rect", "path", "circle", "text", "g", "use"}
BIG = Stroke("cut", ((50.0, 50.0), (550.0, 50.0), (550.0, 350.0), (50.0, 50.0)))


def finding(*spots, line=None):
    where = [Where(at_mm=spot) for spot in spots] or [Where(line=line)]
    return Finding(rule="drawing.any", severity=Severity.ASK, where=tuple(where))


def rings(picture):
    root = ET.fromstring(picture)
    places = [(float(c.get("cx")), float(c.get("cy"))) for c in root.iter(f"{SVG}circle")]
    numbers = [t.text for t in root.iter(f"{SVG}text") if t.text.isdigit()]
    return list(zip(numbers, places, strict=True))


def paths(picture, colour):
    root = ET.fromstring(picture)
    return [p.get("d") for p in root.iter(f"{SVG}path") if p.get("stroke") == colour]


def places(data):
    numbers = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", data)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def box_of(strokes):
    xs, ys = zip(*(point for stroke in strokes for point in stroke.points_mm), strict=True)
    return (min(xs), min(ys), max(xs), max(ys))


def assert_harmless(picture):
    root = ET.fromstring(picture)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= ALLOWED
    for element in root.iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert name != "style"
            assert "url(" not in value
            assert "href" not in name or value.startswith("#part-")
    assert root.get("role") == "img"
    assert root.get("width") is None
    assert "nan" not in picture
    assert "inf" not in picture


def work_of(lines, machine):
    strokes = trace_program(lines, machine).strokes
    return tuple(stroke for stroke in strokes if stroke.kind != "travel")


def laser_strokes(text):
    return work_of(text.encode().splitlines(), LASER)


def test_the_bed_is_drawn_with_a_stroke_upside_down_for_the_page():
    picture = draw_picture(LASER, [BIG], [])
    assert_harmless(picture)
    assert 'width="600" height="400"' in picture
    assert places(paths(picture, "#1D2433")[0]) == [(50, 350), (550, 350), (550, 50), (50, 350)]
    assert ">10 cm</text>" in picture


def test_a_picture_without_strokes_is_an_empty_bed():
    picture = draw_picture(LASER, [], [finding(line=4)])
    assert_harmless(picture)
    assert rings(picture) == []


@pytest.mark.parametrize(
    "side_by_side",
    [
        ("cut", "score", "engrave", "travel"),
        ("strong", "medium", "weak", "travel"),
        ("first-layer", "print", "travel"),
    ],
)
def test_what_can_be_on_one_picture_differs_in_more_than_colour(side_by_side):
    looks = set()
    for kind in side_by_side:
        picture = draw_picture(LASER, [replace(BIG, kind=kind)], [])
        (drawn,) = [p for p in ET.fromstring(picture).iter(f"{SVG}path") if p.get("data-kind")]
        assert drawn.get("data-kind") == kind
        looks.add((drawn.get("stroke-width"), drawn.get("stroke-dasharray")))
    assert len(looks) == len(side_by_side)


def test_the_stronger_the_beam_the_darker_the_area_that_its_lines_fill():
    def light(kind):
        red, green, blue = (int(PENS[kind].colour[at : at + 2], 16) for at in (1, 3, 5))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    assert light("weak") - light("medium") > 40
    assert light("medium") - light("strong") > 40


def test_rings_have_the_number_of_their_finding_and_y_points_up():
    findings = [finding((100.0, 50.0)), finding(line=7), finding((300.0, 390.0), (10.0, 200.0))]
    shown = rings(draw_picture(LASER, [BIG], findings))
    assert shown == [("1", (100, 350)), ("3", (300, 10)), ("3", (10, 200))]


@pytest.mark.parametrize("spot", [(300.0, 200.0), (0.0, 0.0), (600.0, 400.0)])
def test_rings_at_one_place_have_their_numbers_apart(spot):
    picture = draw_picture(LASER, [BIG], [finding(spot), finding(spot)])
    texts = [t for t in ET.fromstring(picture).iter(f"{SVG}text") if t.text.isdigit()]
    assert len({(t.get("x"), t.get("y")) for t in texts}) == 2


def test_a_ring_off_the_view_is_moved_to_its_edge():
    shown = rings(draw_picture(LASER, [BIG], [finding((5000.0, -5000.0))]))
    assert shown == [("1", (600, 400))]


def test_few_rings_are_drawn_for_a_finding_with_many_spots():
    spots = [(x * 50.0, 100.0) for x in range(1, 11)]
    assert len(rings(draw_picture(LASER, [BIG], [finding(*spots)]))) == 3


def test_many_findings_at_one_place_can_all_be_read():
    picture = draw_picture(LASER, [BIG], [finding((0.0, 0.0)) for _ in range(12)])
    texts = [t for t in ET.fromstring(picture).iter(f"{SVG}text") if t.text.isdigit()]
    at = [(float(t.get("x")), float(t.get("y"))) for t in texts]
    apart = min(math.dist(a, b) / float(texts[0].get("font-size")) for a, b in pairwise(at))
    assert len(texts) == 12
    assert apart > 1
    assert all(0 < x < 600 and 0 < y < 400 for x, y in at)


def test_a_finding_that_names_a_line_is_marked_where_the_machine_is_then():
    shown = rings(draw_picture(LASER, [BIG], [finding(line=7)], {7: (100.0, 50.0)}))
    assert shown == [("1", (100, 350))]


def test_the_room_of_all_work_is_framed_when_only_its_beginning_is_drawn():
    whole = Box((10.0, 20.0, 0.0), (500.0, 300.0, 0.0))
    picture = draw_picture(LASER, [BIG], [], whole_mm=whole)
    (frame,) = [
        p for p in ET.fromstring(picture).iter(f"{SVG}path") if p.get("data-kind") == "whole"
    ]
    assert frame.get("stroke-dasharray")
    assert places(frame.get("d"))[:3] == [(10, 380), (500, 380), (500, 100)]


def test_travels_stay_out_of_the_inset():
    small = Stroke("cut", ((5.0, 5.0), (35.0, 5.0), (35.0, 45.0), (5.0, 5.0)))
    far = Stroke("travel", ((5.0, 5.0), (590.0, 390.0)))
    root = ET.fromstring(draw_picture(LASER, [small, far], []))
    (use,) = root.iter(f"{SVG}use")
    assert use.get("href").endswith("-cut")


def test_a_small_part_is_shown_again_larger_and_its_rings_with_it():
    small = Stroke("cut", ((5.0, 5.0), (35.0, 5.0), (35.0, 45.0), (5.0, 5.0)))
    picture = draw_picture(LASER, [small], [finding((35.0, 5.0))])
    assert_harmless(picture)
    use = next(ET.fromstring(picture).iter(f"{SVG}use"))
    x, y, zoom = map(float, re.findall(r"-?[\d.]+", use.get("transform")))
    assert zoom > 3
    expected = (35 * zoom + x, 395 * zoom + y)
    assert rings(picture)[0][1] == pytest.approx(expected, abs=0.05)
    corners = [(px * zoom + x, (400 - py) * zoom + y) for px, py in small.points_mm]
    assert all(35 < px < 600 and 0 < py < 400 for px, py in corners)


def test_a_large_part_has_no_inset():
    assert "<use" not in draw_picture(LASER, [BIG], [])


def test_what_lies_off_the_bed_is_shown_and_what_lies_far_off_is_cut_away():
    far = Stroke("cut", ((100.0, 100.0), (700.0, 100.0), (50_000.0, 100.0)))
    picture = draw_picture(LASER, [far], [])
    _, _, width, height = map(float, ET.fromstring(picture).get("viewBox").split())
    assert 900 < width < 930
    assert 400 < height < 470  # the bed, and the strip of the scale bar
    assert max(x for x, _ in places(paths(picture, "#1D2433")[0])) == 900


def test_a_line_across_the_whole_view_is_still_drawn():
    across = Stroke("cut", ((-9000.0, 200.0), (9000.0, 200.0)))
    assert places(paths(draw_picture(LASER, [across], []), "#1D2433")[0]) == [
        (-300, 200),
        (900, 200),
    ]


@pytest.mark.parametrize("each", [2, 50, 150_000])
def test_far_more_points_than_an_eye_sees_make_a_small_picture(each):
    def point(index):
        return (300 + 290 * math.sin(index * 1.7), 200 + 190 * math.cos(index * 2.3))

    strokes = [
        Stroke("cut", tuple(point(index) for index in range(start, start + each)))
        for start in range(0, 150_000, each)
    ]
    picture = draw_picture(LASER, strokes, [])
    assert 100_000 < len(picture) < 600_000
    ET.fromstring(picture)


def test_thinning_stays_within_what_an_eye_sees():
    circle = tuple(
        (300 + 150 * math.cos(i / 5000 * math.tau), 200 + 150 * math.sin(i / 5000 * math.tau))
        for i in range(5001)
    )
    shown = places(paths(draw_picture(LASER, [Stroke("cut", circle)], []), "#1D2433")[0])
    assert len(shown) < 200
    middles = [
        math.dist(((a[0] + b[0]) / 2, (a[1] + b[1]) / 2), (300, 200)) for a, b in pairwise(shown)
    ]
    assert all(149.5 < radius <= 150.01 for radius in middles)


@pytest.mark.parametrize("name", ["boite-a-the", "lampe-papillon", "porte-cles-phare"])
def test_strokes_of_a_drawing_have_its_bounds(name):
    assigned = assign(read_drawing(DEMO / f"{name}.dxf", DrawingLimits(), None))
    strokes = strokes_of(assigned.operations)
    bounds = bounds_of(operation.path for operation in assigned.operations)
    assert box_of(strokes) == pytest.approx((*bounds.min_mm[:2], *bounds.max_mm[:2]), abs=0.06)
    picture = draw_picture(LASER, strokes, [])
    assert_harmless(picture)
    assert len(picture) < 20_000


@pytest.mark.parametrize("name", ["cale", "jeton", "pot"])
def test_strokes_of_a_print_have_the_bounds_that_its_check_measured(name):
    written = bytearray()
    with (DEMO / f"{name}.gcode").open("rb") as stream:
        checked = check_program(read_lines(stream), PRINTER, None, written.extend)
    strokes = work_of(bytes(written).splitlines(), PRINTER)
    bounds = checked.facts.bounds_mm
    assert {stroke.kind for stroke in strokes} == {"first-layer", "print"}
    assert box_of(strokes) == pytest.approx((*bounds.min_mm[:2], *bounds.max_mm[:2]))
    assert_harmless(draw_picture(PRINTER, strokes, []))


def test_strokes_of_a_laser_program_have_the_bounds_that_its_check_measured():
    source = b"G21\nG90\nM4 S0\nG0 X10 Y10\nG1 X60 S500 F900\nG3 X60 Y40 I0 J15\nG1 X10\nM5\n"
    written = bytearray()
    checked = check_program(source.splitlines(), LASER, None, written.extend)
    strokes = work_of(bytes(written).splitlines(), LASER)
    bounds = checked.facts.bounds_mm
    assert box_of(strokes) == pytest.approx((*bounds.min_mm[:2], *bounds.max_mm[:2]))
    assert box_of(strokes) == pytest.approx((10, 10, 75, 40))


def test_compact_modal_and_relative_lines_are_followed():
    strokes = laser_strokes("G90\nM4S0\nG0X10Y10\nG1X20S300F600\nY20\nG91\nX-5\nG0X1\nG1Y5")
    assert [stroke.points_mm for stroke in strokes] == [
        ((10, 10), (20, 10), (20, 20), (15, 20)),
        ((16, 20), (16, 25)),
    ]


def test_nothing_is_drawn_while_the_beam_is_off():
    assert laser_strokes("M5 S0\nG1 X10 S500 F600") == ()
    assert laser_strokes("M4 S0\nG1 X10 F600") == ()
    assert laser_strokes("M4 S500\nG0 X10") == ()


def test_travels_are_kept_apart_from_work():
    lines = b"M4 S0\nG0 X10\nG1 X20 S300 F600\nG1 X30 S0\nG0 Y9".splitlines()
    assert [(each.kind, each.points_mm) for each in trace_program(lines, LASER).strokes] == [
        ("travel", ((0, 0), (10, 0))),
        ("weak", ((10, 0), (20, 0))),
        ("travel", ((20, 0), (30, 0), (30, 9))),
    ]


@pytest.mark.parametrize(
    ("power_s", "kind"),
    [
        (1, "weak"),
        (333, "weak"),
        (334, "medium"),
        (666, "medium"),
        (667, "strong"),
        (4095, "strong"),
    ],
)
def test_strokes_say_how_strong_the_beam_is(power_s, kind):
    (stroke,) = laser_strokes(f"M4 S{power_s}\nG1 X20 F600")
    assert stroke.kind == kind


def test_the_pixels_of_a_photo_make_a_few_strokes_that_say_their_strongest():
    pixels = "".join(f"G1 X{x / 10} S{900 if x % 2 else 100}\n" for x in range(1, 1001))
    strokes = laser_strokes("M4 F600\n" + pixels)
    assert len(strokes) <= 21
    assert {stroke.kind for stroke in strokes} == {"strong"}
    assert strokes[-1].points_mm[-1] == (100, 0)


def test_the_first_layer_is_told_from_those_above():
    text = b"M83\nG1 Z.2\nG1 X9 E1\nG1 Z.4\nG1 X0 E1"
    assert [stroke.kind for stroke in work_of(text.splitlines(), PRINTER)] == [
        "first-layer",
        "print",
    ]


def test_a_full_circle_is_drawn_whole():
    (stroke,) = laser_strokes("M4 S500\nG0 X100 Y100\nG2 X100 Y100 I-20 J0 F600")
    assert box_of([stroke]) == pytest.approx((60, 80, 100, 120))


def test_an_arc_with_a_radius_is_drawn_round():
    (stroke,) = laser_strokes("M4 S500\nG0 X0 Y10\nG2 X20 Y10 R10 F600")
    assert box_of([stroke]) == pytest.approx((0, 10, 20, 20))


def test_renamed_positions_and_both_ways_of_feeding_are_followed():
    text = b"M82\nG1 X10 Y10\nG92 E0\nG1 X20 E1\nG1 X30 E1\nM83\nG1 Y20 E.5\nG1 Y30 E-1\nM117 G1 X9"
    strokes = work_of(text.splitlines(), PRINTER)
    assert [stroke.points_mm for stroke in strokes] == [
        ((10, 10), (20, 10)),
        ((30, 10), (30, 20)),
    ]


def test_reading_stops_when_there_is_enough_for_a_picture():
    taken = 0

    def endless():
        nonlocal taken
        yield from (b"G91", b"M4 S500")
        while True:
            taken += 1
            yield b"G1X.1Y.1" if taken % 2 else b"G1X-.1Y-.1"

    trace = trace_program(endless(), LASER)
    assert taken == 60_000
    assert not trace.is_whole
    assert sum(len(stroke.points_mm) for stroke in trace.strokes) == 60_001


NUMBERS = st.floats(allow_nan=True, allow_infinity=True) | st.floats(-100, 900)
STROKES = st.lists(
    st.builds(
        Stroke,
        st.sampled_from(["cut", "score", "engrave", "print"]),
        st.lists(st.tuples(NUMBERS, NUMBERS), max_size=12).map(tuple),
    ),
    max_size=8,
)


@settings(max_examples=150, deadline=None)
@given(strokes=STROKES, spots=st.lists(st.tuples(NUMBERS, NUMBERS), max_size=6))
@example(strokes=[Stroke("cut", ((1.8e-189, 0.0), (0.0, 0.0), (0.0, 0.0)))], spots=[])
def test_any_strokes_make_a_picture_that_is_well_formed_and_harmless(strokes, spots):
    picture = draw_picture(LASER, strokes, [finding(spot) for spot in spots])
    assert_harmless(picture)
    _, _, width, height = map(float, ET.fromstring(picture).get("viewBox").split())
    assert width <= 1200 * 1.07
    assert height <= 800 * 1.2


@settings(max_examples=200, deadline=None)
@given(lines=st.lists(st.text("GMXYZEIJRS0123.-9 *;(", max_size=16), max_size=12))
def test_any_lines_can_be_followed(lines):
    for machine in (LASER, PRINTER):
        trace = trace_program([line.encode() for line in lines], machine)
        assert trace.is_whole
        assert all(len(stroke.points_mm) > 1 for stroke in trace.strokes)


def test_a_machine_that_counts_from_the_middle_has_its_part_in_the_middle():
    corner = replace(LASER, zero=Zero.CORNER)
    middle = replace(LASER, zero=Zero.MIDDLE)
    width, depth = LASER.bed_mm[:2]
    stroke = ((0.0, 0.0), (50.0, 30.0))
    shifted = tuple((x + width / 2, y + depth / 2) for x, y in stroke)
    in_the_middle = draw_picture(middle, [Stroke(Trait.CUT, stroke)], [])
    assert in_the_middle == draw_picture(corner, [Stroke(Trait.CUT, shifted)], [])
