"""Character counting: the board's buffer is never overrun, and the end is really the end."""

from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.grbl.codec import Alarm, Banner, Decoder, ErrorLine, Ok, Status
from drivers.grbl.dialogue import DEFAULT_BUFFER_BYTES, Phase, Streaming
from drivers.grbl.firmware import GrblBoard
from drivers.grbl.firmware_faults import Faults

IDLE, RUNNING = Status(state="Idle"), Status(state="Run")
LINES = st.lists(
    st.one_of(
        st.sampled_from(["G4P0.1", "M8", "M9", "G21", "M5S0", "M4S0", "G4P0"]),
        st.builds(
            "G91G1X{:.3f}Y{}F{}S{}".format,
            st.floats(-20, 20), st.integers(-20, 20), st.integers(100, 9000), st.integers(0, 900),
        ),
    ),
    max_size=60,
)  # fmt: skip


def stream(lines, board, *, step_s=0.05, buffer_bytes=DEFAULT_BUFFER_BYTES, until_s=4000.0):
    """Stream lines into a board called directly, with a status question at every step."""
    board.power_on(0.0)
    streaming, decoder = Streaming((line.encode() for line in lines), buffer_bytes), Decoder()
    now_s = 0.0
    while not streaming.is_over and now_s < until_s:
        said = board.receive(streaming.take() + b"?", now_s)
        assert streaming.in_flight_bytes <= buffer_bytes
        for event in decoder.feed(said):
            streaming.heed(event)
        now_s += step_s
        for event in decoder.feed(board.tick(now_s)):
            streaming.heed(event)
    return streaming


@settings(max_examples=60, deadline=None)
@given(LINES, st.floats(0.01, 2.0))
def test_the_buffer_never_overflows_and_done_means_that_nothing_moves(lines, step_s):
    board = GrblBoard()
    streaming = stream(lines, board, step_s=step_s)
    assert streaming.phase is Phase.DONE
    assert (streaming.acknowledged, board.lines, board.overflows) == (len(lines), len(lines), 0)
    assert board.state()["state"] == "Idle"
    assert not board.state()["is_moving"]


def test_the_buffer_is_really_used():
    streaming = Streaming(iter([b"G4P9", *[b"G91G1X1F100"] * 50]))
    streaming.take()
    assert DEFAULT_BUFFER_BYTES - 12 < streaming.in_flight_bytes <= DEFAULT_BUFFER_BYTES


def test_a_smaller_buffer_is_respected_and_a_board_that_answers_nothing_gets_no_more():
    streaming = Streaming(iter([b"G1X1"] * 50), 20)
    assert streaming.take() == b"G1X1\n" * 4
    assert streaming.take() == b""
    streaming.heed(Ok())
    assert streaming.take() == b"G1X1\n"


def test_the_last_ok_is_not_the_end():
    streaming = Streaming(iter([b"G1X1"]))
    streaming.take()
    streaming.heed(IDLE)
    streaming.heed(IDLE)
    assert streaming.phase is not Phase.DONE
    streaming.heed(Ok())
    assert streaming.phase is Phase.DRAINING
    streaming.heed(IDLE)
    streaming.heed(RUNNING)
    streaming.heed(IDLE)
    assert streaming.phase is Phase.DRAINING
    streaming.heed(IDLE)
    assert streaming.phase is Phase.DONE


def test_an_empty_program_ends_by_itself():
    streaming = Streaming(iter([]))
    assert streaming.take() == b""
    streaming.heed(IDLE)
    streaming.heed(IDLE)
    assert streaming.phase is Phase.DONE


def test_the_first_error_names_its_line_and_nothing_more_is_sent():
    streaming = Streaming(iter([b"G21", b"G5", b"G1X1", *[b"G1X2"] * 50]))
    streaming.take()
    streaming.heed(Ok())
    streaming.heed(ErrorLine(20))
    assert streaming.phase is Phase.REFUSED
    assert streaming.troubled_line is not None
    assert (streaming.troubled_line.number, streaming.troubled_line.text) == (2, b"G5")
    assert streaming.take() == b""
    streaming.heed(Ok())
    assert streaming.acknowledged == 1


