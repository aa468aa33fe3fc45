"""What happens in the lab, as a stream of events (HTML Living Standard, 9.2 Server-sent events).

One stream for each open page. Its events are the journal's lines that the person may see, each
with its number, so that a stream that broke goes on where it was; beside them `machine` events
say how far each machine is. A page that learns of an event asks again for the part it shows.

A page says where it was made: its stream begins after that line, and with the machines that
have changed since (`note_position`), so that nothing is missed and nothing is asked twice.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import StreamingResponse
from starlette.types import Message, Send

from fablab_hub.core import journal
from fablab_hub.core.people import Person
from web.access import SESSION_COOKIE, SIGNED_IN, Hub, allow, find_visitor
from web.api.v1.models import PROBLEMS
from web.live_events import LIVE_STREAM, news_of, stream_from
from web.live_feed import LiveFeed

log = logging.getLogger(__name__)

_SEND_S = 30.0
"""A reader that takes nothing for longer is let go: it comes back after its last event."""

_MAX_DIGITS = 15

router = APIRouter(tags=["live"], responses=PROBLEMS)


class LiveResponse(StreamingResponse):
    """A stream that waits for its reader, but not for ever."""

    async def stream_response(self, send: Send) -> None:
        """Send all that there is; gives up when nothing is taken for `_SEND_S`."""

        async def send_in_time(message: Message) -> None:
            async with asyncio.timeout(_SEND_S):
                await send(message)

        blocks = self.body_iterator
        try:
            await super().stream_response(send_in_time)
        except TimeoutError:
            log.info("a live stream was let go: its reader takes nothing")
        finally:
            if isinstance(blocks, AsyncGenerator):
                await blocks.aclose()


async def note_position(request: Request, hub: Hub) -> None:
    """Note where the journal and the machines stand, before a page reads what it shows.

    A dependency of every page. What happens while the page is made, or before its stream opens,
    comes through the stream.
    """
    is_page = "text/html" in request.headers.get("accept", "")
    if is_page and SESSION_COOKIE in request.cookies:
        after = journal.last_seq(hub.database)
        news = [news_of(view) for view in hub.runner.views()]
        request.state.live_stream = stream_from(after, news)


_AFTER = "Number of the last line known."


@router.get(LIVE_STREAM, include_in_schema=False)
@router.get(
    "/api/v1/live",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}, "description": "The stream."}},
)
async def live(
    request: Request,
    person: Annotated[Person, allow(SIGNED_IN)],
    after: Annotated[int | None, Query(ge=0, lt=10**_MAX_DIGITS, description=_AFTER)] = None,
    seen: Annotated[str, Query(max_length=2000, description="Machines' news already shown.")] = "",
    last_event_id: Annotated[str | None, Header()] = None,
) -> StreamingResponse:
    """Follow what happens: your own jobs and every machine, or everything for staff.

    The first event is `hello`, `{"build"}`; a `ping` comes when nothing else does.
    Events without a name carry `{"verb", "subject", "state"?}` and a number; `machine` events
    carry `{"machine", "state", "fraction", "remaining_s", "job"}`; `reload` means that you missed
    too much. `Last-Event-ID` (a browser sends it by itself) or `after` says where to go on.
    """
    cursor = _number(last_event_id or "", after)
    feed: LiveFeed = request.app.state.live

    def still_here() -> bool:
        return find_visitor(request).person is not None

    return LiveResponse(
        feed.stream(person, cursor, still_here, frozenset(seen.split(","))),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _number(text: str, otherwise: int | None) -> int | None:
    is_number = text.isdecimal() and len(text) <= _MAX_DIGITS
    return int(text) if is_number else otherwise
