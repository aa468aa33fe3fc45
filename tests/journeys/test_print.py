"""Pages on paper: all that was found, on white, without the buttons of a screen."""

import io
import re

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from fablab_hub.cli.options import demo_settings_path
from tests.journeys.conftest import PINS, wait_for

pytestmark = [pytest.mark.browser]

FILES = demo_settings_path().parent / "demo_files"
STAFF = "Nolwenn Cadiou"
COLOURS = """() => [...document.querySelectorAll("body, main *")]
  .filter((part) => part.checkVisibility() && !part.closest("svg"))
  .map((part) => getComputedStyle(part))
  .flatMap((style) => [style.color, style.backgroundColor, style.borderTopColor])
  .filter((colour) => {
    const [red, green, blue] = colour.match(/[\\d.]+/g).map(Number);
    return red !== green || green !== blue;
  })"""
BROKEN = """() => [...document.querySelectorAll(".finding, .card, figure")]
  .filter((part) => getComputedStyle(part).breakInside !== "avoid").length"""


@pytest.fixture
def page(lab, chromium):
    """A manager's browser, as a printer sees it; the screen is dark."""
    context = chromium.new_context(
        base_url=lab.address, locale="fr-FR", color_scheme="dark", service_workers="block"
    )
    page = context.new_page()
    page.goto("/entrer")
    page.get_by_role("link", name=STAFF).click()
    page.get_by_label("code").fill(PINS[STAFF])
    page.get_by_role("button", name="Entrer").click()
    page.wait_for_url(re.compile("/atelier"))
    page.emulate_media(media="print", color_scheme="dark")
    yield page
    context.close()


def _print(page, path) -> str:
    """Print a page; gives the text on the paper."""
    content = page.pdf(path=path, format="A4", print_background=True)
    return "\n".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(content)).pages)


def test_a_job_is_printed_with_its_report_and_without_buttons(lab, page, tmp_path):
    (job,) = [
        j for j in lab.visitor(STAFF).get("/jobs?of=everybody") if j["title"] == "Lampe papillon"
    ]
    page.goto(f"/travaux/{job['id']}")
    found = [text.strip() for text in page.locator(".finding h3").all_text_contents()]
    assert found, "the check had something to say"
    expect(page.locator("figure.mat > a > img")).to_be_visible()

    text = " ".join(_print(page, tmp_path / "job.pdf").split())

    assert "Lampe papillon" in text
    for title in found:
        assert " ".join(title.split()) in text
    for absent in ("Accepter", "Ta réponse", "Menu", "Personnes", "Quitter", "Appuie sur l’image"):
        assert absent not in text
    assert page.evaluate(COLOURS) == [], "grey, black and white, on a dark screen too"
    assert page.evaluate(BROKEN) == 0


def test_what_somebody_tells_of_their_work_is_on_the_paper(lab, page, tmp_path):
    story = "J’ai appris à laisser de la place pour la vis. " * 12
    visitor = lab.visitor(STAFF)
    content = (FILES / "jeton.gcode").read_bytes().splitlines(keepends=True)[:300]
    sent = b"".join([*content, b"M104 S0\n", b"M140 S0\n", b"M84\n"])
    lab.empty_queue(visitor, "prusa")
    job = visitor.send(sent, "jeton.gcode", machine_id="prusa", title="Jeton").json()
    lab.start_job(visitor, STAFF, job)
    made = wait_for(
        "it is made",
        lambda: [f for f in visitor.get("/fabrications") if f["job_id"] == job["id"]],
        120,
    )[0]
    page.emulate_media(media="screen")
    page.goto(f"/fabrications/{made['id']}")
    page.locator("textarea[name=story]").fill(story)
    page.get_by_role("button", name="Garder").click()
    page.wait_for_load_state()
    page.emulate_media(media="print", color_scheme="dark")

    text = " ".join(_print(page, tmp_path / "made.pdf").split())

    assert text.count("laisser de la place") == 12
    assert "Garder" not in text
    assert page.evaluate(COLOURS) == []


@pytest.mark.parametrize("path", ["/atelier", "/aide", "/personnes"])
def test_other_pages_print_in_black_on_white(lab, page, tmp_path, path):
    page.goto(path)

    text = _print(page, tmp_path / "page.pdf")

    assert text.strip()
    assert page.evaluate(COLOURS) == []
    assert page.locator("button:visible").count() == 0
