"""A picture of every page, for the docs; made only when asked for with --screenshots."""

import contextlib
import re

import pytest

from tests.a11y.scenes import scenes
from tests.a11y.walk import Visit, go_to, groups, open_window
from tests.journeys.guard import Guard


def picture_name(page_name: str) -> str:
    """Name a page's picture: the same in every lab, and unlike those that journeys take."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"\{\w+\}", "", page_name).lower())
    return "-".join(("page", *(words or ["start"])))


def test_names_of_pictures_are_stable():
    assert picture_name("/") == "page-start"
    assert picture_name("/travaux/{job_id} (on the laser) running") == (
        "page-travaux-on-the-laser-running"
    )
    assert picture_name("/api/v1/docs") == "page-api-v1-docs"


@pytest.mark.browser
def test_every_page_has_its_picture(stage, pages, chromium, screenshots):
    addresses = [*pages, *scenes(stage)]
    names = [picture_name(address.name) for address in addresses]
    assert len(set(names)) == len(names)
    if not screenshots.is_on:
        return
    visits = [Visit(one, {"role": one.roles[0], "language": "fr"}) for one in addresses]
    for (language, role, is_running), same in groups(visits):
        context = open_window(stage, chromium, role, language)
        page, guard = context.new_page(), Guard()
        guard.watch(context, stage.lab.address)
        for visit in same:
            with stage.running() if is_running else contextlib.nullcontext():
                go_to(page, guard, visit.address)
                screenshots.shoot(page, picture_name(visit.address.name))
        context.close()
