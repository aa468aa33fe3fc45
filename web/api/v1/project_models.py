"""What people made, as the API takes and gives it."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from projects.fabrications import MAX_STORY, MAX_TITLE
from projects.store import Fabrication, Moment, Outcome
from web.api.v1.models import Body


class ProjectBody(BaseModel):
    """Somebody's project."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    owner_id: str
    title: str
    created_at: datetime


class PhotoBody(BaseModel):
    """A photo of a run; its JPEG is at `/api/v1/photos/{id}`."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    moment: Moment
    taken_at: datetime


class FabricationBody(BaseModel):
    """What came out of a run."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    project_id: str
    owner_id: str
    job_id: str
    run_id: str
    title: str
    story: str
    outcome: Outcome
    machine_id: str
    material_id: str | None
    elapsed_s: float = Field(description="How long the machine worked.")
    created_at: datetime
    photos: list[PhotoBody]

    @classmethod
    def of(cls, fabrication: Fabrication) -> "FabricationBody":
        """Write a fabrication."""
        return cls.model_validate(fabrication)


class StoryBody(Body):
    """What its owner tells about a fabrication."""

    title: Annotated[str, Field(min_length=1, max_length=MAX_TITLE)]
    story: Annotated[str, Field(max_length=MAX_STORY)]
