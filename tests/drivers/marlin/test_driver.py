"""The Marlin driver on pseudo-terminals, through pyserial, against simulated boards."""

import asyncio
import hashlib
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from drivers.marlin.dialogue import Patience
from drivers.marlin.driver import MarlinDriver, Timing
from drivers.marlin.firmware import Faults, MarlinFirmware
from drivers.marlin.firmware_commands import Build
from fablab_hub.core.errors import (
    AlarmError,
    FirmwareMismatchError,
    LineRefusedError,
    RunStoppedError,
    TransportError,
)
from fablab_hub.core.machines import MachineState
from fablab_hub.core.programs import Program

pytestmark = pytest.mark.anyio

SQUARE = ("G28", "G91", *("G1 X10 F6000", "G1 Y10", "G1 X-10", "G1 Y-10") * 5, "G1 X3 Y4")
OPENING_LINES = 4
"""What `open` sends: M110, M115, M155, M105."""
BEGIN_LINES = 3
"""What `run` sends before the program: M110, M155, M105."""
FIRST = OPENING_LINES + BEGIN_LINES + 1
"""Count of the first line of the first program."""


def write_program(folder: Path, *lines: str) -> Program:
    data = "".join(f"{line}\n" for line in lines).encode()
    path = folder / "program.gcode"
    path.write_bytes(data)
    sha256 = hashlib.sha256(data).hexdigest()
    return Program(path=path, sha256=sha256, lines=len(lines), duration_s=1.0)


async def until(is_so: Callable[[], bool], within_s: float = 10.0) -> None:
    async with asyncio.timeout(within_s):
        while not is_so():  # noqa: ASYNC110 - nothing tells when it is so
            await asyncio.sleep(0.01)


async def test_it_says_who_it_is_and_moves_and_heats_nothing(plug):
    printer = plug()
    driver = printer.driver()
    identity = await driver.open()
    status = driver.status()
    await driver.close()
    assert identity.firmware == "Marlin"
    assert identity.version.startswith("2.0.9.7")
    assert "EMERGENCY_PARSER" in identity.options
    assert status.state is MachineState.IDLE
    assert status.temperatures is not None
    assert status.temperatures.nozzle_target_c == 0
    assert printer.state["moves"] == 0
    assert printer.state["nozzle_target_c"] == 0


@pytest.mark.parametrize("resets_on_open", [False, True])
async def test_it_opens_a_board_that_restarts_when_the_port_opens_and_one_that_does_not(
    plug, resets_on_open
):
    driver = plug(resets_on_open=resets_on_open).driver()
    await driver.open()
    assert driver.status().state is MachineState.IDLE
    await driver.close()


async def test_a_run_ends_when_motion_has_ended_and_every_line_was_obeyed_once(plug, tmp_path):
    printer = plug()
    driver = printer.driver()
    await driver.open()
    await driver.run(write_program(tmp_path, *SQUARE))
    assert not printer.state["is_moving"]
    assert printer.state["position_mm"] == [3.0, 4.0, 0.0]
    assert printer.state["moves"] == 21
    status = driver.status()
    assert (status.state, status.line) == (MachineState.IDLE, len(SQUARE))
    assert status.position_mm == (3.0, 4.0, 0.0)
    await driver.close()


async def test_a_second_run_starts_counting_again(plug, tmp_path):
    printer = plug()
    driver = printer.driver()
    await driver.open()
    await driver.run(write_program(tmp_path, *SQUARE))
    await driver.run(write_program(tmp_path, "G90", "G1 X50 F9000"))
    assert printer.state["position_mm"] == [50.0, 4.0, 0.0]
    assert driver.status().line == 2
    await driver.close()


