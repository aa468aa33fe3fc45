"""The path of skills on its pages: seen by its owner, answered by a trainer."""

import pytest

from tests.web.reading import HTML, actions, page, send

pytestmark = pytest.mark.anyio


def path_of(lab, name) -> str:
    return f"/personnes/{lab.people[name].id}/competences"


async def test_a_trainer_notes_then_validates_and_the_trainee_sees_it(lab):
    theirs = path_of(lab, "awa")
    async with lab.browser("chloe") as trainer, lab.browser("awa") as trainee:
        await send(trainer, f"{theirs}/noter", what="visit")
        await send(trainer, f"{theirs}/noter", what="quiz-safety", score="90", text="Bravo")
        assert "All is there for “I discover”" in await page(trainee, "/competences")
        assert "Workshop safety" in await page(trainer, "/a-valider")
        await send(trainer, f"{theirs}/decider", skill="SEC", level="1", verdict="validated")
        text = await page(trainee, "/competences")
        assert "Validated by chloe" in text
        assert "Bravo" in text
        assert "Try the emergency stop" in text
        assert "Workshop safety" not in await page(trainer, "/a-valider")


async def test_what_is_missing_is_said_to_the_trainee(lab):
    theirs = path_of(lab, "awa")
    async with lab.browser("chloe") as trainer, lab.browser("awa") as trainee:
        answer = await send(trainer, f"{theirs}/decider", skill="D2D", level="1", verdict="missing")
        assert answer.status_code == 422
        await send(
            trainer, f"{theirs}/decider", skill="D2D", level="1", verdict="missing",
            text="Fermer les contours",
        )  # fmt: skip
        assert "Still missing: Fermer les contours" in await page(trainee, "/competences")


async def test_only_trainers_answer_and_never_about_themselves(lab):
    theirs, own = path_of(lab, "awa"), path_of(lab, "chloe")
    async with lab.browser("ben") as other, lab.browser("chloe") as trainer:
        assert (await other.get(theirs, headers=HTML)).status_code == 403
        assert (await send(other, f"{theirs}/noter", what="visit")).status_code == 403
        assert (await send(trainer, f"{own}/noter", what="visit")).status_code == 403


async def test_a_step_is_told_by_oneself_alone(lab):
    async with lab.browser("awa") as trainee, lab.browser("chloe") as trainer:
        await send(trainee, "/competences/moi", what="own-step", text="J’ai téléphoné")
        await send(trainee, "/competences/niveau", skill="CAP", level="1")
        assert "J’ai téléphoné" in await page(trainee, "/competences")
        html = (await trainer.get(path_of(lab, "awa"), headers=HTML)).text
        assert "/competences/niveau" not in actions(html)
        assert (await send(trainee, "/competences/moi", what="visit")).status_code == 403
