"""The lines that a report shows: the right ones, safe for a terminal, from any size of file."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fablab_hub.cli import file_lines
from fablab_hub.cli.file_lines import shortened, text_of_lines, visible
from fablab_hub.gcode.reading import read_lines
from jobs.line_chunks import line_chunks


def test_lines_are_found_by_their_numbers(tmp_path):
    path = tmp_path / "part.gcode"
    path.write_bytes(b"G28\r\nG1 X1\rG1 X2\nG1 X3")
    assert text_of_lines(path, [4, 2, 1, 9]) == {1: "G28", 2: "G1 X1", 4: "G1 X3"}


def test_a_clean_file_is_not_even_opened(tmp_path):
    assert text_of_lines(tmp_path / "gone.gcode", []) == {}


def test_what_a_terminal_would_obey_is_shown_instead():
    assert visible("G1\x1b[2J\x00\x7f") == "G1␛[2J␀␡"
    assert visible("X1\u202e\u200b") == "X1\\u202e\\u200b"
    assert visible("; pièce\u00a0№ 3 – 日本") == "; pièce\u00a0№ 3 – 日本"


def test_bytes_that_are_no_text_are_shown_by_their_numbers(tmp_path):
    path = tmp_path / "part.gcode"
    path.write_bytes(b"G1 \xff\xfeX1\n")
    assert text_of_lines(path, [1]) == {1: "G1 \\xff\\xfeX1"}


def test_a_line_without_end_costs_little(tmp_path):
    path = tmp_path / "bomb.gcode"
    path.write_bytes(b"(" * 3_000_000 + b"\nG1")
    texts = text_of_lines(path, [1, 2])
    assert len(texts[1]) == 400
    assert texts[2] == "G1"


@pytest.mark.parametrize(("most", "shown"), [(5, "G1 X1"), (4, "G1 …"), (1, "…")])
def test_a_long_line_is_cut_with_an_ellipsis(most, shown):
    assert shortened("G1 X1", most) == shown


@given(data=st.text("GX1\r\n", max_size=40), piece=st.integers(1, 7))
@example(data="G\r\nX\r1", piece=2)
def test_lines_are_counted_as_the_check_counts_them(tmp_path_factory, data, piece):
    path = tmp_path_factory.getbasetemp() / "any.gcode"
    path.write_bytes(data.encode())
    with path.open("rb") as stream:
        expected = dict(enumerate((line.decode() for line in read_lines(stream)), 1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(file_lines, "line_chunks", lambda stream: line_chunks(stream, piece))
        assert text_of_lines(path, range(1, 50)) == expected
