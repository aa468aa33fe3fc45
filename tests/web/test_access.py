"""Who may use what: every route is really called by everybody, and compared with the table."""

import re

import pytest
from fastapi import APIRouter, FastAPI

from fablab_hub.core.people import RIGHTS, Right, Role
from fablab_hub.core.signin import SignIn
from web import app as application
from web.access import (
    FORM_KEY_HEADER,
    PUBLIC,
    SAFE_METHODS,
    SESSION_COOKIE,
    SIGNED_IN,
    UndeclaredAccessError,
    accepted_languages,
    allow,
    routes_and_access,
)

pytestmark = pytest.mark.anyio

BY_ROLE = {Role.TRAINEE: "awa", Role.TRAINER: "chloe", Role.MANAGER: "dora", Role.ADMIN: "eli"}
DENIED = {"signin.needed", "rights.denied"}
FILE = {"file": ("part.gcode", b"G1 X1\n")}


def _address(path: str) -> str:
    return re.sub(r"\{[^}]+\}", "NOSUCH", path)


def _code(answer) -> str:
    """The error's code; empty for an answer that is no error."""
    is_json = answer.headers.get("content-type", "").startswith("application/json")
    body = answer.json() if is_json and answer.content else {}
    return body["error"]["code"] if isinstance(body, dict) and "error" in body else ""


@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role or "anonymous")
async def test_every_route_lets_through_whom_its_access_says(lab, role):
    lab.app.state.live.close()
    wrong = []

    for method, path, access in routes_and_access(lab.app):
        async with lab.browser(BY_ROLE[role] if role else None) as browser:
            answer = await browser.request(method, _address(path))
        is_let_in = _code(answer) not in DENIED
        may = access is PUBLIC or (role is not None and access is SIGNED_IN)
        if isinstance(access, Right):
            may = role is not None and access in RIGHTS[role]
        if is_let_in != may or answer.status_code == 500:
            wrong.append((method, path, access, answer.status_code, _code(answer)))

    assert wrong == []


async def test_whatever_changes_something_needs_the_form_key(lab):
    wrong = []

    for method, path, access in routes_and_access(lab.app):
        if method in SAFE_METHODS or access is PUBLIC:
            continue
        async with lab.browser("eli") as browser:
            del browser.headers[FORM_KEY_HEADER]
            answer = await browser.request(method, _address(path), files=FILE)
        if _code(answer) != "rights.bad-form":
            wrong.append((method, path, answer.status_code, _code(answer)))

    assert wrong == []


async def test_a_token_needs_no_form_key(lab):
    wrong = []

    async with lab.program("eli") as program:
        for method, path, access in routes_and_access(lab.app):
            if method not in SAFE_METHODS and access is not PUBLIC:
                answer = await program.request(method, _address(path), files=FILE)
                if _code(answer) in {"rights.bad-form", *DENIED}:
                    wrong.append((method, path, _code(answer)))

    assert wrong == []


@pytest.mark.parametrize("token", ["", "fab_wrong", "nonsense"])
async def test_a_wrong_token_is_nobody_even_beside_a_good_cookie(lab, token):
    async with lab.browser("eli") as browser:
        answer = await browser.get("/api/v1/session", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.fixture
def form(lab):
    """The lab, with a route that takes a form."""
    router = APIRouter(include_in_schema=False)

    @router.post("/form", dependencies=[allow(SIGNED_IN)])
    async def take():
        return {"taken": True}

    with lab.more_routes(router):
        yield lab


@pytest.mark.parametrize("where", ["header", "field"])
async def test_a_form_with_its_key_is_taken(form, where):
    async with form.browser("awa") as browser:
        key = browser.headers.pop(FORM_KEY_HEADER)
        if where == "header":
            answer = await browser.post("/form", headers={FORM_KEY_HEADER: key})
        else:
            answer = await browser.post("/form", data={"form_key": key})

    assert answer.json() == {"taken": True}


async def test_the_key_of_another_session_is_refused(form):
    _, others = form.sign_in("awa")

    async with form.browser("awa") as browser:
        answer = await browser.post("/form", headers={FORM_KEY_HEADER: others})

    assert answer.status_code == 403
    assert _code(answer) == "rights.bad-form"


async def test_a_key_of_strange_letters_is_refused(form):
    async with form.browser("awa") as browser:
        del browser.headers[FORM_KEY_HEADER]
        answer = await browser.post("/form", data={"form_key": "clé\0é"})

    assert _code(answer) == "rights.bad-form"


async def test_a_session_that_ended_is_nobody(lab):
    async with lab.browser("awa") as browser:
        assert (await browser.get("/api/v1/session")).status_code == 200
        lab.clock.advance(lab.services.settings.signin.session_hours * 3600 + 1)
        assert (await browser.get("/api/v1/session")).status_code == 401


@pytest.mark.parametrize(("scheme", "is_secure"), [("http", False), ("https", True)])
async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(lab, scheme, is_secure):
    async with lab.browser() as browser:
        answer = await browser.post(
            f"{scheme}://hub.lan/api/v1/session", json={"person": "awa", "pin": "271828"}
        )

    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{SESSION_COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert ("Secure" in cookie) == is_secure
    assert "Max-Age" not in cookie


async def test_a_request_looks_its_session_up_once(lab, monkeypatch):
    asked = []
    original = SignIn.session
    monkeypatch.setattr(
        SignIn, "session", lambda self, token: asked.append(token) or original(self, token)
    )

    async with lab.browser("awa") as browser:
        asked.clear()
        await browser.get("/api/v1/session")

    assert len(asked) == 1


def test_a_route_without_an_access_stops_the_application(lab, monkeypatch):
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/forgotten", lambda: None)
    monkeypatch.setattr(application, "API", (router,))

    with pytest.raises(UndeclaredAccessError, match="/forgotten"):
        application.create_app(lab.services)


def test_a_route_with_two_accesses_stops_the_application():
    app = FastAPI(openapi_url=None)
    app.add_api_route("/torn", lambda: None, dependencies=[allow(PUBLIC), allow(Right.APPROVE)])

    with pytest.raises(UndeclaredAccessError, match="/torn"):
        routes_and_access(app)


def test_a_plain_route_or_a_mounted_application_must_say_too():
    app = FastAPI(openapi_url=None)
    app.add_route("/plain", lambda _: None)

    with pytest.raises(UndeclaredAccessError, match="/plain"):
        routes_and_access(app)

    mounted = FastAPI(openapi_url=None)
    mounted.mount("/other", FastAPI())

    with pytest.raises(UndeclaredAccessError, match="/other"):
        routes_and_access(mounted)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", []),
        ("fr", ["fr"]),
        ("fr-FR,fr;q=0.9,en-US;q=0.8", ["fr", "fr", "en"]),
        ("en;q=0.1, fr;q=0.9", ["fr", "en"]),
        ("de;q=0, en", ["en"]),
        ("en;q=x,fr", ["fr"]),
    ],
)
def test_languages_are_read_best_first(header, expected):
    assert [tag for tag in accepted_languages(header) if tag] == expected
