"""How pages look to whoever asks: what they chose, or what this browser remembers."""

from types import MappingProxyType

from fastapi import Request, Response

from fablab_hub.core.errors import FablabError
from fablab_hub.core.look import Colours, Contrast, Look, TextSize, look_text, parse_look
from web.access import visitor_of

LOOK_COOKIE = "fablab_look"
_YEAR_S = 31_536_000

ATTRIBUTES: MappingProxyType[TextSize | Contrast | Colours, tuple[str, str]] = MappingProxyType(
    {
        TextSize.LARGE: ("data-size", "l"),
        TextSize.VERY_LARGE: ("data-size", "xl"),
        Contrast.STRONG: ("data-contrast", "more"),
        Colours.LIGHT: ("data-theme", "light"),
        Colours.DARK: ("data-theme", "dark"),
    }
)
"""What each choice writes on `<html>`; a choice that is not here writes nothing."""


def look_of(request: Request) -> Look:
    """Choose how to show a page: the person's way, or this browser's."""
    try:
        person = visitor_of(request).person
    except FablabError:
        # This is asked while an error is shown: a database that cannot be read hides nothing.
        person = None
    return person.look if person else parse_look(request.cookies.get(LOOK_COOKIE, ""))


def look_attributes(look: Look) -> dict[str, str]:
    """Give what `<html>` carries for a look."""
    choices = (look.text_size, look.contrast, look.colours)
    return dict(ATTRIBUTES[choice] for choice in choices if choice in ATTRIBUTES)


def keep_look(request: Request, response: Response, look: Look) -> None:
    """Remember a look in a browser, for the pages before somebody signs in."""
    response.set_cookie(
        LOOK_COOKIE,
        look_text(look),
        max_age=_YEAR_S,
        samesite="lax",
        httponly=True,
        secure=request.url.scheme == "https",
    )
