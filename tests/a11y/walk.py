"""Opens pages as people have them: their role, language, theme, contrast and width."""

import contextlib
import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.a11y.axe import violations
from tests.a11y.cover import Row, cover
from tests.a11y.pages import Address
from tests.a11y.stage import ANONYMOUS, PEOPLE, TABLET, Stage
from tests.journeys.guard import Guard
from web.access import KIOSK_COOKIE, LANGUAGE_COOKIE, SESSION_COOKIE

FACTORS: MappingProxyType[str, tuple[str, ...]] = MappingProxyType(
    {
        "role": (*PEOPLE, ANONYMOUS, TABLET),
        "theme": ("light", "dark"),
        "contrast": ("normal", "more"),
        "language": ("fr", "en"),
        "width": ("360", "1280"),
    }
)
_DRESS = """async (contrast) => {
  const root = document.documentElement;
  root.dataset.contrast = contrast;
  // Without this Chromium now and then keeps an inherited colour of the theme before.
  root.hidden = true;
  root.getBoundingClientRect();
  root.hidden = false;
  const frame = () => new Promise((shown) => requestAnimationFrame(shown));
  await frame().then(frame);
}"""
_STAY = """
if (location.pathname === "/hors-ligne") {
  Object.defineProperty(document, "visibilityState", { get: () => "hidden" });
}"""
"""The page for when the hub is away leads back as soon as it is seen while the hub is there."""
LOCALES = {"fr": "fr-FR", "en": "en-GB"}


@dataclass(frozen=True, slots=True)
class Visit:
    """One page, and how it is looked at."""

    address: Address
    row: Mapping[str, str]

    @property
    def window(self) -> tuple[str, str, bool]:
        """Say what must be the same for visits to share a window."""
        return self.row["language"], self.row["role"], self.address.is_running


def whole_product(addresses: Iterable[Address]) -> list[Visit]:
    """List every page in every way in which somebody is shown it."""
    rows = [
        dict(zip(FACTORS, values, strict=True)) for values in itertools.product(*FACTORS.values())
    ]
    return [
        Visit(address, row) for address in addresses for row in rows if row["role"] in address.roles
    ]


def selection(addresses: list[Address]) -> list[Visit]:
    """Choose a few visits: every page, and every pair of values of the other factors.

    Each page is looked at a second time with the other theme, contrast and width: that costs no
    second load.
    """
    used: list[tuple[int, Row]] = [(0, row) for row in cover(FACTORS)]
    chosen: list[Visit] = []
    for address in addresses:
        used.sort(key=lambda entry: entry[0])
        place = next(n for n, (_, row) in enumerate(used) if row["role"] in address.roles)
        count, row = used[place]
        used[place] = (count + 1, row)
        chosen.append(Visit(address, row))
    for _, row in (entry for entry in used if entry[0] == 0):
        seen_by_them = [address for address in addresses if row["role"] in address.roles]
        chosen.append(Visit(seen_by_them[len(chosen) % len(seen_by_them)], row))
    return [look for visit in chosen for look in (visit, Visit(visit.address, _opposite(visit)))]


def _opposite(visit: Visit) -> Row:
    dresses = {name: FACTORS[name] for name in ("theme", "contrast", "width")}
    others = {name: next(v for v in dresses[name] if v != visit.row[name]) for name in dresses}
    return {**visit.row, **others}


def groups(visits: Iterable[Visit]) -> Iterator[tuple[tuple[str, str, bool], list[Visit]]]:
    """Sort visits by the window that they share."""
    ordered = sorted(visits, key=lambda visit: (visit.window, visit.address.name))
    for window, same in itertools.groupby(ordered, lambda visit: visit.window):
        yield window, list(same)


def look_at(stage: Stage, browser: Browser, visits: Iterable[Visit]) -> Iterator[tuple[Visit, Any]]:
    """Make visits, and give for each what axe and the guard say against it."""
    for (language, role, is_running), same in groups(visits):
        context = open_window(stage, browser, role, language)
        guard = Guard()
        guard.watch(context, stage.lab.address)
        page = context.new_page()
        for _, looks in itertools.groupby(same, lambda visit: visit.address.name):
            if is_running:
                with stage.running():
                    yield from list(_look(page, guard, list(looks)))
            else:
                yield from _look(page, guard, list(looks))
        context.close()


def open_window(stage: Stage, browser: Browser, role: str, language: str) -> BrowserContext:
    """Open a window in which somebody of a role is signed in, and reads a language."""
    context = browser.new_context(
        base_url=stage.lab.address, locale=LOCALES[language], reduced_motion="reduce"
    )
    context.add_init_script(_STAY)
    cookies = {LANGUAGE_COOKIE: language}
    if role == TABLET:
        cookies[KIOSK_COOKIE] = stage.tablet.cookies[KIOSK_COOKIE]
    elif role != ANONYMOUS:
        stage.set_language(role, language)
        cookies[SESSION_COOKIE] = stage.client(role).cookies[SESSION_COOKIE]
    context.add_cookies(
        [{"name": name, "value": text, "url": stage.lab.address} for name, text in cookies.items()]
    )
    return context


def dress(page: Page, row: Mapping[str, str]) -> None:
    """Give a page a theme, a contrast and a width."""
    is_more = row["contrast"] == "more"
    page.emulate_media(
        color_scheme="dark" if row["theme"] == "dark" else "light",
        contrast="more" if is_more else "no-preference",
        reduced_motion="reduce",
    )
    page.set_viewport_size({"width": int(row["width"]), "height": 860})
    page.evaluate(
        _DRESS,
        row["contrast"],
    )


def _look(page: Page, guard: Guard, visits: list[Visit]) -> Iterator[tuple[Visit, list[str]]]:
    for number, visit in enumerate(visits):
        if number == 0:
            go_to(page, guard, visit.address)
        dress(page, visit.row)
        guard.look(page)
        found = violations(page)
        yield visit, [*found, *guard.complaints]
        guard.complaints.clear()


def go_to(page: Page, guard: Guard, address: Address) -> None:
    """Open a page, and do what leads to the one that is meant."""
    is_plain = address.status == 200
    with contextlib.nullcontext() if is_plain else guard.expects(address.status):
        page.goto(address.path)
        address.act(page)
        page.evaluate("document.fonts.ready")
