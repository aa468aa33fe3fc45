"""The Marlin dialogue against the simulated board, called directly: no port, no waiting."""

from dataclasses import dataclass, field

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from drivers.marlin.codec import Busy, Heat, Ok, Reader, Resend, Wait, decode
from drivers.marlin.dialogue import MILESTONE, Dialogue, Patience
from drivers.marlin.firmware import Faults, MarlinFirmware
from drivers.marlin.firmware_commands import Build
from fablab_hub.core.errors import TransportError

STEPS = 24
PROGRAM = (b"G91", *(b"G1 X1 F6000",) * STEPS)


@dataclass
class Exchange:
    """A dialogue with a board, on a clock that is advanced."""

    board: MarlinFirmware
    patience: Patience = field(default_factory=Patience)
    now_s: float = 0.0
    sent: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.board.power_on(0.0)
        self.reader = Reader()
        self.dialogue = Dialogue(0.0, self.patience)
        self.carry(self.dialogue.begin())

    def carry(self, data: bytes) -> None:
        """Take bytes to the board, its answers back, and so on until nobody has more to say."""
        while data:
            self.sent += data.splitlines()
            data = self.hear(self.board.receive(data, self.now_s))

    def hear(self, said: bytes) -> bytes:
        return b"".join(
            self.dialogue.hear(event, self.now_s) for _, event in self.reader.feed(said)
        )

    def wait(self) -> None:
        """Let a little time pass."""
        self.now_s += 0.25
        self.carry(self.hear(self.board.tick(self.now_s)))
        self.carry(self.dialogue.tick(self.now_s))

    def ask(self, text: bytes, *, counts: bool = False) -> None:
        self.wait_until(lambda: self.dialogue.may_send(text))
        self.carry(self.dialogue.send(text, self.now_s, counts=counts))

    def wait_until(self, is_so, within_s: float = 600.0) -> None:
        limit_s = self.now_s + within_s
        while not is_so():
            assert self.now_s < limit_s, "the dialogue hangs"
            self.wait()

    def finish(self) -> None:
        for text in (b"M400", MILESTONE):
            self.ask(text)
            self.wait_until(lambda: self.dialogue.is_quiet)


def play(faults: Faults, build: Build | None = None) -> Exchange:
    patience = Patience(silent_s=300.0)  # four answers in a row may be lost here
    exchange = Exchange(MarlinFirmware(build, faults), patience)
    exchange.wait_until(lambda: exchange.dialogue.is_quiet)
    exchange.ask(MILESTONE)
    for line in PROGRAM:
        exchange.ask(line, counts=True)
    exchange.finish()
    return exchange


def test_every_line_is_obeyed_once_and_acknowledged():
    exchange = play(Faults())
    assert exchange.board.state()["position_mm"] == [STEPS, 0, 0]
    assert exchange.dialogue.acknowledged == len(PROGRAM)


some_lines = st.lists(st.integers(1, STEPS + 6), max_size=4).map(tuple)


@given(some_lines, some_lines, some_lines, some_lines, some_lines, st.booleans())
@example((5, 6, 7), (8,), (9,), (10,), (11,), False)
@example((), (), (STEPS + 4, STEPS + 5), (), (), False)
@example((1, 2), (1,), (1, 2), (2,), (1,), True)
@example((), (STEPS + 4, STEPS + 5), (), (STEPS + 3,), (), False)
def test_whatever_gets_lost_every_motion_is_made_once_and_has_ended(
    resend_at, lost_line_at, lost_ok_at, doubled_ok_at, garbage_at, has_advanced_ok
):
    faults = Faults(
        resend_at=resend_at,
        lost_line_at=lost_line_at,
        lost_ok_at=lost_ok_at,
        doubled_ok_at=doubled_ok_at,
        garbage_at=garbage_at,
    )
    exchange = play(faults, Build(has_advanced_ok=has_advanced_ok))
    state = exchange.board.state()
    assert state["moves"] == STEPS
    assert state["position_mm"] == [STEPS, 0, 0]
    assert not state["is_moving"]
    assert exchange.dialogue.acknowledged == len(PROGRAM)


def test_one_line_is_in_flight_on_a_board_that_says_no_more():
    dialogue = Dialogue(0.0)
    dialogue.begin()
    assert not dialogue.may_send(b"G28")
    dialogue.hear(Ok(), 0.1)
    assert dialogue.may_send(b"G28")
    dialogue.send(b"G28", 0.2)
    assert not dialogue.may_send(b"G28")


def test_a_board_that_tells_its_places_gets_as_many_lines_and_never_more_than_its_buffer_holds():
    dialogue = Dialogue(0.0)
    dialogue.begin()
    dialogue.hear(Ok(number=0, free_commands=4), 0.1)
    sizes = []
    while dialogue.may_send(b"G1 X100.123 Y100.123 E1.12345"):
        sizes.append(len(dialogue.send(b"G1 X100.123 Y100.123 E1.12345", 0.2)))
    assert len(sizes) > 1
    assert sum(sizes) <= 127


