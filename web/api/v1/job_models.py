"""Jobs, their reports and their runs, as the API takes and gives them."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from fablab_hub.core.materials import OperationKind
from jobs.geometry.drawing import Unit
from jobs.geometry.path import Drawn
from jobs.report import FileKind, Severity, Verdict
from jobs.states import State
from jobs.store import Job, Run
from jobs.toolpath.groups import DecidedBy
from jobs.toolpath.shading import Shading
from web.api.v1.models import Body


class JobBody(BaseModel):
    """A request to make one file on one machine."""

    id: str
    owner_id: str
    machine_id: str
    material_id: str | None
    project_id: str | None
    title: str
    state: State
    reason: str
    revision: int
    file_name: str
    verdict: Verdict | None = Field(description="Null while the file is being checked.")
    duration_s: float | None = Field(description="Estimated time of the run.")
    has_program: bool
    has_picture: bool
    queued_at: datetime | None
    called_at: datetime | None
    starts_at: datetime | None = Field(description="Estimated start of a job that waits.")
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, job: Job, starts_at: datetime | None) -> "JobBody":
        """Write a job."""
        return cls(
            id=job.id,
            owner_id=job.owner_id,
            machine_id=job.machine_id,
            material_id=job.material_id,
            project_id=job.project_id,
            title=job.title,
            state=job.state,
            reason=job.reason,
            revision=job.revision,
            file_name=job.file_name,
            verdict=job.report.verdict if job.report else None,
            duration_s=job.report.facts.duration_s if job.report else None,
            has_program=job.program_sha256 is not None,
            has_picture=job.picture_sha256 is not None,
            queued_at=job.queued_at,
            called_at=job.called_at,
            starts_at=starts_at,
            created_at=job.created_at,
            updated_at=job.updated_at,
        )


class RunBody(BaseModel):
    """One execution of a job's program."""

    id: str
    job_id: str
    machine_id: str
    started_by: str
    program_sha256: str
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    outcome: Literal["done", "failed", "stopped"] | None
    reason: str
    elapsed_s: float
    lines_done: int

    @classmethod
    def of(cls, run: Run) -> "RunBody":
        """Write a run."""
        return cls.model_validate(run, from_attributes=True)


class FileBody(BaseModel):
    """The file that a report is about."""

    name: str
    sha256: str
    bytes: int
    kind: FileKind
    dialect: str


class WhereBody(BaseModel):
    """One spot of a file; what does not apply is left out."""

    line: int | None = None
    layer: str | None = None
    handle: str | None = None
    at_mm: tuple[float, float] | None = None


class FindingBody(BaseModel):
    """One remark, in the reader's language."""

    rule: str
    severity: Severity
    count: int
    where: list[WhereBody]
    data: dict[str, str | int | float]
    message: str
    remedy: str


class BoundsBody(BaseModel):
    """A box, machine coordinates."""

    min: tuple[float, float, float]
    max: tuple[float, float, float]


class FactsBody(BaseModel):
    """What was measured; what does not apply to this kind of file is left out."""

    bounds_mm: BoundsBody | None = None
    travel_bounds_mm: BoundsBody | None = None
    duration_s: float
    travel_mm: float
    cut_mm: float | None = None
    engrave_mm: float | None = None
    filament_mm: float | None = None
    filament_g: float | None = None
    layers: int | None = None
    lines: int
    max_feed_mm_min: float
    max_power: float | None = None
    line_energy_j_mm: float | None = None
    first_layer_mm: BoundsBody | None = None
    max_nozzle_c: float | None = None
    max_bed_c: float | None = None


class ProgramBody(BaseModel):
    """The checked program; its hash is null when there is none."""

    sha256: str | None
    lines: int


class LinesBody(BaseModel):
    """Lines that look alike, and what is done with them."""

    key: str
    layer: str
    colour: str
    drawn: Drawn
    count: int
    length_mm: float
    operation: OperationKind | None
    by: DecidedBy


