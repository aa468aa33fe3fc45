"""From what a trainee did to a level that a trainer validated."""

import pytest

from fablab_hub.core import journal
from fablab_hub.core.errors import FablabError, NotAllowedError
from fablab_hub.core.people import Role
from projects.skills.book import SkillBook
from projects.skills.decisions import Verdict
from projects.skills.framework import read_framework

pytestmark = pytest.mark.anyio


@pytest.fixture
def book(lab):
    lab.add_person("Soizic", Role.TRAINER)
    lab.add_person("Hervé", Role.TRAINER)
    return SkillBook(lab.database, read_framework(), lab.settings.machines, lab.clock)


def levels(book, person) -> dict[str, int]:
    return {path.skill.id: path.level for path in book.path(person.id) if path.level}


def waiting(book) -> list[tuple[str, int]]:
    return [(each.skill.id, each.level) for each in book.proposals()]


async def safe(lab, book, name="awa"):
    """Somebody who may work in the workshop."""
    soizic, person = lab.people["Soizic"], lab.people[name]
    await book.note(soizic, person.id, "visit")
    await book.note(soizic, person.id, "quiz-safety", 90)
    await book.decide(soizic, person.id, "SEC", 1, Verdict.VALIDATED)


async def test_a_first_object_on_the_laser_becomes_a_level(lab, book):
    awa, soizic = lab.people["awa"], lab.people["Soizic"]
    await safe(lab, book)
    await book.note(soizic, awa.id, "laser-shown")
    assert ("LAS", 1) not in waiting(book)
    made = await lab.make("awa")
    await book.look_again(awa.id)
    assert ("LAS", 1) in waiting(book)
    assert "LAS" not in levels(book, awa)

    await book.decide(soizic, awa.id, "LAS", 1, Verdict.VALIDATED, "Très soigneuse")
    laser = next(path for path in book.path(awa.id) if path.skill.id == "LAS")
    assert (laser.level, laser.proposed) == (1, None)
    assert made.id in laser.decisions[-1].evidence
    assert ("LAS", 1) not in waiting(book)
    verbs = lab.verbs(journal.person(awa.id))
    assert {"skill.note", "skill.propose", "skill.decide"} <= set(verbs)


async def test_a_trainer_says_what_is_missing_and_new_evidence_proposes_again(lab, book):
    awa, soizic = lab.people["awa"], lab.people["Soizic"]
    await book.note(soizic, awa.id, "tutorial-2d")
    assert waiting(book) == [("D2D", 1)]
    await book.decide(soizic, awa.id, "D2D", 1, Verdict.MISSING, "Fermer les contours")
    assert waiting(book) == []
    await book.look_again(awa.id)
    assert waiting(book) == []
    await book.note(soizic, awa.id, "tutorial-2d")
    assert waiting(book) == [("D2D", 1)]
    with pytest.raises(FablabError) as error:
        await book.decide(soizic, awa.id, "D2D", 1, Verdict.MISSING)
    assert error.value.code == "form.invalid"


async def test_whoever_teaches_others_needs_two_trainers_to_agree(lab, book):
    awa, soizic, herve = (lab.people[name] for name in ("awa", "Soizic", "Hervé"))
    await book.decide(soizic, awa.id, "LAS", 3, Verdict.VALIDATED)
    for _ in range(2):
        await book.note(soizic, awa.id, "helped-laser")
    assert waiting(book) == [("LAS", 4)]
    await book.decide(soizic, awa.id, "LAS", 4, Verdict.VALIDATED)
    await book.decide(soizic, awa.id, "LAS", 4, Verdict.VALIDATED)
    assert levels(book, awa)["LAS"] == 3
    assert waiting(book) == [("LAS", 4)]
    await book.decide(herve, awa.id, "LAS", 4, Verdict.VALIDATED)
    assert levels(book, awa)["LAS"] == 4
    assert waiting(book) == []


async def test_a_level_never_expires_and_is_only_taken_back_by_who_gave_it(lab, book):
    awa, soizic, herve = (lab.people[name] for name in ("awa", "Soizic", "Hervé"))
    await book.decide(soizic, awa.id, "MAT", 2, Verdict.VALIDATED)
    lab.clock.advance(3 * 365 * 86_400)
    assert levels(book, awa) == {"MAT": 2}
    await book.decide(herve, awa.id, "MAT", 2, Verdict.MISSING, "Le liège ?")
    assert levels(book, awa) == {"MAT": 2}
    await book.decide(soizic, awa.id, "MAT", 2, Verdict.MISSING, "Une erreur de ma part")
    assert levels(book, awa) == {}
    assert len(book.path(awa.id)[6].decisions) == 3


async def test_nobody_decides_about_themselves_nor_a_trainee_about_anybody(lab, book):
    awa, ben, soizic = lab.people["awa"], lab.people["ben"], lab.people["Soizic"]
    for by, person in ((awa, awa), (ben, awa), (soizic, soizic)):
        with pytest.raises(NotAllowedError):
            await book.decide(by, person.id, "LAS", 1, Verdict.VALIDATED)
        with pytest.raises(NotAllowedError):
            await book.note(by, person.id, "visit")


async def test_confidence_is_only_said_by_oneself(lab, book):
    awa, soizic = lab.people["awa"], lab.people["Soizic"]
    await book.note(awa, awa.id, "own-step", text="J’ai téléphoné au centre")
    assert waiting(book) == []
    with pytest.raises(NotAllowedError) as error:
        await book.decide(soizic, awa.id, "CAP", 1, Verdict.VALIDATED)
    assert error.value.code == "skills.own"
    await book.decide(awa, awa.id, "CAP", 1, Verdict.VALIDATED)
    assert levels(book, awa) == {"CAP": 1}


async def test_an_incident_counts_the_quiet_days_anew(lab, book):
    awa, soizic = lab.people["awa"], lab.people["Soizic"]
    await book.decide(soizic, awa.id, "SEC", 2, Verdict.VALIDATED)
    lab.clock.advance(181 * 86_400)
    await book.look_again(awa.id)
    assert waiting(book) == [("SEC", 3)]
    await book.decide(soizic, awa.id, "SEC", 3, Verdict.MISSING, "On en parle")
    await book.note(soizic, awa.id, "incident", text="Capot ouvert pendant la coupe")
    (quiet,) = next(path for path in book.path(awa.id) if path.skill.id == "SEC").progress
    assert (quiet.have, quiet.want) == (0, 180)


async def test_the_same_file_twice_shows_nothing_new(lab, book):
    awa = lab.people["awa"]
    for _ in range(2):
        job_id = lab.add_job("awa")
        lab.database.write_now(
            lambda tables, id_=job_id: tables.table("jobs").update(
                id_, {"report": '{"verdict": "accepted"}'}
            )
        )
    assert len(book.proof(awa.id).files) == 1
