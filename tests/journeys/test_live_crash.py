"""Two hundred open pages, and a hub that dies among them: each learns everything, once."""

import asyncio
import contextlib
import time
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import expect

from jobs.states import State
from tests.a11y.stage import drawing
from tests.journeys.conftest import PINS, Lab, Visitor, fr, wait_for
from tests.journeys.listening import Journal, Listener, journal_lines
from web.wording import JOB_SAYINGS

LISTENERS = 200
JOBS_EACH = 4
SENDERS = ("Léa Le Goff", "Karim Benali", "Thomas Riou")
STAFF = {"Soizic Le Bris", "Hervé Tanguy", "Nolwenn Cadiou", "Malo Quéré"}


def test_two_hundred_pages_live_through_a_crash(lab):
    visitors = {name: lab.visitor(name) for name in PINS}
    start = int(journal_lines(lab, 0)[-1]["seq"])
    names = [list(visitors)[number % len(visitors)] for number in range(LISTENERS)]
    listeners = [Listener(lab, visitors[name], name in STAFF, start) for name in names]
    journal = asyncio.run(_live(lab, [visitors[name] for name in SENDERS], listeners, start))

    assert len(journal) >= len(SENDERS) * JOBS_EACH * 2
    for name, listener in zip(names, listeners, strict=True):
        assert listener.told == listener.should_be_told(journal), name
        assert listener.connections >= 2
        assert listener.last_id <= journal[-1]["seq"]
    for listener in listeners[: len(visitors)]:
        told, known = _states_told(listener), _states(listener.visitor)
        assert told == {job_id: known[job_id] for job_id in told}
        assert told or names[listeners.index(listener)] not in SENDERS


async def _live(lab: Lab, senders: list[Visitor], listeners: list[Listener], start: int) -> Journal:
    """Listen, send, crash, start again; gives the journal once everybody has caught up with it."""
    tasks = [asyncio.create_task(listener.listen()) for listener in listeners]
    await _until("all listen", lambda: all(listener.connections for listener in listeners))
    sending = [asyncio.create_task(_send_jobs(visitor)) for visitor in senders]
    await _until("some news came", lambda: len(journal_lines(lab, start)) > JOBS_EACH)
    await asyncio.to_thread(lab.kill)
    await asyncio.to_thread(lab.start, lab.port)
    await asyncio.gather(*sending)
    for visitor in senders:
        await _until("all are checked", lambda: "checking" not in _states(visitor).values())  # noqa: B023

    journal: Journal = []

    def have_caught_up() -> bool:
        journal[:] = journal_lines(lab, start)
        return all(listener.told == listener.should_be_told(journal) for listener in listeners)

    with contextlib.suppress(TimeoutError):  # the caller says who lacks what
        await _until("everybody has caught up", have_caught_up)
    broken = [task.exception() for task in tasks if task.done()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert broken == []
    return journal


async def _send_jobs(visitor: Visitor) -> None:
    """Send a few files, as somebody does whose hub does not answer for a moment."""
    deadline = time.monotonic() + 90
    for number in range(JOBS_EACH):
        said: object = None
        while not (isinstance(said, httpx.Response) and said.is_success):
            if time.monotonic() > deadline:
                said = said.text if isinstance(said, httpx.Response) else said
                raise TimeoutError(f"{visitor.id} sends plate {number}: {said!r}")
            try:
                said = await asyncio.to_thread(_send_one, visitor, number)
            except httpx.TransportError as error:
                said = error
            await asyncio.sleep(0.1)


def _send_one(visitor: Visitor, number: int) -> httpx.Response:
    fields = {"machine_id": "laser", "material_id": "plywood-3", "title": f"Plaque {number}"}
    files = {"file": ("plaque.dxf", drawing(90 + number, 60))}
    return visitor.client.post("/api/v1/jobs", data=fields, files=files)


def _states(visitor: Visitor) -> dict[str, str]:
    return {job["id"]: job["state"] for job in visitor.get("/jobs")}


def _states_told(listener: Listener) -> dict[str, str]:
    """Say how somebody's own jobs stand, by the news alone."""
    mine, states = _states(listener.visitor), {}
    for _, told in listener.lines:
        job_id = told["subject"].removeprefix("job:")
        if job_id in mine and "state" in told:
            states[job_id] = told["state"]
    return states


async def _until(what: str, is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        await asyncio.sleep(0.1)


@pytest.mark.browser
def test_an_open_page_lives_through_a_crash_without_a_reload(lab, window, guard):
    staff = lab.visitor("Nolwenn Cadiou")
    lab.empty_queue(staff, "laser")
    job = staff.send(
        drawing(390, 250, holes=90), "plaque.dxf",
        machine_id="laser", material_id="plywood-3", title="Plaque",
    ).json()  # fmt: skip
    lab.start_job(staff, "Nolwenn Cadiou", job)
    wait_for("the beam is on", lambda: lab.board("laser").get("beam", 0) > 0)
    with window.open(lab, "Nolwenn Cadiou", 1280) as page:
        page.goto(f"/travaux/{job['id']}")
        page.evaluate("window.isTheSamePage = true")
        with guard.expects_a_cut():
            lab.kill()
            expect(page.locator("[data-link]")).to_be_visible()
            lab.start(lab.port)
            expect(page.locator("[data-link]")).not_to_be_visible(timeout=60_000)
        state = wait_for("it is known how it stands", lambda: _after_the_run(staff, job))
        title = page.locator("main h2").first
        expect(title).to_have_text(fr(JOB_SAYINGS[State(state)].title))
        assert page.evaluate("window.isTheSamePage") is True
        staff.post("/machines/laser/stop")
        expect(title).to_have_text(fr(JOB_SAYINGS[State.STOPPED].title), timeout=30_000)
        assert page.evaluate("window.isTheSamePage") is True


def _after_the_run(staff: Visitor, job: dict[str, str]) -> str:
    state = str(staff.get(f"/jobs/{job['id']}")["state"])
    return "" if state == State.RUNNING else state
