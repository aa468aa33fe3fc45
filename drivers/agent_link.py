"""The agent's end of the line to the hub: one hub at a time, the newest wins."""

import asyncio
import contextlib
import logging
from collections.abc import Callable

from fablab_hub.core.messages import (
    PROTOCOL,
    Acknowledge,
    AgentMessage,
    Heartbeat,
    Hello,
    Hold,
    HubMessage,
    MessageError,
    Quit,
    Resume,
    StartRun,
    Stop,
    decode,
    encode,
)

log = logging.getLogger(__name__)

_MAX_UNREAD_BYTES = 1 << 20
"""A hub that reads nothing is hung up on; what it missed is told again when it is back."""

_LAST_WORDS_S = 1.0

_FROM_HUB = (Hello, Heartbeat, StartRun, Hold, Resume, Stop, Acknowledge, Quit)


class HubLink:
    """Who the hub is right now, if anybody."""

    def __init__(
        self,
        on_hello: Callable[[], None],
        on_message: Callable[[HubMessage], None],
        on_lost: Callable[[], None],
    ) -> None:
        """Make a link without a hub.

        Args:
            on_hello: a hub has come; whatever `send` gets now goes to it.
            on_message: every other message, in order; must not block.
            on_lost: the hub is gone, or hung up.
        """
        self._on_hello = on_hello
        self._on_message = on_message
        self._on_lost = on_lost
        self._hub: asyncio.StreamWriter | None = None
        self._lines: dict[asyncio.StreamWriter, asyncio.Task[None] | None] = {}

    @property
    def is_up(self) -> bool:
        """Tell whether there is a hub."""
        return self._hub is not None

    def send(self, message: AgentMessage) -> None:
        """Send to the hub; nothing happens when there is none."""
        hub = self._hub
        if hub is None:
            return
        if hub.transport.get_write_buffer_size() > _MAX_UNREAD_BYTES:
            log.warning("the hub reads nothing; hanging up")
            hub.transport.abort()
            return
        hub.write(encode(message))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Heed one connection until it ends; the callback of an asyncio server."""
        self._lines[writer] = asyncio.current_task()
        try:
            await self._heed(reader, writer)
        except (OSError, MessageError) as error:
            log.warning("the line to the hub broke: %r", error)
        finally:
            if self._hub is writer:
                self._hub = None
                self._on_lost()
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
            del self._lines[writer]

    async def close(self) -> None:
        """Hang up with everybody, once they have heard the last words."""
        lines = dict(self._lines)
        for writer in lines:
            writer.close()
        if tasks := {task for task in lines.values() if task is not None}:
            await asyncio.wait(tasks, timeout=_LAST_WORDS_S)
        for writer in tuple(self._lines):
            writer.transport.abort()

    async def _heed(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await _read(reader)
        if not isinstance(first, Hello):
            return
        if self._hub is not None:
            log.info("another hub has come; hanging up with the old one")
            self._hub.transport.abort()
        self._hub = writer
        self._on_hello()
        if first.protocol != PROTOCOL:
            log.warning("the hub speaks protocol %s, not %s", first.protocol, PROTOCOL)
            await writer.drain()
            return
        while self._hub is writer:
            message = await _read(reader)
            if message is None or self._hub is not writer:
                return
            self._on_message(message)


async def _read(reader: asyncio.StreamReader) -> HubMessage | None:
    """Read one message; None when the hub hung up.

    Raises:
        MessageError: what came is not a message that a hub sends.
    """
    try:
        line = await reader.readline()
    except ValueError as error:
        raise MessageError("a line without an end") from error
    if not line.endswith(b"\n"):
        return None
    message = decode(line)
    if not isinstance(message, _FROM_HUB):
        raise MessageError(line[:200])
    return message
