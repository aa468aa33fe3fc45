"""The GRBL driver on pseudo-terminals in the cases that a workshop brings, rare ones included."""

import asyncio
import time

import pytest

from drivers.grbl import driver as grbl_driver
from drivers.grbl.firmware import GrblBoard
from drivers.grbl.firmware_faults import Faults
from drivers.transport import SerialTransport
from fablab_hub.core.errors import (
    AlarmError,
    DriverError,
    FileError,
    LineRefusedError,
    RunStoppedError,
    TransportError,
)
from fablab_hub.core.machines import LaserLimits, MachineState

pytestmark = pytest.mark.anyio

START = ("G21", "G90", "M4 S0")
SQUARE = (*START, "G1 X20 F6000 S500", "G1 Y20", "G1 X0", "G1 Y0", "M5 S0")
LONG = (*START, *("G1 X200 F3000 S500", "G1 X0") * 10, "M5 S0")
RASTER = (*START, "G1 F9000 S300", *(f"X{n % 7}.{n % 9}" for n in range(400)), "X0", "M5 S0")


class OpenDoor(GrblBoard):
    """A board whose door stays open: it does not heed a resume."""

    def receive(self, data: bytes, now_s: float) -> bytes:
        return super().receive(data.replace(b"~", b""), now_s)


class Runaway(GrblBoard):
    """A board that does not heed a hold."""

    def receive(self, data: bytes, now_s: float) -> bytes:
        return super().receive(data.replace(b"!", b""), now_s)


class StuckBeam(GrblBoard):
    """A board that stands still in a hold, with its beam on."""

    def _power_s(self) -> float:
        return 500.0 if self._word() == "Hold:0" else super()._power_s()


class SwitchedOff(GrblBoard):
    """A cable with nothing at its other end."""

    def receive(self, data: bytes, now_s: float) -> bytes:
        return b""

    def power_on(self, now_s: float) -> bytes:
        return b""


@pytest.mark.parametrize(
    "facts",
    [
        {"resets_on_open": True},
        {"resets_on_open": True, "boot_s": 1.6, "junk": b"\x00\xf0~\xff", "speed_up": 1.0},
        {"banner": "GrblHAL 1.1f ['$' or '$HELP' for help]"},
    ],
    ids=["restarts", "boot loader", "grblHAL"],
)
async def test_it_meets_boards_of_every_manner(plug, write_program, facts):
    laser = plug(**facts)
    driver = laser.driver()
    identity = await driver.open()
    assert identity.version == "1.1h.20190830:"
    await driver.run(write_program(*SQUARE))
    await driver.close()
    assert laser.board.lines == len(SQUARE)


async def test_a_board_that_waits_for_a_reset_after_an_alarm_is_met(plug, until):
    laser = plug(Faults(alarm_at_line=1))
    other = SerialTransport(str(laser.link), 115_200)
    await other.open()
    other.write(b"G21\n")
    await until(lambda: laser.board.state()["state"] == "Alarm")
    await other.close()
    driver = laser.driver()
    await driver.open()
    assert driver.status().state is MachineState.ALARM
    await driver.close()


async def test_half_a_line_that_somebody_left_is_never_run(plug, until):
    laser = plug()
    other = SerialTransport(str(laser.link), 115_200)
    await other.open()
    other.write(b"G91\nG0 X10")
    await until(lambda: laser.board.lines == 1)
    await other.close()
    driver = laser.driver()
    await driver.open()
    await driver.close()
    assert laser.board.state()["position_mm"] == [0, 0, 0]


@pytest.mark.parametrize("lines", [b"M3 S500\nG1 F1000\n", b"G91\nM3 S500\nG1 X300 F1000\n"])
async def test_a_beam_that_somebody_left_on_is_put_out_when_it_opens(plug, until, lines):
    laser = plug()
    other = SerialTransport(str(laser.link), 115_200)
    await other.open()
    other.write(lines)
    await until(lambda: laser.board.state()["beam"] == 0.5)
    await other.close()
    driver = laser.driver()
    await driver.open()
    state = laser.board.state()
    await driver.close()
    assert (state["beam"], state["is_moving"], state["state"]) == (0, False, "Idle")


