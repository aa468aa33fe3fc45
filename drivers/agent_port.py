"""A driver that is kept open: opened at start, and again whenever its line is lost."""

import asyncio
import contextlib
import logging
from collections.abc import Callable

from drivers.protocol import Driver, Identity
from fablab_hub.core.errors import AlarmError, FablabError, TransportError
from fablab_hub.core.machines import MachineState, MachineStatus

log = logging.getLogger(__name__)

_WATCH_S = 0.2
_FIRST_RETRY_S = 1.0
_LONGEST_RETRY_S = 30.0
_MUST_LOOK = frozenset({"driver.beam-unknown"})
"""After these somebody must look at the machine before it is touched again."""


class Port:
    """One machine's driver and whether it is open.

    Attributes:
        driver: the driver; use it only while `is_open`.
        identity: what the board said of itself when it was last opened.
        changed: set whenever the machine may be in another state.
    """

    def __init__(self, driver: Driver, *, must_stop_first: bool) -> None:
        """Take charge of a driver that is not open yet.

        Args:
            driver: nobody else uses it.
            must_stop_first: an agent was killed in mid-run; what it left hot or moving is
                ended before anything else.
        """
        self.driver = driver
        self.identity: Identity | None = None
        self.changed = asyncio.Event()
        self._must_stop_first = must_stop_first
        self._is_open = False
        self._closed = MachineStatus(state=MachineState.OFFLINE)
        self._somebody_looked = asyncio.Event()

    def status(self) -> MachineStatus:
        """Give what is known of the machine now."""
        return self.driver.status() if self._is_open else self._closed

    def somebody_looked(self) -> None:
        """Note that a person at the machine wants it to be tried again."""
        self._somebody_looked.set()

    async def keep_open(self, is_busy: Callable[[], bool]) -> None:
        """Open the driver, and again whenever its line is lost; for ever.

        Args:
            is_busy: while a run is under way, its own end says that the line is lost.
        """
        wait_s = _FIRST_RETRY_S
        while True:
            try:
                await self._open()
                wait_s = _FIRST_RETRY_S
                error = await self._until_lost(is_busy)
            except FablabError as failure:
                error = failure
                self._note_failure(failure)
            self._is_open = False
            self.changed.set()
            await self.driver.close()
            await self._wait_before_retry(error, wait_s)
            wait_s = min(2 * wait_s, _LONGEST_RETRY_S)

    async def _open(self) -> None:
        self.identity = await self.driver.open()
        if self._must_stop_first:
            # SAFETY: test_an_agent_that_was_killed_in_mid_run_reports_it_and_cools_the_printer
            await self.driver.stop()
            self._must_stop_first = False
        self._is_open = True
        self._somebody_looked.clear()
        self.changed.set()

    async def _until_lost(self, is_busy: Callable[[], bool]) -> FablabError:
        while is_busy() or self.driver.status().state is not MachineState.OFFLINE:  # noqa: ASYNC110
            await asyncio.sleep(_WATCH_S)  # a driver tells nothing by itself
        self._closed = self.driver.status()
        return TransportError(self._closed.error_code or "agent.not-ready")

    def _note_failure(self, error: FablabError) -> None:
        is_alarm = isinstance(error, AlarmError)
        self._closed = MachineStatus(
            state=MachineState.ALARM if is_alarm else MachineState.OFFLINE,
            error_code=error.code,
            error_fields={name: str(fact) for name, fact in error.fields.items()},
        )
        log.warning("the machine could not be opened: %s", error)

    async def _wait_before_retry(self, error: FablabError, wait_s: float) -> None:
        """Wait; without end when somebody must look at the machine first (and press stop)."""
        must_look = isinstance(error, AlarmError) or error.code in _MUST_LOOK
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(None if must_look else wait_s):
                await self._somebody_looked.wait()
        self._somebody_looked.clear()
