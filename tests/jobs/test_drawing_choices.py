"""Answers about a drawing: whatever was kept, reading them never fails and never goes too far."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from fablab_hub.core.errors import FileError
from fablab_hub.core.materials import OperationKind
from jobs.drawing_choices import MOST_COPIES, DrawingChoices, choices_of
from jobs.drawing_kind import drawing_kind, kind_of_name
from jobs.geometry.drawing import DrawingLimits, Unit, UnitSource
from jobs.geometry.picture_file import read_picture
from jobs.report import FileKind

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)
NAMES = list(DrawingChoices.__dataclass_fields__)


@given(st.dictionaries(st.sampled_from([*NAMES, "other"]), ANYTHING))
def test_any_answers_can_be_read(options):
    choices = choices_of(options)
    assert 1 <= choices.copies <= MOST_COPIES
    assert 0 <= choices.tabs <= 20
    assert choices.width_mm is None or choices.width_mm > 0


def test_answers_are_read_as_they_were_meant():
    choices = choices_of(
        {
            "unit": "inch", "repairs": ["once"], "operations": {"a": "score", "b": "skip"},
            "remembered": {"Inkscape": {"c": "cut"}}, "keeps_size": True, "copies": "3",
            "at_mm": [10, 20], "taken_mm": [[0, 0, 50, 50], [9, 9, 1, 1]],
        }
    )  # fmt: skip
    assert choices.unit is Unit.INCH
    assert choices.repairs == {"once"}
    assert choices.operations == {"a": OperationKind.SCORE, "b": None}
    assert choices.remembered == {"Inkscape": {"c": OperationKind.CUT}}
    assert (choices.keeps_size, choices.copies, choices.at_mm) == (True, 3, (10, 20))
    assert choices.taken_mm == ((0, 0, 50, 50),), "a box without an inside is none"


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n....", FileKind.IMAGE), (b"\xff\xd8\xff\xe0", FileKind.IMAGE),
        (b"  0\nSECTION\n  2\nHEADER", FileKind.DXF), (b'<?xml version="1.0"?><svg>', FileKind.SVG),
        ("\ufeff<svg xmlns='x'>".encode(), FileKind.SVG), (b"<svg:svg>", FileKind.SVG),
        ("<svg/>".encode("utf-16"), FileKind.SVG), (b"; <svg> in a comment\nG1 X1", None),
        (b"<html><body>", None), (b"", None),
    ],
)  # fmt: skip
def test_a_drawing_is_known_by_its_bytes(head, kind):
    assert drawing_kind(head) is kind


def test_an_empty_file_is_taken_for_what_its_name_says():
    assert kind_of_name("Ma Boîte.SVG") is FileKind.SVG
    assert kind_of_name("part.gcode") is None


def _picture(tmp_path, width, height):
    stream = io.BytesIO()
    Image.fromarray(np.zeros((height, width), dtype=np.uint8)).save(stream, "PNG")
    path = tmp_path / "photo.png"
    path.write_bytes(stream.getvalue())
    return path


def test_a_picture_is_as_wide_as_somebody_says(tmp_path):
    path = _picture(tmp_path, 200, 100)
    (guessed,) = read_picture(path, DrawingLimits(), None).images
    assert guessed.across_mm[0] == pytest.approx(80)
    drawing = read_picture(path, DrawingLimits(), 50.0)
    (asked,) = drawing.images
    assert (asked.across_mm[0], asked.corner_mm[1]) == pytest.approx((50, 25))
    assert drawing.units.source is UnitSource.PERSON


def test_what_only_begins_like_a_picture_is_refused(tmp_path):
    path = tmp_path / "photo.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 20)
    with pytest.raises(FileError) as raised:
        read_picture(path, DrawingLimits(), None)
    assert raised.value.code == "drawing.bad-image"
