"""The sheet of a job: its words gathered from what its page shows, and set as a PDF."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Request, Response

from fablab_hub.core.i18n.words import N_, moment_text, translate
from fablab_hub.core.people import Person, Right
from jobs.job_sheet import JobSheet, make_job_sheet
from jobs.program_picture import order_picture
from jobs.starting import checklist_of
from jobs.store import Job
from web.access import Hub, allow, language_of
from web.pages.views import fact_pairs, finding_lines, machine_name, person_name
from web.services import Services

router = APIRouter(prefix="/travaux/{job_id}")


@router.get("/fiche.pdf")
async def job_sheet(
    request: Request, hub: Hub, person: Annotated[Person, allow(Right.SEE_OWN)], job_id: str
) -> Response:
    """Give the sheet of a job, to take to the machine or to keep in a folder."""
    job = hub.jobs.read_for(person, job_id)
    sheet = _sheet(hub, job, language_of(request))
    pdf = await asyncio.to_thread(_make, hub, job, sheet)
    headers = {"Content-Disposition": f'inline; filename="{job.id}.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=headers)


def _make(services: Services, job: Job, sheet: JobSheet) -> bytes:
    picture = order = None
    if job.picture_sha256 is not None:
        picture = services.blobs.path(job.picture_sha256).read_text(encoding="utf-8")
    machine = services.settings.machines.get(job.machine_id)
    if job.program_sha256 is not None and job.report is not None and machine and machine.laser:
        program = services.blobs.path(job.program_sha256)
        order = order_picture(program, job.report.program_marks, machine, is_moving=False)
    return make_job_sheet(sheet, picture, order, int(job.created_at.timestamp()))


def _sheet(services: Services, job: Job, language: str) -> JobSheet:
    zone = services.settings.lab.zone
    machine = services.settings.machines.get(job.machine_id)
    about = [
        (N_("Whose it is"), person_name(services, job.owner_id)),
        (N_("Machine"), machine_name(services, job.machine_id, language)),
        *fact_pairs(services, job, language),
        (N_("Sent"), moment_text(job.created_at, language, zone)),
        (N_("File"), job.file_name),
    ]
    return JobSheet(
        language=language,
        title=job.title,
        kind=translate(N_("Sheet of a job"), language),
        lab=services.settings.lab.name,
        facts=[(translate(name, language), value) for name, value in about if value],
        remarks=[
            (line.title, line.message, line.remedy) for line in finding_lines(job.report, language)
        ],
        ticks=[item.label.text(language) for item in checklist_of(machine, job)] if machine else [],
        headings=(
            translate(N_("What the check says"), language),
            translate(N_("In which order the machine works"), language),
            translate(N_("Before the start"), language),
        ),
        alts=(
            translate(N_("The part, as it lies on the bed"), language),
            translate(N_("Where the machine is after some minutes"), language),
        ),
    )
