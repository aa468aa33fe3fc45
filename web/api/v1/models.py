"""What the API takes and gives, apart from jobs; units are in the names of the fields."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from fablab_hub.core.machines import Label, Machine, MachineKind, MachineState
from fablab_hub.core.materials import Material, OperationKind
from fablab_hub.core.people import RIGHTS, Person, Right, Role
from jobs.conditions import MachineView


class Body(BaseModel):
    """A body that somebody sends: a field that it does not know is an error."""

    model_config = ConfigDict(extra="forbid")


class ErrorFacts(BaseModel):
    """One error: what happened, what is broken, what to do, and who can help."""

    code: str = Field(examples=["job.wrong-state"])
    message: str
    harm: str = Field(description="What is broken, or that nothing is.")
    remedy: str
    help: str = Field(description="Who can help.")
    fields: dict[str, str | int | float]


class ErrorBody(BaseModel):
    """What every refused request gets."""

    error: ErrorFacts


class LabelBody(BaseModel):
    """A lab's own words."""

    fr: str
    en: str

    @classmethod
    def of(cls, label: Label) -> "LabelBody":
        """Write a label."""
        return cls(fr=label.fr, en=label.en)


class CheckItemBody(BaseModel):
    """One line to tick at the machine; its id goes into `ticked` of a start."""

    id: str
    label: LabelBody


class MachineBody(BaseModel):
    """A machine, and how it is now.

    `job_id` is null for whoever may not see that job.
    """

    id: str
    name: LabelBody
    kind: MachineKind
    dialect: str
    bed_mm: tuple[float, float, float]
    checklist: list[CheckItemBody]
    state: MachineState
    needs_clearing: bool
    error_code: str | None
    fraction: Annotated[float, Field(ge=0, le=1, description="Part of the run that is done.")]
    remaining_s: float | None
    job_id: str | None
    is_authorised: bool = Field(description="Whether you may start this machine.")

    @classmethod
    def of(cls, view: MachineView, person: Person, authorised: frozenset[str]) -> "MachineBody":
        """Show a machine to somebody."""
        machine: Machine = view.machine
        job = view.job
        is_theirs = job and (job.owner_id == person.id or person.may(Right.SEE_ALL))
        return cls(
            id=machine.id,
            name=LabelBody.of(machine.name),
            kind=machine.kind,
            dialect=machine.dialect,
            bed_mm=machine.bed_mm,
            checklist=[
                CheckItemBody(id=item.id, label=LabelBody.of(item.label))
                for item in machine.checklist
            ],
            state=view.state,
            needs_clearing=view.condition.needs_clearing,
            error_code=view.status.error_code,
            fraction=min(max(view.status.fraction, 0.0), 1.0),
            remaining_s=view.remaining_s,
            job_id=job.id if job and is_theirs else None,
            is_authorised=machine.id in authorised,
        )


class MaterialBody(BaseModel):
    """A material of the lab, and what a laser may do to it."""

    id: str
    name: LabelBody
    thickness_mm: float
    is_forbidden: bool
    needs_staff: bool
    reason: LabelBody | None
    aliases: list[str]
    operations: list[OperationKind]

    @classmethod
    def of(cls, material: Material) -> "MaterialBody":
        """Write a material."""
        return cls(
            id=material.id,
            name=LabelBody.of(material.name),
            thickness_mm=material.thickness_mm,
            is_forbidden=material.is_forbidden,
            needs_staff=material.needs_staff,
            reason=LabelBody.of(material.reason) if material.reason else None,
            aliases=list(material.aliases),
            operations=[kind for kind in OperationKind if material.preset(kind)],
        )


class PersonBody(BaseModel):
    """Somebody who can sign in."""

    id: str
    name: str
    role: Role
    language: str
    machines: list[str] = Field(description="Ids of the machines that they may start.")
    is_blocked: bool = Field(description="Too many wrong PINs: a trainer must open the name.")


class SignInBody(Body):
    """Who signs in: `person` is an id, or the name as the sign-in page shows it; or `badge`."""

    person: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    badge: Annotated[str, Field(min_length=1, max_length=60)] | None = None
    pin: Annotated[str, Field(max_length=64)] = ""
    passphrase: Annotated[str, Field(max_length=200, description="Of staff who chose one.")] = ""
    code: Annotated[str, Field(max_length=40, description="Of their app, if they have one.")] = ""


class SessionBody(BaseModel):
    """Somebody who is signed in.

    `form_key` must come back in the header `X-Form-Key` with whatever changes something; null
    for a token, which needs none.
    """

    person_id: str
    name: str
    role: Role
    language: str
    rights: list[Right]
    form_key: str | None

    @classmethod
    def of(cls, person: Person, form_key: str | None) -> "SessionBody":
        """Show somebody themselves."""
        return cls(
            person_id=person.id,
            name=person.name,
            role=person.role,
            language=person.language,
            rights=sorted(RIGHTS[person.role]),
            form_key=form_key,
        )


class NewTokenBody(Body):
    """A token to be made; your PIN, or your passphrase if you have one, is asked again."""

    name: Annotated[str, Field(min_length=1, max_length=100, description="What it is for.")]
    pin: Annotated[str, Field(max_length=64)] = ""
    passphrase: Annotated[str, Field(max_length=200)] = ""


class TokenBody(BaseModel):
    """A new token; it is shown this once."""

    token: Annotated[str, Field(pattern=r"^fab_")]


class ReasonBody(Body):
    """Why."""

    reason: Annotated[str, Field(min_length=1, max_length=1000)]


Problems = dict[int | str, dict[str, Any]]

PROBLEMS: Problems = {
    "4XX": {"model": ErrorBody, "description": "Refused; says why and what to do."},
    "5XX": {"model": ErrorBody, "description": "The hub or a machine failed."},
    422: {"model": ErrorBody, "description": "A field is missing or wrong."},
}
"""The answers that every route may give besides its own."""
