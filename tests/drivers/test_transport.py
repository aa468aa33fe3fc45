"""The line to a board: every byte arrives, nobody shares it, and a lost one is told."""

import asyncio
import contextlib
import os
import pty
import tty

import pytest

from drivers.transport import SerialTransport
from fablab_hub.core.errors import TransportError

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def line():
    """A pseudo-terminal: our end, and the port's name."""
    master, slave = pty.openpty()
    tty.setraw(slave)
    name = os.ttyname(slave)
    os.close(slave)
    yield master, name
    os.close(master)


async def _read(transport, count):
    data = b""
    async with asyncio.timeout(10):
        while len(data) < count:
            data += await transport.read(0.5)
    return data


async def _arrived(master, count):
    """Read at our end without ever keeping the transport, in the same loop, from writing."""
    os.set_blocking(master, False)
    data = b""
    async with asyncio.timeout(10):
        while len(data) < count:
            with contextlib.suppress(BlockingIOError):
                data += os.read(master, 4096)
            await asyncio.sleep(0)
    return data


async def test_bytes_arrive_both_ways(line):
    master, name = line
    transport = SerialTransport(name, 115_200)
    await transport.open()
    transport.write(b"G21\n")
    assert await _arrived(master, 4) == b"G21\n"
    os.write(master, b"ok\r\n")
    assert await _read(transport, 4) == b"ok\r\n"
    await transport.close()


@pytest.mark.parametrize("size", [1, 3, 7, 4096, 5000])
async def test_bytes_arrive_in_order_however_they_are_cut(line, size):
    master, name = line
    os.set_blocking(master, False)
    transport = SerialTransport(name, 115_200)
    await transport.open()
    data = bytes(range(256)) * 20
    reading = asyncio.create_task(_read(transport, len(data)))
    async with asyncio.timeout(10):
        at = 0
        while at < len(data):
            with contextlib.suppress(BlockingIOError):
                at += os.write(master, data[at : at + size])
            await asyncio.sleep(0)
        assert await reading == data
    await transport.close()


async def test_nothing_in_time_is_nothing_and_no_error(line):
    transport = SerialTransport(line[1], 115_200)
    await transport.open()
    assert await transport.read(0.01) == b""
    await transport.close()


async def test_more_than_the_line_holds_follows_when_there_is_room(line):
    master, name = line
    transport = SerialTransport(name, 115_200)
    await transport.open()
    data = bytes(range(256)) * 400
    transport.write(data)
    transport.write(b"end")
    assert await _arrived(master, len(data) + 3) == data + b"end"
    await transport.close()


async def test_a_line_that_is_cut_is_told_to_whoever_reads_or_writes():
    master, slave = pty.openpty()
    name = os.ttyname(slave)
    os.close(slave)
    transport = SerialTransport(name, 115_200)
    await transport.open()
    os.close(master)
    with pytest.raises(TransportError) as lost:
        async with asyncio.timeout(5):
            while True:
                await transport.read(0.1)
    assert lost.value.code == "driver.port-lost"
    with pytest.raises(TransportError):
        transport.write(b"?")
    await transport.close()


async def test_a_port_is_nobody_elses_while_it_is_open(line):
    first, second = SerialTransport(line[1], 115_200), SerialTransport(line[1], 115_200)
    await first.open()
    with pytest.raises(TransportError) as busy:
        await second.open()
    assert busy.value.code == "driver.port-busy"
    await first.close()
    await second.open()
    await second.close()


async def test_closing_twice_is_fine(line):
    transport = SerialTransport(line[1], 115_200)
    await transport.close()
    await transport.open()
    await transport.close()
    await transport.close()
