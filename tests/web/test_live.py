"""The live stream on a real server: nothing lost, nothing twice, nothing that is not theirs."""

import asyncio
import contextlib
import html
import json
import re
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from fablab_hub.core import journal
from fablab_hub.core.machines import MachineState
from fablab_hub.core.people import read_person
from jobs.states import State
from tests.web.agent import until
from web.access import SESSION_COOKIE
from web.live_events import LIVE_STREAM
from web.live_feed import LiveFeed
from web.rendering import build

pytestmark = pytest.mark.anyio


class Stream:
    """One open stream, read event by event as a browser does (HTML, 9.2.6)."""

    def __init__(self, answer: httpx.Response) -> None:
        self._lines = answer.aiter_lines()
        self._id = ""
        self._waiting: list[tuple[str, str, str]] = []
        self.last_id = ""

    async def next(self, kind: str = "message") -> dict:
        """Give the data of the next event of a kind; others wait until they are asked for."""
        async with asyncio.timeout(20):
            while not (found := [event for event in self._waiting if event[0] == kind]):
                self._waiting.append(await self._next_block())
        self._waiting.remove(found[0])
        if kind == "message":
            self.last_id = found[0][2]
        return json.loads(found[0][1])

    async def ended(self) -> bool:
        async with asyncio.timeout(20):
            async for _ in self._lines:
                pass
        return True

    async def _next_block(self) -> tuple[str, str, str]:
        name, data = "message", ""
        async for line in self._lines:
            field, _, value = line.partition(":")
            match field:
                case "" if not line and data:
                    return name, data, self._id
                case "" if not line:
                    name = "message"
                case "event":
                    name = value.removeprefix(" ")
                case "data":
                    data = value.removeprefix(" ")
                case "id":
                    self._id = value.removeprefix(" ")
        raise AssertionError("the stream ended")


@pytest.fixture
async def listen(lab):
    """Opens streams of people: `listen("awa", after=3)`."""
    tokens = {}
    async with lab.serve() as address, contextlib.AsyncExitStack() as stack:

        async def listen(name: str, last_id: str | None = None, **query) -> Stream:
            if name not in tokens:
                tokens[name] = (await asyncio.to_thread(lab.sign_in, name))[0]
            client = await stack.enter_async_context(httpx.AsyncClient(timeout=30))
            headers = {"Cookie": f"{SESSION_COOKIE}={tokens[name]}"}
            if last_id is not None:
                headers["Last-Event-ID"] = last_id
            answer = await stack.enter_async_context(
                client.stream("GET", f"{address}/live", params=query, headers=headers)
            )
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("text/event-stream")
            stream = Stream(answer)
            await stream.next("machine")
            return stream

        listen.tokens, listen.address = tokens, address
        yield listen
        lab.app.state.live.close()


async def test_a_journal_line_arrives_with_its_number(lab, listen):
    stream = await listen("chloe")

    seq = await asyncio.to_thread(lab.note, "machine:laser", "machine.clear")

    assert await stream.next() == {"verb": "machine.clear", "subject": "machine:laser"}
    assert stream.last_id == str(seq)


async def test_a_jobs_event_says_its_new_state(lab, listen):
    stream = await listen("awa")

    job_id = await asyncio.to_thread(lab.add_job)

    assert await stream.next() == {"verb": "job.submit", "subject": f"job:{job_id}"}
    assert (await stream.next())["state"] == "queued"


async def test_a_trainee_learns_of_their_own_jobs_only_and_staff_of_all(lab, listen):
    ben, awa, chloe = await listen("ben"), await listen("awa"), await listen("chloe")

    job_id = await asyncio.to_thread(lab.add_job, "awa")
    await asyncio.to_thread(lab.note, f"person:{lab.people['awa'].id}")
    await asyncio.to_thread(lab.note, "thing:unknown")
    await asyncio.to_thread(lab.note, "machine:laser", "machine.clear")

    assert [(await awa.next())["subject"].partition(":")[0] for _ in range(4)] == [
        "job", "job", "person", "machine",
    ]  # fmt: skip
    assert [(await chloe.next())["subject"] for _ in range(5)] == [
        f"job:{job_id}", f"job:{job_id}", f"person:{lab.people['awa'].id}", "thing:unknown",
        "machine:laser",
    ]  # fmt: skip
    queue_changed = {"verb": "queue.change", "subject": "machine:laser"}
    assert [await ben.next() for _ in range(2)] == [queue_changed, queue_changed]
    assert await ben.next() == {"verb": "machine.clear", "subject": "machine:laser"}


