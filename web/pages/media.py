"""Pictures: the part on the bed, photos of what was made, and what cameras see now."""

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import FileResponse, RedirectResponse

from fablab_hub.core.errors import DriverError, NotFoundError
from fablab_hub.core.people import Person, Right
from jobs.program_picture import order_picture
from web.access import SIGNED_IN, Hub, allow
from web.rendering import asset
from web.security import PICTURE_POLICY

router = APIRouter()


@router.get("/travaux/{job_id}/image.svg")
async def job_picture(
    hub: Hub, person: Annotated[Person, allow(Right.SEE_OWN)], job_id: str
) -> Response:
    """Give the drawing of a job's part, made by the check; it may come from a stranger's file."""
    job = hub.jobs.read_for(person, job_id)
    if job.picture_sha256 is None:
        raise NotFoundError("found.nothing")
    return FileResponse(
        hub.blobs.path(job.picture_sha256),
        media_type="image/svg+xml",
        headers={"Content-Security-Policy": PICTURE_POLICY},
    )


@router.get("/travaux/{job_id}/ordre.svg")
async def job_order(
    hub: Hub,
    person: Annotated[Person, allow(Right.SEE_OWN)],
    job_id: str,
    fixe: Annotated[bool, Query()] = False,
) -> Response:
    """Give a film of the order in which a job's program works, or a still (`fixe`)."""
    job = hub.jobs.read_for(person, job_id)
    if job.program_sha256 is None or job.report is None:
        raise NotFoundError("found.nothing")
    picture = await asyncio.to_thread(
        order_picture,
        hub.blobs.path(job.program_sha256),
        job.report.program_marks,
        hub.settings.machines[job.machine_id],
        is_moving=not fixe,
    )
    if picture is None:
        raise NotFoundError("found.nothing")
    # The page names the program in the address: another one has another address.
    headers = {
        "Content-Security-Policy": PICTURE_POLICY,
        "Cache-Control": "private, max-age=86400, immutable",
    }
    return Response(picture, media_type="image/svg+xml", headers=headers)


@router.get("/travaux/{job_id}/reparations/{repair_id}/{side}.svg")
async def repair_picture(
    hub: Hub,
    person: Annotated[Person, allow(Right.SEE_OWN)],
    job_id: str,
    repair_id: str,
    side: Literal["avant", "apres"],
) -> Response:
    """Give one place of a drawing as it is, or as it would be once repaired."""
    report = hub.jobs.read_for(person, job_id).report
    for repair in report.drawing.repairs if report and report.drawing else ():
        picture = repair.before if side == "avant" else repair.after
        if repair.id == repair_id and picture:
            headers = {"Content-Security-Policy": PICTURE_POLICY}
            return Response(picture, media_type="image/svg+xml", headers=headers)
    raise NotFoundError("found.nothing")


@router.get("/photos/{photo_id}.jpg")
async def photo(
    hub: Hub, person: Annotated[Person, allow(Right.SEE_OWN)], photo_id: str
) -> Response:
    """Give a photo of a run."""
    found = hub.projects.read_photo(person, photo_id)
    return FileResponse(hub.blobs.path(found.sha256), media_type="image/jpeg")


@router.get("/cameras/{camera_id}/image.jpg", dependencies=[allow(SIGNED_IN)])
async def camera_still(hub: Hub, camera_id: str) -> Response:
    """Give what a camera sees, small; a drawing of a camera when it gives nothing."""
    if camera_id not in hub.settings.cameras:
        raise NotFoundError("found.nothing")
    try:
        picture = await hub.take_picture(camera_id)
    except DriverError:
        return RedirectResponse(asset("no-picture.svg"))
    return Response(picture.glimpse or picture.jpeg, media_type="image/jpeg")
