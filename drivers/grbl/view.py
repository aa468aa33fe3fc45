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

_AT_REST = frozenset({"Idle", "Alarm", "Check", "Sleep"})
_SURE_REPORTS = 3
"""Reports of `Idle` in a row before it is believed after a hold: one may be from before it."""

_LASER_MODE, _FULL_POWER, _INCHES, _SOFT_LIMITS, _TRAVEL = 32, 30, 13, 20, 130


def machine_status(
    report: Status,
    machine: Machine,
    *,
    alarm: Alarm | None,
    is_deaf: bool,
    is_running: bool,
    position_mm: Point3 | None,
    lines: int,
    fraction: float,
) -> MachineStatus:
    """Turn what was last heard into what the hub shows.

    Args:
        report: the last one.
        machine: for what full power is.
        alarm: the last one, while it lasts.
        is_deaf: the board waits for a reset and answers nothing: the report is from before.
        is_running: a program is under way.
        position_mm: machine coordinates; None when it is not known to be true.
        lines: of the program, acknowledged.
        fraction: part of the run that is done, 0..1.
    """
    word = f"{report.state}:{report.detail}" if report.detail else report.state
    state = _STATES.get(report.state, MachineState.ALARM)
    if is_deaf:
        state, word = MachineState.ALARM, "Alarm"
    if is_running and state is MachineState.IDLE:
        state = MachineState.BUSY  # between two moves, or before the first
    full_power_s = machine.laser.full_power_s if machine.laser else 1000.0
    power = None
    if report.power_s is not None and not is_deaf:
        power = min(1.0, report.power_s / full_power_s)
    return MachineStatus(
        state=state,
        detail=word,
        position_mm=position_mm,
        line=lines,
        fraction=fraction,
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
    program would be wrong; with reports in inches every position would be; with a shorter travel
    the board would stop in the middle of a job.

    Raises:
        FirmwareMismatchError: names the setting, what the board says and what is wanted.
    """
    if machine.laser is None:
        return
    wanted = {_LASER_MODE: 1.0, _FULL_POWER: machine.laser.full_power_s}
    if _INCHES in settings:
        wanted[_INCHES] = 0.0
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


def is_at_rest(report: Status | None) -> bool:
    """Tell whether nothing moves, and nothing waits to."""
    return report is not None and report.state in _AT_REST


def is_held(report: Status | None) -> bool:
    """Tell whether the board holds, by itself or because it was told to."""
    return report is not None and report.state in ("Hold", "Door")


def stands_still(report: Status | None, *, idle_reports: int = 0) -> bool:
    """Tell whether the head is seen to stand, and will not move by itself.

    Args:
        report: the last one.
        idle_reports: how many said `Idle` one after the other since the board was told to hold.
    """
    if report is None:
        return False
    match report.state:
        case "Hold" | "Door":
            slowed_down = {"Hold": ("0",), "Door": ("0", "1")}[report.state]
            return report.detail in slowed_down or (not report.detail and not report.feed_mm_min)
        case "Idle":
            return idle_reports >= _SURE_REPORTS
        case _:
            return report.state in _AT_REST


def is_dark(report: Status | None) -> bool:
    """Tell whether the beam is seen to be off; a board that does not tell its power is not."""
    return report is not None and report.power_s == 0
