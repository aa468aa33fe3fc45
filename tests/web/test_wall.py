"""The wall: what a whole room, visitors too, may read of its machines."""

import re

import pytest

from fablab_hub.core.machines import MachineState
from fablab_hub.core.people import first_name
from jobs.states import State

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("name", "first"),
    [("Léa Le Goff", "Léa"), ("Awa", "Awa"), ("  Jean-Yves  Ar Bras", "Jean-Yves"), ("", "")],
)
def test_a_room_calls_people_by_their_first_name(name, first):
    assert first_name(name) == first


async def test_the_wall_shows_who_waits_in_order_and_never_what_they_make(lab):
    for owner in ("ben", "awa", "chloe", "dora", "eli"):
        lab.add_job(owner)

    async with lab.browser("chloe") as browser:
        wall = await browser.get("/wall")

    assert re.findall(r'wall__name"><b class="num">(\d)</b>(\w+)<', wall.text) == [
        ("1", "ben"), ("2", "awa"), ("3", "chloe"),
    ]  # fmt: skip
    assert "+2" in wall.text
    assert "part" not in re.findall(r">([^<>]+)<", wall.text)
    assert "/travaux/" not in wall.text
    assert wall.text.count('class="wall__machine ') == 2
    assert 'data-live="/wall/etat"' in wall.text


async def test_the_wall_calls_whoever_may_start(running, laser, until):
    job_id = running.add_job("awa")
    await until(lambda: running.state(job_id) is State.CALLED)

    async with running.browser("chloe") as browser:
        wall = (await browser.get("/wall/etat")).text

    card = wall.partition("wall__machine--called")[2].partition("</li>")[0]
    assert "Your turn:" in card
    assert '<p class="wall__big">awa</p>' in card
    assert "wall__name" not in card, "who is called waits no more"


async def test_the_wall_shows_time_left_and_the_part_that_is_done(running, laser, until):
    job_id = running.add_job("awa")
    await until(lambda: running.state(job_id) is State.CALLED)
    starter = running.people["awa"]
    await running.services.runner.start_job(job_id, starter, frozenset({"lid"}))
    laser.say(MachineState.BUSY, 0.25)
    await until(lambda: running.services.runner.view("laser").status.fraction == 0.25)

    async with running.browser("chloe") as browser:
        wall = (await browser.get("/wall/etat")).text

    assert 'value="25"' in wall
    assert "awa" in wall
    assert "It starts…" in wall or "8 min" in wall


async def test_the_wall_has_nothing_to_press(lab):
    async with lab.browser("chloe") as browser:
        wall = (await browser.get("/wall/etat")).text

    assert not re.search(r"<(?:a|button|form|input|details)\b", wall)
