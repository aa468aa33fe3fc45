"""Pages that no address alone leads to: refusals, mistakes, and what is shown only once."""

from collections.abc import Callable

from playwright.sync_api import Page

from fablab_hub.core.people import Role
from tests.a11y.pages import Address
from tests.a11y.stage import ANONYMOUS, PEOPLE, Stage, drawing
from tests.journeys.conftest import PINS, next_question

_TRAINEE = (Role.TRAINEE.value,)
_WRONG = "000000"


def scenes(stage: Stage) -> list[Address]:
    """Give the scenes of a stage: whose they are, the status they answer, and how to get there."""
    made = stage.owner.get("/fabrications")[0]["id"]
    return [
        _scene("not found", "/travaux/nulle-part", _TRAINEE, 404),
        _scene("not allowed", "/atelier", _TRAINEE, 403),
        _scene("wrong PIN", f"/entrer?qui={stage.owner.id}", (ANONYMOUS,), 401, _mistype),
        _scene("no material", "/fabriquer?machine=laser", _TRAINEE, 422, _forget_the_material),
        _scene("no title", f"/fabrications/{made}", _TRAINEE, 422, _forget_the_title),
        _scene("key shown", "/reglages", _TRAINEE, 200, _make_a_key),
    ]


def _scene(
    name: str,
    path: str,
    roles: tuple[str, ...],
    status: int,
    act: Callable[[Page], None] = lambda _: None,
) -> Address:
    return Address(name, path, roles, status=status, act=act)


def _mistype(page: Page) -> None:
    page.locator("input[name=pin]").fill(_WRONG)
    _send(page)


def _forget_the_material(page: Page) -> None:
    file = {"name": "plaque.dxf", "mimeType": "image/vnd.dxf", "buffer": drawing(90, 50)}
    page.locator("input[name=file]").set_input_files(files=[file])
    for _ in range(3):
        next_question(page)
    _send(page)


def _forget_the_title(page: Page) -> None:
    page.locator("input[name=title]").fill("   ")
    _send(page)


def _make_a_key(page: Page) -> None:
    page.locator("input[name=name]").fill("Mon PrusaSlicer")
    page.locator("input[name=pin]").fill(PINS[PEOPLE[Role.TRAINEE]])
    _send(page)


def _send(page: Page) -> None:
    """Send the page's last form, and wait for the page that answers."""
    with page.expect_navigation():
        page.locator("main form").last.locator("button:not([name])").last.click()