async def test_a_program_runs_and_ends_when_motion_has_ended(plug, write_program):
    laser = plug()
    driver = laser.driver()
    await driver.open()
    began_s = time.monotonic()
    await driver.run(write_program(*SQUARE))
    took_s = time.monotonic() - began_s
    state, status = laser.board.state(), driver.status()
    await driver.close()
    assert not state["is_moving"]
    assert state["position_mm"] == [0, 0, 0]
    assert (state["lines"], state["beam"], state["overflows"]) == (len(SQUARE), 0, 0)
    assert took_s >= 80 / 100 / 4  # four sides at 100 mm/s, four times faster than the clock
    assert (status.state, status.line, status.fraction) == (MachineState.IDLE, len(SQUARE), 1.0)


async def test_many_short_lines_never_overflow_and_all_arrive(plug, write_program):
    laser = plug(speed_up=20.0)
    driver = laser.driver()
    await driver.open()
    await driver.run(write_program(*RASTER))
    await driver.run(write_program(*RASTER))
    state = laser.board.state()
    await driver.close()
    assert (state["lines"], state["overflows"]) == (2 * len(RASTER), 0)


async def test_progress_and_position_are_told_during_a_run(plug, write_program, until):
    laser = plug()
    driver = laser.driver()
    await driver.open()
    run = asyncio.create_task(driver.run(write_program(*LONG)))
    await until(lambda: (driver.status().position_mm or (0,))[0] > 50)
    status = driver.status()
    await driver.stop()
    await asyncio.gather(run, return_exceptions=True)
    await driver.close()
    assert status.state is MachineState.BUSY
    assert 3 < status.line < len(LONG)
    assert status.fraction == status.line / len(LONG)
    assert status.power == pytest.approx(0.5, abs=0.01)


async def test_a_held_run_goes_on_to_its_end(plug, write_program, until):
    laser = plug(speed_up=10.0)
    driver = laser.driver()
    await driver.open()
    run = asyncio.create_task(driver.run(write_program(*LONG[:7], "G1 X0", "M5 S0")))
    await until(lambda: laser.board.state()["beam"] > 0)
    for _ in range(3):
        await driver.hold()
        await driver.resume()
    await run
    await driver.close()
    assert laser.board.lines == 9
    assert laser.board.state()["position_mm"] == [0, 0, 0]


async def test_m3_is_held_dark_as_well(plug, write_program, until):
    laser = plug()
    driver = laser.driver()
    await driver.open()
    lines = ("G91", "M3 S500", *("G1 X200 F3000", "G1 X-200") * 4, "M5 S0")
    run = asyncio.create_task(driver.run(write_program(*lines)))
    await until(lambda: laser.board.state()["beam"] == 0.5)
    await driver.hold()
    assert laser.board.state()["beam"] == 0
    await driver.stop()
    await asyncio.gather(run, return_exceptions=True)
    await driver.close()


async def test_a_hold_right_at_the_start_is_not_fooled_by_a_report_from_before(plug, write_program):
    laser = plug()
    driver = laser.driver()
    await driver.open()
    run = asyncio.create_task(driver.run(write_program(*LONG)))
    await asyncio.sleep(0)
    await driver.hold()
    assert laser.board.state()["state"] == "Hold:0"
    assert laser.board.state()["beam"] == 0
    await driver.stop()
    await asyncio.gather(run, return_exceptions=True)
    await driver.close()


