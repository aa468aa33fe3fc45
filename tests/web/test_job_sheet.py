"""The order of the work as a film, and the sheet of a job on paper."""

import io
import re
import xml.etree.ElementTree as ET

import pypdf
import pytest

from jobs.states import State

pytestmark = pytest.mark.anyio

PARTS = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="90mm" height="40mm" viewBox="0 0 90 40">'
    b'<g fill="none" stroke="red"><rect x="1" y="1" width="30" height="30"/>'
    b'<circle cx="16" cy="16" r="5"/><rect x="50" y="1" width="30" height="30"/></g></svg>'
)


@pytest.fixture
async def checked(running):
    """Awa's drawing, checked."""
    services = running.services
    job = await services.submissions.submit(
        running.people["awa"], file_name="parts.svg", blob=services.blobs.keep([PARTS]),
        machine_id="laser", material_id="plywood-3", project_id=None, title="Mes pièces",
        options={},
    )  # fmt: skip
    job = await services.submissions.checked(job.id)
    assert job.state is not State.REFUSED
    return job


async def test_a_film_shows_the_order_and_the_time(running, checked):
    async with running.browser("awa") as browser:
        page = (await browser.get(f"/travaux/{checked.id}", headers={"Accept": "text/html"})).text
        film = re.search(r'src="(/travaux/[^"]+/ordre\.svg\?v=\w+)"', page)
        assert film
        answer = await browser.get(film[1])
        still = await browser.get(film[1] + "&fixe=1")
    assert "sandbox" in answer.headers["content-security-policy"]
    root = ET.fromstring(answer.text)
    clock = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
    duration_s = checked.report.facts.duration_s
    assert clock[0] == "0:00"
    assert clock[-1] == f"/ {int(duration_s) // 60}:{round(duration_s) % 60:02}"
    assert "<animate" not in still.text
    assert "<set" not in still.text


async def test_the_sheet_holds_what_the_page_says(running, checked):
    async with running.browser("awa") as browser:
        answer = await browser.get(f"/travaux/{checked.id}/fiche.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    document = pypdf.PdfReader(io.BytesIO(answer.content))
    text = "\n".join(each.extract_text() for each in document.pages)
    assert document.metadata.title == "Mes pièces"
    assert "parts.svg" in text
    assert "awa" in text
    for item in running.services.settings.machines["laser"].checklist:
        assert item.label.en in text


async def test_nobody_else_sees_them(running, checked):
    async with running.browser("ben") as browser:
        for path in ("ordre.svg", "fiche.pdf"):
            assert (await browser.get(f"/travaux/{checked.id}/{path}")).status_code == 404
