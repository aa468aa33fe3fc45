"""Text around a circle, as Inkscape's "Put on Path" writes it: held against another renderer."""

import io

import numpy as np
import pytest
import resvg_py
from PIL import Image, ImageDraw

from fablab_hub.core.fonts import FONTS
from jobs.geometry.drawing import LeftOut, Seen
from jobs.geometry.path import points_of
from jobs.geometry.reading import read_drawing

SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
PAGE = f'<svg {SVG} width="100mm" height="100mm" viewBox="0 0 100 100">'
ROUND = '<path id="p" d="M50 20a30 30 0 1 1-.01 0" fill="none"/>'
WAVE = '<path id="p" d="M5 60C25 20 45 90 70 50" fill="none"/>'
LOOK = 'font-family="Atkinson Hyperlegible" font-size="9"'
ZOOM = 8

CASES = {
    "around a circle": (ROUND, "", "LE FILI VIT"),
    "in the middle of a circle": (
        ROUND, 'startOffset="50%" style="text-anchor:middle"', "FIL EVITE",
    ),
    "anchored at its end": (WAVE, 'startOffset="60" text-anchor="end"', "FILET"),
    "longer than its path": (WAVE, 'startOffset="40"', "LE FIL EVITE LE FILET"),
    "wide letters": (ROUND, 'letter-spacing="4"', "FILET"),
    "on a path that is turned": (
        ROUND.replace("/>", ' transform="translate(10 5) rotate(20 50 50)"/>'), "", "FILET",
    ),
    "with a span that stands higher": (
        WAVE, "", 'FI<tspan dy="-4" font-size="5">LET</tspan>',
    ),
}  # fmt: skip


@pytest.fixture
def draw(tmp_path):
    def draw(body):
        path = tmp_path / "text.svg"
        path.write_text(f"{PAGE}{body}</svg>", encoding="utf-8")
        return read_drawing(path)

    return draw


def _ours(drawing) -> np.ndarray:
    """Our letters as a picture; none of them has a hole."""
    image = Image.new("1", (100 * ZOOM, 100 * ZOOM))
    pen = ImageDraw.Draw(image)
    for path in drawing.paths:
        pen.polygon([(x * ZOOM, -y * ZOOM) for x, y in points_of(path, 0.01)], fill=1)
    return np.asarray(image)


def _theirs(body: str) -> np.ndarray:
    size = f'width="{100 * ZOOM}" height="{100 * ZOOM}"'
    page = PAGE.replace('width="100mm" height="100mm"', size)
    png = resvg_py.svg_to_bytes(
        svg_string=f"{page}{body}</svg>",
        font_dirs=[str(FONTS)],
        skip_system_fonts=True,
    )
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"))[:, :, 3] > 127


@pytest.mark.parametrize("case", CASES)
def test_letters_stand_where_another_renderer_puts_them(draw, case):
    way, options, words = CASES[case]
    style = "font-kerning:none;font-variant-ligatures:none"
    body = (
        f'{way}<text {LOOK} style="{style}"><textPath xlink:href="#p" {options}>'
        f"{words}</textPath></text>"
    )
    drawing = draw(body)
    ours, theirs = _ours(drawing), _theirs(body)
    assert drawing.seen[Seen.TEXT_OUTLINED] == 1
    assert theirs.sum() > 1_000
    assert (ours & theirs).sum() / (ours | theirs).sum() > 0.85


def test_on_the_right_side_a_text_runs_the_other_way(draw):
    def middle(side):
        words = f'<textPath href="#p" side="{side}">FI</textPath>'
        way = '<path id="p" d="M10 50H90"/>'
        box = draw(f"<defs>{way}</defs><text {LOOK}>{words}</text>").bounds_mm
        return tuple((low + high) / 2 for low, high in zip(box.min_mm, box.max_mm, strict=True))

    (x, y, _), (other_x, other_y, _) = middle("left"), middle("right")
    assert x + other_x == pytest.approx(100, abs=0.1)
    assert y + other_y == pytest.approx(-100, abs=0.1)


@pytest.mark.parametrize("way", ["", '<path id="p"/>', '<text id="p">no</text>'])
def test_without_its_path_a_text_is_left_out_and_said(draw, way):
    drawing = draw(f'<defs>{way}</defs><text><textPath href="#p">FI</textPath></text>')
    assert drawing.left_out[LeftOut.TEXT] == 1
    assert drawing.paths == ()
