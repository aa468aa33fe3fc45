"""The driver and a laser on a real pseudo-terminal: it runs, holds and stops, or says why not."""

import asyncio
import contextlib

import pytest

from drivers.grbl.driver import LOST_ANSWER_S
from drivers.grbl.firmware_faults import Faults
from fablab_hub.core.error_texts import TEXTS
from fablab_hub.core.errors import (
    AlarmError,
    FirmwareMismatchError,
    LineRefusedError,
    RunStoppedError,
    TransportError,
)
from fablab_hub.core.machines import LaserLimits, MachineState

pytestmark = pytest.mark.anyio

SQUARE = ["G21", "G90", "M4S0", "G0X10Y10", "G1X30F3000S300", "Y30", "X10", "Y10", "M5S0"]
LONG = ["G21", "G90", "M4S0", *(f"G1X{x}F600S300" for x in range(1, 300)), "M5S0"]


@contextlib.asynccontextmanager
async def running(plugged, write_program, until):
    """A run under way, with its beam on; its driver and its task are given."""
    driver = plugged.driver()
    await driver.open()
    task = asyncio.create_task(driver.run(write_program(*LONG)))
    await until(lambda: plugged.state.get("beam", 0) > 0)
    try:
        yield driver, task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await driver.close()


async def test_a_square_runs_to_its_end_and_the_beam_is_off(plug, write_program):
    plugged = plug()
    driver = plugged.driver()
    identity = await driver.open()
    assert identity.firmware == "Grbl"
    await driver.run(write_program(*SQUARE))
    status = driver.status()
    assert plugged.board.beam() == 0
    assert plugged.board.state()["position_mm"][:2] == [10, 10]
    assert status.state is MachineState.IDLE
    assert status.position_mm == (10, 10, 0)
    assert status.line == len(SQUARE)
    await driver.close()


async def test_a_hold_returns_only_when_the_beam_is_off_and_the_head_stands_still(
    plug, write_program, until
):
    plugged = plug()
    async with running(plugged, write_program, until) as (driver, _):
        await driver.hold()
        held = plugged.board.state()
        assert held["beam"] == 0
        assert not held["is_moving"]
        assert driver.status().state is MachineState.PAUSED
        await driver.resume()
        await until(lambda: plugged.board.state()["position_mm"] > held["position_mm"])
        assert driver.status().state is MachineState.BUSY


@pytest.mark.parametrize("state", ["idle", "running", "held", "alarm"])
async def test_stop_turns_the_beam_off_in_every_state(plug, write_program, until, state):
    plugged = plug(settings={22: 1} if state == "alarm" else {})
    if state in ("idle", "alarm"):
        driver = plugged.driver()
        await driver.open()
        await driver.stop()
        await driver.close()
    else:
        async with running(plugged, write_program, until) as (driver, task):
            if state == "held":
                await driver.hold()
            await driver.stop()
            with pytest.raises(RunStoppedError):
                await task
            assert driver.status().position_mm is not None, "a clean stop keeps it"
    assert plugged.board.beam() == 0
    assert not plugged.board.state()["is_moving"]


async def test_a_refused_line_stops_the_machine(plug, write_program):
    plugged = plug()
    driver = plugged.driver()
    await driver.open()
    with pytest.raises(LineRefusedError) as refused:
        await driver.run(write_program(*LONG[:20], "G99", *LONG[20:]))
    assert refused.value.code == "grbl.error-20"
    assert refused.value.fields == {"line": 21, "text": "G99"}
    assert plugged.board.beam() == 0
    assert not plugged.board.state()["is_moving"]
    await driver.close()


@pytest.mark.parametrize(
    ("faults", "error", "code"),
    [
        (Faults(reboot_at_line=30), AlarmError, "grbl.rebooted"),
        (Faults(alarm_at_line=30), AlarmError, "grbl.alarm-1"),
        (Faults(silent_from_line=30), TransportError, "driver.silent"),
        (Faults(lost_ok_at=30), TransportError, "grbl.lost-answer"),
        (Faults(doubled_ok_at=30), TransportError, "grbl.extra-answer"),
    ],
)
async def test_what_goes_wrong_in_mid_run_is_named(plug, write_program, faults, error, code):
    plugged = plug(faults=faults, speed_up=40)
    patience_s = 1.0 if faults.lost_ok_at else LOST_ANSWER_S
    laser = LaserLimits(tube_w=60, max_dwell_s=0.0)
    driver = plugged.driver(lost_answer_s=patience_s, laser=laser)
    await driver.open()
    with pytest.raises(error) as wrong:
        await driver.run(write_program(*LONG[:60]))
    assert wrong.value.code == code
    assert code in TEXTS
    await driver.close()


async def test_a_cable_pulled_in_mid_run_is_told_and_the_position_is_lost(
    plug, write_program, until
):
    plugged = plug()
    async with running(plugged, write_program, until) as (driver, task):
        plugged.unplug()
        with pytest.raises(TransportError) as lost:
            await task
        assert lost.value.code == "driver.port-lost"
        status = driver.status()
        assert (status.state, status.error_code) == (MachineState.OFFLINE, "driver.port-lost")
        assert status.position_mm is None
        with pytest.raises(TransportError) as unsure:
            await driver.stop()
        assert unsure.value.code == "driver.beam-unknown"


@pytest.mark.parametrize(
    ("settings", "fields"),
    [
        ({32: 0}, {"setting": "$32", "found": "0", "wanted": "1"}),
        ({30: 255}, {"setting": "$30", "found": "255", "wanted": "1000"}),
        ({20: 1, 22: 1, 130: 300}, {"setting": "$130", "found": "300", "wanted": "600"}),
    ],
)
async def test_a_board_that_is_set_up_otherwise_is_refused(plug, settings, fields):
    driver = plug(settings=settings).driver()
    with pytest.raises(FirmwareMismatchError) as other:
        await driver.open()
    assert other.value.fields == fields


async def test_a_locked_board_says_so_and_is_never_unlocked(plug, write_program):
    plugged = plug(settings={22: 1})
    driver = plugged.driver()
    await driver.open()
    status = driver.status()
    assert (status.state, status.error_code) == (MachineState.ALARM, "grbl.locked")
    with pytest.raises(AlarmError) as locked:
        await driver.run(write_program(*SQUARE))
    assert locked.value.code == "grbl.locked"
    assert plugged.board.state()["state"] == "Alarm"
    await driver.close()


async def test_a_board_at_work_is_stopped_when_it_is_opened(plug, write_program, until):
    plugged = plug(speed_up=1)
    async with running(plugged, write_program, until) as (driver, task):
        task.cancel()
        await driver.close()
        again = plugged.driver()
        await again.open()
        assert plugged.board.beam() == 0
        assert not plugged.board.state()["is_moving"]
        await again.close()


async def test_after_a_second_opening_the_position_is_unknown(plug):
    driver = plug().driver()
    await driver.open()
    assert driver.status().position_mm == (0, 0, 0)
    await driver.close()
    await driver.open()
    assert driver.status().position_mm is None
    await driver.close()


async def test_a_port_that_somebody_has_is_busy(plug):
    plugged = plug()
    first, second = plugged.driver(), plugged.driver()
    await first.open()
    with pytest.raises(TransportError) as busy:
        await second.open()
    assert busy.value.code == "driver.port-busy"
    await first.close()


async def test_a_port_that_is_not_there_is_missing(plug):
    plugged = plug()
    plugged.unplug()
    driver = plugged.driver()
    with pytest.raises(TransportError) as missing:
        await driver.open()
    assert missing.value.code == "driver.port-missing"
    assert driver.status().state is MachineState.OFFLINE
