"""What every answer tells the browser to refuse, and what the hub itself refuses from one.

Headers after OWASP's list for applications that load nothing from elsewhere. A request that
changes something must come from the hub's own pages (`Sec-Fetch-Site`, `Origin`): the session
cookie is `SameSite=Strict` and forms carry a key as well, so this is the third lock, and the
only one on the sign-in form.
"""

from types import MappingProxyType
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fablab_hub.core.errors import NotAllowedError
from web.access import SAFE_METHODS
from web.errors import answer

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self';"
    " connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
"""What a page may load: the hub's own files, and nothing written inside the page itself."""

PICTURE_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""For drawings made from strangers' files: shown, and dead."""

HEADERS: MappingProxyType[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": PAGE_POLICY,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }
)
"""Sent with every answer that does not say otherwise itself."""


class SecurityHeaders:
    """Adds HEADERS to every answer; what people may see is never kept by a shared computer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application, and complete what it answers."""

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, complete if scope["type"] == "http" else send)


class SameOrigin:
    """Refuses what another website makes a browser send."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application only for requests that are the hub's own, or no browser's."""
        if scope["type"] == "http" and scope["method"] not in SAFE_METHODS:
            request = Request(scope, receive)
            if not is_same_origin(
                host=request.headers.get("host", ""),
                origin=request.headers.get("origin"),
                fetch_site=request.headers.get("sec-fetch-site"),
            ):
                refusal = answer(request, NotAllowedError("web.other-site"))
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)


def is_same_origin(*, host: str, origin: str | None, fetch_site: str | None) -> bool:
    """Tell whether a request may come from the hub's own pages.

    The scheme is not compared: behind a proxy that ends TLS the hub sees another one.

    Args:
        host: the `Host` header.
        origin: the `Origin` header; browsers send it with every request that changes something,
            programs do not.
        fetch_site: the `Sec-Fetch-Site` header (W3C Fetch Metadata); `none` is the person's own
            doing.
    """
    if fetch_site is not None and fetch_site not in ("same-origin", "none"):
        return False
    if origin is None:
        return True
    try:
        return bool(host) and urlsplit(origin).netloc.casefold() == host.casefold()
    except ValueError:
        return False
