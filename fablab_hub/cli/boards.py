"""The demo's simulated boards, each in a process of its own, as real ones are."""

import contextlib
import json
import os
import signal
import socket

from drivers.simulation.boards import make_board
from drivers.simulation.pty_board import is_served, read_state, run_board
from fablab_hub.cli.commands import start_apart
from fablab_hub.core.folders import DataFolder
from fablab_hub.core.machines import Machine
from fablab_hub.core.messages import Hello, encode
from fablab_hub.core.settings import Settings

_ANSWER_S = 2.0


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
            )  # fmt: skip


def end_demo_processes(settings: Settings, folder: DataFolder) -> None:
    """End the demo's agents and boards: a lab that was closed leaves nothing running."""
    for machine in settings.machines.values():
        if (pid := _agent_pid(folder, machine.id)) is not None:
            _end(pid)
        state = read_state(folder.sockets / machine.port) if "/" not in machine.port else None
        if state is not None:
            _end(int(state["pid"]))


def _agent_pid(folder: DataFolder, machine_id: str) -> int | None:
    """Ask an agent for its process; None when nobody listens."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(_ANSWER_S)
            line.connect(str(folder.agent_socket(machine_id)))
            line.sendall(encode(Hello()))
            return int(json.loads(line.makefile().readline())["pid"])
    except (OSError, ValueError, KeyError):
        return None


def _end(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