@pytest.mark.parametrize(
    "faults",
    [
        Faults(resend_at=(FIRST + 3,)),
        Faults(resend_at=(FIRST + 3, FIRST + 4, FIRST + 5)),
        Faults(lost_ok_at=(FIRST + 5,)),
        Faults(lost_line_at=(FIRST + 5,)),
        Faults(doubled_ok_at=(FIRST + 4, FIRST + 6)),
        Faults(garbage_at=(FIRST + 7,)),
        Faults(doubled_ok_at=tuple(range(FIRST + len(SQUARE) - 3, FIRST + len(SQUARE) + 1))),
        Faults(lost_ok_at=(FIRST + len(SQUARE), FIRST + len(SQUARE) + 1)),
        Faults(lost_ok_at=(1,), garbage_at=(2,)),
    ],
    ids=lambda faults: repr(faults).replace("()", ""),
)
async def test_a_bad_line_to_the_board_changes_nothing_in_what_is_made(plug, tmp_path, faults):
    printer = plug(faults)
    driver = printer.driver()
    await driver.open()
    await driver.run(write_program(tmp_path, *SQUARE))
    assert printer.state["position_mm"] == [3.0, 4.0, 0.0]
    assert printer.state["moves"] == 21
    assert not printer.state["is_moving"]
    await driver.close()


class LateDouble(MarlinFirmware):
    """A board whose doubled `ok`s come late: just when the end of motion is waited for."""

    def receive(self, data: bytes, now_s: float) -> bytes:
        early = b"ok\n" if b"M400" in data or b"M114" in data else b""
        return early + super().receive(data, now_s)


async def test_an_ok_too_many_does_not_end_a_run_while_the_printer_still_moves(plug, tmp_path):
    printer = plug(board=LateDouble(), speed_up=2.0)
    driver = printer.driver()
    await driver.open()
    await driver.run(write_program(tmp_path, "G1 X150 F6000", "G1 X0", "G1 X50"))
    assert not printer.state["is_moving"]
    assert printer.state["position_mm"] == [50.0, 0.0, 0.0]
    await driver.close()


async def test_a_board_with_places_for_more_lines_gets_them(plug, tmp_path):
    printer = plug(build=Build(has_advanced_ok=True))
    driver = printer.driver()
    await driver.open()
    await driver.run(write_program(tmp_path, *SQUARE))
    assert printer.state["position_mm"] == [3.0, 4.0, 0.0]
    assert printer.state["moves"] == 21
    await driver.close()


async def test_a_long_heating_is_waited_for_as_long_as_the_board_says_it_is_busy(plug, tmp_path):
    patience = Patience(probe_s=0.4, resend_ok_s=0.2, silent_s=0.6, long_s=0.8)
    printer = plug(speed_up=30.0)
    driver = printer.driver(Timing(ask_s=1.0, patience=patience))
    await driver.open()
    began_s = time.monotonic()
    await driver.run(write_program(tmp_path, "M109 S200"))
    assert time.monotonic() - began_s > patience.long_s
    assert printer.state["nozzle_c"] == 200
    assert driver.status().temperatures.nozzle_target_c == 200
    await driver.close()


async def test_a_hold_lets_motion_end_keeps_the_heat_and_goes_on_where_it_was(plug, tmp_path):
    printer = plug(speed_up=5.0)
    driver = printer.driver()
    await driver.open()
    run = asyncio.create_task(driver.run(write_program(tmp_path, "M104 S60", *SQUARE, "M104 S0")))
    await until(lambda: printer.state["moves"] > 3)
    await driver.hold()
    moves = printer.state["moves"]
    held = driver.status()
    assert not printer.state["is_moving"]
    assert held.state is MachineState.PAUSED
    assert held.position_mm == tuple(printer.state["position_mm"])
    assert printer.state["nozzle_target_c"] == 60
    assert moves < 21
    await driver.resume()
    await run
    assert printer.state["moves"] == 21
    assert printer.state["position_mm"] == [3.0, 4.0, 0.0]
    await driver.close()


async def test_a_hold_without_a_run_returns_at_once(plug):
    driver = plug().driver()
    await driver.open()
    async with asyncio.timeout(0.2):
        await driver.hold()
    await driver.close()


