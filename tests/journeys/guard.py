"""Watches every page that a journey opens, and remembers whatever is wrong with it.

A page may say nothing to the console, ask nobody but the hub, refuse nothing by its own policy,
scroll sideways nowhere, and hold no sentence of another language than its own.
"""

import contextlib
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from babel.messages.pofile import read_po
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

from fablab_hub.core.i18n import words
from fablab_hub.core.i18n.words import SOURCE_LANGUAGE, languages
from projects.evidence import OWN_PROJECT

WATCH = (Path(__file__).parent / "guard.js").read_text(encoding="utf-8")

_SAID_TWICE = re.compile(r"^Failed to load resource: (the server responded|net::)")
"""Chromium's console repeats what the events of requests and answers say better."""
TYPED_FIRST = "Autofocus processing was blocked because a document already has a focused element."
"""A test typed before the page had put the cursor there: no person is as fast."""
_LEFT = "net::ERR_ABORTED"
"""A page was left before everything had arrived: no fault of anybody's."""
_CUT = re.compile(
    r"^net::ERR_(CONNECTION_\w+|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING|CONTENT_LENGTH_MISMATCH)$"
)
STORED: frozenset[str] = frozenset({OWN_PROJECT})
"""Kept with somebody's things, in the language that they read then: a title, not a sentence."""
_FIELD = re.compile(r"\\\{\w+\\\}")


class Guard:
    """Collects complaints about the pages of any number of browser contexts."""

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self._expected: set[int] = set()
        self._met: set[int] = set()
        self._may_be_cut = False

    def watch(self, context: BrowserContext, address: str) -> None:
        """Watch every page of a context whose own host is that of `address`."""
        host = urlsplit(address).netloc
        context.on("console", self._note_console)
        context.on("weberror", lambda error: self._note(error.page, str(error.error)))
        context.on("request", lambda request: self._note_request(request, host))
        context.on("requestfailed", self._note_failure)
        context.on("response", self._note_answer)
        context.expose_binding("guardSays", lambda source, text: self._note(source["page"], text))
        context.add_init_script(f"({WATCH})({json.dumps(foreign_sentences())})")

    @contextlib.contextmanager
    def expects(self, *statuses: int) -> Iterator[None]:
        """Let these statuses pass inside; each must really be met."""
        self._expected, self._met = set(statuses), set()
        yield
        missed = self._expected - self._met
        self._expected = set()
        assert not missed, f"expected, and never answered: {sorted(missed)}"

    @contextlib.contextmanager
    def expects_a_cut(self) -> Iterator[None]:
        """Let requests break inside: the hub is about to be killed."""
        self._may_be_cut = True
        yield
        self._may_be_cut = False

    def look(self, page: Page) -> None:
        """Look at a page now, after whatever a script of the test did to it."""
        page.evaluate("guardLook()")

    def check(self) -> None:
        """Fail when anything was wrong so far."""
        assert not self.complaints, "\n".join(self.complaints)

    def _note(self, page: Page | None, text: str) -> None:
        where = urlsplit(page.url).path if page else "?"
        if (complaint := f"{where}: {text}") not in self.complaints:
            self.complaints.append(complaint)

    def _note_console(self, said: ConsoleMessage) -> None:
        if not _SAID_TWICE.match(said.text) and said.text != TYPED_FIRST:
            self._note(said.page, f"console {said.type}: {said.text}")

    def _note_request(self, request: Request, host: str) -> None:
        if urlsplit(request.url).netloc != host:
            self._note(None, f"another host is asked: {request.url[:200]}")

    def _note_failure(self, request: Request) -> None:
        why = request.failure or ""
        if why != _LEFT and not (self._may_be_cut and _CUT.match(why)):
            self._note(None, f"{request.method} {request.url}: {why}")

    def _note_answer(self, response: Response) -> None:
        if response.status < 400:
            return
        if response.status in self._expected:
            self._met.add(response.status)
        else:
            self._note(None, f"{response.request.method} {response.url}: {response.status}")


def foreign_sentences() -> dict[str, str]:
    """Give, for each language, a pattern of the sentences that only another language has.

    A sentence's fields (`{name}`) match anything; one that is nearly all fields says nothing.
    """
    said: dict[str, set[str]] = {language: set() for language in languages()}
    for language in languages():
        if language == SOURCE_LANGUAGE:
            continue
        path = Path(words.__file__).parent / f"{language}.po"
        for message in read_po(io.BytesIO(path.read_bytes()), locale=language):
            if message.id and message.id not in STORED:
                said[SOURCE_LANGUAGE] |= _texts(message.id)
                said[language] |= _texts(message.string)
    every = set().union(*said.values())
    return {language: _pattern(every - own) for language, own in said.items()}


def _texts(sentence: str | list[str] | tuple[str, ...]) -> set[str]:
    texts = (sentence,) if isinstance(sentence, str) else sentence
    return {" ".join(text.split()) for text in texts}


def _pattern(texts: set[str]) -> str:
    telling = [text for text in texts if len(re.findall(r"[^\W\d_]", _without_fields(text))) > 3]
    return "|".join(_FIELD.sub(".+?", _escaped(text)) for text in sorted(telling))


def _without_fields(text: str) -> str:
    return re.sub(r"\{\w+\}", "", text)


def _escaped(text: str) -> str:
    """Escape for JavaScript's `u` patterns, which know fewer escapes than Python's."""
    return re.sub(r"([\\^$.|?*+()\[\]{}/])", r"\\\1", text)
