"""One page of help, in plain words; anybody may read it."""

import unicodedata

from fastapi import APIRouter, Request, Response

from fablab_hub.core.i18n.glossary import GLOSSARY, Term
from fablab_hub.core.i18n.words import translate
from web.access import PUBLIC, allow, language_of
from web.rendering import render

router = APIRouter()


@router.get("/aide", dependencies=[allow(PUBLIC)])
async def show_help(request: Request) -> Response:
    """Explain the way from a file to an object, and the words of the workshop."""
    words = words_in_order(language_of(request))
    return render(request, "pages/help.html", here="help", words=words)


def words_in_order(language: str) -> list[Term]:
    """List the glossary as a dictionary of that language does; accents do not count."""

    def place(term: Term) -> str:
        letters = unicodedata.normalize("NFD", translate(term.name, language).casefold())
        return "".join(letter for letter in letters if not unicodedata.combining(letter))

    return sorted(GLOSSARY.values(), key=place)
