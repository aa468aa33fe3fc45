"""Hub and agent: whatever one side writes, the other reads; anything else is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fablab_hub.core import messages
from fablab_hub.core.machines import MachineState, MachineStatus, Temperatures

NUMBERS = st.floats(-1e6, 1e6)
STATUSES = st.builds(
    MachineStatus,
    state=st.sampled_from(MachineState),
    detail=st.text(max_size=10),
    position_mm=st.none() | st.tuples(NUMBERS, NUMBERS, NUMBERS),
    line=st.integers(0, 10**7),
    fraction=st.floats(0, 1),
    power=st.none() | st.floats(0, 1),
    temperatures=st.none()
    | st.builds(
        Temperatures,
        nozzle_c=NUMBERS,
        nozzle_target_c=NUMBERS,
        bed_c=NUMBERS,
        bed_target_c=NUMBERS,
    ),
    error_code=st.none() | st.text(max_size=10),
    error_fields=st.dictionaries(st.text(max_size=4), st.text(max_size=4), max_size=2),
)
# Not a number is unequal to itself, and no clock gives it.
st.register_type_strategy(float, st.floats(allow_nan=False))

MESSAGES = st.one_of(
    *(
        st.builds(kind, status=STATUSES) if kind is messages.StatusReport else st.from_type(kind)
        for kind in messages._TYPES.values()
    )
)


@given(MESSAGES)
def test_every_message_survives_the_line(message):
    line = messages.encode(message)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert messages.decode(line) == message


@given(
    st.binary(max_size=60) | st.builds(lambda v: json.dumps(v).encode(), st.lists(st.integers()))
)
def test_anything_else_is_refused_by_name(line):
    with pytest.raises(messages.MessageError):
        messages.decode(line)


@pytest.mark.parametrize(
    "line",
    [
        b'{"type":"Fire"}',
        b'{"type":"Hold"}',
        b'{"type":"Heartbeat","extra":1}',
        b'{"type":"RunEvent","kind":"x"}',
    ],
)
def test_an_unknown_type_or_field_is_refused(line):
    with pytest.raises(messages.MessageError):
        messages.decode(line)
