"""What the driver puts on the wire by itself: questions, holds and resets, and nothing else."""

import asyncio
import re

import pytest

from drivers.grbl.firmware import GrblBoard
from drivers.grbl.firmware_faults import Faults
from fablab_hub.core.errors import AlarmError, DriverError

pytestmark = pytest.mark.anyio

LINES = ("G21", "G91", "M4S0", *("G1X200F3000S500", "G1X-200") * 5, "M5S0")
HARMLESS = re.compile(rb"(?:[?!\x18]|\$I\n|\$\$\n)*")
"""Status questions, feed holds, soft resets, and the two questions that are asked at opening."""


class Tapped(GrblBoard):
    """A board that keeps every byte that it was sent."""

    heard = b""

    def receive(self, data: bytes, now_s: float) -> bytes:
        self.heard += data
        return super().receive(data, now_s)


def by_itself(heard: bytes) -> bytes:
    """Leave out the program's own lines."""
    without_questions = heard.replace(b"?", b"")
    for line in sorted(set(LINES), key=len, reverse=True):
        without_questions = without_questions.replace(line.encode() + b"\n", b"")
    return without_questions


@pytest.mark.parametrize("settings", [{}, {22: 1}], ids=["unlocked", "locked"])
async def test_opening_a_board_only_asks_holds_and_resets(plug, write_program, settings):
    laser = plug(kind=Tapped, settings=settings)
    driver = laser.driver()
    await driver.open()
    if settings:
        with pytest.raises(AlarmError):
            await driver.run(write_program(*LINES))
    await driver.stop()
    await driver.close()
    assert b"$I\n" in laser.board.heard
    assert HARMLESS.fullmatch(laser.board.heard), laser.board.heard


@pytest.mark.parametrize("field", ["alarm_at_line", "reboot_at_line", "refuse_line"])
async def test_after_a_run_that_failed_nothing_is_unlocked_homed_or_resumed(
    plug, write_program, field
):
    laser = plug(Faults(**{field: 5}), kind=Tapped)
    driver = laser.driver()
    await driver.open()
    with pytest.raises(DriverError):
        await driver.run(write_program(*LINES))
    await driver.stop()
    await driver.close()
    assert b"G1X200F3000S500\n" in laser.board.heard
    assert HARMLESS.fullmatch(by_itself(laser.board.heard)), laser.board.heard


async def test_only_a_person_who_resumes_sends_a_resume(plug, write_program, until):
    laser = plug(kind=Tapped)
    driver = laser.driver()
    await driver.open()
    run = asyncio.create_task(driver.run(write_program(*LINES)))
    await until(lambda: laser.board.beam() > 0)
    await driver.hold()
    assert b"~" not in laser.board.heard
    await driver.resume()
    assert laser.board.heard.count(b"~") == 1
    await driver.hold()
    await driver.stop()
    await asyncio.gather(run, return_exceptions=True)
    await driver.close()
    assert laser.board.heard.count(b"~") == 1


async def test_a_pulled_and_replaced_board_is_not_resumed_when_it_is_opened_again(
    plug, write_program, until
):
    laser = plug(kind=Tapped)
    driver = laser.driver()
    await driver.open()
    run = asyncio.create_task(driver.run(write_program(*LINES)))
    await until(lambda: laser.board.beam() > 0)
    await driver.hold()
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)
    await driver.close()
    laser.board.heard = b""
    await driver.open()
    await driver.close()
    assert HARMLESS.fullmatch(laser.board.heard), laser.board.heard
    assert (laser.board.beam(), laser.board.state()["is_moving"]) == (0, False)
