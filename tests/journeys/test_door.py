"""The door in a real browser: badge, PIN, first choices, app codes, and a screen that locks."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import cv2
import numpy as np
import pyotp
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.conftest import PINS, Lab, fr, open_lab
from tests.journeys.guard import TYPED_FIRST

pytestmark = [pytest.mark.browser]

KIOSK_S = 16
PHRASE = "goéland vis tournesol 4 pinces"
NEWCOMER = "Thomas Riou"


@pytest.fixture(scope="module")
def lab(seeded, tmp_path_factory) -> Iterator[Lab]:
    """A demo lab whose kiosks close sooner than usual."""
    with open_lab(
        tmp_path_factory.mktemp("door"), 8, seeded,
        lambda settings: f"{settings}\n[signin]\nkiosk_s = {KIOSK_S}\n",
    ) as lab:  # fmt: skip
        yield lab


@contextmanager
def visit(
    lab: Lab, chromium: Browser, width: int = 1280, refusals: int = 0, **options
) -> Iterator[Page]:
    """A browser that nobody has signed in at; fails when a page complains about anything else."""
    complaints: list[str] = []
    context = chromium.new_context(
        base_url=lab.address, locale="fr-FR", viewport={"width": width, "height": 800}, **options
    )
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    complaints = [said for said in complaints if said != TYPED_FIRST]
    refused = [said for said in complaints if "401 (Unauthorized)" in said]
    assert len(refused) == refusals
    assert complaints == refused


def come_in(page: Page, name: str) -> None:
    """Choose a name, and type the PIN."""
    page.goto("/entrer")
    page.get_by_role("link", name=name).click()
    type_pin(page, name)


def type_pin(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    page.get_by_label("Tape ton code").fill(PINS[name])
    page.get_by_role("button", name="Entrer").click()
    expect(page).not_to_have_url(re.compile("/entrer"))


@pytest.fixture(scope="module")
def badge(lab, chromium) -> str:
    """A trainer prints the newcomer's badge; what a camera reads on it."""
    with visit(lab, chromium) as page:
        come_in(page, "Soizic Le Bris")
        page.goto("/personnes")
        card = page.locator("li.card", has_text=NEWCOMER)
        card.get_by_role("link", name="Badge et code").click()
        page.get_by_role("link", name="Voir le badge").click()
        page.get_by_role("button", name="Faire un badge").click()
        card = page.locator(".idcard")
        expect(card).to_contain_text(NEWCOMER)
        page.emulate_media(media="print")
        expect(page.get_by_role("button", name="Imprimer")).not_to_be_visible()
        box = card.bounding_box()
        assert round(box["width"] / 96 * 25.4) == 85
        assert round(box["height"] / 96 * 25.4) == 54
        return read_qr(card)


def test_a_scanner_types_the_badge_then_the_first_choices_are_seen(lab, chromium, badge):
    with visit(lab, chromium, 360) as page:
        page.goto("/entrer")
        page.get_by_role("link", name="J’ai un badge").click()
        page.locator("h1").click()
        page.keyboard.type(badge.lower())
        page.keyboard.press("Enter")
        type_pin(page, NEWCOMER)

        expect(page.get_by_role("heading", name=f"Bienvenue, {NEWCOMER}")).to_be_visible()
        root = page.locator("html")
        page.locator("label.choice", has_text="Très grande").click()
        expect(root).to_have_attribute("data-size", "xl")
        page.locator("label.choice", has_text="Fort").click()
        page.locator("label.choice", has_text="Sombre").click()
        page.get_by_role("button", name="C’est bien comme ça").click()

        expect(page).to_have_url(re.compile(r"/$"))
        for path in ("/", "/aide"):
            page.goto(path)
            expect(root).to_have_attribute("data-size", "xl")
            expect(root).to_have_attribute("data-contrast", "more")
            expect(root).to_have_attribute("data-theme", "dark")


def test_everything_works_without_script(lab, chromium, badge):
    with visit(lab, chromium, 360, java_script_enabled=False) as page:
        page.goto("/bienvenue?vers=/entrer/badge")
        page.locator("label.choice", has_text="Clair").first.click()
        page.get_by_role("button", name="C’est bien comme ça").click()
        expect(page.locator("html")).to_have_attribute("data-theme", "light")
        page.get_by_label("Montre ton badge au lecteur").fill(badge)
        page.get_by_role("button", name="Continuer").click()
        type_pin(page, NEWCOMER)
        page.goto("/reglages/code")
        expect(page.get_by_label("Mon code actuel")).to_be_visible()
        page.get_by_role("button", name="Sortir").click()
        expect(page).to_have_url(re.compile("/entrer"))


