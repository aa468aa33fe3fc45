"""Errors: one table of statuses, one JSON shape, and nothing of the inside is shown."""

import logging

import pytest
from fastapi import APIRouter

from fablab_hub.core import errors
from fablab_hub.core.errors import (
    DiskFullError,
    FablabError,
    ForbiddenMoveError,
    LimitExceededError,
    NotAllowedError,
    NotFoundError,
    SignInError,
    StaleError,
    StorageError,
    TransportError,
    UnreadableFileError,
)
from web.access import PUBLIC, allow
from web.errors import BY_CLASS, status_of

pytestmark = pytest.mark.anyio

ENGLISH_PAGE = {"Accept": "text/html", "Accept-Language": "en"}
ERRORS = [
    (SignInError("signin.needed"), 401),
    (SignInError("signin.wrong"), 401),
    (SignInError("signin.blocked"), 403),
    (SignInError("signin.wait", wait_s=30), 429),
    (NotAllowedError("rights.denied"), 403),
    (NotFoundError("found.nothing"), 404),
    (ForbiddenMoveError("job.wrong-state", state="done", verb="start"), 409),
    (StaleError("job.changed"), 409),
    (LimitExceededError("check.too-large", max_mb=2), 413),
    (UnreadableFileError("file.unreadable"), 415),
    (FablabError("form.invalid", field="pin"), 422),
    (TransportError("agent.not-reachable"), 503),
    (StorageError("storage.failed", cause="?"), 503),
    (DiskFullError("storage.disk-full"), 507),
]


@pytest.mark.parametrize(("error", "status"), ERRORS, ids=str)
def test_each_error_has_its_status(error, status):
    assert status_of(error) == status


def test_every_class_of_errors_has_a_status():
    classes = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    ours = [kind for kind in classes if issubclass(kind, FablabError)]

    assert len(ours) > 10
    assert all(status_of(kind("some.code")) in BY_CLASS.values() for kind in ours)


@pytest.fixture
def failing(lab):
    """The lab, with routes that fail in each way."""
    router = APIRouter(include_in_schema=False)

    @router.get("/api/fail/{number}", dependencies=[allow(PUBLIC)])
    async def fail(number: int):
        raise ERRORS[number][0]

    @router.get("/api/crash", dependencies=[allow(PUBLIC)])
    async def crash():
        raise RuntimeError("the secret is 1234")

    @router.get("/crash", dependencies=[allow(PUBLIC)])
    async def crash_page():
        raise RuntimeError("the secret is 1234")

    with lab.more_routes(router):
        yield lab


@pytest.mark.parametrize("number", range(len(ERRORS)))
async def test_an_error_is_said_in_one_shape(failing, number):
    error, status = ERRORS[number]

    async with failing.browser() as browser:
        answer = await browser.get(f"/api/fail/{number}")

    assert answer.status_code == status
    body = answer.json()["error"]
    assert set(body) == {"code", "message", "harm", "remedy", "help", "fields"}
    assert body["code"] == error.code
    assert body["fields"] == error.fields
    assert all(body[part] for part in ("message", "harm", "remedy", "help"))


async def test_too_many_tries_say_when_to_come_back(failing):
    async with failing.browser() as browser:
        answer = await browser.get("/api/fail/3")

    assert answer.headers["retry-after"] == "30"


async def test_an_unforeseen_error_is_logged_and_never_shown(failing, caplog):
    async with failing.browser() as browser:
        with caplog.at_level(logging.ERROR, "web.errors"):
            answer = await browser.get("/api/crash")

    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "internal"
    assert "1234" not in answer.text
    assert "RuntimeError" not in answer.text
    assert caplog.records[-1].exc_info[1].args == ("the secret is 1234",)
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_person_gets_a_page_and_a_program_gets_json(failing):
    async with failing.browser() as browser:
        page = await browser.get("/crash", headers=ENGLISH_PAGE)

    assert page.status_code == 500
    assert page.headers["content-type"].startswith("text/html")
    assert "Something went wrong in the hub" in page.text
    for part in ("Everything saved before is kept.", "Try once more.", "A trainer can help you."):
        assert page.text.count(part) == 1
    assert "1234" not in page.text


@pytest.mark.parametrize(
    ("header", "cookie", "name", "expected"),
    [
        ("", "", None, "fr"),
        ("en-GB,fr;q=0.5", "", None, "en"),
        ("de, fr;q=0.3, en;q=0.8", "", None, "en"),
        ("en", "fr", None, "fr"),
        ("fr", "fr", "awa", "en"),
        ("xx;q=what, , ;q=1", "xx", None, "fr"),
    ],
)
async def test_the_language_is_the_persons_then_the_cookies_then_the_browsers_then_the_labs(
    lab, header, cookie, name, expected
):
    async with lab.browser(name) as browser:
        if cookie:
            browser.cookies.set("fablab_language", cookie)
        answer = await browser.get("/api/v1/nothing", headers={"Accept-Language": header})

    assert answer.status_code == 404
    is_english = "There is nothing" in answer.json()["error"]["message"]
    assert is_english == (expected == "en")


async def test_an_address_that_does_not_exist_is_not_found(lab):
    async with lab.browser() as browser:
        answer = await browser.get("/api/v1/nothing")

    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "found.nothing"


async def test_a_wrong_method_is_said_so(lab):
    async with lab.browser() as browser:
        answer = await browser.put("/healthz")

    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET"
    assert answer.json()["error"]["code"] == "web.wrong-method"


async def test_a_missing_field_is_named(lab):
    async with lab.browser() as browser:
        answer = await browser.post(
            "/api/v1/session", json={"person": "awa"}, headers={"Accept-Language": "en"}
        )

    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "form.invalid"
    assert answer.json()["error"]["fields"] == {"field": "pin"}
    assert "the PIN" in answer.json()["error"]["message"]


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 10_000, b"null", b'"x"'])
async def test_a_body_that_is_no_json_is_refused_and_nothing_breaks(lab, body):
    async with lab.browser() as browser:
        answer = await browser.post(
            "/api/v1/session", content=body, headers={"Content-Type": "application/json"}
        )

    assert answer.status_code in (400, 422)
    assert answer.json()["error"]["code"] in ("form.invalid", "web.bad-request")


async def test_errors_are_said_even_when_the_database_is_gone(lab):
    lab.database.write_now(lambda tables: tables.conn.execute("ALTER TABLE sessions RENAME TO s"))
    async with lab.browser() as browser:
        browser.cookies.set("fablab_session", "x")
        answer = await browser.get("/api/v1/session")
    lab.database.write_now(lambda tables: tables.conn.execute("ALTER TABLE s RENAME TO sessions"))

    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "storage.failed"
