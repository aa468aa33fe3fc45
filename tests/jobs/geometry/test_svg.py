"""Reading SVG: what Inkscape, Illustrator and boxes' generators write, and what nobody should."""

import base64
import io
import math

import numpy as np
import pytest
import resvg_py
from PIL import Image

from fablab_hub.core.errors import LimitExceededError, UnreadableFileError
from jobs.geometry.drawing import DrawingLimits, LeftOut, Seen, Unit, UnitSource
from jobs.geometry.path import Arc, Drawn
from jobs.geometry.reading import read_drawing

SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
PAGE = f'<svg {SVG} width="100mm" height="50mm" viewBox="0 0 100 50">'
RED = 'fill="none" stroke="red"'


@pytest.fixture
def draw(tmp_path):
    """Read an SVG that is written as text; its page is 100 by 50 mm unless it has its own."""

    def draw(body, page=PAGE, head="", **options):
        path = tmp_path / "drawing.svg"
        path.write_text(f"{head}{page}{body}</svg>", encoding="utf-8")
        return read_drawing(path, **options)

    return draw


def _size(drawing):
    return tuple(round(side, 2) for side in drawing.bounds_mm.size_mm[:2])


def _length(drawing):
    return sum(path.length_mm for path in drawing.paths)


SHAPES = [
    ("line", f'<line x1="0" y1="0" x2="30" y2="40" {RED}/>', 50, (30, 40)),
    ("rectangle", f'<rect x="5" y="5" width="20" height="10" {RED}/>', 60, (20, 10)),
    ("circle", f'<circle cx="20" cy="20" r="10" {RED}/>', 20 * math.pi, (20, 20)),
    ("ellipse", f'<ellipse cx="20" cy="20" rx="10" ry="5" {RED}/>', 48.442, (20, 10)),
    ("polygon", f'<polygon points="0,0 10,0 10,5 0,5" {RED}/>', 30, (10, 5)),
    ("polyline", f'<polyline points="0 0 10 0 10 5" {RED}/>', 15, (10, 5)),
    ("relative path", f'<path d="m1 1h10v5h-10z" {RED}/>', 30, (10, 5)),
    ("arc of a path", f'<path d="M0 10A10 10 0 0 1 20 10" {RED}/>', 10 * math.pi, (20, 10)),
    ("curve", f'<path d="M0 0C0 10 20 10 20 0" {RED}/>', 27.87, (20, 7.5)),
    ("smooth curve", f'<path d="M0 0Q5 10 10 0T20 0" {RED}/>', 29.58, (20, 9.98)),
    ("turned", f'<rect width="20" height="10" {RED} transform="rotate(90)"/>', 60, (10, 20)),
    ("matrix", f'<rect width="20" height="10" {RED} transform="matrix(2 0 0 1 3 4)"/>', 100,
     (40, 10)),
    ("group in a group", f'<g transform="scale(2)"><g transform="translate(5,5)">'
     f'<rect width="10" height="5" {RED}/></g></g>', 60, (20, 10)),
    ("used twice", f'<defs><rect id="r" width="10" height="5" {RED}/></defs>'
     '<use href="#r"/><use xlink:href="#r" x="20"/>', 60, (30, 5)),
    ("symbol", f'<symbol id="s" viewBox="0 0 2 1"><rect width="2" height="1" {RED}/></symbol>'
     '<use href="#s" width="20" height="10"/>', 60, (20, 10)),
    ("page in a page", f'<svg x="5" y="5" width="20" height="20" viewBox="0 0 10 10">'
     f'<rect width="10" height="5" {RED}/></svg>', 60, (20, 10)),
    ("own units", f'<rect width="1cm" height="0.5cm" {RED}/>', 113.39, (37.8, 18.9)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "body", "length", "size"), SHAPES, ids=[s[0] for s in SHAPES])
