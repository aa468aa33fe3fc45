"""One job: what the check found, where it stands, and what can be done about it now."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response

from fablab_hub.core.error_texts import Problem
from fablab_hub.core.errors import FablabError, FileError, ForbiddenMoveError
from fablab_hub.core.machines import MachineKind
from fablab_hub.core.people import Person, Right
from jobs.check_request import CheckChoice
from jobs.drawing_choices import MOST_COPIES
from jobs.states import FINAL, ON_MACHINE, Actor, Verb, verbs
from jobs.store import Job, capacity
from jobs.toolpath.shading import Shading
from web.access import Hub, allow, language_of
from web.errors import describe_here, status_of
from web.pages.deciding import (
    KNOWN_REPAIRS,
    deciding,
    earlier_on_sheet,
    meanings_of,
    sheet_answers,
)
from web.pages.questions import MAY_ANSWER, questions_about
from web.pages.views import (
    ACCEPTED_FILES,
    expected_starts,
    fact_pairs,
    finding_lines,
    machine_name,
    material_name,
    person_name,
    reason_text,
)
from web.rendering import own_path, render, see_other
from web.services import Services
from web.uploads import receive_upload
from web.wording import JOB_SAYINGS

router = APIRouter(prefix="/travaux/{job_id}")

Seer = Annotated[Person, allow(Right.SEE_OWN)]
Owner = Annotated[Person, allow(Right.SUBMIT)]
Approver = Annotated[Person, allow(Right.APPROVE)]
Back = Annotated[str, Query(max_length=100)]
_NO_SHEETS: list[str] = []


@router.get("")
async def show_job(request: Request, hub: Hub, person: Seer, job_id: str) -> Response:
    """Show a job."""
    return _page(request, hub, person, job_id)


@router.get("/etat")
async def job_state(request: Request, hub: Hub, person: Seer, job_id: str) -> Response:
    """Give the part of a job's page that changes."""
    values = _values(hub, person, hub.jobs.read_for(person, job_id), language_of(request))
    return render(request, "pages/job_state.html", **values)


@router.post("/fichier")
async def change_file(
    request: Request,
    hub: Hub,
    person: Annotated[Person, allow(Right.SUBMIT, is_upload=True)],
    job_id: str,
) -> Response:
    """Take a better file for the same job."""

    def choose(_: Mapping[str, str]) -> CheckChoice:
        job = hub.jobs.read_for(person, job_id)
        return CheckChoice(machine_id=job.machine_id, material_id=job.material_id)

    try:
        async with receive_upload(request, person, choose) as upload:
            await hub.submissions.replace(
                person,
                job_id,
                file_name=upload.file_name,
                blob=upload.blob,
                options={},
                early=upload.early,
            )
    except FileError as error:
        problem = describe_here(error, language_of(request))
        return _page(request, hub, person, job_id, problem, status_of(error))
    return see_other(f"/travaux/{job_id}")


@router.post("/repondre")
async def answer_question(
    hub: Hub, person: Owner, job_id: str, unit: Annotated[str, Form(max_length=10)]
) -> Response:
    """Take an answer about the file, and check it again with that."""
    if unit not in MAY_ANSWER:
        raise FablabError("form.invalid", field="options")
    await hub.submissions.answer(person, job_id, {"unit": unit})
    return see_other(f"/travaux/{job_id}")


@router.post("/reparer")
async def repair(
    hub: Hub,
    person: Owner,
    job_id: str,
    repair: Annotated[list[str], Form(max_length=20)],
    undo: Annotated[bool, Form()] = False,
) -> Response:
    """Do repairs that were offered, or take them back, and check the drawing again."""
    if not all(each in KNOWN_REPAIRS for each in repair):
        raise FablabError("form.invalid", field="repair")
    job = hub.jobs.read_for(person, job_id)
    done = set(job.options.get("repairs", []))
    wanted = done - set(repair) if undo else done | set(repair)
    await hub.submissions.answer(person, job_id, {"repairs": sorted(wanted)})
    return see_other(f"/travaux/{job_id}")


@router.post("/traits")
async def say_what_lines_are_for(
    hub: Hub, person: Owner, job_id: str, lines: Annotated[list[str], Form(max_length=100)]
) -> Response:
    """Take what each group of lines is for, in their order, and check the drawing again."""
    job = hub.jobs.read_for(person, job_id)
    meanings = meanings_of(job, lines)
    operations = {**job.options.get("operations", {}), **meanings}
    await hub.submissions.answer(person, job_id, {"operations": operations})
    return see_other(f"/travaux/{job_id}")


@router.post("/pose")
async def lay_it_out(
    hub: Hub,
    person: Owner,
    job_id: str,
    copies: Annotated[int, Form(ge=1, le=MOST_COPIES)] = 1,
    tabs: Annotated[int, Form(ge=0, le=20)] = 0,
    width_mm: Annotated[float | None, Form(gt=0, le=5000)] = None,
    shading: Annotated[Shading, Form()] = Shading.DOTS,
    is_nested: Annotated[bool, Form()] = False,
    keeps_size: Annotated[bool, Form()] = False,
    is_turned: Annotated[bool, Form()] = False,
    lead_in_mm: Annotated[float, Form(ge=0, le=20)] = 0.0,
    overcut_mm: Annotated[float, Form(ge=0, le=10)] = 0.0,
    left_mm: Annotated[str, Form(max_length=10)] = "",
    front_mm: Annotated[str, Form(max_length=10)] = "",
    sheet: Annotated[list[str], Form(max_length=20)] = _NO_SHEETS,
) -> Response:
    """Take how many there shall be and how they lie, and check the drawing again."""
    job = hub.jobs.read_for(person, job_id)
    answers: dict[str, Any] = {
        "copies": copies,
        "tabs": tabs,
        "shading": shading.value,
        "is_nested": is_nested,
        "keeps_size": keeps_size,
        "turn_deg": 90.0 if is_turned else 0.0,
        "lead_in_mm": lead_in_mm,
        "overcut_mm": overcut_mm,
        "at_mm": _corner(hub, job, left_mm, front_mm),
        **sheet_answers(earlier_on_sheet(hub, person, job), sheet),
    }
    if width_mm is not None:
        answers["width_mm"] = width_mm
    await hub.submissions.answer(person, job_id, answers)
    return see_other(f"/travaux/{job_id}")