def test_a_camera_reads_the_badge_where_the_browser_can(lab, chromium, badge):
    with_camera = chromium.browser_type.launch(
        executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
        args=["--no-sandbox", "--disable-gpu", "--use-fake-device-for-media-stream",
              "--use-fake-ui-for-media-stream"],
    )  # fmt: skip
    # Chromium on Linux reads no codes by itself, so the reading alone is played here; the camera,
    # its permission and the policy are the browser's.
    reader = """window.BarcodeDetector = class {
      static async getSupportedFormats() { return ["qr_code"]; }
      async detect(video) { return video.videoWidth ? [{ rawValue: "%s" }] : []; }
    };"""
    with visit(lab, with_camera) as page:
        page.add_init_script(reader % badge)
        page.goto("/entrer/badge")
        page.get_by_role("button", name="Utiliser la caméra").click()
        type_pin(page, NEWCOMER)
    with_camera.close()


def test_a_trainer_comes_in_with_a_passphrase_and_an_app(lab, chromium):
    name = "Hervé Tanguy"
    with visit(lab, chromium, refusals=1) as page:
        come_in(page, name)
        page.goto("/reglages/phrase")
        page.get_by_label(fr("Your PIN, to be sure")).fill(PINS[name])
        field = page.get_by_label("Ma nouvelle phrase secrète")
        field.fill(PHRASE)
        page.get_by_role("button", name="Montrer ce que je tape").click()
        expect(field).to_have_attribute("type", "text")
        page.get_by_role("button", name="Garder").click()
        page.locator("#app-passphrase").fill(PHRASE)
        page.get_by_role("button", name="Ajouter une application").click()
        app = pyotp.parse_uri(read_qr(page.locator(".qr")))
        assert (app.name, app.secret) == (name, page.locator("p.secret").inner_text())
        page.get_by_label("Le code de ton application").fill(app.now())
        page.get_by_role("button", name="Vérifier le code").click()
        expect(page.locator("li.secret")).to_have_count(10)
        recovery = page.locator("li.secret").first.inner_text()
        page.get_by_role("button", name="Sortir").click()

        _type_passphrase(page, name, "000000")
        expect(page.get_by_role("alert")).to_contain_text("n’est pas bon")
        _type_passphrase(page, name, recovery)
        expect(page).to_have_url(re.compile("/atelier"))


def _type_passphrase(page: Page, name: str, code: str) -> None:
    page.goto("/entrer")
    page.get_by_role("link", name=name).click()
    page.get_by_label("Tape ta phrase secrète").fill(PHRASE)
    page.get_by_label("Le code de ton application").fill(code)
    page.get_by_role("button", name="Entrer").click()


def read_qr(place: Locator) -> str:
    """Read the QR code of a part of a page as a camera does: from near, and from further away."""
    picture = cv2.imdecode(np.frombuffer(place.screenshot(), np.uint8), cv2.IMREAD_GRAYSCALE)
    for scale in (1, 2, 3, 1.5, 0.75):
        seen = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        for reader in (cv2.QRCodeDetector(), cv2.QRCodeDetectorAruco()):
            text, *_ = reader.detectAndDecode(seen)
            if text:
                return text
    raise AssertionError("no QR code can be read")


def test_a_machines_screen_asks_and_then_locks_itself(lab, chromium, badge):
    with visit(lab, chromium) as page:
        come_in(page, "Nolwenn Cadiou")
        page.goto("/bornes")
        page.locator("label.choice", has_text="Laser").first.click()
        page.get_by_role("button", name="En faire la borne").click()
        expect(page).to_have_url(re.compile("/borne/laser"))
        page.get_by_role("link", name="Entrer").click()
        expect(page.get_by_label("Montre ton badge au lecteur")).to_be_focused()

        page.keyboard.type(badge)
        page.keyboard.press("Enter")
        type_pin(page, NEWCOMER)
        page.goto("/projets")
        session = next(c for c in page.context.cookies() if c["name"] == "fablab_session")
        question = page.get_by_role("dialog", name="Tu es encore là ?")
        expect(question).to_be_visible(timeout=KIOSK_S * 1000)
        page.get_by_role("button", name="Oui, je suis là").click()
        expect(question).not_to_be_visible()
        expect(page).to_have_url(re.compile("/borne/laser"), timeout=2 * KIOSK_S * 1000)

        page.context.add_cookies([session])
        page.goto("/projets")
        expect(page).to_have_url(re.compile("/borne/laser"))