def test_every_shape_has_its_length_and_its_size(draw, name, body, length, size):
    drawing = draw(body)
    assert _length(drawing) == pytest.approx(length, rel=2e-3)
    assert _size(drawing) == pytest.approx(size, abs=0.06)
    assert drawing.units.source is UnitSource.FILE


def test_circles_stay_arcs_even_turned_and_mirrored(draw):
    drawing = draw(f'<circle cx="9" cy="9" r="4" {RED} transform="rotate(30) scale(-2 2)"/>')
    (path,) = drawing.paths
    assert all(isinstance(segment, Arc) for segment in path.segments)
    assert {round(segment.radius_mm, 4) for segment in path.segments} == {8}


def test_up_is_up(draw):
    drawing = draw(f'<path d="M0 0 L10 0 L10 20" {RED}/>')
    first, second = drawing.paths[0].segments
    assert first.end_mm[0] > first.start_mm[0]
    assert second.end_mm[1] < second.start_mm[1], "down on the screen is down on the bed"


@pytest.mark.parametrize(
    ("page", "unit", "source", "width"),
    [
        (f'<svg {SVG} width="210mm" viewBox="0 0 210 297">', None, UnitSource.FILE, 100),
        (f'<svg {SVG} width="10in" viewBox="0 0 100 100">', None, UnitSource.FILE, 254),
        (f'<svg {SVG} width="200mm" height="1mm" viewBox="0 0 400 2">', None, UnitSource.FILE, 50),
        (f'<svg {SVG}>', Unit.PX_96, UnitSource.SIZE, 100 * 25.4 / 96),
        (f'<svg {SVG} width="500" viewBox="0 0 500 500">', Unit.PX_96, UnitSource.SIZE,
         100 * 25.4 / 96),
        (f'<svg {SVG} width="500" viewBox="0 0 250 250">', Unit.PX_96, UnitSource.SIZE,
         200 * 25.4 / 96),
        (f'<svg {SVG} xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" '
         'inkscape:version="0.48.4" width="500">', Unit.PX_90, UnitSource.WRITER, 100 * 25.4 / 90),
        (f'<svg {SVG} xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" '
         'inkscape:version="1.2" width="500">', Unit.PX_96, UnitSource.WRITER, 100 * 25.4 / 96),
        (f'<svg {SVG} viewBox="9860 0 500 500" width="500mm">', None, UnitSource.FILE, 100),
    ],
)  # fmt: skip
def test_how_large_a_pixel_is_depends_on_the_page_and_on_its_writer(
    draw, page, unit, source, width
):
    drawing = draw(f'<line x2="100" {RED}/>', page)
    assert (drawing.units.unit, drawing.units.source) == (unit, source)
    assert drawing.bounds_mm.size_mm[0] == pytest.approx(width, abs=0.001)


def test_illustrator_has_72_pixels_in_an_inch(draw):
    page = f'<svg {SVG} width="720px" height="720px" viewBox="0 0 720 720">'
    drawing = draw(f'<line x2="720" {RED}/>', page, head="<!-- Generator: Adobe Illustrator -->")
    assert _size(drawing)[0] == 254


def test_a_persons_word_counts_for_units_of_the_drawing(draw):
    page = f'<svg {SVG} width="300" viewBox="0 0 100 50">'
    assert _size(draw(f'<line x2="100" {RED}/>', page, unit=Unit.MM)) == (100, 0)


def test_a_style_is_found_wherever_it_is_written(draw):
    sheet = "<style>.cut{stroke:#f00;fill:none} #a{stroke:blue} g line{stroke:lime}</style>"
    drawing = draw(
        f'{sheet}<rect class="cut" width="9" height="9"/><rect class="cut" id="a" width="8" '
        'height="8"/><g><line x2="5"/></g><rect width="7" height="7" '
        'style="fill:none;stroke:rgb(1,2,3)"/>'
    )
    assert [path.rgb for path in drawing.paths] == [
        (255, 0, 0),
        (0, 0, 255),
        (0, 255, 0),
        (1, 2, 3),
    ]


