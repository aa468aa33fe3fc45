"""What browsers load: small, whole, readable, and from the lab alone."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

from web import rendering

pytestmark = pytest.mark.anyio

WEB = Path(rendering.__file__).parent
STATIC = WEB / "static"
FONTS = WEB.parent / "fablab_hub" / "fonts"
MAX_BYTES = 150_000
"""Of all that a first page loads, on a workshop's Wi-Fi."""

THEMES = {
    "light": ("light",),
    "dark": ("light", "dark"),
    "strong": ("light", "strong"),
    "strong-dark": ("light", "dark", "strong-dark"),
}
"""Each theme, and those that it stands on, first one lowest."""


@pytest.fixture(scope="module")
def manifest() -> dict[str, str]:
    if not (STATIC / "manifest.json").is_file():
        pytest.skip("the assets are not built: run `make setup`")
    return json.loads((STATIC / "manifest.json").read_text())


def test_every_asset_of_the_manifest_is_there_under_the_hash_of_its_content(manifest):
    assert {"app.css", "app.js", "icons.svg", "mark.svg", "no-picture.svg"} <= set(manifest)
    for name, built in manifest.items():
        assert (STATIC / built).is_file()
        assert re.fullmatch(rf"{Path(name).stem}\.[A-Z0-9]{{8}}{Path(name).suffix}", built)


async def test_assets_are_kept_for_ever_by_browsers(lab, manifest):
    async with lab.browser() as browser:
        for built in manifest.values():
            answer = await browser.get(f"/static/{built}")
            assert answer.status_code == 200
            assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("name", ["app.css", "app.js", "icons.svg"])
async def test_a_text_comes_packed_to_whoever_takes_it(lab, manifest, name):
    path, plain = f"/static/{manifest[name]}", (STATIC / manifest[name]).read_bytes()
    async with lab.browser() as browser:
        for accepted, is_packed in (
            ("gzip, deflate, br", True), ("br;q=1, GZIP;q=0.5", True),
            ("identity", False), ("gzip;q=0, br", False), ("", False),
        ):  # fmt: skip
            answer = await browser.get(path, headers={"Accept-Encoding": accepted})
            assert answer.content == plain, "httpx unpacks"
            assert (answer.headers.get("content-encoding") == "gzip") is is_packed
            assert (int(answer.headers["content-length"]) < len(plain)) is is_packed
            assert answer.headers["vary"] == "Accept-Encoding"
            assert "immutable" in answer.headers["cache-control"]
            assert answer.headers["content-type"].startswith(("text/", "image/svg+xml"))


async def test_pages_are_not_packed_on_their_way(lab):
    async with lab.browser() as browser:
        for path in ("/entrer", "/aide"):
            answer = await browser.get(path, headers={"Accept-Encoding": "gzip"})
            assert "content-encoding" not in answer.headers


def test_nothing_is_loaded_from_elsewhere(manifest):
    for name in ("app.css", "app.js", "icons.svg"):
        text = (STATIC / manifest[name]).read_text()
        addresses = set(re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", text))
        assert addresses <= {"http://www.w3.org"}, name
        assert not re.search(r"\beval\(|new Function\(", text)


def test_a_first_page_is_light(manifest):
    packed = [
        len(gzip.compress((STATIC / built).read_bytes()))
        for name, built in manifest.items()
        if name != "no-picture.svg"
    ]
    fonts = [path.stat().st_size for path in STATIC.glob("*.woff2")]

    assert len(fonts) == 2
    assert sum(packed) + sum(fonts) < MAX_BYTES


def test_documents_get_the_same_letters_with_their_licence(manifest):
    assert {path.name for path in FONTS.glob("*.ttf")} >= {
        "AtkinsonHyperlegible_400Regular.ttf",
        "AtkinsonHyperlegible_700Bold.ttf",
    }
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text()
    assert "SIL OPEN FONT LICENSE" in (STATIC / "OFL.txt").read_text()


def _tokens() -> dict[str, dict[str, Any]]:
    return json.loads((WEB / "assets" / "colours.json").read_text(encoding="utf-8"))


def _colours(theme: str) -> dict[str, str]:
    tokens = _tokens()
    return {name: value for part in THEMES[theme] for name, value in tokens[part].items()}


def _luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2, definition)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21 (WCAG 2.2, definition)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_every_text_colour_can_be_read_on_its_grounds(theme):
    colours = _colours(theme)
    poor = {
        f"{text} on {ground}": round(ratio, 2)
        for text, grounds in _tokens()["read_on"].items()
        for ground in grounds
        if (ratio := contrast(colours[text], colours[ground])) < 4.5
    }

    assert poor == {}


@pytest.mark.parametrize("theme", ["strong", "strong-dark"])
def test_whoever_asks_for_strong_contrast_reads_words_at_seven_to_one(theme):
    colours = _colours(theme)
    read_on = _tokens()["read_on"]
    words = ("ink", "soft", "sea", "ok", "warn", "stop-ink")

    for text in words:
        for ground in read_on[text]:
            assert contrast(colours[text], colours[ground]) >= 7, f"{text} on {ground}"


@pytest.mark.parametrize("theme", THEMES)
def test_the_outline_of_every_field_can_be_seen(theme):
    colours = _colours(theme)

    assert contrast(colours["edge"], colours["card"]) >= 3
    assert contrast(colours["edge"], colours["paper"]) >= 3


def test_styles_name_colours_and_never_spell_them_out():
    for sheet in (WEB / "assets" / "css").glob("*.css"):
        rules = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
        spelt = re.findall(r"#[0-9a-f]{3,8}\b", rules)
        assert spelt == [], sheet.name


def test_contrast_is_measured_as_the_standard_does():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