class RepairBody(BaseModel):
    """A repair that was done, or that would settle a finding; pictures are SVG."""

    id: str
    rule: str
    count: int
    is_done: bool
    before: str
    after: str


class DrawingBody(BaseModel):
    """What there is to decide about a drawing."""

    writer: str
    unit: Unit | None
    scale_mm: float
    lines: list[LinesBody]
    repairs: list[RepairBody]
    used_mm: list[tuple[float, float, float, float]] = Field(
        default_factory=list, description="What it uses of the sheet: left, front, right, back."
    )


class ReportBody(BaseModel):
    """A verdict with its reasons."""

    file: FileBody
    verdict: Verdict
    findings: list[FindingBody]
    facts: FactsBody
    drawing: DrawingBody | None = None
    program: ProgramBody


Meaning = Literal["cut", "score", "engrave", "fill", "skip"]
"""What is done with lines; `skip` leaves them out."""


class AnswersBody(Body):
    """What its owner knows about a file that the file does not say."""

    unit: Unit | None = Field(None, description="Unit of a drawing that names none.")
    width_mm: Annotated[float, Field(gt=0, le=5000)] | None = Field(
        None, description="Width of a picture."
    )
    repairs: list[Annotated[str, Field(max_length=20)]] | None = Field(
        None, max_length=20, description="Repairs to do, by their ids."
    )
    operations: dict[Annotated[str, Field(max_length=200)], Meaning] | None = Field(
        None, max_length=200, description="What groups of lines are for, by their keys."
    )
    shading: Shading | None = Field(None, description="How pictures are engraved.")
    keeps_size: bool | None = Field(None, description="Make up for the width of the beam.")
    tabs: Annotated[int, Field(ge=0, le=20)] | None = Field(
        None, description="Bridges that hold each part."
    )
    overcut_mm: Annotated[float, Field(ge=0, le=10)] | None = None
    lead_in_mm: Annotated[float, Field(ge=0, le=20)] | None = None
    copies: Annotated[int, Field(ge=1, le=200)] | None = None
    is_nested: bool | None = Field(None, description="Pack parts as close as they can be.")
    turn_deg: Annotated[float, Field(ge=-360, le=360)] | None = None
    at_mm: tuple[float, float] | None = Field(None, description="Lower left corner on the bed.")
    taken_mm: list[tuple[float, float, float, float]] | None = Field(
        None, max_length=12, description="Used up parts of the sheet: left, front, right, back."
    )

    def options(self) -> dict[str, Any]:
        """Give the answers as a job keeps them."""
        return self.model_dump(mode="json", exclude_none=True)


class StartBody(Body):
    """A start: made at the machine, by somebody who proves who they are.

    `person_id` is you when it is left out; `ticked` holds the ids of the machine's checklist, and
    `test-cut` where the job's report has the finding `drawing.preset-untried`.
    """

    person_id: str | None = None
    pin: Annotated[str, Field(min_length=1, max_length=64)]
    ticked: frozenset[str]


UPLOAD_SCHEMA: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {
                            "type": "string",
                            "format": "binary",
                            "description": "Put it last: it is then checked while it arrives.",
                        },
                        "options": {
                            "type": "string",
                            "description": 'Answers about the file, as JSON: `{"unit": "mm"}`.',
                        },
                    },
                }
            }
        },
    }
}
"""The body of a route that takes a better file."""

SUBMIT_SCHEMA: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["machine_id", "file"],
                    "properties": {
                        "machine_id": {"type": "string"},
                        "material_id": {"type": "string"},
                        "project_id": {"type": "string"},
                        "title": {"type": "string"},
                        "file": {
                            "type": "string",
                            "format": "binary",
                            "description": "Put it last: it is then checked while it arrives.",
                        },
                        "options": {
                            "type": "string",
                            "description": 'Answers about the file, as JSON: `{"unit": "mm"}`.',
                        },
                    },
                }
            }
        },
    }
}
"""The body of the route that takes a new file."""
