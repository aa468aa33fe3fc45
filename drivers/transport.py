"""The line to a board: bytes out at once, bytes in when they come.

A port is opened once and kept open: opening it again resets most boards (DTR) and would share the
answers with whoever has it already, so it is opened exclusively.
"""

import asyncio
import contextlib
import errno
import os
from typing import Protocol

import serial

from fablab_hub.core.errors import TransportError

_READ_BYTES = 4096


class Transport(Protocol):
    """A line that carries bytes both ways."""

    async def open(self) -> None:
        """Take the port.

        Raises:
            TransportError: `driver.port-missing`, or `driver.port-busy` when somebody has it.
        """
        ...

    def write(self, data: bytes) -> None:
        """Send bytes; those that do not fit now follow as soon as they do.

        Raises:
            TransportError: the port is gone (`driver.port-lost`).
        """
        ...

    async def read(self, timeout_s: float) -> bytes:
        """Give what has come since the last time; waits for the first byte.

        Returns:
            At least one byte, or nothing when none came in time.

        Raises:
            TransportError: the port is gone (`driver.port-lost`).
        """
        ...

    async def close(self) -> None:
        """Let go of the port; never raises."""
        ...


class SerialTransport:
    """A serial port or a pseudo-terminal, through pyserial, on the running event loop."""

    def __init__(self, port: str, baud: int) -> None:
        self._port = port
        self._baud = baud
        self._serial: serial.Serial | None = None
        self._fd = -1
        self._incoming = bytearray()
        self._outgoing = bytearray()
        self._has_bytes = asyncio.Event()
        self._is_lost = False

    async def open(self) -> None:
        """Take the port, exclusively; see `Transport.open`."""
        try:
            self._serial = serial.Serial(
                self._port, self._baud, timeout=0, write_timeout=0, exclusive=True
            )
        except (serial.SerialException, OSError) as error:
            raise TransportError(_why_not_opened(error), port=self._port) from error
        self._fd = self._serial.fileno()
        os.set_blocking(self._fd, False)
        self._incoming.clear()
        self._outgoing.clear()
        self._is_lost = False
        asyncio.get_running_loop().add_reader(self._fd, self._receive)

    def write(self, data: bytes) -> None:
        """Send bytes now; see `Transport.write`."""
        self._require_line()
        if not self._outgoing:
            data = data[self._send(data) :]
        if data:
            self._outgoing += data
            asyncio.get_running_loop().add_writer(self._fd, self._send_rest)

    async def read(self, timeout_s: float) -> bytes:
        """Give what has come; see `Transport.read`."""
        if not self._incoming:
            self._require_line()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(timeout_s):
                    await self._has_bytes.wait()
            if not self._incoming:
                self._require_line()
        data = bytes(self._incoming)
        self._incoming.clear()
        self._has_bytes.clear()
        return data

    async def close(self) -> None:
        """Let go of the port; see `Transport.close`."""
        if self._serial is None:
            return
        self._forget_line()
        port, self._serial = self._serial, None
        with contextlib.suppress(OSError, serial.SerialException):
            port.close()
        self._has_bytes.set()

    def _receive(self) -> None:
        try:
            data = os.read(self._fd, _READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            self._incoming += data
        else:  # readable with nothing to read: unplugged (machines say EIO, or an end of file)
            self._lose()
        self._has_bytes.set()

    def _send(self, data: bytes | bytearray) -> int:
        try:
            return os.write(self._fd, data)
        except BlockingIOError:
            return 0
        except OSError as error:
            self._lose()
            raise TransportError("driver.port-lost", port=self._port) from error

    def _send_rest(self) -> None:
        with contextlib.suppress(TransportError):
            del self._outgoing[: self._send(self._outgoing)]
        if not self._outgoing and not self._is_lost:
            asyncio.get_running_loop().remove_writer(self._fd)

    def _lose(self) -> None:
        """The old handle never revives; only opening again helps."""
        self._is_lost = True
        self._forget_line()
        self._has_bytes.set()

    def _forget_line(self) -> None:
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._fd)
        loop.remove_writer(self._fd)

    def _require_line(self) -> None:
        if self._serial is None or self._is_lost:
            raise TransportError("driver.port-lost", port=self._port)


def _why_not_opened(error: Exception) -> str:
    number = getattr(error, "errno", None)
    is_taken = number in (errno.EBUSY, errno.EAGAIN) or "lock" in str(error)
    return "driver.port-busy" if is_taken else "driver.port-missing"
