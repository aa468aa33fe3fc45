"""The main job, in a real browser: from a trainee's file to a page of their portfolio."""

import io
import re

import ezdxf
import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from fablab_hub.cli.options import demo_settings_path
from tests.journeys.conftest import PINS, next_question

pytestmark = [pytest.mark.browser]

FILES = demo_settings_path().parent / "demo_files"
RUN_MS = 120_000


def test_a_trainee_makes_a_plate_on_the_laser(lab, window, screenshots, tmp_path):
    drawing = _draw_plate(tmp_path / "plaque.dxf")
    lab.empty_queue(lab.visitor("Nolwenn Cadiou"), "laser")
    with window.open(lab, "Léa Le Goff", 360) as page:
        screenshots.shoot(page, "accueil")
        page.goto("/fabriquer")
        page.locator("input[name=file]").set_input_files(drawing)
        screenshots.shoot(page, "fabriquer")
        next_question(page)
        page.locator("label.choice", has=page.locator("input[value=laser]")).click()
        next_question(page)
        page.locator("label.choice", has=page.locator("input[value=plywood-3]")).click()
        next_question(page)
        page.locator("input[name=title]").fill("Plaque de porte")
        page.get_by_role("button", name="Vérifier mon fichier").click()
        page.wait_for_url(re.compile("/travaux/"))
        called = page.get_by_role("link", name="Je suis à la machine")
        expect(called).to_be_visible(timeout=30_000)
        picture = page.locator("figure.mat img").first
        expect(picture).to_be_visible()
        assert picture.evaluate("image => image.naturalWidth") > 0
        screenshots.shoot(page, "travail-laser")
        job = page.url

        called.click()
        _start_here(page, "Léa Le Goff", lambda: screenshots.shoot(page, "machine-appel"))
        page.get_by_role("button", name="Pause").click()
        expect(page.get_by_role("button", name="Continuer")).to_be_visible(timeout=15_000)
        assert lab.board("laser")["beam"] == 0
        screenshots.shoot(page, "machine-pause")
        page.get_by_role("button", name="Continuer").click()
        empty = page.get_by_role("button", name="Le plateau est vide")
        expect(empty).to_be_visible(timeout=RUN_MS)
        empty.click()
        expect(empty).not_to_be_visible()

        page.goto(job)
        page.get_by_role("link", name="Raconter").click()
        page.locator("textarea[name=story]").fill("J’ai appris à laisser de la place pour la vis.")
        page.get_by_role("button", name="Garder").click()
        photo = page.locator("figure.photo img").first
        assert photo.evaluate("image => image.naturalWidth") > 0
        screenshots.shoot(page, "fabrication")
        page.goto("/projets")
        expect(page.get_by_text("Plaque de porte").first).to_be_visible()
        screenshots.shoot(page, "projets")
        portfolio = page.request.get("/portfolio.pdf")
        text = "\n".join(p.extract_text() for p in PdfReader(io.BytesIO(portfolio.body())).pages)
        assert "Léa Le Goff" in text
        assert "Plaque de porte" in text
        assert "laisser de la place" in " ".join(text.split())


def test_a_manager_accepts_a_doubtful_file_and_stops_a_run(lab, window, screenshots):
    with window.open(lab, "Nolwenn Cadiou", 1280) as page:
        page.goto("/atelier")
        screenshots.shoot(page, "atelier")
        lab.empty_queue(lab.visitor("Nolwenn Cadiou"), "laser")
        maelle = lab.visitor("Maëlle Guivarc’h")
        content = (FILES / "lampe-papillon.dxf").read_bytes()
        lamp = maelle.send(
            content, "lampe.dxf", machine_id="laser", material_id="mdf-3", title="Lampe"
        ).json()
        page.goto("/a-valider")
        screenshots.shoot(page, "a-valider")
        page.goto(f"/travaux/{lamp['id']}")
        page.get_by_role("button", name="Accepter").click()
        page.goto("/machines/laser")
        _start_here(page, "Nolwenn Cadiou")
        page.goto("/atelier")
        stop = page.get_by_role("main").get_by_role("button", name="Arrêter").first
        expect(stop).to_be_visible()
        screenshots.shoot(page, "atelier-en-marche")
        stop.click()
        page.goto("/machines/laser")
        expect(page.get_by_role("button", name="Le plateau est vide")).to_be_visible(timeout=30_000)
        assert lab.board("laser")["beam"] == 0
        assert maelle.get(f"/jobs/{lamp['id']}")["state"] == "stopped"


def test_a_trainee_prints_and_the_photo_is_there(lab, window, screenshots):
    # A genuine print, its first layers only: the simulated machine takes as long as a real one.
    lines = (FILES / "jeton.gcode").read_bytes().splitlines(keepends=True)
    print_ = b"".join([*lines[:900], b"M104 S0\n", b"M140 S0\n", b"M84\n"])
    lab.empty_queue(lab.visitor("Nolwenn Cadiou"), "prusa")
    with window.open(lab, "Yann Kerbrat", 360) as page:
        page.goto("/fabriquer")
        page.locator("input[name=file]").set_input_files(
            {"name": "jeton.gcode", "mimeType": "text/plain", "buffer": print_}
        )
        next_question(page)
        page.locator("label.choice", has=page.locator("input[value=prusa]")).click()
        next_question(page)
        page.locator("input[name=title]").fill("Jeton de caddie")
        page.get_by_role("button", name="Vérifier mon fichier").click()
        page.get_by_role("link", name="Je suis à la machine").click(timeout=30_000)
        _start_here(page, "Yann Kerbrat")
        expect(page.locator(".heat").first).to_be_visible()
        expect(page.locator("progress").first).to_have_attribute(
            "value", re.compile("[1-9]"), timeout=RUN_MS
        )
        screenshots.shoot(page, "machine-impression")
        empty = page.get_by_role("button", name="Le plateau est vide")
        expect(empty).to_be_visible(timeout=RUN_MS)
        empty.click()
        page.goto("/projets")
        page.get_by_text("Jeton de caddie").first.click()
        photo = page.locator("figure.photo img").first
        assert photo.evaluate("image => image.naturalWidth") > 0


def _start_here(page: Page, name: str, look=lambda: None) -> None:
    """At the machine: tick the list, say who starts, type the PIN, start."""
    start = page.get_by_role("button", name="Démarrer la machine")
    expect(start).to_be_visible(timeout=30_000)
    look()
    for tick in page.locator("label.tick").all():
        tick.click()
    page.locator("label.choice", has_text=name).click()
    page.locator("input[name=pin]").fill(PINS[name])
    start.click()
    expect(page.get_by_role("main").get_by_role("button", name="Arrêter").first).to_be_visible(
        timeout=30_000
    )


def _draw_plate(path):
    drawing = ezdxf.new(units=4)
    space = drawing.modelspace()
    space.add_lwpolyline([(0, 0, 0), (390, 0, 0.4142), (400, 10, 0), (400, 250, 0), (0, 250, 0)],
                         format="xyb", close=True)  # fmt: skip
    for x in (20, 380):
        space.add_circle((x, 125), 4)
    drawing.saveas(path)
    return path
