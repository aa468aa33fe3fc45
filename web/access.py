"""Who may use what: every route names its `Access`, and a route that names none stops the hub.

A browser is known by its session cookie, and must send the session's form key with whatever
changes something; a program is known by an API token (`Authorization: Bearer fab_…`).
"""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from fablab_hub.core.errors import FablabError, NotAllowedError, SignInError
from fablab_hub.core.i18n.words import languages
from fablab_hub.core.kiosks import Kiosk
from fablab_hub.core.people import Person, Right, require
from fablab_hub.core.sessions import Session
from web.services import Services

SESSION_COOKIE = "fablab_session"
LANGUAGE_COOKIE = "fablab_language"
KIOSK_COOKIE = "kiosk"
FORM_KEY_FIELD = "form_key"
FORM_KEY_HEADER = "X-Form-Key"
BACKGROUND_HEADER = "X-Background"
"""Sent with what a page asks for by itself, and nobody pressed."""
_KIOSK_S = 400 * 86_400
"""The longest that browsers keep a cookie (RFC 6265bis, 5.5); the door renews it."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing, and so need no form key."""


class Everyone(StrEnum):
    """Access that asks for no right."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"


PUBLIC = Everyone.PUBLIC
SIGNED_IN = Everyone.SIGNED_IN
Access = Everyone | Right
"""Who may use a route: anybody, whoever signed in, or those whose role has a right."""


class UndeclaredAccessError(Exception):
    """A route does not say who may use it, or says two things."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever sent a request.

    Attributes:
        person: None for somebody who is not signed in.
        form_key: what their forms must send back; None for a token, which no browser sends
            by itself.
        session: None for a token as well.
    """

    person: Person | None
    form_key: str | None
    session: Session | None = None


@dataclass(frozen=True, slots=True)
class Allowed:
    """The dependency that lets through whom a route is for, and gives the person."""

    access: Access
    is_upload: bool

    async def __call__(self, request: Request) -> Person | None:
        """Give who asks.

        Raises:
            SignInError: nobody is signed in (`signin.needed`).
            NotAllowedError: their role lacks the right, or the form key is missing or old.
        """
        visitor = visitor_of(request)
        if visitor.session is not None and is_by_person(request):
            await services_of(request).signin.sessions.touch(
                request.cookies[SESSION_COOKIE], visitor.session
            )
        if self.access is PUBLIC:
            return visitor.person
        if visitor.person is None:
            raise SignInError("signin.needed")
        if isinstance(self.access, Right):
            require(visitor.person, self.access)
        if request.method not in SAFE_METHODS and not self.is_upload:
            check_form_key(request, await _sent_form_key(request))
        return visitor.person


def allow(access: Access, *, is_upload: bool = False) -> Any:
    """Declare who may use a route.

        async def approve(person: Annotated[Person, allow(Right.APPROVE)]) -> ...
        @router.get("/healthz", dependencies=[allow(PUBLIC)])

    Args:
        access: who. What a person may do with one thing (their own job, another's) is for the
            rooms below to decide.
        is_upload: the body is read by `uploads.receive_upload`, which then checks the form key.
    """
    return Depends(Allowed(access, is_upload))


def services_of(request: Request) -> Services:
    """Give what the routes stand on."""
    services: Services = request.app.state.services
    return services


Hub = Annotated[Services, Depends(services_of)]
"""A route parameter of this type is given the services."""


def visitor_of(request: Request) -> Visitor:
    """Find out who asks; the answer is kept for the rest of the request."""
    known: Visitor | None = getattr(request.state, "visitor", None)
    if known is None:
        known = find_visitor(request)
        request.state.visitor = known
    return known


def find_visitor(request: Request) -> Visitor:
    """Find out who asks, anew: a session may have ended since the request began."""
    signin = services_of(request).signin
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.casefold() == "bearer":
        return Visitor(signin.token_person(token.strip()), None)
    cookie = request.cookies.get(SESSION_COOKIE)
    session = signin.session(cookie) if cookie else None
    if session is None:
        return Visitor(None, None)
    return Visitor(session.person, session.form_key, session)


def is_by_person(request: Request) -> bool:
    """Tell whether somebody pressed something; only that keeps a session alive.

    A browser that leads to a page says that it takes HTML (Fetch Standard, 2.2.5); scripts,
    pictures and the live stream do not, so that a page left open is no sign of life.
    """
    if BACKGROUND_HEADER in request.headers:
        return False
    return request.method not in SAFE_METHODS or "text/html" in request.headers.get("accept", "")


def refuse_at_kiosk(request: Request) -> None:
    """Keep the keys of people off the screens where everybody looks on.

    A kiosk takes a PIN from staff who have a passphrase elsewhere: whoever saw that PIN must not
    be able to make themselves another way in.

    Raises:
        NotAllowedError: the session is a kiosk's (`rights.not-at-kiosk`).
    """
    session = visitor_of(request).session
    if session is not None and session.kiosk_id is not None:
        raise NotAllowedError("rights.not-at-kiosk")


def kiosk_here(request: Request) -> Kiosk | None:
    """Give the kiosk that this browser is; None for any other browser."""
    known: Kiosk | None = getattr(request.state, "kiosk", None)
    machine_id, _, token = request.cookies.get(KIOSK_COOKIE, "").partition(".")
    if known is None and token:
        services = services_of(request)
        found = services.signin.kiosks.find(token)
        is_ours = found is not None and found.machine_id == machine_id
        known = found if is_ours and machine_id in services.settings.machines else None
        request.state.kiosk = known
    return known


def kiosk_of(request: Request) -> str | None:
    """Give the id of the machine whose kiosk this browser is; None for any other browser."""
    kiosk = kiosk_here(request)
    return kiosk.machine_id if kiosk else None


def check_form_key(request: Request, sent: str) -> None:
    """Make sure that a form comes from a page of this very session.

    Raises:
        NotAllowedError: it does not (`rights.bad-form`).
    """
    expected = visitor_of(request).form_key
    if expected is not None and not hmac.compare_digest(sent.encode(), expected.encode()):
        raise NotAllowedError("rights.bad-form")


async def _sent_form_key(request: Request) -> str:
    header = request.headers.get(FORM_KEY_HEADER)
    if header is not None:
        return header
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind != "application/x-www-form-urlencoded" or visitor_of(request).form_key is None:
        return ""
    # Starlette keeps the form on the request: the route reads the same one again.
    return str((await request.form()).get(FORM_KEY_FIELD, ""))


def address_of(request: Request) -> str:
    """Give where a request comes from; wrong PINs are counted by it too."""
    return request.client.host if request.client else "unknown"


def keep_kiosk(request: Request, response: Response, value: str) -> None:
    """Give a browser the cookie that makes it a kiosk: the machine's id, a dot, the secret."""
    response.set_cookie(
        KIOSK_COOKIE,
        value,
        max_age=_KIOSK_S,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
        path="/",
    )


def keep_session(request: Request, response: Response, token: str) -> None:
    """Give a browser the cookie of its new session; it ends with the browser."""
    response.set_cookie(
        SESSION_COOKIE,
        token,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
        path="/",
    )


def forget_session(request: Request, response: Response) -> None:
    """Take the session's cookie back from a browser."""
    response.delete_cookie(
        SESSION_COOKIE,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
        path="/",
    )


def language_of(request: Request) -> str:
    """Choose the language to answer in: the person's, the cookie's, the browser's, the lab's."""
    services = services_of(request)
    for wanted in _wanted_languages(request):
        if wanted in languages():
            return wanted
    return services.settings.lab.language


def _wanted_languages(request: Request) -> Iterator[str]:
    try:
        person = visitor_of(request).person
    except FablabError:
        # This is asked while an error is shown: a database that cannot be read hides nothing.
        person = None
    if person is not None:
        yield person.language
    yield request.cookies.get(LANGUAGE_COOKIE, "")
    yield from accepted_languages(request.headers.get("accept-language", ""))


def accepted_languages(header: str) -> list[str]:
    """Read an `Accept-Language` header (RFC 9110, 12.5.4): languages without region, best first."""
    weighted: list[tuple[float, str]] = []
    for entry in header[:1000].split(","):
        tag, _, weight = entry.partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=")) if weight else 1.0
        except ValueError:
            continue
        if quality > 0:
            weighted.append((-quality, tag.strip().partition("-")[0].casefold()))
    return [tag for _, tag in sorted(weighted, key=lambda pair: pair[0])]


def routes_and_access(app: FastAPI) -> list[tuple[str, str, Access]]:
    """List every method and path with who may use it.

    Raises:
        UndeclaredAccessError: a route does not say.
    """
    table: list[tuple[str, str, Access]] = []
    for route in iter_route_contexts(app.routes):
        original = route.original_route
        if isinstance(original, Mount) and isinstance(original.app, StaticFiles):
            table.append(("GET", f"{original.path}/{{path}}", PUBLIC))
            continue
        path = route.path or "?"
        access = _declared(path, getattr(route, "dependant", None))
        table.extend((method, path, access) for method in sorted(route.methods or {"?"}))
    return table


def _declared(path: str, dependant: Dependant | None) -> Access:
    found = set(_accesses(dependant)) if dependant else set()
    if len(found) != 1:
        raise UndeclaredAccessError(f"{path}: one access is needed, there are {len(found)}")
    return found.pop()


def _accesses(dependant: Dependant) -> Iterator[Access]:
    for inner in dependant.dependencies:
        if isinstance(inner.call, Allowed):
            yield inner.call.access
        yield from _accesses(inner)
