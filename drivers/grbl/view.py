"""What GRBL says, in the words of the hub. Pure."""

from drivers.grbl.codec import Alarm, ErrorLine, Status
from fablab_hub.core.errors import FirmwareMismatchError
from fablab_hub.core.geometry import Point3
from fablab_hub.core.machines import Machine, MachineState, MachineStatus
from fablab_hub.core.sentences.grbl import TEXTS

_STATES = {
    "Idle": MachineState.IDLE,
    "Run": MachineState.BUSY,
    "Jog": MachineState.BUSY,
    "Home": MachineState.BUSY,
    "Hold": MachineState.PAUSED,
    "Door": MachineState.PAUSED,
}
"""Every other state (Alarm, Check, Sleep, an unknown one) wants a person: ALARM."""

_LASER_MODE, _FULL_POWER, _SOFT_LIMITS, _TRAVEL = 32, 30, 20, 130


def machine_status(
    report: Status,
    machine: Machine,
    *,
    alarm: Alarm | None,
    is_running: bool,
    is_position_known: bool,
    lines: int,
    program_lines: int,
) -> MachineStatus:
    """Turn the last report into what the hub shows."""
    state = _STATES.get(report.state, MachineState.ALARM)
    if is_running and state is MachineState.IDLE:
        state = MachineState.BUSY  # between two moves, or before the first
    full_power_s = machine.laser.full_power_s if machine.laser else 1000.0
    power = None if report.power_s is None else min(1.0, report.power_s / full_power_s)
    return MachineStatus(
        state=state,
        detail=f"{report.state}:{report.detail}" if report.detail else report.state,
        position_mm=_position(report) if is_position_known else None,
        line=lines,
        fraction=lines / program_lines if program_lines else 0.0,
        power=power,
        error_code=trouble_code(alarm) if state is MachineState.ALARM else None,
    )


def trouble_code(trouble: ErrorLine | Alarm | None) -> str:
    """Give the id of an error or an alarm: `grbl.error-22`; the general one where there is none."""
    match trouble:
        case ErrorLine(number=number):
            code = f"grbl.error-{number}"
            return code if code in TEXTS else "grbl.error"
        case Alarm(number=number):
            code = f"grbl.alarm-{number}"
            return code if code in TEXTS else "grbl.alarm"
        case _:
            return "grbl.locked"


def require_settings(machine: Machine, settings: dict[int, float]) -> None:
    """Compare the board's own settings with `fablab.toml`.

    Without laser mode the beam stays on between moves; with another full power every power of a
    program would be wrong; with a shorter travel the board would stop in the middle of a job.

    Raises:
        FirmwareMismatchError: names the setting, what the board says and what is wanted.
    """
    if machine.laser is None:
        return
    wanted = {_LASER_MODE: 1.0, _FULL_POWER: machine.laser.full_power_s}
    for number, value in wanted.items():
        if settings.get(number) != value:
            raise FirmwareMismatchError(
                "grbl.other-setting",
                setting=f"${number}",
                found=f"{settings[number]:g}" if number in settings else "?",
                wanted=f"{value:g}",
            )
    for axis, reach_mm in enumerate(machine.bed_mm[:2]):
        travel_mm = settings.get(_TRAVEL + axis, reach_mm)
        if settings.get(_SOFT_LIMITS) and travel_mm < reach_mm:
            raise FirmwareMismatchError(
                "grbl.other-setting",
                setting=f"${_TRAVEL + axis}",
                found=f"{travel_mm:g}",
                wanted=f"{reach_mm:g}",
            )


def _position(report: Status) -> Point3 | None:
    at = report.machine_mm or report.work_mm
    return (at[0], at[1], at[2]) if at and len(at) >= 3 else None