@pytest.mark.parametrize("lines", [1, 40, 700, 1300])
async def test_a_stream_that_broke_goes_on_where_it_was(lab, listen, lines):
    first = await listen("chloe")
    await asyncio.to_thread(lab.note, "machine:laser", "note.0")
    await first.next()

    def write():
        for number in range(1, lines + 1):
            lab.note("machine:laser", f"note.{number}")

    await asyncio.to_thread(write)
    second = await listen("chloe", last_id=first.last_id)
    heard = [(await second.next())["verb"] for _ in range(lines)]
    await asyncio.to_thread(lab.note, "machine:laser", "note.end")

    assert heard == [f"note.{number}" for number in range(1, lines + 1)]
    assert (await second.next())["verb"] == "note.end"


async def test_nothing_is_lost_or_doubled_while_others_write_and_streams_come_and_go(lab, listen):
    start = await asyncio.to_thread(journal.last_seq, lab.database)
    total = 400

    def write():
        for number in range(total):
            lab.note("machine:laser", f"note.{number}")

    writing = asyncio.create_task(asyncio.to_thread(write))
    heard, last_id = [], str(start)
    while len(heard) < total:
        stream = await listen("awa", last_id=last_id)
        for _ in range(min(37, total - len(heard))):
            event = await stream.next()
            if event["verb"].startswith("note."):
                heard.append(event["verb"])
            last_id = stream.last_id
    await writing

    assert heard == [f"note.{number}" for number in range(total)]


async def test_a_page_says_from_where_on_it_knows_nothing(lab, listen):
    seq = await asyncio.to_thread(lab.note, "machine:laser", "note.old")
    await asyncio.to_thread(lab.note, "machine:laser", "note.new")

    stream = await listen("chloe", after=seq)

    while (verb := (await stream.next())["verb"]) == "session.open":
        pass
    assert verb == "note.new"


async def test_a_number_from_the_future_makes_the_page_load_itself_again(lab, listen):
    stream = await listen("chloe", last_id="999999")

    await asyncio.to_thread(lab.note, "machine:laser", "note.new")

    assert (await stream.next())["verb"] == "note.new"
    assert int(stream.last_id) < 999999


async def test_a_page_that_missed_very_much_is_told_to_load_itself_again(lab, monkeypatch):
    monkeypatch.setattr("web.live_feed._MAX_REPLAY", 3)
    for number in range(5):
        lab.note("machine:laser", f"note.{number}")
    feed = LiveFeed(lab.services)
    blocks = feed.stream(lab.people["chloe"], 1, lambda: True)

    received = [await anext(blocks), await anext(blocks)]
    await blocks.aclose()

    assert b"event: reload\n" in received[1]
    assert f"id: {journal.last_seq(lab.database)}\n".encode() in received[1]
    assert b"note." not in received[1]


async def test_a_stream_without_news_pings_and_ends_with_its_session(lab):
    feed, answers = LiveFeed(lab.services, ping_s=0.05), [True, True, False]
    received = [
        block async for block in feed.stream(lab.people["awa"], None, lambda: answers.pop(0))
    ]

    pings = [block for block in received if block.startswith(b"event: ping\n")]
    assert len(pings) == 2
    assert f"id: {journal.last_seq(lab.database)}\n".encode() in pings[0]
    assert answers == []


async def test_signing_out_ends_the_streams_of_that_session(lab, listen):
    lab.app.state.live = LiveFeed(lab.services, ping_s=0.1)
    stream = await listen("awa")

    await lab.services.signin.close_session(listen.tokens["awa"])

    assert await stream.ended()


async def test_closing_the_feed_ends_every_stream(lab, listen):
    streams = [await listen(name) for name in ("awa", "ben", "chloe")]

    lab.app.state.live.close()

    assert all([await stream.ended() for stream in streams])


async def test_nothing_is_looked_at_while_nobody_listens(lab):
    feed = LiveFeed(lab.services)
    blocks = feed.stream(lab.people["awa"], None, lambda: True)
    await anext(blocks)
    names = {task.get_name() for task in asyncio.all_tasks()}
    await blocks.aclose()
    await asyncio.sleep(0)

    assert "live:machines" in names
    assert "live:machines" not in {
        task.get_name() for task in asyncio.all_tasks() if not task.cancelling()
    }
    assert lab.database._listeners == []