def test_layers_of_inkscape_and_named_groups_of_others_are_layers(draw):
    page = f'{PAGE[:-1]} xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape">'
    layer = f'<g inkscape:groupmode="layer" inkscape:label="Gravure"><line x2="5" {RED}/></g>'
    assert draw(layer, page).paths[0].layer == "Gravure"
    assert draw(f'<g id="decoupe"><line x2="5" {RED}/></g>').paths[0].layer == "decoupe"
    assert draw(f'<g id="g1234"><line x2="5" {RED}/></g>').paths[0].layer == "0"


def test_what_does_not_show_is_left_out_and_counted(draw):
    drawing = draw(
        f'<line x2="5" {RED}/><g display="none"><line x2="9" {RED}/></g>'
        f'<line x2="9" {RED} visibility="hidden"/><rect width="99" height="9" fill="white"/>'
        f'<line x2="9" {RED} opacity="0"/><rect width="9" height="9" fill="none"/>'
        f'<path d="M3 3" {RED}/>'
    )
    assert _size(drawing) == (5, 0)
    assert drawing.left_out == {
        LeftOut.HIDDEN_LAYER: 3, LeftOut.INVISIBLE: 2, LeftOut.NO_LENGTH: 1,
    }  # fmt: skip


def test_areas_without_a_line_and_texts_say_so(draw):
    drawing = draw('<rect width="9" height="9"/><text x="5" y="30" font-size="10">Brest</text>')
    assert {path.drawn for path in drawing.paths} == {Drawn.FILL, Drawn.TEXT}
    assert drawing.seen == {Seen.TEXT_OUTLINED: 1}
    letters = [path for path in drawing.paths if path.drawn is Drawn.TEXT]
    assert all(path.is_closed for path in letters)


def test_a_text_stands_where_it_is_anchored(draw):
    def middle(anchor):
        text = f'<text x="50" y="30" font-size="10" text-anchor="{anchor}">MMM</text>'
        box = draw(text).bounds_mm
        return (box.min_mm[0] + box.max_mm[0]) / 2

    assert middle("start") > 55
    assert middle("middle") == pytest.approx(50, abs=1)
    assert middle("end") < 45


def test_dashes_clips_and_pictures_are_noticed(draw):
    stream = io.BytesIO()
    Image.new("L", (1, 1)).save(stream, "PNG")
    pixel = base64.b64encode(stream.getvalue()).decode()
    drawing = draw(
        f'<clipPath id="c"><rect width="2" height="2"/></clipPath>'
        f'<line x2="5" {RED} stroke-dasharray="1 1"/><rect clip-path="url(#c)" width="9" '
        f'height="9" {RED}/><image x="10" y="10" width="20" height="10" '
        f'href="data:image/png;base64,{pixel}"/>'
    )
    assert drawing.paths[0].linetype == "DASHED"
    assert drawing.seen == {Seen.CLIPPED: 1}
    (image,) = drawing.images
    assert math.dist(image.corner_mm, image.across_mm) == pytest.approx(20)
    assert math.dist(image.corner_mm, image.down_mm) == pytest.approx(10)


def test_nothing_outside_is_fetched_and_nothing_inside_is_run(draw, tmp_path):
    (tmp_path / "secret.png").write_bytes(b"secret")
    drawing = draw(
        f'<script>alert(1)</script><line x2="5" {RED} onclick="alert(1)"/>'
        '<image width="9" height="9" href="secret.png"/>'
        '<image width="9" height="9" href="https://example.org/a.png"/><use href="other.svg#a"/>'
        "<style>@import url(https://example.org/a.css);</style>"
    )
    assert drawing.seen == {Seen.ACTIVE: 2, Seen.OUTSIDE: 4}
    assert drawing.left_out == {LeftOut.IMAGE: 2}


def test_the_plain_entities_of_illustrator_are_read(draw):
    head = '<!DOCTYPE svg [<!ENTITY ns "http://www.w3.org/2000/svg">]>'
    page = '<svg xmlns="&ns;" width="10mm" viewBox="0 0 10 10">'
    assert _size(draw(f'<line x2="5" {RED}/>', page, head=head)) == (5, 0)