@pytest.mark.parametrize("kind", [Runaway, StuckBeam])
async def test_a_hold_that_cannot_be_seen_to_be_safe_says_so(
    plug, write_program, until, monkeypatch, kind
):
    monkeypatch.setattr(grbl_driver, "STANDSTILL_S", 1.0)
    monkeypatch.setattr(grbl_driver, "ANSWER_S", 1.0)
    laser = plug(kind=kind)
    driver = laser.driver()
    await driver.open()
    run = asyncio.create_task(driver.run(write_program(*LONG)))
    await until(lambda: laser.board.state()["beam"] > 0)
    with pytest.raises(TransportError) as raised:
        await driver.hold()
    assert raised.value.code == "driver.beam-unknown"
    await driver.stop()
    assert laser.board.state()["beam"] == 0
    assert not laser.board.state()["is_moving"]
    await asyncio.gather(run, return_exceptions=True)
    await driver.close()


async def test_a_door_that_stays_open_keeps_the_machine_where_it_is(plug, write_program, until):
    laser = plug(kind=OpenDoor)
    driver = laser.driver()
    await driver.open()
    run = asyncio.create_task(driver.run(write_program(*LONG)))
    await until(lambda: laser.board.state()["beam"] > 0)
    await driver.hold()
    with pytest.raises(DriverError) as raised:
        await driver.resume()
    assert raised.value.code == "grbl.still-held"
    assert raised.value.fields == {"state": "Hold:0"}
    await driver.stop()
    await asyncio.gather(run, return_exceptions=True)
    await driver.close()


# --- stop ---------------------------------------------------------------------------------


@pytest.mark.parametrize("when", ["slowing", "dwelling", "after an alarm"])
async def test_a_stop_comes_at_any_moment(plug, write_program, until, when):
    laser = plug(Faults(alarm_at_line=6) if when == "after an alarm" else None, speed_up=2.0)
    driver = laser.driver()
    await driver.open()
    lines = (*START, "G1 X10 F6000 S500", "G4 P5", "M5 S0") if when == "dwelling" else LONG
    run = asyncio.create_task(driver.run(write_program(*lines)))
    holding = None
    match when:
        case "slowing":
            await until(lambda: laser.board.state()["beam"] == 0.5)
            holding = asyncio.create_task(driver.hold())
            await until(lambda: laser.board.state()["state"] == "Hold:1")
        case "dwelling":
            await until(lambda: laser.board.state()["position_mm"][0] == 10)
        case "after an alarm":
            # Told by the driver: a stop that overtakes the board's word ends the run as stopped.
            await until(lambda: driver.status().state is MachineState.ALARM)
    began_s = time.monotonic()
    await driver.stop()
    took_s = time.monotonic() - began_s
    state = laser.board.state()
    assert (state["beam"], state["is_moving"]) == (0, False)
    assert state["state"] == ("Alarm" if when == "after an alarm" else "Idle")
    assert took_s < 3.0
    with pytest.raises(AlarmError if when == "after an alarm" else RunStoppedError):
        await run
    if holding is not None:
        await asyncio.gather(holding, return_exceptions=True)
    await driver.close()


async def test_two_stops_at_once_are_one_and_no_run_starts_meanwhile(plug, write_program, until):
    laser = plug()
    driver = laser.driver()
    await driver.open()
    program = write_program(*LONG)
    run = asyncio.create_task(driver.run(program))
    await until(lambda: laser.board.state()["beam"] > 0)
    stops = [asyncio.create_task(driver.stop()) for _ in range(3)]
    await asyncio.sleep(0.01)
    with pytest.raises(RunStoppedError):
        await driver.run(program)
    await asyncio.gather(*stops)
    assert laser.board.state()["state"] == "Idle"
    with pytest.raises(RunStoppedError):
        await run
    await driver.close()


async def test_a_stop_that_cannot_see_the_beam_off_says_so(plug, write_program, until):
    laser = plug(Faults(silent_from_line=5))
    driver = laser.driver()
    await driver.open()
    run = asyncio.create_task(driver.run(write_program(*LONG)))
    await until(lambda: laser.board.lines >= 5)
    with pytest.raises(TransportError) as raised:
        await driver.stop()
    assert raised.value.code == "driver.beam-unknown"
    with pytest.raises(TransportError):
        await run
    assert driver.status().state is MachineState.OFFLINE
    await driver.close()


