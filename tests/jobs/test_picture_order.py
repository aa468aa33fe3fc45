"""In which order a program works: each stroke appears when the machine draws it."""

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fablab_hub.core.programs import Mark
from jobs.picture_order import clock_text, draw_order
from jobs.picture_trace import Stroke, Trait, trace_program
from tests.jobs.toolpath.conftest import lab, laser  # noqa: F401 - fixtures

_SVG = "{http://www.w3.org/2000/svg}"
_PROGRAM = (
    b"G21 G90", b"M4 S0", b"G0X10Y10", b"G1X60S800F600", b"G0X10Y40S0", b"G1X60S300F6000", b"M5",
)  # fmt: skip
_MARKS = (Mark(0, 0, 0.0), Mark(3, 20, 1.0), Mark(4, 30, 6.0), Mark(5, 40, 7.0), Mark(6, 60, 8.0))

points = st.tuples(st.floats(-500, 500), st.floats(-500, 500))
strokes = st.lists(
    st.builds(
        Stroke, st.sampled_from([Trait.CUT, Trait.TRAVEL, Trait.FILL]),
        st.lists(points, min_size=2, max_size=9).map(tuple),
    ),
    max_size=12,
)  # fmt: skip


def _film(program, marks, machine):
    return ET.fromstring(draw_order(trace_program(program, machine).strokes, marks, is_moving=True))


def test_a_line_appears_when_its_time_comes(laser):  # noqa: F811
    film = _film(_PROGRAM, _MARKS, laser)
    appear = {}
    for path in film.iter(f"{_SVG}path"):
        for act in path.iter(f"{_SVG}set"):
            appear.setdefault(path.attrib["stroke"], []).append(float(act.attrib["begin"][:-1]))
    strong, weak = appear["#1D2433"], appear["#B9781A"]
    assert max(strong) <= min(weak)
    # The strong line takes from the first to the sixth of eight seconds, of a film of fifteen.
    assert min(strong) == pytest.approx(15 * 1 / 8, abs=0.4)
    assert max(strong) == pytest.approx(15 * 6 / 8, abs=0.4)


def test_the_head_goes_where_the_machine_goes(laser):  # noqa: F811
    film = _film(_PROGRAM, _MARKS, laser)
    head = next(film.iter(f"{_SVG}circle"))
    x, y = ([float(v) for v in act.attrib["values"].split(";")] for act in head)
    at = round(len(x) * 3.5 / 8)
    assert x[at] == pytest.approx(35, abs=1)
    assert y[at] == -10


@given(strokes)
def test_everything_appears_in_the_end_and_nothing_twice(strokes):
    film = draw_order(strokes, (), is_moving=True)
    if film is None:
        return
    seconds = [float(found) for found in re.findall(r'begin="([\d.]+)s"', film)]
    assert max(seconds) <= 15.0
    assert "nan" not in film
    assert "inf" not in film
    ET.fromstring(film)
    ET.fromstring(draw_order(strokes, (), is_moving=False))


def test_a_clock_counts_from_zero():
    assert [clock_text(s) for s in (0, 65, 3600, 7210)] == ["0:00", "1:05", "1:00:00", "2:00:10"]
