"""Every line of a Marlin has a name, and every command that we write is understood."""

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from drivers.marlin.codec import (
    MAX_LINE_BYTES,
    Busy,
    Capability,
    ColdExtrusion,
    Complaint,
    Firmware,
    Halted,
    Heat,
    NotUnderstood,
    Ok,
    Position,
    Reader,
    Remark,
    Resend,
    Start,
    Trouble,
    Unknown,
    Wait,
    decode,
    numbered,
)
from drivers.marlin.firmware import Faults, MarlinFirmware
from fablab_hub.core.machines import Temperatures

ROOM = Temperatures(nozzle_c=21.87, nozzle_target_c=0.0, bed_c=21.5, bed_target_c=60.0)


@pytest.mark.parametrize(
    ("line", "event"),
    [
        (b"ok", Ok()),
        (b"ok T:21.87 /0.00 B:21.5 /60.00 @:0 B@:0", Ok(temperatures=ROOM)),
        (b"ok N2 P15 B3", Ok(number=2, free_commands=3)),
        (b"ok P3 B1", Ok(free_commands=1)),
        (b" T:21.87 /0.00 B:21.5 /60.00 @:0 B@:0", Heat(ROOM, is_waiting=False)),
        (b" T:21.87 /0.00 B:21.5 /60.00 @:127 B@:0 W:?", Heat(ROOM, is_waiting=True)),
        (b"T:21.87 /0.00 T0:21.87 /0.00 B:21.5 /60.00 @:0", Heat(ROOM, is_waiting=False)),
        (b"echo:busy: processing", Busy("processing")),
        (b"busy: paused for user", Busy("paused for user")),
        (b"Resend: 3", Resend(3)),
        (b"Resend:3", Resend(3)),
        (b"rs 3", Resend(3)),
        (b"rs N3", Resend(3)),
        (b"start", Start()),
        (b"wait", Wait()),
        (
            b"Error:checksum mismatch, Last Line: 1",
            Complaint("checksum mismatch, Last Line: 1"),
        ),
        (b"Error: Missing checksum", Complaint("Missing checksum")),
        (
            b"Error:Line Number is not Last Line Number+1, Last Line: 2",
            Complaint("Line Number is not Last Line Number+1, Last Line: 2"),
        ),
        (
            b"Error:Printer halted. kill() called!",
            Halted("Printer halted. kill() called!", is_thermal=False),
        ),
        (
            b"Error:Thermal Runaway, system stopped! Heater_ID: bed",
            Halted("Thermal Runaway, system stopped! Heater_ID: bed", is_thermal=True),
        ),
        (b"Error:Probing Failed", Trouble("Probing Failed")),
        (b"echo: cold extrusion prevented", ColdExtrusion()),
        (b'echo:Unknown command: "M9999"', NotUnderstood("M9999")),
        (
            b"X:10.00 Y:-2.50 Z:0.20 E:0.00 Count X:800 Y:-200 Z:80",
            Position((10.0, -2.5, 0.2)),
        ),
        (b"Cap:EMERGENCY_PARSER:1", Capability("EMERGENCY_PARSER", is_on=True)),
        (b"Cap:SDCARD:0", Capability("SDCARD", is_on=False)),
        (
            b"FIRMWARE_NAME:Marlin 2.0.9.7 (Dec 24 2023 12:00:00) SOURCE_CODE_URL:a MACHINE_TYPE:"
            b"Ender 3 EXTRUDER_COUNT:1",
            Firmware("Marlin", "2.0.9.7 (Dec 24 2023 12:00:00)", "Ender 3"),
        ),
        (b"echo:SD init fail", Remark("echo:SD init fail")),
        (b"//action:poweroff", Remark("//action:poweroff")),
        (b"okay", Unknown(b"okay")),
        (b"\xff\xfeok", Unknown(b"\xff\xfeok")),
        (b"Grbl 1.1h ['$' for help]", Unknown(b"Grbl 1.1h ['$' for help]")),
    ],
)
def test_a_line_has_its_name(line, event):
    assert decode(line) == event


@given(st.binary(max_size=200))
@example(b"ok N99999999999999999999")
@example(b"T:1e400 /0")
@example(b"Resend:")
def test_any_bytes_get_a_name_and_never_an_error(line):
    assert decode(line) is not None


texts = st.sampled_from([b"ok\n", b"Resend: 3\r\n", b"\xff\x00", b"start\n", b"T:2 /0\n", b"\n"])


@given(st.lists(texts, max_size=20), st.lists(st.integers(1, 7), min_size=1))
@example([b"x" * (2 * MAX_LINE_BYTES), b"\n", b"ok\n"], [1])
def test_where_the_chunks_are_cut_changes_nothing(parts, sizes):
    data = b"".join(parts)
    whole = Reader().feed(data)
    reader, pieces, at = Reader(), [], 0
    while at < len(data):
        size = sizes[at % len(sizes)]
        pieces += reader.feed(data[at : at + size])
        at += size
    assert pieces == whole


@given(st.integers(1, 100_000), st.text(st.sampled_from("GMXYZEF0123456789. -"), max_size=60))
def test_the_board_takes_every_line_that_we_number(number, text):
    board = MarlinFirmware()
    board.power_on(0.0)
    board.receive(b"M110 N%d\n" % (number - 1), 0.0)
    said = board.receive(numbered(number, b"M117 " + text.encode()), 0.0)
    assert said == b"ok\n"


@given(st.integers(1, 7), st.integers(1, 255))
def test_a_damaged_byte_is_always_seen(at, change):
    line = bytearray(numbered(1, b"G1 X1"))
    damaged = line[at] ^ change
    assume(damaged not in b"\r\n;")
    line[at] = damaged
    board = MarlinFirmware(faults=Faults())
    board.power_on(0.0)
    said = board.receive(bytes(line), 0.0)
    assert b"Error:" in said
    assert board.state()["moves"] == 0
