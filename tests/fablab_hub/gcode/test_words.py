"""Lines of bytes to words and back."""

from functools import reduce
from operator import xor

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fablab_hub.gcode.dialects.grbl import GRBL
from fablab_hub.gcode.dialects.marlin import MARLIN
from fablab_hub.gcode.words import Flaw, Named, Unparsed, Word, decode, encode

numbers = st.from_regex(r"-?(0|[1-9][0-9]{0,6})(\.[0-9]{1,6})?", fullmatch=True)
words = st.lists(
    st.builds(Word, st.sampled_from("FIJKPRSXYZ"), numbers), min_size=1, max_size=8
).map(tuple)


@given(words)
def test_decode_reads_back_what_encode_wrote(line: tuple[Word, ...]) -> None:
    assert decode(encode(line), GRBL.syntax) == line
    assert decode(encode(line, ""), GRBL.syntax) == line
    assert decode(encode(line), MARLIN.syntax) == line


@given(words, st.text(st.characters(exclude_characters=")\n\r")), st.sampled_from(["", " ", "\t"]))
def test_comments_case_and_spaces_change_nothing(
    line: tuple[Word, ...], comment: str, gap: str
) -> None:
    noise = f"({comment})".encode("utf-8", "surrogatepass")
    loose = encode(line, gap or " ").lower()
    spaced = gap.encode() + loose.replace(b"x", b"x" + gap.encode()) + noise + b" ;" + noise
    assert decode(spaced + b"\r\n", GRBL.syntax) == line


@given(words, st.integers(0, 99_999))
def test_a_line_number_and_a_right_checksum_change_nothing(
    line: tuple[Word, ...], number: int
) -> None:
    said = b"N%d " % number + encode(line)
    summed = said + b"*%d" % reduce(xor, said)
    assert decode(summed, MARLIN.syntax) == line
    wrong = said + b"*%d" % (reduce(xor, said) ^ 1)
    flawed = decode(wrong, MARLIN.syntax)
    assert isinstance(flawed, Unparsed) and flawed.flaw is Flaw.CHECKSUM


@given(st.binary(max_size=200))
@example(b"G1 X" + b"9" * 5000)
@example(b"(" * 3000)
@example(b"N*1")
def test_any_bytes_get_an_answer_and_what_is_shown_is_printable(line: bytes) -> None:
    for syntax in (GRBL.syntax, MARLIN.syntax):
        found = decode(line, syntax)
        if isinstance(found, Unparsed):
            assert found.text.isprintable() and len(found.text) <= 40


@pytest.mark.parametrize(
    ("line", "flaw"),
    [
        ("G1 X1é", Flaw.NOT_ASCII),
        ("$32=1", Flaw.SETTING),
        (" $X", Flaw.SETTING),
        ("G1 X1 !", Flaw.REALTIME),
        ("G1 X1 ?", Flaw.REALTIME),
        ("G1 X1e3", Flaw.EXPONENT),
        ("G1 X1 Y", Flaw.UNREADABLE),
        ("G1 X--1", Flaw.UNREADABLE),
        ("G1 X1.2.3", Flaw.UNREADABLE),
        ("x [1 + 2]", Flaw.UNREADABLE),
        ("G-1 X1", Flaw.UNREADABLE),
        ("G1 X1234567890", Flaw.UNREADABLE),
    ],
)
def test_grbl_lines_that_cannot_be_read_say_why(line: str, flaw: Flaw) -> None:
    found = decode(line.encode(), GRBL.syntax)
    assert isinstance(found, Unparsed) and found.flaw is flaw


def test_spaces_inside_a_number_belong_to_it_on_grbl_and_are_an_error_elsewhere() -> None:
    assert decode(b"G1 X1 0", GRBL.syntax) == (Word("G", "1"), Word("X", "10"))
    assert isinstance(decode(b"G1 X1 0", MARLIN.syntax), Unparsed)


def test_an_e_behind_a_number_is_filament_on_a_printer_unless_there_are_two() -> None:
    assert decode(b"G1X1E3", MARLIN.syntax) == (Word("G", "1"), Word("X", "1"), Word("E", "3"))
    twice = decode(b"G1 X1 E-1.2e-05", MARLIN.syntax)
    assert isinstance(twice, Unparsed) and twice.flaw is Flaw.EXPONENT


def test_macros_and_texts_keep_what_follows_their_name() -> None:
    assert decode(b"start_print BED=60 ; hot", MARLIN.syntax) == Named("START_PRINT", "BED=60")
    assert decode(b"M117 G1 X99 (hi)", MARLIN.syntax) == Named("M117", "G1 X99 (HI)")
    assert isinstance(decode(b"START_PRINT", GRBL.syntax), Unparsed)


@pytest.mark.parametrize(
    "line", [b"", b"\n", b"%", b" ; G1 X1", b"(G1 X1)", b"N12", b"(never closed"]
)
def test_lines_without_words_are_empty(line: bytes) -> None:
    assert decode(line, GRBL.syntax) == ()


def test_needless_zeros_are_no_part_of_a_command_s_name() -> None:
    assert [Word("G", text).code for text in ("01", "1.0", "28.1", "00", "+2")] == [
        "G1", "G1", "G28.1", "G0", "G2",
    ]  # fmt: skip
    assert Word("M", "00500").code == "M500"


def test_a_text_for_the_screen_may_have_accents_a_command_may_not() -> None:
    found = decode("M117 Pièce finie".encode(), MARLIN.syntax)
    assert isinstance(found, Named) and found.name == "M117" and found.rest.isascii()
    flawed = decode("M104 S2é".encode(), MARLIN.syntax)
    assert isinstance(flawed, Unparsed) and flawed.flaw is Flaw.NOT_ASCII


@pytest.mark.parametrize("rest", ["A={printer.x}", "$X", "A!", "A|B", "~", "A?"])
def test_the_arguments_of_a_macro_hold_no_templates_and_no_real_time_characters(rest: str) -> None:
    assert isinstance(decode(f"MY_MACRO {rest}".encode(), MARLIN.syntax), Unparsed)
    assert isinstance(decode(b"MY_MACRO NAME=[[1,2],[3,4]] B='x'", MARLIN.syntax), Named)
