"""The path of skills: what is reached, by which evidence, what is next; and a trainer's answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from fablab_hub.core.i18n.words import moment_text
from fablab_hub.core.machines import Machine
from fablab_hub.core.people import Person, Right, authorised_machines, read_person
from projects.skills.book import MOST_TEXT, SkillPath
from projects.skills.decisions import Verdict
from projects.skills.framework import Framework
from projects.skills.proof import Progress, Proof
from projects.skills.words import need_text
from web.access import Hub, allow, language_of
from web.rendering import render, see_other
from web.services import Services

router = APIRouter()

Seer = Annotated[Person, allow(Right.SEE_OWN)]
Trainer = Annotated[Person, allow(Right.VALIDATE)]
Skill = Annotated[str, Form(max_length=40)]
Text = Annotated[str, Form(max_length=MOST_TEXT)]


@dataclass(frozen=True, slots=True)
class NeedLine:
    """One thing that the next level asks for.

    Attributes:
        evidence: title and address of what counts already.
    """

    text: str
    have: int
    want: int
    is_met: bool
    evidence: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class SkillCard:
    """One skill on a page.

    Attributes:
        said: who decided about the level that is reached, and when.
        missing: what a trainer said is still missing; empty when nothing is.
    """

    path: SkillPath
    needs: list[NeedLine]
    said: str
    missing: str


@router.get("/competences")
async def show_skills(request: Request, hub: Hub, person: Seer) -> Response:
    """Show somebody their own path."""
    return _page(request, hub, person, person)


@router.post("/competences/moi")
async def note_about_myself(hub: Hub, person: Seer, what: Skill, text: Text = "") -> Response:
    """Note a step that somebody took, in their own words."""
    await hub.skills.note(person, person.id, what, text=text)
    return see_other("/competences", "saved")


@router.post("/competences/niveau")
async def judge_myself(
    hub: Hub, person: Seer, skill: Skill, level: Annotated[int, Form()]
) -> Response:
    """Take how far somebody feels in what only they can judge."""
    await hub.skills.decide(person, person.id, skill, level, Verdict.VALIDATED)
    return see_other("/competences", "saved")


@router.get("/personnes/{person_id}/competences")
async def show_theirs(request: Request, hub: Hub, by: Trainer, person_id: str) -> Response:
    """Show a trainer somebody's path, with what they may answer."""
    return _page(request, hub, by, read_person(hub.database, person_id))


@router.post("/personnes/{person_id}/competences/noter")
async def note_theirs(
    hub: Hub,
    by: Trainer,
    person_id: str,
    what: Skill,
    score: Annotated[str, Form(max_length=5)] = "",
    text: Text = "",
) -> Response:
    """Note what somebody did."""
    value = float(score) if score.strip().isdigit() else None
    await hub.skills.note(by, person_id, what, value, text)
    return see_other(f"/personnes/{person_id}/competences", "saved")


@router.post("/personnes/{person_id}/competences/decider")
async def decide(
    hub: Hub,
    by: Trainer,
    person_id: str,
    skill: Skill,
    level: Annotated[int, Form()],
    verdict: Annotated[Verdict, Form()],
    text: Text = "",
) -> Response:
    """Say that a level is reached, or what is still missing."""
    await hub.skills.decide(by, person_id, skill, level, verdict, text)
    return see_other(f"/personnes/{person_id}/competences?dit=saved#{skill}")


def _page(request: Request, services: Services, reader: Person, person: Person) -> Response:
    language, zone = language_of(request), services.settings.lab.zone
    framework, proof = services.skills.framework, services.skills.proof(person.id)
    cards = [
        _card(framework, proof, path, language, zone) for path in services.skills.path(person.id)
    ]
    authorised = authorised_machines(services.database, person.id)
    return render(
        request,
        "pages/skills.html",
        here="skills" if reader.id == person.id else "people",
        whose=person,
        is_own=reader.id == person.id,
        begun=[card for card in cards if card.path.is_begun or card.path.proposed],
        others=[card for card in cards if not (card.path.is_begun or card.path.proposed)],
        levels=framework.levels,
        notes=[note for note in framework.notes.values() if not note.is_own],
        own_notes=[note for note in framework.notes.values() if note.is_own],
        machines=_machines(services, authorised),
        said_notes=proof.notes,
        note_names={note.id: note for note in framework.notes.values()},
        most_text=MOST_TEXT,
    )


def _machines(services: Services, authorised: frozenset[str]) -> list[tuple[Machine, bool]]:
    return [(each, each.id in authorised) for each in services.settings.machines.values()]


def _card(
    framework: Framework, proof: Proof, path: SkillPath, language: str, zone: str
) -> SkillCard:
    reached = [
        each
        for each in path.decisions
        if each.level == path.level and each.verdict is Verdict.VALIDATED
    ]
    last = path.decisions[-1] if path.decisions else None
    said = ""
    if reached:
        said = f"{reached[-1].by}, {moment_text(reached[-1].at, language, zone, 'yMMMd')}"
    is_missing = last is not None and last.verdict is Verdict.MISSING
    return SkillCard(
        path=path,
        needs=[_need(framework, proof, each, language) for each in path.progress],
        said=said,
        missing=last.text if last is not None and is_missing else "",
    )


def _need(framework: Framework, proof: Proof, progress: Progress, language: str) -> NeedLine:
    return NeedLine(
        text=need_text(progress.need, framework, language),
        have=progress.have,
        want=progress.want,
        is_met=progress.is_met,
        evidence=_evidence(proof, progress.evidence),
    )


def _evidence(proof: Proof, ids: Sequence[str]) -> list[tuple[str, str]]:
    """Give the title and the address of each thing that counts; notes have no page."""
    known = {run.fabrication_id: (run.title, "/fabrications/") for run in proof.runs}
    known |= {entry.fabrication_id: (entry.title, "/fabrications/") for entry in proof.entries}
    known |= {file.job_id: (file.title, "/travaux/") for file in proof.files}
    return [(known[id_][0], known[id_][1] + id_) for id_ in ids if id_ in known]
