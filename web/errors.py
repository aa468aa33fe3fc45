"""From an error to an answer: one table of statuses, one JSON shape, one page."""

import logging
from types import MappingProxyType

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fablab_hub.core.error_texts import Problem, describe
from fablab_hub.core.errors import (
    ConfigError,
    DiskFullError,
    DriverError,
    FablabError,
    FileError,
    ForbiddenMoveError,
    LimitExceededError,
    NotAllowedError,
    NotFoundError,
    SignInError,
    StaleError,
    StorageError,
    UnreadableFileError,
)
from fablab_hub.core.i18n.words import translate
from web.access import language_of
from web.field_names import FIELD_NAMES
from web.rendering import render_error

log = logging.getLogger(__name__)

BY_CODE: MappingProxyType[str, int] = MappingProxyType(
    {
        "internal": 500,
        "web.bad-request": 400,
        "web.wrong-method": 405,
        "web.too-large": 413,
        "upload.broken": 400,
        "signin.blocked": 403,
        "signin.kiosk-only": 403,
        "signin.wait": 429,
        "signin.weak-pin": 422,
        "signin.weak-passphrase": 422,
        "signin.has-code": 409,
        "signin.not-the-same": 422,
        "signin.name-taken": 409,
    }
)
"""Codes whose status is not their class's."""

BY_CLASS: MappingProxyType[type[FablabError], int] = MappingProxyType(
    {
        SignInError: 401,
        NotAllowedError: 403,
        NotFoundError: 404,
        ForbiddenMoveError: 409,
        StaleError: 409,
        LimitExceededError: 413,
        UnreadableFileError: 415,
        FileError: 422,
        ConfigError: 422,
        DriverError: 503,
        DiskFullError: 507,
        StorageError: 503,
        FablabError: 422,
    }
)
"""A class's status; a class that is not here has its parent's."""

_HTTP_CODES = {404: "found.nothing", 405: "web.wrong-method", 413: "web.too-large"}


def status_of(error: FablabError) -> int:
    """Give the HTTP status of an error."""
    if error.code in BY_CODE:
        return BY_CODE[error.code]
    return next(BY_CLASS[kind] for kind in type(error).__mro__ if kind in BY_CLASS)


def answer(request: Request, error: FablabError) -> Response:
    """Say an error to whoever asked: JSON for a program, a page for a person."""
    status = status_of(error)
    text = describe_here(error, language_of(request))
    response: Response
    if wants_json(request):
        response = JSONResponse(error_body(error, text), status)
    else:
        response = render_error(request, status, text)
    if status == 429:
        response.headers["Retry-After"] = str(error.fields.get("wait_s", 60))
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def describe_here(error: FablabError, language: str) -> Problem:
    """Say an error in somebody's language; a form's field by the name that people use."""
    field = str(error.fields.get("field", ""))
    named = {"field": translate(FIELD_NAMES[field], language)} if field in FIELD_NAMES else {}
    return describe(FablabError(error.code, **{**error.fields, **named}), language)


def error_body(error: FablabError, text: Problem) -> dict[str, object]:
    """Write an error as every part of the API does."""
    return {
        "error": {
            "code": error.code,
            "message": text.message,
            "harm": text.harm,
            "remedy": text.remedy,
            "help": text.help,
            "fields": error.fields,
        }
    }


def wants_json(request: Request) -> bool:
    """Tell whether a program asks: by the address, or by what it says it takes."""
    accepted = request.headers.get("accept", "")
    return request.url.path.startswith("/api/") or (
        "application/json" in accepted and "text/html" not in accepted
    )


def install_errors(app: FastAPI) -> None:
    """Answer every error of an application here."""
    app.add_exception_handler(FablabError, _answer_ours)
    app.add_exception_handler(HTTPException, _answer_http)
    app.add_exception_handler(RequestValidationError, _answer_invalid)
    app.add_exception_handler(ClientDisconnect, _answer_nobody)
    app.add_middleware(CatchErrors)


class CatchErrors:
    """The outer loop of a request: an error that nobody foresaw is logged, and never shown."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application; answer `internal` when it fails before it answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_started = False

        async def note(message: Message) -> None:
            nonlocal is_started
            is_started = is_started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, note)
        except Exception:
            log.exception("%s %s failed", scope["method"], scope["path"])
            if is_started:
                # Half an answer is out: only a cut connection tells the reader so.
                raise
            await answer(Request(scope, receive), FablabError("internal"))(scope, receive, send)


def _answer_ours(request: Request, error: Exception) -> Response:
    if not isinstance(error, FablabError):
        raise error
    if status_of(error) >= 500:
        log.warning("%s %s: %s", request.method, request.url.path, error, exc_info=error)
    return answer(request, error)


def _answer_http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    code = _HTTP_CODES.get(error.status_code, "web.bad-request")
    response = answer(
        request, FablabError(code) if code != "found.nothing" else NotFoundError(code)
    )
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response


def _answer_invalid(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    complaints = error.errors()
    place = [part for part in complaints[0]["loc"] if isinstance(part, str)] if complaints else []
    return answer(request, FablabError("form.invalid", field=place[-1] if place else "body"))


def _answer_nobody(request: Request, _: Exception) -> Response:
    log.info("%s %s: the other side hung up", request.method, request.url.path)
    return Response(status_code=400)
