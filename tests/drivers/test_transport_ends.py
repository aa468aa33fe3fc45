"""The serial transport when ports vanish, come back, or were never there."""

import asyncio
import os
import pty
import tty
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from drivers.transport import SerialTransport
from fablab_hub.core.errors import TransportError

pytestmark = pytest.mark.anyio

BAUD = 115_200


@dataclass
class Wire:
    """A pseudo-terminal: its far end, and a link to the port as the demo makes one."""

    far: int
    near: int
    link: Path

    def pull(self) -> None:
        """Pull the cable."""
        os.close(self.far)
        self.far = -1


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    far, near = pty.openpty()
    tty.setraw(near)
    link = tmp_path / "port.tty"
    link.symlink_to(os.ttyname(near))
    os.set_blocking(far, False)
    wire = Wire(far, near, link)
    yield wire
    os.close(near)
    if wire.far >= 0:
        os.close(wire.far)


async def code_of(work) -> str:
    with pytest.raises(TransportError) as raised:
        await work
    return raised.value.code


async def test_a_reader_is_woken_by_the_first_byte(wire):
    line = SerialTransport(str(wire.link), BAUD)
    await line.open()
    reading = asyncio.create_task(line.read(30.0))
    await asyncio.sleep(0)
    os.write(wire.far, b"!")
    async with asyncio.timeout(2.0):
        assert await reading == b"!"
    await line.close()


async def test_a_port_that_is_not_there_is_missing(tmp_path):
    line = SerialTransport(str(tmp_path / "nothing.tty"), BAUD)
    assert await code_of(line.open()) == "driver.port-missing"
    plain = tmp_path / "plain.txt"
    plain.touch()
    assert await code_of(SerialTransport(str(plain), BAUD).open()) == "driver.port-missing"


async def test_a_pulled_cable_is_told_to_a_reader_that_waits(wire):
    line = SerialTransport(str(wire.link), BAUD)
    await line.open()
    reading = asyncio.create_task(line.read(30.0))
    await asyncio.sleep(0)
    wire.pull()
    async with asyncio.timeout(2.0):
        assert await code_of(reading) == "driver.port-lost"
    with pytest.raises(TransportError):
        line.write(b"?")
    await line.close()


async def test_what_was_heard_before_the_cable_was_pulled_is_not_lost(wire, until):
    line = SerialTransport(str(wire.link), BAUD)
    await line.open()
    os.write(wire.far, b"ALARM:1\r\n")
    assert await line.read(2.0) == b"ALARM:1\r\n"
    os.write(wire.far, b"last")
    await until(lambda: bool(line._incoming))
    wire.pull()
    await until(lambda: line._is_lost)
    assert await line.read(2.0) == b"last"
    assert await code_of(line.read(2.0)) == "driver.port-lost"
    await line.close()


async def test_a_closed_port_neither_reads_nor_writes_and_closing_twice_is_fine(wire):
    line = SerialTransport(str(wire.link), BAUD)
    assert await code_of(line.read(0.1)) == "driver.port-lost"
    await line.open()
    reading = asyncio.create_task(line.read(30.0))
    await asyncio.sleep(0)
    await line.close()
    await line.close()
    async with asyncio.timeout(2.0):
        assert await code_of(reading) == "driver.port-lost"
    with pytest.raises(TransportError):
        line.write(b"?")


async def test_it_can_be_opened_again_and_hears_nothing_from_before(wire):
    line = SerialTransport(str(wire.link), BAUD)
    await line.open()
    os.write(wire.far, b"half a li")
    assert await line.read(2.0)
    await line.close()
    os.write(wire.far, b"to nobody")
    await line.open()
    assert await line.read(0.05) == b""
    os.write(wire.far, b"ok\r\n")
    assert await line.read(2.0) == b"ok\r\n"
    await line.close()