async def test_a_stop_ends_a_long_heating_at_once(plug, tmp_path):
    printer = plug(speed_up=1.0)
    driver = printer.driver()
    await driver.open()
    program = write_program(tmp_path, "M140 S60", "M106 S255", "M109 S200", "G1 X100 F600")
    run = asyncio.create_task(driver.run(program))
    await until(lambda: printer.state["nozzle_target_c"] == 200)
    began_s = time.monotonic()
    await driver.stop()
    assert time.monotonic() - began_s < 1.5
    with pytest.raises(RunStoppedError):
        await run
    state = printer.state
    assert (state["nozzle_target_c"], state["bed_target_c"], state["fan"]) == (0, 0, 0)
    assert driver.status().state is MachineState.IDLE
    await driver.close()


async def test_a_stop_ends_motion_at_once_and_nothing_follows(plug, tmp_path):
    printer = plug(speed_up=1.0)
    driver = printer.driver()
    await driver.open()
    run = asyncio.create_task(driver.run(write_program(tmp_path, "G1 X200 F600", "G1 X0")))
    await until(lambda: printer.state["is_moving"])
    await driver.stop()
    assert not printer.state["is_moving"]
    assert printer.state["position_mm"][0] < 20
    with pytest.raises(RunStoppedError):
        await run
    assert driver.status().position_mm is None
    await driver.close()


async def test_a_stop_needs_no_lock(plug, tmp_path):
    printer = plug(speed_up=1.0)
    driver = printer.driver()
    await driver.open()
    run = asyncio.create_task(driver.run(write_program(tmp_path, "G4 S1", "G1 X200 F600")))
    await until(lambda: driver.status().detail != "" or driver.status().state == "busy")
    hold = asyncio.create_task(driver.hold())
    async with asyncio.timeout(5):
        await asyncio.gather(driver.stop(), driver.stop())
    for task in (run, hold):
        with pytest.raises(RunStoppedError):
            await task
    await driver.close()


async def test_a_stop_without_a_run_switches_off_what_is_hot(plug, tmp_path):
    printer = plug()
    driver = printer.driver()
    await driver.open()
    await driver.run(write_program(tmp_path, "M104 S200", "M140 S60"))
    await driver.stop()
    assert (printer.state["nozzle_target_c"], printer.state["bed_target_c"]) == (0, 0)
    await driver.close()


async def test_a_stop_that_is_not_seen_to_work_says_so(plug, tmp_path):
    printer = plug(Faults(silent_from=FIRST + 2))
    driver = printer.driver(Timing(stop_s=1.0, try_s=0.3))
    await driver.open()
    run = asyncio.create_task(driver.run(write_program(tmp_path, *SQUARE)))
    await until(lambda: printer.board.is_dead)
    with pytest.raises(TransportError, match=r"marlin\.stop-unseen"):
        await driver.stop()
    with pytest.raises(TransportError, match=r"marlin\.stop-unseen"):
        await run
    await driver.close()


async def test_a_board_that_restarts_in_mid_run_ends_the_run(plug, tmp_path):
    printer = plug(Faults(reboot_at=FIRST + 6))
    driver = printer.driver()
    await driver.open()
    with pytest.raises(AlarmError, match=r"marlin\.rebooted"):
        await driver.run(write_program(tmp_path, "M104 S100", *SQUARE))
    assert printer.state["nozzle_target_c"] == 0
    assert driver.status().position_mm is None
    await driver.run(write_program(tmp_path, "G91", "G1 X5 F6000"))
    assert printer.state["position_mm"][0] == 5.0
    await driver.close()


@pytest.mark.parametrize(
    ("faults", "code"),
    [
        (Faults(kill_at=FIRST + 6), "marlin.halted"),
        (Faults(runaway_at=FIRST + 6), "marlin.thermal"),
    ],
)
async def test_a_board_that_halts_is_an_alarm_until_somebody_restarts_it(
    plug, tmp_path, faults, code
):
    printer = plug(faults)
    driver = printer.driver()
    await driver.open()
    with pytest.raises(AlarmError) as caught:
        await driver.run(write_program(tmp_path, *SQUARE))
    assert caught.value.code == code
    status = driver.status()
    assert (status.state, status.error_code) == (MachineState.ALARM, code)
    with pytest.raises(AlarmError):
        await driver.run(write_program(tmp_path, *SQUARE))
    await driver.close()


