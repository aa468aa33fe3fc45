"""The hub on a phone, and without the hub: what browsers install, keep and show."""

import json

import cv2
import numpy as np
import pytest

from fablab_hub.core.i18n.words import languages
from web.rendering import STATIC, build

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.skipif(
        not (STATIC / "manifest.json").is_file(),
        reason="the assets are not built: run `make setup`",
    ),
]


async def test_the_hub_can_be_installed_under_the_labs_name(lab):
    async with lab.browser() as browser:
        answer = await browser.get("/manifest.webmanifest")
        found = answer.json()
        page = await browser.get("/entrer", headers={"Accept": "text/html"})

    assert answer.headers["content-type"] == "application/manifest+json"
    assert (found["name"], found["lang"], found["display"]) == ("Lab", "fr", "standalone")
    assert found["start_url"] == found["scope"] == found["id"] == "/"
    assert '<link rel="manifest" href="/manifest.webmanifest">' in page.text


async def test_its_icons_are_as_large_as_said_and_fill_a_mask(lab):
    async with lab.browser() as browser:
        icons = (await browser.get("/manifest.webmanifest")).json()["icons"]
        pictures = {}
        for icon in icons:
            answer = await browser.get(icon["src"])
            assert answer.headers["content-type"] == icon["type"] == "image/png"
            content = np.frombuffer(answer.content, np.uint8)
            picture = cv2.imdecode(content, cv2.IMREAD_UNCHANGED)
            assert picture.shape == (*map(int, icon["sizes"].split("x")), 4)
            pictures[icon["sizes"], icon["purpose"]] = picture

    assert {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")} == set(pictures)
    assert pictures["512x512", "any"][0, 0, 3] == 0, "round corners"
    masked = pictures["512x512", "maskable"]
    assert masked[:, :, 3].min() == 255, "no hole under any mask"
    rows, columns = np.mgrid[:512, :512]
    outside = np.hypot(rows - 255.5, columns - 255.5) > 0.4 * 512
    assert np.unique(masked[outside], axis=0).shape == (1, 4), "the mark lies in the safe zone"


async def test_the_service_worker_is_renewed_with_each_build(lab):
    async with lab.browser() as browser:
        answer = await browser.get("/sw.js")

    first, _, code = answer.text.partition("\n")
    facts = json.loads(first.removeprefix("const HUB = ").removesuffix(";"))
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    assert "worker-src 'self'" in answer.headers["content-security-policy"]
    assert (facts["build"], facts["language"]) == (build(), "fr")
    assert facts["languages"] == list(languages())
    assert 'addEventListener("fetch"' in code


async def test_all_that_the_worker_keeps_is_there_and_is_for_everybody(lab):
    async with lab.browser() as browser:
        first = (await browser.get("/sw.js")).text.partition("\n")[0]
        kept = json.loads(first.removeprefix("const HUB = ").removesuffix(";"))["assets"]
        answers = [await browser.get(address) for address in kept]

    assert {address.rpartition(".")[2] for address in kept} == {"css", "js", "svg", "woff2"}
    for address, answer in zip(kept, answers, strict=True):
        assert answer.status_code == 200
        assert address.startswith("/static/")
        assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    ("language", "said"),
    [("fr", "Il marche toujours."), ("en", "It always works.")],
)
async def test_the_offline_page_says_what_works_in_the_language_asked_for(lab, language, said):
    async with lab.browser() as browser:
        page = await browser.get("/hors-ligne", headers={"Accept-Language": language})

    assert page.status_code == 200
    assert said in page.text
    assert "form_key" not in page.text
    assert "data-live=" not in page.text