async def test_a_stop_on_a_closed_port_does_not_say_that_all_is_well(plug):
    driver = plug().driver()
    with pytest.raises(TransportError) as raised:
        await driver.stop()
    assert raised.value.code == "driver.beam-unknown"


# --- what goes wrong ----------------------------------------------------------------------


async def test_a_line_that_the_board_cannot_hold_is_never_sent(plug, write_program):
    laser = plug()
    driver = laser.driver()
    await driver.open()
    with pytest.raises(LineRefusedError) as raised:
        await driver.run(write_program(*START, "G1 X1." + "0" * 200))
    assert (raised.value.code, raised.value.fields["line"]) == ("grbl.error-11", 4)
    assert laser.board.overflows == 0
    await driver.close()


async def test_an_alarm_ends_the_run_and_silence_after_it_is_no_dead_port(
    plug, write_program, until
):
    laser = plug(Faults(alarm_at_line=6))
    driver = laser.driver()
    await driver.open()
    with pytest.raises(AlarmError) as raised:
        await driver.run(write_program(*LONG))
    assert raised.value.code == "grbl.alarm-1"
    heard_s = time.monotonic()
    await until(lambda: time.monotonic() - heard_s > 3.0)  # longer than a port may be silent
    status = driver.status()
    assert (status.state, status.error_code) == (MachineState.ALARM, "grbl.alarm-1")
    assert status.position_mm is None
    with pytest.raises(AlarmError):
        await driver.run(write_program(*SQUARE))
    await driver.stop()
    assert laser.board.state()["state"] == "Alarm"  # reset, and still locked
    assert driver.status().state is MachineState.ALARM
    await driver.close()


@pytest.mark.parametrize("faults", [Faults(reboot_at_line=6), Faults(limit_unannounced_at=6)])
async def test_an_unasked_banner_means_that_the_job_is_lost(plug, write_program, faults):
    laser = plug(faults)
    driver = laser.driver()
    await driver.open()
    with pytest.raises(AlarmError) as raised:
        await driver.run(write_program(*LONG))
    assert raised.value.code == "grbl.rebooted"
    assert driver.status().position_mm is None
    await driver.close()


async def test_a_beam_that_stays_on_after_the_last_line_is_put_out(plug, write_program):
    laser = plug()
    driver = laser.driver()
    await driver.open()
    await driver.run(write_program("G91", "M3 S500", "G1 X10 F6000"))
    assert laser.board.state()["beam"] == 0
    await driver.close()


async def test_a_program_that_is_gone_starts_nothing(plug, write_program):
    laser = plug()
    driver = laser.driver()
    await driver.open()
    program = write_program(*SQUARE)
    program.path.unlink()
    with pytest.raises(FileError):
        await driver.run(program)
    assert laser.board.lines == 0
    await driver.close()


async def test_a_dwell_longer_than_a_lost_answer_is_waited_for(plug, write_program):
    laser = plug(speed_up=1.0)
    driver = laser.driver(laser=LaserLimits(tube_w=60, max_dwell_s=6.0))
    await driver.open()
    await driver.run(write_program("G4 P5", "G91", "G0 X1"))
    assert laser.board.state()["position_mm"] == [1, 0, 0]
    await driver.close()


# --- who may run --------------------------------------------------------------------------


async def test_work_positions_become_machine_positions(plug, write_program):
    laser = plug(settings={10: 0})
    driver = laser.driver()
    await driver.open()
    await driver.run(write_program("G90", "G0 X30", "G92 X5", "G0 X10"))
    assert driver.status().position_mm == (35, 0, 0)
    await driver.close()


async def test_nothing_answers_where_no_board_is(plug):
    driver = plug(kind=SwitchedOff).driver()
    with pytest.raises(TransportError) as raised:
        await driver.open()
    assert raised.value.code == "driver.silent"
    assert driver.status().state is MachineState.OFFLINE