def test_the_ok_of_a_resend_acknowledges_nothing():
    dialogue = Dialogue(0.0)
    dialogue.begin()
    dialogue.hear(Ok(), 0.0)
    line = dialogue.send(b"G1 X1", 0.1, counts=True)
    assert dialogue.hear(Resend(1), 0.2) == b""
    assert dialogue.hear(Ok(), 0.3) == line
    assert dialogue.acknowledged == 0
    dialogue.hear(Ok(), 0.4)
    assert dialogue.acknowledged == 1


def test_a_resend_without_its_ok_is_obeyed_all_the_same():
    dialogue = Dialogue(0.0)
    dialogue.begin()
    dialogue.hear(Ok(), 0.0)
    line = dialogue.send(b"G1 X1", 0.1)
    dialogue.hear(Resend(1), 0.2)
    assert dialogue.tick(0.3) == b""
    assert dialogue.tick(1.5) == line


def test_an_overdue_answer_is_asked_for_by_a_question_not_by_the_motion_again():
    dialogue = Dialogue(0.0)
    dialogue.begin()
    dialogue.hear(Ok(), 0.0)
    dialogue.send(b"G1 X1", 0.0, counts=True)
    assert dialogue.tick(9.9) == b""
    assert b"M105" in dialogue.tick(10.1)
    dialogue.hear(decode(b"ok T:20.0 /0.0 B:20.0 /0.0 @:0 B@:0"), 10.2)
    assert dialogue.acknowledged == 1
    assert dialogue.is_quiet


@pytest.mark.parametrize("sign", [Busy("processing"), decode(b" T:30.0 /200.0 @:127 W:?")])
def test_a_board_that_says_it_is_busy_is_left_in_peace(sign):
    dialogue = Dialogue(0.0)
    dialogue.begin()
    dialogue.hear(Ok(), 0.0)
    dialogue.send(b"M109 S200", 0.0)
    for second in range(2, 600, 2):
        dialogue.hear(sign, float(second))
        assert dialogue.tick(second + 1.0) == b""
    assert not dialogue.is_quiet


def test_temperatures_that_come_by_themselves_are_no_answer():
    dialogue = Dialogue(0.0)
    dialogue.begin()
    dialogue.hear(Ok(), 0.0)
    dialogue.send(b"G1 X1", 0.0)
    report = decode(b" T:20.0 /0.0 B:20.0 /0.0 @:0 B@:0")
    assert isinstance(report, Heat)
    dialogue.hear(report, 1.0)
    assert not dialogue.may_send(b"G1 X2")


def test_a_doubled_ok_does_not_answer_a_question():
    dialogue = Dialogue(0.0, is_answered_inline=True)
    dialogue.begin()
    dialogue.hear(Ok(), 0.0)
    dialogue.send(b"M400", 0.0)
    dialogue.hear(Ok(), 0.1)
    dialogue.send(MILESTONE, 0.2)
    dialogue.hear(Ok(), 0.3)
    assert not dialogue.is_quiet
    dialogue.tick(11.0)
    dialogue.tick(22.0)
    assert not dialogue.is_quiet


def test_a_board_that_waits_for_us_is_asked_at_once():
    dialogue = Dialogue(0.0)
    dialogue.begin()
    dialogue.hear(Ok(), 0.0)
    dialogue.send(b"G1 X1", 0.0)
    assert b"M105" in dialogue.hear(Wait(), 1.0)
    assert dialogue.hear(Wait(), 2.0) == b""


def test_old_boards_that_say_ok_before_the_temperatures_do_not_block_the_line():
    dialogue = Dialogue(0.0)
    dialogue.begin()
    dialogue.hear(Ok(), 0.0)
    dialogue.send(b"G1 X1", 0.0, counts=True)
    dialogue.tick(10.1)
    dialogue.hear(Ok(), 10.2)
    assert dialogue.acknowledged == 1
    dialogue.tick(30.0)
    assert dialogue.may_send(b"G1 X2")


@pytest.mark.parametrize(("text", "limit_s"), [(b"G1 X1", 30), (b"M109 S200", 900)])
def test_silence_ends_the_line_sooner_or_later(text, limit_s):
    dialogue = Dialogue(0.0)
    dialogue.begin()
    dialogue.hear(Ok(), 0.0)
    dialogue.send(text, 0.0)
    for second in range(limit_s):
        dialogue.tick(float(second))
    with pytest.raises(TransportError, match=r"marlin\.silent"):
        dialogue.tick(limit_s + 1.0)


def test_the_same_line_lost_for_ever_ends_the_run():
    dialogue = Dialogue(0.0)
    dialogue.begin()
    dialogue.hear(Ok(), 0.0)
    dialogue.send(b"G1 X1", 0.0)
    with pytest.raises(TransportError, match=r"marlin\.noise"):
        for _ in range(100):
            dialogue.hear(Resend(1), 0.0)
            dialogue.hear(Ok(), 0.0)


@pytest.mark.parametrize("number", [0, 7, 10_000])
def test_a_line_that_was_never_sent_cannot_be_sent_again(number):
    dialogue = Dialogue(0.0)
    dialogue.begin()
    dialogue.hear(Ok(), 0.0)
    dialogue.send(b"G1 X1", 0.0)
    with pytest.raises(TransportError, match=r"marlin\.lost-count"):
        dialogue.hear(Resend(number), 0.0)
