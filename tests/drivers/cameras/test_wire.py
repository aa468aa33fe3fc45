"""What hub and worker say to each other comes out as it went in."""

import json
import struct

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from drivers.cameras.wire import (
    LENGTH,
    StillAnswer,
    StillRequest,
    answer_bytes,
    read_answer,
    read_request,
    request_bytes,
)

WORDS = st.text(max_size=40)


@given(name=WORDS, address=WORDS, timeout_s=st.floats(0.1, 60))
@example(name="Caméra « nº 1 »", address="rtsp://10.0.0.7/1", timeout_s=4.0)
def test_a_request_is_read_as_it_was_written(name, address, timeout_s):
    request = StillRequest(
        camera_id="bed", source="opencv", address=address, timeout_s=timeout_s,
        now="2026-11-23T09:00:00.000Z", name=name, mark="", moment="",
    )  # fmt: skip
    written = request_bytes(request)
    assert LENGTH.unpack(written[:4])[0] == len(written) - 4
    assert read_request(written[4:]) == request


@given(width=st.integers(0, 9999), jpeg=st.binary(max_size=200))
def test_an_answer_is_followed_by_its_picture(width, jpeg):
    answer = StillAnswer(width_px=width, height_px=1, taken_at="x")
    written = answer_bytes(answer, jpeg)
    (length,) = struct.unpack(">I", written[:4])
    assert read_answer(written[4 : 4 + length]) == answer
    assert written[4 + length :] == struct.pack(">I", len(jpeg)) + jpeg


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"colour": 1}', b"null", b"\xff"])
def test_nonsense_is_a_value_error(content):
    with pytest.raises(ValueError):
        read_answer(content)


@given(st.dictionaries(st.text(max_size=5), st.integers(), max_size=3))
def test_an_object_of_other_fields_is_a_value_error(fields):
    if set(fields) <= set(StillAnswer.__dataclass_fields__):
        return
    with pytest.raises(ValueError, match="not an answer"):
        read_answer(json.dumps(fields).encode())