async def test_a_stream_that_is_opened_while_the_hub_ends_ends_at_once(lab):
    feed = LiveFeed(lab.services)
    feed.close()

    received = [block async for block in feed.stream(lab.people["awa"], None, lambda: True)]

    assert len(received) == 1
    assert feed.watchers == 0


async def test_a_number_that_a_restored_backup_lacks_makes_the_page_load_itself_again(lab):
    feed = LiveFeed(lab.services)
    last = journal.last_seq(lab.database)
    blocks = feed.stream(lab.people["chloe"], last + 1, lambda: True)

    received = [await anext(blocks), await anext(blocks)]
    await blocks.aclose()

    assert b"event: reload\n" in received[1]
    assert f"id: {last}\n".encode() in received[1]


@pytest.mark.parametrize("number", ["-1", "x", "9" * 5000, "1.5", "²"])
async def test_a_number_that_is_none_is_passed_over(lab, listen, number):
    seq = await asyncio.to_thread(lab.note, "machine:laser", "note.old")

    stream = await listen("chloe", last_id=number.encode(), after=seq - 1)

    assert (await stream.next())["verb"] == "note.old"


async def test_a_reader_that_takes_nothing_is_let_go_and_others_are_not(lab, listen, monkeypatch):
    monkeypatch.setattr("web.live._SEND_S", 0.3)
    reading = await listen("chloe")
    address = urlsplit(listen.address)
    token = listen.tokens["chloe"]
    reader, writer = await asyncio.open_connection(address.hostname, address.port, limit=1024)
    writer.write(
        f"GET {LIVE_STREAM} HTTP/1.1\r\nHost: hub\r\n"
        f"Cookie: {SESSION_COOKIE}={token}\r\n\r\n".encode()
    )
    assert b"200" in await reader.readline()
    feed = lab.app.state.live
    await until(lambda: feed.watchers == 2)

    def write():
        for number in range(120):
            lab.note("machine:laser", f"note.{number}." + "x" * 100_000)

    writing = asyncio.create_task(asyncio.to_thread(write))
    heard = [(await reading.next())["verb"].split(".")[1] for _ in range(120)]
    await writing
    await until(lambda: feed.watchers == 1)
    writer.transport.abort()

    assert heard == [str(number) for number in range(120)]


async def test_many_streams_read_the_journal_once(lab, monkeypatch):
    read = []
    original = journal.read_after
    monkeypatch.setattr(journal, "read_after", lambda *args: read.append(args) or original(*args))
    feed = LiveFeed(lab.services)
    streams = [feed.stream(lab.people["chloe"], None, lambda: True) for _ in range(200)]
    for stream in streams:
        await anext(stream)
    assert feed.watchers == 200
    read.clear()

    waiting = [asyncio.create_task(_until_verb(stream, "note.one")) for stream in streams]
    await asyncio.sleep(0)
    lab.note("machine:laser", "note.one")
    await asyncio.gather(*waiting)
    for stream in streams:
        await stream.aclose()

    assert len(read) < 10


async def _until_verb(stream, verb: str) -> None:
    async with asyncio.timeout(20):
        async for block in stream:
            if verb.encode() in block:
                return


async def test_progress_of_a_machine_is_seen_and_the_job_only_by_those_who_may(
    running, laser, until
):
    job_id = running.add_job("awa")
    await until(lambda: running.state(job_id) is State.CALLED)
    feed = LiveFeed(running.services)
    awa = feed.stream(running.people["awa"], None, lambda: True)
    ben = feed.stream(running.people["ben"], None, lambda: True)
    starter = read_person(running.database, running.people["awa"].id)
    await running.services.runner.start_job(job_id, starter, frozenset({"lid"}))

    async def laser_news(stream) -> dict:
        async with asyncio.timeout(20):
            async for block in stream:
                for part in block.decode().split("\n\n"):
                    if part.startswith("event: machine") and '"laser"' in part:
                        news = json.loads(part.partition("data: ")[2])
                        if news["fraction"] == 0.25:
                            return news
        raise AssertionError("the stream ended")

    laser.say(MachineState.BUSY, 0.25)
    seen_by_awa, seen_by_ben = await laser_news(awa), await laser_news(ben)
    await awa.aclose()
    await ben.aclose()

    assert seen_by_awa == {
        "machine": "laser", "state": "busy", "fraction": 0.25, "remaining_s": 450, "job": job_id,
    }  # fmt: skip
    assert seen_by_ben == {**seen_by_awa, "job": None}


