"""The pages in a real browser: they stay true by themselves, fit a phone, and break no rule."""

import contextlib
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, async_playwright, expect

from fablab_hub.core.machines import MachineState
from fablab_hub.core.messages import Hold, RunEventKind, StartRun
from jobs.report import Severity
from jobs.states import State
from tests.journeys.guard import TYPED_FIRST
from web.access import SESSION_COOKIE
from web.rendering import STATIC

CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: run `make system`"),
    pytest.mark.skipif(
        not (STATIC / "manifest.json").is_file(), reason="the assets are not built: `make setup`"
    ),
]

PIN = "271828"
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WIDTHS = (360, 1280)


@pytest.fixture(scope="module")
def anyio_backend():
    return "asyncio"


@pytest.fixture(scope="module")
async def chromium():
    """One for all tests of a module: each has a window of its own, with its own cookies."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield browser
        await browser.close()


@contextlib.asynccontextmanager
async def open_page(lab, chromium, name: str | None, **options) -> AsyncIterator[Page]:
    """Somebody's browser at a real server; fails when the page complains about anything."""
    complaints: list[str] = []
    async with lab.serve() as address:
        context = await chromium.new_context(
            base_url=address,
            locale="en-GB",
            **{"viewport": {"width": 360, "height": 740}} | options,
        )
        if name is not None:
            token, _ = lab.sign_in(name)
            await context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": address}])
        page = await context.new_page()
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda sent: None if sent.url.startswith(address) else complaints.append(sent.url),
        )
        yield page
        await context.close()
    assert [said for said in complaints if said != TYPED_FIRST] == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(
    ("name", "paths"),
    [
        (None, ["/entrer", "/entrer?qui={awa}", "/aide"]),
        ("awa", ["/", "/fabriquer", "/travaux/{refused}", "/travaux/{queued}", "/reglages"]),
        ("dora", ["/atelier", "/machines/laser", "/a-valider", "/personnes", "/travaux/{asked}"]),
    ],
)
async def test_every_page_fits_its_screen_and_its_targets_fit_a_finger(
    lab, chromium, name, paths, width
):
    known = {
        "awa": lab.people["awa"].id,
        "refused": lab.add_job(severity=Severity.REFUSE),
        "asked": lab.add_job(severity=Severity.ASK),
        "queued": lab.add_job(),
    }
    poor = []
    async with open_page(lab, chromium, name, viewport={"width": width, "height": 800}) as page:
        for path in paths:
            await page.goto(path.format(**known))
            if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                poor.append((path, "is too wide"))
            if await page.locator("h1").count() != 1:
                poor.append((path, "has not one heading"))
            small = await page.evaluate(
                """() => [...document.querySelectorAll("button, .btn, .tab, .bar__link, .choice,"
                    + " .tick, .person, .input, summary")].filter(e => e.checkVisibility()
                    && e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"""
            )
            poor.extend((path, html) for html in small)

    assert poor == []


@pytest.mark.parametrize("has_script", [True, False])
async def test_a_name_and_a_pin_open_the_door_with_or_without_script(lab, chromium, has_script):
    async with open_page(lab, chromium, None, java_script_enabled=has_script) as page:
        await page.goto("/fabriquer")
        await page.get_by_role("link", name="awa").click()
        await page.get_by_label("Type your PIN").fill(PIN)
        await page.get_by_role("button", name="Come in").click()
        await expect(page.get_by_role("heading", name="Make something")).to_be_visible()


async def test_the_first_key_presses_lead_to_the_content(lab, chromium):
    async with open_page(lab, chromium, "awa") as page:
        await page.goto("/")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")

        assert await page.evaluate("document.activeElement.id") == "main"


