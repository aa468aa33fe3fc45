"""What nobody asked for: a reset button, a lid, noise, inches, and a line that is gone."""

import asyncio

import pytest

from drivers.grbl.firmware import GrblBoard
from drivers.grbl.firmware_faults import Faults
from fablab_hub.core.error_texts import TEXTS
from fablab_hub.core.errors import FirmwareMismatchError, RunStoppedError, TransportError
from fablab_hub.core.machines import LaserLimits, MachineState

pytestmark = pytest.mark.anyio


class ResetButton(GrblBoard):
    """A board with somebody's finger on its reset button."""

    is_pressed = False

    def tick(self, now_s: float) -> bytes:
        said = super().tick(now_s)
        if self.is_pressed:
            self.is_pressed = False
            said += self.power_on(now_s)
        return said


class Lid(GrblBoard):
    """A board with a lid switch on its door pin."""

    is_lifted = False

    def tick(self, now_s: float) -> bytes:
        said = super().tick(now_s)
        if self.is_lifted:
            self.is_lifted = False
            said += self.receive(b"\x84", now_s)
        return said


class Touched(GrblBoard):
    """A board whose end switch is touched while it stands idle."""

    is_touched = False

    def tick(self, now_s: float) -> bytes:
        said = super().tick(now_s)
        if self.is_touched:
            self.is_touched = False
            said += self._alarm(1)
        return said


class Noisy(GrblBoard):
    """A line that carries nothing but noise once it is disturbed."""

    is_disturbed = False

    def receive(self, data: bytes, now_s: float) -> bytes:
        said = super().receive(data, now_s)
        return b"\xf0\x0fz\r\n" if self.is_disturbed else said


async def test_a_board_that_somebody_reset_no_longer_knows_where_its_head_is(plug, until):
    laser = plug(kind=ResetButton)
    driver = laser.driver()
    await driver.open()
    assert driver.status().position_mm == (0, 0, 0)
    laser.board.is_pressed = True
    await until(lambda: driver.status().position_mm is None)
    await driver.stop()
    assert driver.status().position_mm is None
    await driver.close()


async def test_an_alarm_at_rest_loses_the_position_and_a_stop_does_not_bring_it_back(plug, until):
    laser = plug(kind=Touched)
    driver = laser.driver()
    await driver.open()
    laser.board.is_touched = True
    await until(lambda: driver.status().state is MachineState.ALARM)
    assert driver.status().error_code == "grbl.alarm-1"
    await driver.stop()
    assert driver.status().position_mm is None
    await driver.close()


@pytest.mark.parametrize("act", ["resume", "stop"])
async def test_a_lifted_lid_pauses_and_a_person_decides(plug, write_program, until, act):
    laser = plug(kind=Lid)
    driver = laser.driver()
    await driver.open()
    lines = ("G21", "G91", "M4S0", *("G1X200F3000S500", "G1X-200") * 5, "M5S0")
    run = asyncio.create_task(driver.run(write_program(*lines)))
    await until(lambda: laser.state.get("beam") == 0.5)
    laser.board.is_lifted = True
    await until(lambda: laser.state["state"] == "Door:0")
    await until(lambda: driver.status().state is MachineState.PAUSED)
    assert (laser.state["beam"], laser.state["is_moving"]) == (0, False)
    if act == "resume":
        await driver.resume()
        await until(lambda: laser.state["beam"] == 0.5)
    await driver.stop()
    with pytest.raises(RunStoppedError):
        await run
    await until(lambda: laser.state["state"] == "Idle")
    assert (laser.state["beam"], laser.state["is_moving"]) == (0, False)
    await driver.close()


async def test_noise_is_no_sign_of_life(plug, until):
    laser = plug(kind=Noisy)
    driver = laser.driver()
    await driver.open()
    laser.board.is_disturbed = True
    await until(lambda: driver.status().state is MachineState.OFFLINE)
    assert driver.status().error_code == "driver.silent"
    with pytest.raises(TransportError) as unsure:
        await driver.stop()
    assert unsure.value.code == "driver.beam-unknown"
    await driver.close()


async def test_a_board_that_reports_inches_is_refused(plug):
    driver = plug(settings={13: 1}).driver()
    with pytest.raises(FirmwareMismatchError) as other:
        await driver.open()
    assert other.value.fields == {"setting": "$13", "found": "1", "wanted": "0"}


async def test_every_act_on_a_line_that_is_gone_says_so(plug, write_program, until):
    laser = plug()
    driver = laser.driver()
    await driver.open()
    laser.unplug()
    await until(lambda: driver.status().state is MachineState.OFFLINE)
    for act, code in (
        (lambda: driver.run(write_program("G21")), "driver.port-lost"),
        (driver.hold, "driver.port-lost"),
        (driver.resume, "driver.port-lost"),
        (driver.stop, "driver.beam-unknown"),
    ):
        with pytest.raises(TransportError) as lost:
            await act()
        assert lost.value.code == code
        assert code in TEXTS
    await driver.close()


async def test_a_cable_pulled_while_held_is_told_to_the_resume(plug, write_program, until):
    laser = plug()
    driver = laser.driver()
    await driver.open()
    await driver.hold()
    laser.unplug()
    with pytest.raises(TransportError) as lost:
        await driver.resume()
    assert lost.value.code == "driver.port-lost"
    await driver.close()


async def test_a_garbled_ok_ends_as_a_lost_one(plug, write_program):
    laser = plug(Faults(garbage_at=3), speed_up=40)
    driver = laser.driver(lost_answer_s=1.0, laser=LaserLimits(tube_w=60, max_dwell_s=0.0))
    await driver.open()
    with pytest.raises(TransportError) as lost:
        await driver.run(write_program("G21", "G91", "G1X1F600", "G1X1"))
    assert lost.value.code == "grbl.lost-answer"
    assert (laser.board.state()["beam"], laser.board.state()["is_moving"]) == (0, False)
    await driver.close()
