"""Turns values into pages: one Jinja environment for each language, and the built assets.

Templates hold the English sentence, `{{ _("Sign in") }}`; an environment is bound to one
language and one time zone, so that no template carries them along.
"""

import functools
import hashlib
import importlib.metadata
import json
import logging
from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from fablab_hub.core.error_texts import Problem
from fablab_hub.core.errors import FablabError
from fablab_hub.core.i18n.glossary import GLOSSARY
from fablab_hub.core.i18n.words import (
    duration_text,
    language_name,
    languages,
    moment_text,
    number_text,
    translate,
    translate_count,
)
from fablab_hub.core.machines import Label
from fablab_hub.core.people import first_name
from web import wording
from web.access import SAFE_METHODS, kiosk_of, language_of, services_of, visitor_of
from web.frame import Frame, frame_for
from web.look import look_attributes, look_of

log = logging.getLogger(__name__)

STATIC = Path(__file__).parent / "static"
"""What `web/assets/build.mjs` wrote; the application serves it under `/static`."""

_TEMPLATES = Path(__file__).parent / "templates"
_TONES = 6


def render(request: Request, name: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Make a page, or a part of one.

    Args:
        request: says who reads, and in which language.
        name: of the template, below `templates/`.
        status: of the answer.
        values: what the template names, besides what every page has: `person`, `form_key`,
            `lab`, `look`, `kiosk`, `frame_now`, `path`.
    """
    services, visitor = services_of(request), visitor_of(request)
    settings = services.settings.lab
    template = environment(language_of(request), settings.zone).get_template(name)
    body = template.render(
        {
            "lab": settings.name,
            "person": visitor.person,
            "form_key": visitor.form_key or "",
            "frame_now": functools.cache(lambda: _frame(request)),
            "look": look_attributes(look_of(request)),
            "kiosk": kiosk_of(request),
            "kiosk_idle_s": services.settings.signin.kiosk_s,
            "path": request.url.path,
            "here": "",
            "problem": None,
            "live_stream": getattr(request.state, "live_stream", None),
            "status": status,
            **values,
        }
    )
    tag = f'"{hashlib.sha256(body.encode()).hexdigest()[:16]}"'
    # A page shows one person's things as they are now: no cache may keep it.
    headers = {"Cache-Control": "no-store", "ETag": tag}
    # Only a part of a page that keeps itself true asks so (`js/live.js`).
    if request.headers.get("if-none-match") == tag:
        return HTMLResponse(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return HTMLResponse(body, status, headers=headers)


def render_error(request: Request, status: int, text: Problem) -> Response:
    """Make the page that says what went wrong; somebody unknown is led to the door instead."""
    if status == HTTPStatus.UNAUTHORIZED and request.method in SAFE_METHODS:
        # The next person at a kiosk is somebody else, and begins anew.
        kiosk = kiosk_of(request)
        door = f"/borne/{kiosk}" if kiosk else f"/entrer?vers={request.url.path}"
        return RedirectResponse(door, HTTPStatus.SEE_OTHER)
    try:
        return render(request, "pages/error.html", status=status, problem=text)
    except FablabError:
        # The page around an error may fail for the same reason: then its words come alone.
        log.warning("the page of an error could not be made", exc_info=True)
        return _bare_error(language_of(request), status, text)


def _bare_error(language: str, status: int, text: Problem) -> HTMLResponse:
    template = environment(language, "UTC").get_template("pages/error_bare.html")
    return HTMLResponse(template.render(problem=text), status)


def see_other(path: str, said: str = "") -> RedirectResponse:
    """Lead a browser to another page after a form did its work (RFC 9110, 15.4.4).

    Args:
        path: of the page.
        said: a word of `frame.SAID`; the page says its sentence.
    """
    mark = "&" if "?" in path else "?"
    return RedirectResponse(f"{path}{mark}dit={said}" if said else path, HTTPStatus.SEE_OTHER)


def own_path(wanted: str, otherwise: str = "/") -> str:
    """Give a wanted address if it is one of ours: a path, never another site."""
    is_path = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    is_plain = is_path and wanted.isprintable() and "\\" not in wanted
    return wanted if is_plain else otherwise


@functools.cache
def environment(language: str, zone: str) -> Environment:
    """Give the environment of one language and zone; a name that is missing is an error."""
    jinja = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    jinja.globals.update(
        _=lambda text, **fields: translate(text, language, **fields),
        ngettext=lambda one, many, count: translate_count(one, many, count, language),
        asset=asset,
        glossary=GLOSSARY,
        language=language,
        languages=[(code, language_name(code)) for code in languages()],
        build=build,
        job_sayings=wording.JOB_SAYINGS,
        job_steps=wording.STEPS,
        machine_sayings=wording.MACHINE_SAYINGS,
        outcomes=wording.OUTCOMES,
        role_names=wording.ROLE_NAMES,
    )
    jinja.filters.update(
        number=lambda value, digits=1: number_text(value, language, digits),
        duration=lambda seconds: duration_text(seconds, language),
        moment=lambda at: moment_text(at, language, zone),
        time=lambda at: moment_text(at, language, zone, "Hm"),
        label=lambda words: label_text(words, language),
        initial=lambda name: name[:1].upper(),
        tone=tone_of,
        first_name=first_name,
    )
    return jinja


def label_text(words: Label, language: str) -> str:
    """Give a lab's own words in a language."""
    return words.text(language)


def tone_of(name: str) -> int:
    """Choose the colour of somebody's circle: always the same for the same name."""
    return sum(name.encode()) % _TONES


def asset(name: str) -> str:
    """Give the address of a built asset (`app.css`, `icons.svg`)."""
    return f"/static/{_manifest().get(name, name)}"


@functools.cache
def _manifest() -> MappingProxyType[str, str]:
    try:
        text = (STATIC / "manifest.json").read_text(encoding="utf-8")
    except FileNotFoundError:
        # Stop buttons work without styles: a page that cannot be dressed is still shown.
        log.exception("the assets are not built: run `make setup`")
        return MappingProxyType({})
    return MappingProxyType(json.loads(text))


@functools.cache
def build() -> str:
    """Name what this hub serves: a page made by another build should load itself again."""
    version = importlib.metadata.version("fablab-hub")
    text = json.dumps([version, dict(_manifest())])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _frame(request: Request) -> Frame:
    services, visitor = services_of(request), visitor_of(request)
    said = request.query_params.get("dit", "")
    return frame_for(services, visitor.person, said, services.clock.now())
