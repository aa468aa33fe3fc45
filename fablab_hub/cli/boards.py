"""The demo's simulated boards, each in a process of its own, as real ones are."""

from drivers.simulation.boards import make_board
from drivers.simulation.pty_board import is_served, run_board
from fablab_hub.cli.commands import end_apart, start_apart
from fablab_hub.core.folders import DataFolder
from fablab_hub.core.machines import Machine
from fablab_hub.core.settings import Settings


def play_board(
    machine: Machine, folder: DataFolder, *, speed_up: float, idle_exit_s: float
) -> None:
    """Play one machine's board in this process, until it is ended or nobody uses it."""
    link = folder.sockets / machine.port
    run_board(make_board(machine), link, speed_up=speed_up, idle_exit_s=idle_exit_s)


def start_boards(settings: Settings, folder: DataFolder, speed_up: float) -> None:
    """Start the boards that are not played already; agents wait until their ports appear."""
    folder.sockets.mkdir(parents=True, exist_ok=True, mode=0o700)
    for machine in settings.machines.values():
        if "/" not in machine.port and not is_served(folder.sockets / machine.port):
            start_apart(
                ("simulate", "--machine", machine.id, "--config", str(folder.settings),
                 "--data", str(folder.path), "--speed-up", str(speed_up)),
                folder.logs / f"board-{machine.id}.log",
                folder.pid_file(f"board-{machine.id}"),
            )  # fmt: skip


def end_demo_processes(folder: DataFolder) -> None:
    """End the demo's agents, then its boards: a lab that was closed leaves nothing running."""
    for kind in ("agent", "board"):
        for pid_file in folder.sockets.glob(f"{kind}-*.pid"):
            end_apart(pid_file)
