"""GRBL's words: any bytes get a name, and where they are cut changes nothing."""

import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from drivers.grbl.codec import (
    LONGEST_LINE,
    Alarm,
    Banner,
    Decoder,
    ErrorLine,
    Message,
    Ok,
    Setting,
    Status,
    Unknown,
    buffer_bytes,
    decode,
)
from drivers.grbl.firmware import GrblBoard

WORDS = st.sampled_from(
    [
        b"ok", b"error:", b"error:22", b"ALARM:1", b"\r", b"\n", b"\r\n", b"<Idle|", b"MPos:1,2,3",
        b">", b"|", b"FS:0,0", b"WCO:", b"nan", b"inf", b"1e9", b"$30=1000", b"[MSG:", b"]", b",",
        b"Grbl 1.1h", b"x" * LONGEST_LINE, b"\xff",
    ]
)  # fmt: skip
NOISE = st.one_of(st.binary(max_size=60), st.lists(WORDS, max_size=12).map(b"".join))


@given(NOISE, st.lists(st.integers(0, 5000)))
@example(b"x" * LONGEST_LINE + b"ok\nok\n", [LONGEST_LINE])
@example(b"x" * (LONGEST_LINE + 1) + b"ok\nok\n", [1, LONGEST_LINE, LONGEST_LINE + 1])
def test_where_chunks_are_cut_changes_nothing(data, cuts):
    whole, pieces = Decoder(), Decoder()
    expected = whole.feed(data) + whole.feed(b"\n")
    marks = sorted({0, *(cut for cut in cuts if cut < len(data)), len(data)})
    found = [
        event for begin, end in itertools.pairwise(marks) for event in pieces.feed(data[begin:end])
    ]
    assert found + pieces.feed(b"\n") == expected


@given(NOISE)
def test_any_line_gets_a_name_and_no_number_is_endless(data):
    for event in Decoder().feed(data + b"\n"):
        if isinstance(event, Status):
            numbers = [*(event.machine_mm or ()), event.feed_mm_min or 0, event.power_s or 0]
            assert all(abs(number) < 1e9 for number in numbers)


@given(NOISE)
def test_a_whole_line_after_noise_is_understood(data):
    assert Decoder().feed(data + b"\nok\r\n")[-1] == Ok()


@pytest.mark.parametrize(
    ("line", "event"),
    [
        (b"ok", Ok()),
        (b"error:22", ErrorLine(22)),
        (b"error: Bad number format", ErrorLine(0)),
        (b"error:99999", ErrorLine(0)),
        (b"ALARM:1", Alarm(1)),
        (b"ALARM: Hard limit", Alarm(0)),
        (b"Grbl 1.1h ['$' for help]", Banner("Grbl", "1.1h")),
        (b"GrblHAL 1.1f ['$' or '$HELP' for help]", Banner("GrblHAL", "1.1f")),
        (b"[MSG:Caution: Unlocked]", Message("MSG", "Caution: Unlocked")),
        (b"[VER:1.1h.20190830:]", Message("VER", "1.1h.20190830:")),
        (b"$30=1000", Setting(30, 1000.0)),
        (b"$110=500.000 (x max rate, mm/min)", Setting(110, 500.0)),
        (b"$N0=", Unknown(b"$N0=")),
        (b"o\xff\x13k", Unknown(b"o\xff\x13k")),
        (b"okok", Unknown(b"okok")),
        (b"<Idle|MPos:nan,0,0|FS:0,0>", Unknown(b"<Idle|MPos:nan,0,0|FS:0,0>")),
        (b"<Id", Unknown(b"<Id")),
    ],
)
def test_each_kind_of_line_has_its_name(line, event):
    assert decode(line) == event


def test_a_status_is_read_by_the_names_of_its_fields():
    line = b"<Hold:1|MPos:1.000,-2.500,0.000|Bf:15,128|FS:500,250|Pn:XD|WCO:0,0,1|A:S|H:1|TLR:0>"
    assert decode(line) == Status(
        state="Hold",
        detail="1",
        machine_mm=(1.0, -2.5, 0.0),
        offset_mm=(0.0, 0.0, 1.0),
        feed_mm_min=500.0,
        power_s=250.0,
        free_blocks=15,
        free_bytes=128,
        pins="XD",
    )


def test_a_status_without_power_does_not_say_that_the_beam_is_off():
    event = decode(b"<Idle|WPos:0,0,0|F:0>")
    assert isinstance(event, Status)
    assert (event.work_mm, event.feed_mm_min, event.power_s) == ((0, 0, 0), 0, None)


@pytest.mark.parametrize(
    ("options", "size"),
    [("V,15,128", 128), ("VNML+,100,1024,3,0", 1024), ("V", None), ("", None), ("V,15,x", None)],
)
def test_the_size_of_the_buffer_is_taken_from_the_board(options, size):
    assert buffer_bytes(options) == size


def test_nothing_that_the_simulated_board_says_is_unknown():
    board = GrblBoard(settings={22: 1})
    said = board.power_on(0.0) + board.receive(b"$X\n?$I\n$$\n$#\n$G\n$\nG1X1\nQ\n$H\n?\x18?", 0.0)
    events = Decoder().feed(said)
    assert len(events) > 50
    assert not [event for event in events if isinstance(event, Unknown)]
