"""From a file to a job: four questions on one page."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from fablab_hub.core.errors import FablabError, FileError
from fablab_hub.core.machines import MachineKind
from fablab_hub.core.people import Person, Right
from jobs.check_request import CheckChoice
from web.access import Hub, allow, language_of
from web.errors import describe_here, status_of
from web.pages.views import ACCEPTED_FILES
from web.rendering import render, see_other
from web.services import Services
from web.uploads import receive_upload

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What was chosen so far; an answer that must be corrected loses nothing else."""

    machine_id: str = ""
    material_id: str = ""
    project_id: str = ""
    title: str = ""

    def to_check(self) -> CheckChoice:
        """Say what a check needs to know of it."""
        return CheckChoice(machine_id=self.machine_id, material_id=self.material_id or None)


@router.get("/fabriquer")
async def show_questions(
    request: Request,
    hub: Hub,
    person: Annotated[Person, allow(Right.SUBMIT)],
    machine: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Ask for the file, the machine, the material and a name."""
    return _questions(request, hub, person, Choice(machine_id=machine))


@router.post("/fabriquer")
async def submit(
    request: Request, hub: Hub, person: Annotated[Person, allow(Right.SUBMIT, is_upload=True)]
) -> Response:
    """Take the file and its answers, and lead to the job's page."""
    choice = Choice()
    try:
        async with receive_upload(
            request, person, lambda fields: _choice(hub, fields).to_check()
        ) as upload:
            choice = _choice(hub, upload.fields)
            job = await hub.submissions.submit(
                person,
                file_name=upload.file_name,
                blob=upload.blob,
                machine_id=choice.machine_id,
                material_id=choice.material_id or None,
                project_id=choice.project_id or None,
                title=choice.title,
                options={},
                early=upload.early,
            )
    except FileError as error:
        return _questions(request, hub, person, choice, error)
    return see_other(f"/travaux/{job.id}")


def _choice(services: Services, fields: Mapping[str, str]) -> Choice:
    machine_id = fields.get("machine_id", "")
    machine = services.settings.machines.get(machine_id)
    # A printer takes no sheet: a material that is still ticked from before means nothing.
    needs_material = machine is None or machine.kind is MachineKind.LASER
    return Choice(
        machine_id=machine_id,
        material_id=fields.get("material_id", "") if needs_material else "",
        project_id=fields.get("project_id", ""),
        title=fields.get("title", ""),
    )


def _questions(
    request: Request,
    services: Services,
    person: Person,
    choice: Choice,
    error: FablabError | None = None,
) -> Response:
    materials = services.settings.materials.values()
    return render(
        request,
        "pages/submit.html",
        status=status_of(error) if error else HTTPStatus.OK,
        here="submit",
        problem=describe_here(error, language_of(request)) if error else None,
        accept=ACCEPTED_FILES,
        machines=services.runner.views(),
        chosen=choice,
        materials=[material for material in materials if not material.is_forbidden],
        forbidden=[material for material in materials if material.is_forbidden],
        projects=services.projects.projects_of(person.id),
    )