async def test_a_phone_asks_one_question_at_a_time(lab, chromium):
    part = {"name": "tea-box.dxf", "mimeType": "image/vnd.dxf", "buffer": b"0\n"}
    async with open_page(lab, chromium, "awa") as page:
        await page.goto("/fabriquer")
        await expect(page.get_by_text("Question 1 of 4")).to_be_visible()
        await page.get_by_role("button", name="Next question").click()
        await expect(page.get_by_text("Question 1 of 4")).to_be_visible()  # a file is needed first
        await page.set_input_files("input[type=file]", part)
        await page.get_by_role("button", name="Next question").click()
        await page.get_by_text("Printer", exact=True).click()
        await expect(page.get_by_text("Question 2 of 3")).to_be_visible()
        await page.get_by_text("Laser", exact=True).click()
        await page.get_by_role("button", name="Next question").click()
        await expect(page.get_by_text("Plywood", exact=True)).to_be_visible()
        await page.get_by_role("button", name="Back").click()
        await expect(page.get_by_text("Printer", exact=True)).to_be_visible()
        for _ in range(2):
            await page.get_by_role("button", name="Next question").click()
        await expect(page.get_by_label("What do you make?")).to_be_focused()
        await expect(page.get_by_role("button", name="Check my file")).to_be_visible()


async def test_a_laser_asks_for_a_material_and_a_printer_does_not(lab, chromium):
    desk = {"width": 1280, "height": 800}
    async with open_page(lab, chromium, "awa", viewport=desk) as page:
        await page.goto("/fabriquer")
        await page.get_by_text("Laser", exact=True).click()
        await expect(page.get_by_text("Plywood", exact=True)).to_be_visible()
        await page.get_by_text("Printer", exact=True).click()
        await expect(page.get_by_text("Plywood", exact=True)).to_be_hidden()


async def test_a_chosen_file_gives_its_name_to_the_part(lab, chromium):
    async with open_page(lab, chromium, "awa") as page:
        await page.goto("/fabriquer")
        await page.set_input_files(
            "input[type=file]",
            {"name": "my_tea-box.dxf", "mimeType": "image/vnd.dxf", "buffer": b"0\n"},
        )
        await expect(page.get_by_label("What do you make?")).to_have_value("my tea box")


async def test_a_page_left_open_learns_that_it_is_its_owners_turn(running, chromium, laser):
    job_id = running.add_job(severity=Severity.ASK)
    async with open_page(running, chromium, "awa") as page:
        await page.goto(f"/travaux/{job_id}")
        await expect(page.get_by_text("A manager looks at your file")).to_be_visible()
        await running.services.desk.approve(running.people["dora"], job_id)

        await expect(page.get_by_role("heading", name="It is your turn")).to_be_visible()


async def test_what_somebody_types_survives_what_happens_meanwhile(running, chromium, laser, until):
    job_id = running.add_job()
    await until(lambda: running.state(job_id) is State.CALLED)
    async with open_page(running, chromium, "awa") as page:
        await page.goto("/machines/laser")
        await page.get_by_label("The lid is closed").check()
        await page.get_by_label("The PIN of who starts").fill(PIN)
        running.add_job("ben")
        await expect(page.get_by_text("Somebody else")).to_be_visible()
        await page.get_by_role("button", name="Start the machine").click()

        assert (await laser.expect(StartRun)).job_id == job_id


async def test_progress_moves_and_pause_is_one_press_away(running, chromium, laser, until):
    job_id = running.add_job()
    await until(lambda: running.state(job_id) is State.CALLED)
    runner = running.services.runner
    await runner.start_job(job_id, running.people["awa"], frozenset({"lid"}))
    laser.tell(await laser.expect(StartRun), RunEventKind.STARTED)
    laser.say(MachineState.BUSY, 0.25)
    await until(lambda: runner.view("laser").status.fraction == 0.25)
    async with open_page(running, chromium, "awa") as page:
        await page.goto("/machines/laser")
        bar = page.get_by_role("progressbar")
        await expect(bar).to_have_attribute("value", "25")
        laser.say(MachineState.BUSY, 0.5)
        await expect(bar).to_have_attribute("value", "50")
        await page.get_by_role("button", name="Pause").click()

        await laser.expect(Hold)
