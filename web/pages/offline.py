"""The hub as an application of a phone, and the page that is shown when the hub is away.

Three files that belong together: the manifest that browsers install from (W3C Web Application
Manifest), the service worker (`js/sw.js`), and the page that it keeps for a day without a hub.
"""

import json
from typing import Any

from fastapi import APIRouter, Request, Response

from fablab_hub.core.errors import NotFoundError
from fablab_hub.core.i18n.words import N_, languages, translate
from web.access import PUBLIC, Hub, allow
from web.rendering import STATIC, asset, build, render

router = APIRouter()

_ASK_AGAIN = {"Cache-Control": "no-cache"}
_PAPER, _SEA = "#f7f1e6", "#0a666e"
"""`--paper` and `--sea` of `tokens.css`, for what the phone draws itself around a page."""

_ICONS = (
    ("app-192.png", "192x192", "any"),
    ("app-512.png", "512x512", "any"),
    ("app-maskable-512.png", "512x512", "maskable"),
)
_DRESS = ("app.css", "app.js", "icons.svg", "mark.svg")


@router.get("/manifest.webmanifest", dependencies=[allow(PUBLIC)])
async def manifest(hub: Hub) -> Response:
    """Say how the hub looks among the applications of a phone."""
    lab = hub.settings.lab
    body: dict[str, Any] = {
        "id": "/",
        "name": lab.name,
        "short_name": lab.name[:12].strip(),
        "description": translate(N_("From your file to your object."), lab.language),
        "lang": lab.language,
        "dir": "ltr",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": _PAPER,
        "theme_color": _SEA,
        "icons": [
            {"src": asset(name), "sizes": size, "type": "image/png", "purpose": purpose}
            for name, size, purpose in _ICONS
        ],
    }
    text = json.dumps(body, ensure_ascii=False)
    return Response(text, media_type="application/manifest+json", headers=_ASK_AGAIN)


@router.get("/sw.js", dependencies=[allow(PUBLIC)])
async def service_worker(hub: Hub) -> Response:
    """Give the service worker; its first line changes with the build, and so browsers renew it."""
    file = STATIC / asset("sw.js").rpartition("/")[2]
    if not file.is_file():
        raise NotFoundError("found.nothing")
    facts = {
        "build": build(),
        "language": hub.settings.lab.language,
        "languages": languages(),
        "assets": [
            *(asset(name) for name in _DRESS),
            *(f"/static/{path.name}" for path in sorted(STATIC.glob("*.woff2"))),
        ],
    }
    text = f"const HUB = {json.dumps(facts)};\n{file.read_text(encoding='utf-8')}"
    return Response(text, media_type="text/javascript", headers=_ASK_AGAIN)


@router.get("/hors-ligne", dependencies=[allow(PUBLIC)])
async def offline(request: Request) -> Response:
    """Say that the hub does not answer, and what works all the same."""
    return render(request, "pages/offline.html", here="offline")