async def _page_stream(browser, path: str) -> str:
    """Open a page as a browser does; gives the address of the stream that it names."""
    page = await browser.get(path, headers={"Accept": "text/html"})
    found = re.search(r'<meta name="live" content="([^"]+)" data-build="([^"]+)"', page.text)
    assert found and found[2] == build()
    return html.unescape(found[1])


async def test_a_page_misses_nothing_that_happened_before_its_stream_opened(running, laser, until):
    async with running.browser("chloe") as browser:
        address = urlsplit(await _page_stream(browser, "/atelier"))
    query = parse_qs(address.query)
    assert (address.path, query["after"]) == (LIVE_STREAM, [str(_last(running))])
    running.note("machine:laser", "note.meanwhile")
    laser.say(MachineState.BUSY, 0.5)
    await until(lambda: running.services.runner.view("laser").state is MachineState.BUSY)

    feed = LiveFeed(running.services)
    shown = frozenset(query["seen"][0].split(","))
    blocks = feed.stream(running.people["chloe"], int(query["after"][0]), lambda: True, shown)
    told = await _until_text(blocks, "busy")
    await blocks.aclose()

    assert told.count("note.meanwhile") == 1
    assert told.count("event: machine") == 1, "the printer is as the page shows it"


async def test_a_page_that_is_true_hears_nothing_when_its_stream_opens(lab):
    async with lab.browser("chloe") as browser:
        query = parse_qs(urlsplit(await _page_stream(browser, "/atelier")).query)
    feed = LiveFeed(lab.services, ping_s=0.05)
    shown = frozenset(query["seen"][0].split(","))
    blocks = feed.stream(lab.people["chloe"], int(query["after"][0]), lambda: True, shown)

    told = await _until_text(blocks, "event: ping")
    await blocks.aclose()

    assert re.findall(r"event: (\w+)", told) == ["hello", "ping"]
    assert "verb" not in told


async def test_the_place_in_the_journal_is_noted_before_a_page_reads_anything(lab, monkeypatch):
    original = lab.services.runner.views
    written = []

    def views_while_others_write():
        written.append(lab.note("machine:laser", "note.meanwhile"))
        return original()

    monkeypatch.setattr(lab.services.runner, "views", views_while_others_write)
    async with lab.browser("chloe") as browser:
        query = parse_qs(urlsplit(await _page_stream(browser, "/atelier")).query)

    assert written
    assert int(query["after"][0]) < written[0]


@pytest.mark.parametrize("path", ["/entrer", "/aide"])
async def test_a_page_for_nobody_names_no_stream(lab, path):
    async with lab.browser() as browser:
        page = await browser.get(path, headers={"Accept": "text/html"})

    assert page.status_code == 200
    assert 'name="live"' not in page.text


async def test_the_first_event_names_the_build_that_the_page_was_made_by(lab):
    feed = LiveFeed(lab.services)
    blocks = feed.stream(lab.people["awa"], None, lambda: True)

    hello = (await anext(blocks)).decode()
    await blocks.aclose()

    assert "event: hello\n" in hello
    assert json.loads(hello.partition("data: ")[2]) == {"build": build()}


async def test_a_part_that_did_not_change_is_not_sent_again(lab):
    async with lab.browser("chloe") as browser:
        first = await browser.get("/atelier/etat")
        tag = first.headers["etag"]
        same = await browser.get("/atelier/etat", headers={"If-None-Match": tag})
        lab.add_job()
        other = await browser.get("/atelier/etat", headers={"If-None-Match": tag})

    assert (same.status_code, same.content) == (304, b"")
    assert other.status_code == 200
    assert other.headers["etag"] != tag
    assert first.headers["cache-control"] == same.headers["cache-control"] == "no-store"


def _last(lab) -> int:
    return journal.last_seq(lab.database)


async def _until_text(blocks, text: str) -> str:
    told = ""
    async with asyncio.timeout(20):
        async for block in blocks:
            told += block.decode()
            if text in told:
                return told
    raise AssertionError("the stream ended")
