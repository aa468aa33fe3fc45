"""How somebody reads best: asked after the first sign-in, and changed at any time."""

from types import MappingProxyType
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response
from sqlite_utils import Database as Tables

from fablab_hub.core.i18n.words import N_, languages
from fablab_hub.core.look import Colours, Contrast, Look, TextSize, set_look, set_welcomed
from fablab_hub.core.people import Person, set_language
from web.access import LANGUAGE_COOKIE, PUBLIC, Hub, allow, kiosk_of
from web.look import keep_look, look_of
from web.rendering import own_path, render, see_other

router = APIRouter()

_YEAR_S = 31_536_000

SIZES: MappingProxyType[TextSize, str] = MappingProxyType(
    {
        TextSize.NORMAL: N_("Normal"),
        TextSize.LARGE: N_("Large"),
        TextSize.VERY_LARGE: N_("Very large"),
    }
)
"""Every size of the text, in words."""

CONTRASTS: MappingProxyType[Contrast, str] = MappingProxyType(
    {Contrast.NORMAL: N_("Soft"), Contrast.STRONG: N_("Strong")}
)
"""Every contrast, in words."""

COLOURS: MappingProxyType[Colours, str] = MappingProxyType(
    {
        Colours.DEVICE: N_("Like my device"),
        Colours.LIGHT: N_("Light"),
        Colours.DARK: N_("Dark"),
    }
)
"""Light or dark, in words."""


def look_choices(request: Request) -> dict[str, Any]:
    """Give what the form about reading needs; the settings show the same one."""
    return {"chosen": look_of(request), "sizes": SIZES, "contrasts": CONTRASTS, "shades": COLOURS}


@router.get("/bienvenue", dependencies=[allow(PUBLIC)])
async def show_welcome(
    request: Request, vers: Annotated[str, Query(max_length=300)] = "/"
) -> Response:
    """Ask how somebody reads best."""
    target = own_path(vers)
    return render(request, "pages/welcome.html", target=target, **look_choices(request))


@router.post("/bienvenue")
async def keep_choices(
    request: Request,
    hub: Hub,
    person: Annotated[Person | None, allow(PUBLIC)],
    langue: Annotated[str, Form(max_length=8)] = "",
    taille: Annotated[TextSize, Form()] = TextSize.NORMAL,
    contraste: Annotated[Contrast, Form()] = Contrast.NORMAL,
    couleurs: Annotated[Colours, Form()] = Colours.DEVICE,
    passer: Annotated[str, Form(max_length=8)] = "",
    vers: Annotated[str, Form(max_length=300)] = "/",
) -> Response:
    """Keep what was chosen, for the person and for this browser; or nothing, when it is skipped."""
    response = see_other(own_path(vers))
    look = Look(text_size=taille, contrast=contraste, colours=couleurs)
    if not passer and kiosk_of(request) is None:  # a kiosk's next reader is somebody else
        keep_look(request, response, look)
        if langue in languages():
            response.set_cookie(LANGUAGE_COOKIE, langue, max_age=_YEAR_S, samesite="lax")
    if person is not None:
        person_id, now = person.id, hub.clock.now()

        def act(tables: Tables) -> None:
            set_welcomed(tables, person_id, now)
            if not passer:
                set_look(tables, person_id, look)
                if langue in languages():
                    set_language(tables, person_id, langue)

        await hub.database.write(act)
    return response
