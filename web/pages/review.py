"""What waits for a manager: the picture, the remarks, and two answers."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Request, Response

from fablab_hub.core.people import Person, Right
from jobs.states import State
from jobs.store import Job
from web.access import Hub, allow, language_of
from web.pages.views import (
    FindingLine,
    fact_pairs,
    finding_lines,
    machine_name,
    material_name,
    person_name,
)
from web.rendering import render

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewCard:
    """One job that waits for an answer."""

    job: Job
    owner: str
    machine_name: str
    material_name: str
    pairs: list[tuple[str, str]]
    texts: list[FindingLine]


@router.get("/a-valider")
async def show_waiting(
    request: Request, hub: Hub, person: Annotated[Person, allow(Right.SEE_ALL)]
) -> Response:
    """Show what waits, oldest first. Trainers read it; managers answer."""
    language = language_of(request)
    cards = [
        ReviewCard(
            job=job,
            owner=person_name(hub, job.owner_id),
            machine_name=machine_name(hub, job.machine_id, language),
            material_name=material_name(hub, job.material_id, language),
            pairs=fact_pairs(hub, job, language),
            texts=finding_lines(job.report, language),
        )
        for job in hub.jobs.in_states(frozenset({State.TO_APPROVE}))
    ]
    return render(
        request,
        "pages/review.html",
        here="review",
        entries=cards,
        proposals=hub.skills.proposals() if person.may(Right.VALIDATE) else [],
        levels=hub.skills.framework.levels,
        may_approve=person.may(Right.APPROVE),
    )
