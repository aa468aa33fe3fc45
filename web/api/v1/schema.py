"""The API described: its OpenAPI document, and a page of it that loads nothing from elsewhere."""

import html
from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, JSONResponse

from web.access import PUBLIC, Access, allow, routes_and_access
from web.rendering import asset

router = APIRouter(prefix="/api/v1", tags=["about"])

_SCHEMES: dict[str, Any] = {
    "token": {"type": "http", "scheme": "bearer", "description": "A token, `fab_…`."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "fablab_session",
        "description": "A browser's session; with `X-Form-Key` for whatever changes something.",
    },
}
_METHODS = ("get", "post", "put", "patch", "delete")


@router.get("/openapi.json", dependencies=[allow(PUBLIC)], include_in_schema=False)
async def show_document(request: Request) -> JSONResponse:
    """Give the OpenAPI document."""
    return JSONResponse(document(request.app))


@router.get("/docs", dependencies=[allow(PUBLIC)], include_in_schema=False)
async def show_page(request: Request) -> HTMLResponse:
    """Show every operation of the API on one page."""
    return HTMLResponse(page(document(request.app)))


def document(app: FastAPI) -> dict[str, Any]:
    """Describe the API (OpenAPI 3.1): every operation, and who may use it."""
    known: dict[str, Any] | None = app.openapi_schema
    if known is None:
        known = get_openapi(
            title="FabLab Hub",
            version="1",
            summary="Machines, jobs, fabrications and people of one fablab.",
            routes=app.routes,
        )
        known["components"]["securitySchemes"] = _SCHEMES
        for method, path, access in routes_and_access(app):
            operation = known["paths"].get(path, {}).get(method.lower())
            if operation is not None:
                _declare_access(operation, access)
        app.openapi_schema = known
    return known


def _declare_access(operation: dict[str, Any], access: Access) -> None:
    operation["x-access"] = access.value
    operation["security"] = [] if access is PUBLIC else [{"token": []}, {"session": []}]


def page(described: dict[str, Any]) -> str:
    """Write the OpenAPI document as plain HTML."""
    body = "".join(_section(tag, described) for tag in _tags(described))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>FabLab Hub API</title><link rel=stylesheet href={asset('app.css')}></head>"
        "<body><main class=page><h1>FabLab Hub API</h1>"
        "<p>Send <code>Authorization: Bearer fab_…</code>. Errors are"
        " <code>{&quot;error&quot;: {code, message, harm, remedy, help, fields}}</code>."
        ' <a href="openapi.json">The same for programs</a>.</p>'
        f"{body}</main></body></html>"
    )


def _tags(described: dict[str, Any]) -> list[str]:
    return sorted({tag for _, _, operation in _operations(described) for tag in operation["tags"]})


def _operations(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in described["paths"].items():
        for method in _METHODS:
            if method in methods:
                yield method.upper(), path, methods[method]


def _section(tag: str, described: dict[str, Any]) -> str:
    entries = (
        _entry(method, path, operation)
        for method, path, operation in _operations(described)
        if tag in operation["tags"]
    )
    return f"<h2>{html.escape(tag)}</h2><dl>{''.join(entries)}</dl>"


def _entry(method: str, path: str, operation: dict[str, Any]) -> str:
    parameters = [
        f"<code>{html.escape(item['name'])}</code> ({item['in']})"
        for item in operation.get("parameters", [])
    ]
    takes = f"<br>Takes: {', '.join(parameters)}" if parameters else ""
    gives = ", ".join(code for code in operation["responses"] if code.startswith("2"))
    return (
        f"<dt><code>{method} {html.escape(path)}</code></dt>"
        f"<dd>{html.escape(operation.get('description', ''))}{takes}"
        f"<br>For: {html.escape(operation['x-access'])}. Answers: {gives}.</dd>"
    )
