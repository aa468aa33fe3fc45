"""The one small contract that every driver keeps, and that the agent relies on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from fablab_hub.core.clock import Clock
from fablab_hub.core.machines import Machine, MachineStatus
from fablab_hub.core.programs import Program


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a driver can do, as data; the agent and the pages ask before they offer.

    Attributes:
        holds: can pause and go on.
        reports_position: its status names a position.
        holds_without_hub: holds when the hub's heartbeat stops (lasers); else it goes on.
    """

    holds: bool
    reports_position: bool
    holds_without_hub: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What the board said of itself when the port was opened."""

    firmware: str
    version: str
    options: str = ""


class Driver(Protocol):
    """One machine. A driver obeys, and reports; it never decides for a person."""

    capabilities: Capabilities

    async def open(self) -> Identity:
        """Open the port and ask the board who it is; moves nothing, heats nothing.

        Raises:
            TransportError: no port, taken by somebody else, or no answer in time.
            FirmwareMismatchError: the board is not what `fablab.toml` says.
        """
        ...

    def status(self) -> MachineStatus:
        """Give what was last known, at once."""
        ...

    async def run(self, program: Program) -> None:
        """Send a program and wait until the machine has really finished it.

        Returns only when motion has ended, not when the last line was accepted.

        Raises:
            AlarmError: the firmware stopped by itself.
            LineRefusedError: the firmware refused a line; the machine was stopped.
            TransportError: the line is gone or silent; the machine's state is unknown.
            RunStoppedError: `stop` was called.
        """
        ...

    async def hold(self) -> None:
        """Pause: a laser with its beam off. Returns when the machine stands still.

        Raises:
            TransportError: it could not be seen to stand still.
        """
        ...

    async def resume(self) -> None:
        """Go on after a hold."""
        ...

    async def stop(self) -> None:
        """End everything: beam and heaters off. Works in every state, never waits behind a lock.

        Returns when the machine is seen to be safe.

        Raises:
            TransportError: it could not be seen to be safe (`driver.beam-unknown` on a laser).
        """
        ...

    async def close(self) -> None:
        """Let go of the port; never raises."""
        ...


DriverFactory = Callable[[Machine, Clock], Driver]
"""Makes a driver for a machine of `fablab.toml`; opens nothing."""