LAUGHS = "".join(f'<!ENTITY l{n} "{"&l" + str(n - 1) + ";"}{"ha" * 9}">' for n in range(1, 9))


@pytest.mark.parametrize(
    "head",
    [
        f'<!DOCTYPE svg [<!ENTITY l0 "ha">{LAUGHS}]>',
        '<!DOCTYPE svg [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE svg [<!ENTITY % p SYSTEM "http://example.org/x"> %p;]>',
        f'<!DOCTYPE svg [<!ENTITY long "{"a" * 1000}">]>',
    ],
)
def test_entities_that_could_do_harm_end_the_reading(draw, head):
    with pytest.raises(UnreadableFileError) as raised:
        draw(f'<line x2="5" {RED}/>', head=head)
    assert raised.value.code == "drawing.broken-svg"


def test_a_file_that_uses_itself_ends(draw):
    drawing = draw(f'<g id="a"><line x2="5" {RED}/><use href="#a"/><use href="#b"/></g>'
                   '<g id="b"><use href="#a" x="3"/></g>')  # fmt: skip
    assert len(drawing.paths) < 20


def test_a_file_that_multiplies_itself_is_bounded(draw):
    groups = "".join(
        f'<g id="n{n}"><use href="#n{n - 1}"/><use href="#n{n - 1}" x="1"/></g>'
        for n in range(1, 40)
    )
    with pytest.raises(LimitExceededError):
        draw(f'<defs><line id="n0" x2="5" {RED}/>{groups}</defs><use href="#n39"/>',
             limits=DrawingLimits(max_entities=5_000))  # fmt: skip


@pytest.mark.parametrize(
    "body",
    ["<rect", "<g>", "</g>", '<path d="M 0 0 L nan inf"/>', '<rect width="1e999" height="-5"/>',
     '<g transform="matrix(1 2 3)"><line x2="4" stroke="red"/></g>',
     '<line x2="4" stroke="url(#nowhere)"/>', '<line x2="4" style="stroke:;;;:red}"/>',
     '<style>}}}{{{ a:b(c) </style>', '<path d="A 1 1 1 1 1 1"/>', "<text>&#0;</text>",
     '<image href="data:image/png;base64,!!!" width="9" height="9"/>'],
)  # fmt: skip
def test_nonsense_is_read_or_refused_but_never_breaks(draw, body):
    try:
        drawing = draw(body)
    except UnreadableFileError as error:
        assert error.code in ("drawing.broken-svg", "drawing.not-an-svg")
    else:
        assert all(math.isfinite(path.length_mm) for path in drawing.paths)


@pytest.mark.parametrize(("name", "body", "length", "size"), SHAPES, ids=[s[0] for s in SHAPES])
def test_a_renderer_that_knows_nothing_of_us_draws_at_the_same_place(
    draw, name, body, length, size
):
    zoom = 10
    moved = f'<g transform="translate(45,5)" stroke-width="0.2">{body}</g>'
    page = f'<svg {SVG} width="{100 * zoom}px" height="{60 * zoom}px" viewBox="0 0 100 60">'
    png = resvg_py.svg_to_bytes(svg_string=f"{page}{moved}</svg>", dpi=96)
    shown = np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))[:, :, 3] > 40
    rows, columns = np.flatnonzero(shown.any(axis=1)), np.flatnonzero(shown.any(axis=0))
    drawing = draw(moved)
    low, high = drawing.bounds_mm.min_mm, drawing.bounds_mm.max_mm
    assert columns[0] / zoom == pytest.approx(max(low[0], 0), abs=0.45)
    assert columns[-1] / zoom == pytest.approx(high[0], abs=0.45)
    assert rows[0] / zoom == pytest.approx(max(-high[1], 0), abs=0.45)
    assert rows[-1] / zoom == pytest.approx(-low[1], abs=0.45)