@router.post("/accepter")
async def approve(hub: Hub, person: Approver, job_id: str, vers: Back = "") -> Response:
    """Let a doubtful job into the queue."""
    await hub.desk.approve(person, job_id)
    return see_other(own_path(vers, f"/travaux/{job_id}"))


@router.post("/refuser")
async def refuse(
    request: Request,
    hub: Hub,
    person: Approver,
    job_id: str,
    reason: Annotated[str, Form(max_length=500)] = "",
    vers: Back = "",
) -> Response:
    """Send a doubtful job back to its owner, with a reason."""
    try:
        await hub.desk.refuse(person, job_id, reason)
    except ForbiddenMoveError as error:
        problem = describe_here(error, language_of(request))
        return _page(request, hub, person, job_id, problem, status_of(error))
    return see_other(own_path(vers, f"/travaux/{job_id}"))


@router.post("/retirer")
async def withdraw(hub: Hub, person: Seer, job_id: str) -> Response:
    """Take a job out before it starts."""
    await hub.desk.withdraw(person, job_id)
    return see_other(f"/travaux/{job_id}", "withdrawn")


@router.post("/recommencer")
async def requeue(hub: Hub, person: Seer, job_id: str) -> Response:
    """Put a job that was cut short back into the queue."""
    await hub.desk.requeue(person, job_id)
    return see_other(f"/travaux/{job_id}")


@router.post("/abandonner")
async def give_up(hub: Hub, person: Seer, job_id: str) -> Response:
    """Count a job that was cut short as failed."""
    await hub.desk.give_up(person, job_id)
    return see_other(f"/travaux/{job_id}")


def allowed_verbs(person: Person, job: Job) -> frozenset[Verb]:
    """List what somebody may do to a job now, whichever way they may: the buttons of its page."""
    allowed = set(verbs(job.state, capacity(person, job)))
    # Who approves is a right of its own: a trainer is staff, and does not.
    decisions = {Verb.APPROVE, Verb.REFUSE}
    allowed -= decisions
    if person.may(Right.APPROVE):
        allowed |= decisions & set(verbs(job.state, Actor.MANAGER))
    return frozenset(allowed)


def _page(
    request: Request,
    services: Services,
    person: Person,
    job_id: str,
    problem: Problem | None = None,
    status: int = HTTPStatus.OK,
) -> Response:
    job = services.jobs.read_for(person, job_id)
    values = _values(services, person, job, language_of(request))
    return render(
        request, "pages/job.html", status=status, here="job", **{**values, "problem": problem}
    )


def _values(services: Services, person: Person, job: Job, language: str) -> dict[str, Any]:
    allowed = allowed_verbs(person, job)
    is_mine = job.owner_id == person.id
    return {
        "job": job,
        "saying": JOB_SAYINGS[job.state],
        "reason": reason_text(job, language),
        "machine_name": machine_name(services, job.machine_id, language),
        "material_name": material_name(services, job.material_id, language),
        "owner_name": person_name(services, job.owner_id),
        "is_mine": is_mine,
        "can": allowed,
        "accept": ACCEPTED_FILES,
        "texts": finding_lines(job.report, language),
        "pairs": fact_pairs(services, job, language),
        "is_print": _is_print(services, job),
        "questions": questions_about(job, language) if Verb.ADJUST in allowed else [],
        "deciding": deciding(services, person, job, language) if Verb.ADJUST in allowed else None,
        "view": services.runner.view(job.machine_id) if job.state in ON_MACHINE else None,
        **_place(services, job),
        **_made(services, person, job),
    }


def _corner(services: Services, job: Job, left: str, front: str) -> list[float] | None:
    """Give where a drawing's corner shall lie; None where nobody says it.

    People count from the front left corner of the bed, whatever the machine counts from.
    """
    if not left.strip() and not front.strip():
        return None
    try:
        x, y = (float(typed.replace(",", ".") or 0) for typed in (left.strip(), front.strip()))
    except ValueError as error:
        raise FablabError("form.invalid", field="left_mm") from error
    corner = services.settings.machines[job.machine_id].corner_mm
    return [x + corner[0], y + corner[1]]


def _is_print(services: Services, job: Job) -> bool:
    machine = services.settings.machines.get(job.machine_id)
    return machine is not None and machine.kind is MachineKind.PRINTER


def _place(services: Services, job: Job) -> dict[str, Any]:
    starts = expected_starts(services, job.machine_id)
    place = list(starts).index(job.id) + 1 if job.id in starts else None
    return {"place": place, "starts_at": starts.get(job.id)}


def _made(services: Services, person: Person, job: Job) -> dict[str, Any]:
    """Find what the job's last run became, and the photo that shows it."""
    if job.state not in FINAL:
        return {"fabrication_id": None, "photo_id": None}
    for run in reversed(services.jobs.runs_of(job.id)):
        fabrication_id = services.projects.fabrication_of_run(run.id)
        if fabrication_id is not None:
            photo = services.projects.read_fabrication(person, fabrication_id).photo
            return {"fabrication_id": fabrication_id, "photo_id": photo.id if photo else None}
    return {"fabrication_id": None, "photo_id": None}