async def test_a_nozzle_too_cold_to_push_ends_the_run_and_cools_everything(plug, tmp_path):
    printer = plug()
    driver = printer.driver()
    await driver.open()
    with pytest.raises(LineRefusedError) as caught:
        await driver.run(write_program(tmp_path, "M140 S60", "G92 E0", "G1 X5 E2 F600", *SQUARE))
    assert caught.value.code == "marlin.cold-extrusion"
    assert caught.value.fields["line"] == 3
    assert printer.state["bed_target_c"] == 0
    await driver.close()


async def test_silence_is_not_fine(plug, tmp_path):
    printer = plug(Faults(silent_from=FIRST + 6))
    driver = printer.driver()
    await driver.open()
    with pytest.raises(TransportError, match=r"marlin\.silent"):
        await driver.run(write_program(tmp_path, *SQUARE))
    status = driver.status()
    assert (status.state, status.error_code) == (MachineState.OFFLINE, "marlin.silent")
    assert any(line.startswith("> N") for line in driver.recent_lines())
    await driver.close()


async def test_a_dead_line_is_noticed_while_nothing_runs(plug):
    printer = plug(Faults(silent_from=OPENING_LINES + 1))
    driver = printer.driver()
    await driver.open()
    await until(lambda: driver.status().state is MachineState.OFFLINE)
    assert driver.status().error_code == "marlin.silent"
    await driver.close()


async def test_a_pulled_cable_ends_the_run_and_opening_again_works(plug, tmp_path):
    printer = plug(speed_up=1.0)
    driver = printer.driver()
    await driver.open()
    run = asyncio.create_task(driver.run(write_program(tmp_path, *SQUARE)))
    await until(lambda: driver.status().state is MachineState.BUSY)
    printer.unplug()
    with pytest.raises(TransportError, match=r"driver\.port-lost"):
        await run
    assert driver.status().state is MachineState.OFFLINE
    await driver.close()


async def test_a_port_without_a_printer_says_so(tmp_path, plug):
    silent = plug(Faults(silent_from=1)).driver(Timing(greet_s=0.8, try_s=0.3))
    with pytest.raises(TransportError, match=r"marlin\.no-answer"):
        await silent.open()
    assert silent.status().state is MachineState.OFFLINE
    missing = plug().driver()
    missing._talk._line._port = str(tmp_path / "nothing")
    with pytest.raises(TransportError, match=r"driver\.port-missing"):
        await missing.open()


async def test_a_board_in_a_long_wait_is_freed_and_opened(plug, tmp_path):
    printer = plug(speed_up=4.0)
    first: MarlinDriver = printer.driver()
    await first.open()
    run = asyncio.create_task(first.run(write_program(tmp_path, "M109 S280")))
    await until(lambda: printer.state["nozzle_target_c"] == 280)
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)
    await first.close()
    second = printer.driver()
    await second.open()
    assert printer.state["nozzle_c"] < 280
    await second.stop()
    assert printer.state["nozzle_target_c"] == 0
    await second.close()


async def test_another_firmware_on_the_port_is_named_as_such(plug):
    class NotAPrinter:
        def power_on(self, now_s: float) -> bytes:
            return b"Grbl 1.1h ['$' for help]\r\n"

        def receive(self, data: bytes, now_s: float) -> bytes:
            return b"error:2\r\n" * data.count(b"\n")

        def tick(self, now_s: float) -> bytes:
            return b""

        def next_event_s(self) -> float | None:
            return None

        def state(self) -> dict[str, object]:
            return {}

    printer = plug(board=NotAPrinter())
    driver = printer.driver(Timing(greet_s=0.8, try_s=0.3))
    with pytest.raises(FirmwareMismatchError, match=r"marlin\.other-firmware"):
        await driver.open()
