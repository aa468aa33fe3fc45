"""A beginner's drawing, in a real browser: what is wrong with it, mended with one press."""

import re

import ezdxf
import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import next_question

pytestmark = [pytest.mark.browser]

SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="80mm" height="50mm" viewBox="0 0 80 50">
<rect x="5" y="5" width="70" height="40" fill="none" stroke="#0000ff"/>
<circle cx="20" cy="25" r="8" fill="none" stroke="#ff8800"/>
<text x="35" y="28" font-size="8">Brest</text></svg>"""


def _messy(path):
    drawing = ezdxf.new(units=4)
    space = drawing.modelspace()
    space.add_lwpolyline([(0, 0), (120, 0), (120, 80), (0, 80)], close=True)
    space.add_line((20, 0), (100, 0))
    space.add_circle((60, 40), 0.3)
    drawing.saveas(path)
    return path


def _send(page, file, title):
    page.goto("/fabriquer")
    page.locator("input[name=file]").set_input_files(file)
    next_question(page)
    page.locator("label.choice", has=page.locator("input[value=laser]")).click()
    next_question(page)
    page.locator("label.choice", has=page.locator("input[value=plywood-3]")).click()
    next_question(page)
    page.locator("input[name=title]").fill(title)
    page.get_by_role("button", name="Vérifier mon fichier").click()
    page.wait_for_url(re.compile("/travaux/"))


def test_a_drawing_with_faults_is_mended_with_one_press(lab, window, screenshots, tmp_path):
    with window.open(lab, "Léa Le Goff", 360) as page:
        _send(page, _messy(tmp_path / "boite.dxf"), "Boîte à vis")
        mend = page.get_by_role("button", name="Tout corriger pour moi")
        expect(mend).to_be_visible(timeout=30_000)
        for picture in page.locator(".repair__side img").all():
            picture.scroll_into_view_if_needed()
            expect(picture).to_have_js_property("naturalWidth", 140)
        page.evaluate("scrollTo(0, 0)")
        screenshots.shoot(page, "dessin-a-corriger")
        mend.click()
        expect(page.get_by_text("Ton fichier est prêt")).to_be_visible(timeout=30_000)
        expect(page.get_by_text("Chaque trait est fait une seule fois")).to_be_visible()
        screenshots.shoot(page, "dessin-corrige")
        page.get_by_role("button", name="Annuler").first.click()
        expect(page.get_by_role("button", name="Garder chaque trait une seule fois")).to_be_visible(
            timeout=30_000
        )


def test_what_lines_are_for_is_said_once_and_remembered(lab, window, tmp_path):
    path = tmp_path / "badge.svg"
    path.write_text(SVG, encoding="utf-8")
    with window.open(lab, "Maëlle Guivarc’h", 1280) as page:
        _send(page, path, "Badge")
        opener = page.get_by_text("Changer les traits ou le nombre de copies")
        expect(opener).to_be_visible(timeout=30_000)
        opener.click()
        rows = page.locator(".lines-for li")
        expect(rows).to_have_count(3)
        rows.nth(1).locator("select").select_option("score")
        page.get_by_role("button", name="Vérifier comme ça").first.click()
        opener.click()
        expect(rows.nth(1).locator("select")).to_have_value("score", timeout=30_000)

        _send(page, path, "Badge encore")
        expect(opener).to_be_visible(timeout=30_000)
        opener.click()
        expect(rows.nth(1).locator("select")).to_have_value("score")
        page.locator("input[name=copies]").fill("3")
        page.get_by_role("button", name="Vérifier comme ça").last.click()
        # Three of 70 mm side by side, and two millimetres between them.
        expect(page.locator("dl.facts")).to_contain_text("214 × 40", timeout=30_000)
