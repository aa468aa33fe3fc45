"""How the tests of pages read a page and press its buttons, as a person would."""

import re
from html import unescape

import httpx

PIN = "271828"
HTML = {"Accept": "text/html", "Accept-Language": "en"}


async def page(browser: httpx.AsyncClient, path: str, status: int = 200) -> str:
    """What a person reads at an address."""
    answer = await browser.get(path, headers=HTML)
    assert answer.status_code == status, answer.text
    return text_of(answer)


async def send(browser: httpx.AsyncClient, path: str, **fields: str | list[str]) -> httpx.Response:
    """Press a button of a form."""
    return await browser.post(path, data=fields, headers=HTML)


def text_of(answer: httpx.Response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def actions(html: str) -> set[str]:
    """The addresses of a page's forms."""
    return set(re.findall(r"<form[^>]*action=\"([^\"]+)\"", html))