def test_a_line_longer_than_the_buffer_is_refused_unsent():
    streaming = Streaming(iter([b"G21", b"G1X" + b"1" * 200]))
    assert streaming.take() == b"G21\n"
    assert streaming.phase is Phase.REFUSED
    assert streaming.troubled_line is not None
    assert streaming.troubled_line.number == 2


def test_alarms_banners_and_stops_end_it():
    for event, phase in (
        (Alarm(1), Phase.ALARM),
        (Status(state="Alarm"), Phase.ALARM),
        (Banner("Grbl", "1.1h"), Phase.LOST),
    ):
        streaming = Streaming(iter([b"G1X1"] * 50))
        streaming.take()
        streaming.heed(event)
        assert streaming.phase is phase
        assert streaming.take() == b""
        streaming.stop()
        assert streaming.phase is phase
    streaming = Streaming(iter([b"G1X1"]))
    streaming.stop()
    assert (streaming.phase, streaming.take()) == (Phase.STOPPED, b"")


def test_an_ok_for_no_line_is_a_wrong_count():
    streaming = Streaming(iter([b"G1X1"]))
    streaming.take()
    streaming.heed(Ok())
    streaming.heed(Ok())
    assert streaming.phase is Phase.MISCOUNTED


SQUARE = ["G91", "G1X5F3000", "Y5", "X-5", "Y-5", "M5"]


def test_every_fault_ends_in_its_own_phase():
    for faults, phase in (
        (Faults(), Phase.DONE),
        (Faults(refuse_line=3), Phase.REFUSED),
        (Faults(alarm_at_line=3), Phase.ALARM),
        (Faults(limit_unannounced_at=3), Phase.LOST),
        (Faults(reboot_at_line=3), Phase.LOST),
        (Faults(doubled_ok_at=3), Phase.MISCOUNTED),
        (Faults(lost_ok_at=3), Phase.SENDING),
        (Faults(garbage_at=3), Phase.SENDING),
        (Faults(silent_from_line=3), Phase.SENDING),
    ):
        streaming = stream(SQUARE, GrblBoard(faults=faults), until_s=30.0)
        assert streaming.phase is phase, faults
        if phase is Phase.SENDING:
            assert streaming.awaits_answer, faults


PHASES = {
    "refuse_line": Phase.REFUSED,
    "alarm_at_line": Phase.ALARM,
    "limit_unannounced_at": Phase.LOST,
    "reboot_at_line": Phase.LOST,
    "doubled_ok_at": Phase.MISCOUNTED,
    "lost_ok_at": Phase.SENDING,
    "garbage_at": Phase.SENDING,
    "silent_from_line": Phase.SENDING,
}
RAGGED = st.lists(
    st.one_of(
        st.sampled_from(["X1", "X-1", "G4P0.1", "M8", "M9"]),
        st.builds("X{:.{}f}".format, st.floats(-5, 5), st.integers(0, 60)),
    ),
    min_size=1,
    max_size=60,
)


@settings(max_examples=100, deadline=None)
@given(RAGGED, st.sampled_from(list(PHASES)), st.data(), st.sampled_from([0.02, 0.15, 0.5]))
def test_whatever_goes_wrong_where_the_buffer_holds_and_the_end_is_true(lines, fault, data, step_s):
    lines = ["G91G1F3000S100", *lines]
    number = data.draw(st.integers(1, len(lines)))
    board = GrblBoard(faults=Faults(**{fault: number}))
    streaming = stream(lines, board, step_s=step_s, until_s=60.0)
    assert streaming.phase is PHASES[fault]
    assert board.overflows == 0
    if fault == "refuse_line":
        assert streaming.troubled_line is not None
        assert streaming.troubled_line.number == number
    assert streaming.awaits_answer or streaming.phase is not Phase.SENDING
