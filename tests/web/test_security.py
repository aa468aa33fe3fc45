"""What browsers are told to refuse, and what the hub refuses from other websites."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.access import FORM_KEY_HEADER
from web.security import HEADERS, is_same_origin

pytestmark = pytest.mark.anyio

SIGN_IN = {"person": "awa", "pin": "271828"}


@pytest.mark.parametrize(
    "path", ["/", "/entrer", "/healthz", "/api/v1/openapi.json", "/api/v1/docs", "/nothing"]
)
async def test_every_answer_carries_the_headers(lab, path):
    async with lab.browser() as browser:
        answer = await browser.get(path)

    for name, value in HEADERS.items():
        assert answer.headers[name] == value


async def test_pages_load_nothing_from_elsewhere_and_run_nothing_inline(lab):
    policy = dict(
        directive.strip().partition(" ")[::2]
        for directive in HEADERS["Content-Security-Policy"].split(";")
    )

    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    for name in ("script-src", "style-src", "font-src", "img-src", "connect-src", "form-action"):
        assert policy[name] == "'self'"


async def test_a_picture_made_from_a_strangers_file_is_dead(lab):
    job_id = lab.add_job()

    async with lab.browser("awa") as browser:
        answer = await browser.get(f"/api/v1/jobs/{job_id}/picture.svg")

    assert answer.headers["content-type"] == "image/svg+xml"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "script" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_what_people_see_is_not_kept_and_hashed_files_are_kept_for_ever(lab):
    async with lab.browser("awa") as browser:
        page = await browser.get("/api/v1/session")
        manifest = await browser.get("/static/manifest.json")
        hashed = await browser.get(f"/static/{manifest.json()['app.css']}")

    assert page.headers["cache-control"] == "no-store"
    assert manifest.headers["cache-control"] == "no-cache"
    assert hashed.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://hub.lan.evil.example"},
        {"Origin": "http://hub.lan:8080"},
        {"Origin": "http://[bad"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://hub.lan"},
    ],
)
async def test_another_website_cannot_make_a_browser_act(lab, headers):
    async with lab.browser("awa") as browser:
        signed_in = await browser.post("/api/v1/session", json=SIGN_IN, headers=headers)
        signed_out = await browser.delete("/api/v1/session", headers=headers)
        still = await browser.get("/api/v1/session")

    assert signed_in.status_code == signed_out.status_code == 403
    assert signed_in.json()["error"]["code"] == "web.other-site"
    assert "set-cookie" not in signed_in.headers
    assert still.status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://hub.lan"},
        {"Origin": "https://hub.lan", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
    ],
)
async def test_the_hubs_own_pages_and_programs_can(lab, headers):
    async with lab.browser() as browser:
        answer = await browser.post("/api/v1/session", json=SIGN_IN, headers=headers)

    assert answer.status_code == 201


async def test_reading_is_open_to_links_from_elsewhere(lab):
    async with lab.browser() as browser:
        answer = await browser.get("/healthz", headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.json() == {"status": "ok"}


async def test_the_form_key_is_no_secret_to_its_owner_and_differs_each_time(lab):
    keys = set()
    for _ in range(2):
        async with lab.browser() as browser:
            answer = await browser.post("/api/v1/session", json=SIGN_IN)
            keys.add(answer.json()["form_key"])
            browser.headers[FORM_KEY_HEADER] = answer.json()["form_key"]
            assert (await browser.delete("/api/v1/session")).status_code == 204

    assert len(keys) == 2


@given(st.text(), st.text(), st.none() | st.text())
def test_only_the_same_host_is_the_same_origin(host, origin, site):
    if is_same_origin(host=host, origin=origin, fetch_site=site):
        assert origin.casefold().endswith(("//" + host).casefold()) or host.casefold() in (
            origin.casefold()
        )
        assert site in (None, "same-origin", "none")
