"""A picture with its legend: what lines mean and what is wrong, in words, without colour."""

import re
import xml.etree.ElementTree as ET

from jobs.picture import PENS, draw_picture
from jobs.picture_legend import WIDTH_PX, WORDS, mm_per_pixel, with_legend
from jobs.picture_print import with_scaled_widths
from jobs.picture_trace import Stroke, Trait
from tests.jobs.test_picture import BIG, LASER, SVG, assert_harmless, finding

SMALL = Stroke("cut", ((5.0, 5.0), (35.0, 5.0), (35.0, 45.0), (5.0, 5.0)))


def words_of(picture):
    return [text.text for text in ET.fromstring(picture).iter(f"{SVG}text")]


def test_the_legend_names_the_kinds_of_line_that_are_there_and_every_remark():
    picture = draw_picture(LASER, [BIG, Stroke("travel", ((0, 0), (50, 50)))], [])
    shown = words_of(with_legend(picture, ["Too far.", "Too long."], "en"))
    assert shown[1:] == [
        "The machine moves and makes nothing", "Cut", "1", "Too far.", "2", "Too long.",
    ]  # fmt: skip


def test_the_legend_speaks_french():
    picture = draw_picture(LASER, [BIG], [])
    assert "Couper" in words_of(with_legend(picture, [], "fr"))


def test_a_number_has_a_ring_only_when_the_picture_has_one():
    picture = draw_picture(LASER, [BIG], [finding((100.0, 50.0)), finding(line=4)])
    root = ET.fromstring(with_legend(picture, ["Here.", "Somewhere."], "en"))
    assert len(list(root.findall(f"{SVG}circle"))) == 1


def test_long_remarks_are_wrapped_and_strange_ones_are_text():
    remark = "<script>alert(1)</script> & " + "a word " * 60
    picture = with_legend(draw_picture(LASER, [BIG], []), [remark], "en")
    assert_harmless_page(picture)
    lines = words_of(picture)[3:]
    assert all(len(line) <= 88 for line in lines)
    assert " ".join(lines).startswith("<script>alert(1)</script> & a word")


def assert_harmless_page(picture):
    assert_harmless(re.sub(r'(<svg[^>]*?) width="\d+"', r"\1", picture, count=1))


def test_all_of_it_lies_within_the_page():
    picture = with_legend(draw_picture(LASER, [BIG], []), ["One."] * 30, "en")
    root = ET.fromstring(picture)
    _, _, width, height = map(float, root.get("viewBox").split())
    assert width == WIDTH_PX
    assert all(float(text.get("y")) < height - 4 for text in root.findall(f"{SVG}text"))


def test_every_kind_of_line_has_its_words():
    assert set(WORDS) == set(Trait) | {"whole"} == set(PENS) | {"whole"}


def test_for_other_programs_a_line_is_as_wide_in_the_inset_as_beside_it():
    picture = draw_picture(LASER, [SMALL], [])
    scale = mm_per_pixel(picture)
    root = ET.fromstring(with_scaled_widths(picture, scale))
    (use,) = root.iter(f"{SVG}use")
    (group,) = root.iter(f"{SVG}g")
    zoom = float(re.search(r"scale\(([\d.]+)", use.get("transform"))[1])
    assert float(group.get("stroke-width")) == round(1.5 * scale, 3)
    assert abs(float(use.get("stroke-width")) * zoom - 1.5 * scale) < 0.01
    assert not any("vector-effect" in element.attrib for element in root.iter())
